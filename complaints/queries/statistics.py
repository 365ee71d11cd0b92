"""Cases for the figures of complaints: those this person sees, in a fixed number of queries."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, Min, OuterRef, Subquery
from django.utils.translation import gettext as _

from complaints import categories, office_hours
from complaints.enums import Channel, ComplaintKind, MessageKind
from complaints.models import Complaint, ComplaintStep, ExternalCase, Message
from complaints.models.complaints import ComplaintQuerySet
from complaints.statistics import (
    By,
    Case,
    Figures,
    Group,
    Month,
    by_month,
    figures,
    grouped,
)
from opd.enums import UnitKind
from opd.models import Government, Membership, Unit
from opd.queries.calendar import days_off
from opd.service_share import months_between

# Said by a person to the citizen.
WORDS = (MessageKind.QUESTION, MessageKind.ANSWER, MessageKind.DECISION)
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """Filed from the first to the last day; the rest narrows."""

    since: date
    until: date
    unit: int | None = None
    category: str = ""
    region: int | None = None
    channel: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Statistics:
    asked: Asked
    total: Figures
    months: list[Month]
    groups: dict[By, list[Group]]
    smallest: int
    samples: int = 0


@dataclass(frozen=True)
class Names:
    """Units of the government by their key, and the labels of every group."""

    units: dict[int, Unit] = field(default_factory=dict)

    def label(self, by: By) -> Callable[[Any], str]:
        known = categories.current()
        return {
            By.UNIT: self._unit,
            By.REGION: self._region,
            By.CATEGORY: lambda code: known.label(code) or _("Without a category"),
            By.CHANNEL: lambda code: str(Channel(code).label),
            By.KIND: lambda code: str(ComplaintKind(code).label),
        }[by]

    def _unit(self, key: int | None) -> str:
        return self.units[key].label if key in self.units else _("Not passed on yet")

    def _region(self, key: int | None) -> str:
        return self.units[key].label if key in self.units else _("Place not told")

    def kecamatan_of(self, key: int | None) -> int | None:
        """The kecamatan of a kelurahan, else the unit itself."""
        if key not in self.units:
            return None
        line = self.units[key].lineage
        kinds = {pk: self.units[pk].kind for pk in line if pk in self.units}
        return next((pk for pk in line if kinds.get(pk) == UnitKind.KECAMATAN), key)


def names_of(government_id: int) -> Names:
    rows = Unit.objects.filter(government_id=government_id)
    kept = rows.only("name", "short_name", "kind", "lineage", "government_id")
    return Names({row.pk: row for row in kept})


def statistics_for(
    membership: Membership, asked: Asked, today: date, names: Names | None = None
) -> Statistics:
    """Three queries, however many complaints and units; only what this person may read counts."""
    rows = Complaint.objects.visible_to(membership)
    known = names or names_of(membership.government_id)
    return statistics_of(rows, membership.government, asked, known, today)


def statistics_of(
    rows: ComplaintQuerySet, government: Government, asked: Asked, names: Names, today: date
) -> Statistics:
    smallest = office_hours.current().smallest_group
    read = cases_of(narrowed(rows, asked), government, asked, names)
    cases = [case for case, _sample in read]
    judged: dict[str, Any] = {"today": today, "smallest": smallest}
    return Statistics(
        asked=asked,
        total=figures(cases, **judged),
        months=by_month(cases, months_between(asked.since, asked.until), **judged),
        groups={by: grouped(cases, by, names.label(by), **judged) for by in By},
        smallest=smallest,
        samples=sum(is_sample for _case, is_sample in read),
    )


def narrowed(rows: ComplaintQuerySet, asked: Asked) -> ComplaintQuerySet:
    rows = rows.filter(filed_on__range=(asked.since, asked.until))
    if asked.unit:
        rows = rows.filter(unit__lineage__contains=[asked.unit])
    if asked.region:
        rows = rows.filter(region__lineage__contains=[asked.region])
    for name in ("category", "channel", "kind"):
        if wanted := getattr(asked, name):
            rows = rows.filter(**{name: wanted})
    return rows


def cases_of(
    rows: ComplaintQuerySet,
    government: Government,
    asked: Asked,
    names: Names,
    *,
    said_before: datetime | None = None,
) -> list[tuple[Case, bool]]:
    """Each with whether it is a sample of the demonstration; two queries. First words count that
    were said before `said_before`, if that is given."""
    clock, zone = clock_of(government, asked), ZoneInfo(government.time_zone)
    found: Any = _with_first_words(rows).values_list(
        "state", "filed_on", "answer_by", "answered_on", "filed_at", "first_words", "unit_id",
        "category", "region_id", "channel", "kind", "was_reopened", "is_linked", "is_sample",
    )  # fmt: skip
    cases = []
    for row in found.iterator(chunk_size=5000):
        begun, said = _start(row[4], row[1], zone), row[5]
        if said_before is not None and said is not None and said >= said_before:
            said = None
        case = Case(
            state=row[0],
            filed_on=row[1],
            answer_by=row[2],
            answered_on=row[3],
            minutes=clock.minutes(begun, _local(said, zone)) if said else None,
            unit=row[6],
            category=row[7],
            region=names.kecamatan_of(row[8]),
            channel=row[9],
            kind=row[10],
            was_reopened=row[11],
            is_elsewhere_too=row[12],
        )
        cases.append((case, row[13]))
    return cases


def clock_of(government: Government, asked: Asked) -> office_hours.OfficeClock:
    """From a day before the first filing to well after the last: an answer may come late."""
    since, until = asked.since - A_DAY, asked.until + timedelta(days=800)
    off = days_off(government.pk, since=since, until=until)
    return office_hours.OfficeClock(office_hours.current(), off, since, until)


def _with_first_words(rows: ComplaintQuerySet) -> Any:
    said = (
        Message.objects.filter(complaint=OuterRef("pk"), kind__in=WORDS)
        .order_by()
        .values("complaint")
        .annotate(first=Min("sent_at"))
        .values("first")
    )
    reopened = ComplaintStep.objects.filter(subject=OuterRef("pk"), name="reopen")
    linked = ExternalCase.objects.filter(complaint=OuterRef("pk"), system="lapor")
    return rows.order_by().annotate(
        first_words=Subquery(said), was_reopened=Exists(reopened), is_linked=Exists(linked)
    )


def _start(filed_at: datetime, filed_on: date, zone: ZoneInfo) -> datetime:
    """The moment of filing; of a case that was filed earlier elsewhere the morning of that day."""
    local = _local(filed_at, zone)
    return local if local.date() <= filed_on else datetime.combine(filed_on, time.min)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
