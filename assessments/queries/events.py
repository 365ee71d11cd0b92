"""Reads of assessment events and their questions, scoped to the caller."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q

from assessments.enums import EventState, QuestionState
from assessments.models import (
    AnswerFile,
    AssessmentEvent,
    AssessorQuestion,
    EventFile,
    IntegrityZone,
    QuestionAnswer,
    ZoneAttempt,
)
from assessments.progress import ARROW
from integrity_portal.core.formatting import date_id
from opd.models import Membership

EVENT_FILE_KIND = "assessment_event"
ANSWER_FILE_KIND = "question_answer"


@dataclass(frozen=True)
class EventFilter:
    year: int | None = None
    team: str = ""
    kind: str = ""
    state: str = ""


def is_neutral(row: Any) -> bool:
    return bool(row.is_sample and not row.government.is_sample)


def is_late(question: AssessorQuestion, today: date) -> bool:
    """Not answered and past its day; of an event that was not cancelled."""
    if question.state != QuestionState.OPEN or question.due_on is None or is_neutral(question):
        return False
    return question.due_on < today and question.event.state != EventState.CANCELLED


def window(row: AssessmentEvent) -> str:
    """`3 Juni 2026`, or both ends of a window."""
    if row.ends_on == row.starts_on:
        return date_id(row.starts_on)
    return f"{date_id(row.starts_on)} – {date_id(row.ends_on)}"


def events(membership: Membership, wanted: EventFilter, zone: Any = None) -> Any:
    """What this person reads, the newest day first, each with its number of questions; lazy."""
    rows = AssessmentEvent.objects.visible_to(membership)
    if zone is not None:
        rows = rows.filter(zone=zone)
    exact = {
        "year": wanted.year,
        "team": wanted.team,
        "kind": wanted.kind,
        "state": wanted.state,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    unanswered = Q(questions__state=QuestionState.OPEN)
    return (
        rows.select_related("zone__unit", "government")
        .annotate(asked=Count("questions"), unanswered=Count("questions", filter=unanswered))
        .order_by("-starts_on", "zone__unit__name", "pk")
    )


def years(membership: Membership) -> list[int]:
    rows = AssessmentEvent.objects.visible_to(membership).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def event(membership: Membership, pk: int) -> AssessmentEvent | None:
    rows = AssessmentEvent.objects.visible_to(membership)
    files = Prefetch("files", EventFile.objects.select_related("stored").order_by("pk"))
    found = rows.select_related("zone__unit", "government", "attempt").prefetch_related(files)
    return found.filter(pk=pk).first()


def questions_of(event: AssessmentEvent) -> list[AssessorQuestion]:
    """With all answers, the newest first; three queries."""
    rows = event.questions.select_related("event", "government").order_by("position", "pk")
    return list(rows.prefetch_related(_answers()))


def question(membership: Membership, pk: int) -> AssessorQuestion | None:
    rows = AssessorQuestion.objects.visible_to(membership)
    found = rows.select_related("event__zone__unit", "government")
    return found.prefetch_related(_answers()).filter(pk=pk).first()


def _answers() -> "Prefetch[str]":
    files = Prefetch("files", AnswerFile.objects.select_related("stored").order_by("pk"))
    rows = QuestionAnswer.objects.select_related("by").prefetch_related(files)
    return Prefetch("answers", rows.order_by("-at", "-pk"))


def messages_of(question: AssessorQuestion) -> list[Any]:
    """Why it was asked again, the newest first."""
    rows = question.steps.filter(name="ask_again").select_related("membership")
    return list(rows.order_by("-happened_at", "-pk"))


def steps_of(event: AssessmentEvent) -> list[Any]:
    """The newest first; a moved day carries `moved`, (before, after) as people read it."""
    steps: list[Any] = list(
        event.steps.select_related("membership").order_by("-happened_at", "-pk")
    )
    for step in steps:
        step.moved = _moved(step.note) if step.name == "move" else None
    return steps


def _moved(note: str) -> tuple[str, str]:
    before, _arrow, after = note.partition(ARROW)
    return _days(before), _days(after)


def _days(written: str) -> str:
    days = [date.fromisoformat(day) for day in dict.fromkeys(written.split("/"))]
    return " – ".join(date_id(day) for day in days)


def attempts_of(zone: IntegrityZone) -> list[ZoneAttempt]:
    return list(zone.attempts.order_by("-number"))


def event_file(membership: Membership, pk: int) -> EventFile | None:
    visible = AssessmentEvent.objects.visible_to(membership)
    rows = EventFile.objects.filter(event__in=visible)
    return rows.select_related("stored").filter(pk=pk).first()


def answer_file(membership: Membership, pk: int) -> AnswerFile | None:
    visible = AssessorQuestion.objects.visible_to(membership)
    rows = AnswerFile.objects.filter(answer__question__in=visible)
    return rows.select_related("stored").filter(pk=pk).first()
