"""Who acts in the tests of units and of people, and on whom."""

import pytest

from opd.enums import Role
from opd.models import Membership, User
from opd.tests.factories import LoginIdentifierFactory, MembershipFactory
from opd.tests.fixtures import Cast


@pytest.fixture
def by(boss: Membership) -> Membership:
    """Who changes the registry of units."""
    return boss


@pytest.fixture
def admin(cast: Cast) -> Membership:
    return cast[Role.ADMINISTRATOR]


@pytest.fixture
def unit_admin(cast: Cast) -> Membership:
    return MembershipFactory(
        government=cast.home, role=Role.ADMINISTRATOR, unit=cast.unit, title="Administrator Dinas"
    )


@pytest.fixture
def person(cast: Cast) -> User:
    """Whose account is looked after."""
    return cast[Role.OPD_OPERATOR].user


@pytest.fixture
def login(person: User) -> tuple[str, str]:
    """How that person signs in: kind and value."""
    row = LoginIdentifierFactory(user=person)
    return row.kind, row.value
