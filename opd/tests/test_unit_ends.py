"""No unit ends before something that it still did."""

from datetime import UTC, date, datetime, timedelta

import pytest

from opd.actions import units
from opd.enums import Role, SuccessionKind
from opd.models import UnitSuccession
from opd.registry import RegistryRefused
from opd.tests.factories import MembershipFactory, UnitFactory

TODAY = date(2026, 11, 21)
BEFORE = date(2024, 5, 1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indonesian")]


def name_changed(unit):
    unit.names.create(government=unit.government, name="Nama lama", valid_to=BEFORE)


def took_over(unit):
    UnitSuccession.objects.create(
        government=unit.government,
        predecessor=UnitFactory(government=unit.government),
        successor=unit,
        kind=SuccessionKind.MERGED,
        happened_on=BEFORE,
    )


def office_begun(unit):
    MembershipFactory(
        government=unit.government, unit=unit, role=Role.OPD_OPERATOR, valid_from=BEFORE
    )


@pytest.mark.parametrize("happens", [name_changed, took_over, office_begun])
def test_a_unit_ends_after_its_newest_entry(cast, happens):
    by = cast[Role.ZI_SECRETARIAT]
    happens(cast.below)
    wanted = {"by": by, "basis": "SK 1", "today": TODAY}
    with pytest.raises(RegistryRefused, match="1 Mei 2024") as refused:
        units.close_unit(unit=cast.below, last_day=BEFORE - timedelta(days=1), **wanted)
    assert refused.value.field == "last_day"
    now = datetime(2026, 11, 21, 3, tzinfo=UTC)
    merger = {"units": [cast.below], "into": cast.other_unit, "now": now, **wanted}
    with pytest.raises(RegistryRefused, match="1 Mei 2024") as refused:
        units.merge_units(happened_on=BEFORE, **merger)
    assert refused.value.field == "happened_on"

    merged = units.merge_units(happened_on=BEFORE + timedelta(days=1), **merger)
    assert merged.ended[0].active_to == BEFORE
