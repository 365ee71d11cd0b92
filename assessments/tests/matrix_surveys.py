"""The doors of surveys."""

from typing import Any

from assessments.models import SurveyRound
from assessments.permissions import PLAN_WRITERS, SURVEY_READERS
from assessments.tests import factories_surveys as make
from assessments.tests.factories_worksheets import sheet_of
from opd.enums import UNIT_ROLES, Role
from opd.models import Unit
from opd.tests.doors import FORM, Arguments, Door
from opd.tests.fixtures import Cast

WRITERS = PLAN_WRITERS | {Role.ZI_SECRETARIAT}
MEMBERS = SURVEY_READERS & UNIT_ROLES
STATES = {"draft": make.make_round, "open": make.open_round, "closed": make.closed_round}


def round_of(unit: Unit, state: str) -> SurveyRound:
    found = SurveyRound.objects.filter(unit=unit, state=state).first()
    return found or STATES[state](unit, quarter=list(STATES).index(state) + 1)


def arguments(place: str, state: str, **address: Any) -> Arguments:
    return lambda cast: {"pk": round_of(getattr(cast, place), state).pk, **address}


def door(name: str, allowed: Any, state: str, *, address: Any = None, **more: Any) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=allowed,
        kwargs=arguments("unit", state, **(address or {})),
        elsewhere=arguments("other_unit", state, **(address or {})),
        case=state,
        **more,
    )


def both(name: str, allowed: Any, state: str) -> list[Door]:
    return [door(name, allowed, state, method=each, answer=FORM) for each in ("get", "post")]


def _row(unit: Unit) -> dict[str, Any]:
    round = round_of(unit, "closed")
    return {"pk": (round.follow_ups.first() or make.follow_up(round)).pk}


def _row_door(name: str, method: str) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=WRITERS,
        kwargs=lambda cast: _row(cast.unit),
        elsewhere=lambda cast: _row(cast.other_unit),
        method=method,
        answer=FORM,
    )


def _unit(cast: Cast) -> dict[str, Any]:
    return {"unit_pk": cast.unit.pk}


def _other_unit(cast: Cast) -> dict[str, Any]:
    return {"unit_pk": cast.other_unit.pk}


def _sheet(place: str) -> Arguments:
    def made(cast: Cast) -> dict[str, Any]:
        unit = getattr(cast, place)
        sheet = sheet_of(unit, year=make.today().year)
        round_of(unit, "closed")
        return {"pk": sheet.pk, "code": "B.I.a.a"}

    return made


SECRETARIAT = frozenset({Role.ZI_SECRETARIAT})
DOORS = [
    Door("assessments:surveys", allowed=SURVEY_READERS),
    Door("assessments:surveys_csv", allowed=SURVEY_READERS, is_page=False),
    Door("assessments:surveys_overview", allowed=SURVEY_READERS),
    Door("assessments:surveys_bulk", allowed=SECRETARIAT),
    Door("assessments:surveys_bulk", allowed=SECRETARIAT, method="post", answer=FORM),
    *(
        Door(
            "assessments:survey_new",
            allowed=WRITERS,
            kwargs=_unit,
            elsewhere=_other_unit,
            method=method,
            answer=FORM,
        )
        for method in ("get", "post")
    ),
    *(door("survey_round", SURVEY_READERS, state) for state in STATES),
    *both("survey_edit", WRITERS, "draft"),
    door("survey_discard", WRITERS, "draft", method="post"),
    door("survey_step", WRITERS, "draft", method="post", address={"name": "open"}),
    *both("survey_codes", WRITERS, "open"),
    *both("survey_receipts", WRITERS, "open"),
    door("survey_comments", MEMBERS, "closed"),
    door("survey_export", SURVEY_READERS, "closed", address={"kind": "csv"}, is_page=False),
    door("survey_paper", SURVEY_READERS, "closed", address={"kind": "report"}, method="post"),
    *both("survey_follow_up_new", WRITERS, "closed"),
    _row_door("survey_follow_up_edit", "get"),
    _row_door("survey_follow_up_edit", "post"),
    _row_door("survey_follow_up_remove", "post"),
    Door(
        "assessments:worksheet_survey",
        allowed=PLAN_WRITERS,
        kwargs=_sheet("unit"),
        elsewhere=_sheet("other_unit"),
        method="post",
        unseen={Role.TPN_REVIEWER},
        is_page=False,
    ),
]
PUBLIC = {"survey", "survey_list", "survey_thanks"}
