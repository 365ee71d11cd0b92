"""Reads for the screens of work plans, scoped to the caller, constant in queries."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, Subquery

from assessments import progress
from assessments.enums import AreaOfChange, Light, ReportState, WhoseMove
from assessments.models import (
    Activity,
    ActivityReport,
    ActivityStep,
    IntegrityZone,
    ReportFile,
    WorkPlan,
    ZoneHandover,
)
from assessments.models.workplans import branch, neutral_sample
from assessments.permissions import can_decide, can_write_plan, is_another_person
from assessments.progress import ARROW, ActivityFacts
from assessments.queries.figures import UnitProgress, facts_of, progress_of, worst_first
from integrity_portal.core.formatting import date_id
from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.models import Membership

UPLOAD_KIND = "activity_report"
NEUTRAL_REPORT = neutral_sample("activity__")
PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True)
class ActivityRow:
    """An activity as a list shows it."""

    activity: Activity
    facts: ActivityFacts
    light: Light
    whose_move: WhoseMove
    is_late: bool


@dataclass(frozen=True)
class AreaGroup:
    area: AreaOfChange
    rows: list[ActivityRow]
    percent: Decimal | None


@dataclass(frozen=True)
class PlanPage:
    plan: WorkPlan
    groups: list[AreaGroup]
    percent: Decimal | None
    activity_count: int
    late_count: int
    with_operator: list[ActivityRow]
    with_head: list[ActivityRow]

    @property
    def has_rows(self) -> bool:
        return any(group.rows for group in self.groups)


@dataclass(frozen=True)
class HistoryEntry:
    """A report with what it changes: from the percent confirmed before to its own."""

    at: datetime
    report: ActivityReport | None = None
    step: ActivityStep | None = None
    before: Decimal | None = None

    @property
    def change(self) -> tuple[str, str] | None:
        """What stood before an edit and what stands since; None for any other entry."""
        if self.step is None or not self.step.name.startswith("edit_"):
            return None
        old, _arrow, new = self.step.note.partition(ARROW)
        if self.step.name == "edit_due_on":
            return date_id(date.fromisoformat(old)), date_id(date.fromisoformat(new))
        return old, new

    @property
    def tone(self) -> str:
        return ReportState(self.report.state).tone if self.report else "info"


def zones(membership: Membership, today: date) -> list[IntegrityZone]:
    """Open zones that this office may read."""
    rows = IntegrityZone.objects.open_on(today).filter(branch(membership, "unit"))
    return list(rows.select_related("unit").order_by("unit__name", "pk"))


def zone(membership: Membership, pk: int) -> IntegrityZone | None:
    rows = IntegrityZone.objects.filter(branch(membership, "unit"), pk=pk)
    return rows.select_related("unit").first()


def progress_list(membership: Membership, today: date) -> list[UnitProgress]:
    """The units that this office may read, worst first."""
    return worst_first(progress_of(zones(membership, today), today))


def plan(membership: Membership, pk: int) -> WorkPlan | None:
    return (
        WorkPlan.objects.visible_to(membership)
        .select_related("zone__unit", "government")
        .filter(pk=pk)
        .first()
    )


def plans_of(zone: IntegrityZone) -> list[WorkPlan]:
    """All plans of a zone, the newest year first."""
    return list(zone.plans.order_by("-year"))


def plans_taken_over(zone: IntegrityZone) -> list[WorkPlan]:
    """Plans of units whose road this zone continues, the newest year first."""
    taken = ZoneHandover.objects.filter(successor=zone).values("predecessor")
    rows = WorkPlan.objects.filter(zone__in=taken).select_related("zone__unit")
    return list(rows.order_by("-year", "zone__unit__name", "pk"))


def plan_page(plan: WorkPlan, today: date) -> PlanPage:
    """A plan with its activities in the order of the six areas."""
    rows = [
        activity_row(activity, today)
        for activity in plan.activities.with_facts().order_by("area", "position", "pk")
    ]
    counted = [row for row in rows if row.facts.counts]
    by_day = sorted(counted, key=lambda row: (row.activity.due_on, row.activity.pk))
    return PlanPage(
        plan=plan,
        groups=[_group(area, rows) for area in AreaOfChange],
        percent=progress.plan_progress(row.facts for row in rows),
        activity_count=len(counted),
        late_count=sum(row.is_late for row in counted),
        with_operator=[row for row in by_day if row.whose_move == WhoseMove.OPERATOR],
        with_head=[row for row in by_day if row.whose_move == WhoseMove.HEAD],
    )


def activity_row(activity: Activity, today: date) -> ActivityRow:
    facts = facts_of(activity)
    return ActivityRow(
        activity=activity,
        facts=facts,
        light=progress.light(facts, today=today),
        whose_move=progress.whose_move(facts),
        is_late=progress.is_late(facts, today=today),
    )


def _group(area: AreaOfChange, rows: Iterable[ActivityRow]) -> AreaGroup:
    own = [row for row in rows if row.activity.area == area]
    return AreaGroup(area, own, progress.plan_progress(row.facts for row in own))


def activity(membership: Membership, pk: int) -> Activity | None:
    rows = Activity.objects.visible_to(membership).with_facts()
    return rows.select_related("plan__zone__unit").filter(pk=pk).first()


def report(membership: Membership, pk: int) -> ActivityReport | None:
    """A report that was sent, or one's own draft."""
    rows = ActivityReport.objects.visible_to(membership).select_related(
        "activity__plan__zone__unit", "submitted_by"
    )
    own_or_sent = ~Q(state=ReportState.DRAFT) | Q(author=membership)
    return rows.filter(own_or_sent, pk=pk).first()


def report_to_decide(membership: Membership, pk: int) -> ActivityReport | None:
    """A report that was sent at some time: a head's page may be older than its taking back."""
    rows = ActivityReport.objects.visible_to(membership).select_related(
        "activity__plan__zone__unit", "submitted_by"
    )
    return rows.filter(~Q(state=ReportState.DRAFT) | Q(steps__isnull=False), pk=pk).first()


def history(activity: Activity) -> list[HistoryEntry]:
    """Who reported what when and what became of it, newest first; three queries."""
    reports = (
        activity.reports.sent()
        .select_related("submitted_by__unit", "decided_by__unit")
        .prefetch_related(_files())
        .order_by("submitted_at", "pk")
    )
    entries: list[HistoryEntry] = []
    confirmed: Decimal | None = None
    for row in reports:
        sent_at = row.submitted_at or row.written_at
        entries.append(HistoryEntry(at=sent_at, report=row, before=confirmed))
        if row.state == ReportState.CONFIRMED:
            confirmed = row.percent
    steps = activity.steps.select_related("membership").order_by("happened_at", "pk")
    entries += [HistoryEntry(at=step.happened_at, step=step) for step in steps]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def own_draft(activity: Activity, membership: Membership) -> ActivityReport | None:
    rows = activity.reports.filter(author=membership, state=ReportState.DRAFT)
    return rows.prefetch_related(_files()).first()


def waiting_report(activity: Activity) -> ActivityReport | None:
    rows = activity.reports.filter(state=ReportState.SUBMITTED)
    return rows.select_related("submitted_by").first()


def last_returned(activity: Activity) -> ActivityReport | None:
    """The newest report, when it was returned: its message is what the operator must answer."""
    newest = activity.reports.sent().select_related("decided_by").order_by("-submitted_at").first()
    return newest if newest and newest.state == ReportState.RETURNED else None


def queue(membership: Membership) -> list[ActivityReport]:
    """Reports that wait for this head: of his unit, and below where he acts for those too."""
    units = Q(activity__plan__zone__unit=membership.unit_id)
    if membership.acts_below:
        units |= Q(activity__plan__zone__unit__lineage__contains=[membership.unit_id])
    confirmed = ActivityReport.objects.filter(
        activity=OuterRef("activity"), state=ReportState.CONFIRMED
    ).order_by("-submitted_at")
    rows = (
        ActivityReport.objects.awaiting()
        .filter(units, government_id=membership.government_id)
        .select_related("activity__plan__zone__unit", "submitted_by")
        .prefetch_related(
            _files(),
            Prefetch(
                "activity__steps",
                ActivityStep.objects.filter(name="edit_due_on").order_by("happened_at", "pk"),
                to_attr="moved",
            ),
        )
        .annotate(
            is_neutral=NEUTRAL_REPORT,
            before=Subquery(confirmed.values("percent")[:1]),
            confirmed_at=Subquery(confirmed.values("decided_at")[:1]),
        )
        .order_by("activity__due_on", "submitted_at", "pk")
    )
    return list(rows)


def fingerprint(report: ActivityReport) -> str:
    """Everything on which a head decides, as one word: a form sends back the one it was shown.

    Percent, text and evidence of the report, and the promise that it is measured against.
    """
    activity = report.activity
    shown = [
        report.pk,
        None if report.percent is None else f"{report.percent:.2f}",
        report.note,
        sorted(link.stored.sha256 for link in report.files.all()),
        *(str(getattr(activity, name)) for name in progress.PROMISED),
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


def is_settled(activity: Activity, membership: Membership) -> bool:
    """Whether its promise is no longer this person's to change.

    From the first confirmation on, at any percent: 40 % of one milestone is not 40 % of another,
    and a due date that moves by itself would hide that the confirmed promise was not kept.
    """
    if can_decide(membership, activity.plan.zone.unit):
        return False
    return activity.reports.filter(state=ReportState.CONFIRMED).exists()


def moved_due_date(report: Any) -> tuple[date, date] | None:
    """Of a report in the queue: the due date at the head's last confirmation, and today's."""
    since = report.confirmed_at
    steps = [s for s in report.activity.moved if since is None or s.happened_at > since]
    if not steps:
        return None
    before = date.fromisoformat(steps[0].note.partition(ARROW)[0])
    return None if before == report.activity.due_on else (before, report.activity.due_on)


def is_late_report(report: Any, today: date) -> bool:
    """Of a report in the queue: whether its activity is late until the head decides."""
    facts = ActivityFacts(
        state=report.activity.state,
        due_on=report.activity.due_on,
        confirmed=report.before,
        is_neutral=report.is_neutral,
    )
    return progress.is_late(facts, today=today)


def deciders(reports: Iterable[ActivityReport], today: date) -> dict[int, list[str]]:
    """report → the offices of other people that may decide it today; one query for all."""
    reports = list(reports)
    units = {pk for row in reports for pk in row.activity.plan.zone.unit.lineage}
    if not units:
        return {}
    heads = list(
        Membership.objects.filter(unit__in=units, role=Role.OPD_HEAD)
        .valid_on(today)
        .select_related("unit")
        .order_by("-valid_from", "pk")
    )
    return {
        row.pk: [
            head.printed_title or f"{head.get_role_display()} {head.unit}"
            for head in heads
            if can_decide(head, row.activity.plan.zone.unit)
            and row.submitted_by
            and is_another_person(head, row.submitted_by)
        ]
        for row in reports
    }


def to_decide(membership: Membership) -> int:
    """How many reports wait for this very person: not those that he sent himself."""
    return sum(not is_own(row, membership) for row in queue(membership))


def is_own(report: ActivityReport, membership: Membership) -> bool:
    """Whoever sent it does not decide on it."""
    return report.submitted_by is not None and not is_another_person(
        membership, report.submitted_by
    )


def report_file(membership: Membership, pk: int) -> ReportFile | None:
    """Evidence of a report that was sent, or of one's own draft."""
    rows = ReportFile.objects.visible_to(membership).select_related("stored")
    own_or_sent = ~Q(report__state=ReportState.DRAFT) | Q(report__author=membership)
    return rows.filter(own_or_sent, pk=pk).first()


def kept_uploads(
    membership: Membership, form_key: str, public_ids: Iterable[str]
) -> list[StoredFile]:
    """Files that a form names again: this person's pending uploads, or what his report has."""
    named = [name for name in public_ids if PUBLIC_ID.fullmatch(name)][:50]
    pending = Q(
        government_id=membership.government_id,
        kind=UPLOAD_KIND,
        state=StoredFile.State.PENDING,
        created_by_id=membership.user_id,
    )
    attached = Q()
    if key := _uuid(form_key):
        links = ReportFile.objects.filter(report__form_key=key, report__author=membership)
        attached = Q(pk__in=links.values("stored_id"))
    rows = StoredFile.objects.filter(pending | attached, public_id__in=named)
    return list(rows.order_by("pk"))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def own_tasks(
    membership: Membership, rows: Iterable[UnitProgress], today: date
) -> list[ActivityRow]:
    """What an operator should report on next: late, returned or due soon, in his own units."""
    plans = [row.plan_id for row in rows if can_write_plan(membership, row.unit)]
    activities = (
        Activity.objects.filter(plan_id__in=[pk for pk in plans if pk])
        .counted()
        .with_facts()
        .select_related("plan__zone__unit")
        .order_by("due_on", "pk")
    )
    pressing = {Light.LATE, Light.RETURNED, Light.DUE_SOON}
    found = (activity_row(activity, today) for activity in activities)
    return [row for row in found if row.light in pressing and row.whose_move == WhoseMove.OPERATOR]


def writable_zones(membership: Membership, rows: Iterable[UnitProgress]) -> set[int]:
    """The zones of a list for which this office may write."""
    return {row.zone_id for row in rows if can_write_plan(membership, row.unit)}


def _files() -> "Prefetch[str]":
    return Prefetch("files", ReportFile.objects.select_related("stored").order_by("pk"))
