"""Rounds of surveys at every stage, made by the same acts that people take."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.utils import timezone

from assessments import survey_proofs as proofs
from assessments.actions import survey_answers, surveys as actions
from assessments.actions.survey_answers import Given
from assessments.actions.survey_follow_ups import FollowUpTexts, add_survey_follow_up
from assessments.actions.surveys import RoundPlan
from assessments.models import SurveyFollowUp, SurveyProof, SurveyRound
from opd.enums import Role
from opd.models import Membership, Service, Unit
from opd.tests.factories import MembershipFactory


def today() -> date:
    """Jakarta's, as the units' clocks have it."""
    return timezone.localdate(timezone=ZoneInfo("Asia/Jakarta"))


def writer(unit: Unit) -> Membership:
    found = Membership.objects.filter(unit=unit, role=Role.OPD_OPERATOR).first()
    return found or MembershipFactory(government=unit.government, unit=unit, role=Role.OPD_OPERATOR)


def plan_of(**more: Any) -> RoundPlan:
    values: dict[str, Any] = {
        "survey": "SPAK",
        "year": today().year,
        "quarter": 1,
        "opens_on": today() - timedelta(days=7),
        "closes_on": today() + timedelta(days=7),
        **more,
    }
    return RoundPlan(**values)


def make_round(unit: Unit, **more: Any) -> SurveyRound:
    return actions.create_round(unit=unit, plan=plan_of(**more), by=writer(unit))


def open_round(unit: Unit, **more: Any) -> SurveyRound:
    row = make_round(unit, **more)
    return actions.open_round(round=row, by=writer(unit), now=timezone.now())


def service(unit: Unit, name: str = "KTP") -> Service:
    return Service.objects.get_or_create(government=unit.government, unit=unit, name=name)[0]


def codes(round: SurveyRound, number: int = 1, of: Any = None) -> list[str]:
    by = writer(round.unit)
    return survey_answers.make_codes(
        round=round, number=number, service=of, served_on=None, by=by, today=today()
    )


def a_proof(round: SurveyRound) -> str:
    """Without the act: for rounds that need many."""
    code = proofs.new_code()
    SurveyProof.objects.create(
        government_id=round.government_id,
        round=round,
        hash=proofs.proof_hash(round.pk, code),
        kind="code",
        made_on=today(),
    )
    return code


def given(round: SurveyRound, value: int = 4, **more: Any) -> Given:
    answers = {**dict.fromkeys(round.asked.item_codes, value), **more.pop("answers", {})}
    return Given(answers=answers, form_key=str(uuid4()), **more)


def answer(round: SurveyRound, value: int = 4, *, with_proof: bool = True, **more: Any) -> None:
    proof = a_proof(round) if with_proof else ""
    survey_answers.answer_survey(
        round=round, given=given(round, value, proof=proof, **more), today=today()
    )


def closed_round(unit: Unit, number: int = 6, value: int = 5, **more: Any) -> SurveyRound:
    row = open_round(unit, **more)
    for _each in range(number):
        answer(row, value)
    return actions.close_round(round=row, by=writer(unit), now=timezone.now())


def published_round(unit: Unit, **more: Any) -> SurveyRound:
    row = closed_round(unit, **more)
    return actions.publish_round(round=row, by=writer(unit), now=timezone.now())


def follow_up(round: SurveyRound) -> SurveyFollowUp:
    texts = FollowUpTexts(
        item=round.asked.item_codes[0],
        action="Pasang papan informasi",
        responsible="Kasubbag Umum",
        due_on=today() + timedelta(days=30),
    )
    return add_survey_follow_up(round=round, texts=texts, form_key=uuid4(), by=writer(round.unit))
