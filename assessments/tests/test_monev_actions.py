"""Freezing, meetings, follow-ups and papers: verbs with their ledger, what the database refuses."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from assessments import monev
from assessments.actions import follow_ups, freezes, meetings, monev_papers as papers, workplans
from assessments.actions.follow_ups import FollowUpTexts
from assessments.actions.meetings import ItemTexts, MeetingTexts
from assessments.actions.workplans import ActivityTexts
from assessments.editing import Conflict
from assessments.enums import FollowUpState, MeetingState, Move
from assessments.models import FollowUp, MonevMeeting, MonevPaper, PlanFreeze, WorkPlan
from assessments.monev import FrozenPlan
from assessments.pasted import AttendeeLine
from assessments.permissions import PLAN_READERS
from assessments.queries import monev as queries
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
    stored_pdf,
)
from assessments.tests.factories_monev import (
    AgendaItemFactory,
    FollowUpFactory,
    MeetingAttendeeFactory,
    MonevMeetingFactory,
    MonevPaperFactory,
    PlanFreezeFactory,
    with_file,
)
from assessments.workflow import FOLLOW_UP, MEETING
from integrity_portal.core.models import Document, LedgerEntry
from opd.enums import Role
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 2, 3, tzinfo=UTC)
TODAY = date(2026, 7, 2)
MEETING_TEXTS = MeetingTexts(
    date(2026, 7, 6), "Ruang rapat", "Siti", "Kepala", attendees=[AttendeeLine("Budi", "Ketua")]
)


@pytest.fixture
def plan(cast: Cast) -> WorkPlan:
    return WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit))


@pytest.fixture
def meeting(plan: WorkPlan) -> MonevMeeting:
    return MonevMeetingFactory(freeze=PlanFreezeFactory(plan=plan))


def verbs() -> list[str]:
    return list(LedgerEntry.objects.order_by("pk").values_list("verb", flat=True))


def run(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def freeze(plan: WorkPlan, by: Any, period: str = "B06", today: date = TODAY) -> PlanFreeze:
    return freezes.freeze_plan(plan=plan, period=period, by=by, now=NOW, today=today)


class TestFreeze:
    def test_keeps_what_stands_there_whatever_comes_later(self, cast: Cast, plan: WorkPlan) -> None:
        activity = ActivityFactory(plan=plan, title="Menyusun SOP", due_on=date(2026, 6, 1))
        ActivityReportFactory(activity=activity, confirmed=True, percent=Decimal("62.5"))
        row = freeze(plan, cast[Role.OPD_HEAD])
        texts = ActivityTexts("2", "Lain sama sekali", "Lain", date(2026, 12, 1))
        activity.refresh_from_db()
        workplans.edit_activity(
            activity=activity, texts=texts, version=1, by=cast[Role.OPD_HEAD], now=NOW
        )
        ActivityReportFactory(activity=activity, confirmed=True, percent=Decimal(100))
        ActivityFactory(plan=plan)
        kept = PlanFreeze.objects.get(pk=row.pk)
        (one,) = FrozenPlan.from_json(kept.snapshot).activities
        assert (one.title, one.percent, one.is_late) == ("Menyusun SOP", Decimal("62.50"), True)
        assert one.note == "Rapat pertama sudah diadakan."
        assert queries.is_intact(kept)
        assert verbs()[0] == "plan.frozen"
        entry = LedgerEntry.objects.get(verb="plan.frozen")
        assert entry.codes["sha256"] == row.sha256 == monev.fingerprint(kept.snapshot)

    def test_a_second_press_finds_the_first(self, cast: Cast, plan: WorkPlan) -> None:
        first = freeze(plan, cast[Role.OPD_HEAD])
        ActivityFactory(plan=plan)
        assert freeze(plan, cast[Role.OPD_HEAD]) == first
        assert verbs() == ["plan.frozen"]

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.OPD_HEAD])
    def test_only_the_head(self, cast: Cast, plan: WorkPlan, role: Role) -> None:
        with pytest.raises(PermissionDenied):
            freeze(plan, cast[role])

    def test_not_too_early_but_late(self, cast: Cast, plan: WorkPlan) -> None:
        with pytest.raises(StepRefused, match="23 Juni 2026"):
            freeze(plan, cast[Role.OPD_HEAD], today=date(2026, 6, 22))
        freeze(plan, cast[Role.OPD_HEAD], today=date(2026, 6, 23))
        freeze(plan, cast[Role.OPD_HEAD], "B03", today=date(2026, 7, 2))
        rows = {row.period.code: row.state for row in queries.plan_periods(plan, TODAY)}
        assert rows == {
            "B03": "frozen_late",
            "B06": "frozen",
            "B09": "not_yet",
            "B12": "not_yet",
        }
        assert LedgerEntry.objects.last().codes["late"] is True

    def test_two_periods_beside_each_other(self, cast: Cast, plan: WorkPlan) -> None:
        moved, still = ActivityFactory(plan=plan), ActivityFactory(plan=plan)
        ActivityReportFactory(activity=moved, confirmed=True, percent=Decimal(10))
        first = freeze(plan, cast[Role.OPD_HEAD], "B03")
        ActivityReportFactory(activity=moved, confirmed=True, percent=Decimal(60))
        second = freeze(plan, cast[Role.OPD_HEAD])
        found = {row.activity.id: row.move for row in queries.compared(first, second)}
        assert found == {moved.pk: Move.FORWARD, still.pk: Move.STILL}

    def test_what_waits_does_not_count(self, cast: Cast, plan: WorkPlan) -> None:
        activity = ActivityFactory(plan=plan)
        ActivityReportFactory(activity=activity, submitted=True, percent=Decimal(80))
        row = freeze(plan, cast[Role.OPD_HEAD])
        (one,) = FrozenPlan.from_json(row.snapshot).activities
        assert (one.percent, one.note_percent) == (None, Decimal(80))

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE assessments_planfreeze SET snapshot = '{}' WHERE id = %s",
            "UPDATE assessments_planfreeze SET taken_on = '2026-06-30' WHERE id = %s",
            "DELETE FROM assessments_planfreeze WHERE id = %s",
        ],
    )
    def test_raw_sql_cannot_change_it(self, plan: WorkPlan, sql: str) -> None:
        row = PlanFreezeFactory(plan=plan)
        with pytest.raises(DatabaseError, match="plan_freeze_append_only"):
            run(sql, row.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanFreezeFactory(plan=plan)


class TestMeeting:
    def open(self, row: PlanFreeze, by: Any, **changed: Any) -> MonevMeeting:
        values = {"texts": MEETING_TEXTS, "form_key": uuid4(), **changed}
        return meetings.open_meeting(freeze=row, by=by, **values)

    def test_a_double_click_opens_one(self, cast: Cast, plan: WorkPlan) -> None:
        row, key = PlanFreezeFactory(plan=plan), uuid4()
        first = self.open(row, cast[Role.OPD_OPERATOR], form_key=key)
        assert self.open(row, cast[Role.OPD_OPERATOR], form_key=key) == first
        assert [one.name for one in queries.attendees_of(first)] == ["Budi"]
        assert verbs() == ["monev_meeting.opened"]

    def test_not_before_the_figures_it_looks_at(self, cast: Cast, plan: WorkPlan) -> None:
        texts = MeetingTexts(date(2026, 7, 1), "x", "y", "z")
        with pytest.raises(StepRefused, match="pembekuan"):
            self.open(PlanFreezeFactory(plan=plan), cast[Role.OPD_HEAD], texts=texts)

    def test_two_people_edit_and_nothing_is_lost(self, cast: Cast, meeting: MonevMeeting) -> None:
        operator = cast[Role.OPD_OPERATOR]
        meetings.edit_meeting(meeting=meeting, texts=MEETING_TEXTS, version=1, by=operator)
        later = MeetingTexts(date(2026, 7, 6), "Aula", "Siti", "Kepala")
        with pytest.raises(Conflict) as found:
            meetings.edit_meeting(meeting=meeting, texts=later, version=1, by=operator)
        assert found.value.current.place == "Ruang rapat"
        meetings.edit_meeting(meeting=meeting, texts=MEETING_TEXTS, version=1, by=operator)

    def test_who_said_so_himself_stays_in_the_list(self, cast: Cast, meeting: MonevMeeting) -> None:
        operator = cast[Role.OPD_OPERATOR]
        for _twice in range(2):
            meetings.attend_meeting(meeting=meeting, by=operator, now=NOW)
        meetings.edit_meeting(meeting=meeting, texts=MEETING_TEXTS, version=2, by=operator)
        rows = queries.attendees_of(meeting)
        assert [(row.name, bool(row.confirmed_at)) for row in rows] == [
            ("Budi", False),
            (operator.user.name, True),
        ]
        assert verbs().count("monev_meeting.attended") == 1
        with pytest.raises(PermissionDenied):
            meetings.attend_meeting(meeting=meeting, by=cast[Role.SEKDA], now=NOW)

    def test_agenda(self, cast: Cast, meeting: MonevMeeting) -> None:
        operator, key = cast[Role.OPD_OPERATOR], uuid4()
        texts = ItemTexts("Capaian", "Dibahas", "Diterima")
        for _twice in range(2):
            item = meetings.add_item(meeting=meeting, texts=texts, form_key=key, by=operator)
        changed = ItemTexts("Capaian", "Dibahas panjang")
        meetings.edit_item(item=item, texts=changed, version=1, by=operator)
        with pytest.raises(Conflict):
            meetings.edit_item(item=item, texts=texts, version=1, by=operator)
        assert verbs() == ["monev_meeting.item_added", "monev_meeting.item_edited"]

    def settle(self, row: MonevMeeting, by: Any, today: date = date(2026, 7, 6)) -> None:
        meetings.settle_meeting(meeting=row, by=by, now=NOW, today=today)

    def test_what_is_missing_is_listed(self, cast: Cast, meeting: MonevMeeting) -> None:
        with pytest.raises(StepRefused) as found:
            self.settle(meeting, cast[Role.OPD_HEAD], date(2026, 7, 5))
        assert [item.anchor for item in found.value.missing] == ["held_on", "agenda", "attendees"]

    def test_settled_minutes_are_read_until_they_are_opened_again(
        self, cast: Cast, meeting: MonevMeeting
    ) -> None:
        head, operator = cast[Role.OPD_HEAD], cast[Role.OPD_OPERATOR]
        AgendaItemFactory(meeting=meeting)
        MeetingAttendeeFactory(meeting=meeting)
        self.settle(meeting, head)
        self.settle(meeting, head)
        with pytest.raises(StepRefused, match="disahkan"):
            meetings.edit_meeting(meeting=meeting, texts=MEETING_TEXTS, version=1, by=operator)
        with pytest.raises(StepRefused, match="disahkan"):
            meetings.attend_meeting(meeting=meeting, by=operator, now=NOW)
        sql = "UPDATE assessments_monevmeeting SET held_on = '2026-07-09' WHERE id = %s"
        with pytest.raises(DatabaseError, match="monev_meeting_settled_stays"):
            run(sql, meeting.pk)
        with pytest.raises(StepRefused):
            meetings.reopen_meeting(meeting=meeting, reason=" ", by=head, now=NOW)
        meetings.reopen_meeting(meeting=meeting, reason="Salah tanggal", by=head, now=NOW)
        meetings.edit_meeting(meeting=meeting, texts=MEETING_TEXTS, version=1, by=operator)
        assert verbs() == [
            "monev_meeting.settle",
            "monev_meeting.reopen",
            "monev_meeting.edited",
        ]

    @pytest.mark.parametrize("state", MeetingState.values)
    @pytest.mark.parametrize("role", Role.values)
    def test_every_step_by_every_role(self, cast: Cast, plan: WorkPlan, state: str, role: str):
        calls: dict[str, Callable[..., None]] = {
            "settle": lambda row: self.settle(row, cast[role]),
            "reopen": lambda row: meetings.reopen_meeting(
                meeting=row, reason="x", by=cast[role], now=NOW
            ),
        }
        for step in MEETING.transitions:
            row = MonevMeetingFactory(
                freeze=plan.freezes.first() or PlanFreezeFactory(plan=plan), state=state
            )
            AgendaItemFactory(meeting=row)
            MeetingAttendeeFactory(meeting=row)
            if state in step.sources and role not in step.roles:
                with pytest.raises(StepRefused):
                    calls[step.name](row)
            else:
                calls[step.name](row)
            row.refresh_from_db()
            allowed = state in step.sources and role in step.roles
            assert row.state == (step.target if allowed else state)


def decide(step: str, row: FollowUp, by: Any) -> None:
    if step == "report":
        follow_ups.report_follow_up(follow_up=row, text="Selesai", files=[], by=by, now=NOW)
    elif step == "verify":
        follow_ups.verify_follow_up(follow_up=row, by=by, now=NOW)
    else:
        follow_ups.give_back_follow_up(follow_up=row, message="Foto", by=by, now=NOW)


class TestFollowUp:
    def texts(self, **changed: Any) -> FollowUpTexts:
        values = {"what": "Ganti", "owner": "Pokja 5", "due_on": TODAY, "finding": "Rusak"}
        return FollowUpTexts(**{**values, **changed})

    def test_from_an_activity_or_a_finding(self, cast: Cast, meeting: MonevMeeting) -> None:
        by, key = cast[Role.OPD_OPERATOR], uuid4()
        own = ActivityFactory(plan=meeting.freeze.plan)
        for _twice in range(2):
            row = follow_ups.add_follow_up(
                meeting=meeting, texts=self.texts(activity=own, finding=""), form_key=key, by=by
            )
        assert FollowUp.objects.get() == row
        for texts in (self.texts(finding=""), self.texts(activity=ActivityFactory())):
            with pytest.raises(StepRefused):
                follow_ups.add_follow_up(meeting=meeting, texts=texts, form_key=uuid4(), by=by)
        follow_ups.edit_follow_up(follow_up=row, texts=self.texts(), version=1, by=by)
        with pytest.raises(Conflict):
            follow_ups.edit_follow_up(
                follow_up=row, texts=self.texts(what="Lain"), version=1, by=by
            )
        assert verbs() == ["follow_up.added", "follow_up.edited"]

    def test_reported_given_back_and_verified_by_another(
        self, cast: Cast, meeting: MonevMeeting
    ) -> None:
        row = FollowUpFactory(meeting=meeting)
        operator, head = cast[Role.OPD_OPERATOR], cast[Role.OPD_HEAD]
        for _twice in range(2):
            follow_ups.report_follow_up(
                follow_up=row, text="Selesai", files=[stored_pdf(operator)], by=operator, now=NOW
            )
        decide("give_back", row, head)
        row.refresh_from_db()
        assert (row.state, row.report, row.message) == ("open", "", "Foto")
        decide("report", row, head)
        with pytest.raises(StepRefused, match="orang lain"):
            decide("verify", row, head)
        deputy = MembershipFactory(
            government=cast.home, unit=cast.unit, role=Role.OPD_HEAD, title="Plh."
        )
        decide("verify", row, deputy)
        notes = list(row.steps.order_by("pk").values_list("name", "note"))
        assert notes[:2] == [("report", "Selesai"), ("give_back", "Foto")]
        assert row.files.count() == 1
        assert verbs() == [
            "follow_up.report",
            "follow_up.give_back",
            "follow_up.report",
            "follow_up.verify",
        ]

    @pytest.mark.parametrize("state", FollowUpState.values)
    @pytest.mark.parametrize("role", Role.values)
    def test_every_step_by_every_role(self, cast: Cast, meeting: MonevMeeting, state, role):
        for step in FOLLOW_UP.transitions:
            traits = {} if state == "open" else {state: True}
            author = MembershipFactory(
                government=cast.home, unit=cast.unit, role=Role.OPD_OPERATOR, title="Lain"
            )
            people = {} if state == "open" else {"done_by": author}
            row = FollowUpFactory(meeting=meeting, **traits, **people)
            allowed = state in step.sources and role in step.roles
            try:
                decide(step.name, row, cast[role])
            except (StepRefused, PermissionDenied):
                assert not allowed
            row.refresh_from_db()
            assert row.state == (step.target if allowed else state)

    def test_raw_sql(self, cast: Cast, meeting: MonevMeeting) -> None:
        done = FollowUpFactory(meeting=meeting, done=True)
        sql = (
            "UPDATE assessments_followup SET state = 'verified', verified_at = now(), "
            "verified_by_id = %s WHERE id = %s"
        )
        same = MembershipFactory(user=done.done_by.user, government=cast.home, role=Role.SEKDA)
        for by in (done.done_by, same):
            with pytest.raises(IntegrityError):
                run(sql, by.pk, done.pk)
        with pytest.raises(DatabaseError, match="follow_up_content_stays"):
            run("UPDATE assessments_followup SET due_on = '2030-01-01' WHERE id = %s", done.pk)
        run(sql, cast[Role.OPD_HEAD].pk, done.pk)
        with pytest.raises(DatabaseError, match="follow_up_verified_stays"):
            run("UPDATE assessments_followup SET report = 'lain' WHERE id = %s", done.pk)
        with pytest.raises(DatabaseError, match="follow_up_never_deleted"):
            run("DELETE FROM assessments_followup WHERE id = %s", done.pk)
        link = with_file(FollowUpFactory(meeting=meeting))
        with pytest.raises(DatabaseError, match="follow_up_file_append_only"):
            run("DELETE FROM assessments_followupfile WHERE id = %s", link.pk)

    def test_overdue_is_said_until_it_is_verified(self, meeting: MonevMeeting) -> None:
        due = {"meeting": meeting, "due_on": date(2026, 7, 1)}
        FollowUpFactory(**due)
        FollowUpFactory(done=True, **due)
        FollowUpFactory(verified=True, **due)
        rows = queries.follow_ups_of_zone(meeting.freeze.plan.zone, 2026, TODAY)
        assert [row.is_overdue for row in rows] == [True, True, False]


class TestPapers:
    def make(self, meeting: MonevMeeting, by: Any, variant: str = "minutes", days: int = 0):
        return papers.make_paper(
            meeting=meeting, variant=variant, by=by, now=NOW, today=TODAY + timedelta(days=days)
        )

    def test_made_once_for_what_it_shows(self, cast: Cast, meeting: MonevMeeting) -> None:
        by = cast[Role.OPD_OPERATOR]
        first = self.make(meeting, by)
        assert self.make(meeting, cast[Role.OPD_HEAD], days=3) == first
        AgendaItemFactory(meeting=meeting)
        second = self.make(meeting, by)
        assert second != first
        Document.objects.filter(pk=second.pk).update(job_state="dead")
        assert self.make(meeting, by) not in (first, second)
        assert MonevPaper.objects.count() == 3
        with pytest.raises(PermissionDenied):
            self.make(meeting, cast[Role.ZI_SECRETARIAT])
        assert "monev_paper.made" in verbs()

    def test_it_shows_the_freeze_not_the_plan(self, cast: Cast, plan: WorkPlan) -> None:
        ActivityFactory(plan=plan, title="Beku")
        meeting = MonevMeetingFactory(freeze=PlanFreezeFactory(plan=plan))
        plan.activities.update(title="Berubah")
        ActivityFactory(plan=plan, title="Tambahan")
        self.make(meeting, cast[Role.OPD_HEAD], "report")
        content = str(MonevPaper.objects.get().content)
        assert "Beku" in content
        assert "Berubah" not in content
        assert "Tambahan" not in content

    def test_the_signed_scan_stands_beside_it(self, cast: Cast, meeting: MonevMeeting) -> None:
        paper, by = MonevPaperFactory(meeting=meeting), cast[Role.OPD_OPERATOR]
        MonevMeeting.objects.filter(pk=meeting.pk).update(state="settled")
        stored = stored_pdf(by)
        scan = papers.attach_scan(paper=paper, stored=stored, by=by, now=NOW)
        assert papers.attach_scan(paper=paper, stored=stored_pdf(by), by=by, now=NOW) == scan
        with pytest.raises(PermissionDenied):
            papers.attach_scan(paper=paper, stored=stored, by=cast[Role.INSPECTORATE], now=NOW)
        (found,) = queries.evidence_of(meeting.freeze.plan.zone, 2026)
        assert (found, found.scan, found.document) == (paper, scan, None)
        assert verbs() == ["monev_paper.scan_attached"]
        with pytest.raises(DatabaseError, match="monev_paper_append_only"):
            run("UPDATE assessments_monevpaper SET content = '{}' WHERE id = %s", paper.pk)

    def test_evidence_is_the_newest_of_each(self, cast: Cast, meeting: MonevMeeting) -> None:
        MonevPaperFactory(meeting=meeting)
        newest = MonevPaperFactory(meeting=meeting)
        other = MonevPaperFactory(meeting=meeting, variant="matrix")
        MonevPaperFactory()
        # While the meeting is being written its papers prove nothing.
        assert queries.evidence_of(meeting.freeze.plan.zone, 2026) == []
        MonevMeeting.objects.filter(pk=meeting.pk).update(state="settled")
        assert queries.evidence_of(meeting.freeze.plan.zone, 2026) == [newest, other]
        assert queries.evidence_of(meeting.freeze.plan.zone, 2025) == []


def test_readers_are_the_readers_of_the_plan() -> None:
    assert Role.TPN_REVIEWER in PLAN_READERS
    assert Role.ADMINISTRATOR not in PLAN_READERS
