"""Who may touch whose account, and who decides about it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from opd import queries
from opd.actions.accounts import (
    add_identifier,
    close_account,
    issue_reset_code,
    rename_person,
)
from opd.enums import IdentifierKind, Role
from opd.tests.factories import MembershipFactory, UserFactory

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
pytestmark = pytest.mark.usefixtures("english")


def matrix_of_touching(cast, unit_admin):
    """Who may manage whose account: (administrator, person, allowed)."""
    home, unit, below = cast.home, cast.unit, cast.below

    def somebody(**values):
        return MembershipFactory(**{"government": home, "role": Role.OPD_OPERATOR, **values}).user

    two_branches = somebody(unit=below)
    MembershipFactory(
        user=two_branches, government=home, role=Role.OPD_OPERATOR, unit=cast.other_unit
    )
    two_governments = somebody(unit=unit)
    MembershipFactory(
        user=two_governments, government=cast.away, role=Role.OPD_HEAD, unit=cast.away_unit
    )
    moved = somebody(unit=unit)
    MembershipFactory(
        user=moved,
        government=cast.away,
        role=Role.OPD_HEAD,
        unit=cast.away_unit,
        valid_to=date(2026, 11, 19),
    )
    retired = somebody(unit=below, valid_to=date(2026, 1, 1))
    root = somebody(unit=unit)
    root.is_staff = True
    root.save()
    admin = cast[Role.ADMINISTRATOR]
    other_unit_admin = MembershipFactory(
        government=home, role=Role.ADMINISTRATOR, unit=below, title="Administrator UPTD"
    )
    return [
        (admin, cast[Role.MAYOR].user, True),
        (admin, cast[Role.OPD_HEAD].user, True),
        (admin, unit_admin.user, True),
        (admin, admin.user, False),
        (admin, two_governments, False),
        (admin, moved, True),
        (admin, retired, True),
        (admin, root, False),
        (admin, cast.away_offices[Role.OPD_HEAD].user, False),
        (admin, UserFactory(), False),
        (unit_admin, cast[Role.OPD_HEAD].user, True),
        (unit_admin, somebody(unit=below), True),
        (unit_admin, retired, True),
        (unit_admin, unit_admin.user, False),
        (unit_admin, other_unit_admin.user, False),
        (unit_admin, admin.user, False),
        (unit_admin, somebody(unit=cast.other_unit), False),
        (unit_admin, two_branches, False),
        (unit_admin, two_governments, False),
        (unit_admin, somebody(role=Role.SEKDA), False),
        (unit_admin, cast[Role.TPN_REVIEWER].user, False),
        (cast[Role.SEKDA], cast[Role.OPD_HEAD].user, False),
        (cast[Role.IT_TEAM], cast[Role.OPD_HEAD].user, False),
        (cast[Role.MAYOR], cast[Role.OPD_HEAD].user, False),
        (cast[Role.OPD_HEAD], cast[Role.OPD_OPERATOR].user, False),
    ]


@pytest.mark.parametrize(
    "action",
    [
        lambda person, by: issue_reset_code(person=person, by=by, now=NOW, today=TODAY),
        lambda person, by: close_account(person=person, by=by, today=TODAY),
        lambda person, by: rename_person(person=person, name="Nama Baru", by=by, today=TODAY),
        lambda person, by: add_identifier(
            person=person, login=(IdentifierKind.NIP, "198203042008011005"), by=by, today=TODAY
        ),
    ],
    ids=["reset", "close", "rename", "identifier"],
)
def test_who_may_touch_whose_account(cast, unit_admin, action):
    rows = matrix_of_touching(cast, unit_admin)
    seen = []
    for by, person, _allowed in rows:
        with transaction.atomic():
            try:
                action(person, by)
                seen.append(True)
            except PermissionDenied:
                seen.append(False)
            transaction.set_rollback(True)

    assert seen == [allowed for _by, _person, allowed in rows]


def test_deciding_offices_fall_back_to_the_last_one(cast):
    user = UserFactory()
    for year, government in ((2021, cast.away), (2023, cast.home)):
        MembershipFactory(
            user=user,
            government=government,
            valid_from=date(year, 1, 1),
            valid_to=date(year, 12, 31),
        )

    found = queries.deciding_offices([user.pk], today=TODAY)[user.pk]

    assert [office.government for office in found] == [cast.home]
