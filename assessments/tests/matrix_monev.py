"""The doors of monev, assessment events and recommendations."""

import io
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from assessments.models import MonevPaper, WorkPlan
from assessments.permissions import PLAN_READERS, PLAN_WRITERS
from assessments.queries.monev import DOCUMENT_KIND
from assessments.tests.factories import WorkPlanFactory, zone_of
from assessments.tests.factories_monev import (
    AgendaItemFactory,
    AssessmentEventFactory,
    AssessorQuestionFactory,
    FollowUpFactory,
    MonevMeetingFactory,
    MonevPaperFactory,
    PlanFreezeFactory,
    QuestionAnswerFactory,
    RecommendationFactory,
    RecommendationReplyFactory,
    scan_of,
    with_file,
)
from integrity_portal.core import files
from integrity_portal.core.models import Document
from opd.enums import Role
from opd.models import Unit
from opd.tests.doors import Door
from opd.tests.fixtures import Cast

HEADS = frozenset({Role.OPD_HEAD})
RECORDERS = frozenset({Role.ZI_SECRETARIAT, Role.INSPECTORATE})
ASSESSORS = frozenset(PLAN_READERS - {Role.TPN_REVIEWER})
Make = Callable[[Unit], Any]


def plan_of(unit: Unit) -> WorkPlan:
    zone = zone_of(unit)
    return zone.plans.filter(year=2026).first() or WorkPlanFactory(zone=zone)


def freeze_of(unit: Unit, period: str = "B06") -> Any:
    plan = plan_of(unit)
    return plan.freezes.filter(period=period).first() or PlanFreezeFactory(plan=plan, period=period)


def meeting_of(unit: Unit) -> Any:
    freeze = freeze_of(unit)
    return freeze.meetings.first() or MonevMeetingFactory(freeze=freeze)


def paper_of(unit: Unit) -> MonevPaper:
    """With its PDF."""
    paper = MonevPaperFactory(meeting=meeting_of(unit))
    data = b"%PDF-1.7 uji"
    stored = files.store_made(
        io.BytesIO(data),
        size=len(data),
        name="laporan.pdf",
        kind="document",
        government_id=paper.government_id,
    )
    now = timezone.now()
    Document.objects.create(
        government_id=paper.government_id,
        kind=DOCUMENT_KIND,
        params={"paper": paper.pk},
        title="Laporan",
        requested_at=now,
        next_try_at=now,
        job_state="done",
        file=stored,
        pages=1,
        finished_at=now,
    )
    return paper


def event_of(unit: Unit) -> Any:
    zone = zone_of(unit)
    return zone.assessment_events.first() or AssessmentEventFactory(zone=zone)


def recommendation_of(unit: Unit, **values: Any) -> Any:
    return RecommendationFactory(zone=zone_of(unit), **values)


def door(name: str, allowed: frozenset[Role], make: Make, method: str = "get", **more: Any) -> Door:
    """`make(unit)` gives the row, or all arguments of the address."""

    def kwargs(unit: Unit) -> dict[str, Any]:
        made = make(unit)
        return made if isinstance(made, dict) else {"pk": made.pk}

    return Door(
        f"assessments:{name}",
        allowed=allowed,
        method=method,
        kwargs=lambda cast: kwargs(cast.unit),
        elsewhere=lambda cast: kwargs(cast.other_unit),
        **more,
    )


def compared(unit: Unit) -> dict[str, Any]:
    first, second = freeze_of(unit, "B03"), freeze_of(unit)
    return {"pk": first.plan_id, "before": first.period, "after": second.period}


def in_zone(unit: Unit) -> dict[str, Any]:
    return {"zone_pk": zone_of(unit).pk}


def soon() -> str:
    return (date(2026, 7, 6) + timedelta(days=60)).strftime("%d/%m/%Y")


def question_of(unit: Unit) -> Any:
    return AssessorQuestionFactory(event=event_of(unit))


def answered(unit: Unit) -> Any:
    return AssessorQuestionFactory(event=event_of(unit), state="answered")


def reply_of(unit: Unit) -> Any:
    return RecommendationReplyFactory(recommendation=recommendation_of(unit, followed_up=True))


def _decided(cast: Cast) -> dict[str, Any]:
    return {"pk": reply_of(cast.unit).recommendation_id}


MONEV_DOORS = [
    Door("assessments:monev", allowed=PLAN_READERS),
    door("zone_monev", PLAN_READERS, in_zone),
    door("plan_freeze", HEADS, lambda unit: {"pk": plan_of(unit).pk, "period": "B09"}),
    door("plan_compare", PLAN_READERS, compared),
    door("plan_period", PLAN_READERS, freeze_of),
    door("meeting_new", PLAN_WRITERS, freeze_of),
    door("meeting", PLAN_READERS, meeting_of),
    door("meeting_edit", PLAN_WRITERS, meeting_of),
    door("meeting_settle", HEADS, meeting_of, "post", answer={302, 409}),
    door("meeting_reopen", HEADS, meeting_of),
    door("item_new", PLAN_WRITERS, meeting_of),
    door("item_edit", PLAN_WRITERS, lambda unit: AgendaItemFactory(meeting=meeting_of(unit))),
    door(
        "monev_paper_make",
        PLAN_WRITERS,
        lambda unit: {"pk": meeting_of(unit).pk, "variant": "minutes"},
        "post",
    ),
    door("monev_paper", PLAN_READERS, paper_of, is_page=False),
    door("monev_paper_scan", PLAN_WRITERS, paper_of),
    door("monev_scan_file", PLAN_READERS, lambda unit: scan_of(paper_of(unit)), is_page=False),
    door("follow_up_new", PLAN_WRITERS, meeting_of),
    door("follow_up", PLAN_READERS, lambda unit: FollowUpFactory(meeting=meeting_of(unit))),
    door("follow_up_edit", PLAN_WRITERS, lambda unit: FollowUpFactory(meeting=meeting_of(unit))),
    door("follow_up_report", PLAN_WRITERS, lambda unit: FollowUpFactory(meeting=meeting_of(unit))),
    door(
        "follow_up_verify",
        HEADS,
        lambda unit: FollowUpFactory(meeting=meeting_of(unit), done=True),
        "post",
    ),
    door(
        "follow_up_return",
        HEADS,
        lambda unit: FollowUpFactory(meeting=meeting_of(unit), done=True),
        "post",
        data={"reason": "Lampirkan foto."},
    ),
    door(
        "follow_up_file",
        PLAN_READERS,
        lambda unit: with_file(FollowUpFactory(meeting=meeting_of(unit))),
        is_page=False,
    ),
    # People of the unit say that they were there; others are told that it is not theirs.
    Door(
        "assessments:meeting_attend",
        allowed=frozenset(
            {Role.OPD_HEAD, Role.OPD_OPERATOR, Role.LIAISON_OFFICER, Role.TPN_REVIEWER}
        ),
        method="post",
        kwargs=lambda cast: {"pk": meeting_of(cast.unit).pk},
        elsewhere=lambda cast: {"pk": meeting_of(cast.other_unit).pk},
    ),
]

EVENT_DOORS = [
    Door("assessments:events", allowed=PLAN_READERS),
    door("zone_events", PLAN_READERS, in_zone),
    door("event_new", RECORDERS, in_zone),
    door("event", PLAN_READERS, event_of),
    door("event_edit", RECORDERS, event_of),
    door("event_hold", RECORDERS, event_of, "post"),
    door("event_cancel", RECORDERS, event_of),
    door(
        "event_replan",
        RECORDERS,
        lambda unit: AssessmentEventFactory(zone=zone_of(unit), cancelled=True),
        "post",
    ),
    door("event_files", RECORDERS, event_of),
    door(
        "event_file",
        PLAN_READERS,
        lambda unit: with_file(AssessmentEventFactory(zone=zone_of(unit))),
        is_page=False,
    ),
    door("question_new", RECORDERS, event_of),
    door("question", PLAN_READERS, question_of),
    door("question_edit", RECORDERS, question_of),
    door("question_answer", PLAN_WRITERS, question_of),
    door("question_again", RECORDERS, answered),
    door(
        "answer_file",
        PLAN_READERS,
        lambda unit: with_file(QuestionAnswerFactory(question=question_of(unit))),
        is_page=False,
    ),
]

RECOMMENDATION_DOORS = [
    Door("assessments:recommendations", allowed=PLAN_READERS),
    door("zone_recommendations", PLAN_READERS, in_zone),
    door("recommendation_new", RECORDERS, in_zone),
    door("recommendation_paste", RECORDERS, in_zone),
    door("recommendation", PLAN_READERS, recommendation_of),
    door("recommendation_edit", RECORDERS, recommendation_of),
    door("recommendation_due", RECORDERS, recommendation_of),
    door("recommendation_reply", PLAN_WRITERS, recommendation_of),
    # Without an assignment only the inspectorate decides; what these send names no reply.
    Door(
        "assessments:recommendation_decide",
        allowed=frozenset({Role.INSPECTORATE}),
        method="post",
        kwargs=_decided,
        elsewhere=lambda cast: {"pk": reply_of(cast.other_unit).recommendation_id},
        unseen=frozenset(),
        data={"message": "", "reply": "0", "form_key": str(uuid.uuid4())},
        answer={200, 409},
    ),
    door("reply_file", PLAN_READERS, lambda unit: with_file(reply_of(unit)), is_page=False),
]

ASSESSING_DOORS = [*MONEV_DOORS, *EVENT_DOORS, *RECOMMENDATION_DOORS]
