"""The doors of instruments, plan, what-if, check and comparison of a work-sheet."""

from typing import Any

from assessments.models import InstrumentEdition
from assessments.permissions import PLAN_READERS, PLAN_WRITERS
from assessments.tests.factories_worksheets import edition, sheet_of
from opd.enums import Role
from opd.tests.doors import Door
from opd.tests.fixtures import Cast

# An instrument is of all governments: what a stranger asks for is one that there is not.
NOBODYS = {"pk": 0}


def _edition(cast: Cast) -> dict[str, Any]:
    return {"pk": edition().pk} if _at_home(cast) else NOBODYS


def _two(cast: Cast) -> dict[str, Any]:
    newer = edition()
    older = InstrumentEdition.objects.get(code="permenpanrb-52-2014")
    return {**({"pk": newer.pk} if _at_home(cast) else NOBODYS), "other": older.pk}


def _at_home(cast: Cast) -> bool:
    return cast.home.pk < cast.away.pk


def sheet_door(name: str, allowed: frozenset[Role]) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=allowed,
        kwargs=lambda cast: {"pk": sheet_of(cast.unit).pk},
        elsewhere=lambda cast: {"pk": sheet_of(cast.other_unit).pk},
    )


MEMBERS = PLAN_READERS - {Role.TPN_REVIEWER}

MATRIX = [
    Door("assessments:instruments", allowed=PLAN_READERS),
    Door("assessments:instrument", allowed=PLAN_READERS, kwargs=_edition),
    Door("assessments:instrument_diff", allowed=PLAN_READERS, kwargs=_two),
    sheet_door("worksheet_plan", MEMBERS),
    sheet_door("worksheet_effort", PLAN_WRITERS),
    sheet_door("worksheet_what_if", MEMBERS),
    sheet_door("worksheet_check", MEMBERS),
    sheet_door("worksheet_compare", MEMBERS),
]
