"""Reads of monev: periods of a plan, freezes, meetings, follow-ups, papers as evidence."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch

from assessments import monev, progress
from assessments.enums import AreaOfChange, MeetingState, PaperVariant, PeriodState
from assessments.models import (
    ActivityReport,
    AgendaItem,
    FollowUp,
    FollowUpFile,
    IntegrityZone,
    MeetingAttendee,
    MonevMeeting,
    MonevPaper,
    PaperScan,
    PlanFreeze,
    WorkPlan,
)
from assessments.models.workplans import branch
from assessments.monev import Compared, FrozenActivity, FrozenPlan, Period
from assessments.monev_periods import calendar
from assessments.queries.figures import facts_of
from integrity_portal.core.models import Document
from opd.models import Membership

DOCUMENT_KIND = "assessments.monev"
PROOF_KIND = "follow_up"
SCAN_KIND = "monev_scan"
MOST_SCANS = 10


@dataclass(frozen=True)
class PeriodRow:
    """One of the four periods of a plan, as a page shows it."""

    period: Period
    state: PeriodState
    ends_on: date
    opens_on: date
    freeze: PlanFreeze | None = None

    @property
    def may_freeze(self) -> bool:
        return self.freeze is None and self.state in (
            PeriodState.OPEN,
            PeriodState.MISSING,
            PeriodState.BEFORE,
        )


@dataclass(frozen=True)
class FollowUpRow:
    follow_up: FollowUp
    is_overdue: bool

    @property
    def period(self) -> str:
        return self.follow_up.meeting.freeze.period


@dataclass(frozen=True)
class MonevRow:
    """A plan of the year in the list of all units."""

    plan: WorkPlan
    periods: list[PeriodRow]
    open_count: int
    late_count: int


@dataclass(frozen=True)
class PaperRow:
    """One of the four papers of a meeting: the newest one, if any was made."""

    variant: PaperVariant
    paper: MonevPaper | None = None
    document: Document | None = None
    scans: list[PaperScan] = field(default_factory=list)
    is_current: bool = False

    @property
    def is_ready(self) -> bool:
        return self.document is not None and self.document.file_id is not None


@dataclass(frozen=True)
class FrozenArea:
    area: AreaOfChange
    rows: list[FrozenActivity]
    percent: Any


def is_neutral(row: Any) -> bool:
    """An invented row of a real government never says that somebody is late."""
    return bool(row.is_sample and not row.government.is_sample)


def freeze_of_now(plan: WorkPlan, today: date) -> FrozenPlan:
    """What a freeze taken now would hold; two queries. The caller holds the locks, if it needs any."""
    activities = list(plan.activities.with_facts().order_by("area", "position", "pk"))
    newest: dict[int, ActivityReport] = {}
    reports = ActivityReport.objects.filter(activity__in=activities).sent()
    for report in reports.order_by("submitted_at", "pk"):
        newest[report.activity_id] = report
    return FrozenPlan(tuple(_frozen(row, newest.get(row.pk), today) for row in activities))


def _frozen(activity: Any, report: ActivityReport | None, today: date) -> FrozenActivity:
    facts = facts_of(activity)
    return FrozenActivity(
        id=activity.pk,
        area=activity.area,
        title=activity.title,
        milestone=activity.milestone,
        due_on=activity.due_on,
        responsible=activity.responsible,
        state=activity.state,
        percent=facts.confirmed,
        light=progress.light(facts, today=today).value,
        note=report.note if report else "",
        note_percent=report.percent if report else None,
        note_state=report.state if report else "",
        message=report.message if report else "",
        drop_reason=activity.drop_reason,
        is_sample=activity.is_sample,
    )


def areas_of(frozen: FrozenPlan) -> list[FrozenArea]:
    return [
        FrozenArea(area, frozen.of_area(area.value), frozen.percent_of(area.value))
        for area in AreaOfChange
    ]


def periods_of(
    plan: WorkPlan, freezes: Iterable[PlanFreeze], today: date, *, neutral: bool
) -> list[PeriodRow]:
    known = {row.period: row for row in freezes}
    days = calendar()
    return [
        PeriodRow(
            period=period,
            state=days.state(
                period,
                plan.year,
                today=today,
                taken_on=known[period.code].taken_on if period.code in known else None,
                began_on=plan.zone.opened_on,
                is_neutral=neutral,
            ),
            ends_on=period.ends_on(plan.year),
            opens_on=days.opens_on(period, plan.year),
            freeze=known.get(period.code),
        )
        for period in days.periods
    ]


def plan_periods(plan: WorkPlan, today: date) -> list[PeriodRow]:
    """The four periods of one plan (its zone and government come along); one query."""
    rows = plan.freezes.defer("snapshot").order_by("period")
    return periods_of(plan, rows, today, neutral=is_neutral(plan))


def freeze(membership: Membership, pk: int) -> PlanFreeze | None:
    rows = PlanFreeze.objects.visible_to(membership)
    return rows.select_related("plan__zone__unit", "government", "by").filter(pk=pk).first()


def freeze_at(plan: WorkPlan, period: str) -> PlanFreeze | None:
    return plan.freezes.filter(period=period).select_related("by").first()


def is_intact(row: PlanFreeze) -> bool:
    """Whether the content is still the one whose fingerprint was written with it."""
    return monev.fingerprint(row.snapshot) == row.sha256


def compared(before: PlanFreeze, after: PlanFreeze) -> list[Compared]:
    return monev.compare(
        FrozenPlan.from_json(before.snapshot), FrozenPlan.from_json(after.snapshot)
    )


def years(membership: Membership) -> list[int]:
    """The years for which there are plans that this person reads, the newest first."""
    rows = WorkPlan.objects.visible_to(membership).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def overview(membership: Membership, year: int, today: date) -> list[MonevRow]:
    """All plans of a year with their periods and follow-ups; three queries."""
    plans = list(
        WorkPlan.objects.visible_to(membership)
        .filter(year=year)
        .select_related("zone__unit", "government")
        .prefetch_related(Prefetch("freezes", PlanFreeze.objects.defer("snapshot")))
        .order_by("zone__unit__name", "pk")
    )
    rows = FollowUp.objects.filter(meeting__freeze__plan__in=plans)
    tasks: dict[int, list[FollowUpRow]] = {}
    for row in follow_up_rows(rows.select_related("meeting__freeze", "government"), today):
        tasks.setdefault(row.follow_up.meeting.freeze.plan_id, []).append(row)
    return [
        MonevRow(
            plan=plan,
            periods=periods_of(plan, plan.freezes.all(), today, neutral=is_neutral(plan)),
            open_count=sum(row.follow_up.state != "verified" for row in tasks.get(plan.pk, [])),
            late_count=sum(row.is_overdue for row in tasks.get(plan.pk, [])),
        )
        for plan in plans
    ]


def zone(membership: Membership, pk: int) -> IntegrityZone | None:
    rows = IntegrityZone.objects.filter(branch(membership, "unit"), pk=pk)
    return rows.select_related("unit", "government").first()


def plans_of(zone: IntegrityZone) -> list[WorkPlan]:
    return list(zone.plans.select_related("zone", "government").order_by("-year"))


def meetings_of(plan: WorkPlan) -> list[MonevMeeting]:
    rows = MonevMeeting.objects.filter(freeze__plan=plan)
    return list(rows.defer("freeze__snapshot").select_related("freeze").order_by("held_on", "pk"))


def meeting(membership: Membership, pk: int) -> MonevMeeting | None:
    rows = MonevMeeting.objects.visible_to(membership)
    return rows.select_related("freeze__plan__zone__unit", "government").filter(pk=pk).first()


def attendees_of(meeting: MonevMeeting) -> list[MeetingAttendee]:
    return list(meeting.attendees.order_by("position", "pk"))


def agenda_of(meeting: MonevMeeting) -> list[AgendaItem]:
    return list(meeting.agenda.order_by("position", "pk"))


def agenda_item(membership: Membership, pk: int) -> AgendaItem | None:
    rows = AgendaItem.objects.filter(meeting__in=MonevMeeting.objects.visible_to(membership), pk=pk)
    return rows.select_related("meeting__freeze__plan__zone__unit").first()


def follow_up_rows(rows: Iterable[FollowUp], today: date) -> list[FollowUpRow]:
    return [
        FollowUpRow(
            row, monev.is_overdue(row.state, row.due_on, today=today, is_neutral=is_neutral(row))
        )
        for row in rows
    ]


def follow_ups_of_zone(zone: IntegrityZone, year: int, today: date) -> list[FollowUpRow]:
    """The matrix across the periods of a year; two queries."""
    rows = FollowUp.objects.filter(
        meeting__freeze__plan__zone=zone, meeting__freeze__plan__year=year
    )
    return follow_up_rows(_with_all(rows), today)


def follow_ups_of(meeting: MonevMeeting, today: date) -> list[FollowUpRow]:
    return follow_up_rows(_with_all(meeting.follow_ups.all()), today)


def _with_all(rows: Any) -> Any:
    return (
        rows.defer("meeting__freeze__snapshot")
        .select_related("meeting__freeze", "activity", "government", "done_by", "verified_by")
        .prefetch_related(Prefetch("files", FollowUpFile.objects.select_related("stored")))
        .order_by("meeting__freeze__period", "due_on", "pk")
    )


def follow_up(membership: Membership, pk: int) -> FollowUp | None:
    rows = FollowUp.objects.visible_to(membership)
    return (
        rows.select_related(
            "meeting__freeze__plan__zone__unit", "activity", "government", "done_by", "verified_by"
        )
        .filter(pk=pk)
        .first()
    )


def follow_up_file(membership: Membership, pk: int) -> FollowUpFile | None:
    rows = FollowUpFile.objects.filter(follow_up__in=FollowUp.objects.visible_to(membership))
    return rows.select_related("stored").filter(pk=pk).first()


def papers_of(meeting: MonevMeeting) -> list[PaperRow]:
    """The four papers in their order, each with its newest PDF and all its scans; three queries."""
    newest: dict[str, MonevPaper] = {}
    earlier: dict[str, list[MonevPaper]] = {}
    for paper in meeting.papers.order_by("pk"):
        newest[paper.variant] = paper
        earlier.setdefault(paper.variant, []).append(paper)
    documents = documents_of([row for rows in earlier.values() for row in rows])
    scans: dict[str, list[PaperScan]] = {}
    for scan in (
        PaperScan.objects.filter(paper__meeting=meeting)
        .select_related("stored", "paper", "by")
        .order_by("pk")
    ):
        scans.setdefault(scan.paper.variant, []).append(scan)
    return [
        PaperRow(
            variant=variant,
            paper=newest.get(variant),
            document=documents.get(newest[variant].pk) if variant in newest else None,
            scans=scans.get(variant, []),
        )
        for variant in PaperVariant
    ]


def documents_of(papers: Iterable[MonevPaper]) -> dict[int, Document]:
    """paper → its PDF, the newest attempt; one query."""
    keys = [paper.pk for paper in papers]
    rows = Document.objects.filter(kind=DOCUMENT_KIND, params__paper__in=keys)
    return {row.params["paper"]: row for row in rows.select_related("file").order_by("pk")}


def paper(membership: Membership, pk: int) -> MonevPaper | None:
    rows = MonevPaper.objects.visible_to(membership)
    return rows.select_related("meeting__freeze__plan__zone__unit").filter(pk=pk).first()


def scan(membership: Membership, pk: int) -> PaperScan | None:
    rows = PaperScan.objects.filter(paper__in=MonevPaper.objects.visible_to(membership))
    return rows.select_related("stored").filter(pk=pk).first()


def evidence_of(zone: IntegrityZone, year: int) -> list[MonevPaper]:
    """Evidence of LKE 1.iii: the newest of each paper of each settled meeting, in order.

    Each row carries `document` (core's, with `file` once it is made) and `scan` (the newest signed
    sheet, or None). The caller has authorised the zone. Three queries.
    """
    rows = (
        MonevPaper.objects.filter(
            meeting__freeze__plan__zone=zone,
            meeting__freeze__plan__year=year,
            meeting__state=MeetingState.SETTLED,
        )
        .defer("content", "meeting__freeze__snapshot")
        .select_related("meeting__freeze")
        .order_by("pk")
    )
    newest = {(row.meeting_id, row.variant): row for row in rows}
    order = list(PaperVariant)
    papers = sorted(
        newest.values(),
        key=lambda row: (
            row.meeting.freeze.period,
            row.meeting.held_on,
            row.meeting_id,
            order.index(PaperVariant(row.variant)),
        ),
    )
    documents = documents_of(papers)
    scans = PaperScan.objects.filter(paper__in=papers).select_related("stored").order_by("pk")
    by_paper = {scan.paper_id: scan for scan in scans}
    for row in papers:
        row.document, row.scan = documents.get(row.pk), by_paper.get(row.pk)
    return papers


def activities_to_name(meeting: MonevMeeting) -> list[Any]:
    """What a follow-up of this meeting may come from: all activities of the plan."""
    return list(meeting.freeze.plan.activities.order_by("area", "position", "pk"))
