"""Freezing and meetings: verbs with their ledger, what the database refuses."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from assessments import monev
from assessments.actions import freezes, meetings, workplans
from assessments.actions.meetings import ItemTexts, MeetingTexts
from assessments.actions.workplans import ActivityTexts
from assessments.editing import Conflict
from assessments.enums import MeetingState, Move
from assessments.models import MonevMeeting, PlanFreeze, WorkPlan
from assessments.monev import FrozenPlan
from assessments.pasted import AttendeeLine
from assessments.permissions import PLAN_READERS
from assessments.queries import monev as queries
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
)
from assessments.tests.factories_monev import (
    AgendaItemFactory,
    MeetingAttendeeFactory,
    MonevMeetingFactory,
    PlanFreezeFactory,
)
from assessments.tests.monev_verbs import NOW, TODAY, run, verbs
from assessments.workflow import MEETING
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


MEETING_TEXTS = MeetingTexts(
    date(2026, 7, 6), "Ruang rapat", "Siti", "Kepala", attendees=[AttendeeLine("Budi", "Ketua")]
)


@pytest.fixture
def plan(cast: Cast) -> WorkPlan:
    return WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit))


@pytest.fixture
def meeting(plan: WorkPlan) -> MonevMeeting:
    return MonevMeetingFactory(freeze=PlanFreezeFactory(plan=plan))


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


def test_readers_are_the_readers_of_the_plan() -> None:
    assert Role.TPN_REVIEWER in PLAN_READERS
    assert Role.ADMINISTRATOR not in PLAN_READERS
