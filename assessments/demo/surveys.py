"""Surveys of the invented Kota Contoh, by the acts that people take: every state, too few, last year.

No real government gets any: figures of a survey are told as true.
"""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import yaml

from assessments.actions import survey_answers, surveys as actions
from assessments.actions.survey_answers import Given
from assessments.actions.survey_follow_ups import FollowUpTexts, add_survey_follow_up
from assessments.actions.surveys import RoundPlan
from assessments.demo.workplans import find_unit, moment, office
from assessments.models import SurveyRound, SurveyService
from assessments.queries.surveys import offered_services
from assessments.survey_instruments import Survey
from opd.enums import Role
from opd.models import Government, Membership

DATA = Path(__file__).parent / "data" / "surveys.yaml"


def load(today: date) -> None:
    contoh = Government.objects.filter(slug="kota-contoh").first()
    if contoh is None:
        return
    data = yaml.safe_load(DATA.read_text())
    for number, row in enumerate(data["rounds"]):
        _round(contoh, row, data["comments"], today, Random(number))  # noqa: S311 - invented data


def _round(
    government: Government, row: dict[str, Any], comments: list[str], today: date, dice: Random
) -> None:
    unit = find_unit(government, row["unit"])
    by = office(unit, Role.OPD_OPERATOR)
    year, quarter = _quarter(today, row["quarters_ago"])
    last = _last_day(year, quarter)
    services = offered_services(unit)
    plan = RoundPlan(
        survey=row["survey"],
        year=year,
        quarter=quarter,
        opens_on=date(year, quarter * 3 - 2, 1),
        closes_on=last,
        door=row.get("door", "proof"),
        population=row.get("population"),
        services=[(service, row.get("served")) for service in services],
    )
    round = actions.create_round(unit=unit, plan=plan, by=by, is_sample=True)
    if row["state"] == "draft":
        return
    # Written as it was while it ran: nobody opens what is over.
    at = moment(plan.opens_on, 2)
    actions.open_round(round=round, by=by, now=at)
    until = min(today, last)
    _answer_all(round, row, comments, until, dice)
    if row["state"] == "open":
        return
    round = actions.close_round(round=round, by=by, now=moment(until, 9))
    _plan_after(round, row, until, by)
    if row["state"] == "published":
        actions.publish_round(
            round=round, by=by, now=moment(min(until + timedelta(days=5), today), 3)
        )


def _answer_all(
    round: SurveyRound, row: dict[str, Any], comments: list[str], until: date, dice: Random
) -> None:
    survey = round.asked
    services: list[SurveyService | None] = list(round.services.order_by("position"))
    services = services or [None]
    turns = [services[_turn(place, len(services))] for place in range(row["answers"])]
    codes = {service: _codes(round, service, turns.count(service), until) for service in turns}
    for place, service in enumerate(turns):
        without = place < row.get("without_proof", 0)
        survey_answers.answer_survey(
            round=round,
            given=Given(
                answers=_answers(survey, row, dice),
                form_key=str(UUID(int=dice.getrandbits(128))),
                proof="" if without else codes[service].pop(),
                service=service.pk if service else None,
                profile=_profile(survey, dice),
                comment=dice.choice(comments) if dice.random() < 0.12 else "",
            ),
            today=max(round.opens_on, until - timedelta(days=dice.randint(0, 40))),
        )


def _turn(place: int, services: int) -> int:
    """The last service is used by few: its group is small."""
    return services - 1 if services > 2 and place % 40 == 0 else place % max(services - 1, 1)


def _codes(round: SurveyRound, service: SurveyService | None, number: int, day: date) -> list[str]:
    by = office(round.unit, Role.OPD_OPERATOR)
    return survey_answers.make_codes(
        round=round, number=number, service=service, served_on=None, by=by, today=day
    )


def _answers(survey: Survey, row: dict[str, Any], dice: Random) -> dict[str, int]:
    """Around the share of the highest answer that the file says; its weak elements lower."""
    found = {}
    for code in survey.item_codes:
        level = row["level"] - (0.18 if code in row.get("weak", []) else 0)
        value = round_half(survey.highest * level + dice.uniform(-0.9, 0.9))
        found[code] = 0 if dice.random() < 0.04 else min(max(value, 1), survey.highest)
    if not any(found.values()):
        found[survey.item_codes[0]] = survey.highest
    return found


def round_half(number: float) -> int:
    return int(number + 0.5)


def _profile(survey: Survey, dice: Random) -> dict[str, str]:
    return {
        question.code: dice.choice(list(question.options))
        for question in survey.profile
        if dice.random() < 0.85
    }


def _plan_after(round: SurveyRound, row: dict[str, Any], until: date, by: Membership) -> None:
    for number, (item, action, responsible) in enumerate(row.get("follow_ups", []), start=1):
        add_survey_follow_up(
            round=round,
            texts=FollowUpTexts(item, action, responsible, until + timedelta(days=45)),
            form_key=UUID(int=round.pk * 100 + number),
            by=by,
        )


def _quarter(today: date, ago: int) -> tuple[int, int]:
    number = today.year * 4 + (today.month - 1) // 3 - ago
    return number // 4, number % 4 + 1


def _last_day(year: int, quarter: int) -> date:
    return date(year + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)
