"""The figures of a month over both channels, as plain data: for the page, the paper and Excel."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q

from complaints import office_hours
from complaints.enums import AT_COORDINATOR, AT_UNIT, OPEN, Channel
from complaints.models import Complaint, MonthlyReport, ReportWords
from complaints.models.complaints import ComplaintQuerySet
from complaints.queries.clock import local_day
from complaints.queries.statistics import Asked, cases_of, names_of, narrowed
from complaints.statistics import AGES, ELSEWHERE, By, Case, Figures, ages, figures, grouped
from integrity_portal.core.models import Document
from opd.models import Government, Membership
from opd.queries.calendar import days_off
from opd.working_days import is_working_day

DOCUMENT_KIND = "complaints.monthly"
ONE_DAY = timedelta(days=1)
PORTAL, LAPOR, BOTH = "portal", "lapor", "both"


def last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE_DAY


def months_to_choose(today: date, count: int = 24) -> list[date]:
    """This month first; what is still running can be looked at too."""
    found = [today.replace(day=1)]
    while len(found) < count:
        found.append((found[-1] - ONE_DAY).replace(day=1))
    return found


def content_of(membership: Membership, month: date, now: datetime) -> dict[str, Any]:
    """Seven queries, however much there is. Counts what this person may read, each complaint once."""
    government = membership.government
    today = local_day(government, now)
    rows = Complaint.objects.visible_to(membership)
    names = names_of(government.pk)
    asked = Asked(month, last_day(month))
    read = cases_of(narrowed(rows, asked), government, asked, names)
    cases = [case for case, _sample in read]
    judged: dict[str, Any] = {
        "today": today,
        "smallest": office_hours.current().smallest_group,
    }
    return {
        "month": month.isoformat(),
        "as_of": now.isoformat(),
        "smallest": judged["smallest"],
        "is_sample": any(is_sample for _case, is_sample in read),
        "total": _data(figures(cases, **judged)),
        "sides": [
            {"label": side, "figures": _data(figures(group, **judged))}
            for side, group in _sides(cases)
        ],
        "groups": {
            by.value: [
                {"label": group.label, "figures": _data(group.figures)}
                for group in grouped(cases, by, names.label(by), **judged)
            ]
            for by in By
        },
        "work": _answered_in(rows, asked),
        "open": _open_on(rows, asked, government, today),
        "words": words_data(words_of(government.pk, month)),
    }


def _sides(cases: list[Case]) -> list[tuple[str, list[Case]]]:
    """Our own portal, the national channel, and what stands in both: each complaint once."""
    found: dict[str, list[Case]] = {PORTAL: [], LAPOR: [], BOTH: []}
    for case in cases:
        if case.channel == Channel.LAPOR:
            found[LAPOR].append(case)
        else:
            found[BOTH if case.is_elsewhere_too else PORTAL].append(case)
    return list(found.items())


def _data(found: Figures) -> dict[str, Any]:
    kept = asdict(found)
    kept.pop("median_hours")
    for name in ("share", "median"):
        value = getattr(found, name)
        kept[name] = None if value is None else str(value)
    return kept


def _answered_in(rows: ComplaintQuerySet, asked: Asked) -> dict[str, int]:
    """What was answered within the month, whenever it was filed."""
    answered = rows.filter(answered_on__range=(asked.since, asked.until)).exclude(
        state__in=ELSEWHERE
    )
    return answered.aggregate(
        answered=Count("pk"), in_time=Count("pk", filter=Q(answered_on__lte=F("answer_by")))
    )


def _open_on(
    rows: ComplaintQuerySet, asked: Asked, government: Government, today: date
) -> dict[str, Any]:
    """What is open today of all that was filed up to the end of the month, by working days."""
    found = list(
        rows.filter(state__in=OPEN, filed_on__lte=asked.until)
        .order_by()
        .values_list("filed_on", "answer_by", "state")
    )
    since = min([today, *(row[0] for row in found)])
    worked = _worked(government.pk, since, today)
    bands = ages(worked[today] - worked[min(row[0], today)] for row in found)
    with_clock = AT_COORDINATOR | AT_UNIT
    return {
        "count": len(found),
        "bands": bands,
        "limits": list(AGES),
        "overdue": sum(row[2] in with_clock and row[1] < today for row in found),
    }


def _worked(government_id: int, since: date, until: date) -> dict[date, int]:
    """Working days from `since` up to each day."""
    off = days_off(government_id, since=since, until=until)
    worked, count = {}, 0
    for number in range((until - since).days + 1):
        day = since + timedelta(days=number)
        count += is_working_day(day, off)
        worked[day] = count
    return worked


# --- words and papers ---


def words_of(government_id: int, month: date) -> ReportWords | None:
    return ReportWords.objects.filter(government_id=government_id, month=month).first()


def words_data(words: ReportWords | None) -> dict[str, str]:
    return {
        "findings": words.findings if words else "",
        "follow_up": words.follow_up if words else "",
    }


def hash_of(content: dict[str, Any]) -> str:
    """Of what the paper shows, without the moment at which it was made."""
    shown = {name: value for name, value in content.items() if name != "as_of"}
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


def reports_of(government_id: int, month: date) -> list[tuple[MonthlyReport, Document | None]]:
    """The papers of a month, newest first, each with its PDF if it was asked for."""
    rows = list(MonthlyReport.objects.filter(government_id=government_id, month=month)[:20])
    rows.sort(key=lambda row: -row.pk)
    made = documents_of(rows)
    return [(row, made.get(row.pk)) for row in rows]


def documents_of(rows: Iterable[MonthlyReport]) -> dict[int, Document]:
    keys = [row.pk for row in rows]
    found = Document.objects.filter(kind=DOCUMENT_KIND, params__report__in=keys)
    return {row.params["report"]: row for row in found.select_related("file").order_by("pk")}


def report_of(membership: Membership, pk: int) -> MonthlyReport | None:
    rows = MonthlyReport.objects.filter(government_id=membership.government_id)
    return rows.filter(pk=pk).first()
