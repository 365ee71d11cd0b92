"""What the tests of splits share: the days, one split and its parts."""

from datetime import UTC, date, datetime, timedelta

from opd.actions.unit_splits import split_unit
from opd.unit_steps import UnitFacts

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
EVE, NEXT = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def part(name: str, **values) -> UnitFacts:
    return UnitFacts(**{"kind": "dinas", "name": name, **values})


def split(by, unit, *parts, **values):
    wanted = {
        "goes_on": False,
        "happened_on": TODAY,
        "basis": "Perda 1",
        "today": TODAY,
        "now": NOW,
    }
    return split_unit(by=by, unit=unit, parts=list(parts), **(wanted | values))
