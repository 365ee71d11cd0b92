"""A unit that declared or was named on a day existed on that day."""

from datetime import date, timedelta

import pytest

from assessments.enums import DeclarationState
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    NamedUnitFactory,
    NamingDecreeFactory,
)
from opd.actions import units
from opd.enums import Role
from opd.registry import RegistryRefused
from opd.tests.fixtures import Cast

HELD = date(2024, 5, 1)
TODAY = date(2026, 11, 21)


def close(cast: Cast) -> None:
    units.close_unit(
        by=cast[Role.ZI_SECRETARIAT],
        unit=cast.below,
        last_day=HELD - timedelta(days=1),
        basis="SK 1",
        today=TODAY,
    )


def test_not_before_its_declaration(cast: Cast) -> None:
    act = DeclarationFactory(government=cast.home, held_on=HELD)
    DeclarationUnitFactory(declaration=act, unit=cast.below)
    with pytest.raises(RegistryRefused, match="1 Mei 2024"):
        close(cast)


def test_a_discarded_draft_does_not_matter(cast: Cast) -> None:
    act = DeclarationFactory(government=cast.home, held_on=HELD, state=DeclarationState.DISCARDED)
    DeclarationUnitFactory(declaration=act, unit=cast.below)
    close(cast)
    cast.below.refresh_from_db()
    assert cast.below.active_to == HELD - timedelta(days=1)


def test_not_before_the_decree_that_names_it(cast: Cast) -> None:
    decree = NamingDecreeFactory(government=cast.home, decided_on=HELD)
    NamedUnitFactory(decree=decree, unit=cast.below)
    with pytest.raises(RegistryRefused, match="1 Mei 2024"):
        close(cast)


def begin(cast: Cast, day: date) -> None:
    units.edit_unit(
        by=cast[Role.ZI_SECRETARIAT],
        unit=cast.below,
        kind=cast.below.kind,
        code="",
        parent=cast.unit,
        active_from=day,
        today=TODAY,
    )


def test_it_does_not_begin_after_its_declaration_or_decree(cast: Cast) -> None:
    gone = DeclarationFactory(
        government=cast.home, held_on=date(2020, 1, 1), state=DeclarationState.DISCARDED
    )
    DeclarationUnitFactory(declaration=gone, unit=cast.below)
    act = DeclarationFactory(government=cast.home, held_on=HELD)
    DeclarationUnitFactory(declaration=act, unit=cast.below)
    with pytest.raises(RegistryRefused, match="1 Mei 2024"):
        begin(cast, date(2099, 1, 1))
    decree = NamingDecreeFactory(government=cast.home, decided_on=date(2023, 3, 9))
    NamedUnitFactory(decree=decree, unit=cast.below)
    with pytest.raises(RegistryRefused, match="9 Maret 2023"):
        begin(cast, HELD)
    begin(cast, date(2023, 3, 9))
