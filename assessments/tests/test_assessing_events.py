"""Assessment events and the questions asked there: verbs, rights, what the database refuses."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.actions import events, questions
from assessments.actions.events import EventTexts
from assessments.actions.questions import QuestionTexts
from assessments.editing import Conflict
from assessments.enums import EventState, QuestionState
from assessments.models import AssessmentEvent, IntegrityZone
from assessments.queries import events as event_queries
from assessments.tests.factories import IntegrityZoneFactory, stored_pdf
from assessments.tests.factories_monev import (
    AssessmentEventFactory,
    AssessorQuestionFactory,
    QuestionAnswerFactory,
    with_file,
)
from assessments.workflow import EVENT, QUESTION
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 8, 3, 3, tzinfo=UTC)
TODAY = date(2026, 8, 3)
TEXTS = EventTexts("tpi", "desk", TODAY, TODAY, "Inspektorat", "Ketua tim")


@pytest.fixture
def zone(cast: Cast) -> IntegrityZone:
    return IntegrityZoneFactory(unit=cast.unit)


def verbs() -> list[str]:
    return list(LedgerEntry.objects.order_by("pk").values_list("verb", flat=True))


def run(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


class TestEvents:
    def plan(self, zone: IntegrityZone, by: Membership, **changed: Any) -> AssessmentEvent:
        values = {"texts": TEXTS, "form_key": uuid4(), **changed}
        return events.plan_event(zone=zone, by=by, **values)

    def test_a_double_click_writes_one(self, cast: Cast, zone: IntegrityZone) -> None:
        key, by = uuid4(), cast[Role.ZI_SECRETARIAT]
        first = self.plan(zone, by, form_key=key)
        assert self.plan(zone, by, form_key=key) == first
        assert verbs() == ["assessment_event.planned"]
        backwards = EventTexts("tpn", "survey", TODAY, TODAY - timedelta(days=1), "x")
        with pytest.raises(StepRefused):
            self.plan(zone, by, texts=backwards)

    def test_a_moved_day_stays_in_the_history(self, cast: Cast, zone: IntegrityZone) -> None:
        by = cast[Role.INSPECTORATE]
        row = self.plan(zone, by)
        later = EventTexts("tpi", "desk", TODAY, TODAY + timedelta(days=2), "Inspektorat")
        events.edit_event(event=row, texts=later, version=1, by=by, now=NOW)
        with pytest.raises(Conflict):
            events.edit_event(event=row, texts=TEXTS, version=1, by=by, now=NOW)
        (step,) = event_queries.steps_of(row)
        assert step.moved == ("3 Agustus 2026", "3 Agustus 2026 – 5 Agustus 2026")

    def test_files_once(self, cast: Cast, zone: IntegrityZone) -> None:
        row, by = AssessmentEventFactory(zone=zone), cast[Role.INSPECTORATE]
        for _twice in range(2):
            events.add_event_files(event=row, files=[stored_pdf(by)], by=by)
        assert row.files.count() == 1
        assert verbs() == ["assessment_event.files_added"]

    def test_held_cancelled_and_planned_again(self, cast: Cast, zone: IntegrityZone) -> None:
        by, row = cast[Role.ZI_SECRETARIAT], AssessmentEventFactory(zone=zone)
        with pytest.raises(StepRefused):
            events.hold_event(event=row, by=by, now=NOW, today=TODAY - timedelta(days=1))
        with pytest.raises(StepRefused):
            events.cancel_event(event=row, reason=" ", by=by, now=NOW)
        events.cancel_event(event=row, reason="Banjir", by=by, now=NOW)
        with pytest.raises(StepRefused):
            events.edit_event(event=row, texts=TEXTS, version=1, by=by, now=NOW)
        events.replan_event(event=row, by=by, now=NOW)
        row.refresh_from_db()
        assert row.reason == ""
        events.hold_event(event=row, by=by, now=NOW, today=TODAY)
        assert verbs() == [f"assessment_event.{verb}" for verb in ("cancel", "replan", "hold")]

    def test_a_window_is_held_from_its_last_day_on(
        self, cast: Cast, zone: IntegrityZone, client_as: Any
    ) -> None:
        by = cast[Role.INSPECTORATE]
        today = timezone.localdate(timezone=ZoneInfo(cast.home.time_zone))
        window = {"kind": "survey", "starts_on": today - timedelta(days=1)}
        row = AssessmentEventFactory(zone=zone, ends_on=today + timedelta(days=1), **window)
        for day in (today - timedelta(days=1), today):
            with pytest.raises(StepRefused, match="berlangsung sampai"):
                events.hold_event(event=row, by=by, now=NOW, today=day)
        page, button = reverse("assessments:event", args=[row.pk]), "Catat sebagai terlaksana"
        assert button not in client_as(by).get(page).content.decode()
        AssessmentEvent.objects.filter(pk=row.pk).update(ends_on=today)
        assert button in client_as(by).get(page).content.decode()
        row.refresh_from_db()
        assert events.hold_event(event=row, by=by, now=NOW, today=today).state == "held"

    def test_what_was_held_does_not_move_ahead(self, cast: Cast, zone: IntegrityZone) -> None:
        row = AssessmentEventFactory(zone=zone, held=True)
        ahead = EventTexts("tpi", "desk", TODAY, TODAY + timedelta(days=1), "Inspektorat")
        with pytest.raises(StepRefused, match="tercatat terlaksana"):
            events.edit_event(
                event=row, texts=ahead, version=1, by=cast[Role.INSPECTORATE], now=NOW
            )

    @pytest.mark.parametrize("state", EventState.values)
    @pytest.mark.parametrize("role", Role.values)
    def test_every_step_by_every_role(self, cast: Cast, zone: IntegrityZone, state, role) -> None:
        common: dict[str, Any] = {"by": cast[role], "now": NOW}
        calls: dict[str, Callable[[AssessmentEvent], Any]] = {
            "hold": lambda row: events.hold_event(event=row, today=TODAY, **common),
            "cancel": lambda row: events.cancel_event(event=row, reason="x", **common),
            "replan": lambda row: events.replan_event(event=row, **common),
        }
        for step in EVENT.transitions:
            traits = {} if state == "planned" else {state: True}
            row = AssessmentEventFactory(zone=zone, **traits)
            allowed = state in step.sources and role in step.roles
            try:
                calls[step.name](row)
            except (StepRefused, PermissionDenied):
                assert not allowed
            row.refresh_from_db()
            assert row.state == (step.target if allowed else state)


class TestQuestions:
    def answer(self, row: Any, by: Any, **changed: Any) -> Any:
        values = {"text": "Dengan aplikasi.", "files": [], "form_key": uuid4(), **changed}
        return questions.answer_question(question=row, by=by, now=NOW, **values)

    def test_asked_answered_and_asked_again(self, cast: Cast, zone: IntegrityZone) -> None:
        event, by, key = AssessmentEventFactory(zone=zone), cast[Role.INSPECTORATE], uuid4()
        texts = QuestionTexts("Bagaimana?", "Ketua tim")
        for _twice in range(2):
            row = questions.ask_question(event=event, texts=texts, form_key=key, by=by)
        questions.edit_question(
            question=row, texts=QuestionTexts("Apa?", "Ketua tim"), version=1, by=by
        )
        with pytest.raises(Conflict):
            questions.edit_question(question=row, texts=texts, version=1, by=by)
        operator, key = cast[Role.OPD_OPERATOR], uuid4()
        for _twice in range(2):
            self.answer(row, operator, form_key=key, files=[stored_pdf(operator)])
        with pytest.raises(StepRefused, match="masih ada"):
            self.answer(row, cast[Role.OPD_HEAD])
        with pytest.raises(StepRefused):
            questions.edit_question(question=row, texts=texts, version=2, by=by)
        questions.ask_again(question=row, message="Lampirkan data", by=by, now=NOW)
        self.answer(row, cast[Role.OPD_HEAD], text="Ini datanya.")
        assert row.answers.count() == 2
        assert verbs() == [
            f"assessor_question.{verb}"
            for verb in ("asked", "edited", "answer", "ask_again", "answer")
        ]

    def test_nothing_is_asked_at_a_cancelled_event(self, cast: Cast, zone) -> None:
        event = AssessmentEventFactory(zone=zone, cancelled=True)
        with pytest.raises(StepRefused):
            questions.ask_question(
                event=event,
                texts=QuestionTexts("?", "x"),
                form_key=uuid4(),
                by=cast[Role.ZI_SECRETARIAT],
            )

    @pytest.mark.parametrize("state", QuestionState.values)
    @pytest.mark.parametrize("role", Role.values)
    def test_every_step_by_every_role(self, cast: Cast, zone, state: str, role: str) -> None:
        for step in QUESTION.transitions:
            row = AssessorQuestionFactory(event=AssessmentEventFactory(zone=zone), state=state)
            allowed = state in step.sources and role in step.roles
            try:
                if step.name == "answer":
                    self.answer(row, cast[role])
                else:
                    questions.ask_again(question=row, message="x", by=cast[role], now=NOW)
            except (StepRefused, PermissionDenied):
                assert not allowed
            row.refresh_from_db()
            assert row.state == (step.target if allowed else state)

    def test_an_answer_stays(self, zone: IntegrityZone) -> None:
        question = AssessorQuestionFactory(event=AssessmentEventFactory(zone=zone))
        link = with_file(QuestionAnswerFactory(question=question))
        for sql, pk in (
            ("UPDATE assessments_questionanswer SET text = 'x' WHERE id = %s", link.answer_id),
            ("DELETE FROM assessments_answerfile WHERE id = %s", link.pk),
        ):
            with pytest.raises(DatabaseError, match="append_only"):
                run(sql, pk)

    @pytest.mark.parametrize(
        ("state", "days", "event_state", "late"),
        [
            ("open", -1, "held", True),
            ("open", 0, "held", False),
            ("answered", -1, "held", False),
            ("open", -1, "cancelled", False),
        ],
    )
    def test_when_it_is_late(self, zone, state, days, event_state, late) -> None:
        traits = {"cancelled": True} if event_state == "cancelled" else {"held": True}
        row = AssessorQuestionFactory(
            event=AssessmentEventFactory(zone=zone, **traits),
            state=state,
            due_on=TODAY + timedelta(days=days),
        )
        assert event_queries.is_late(row, TODAY) is late
