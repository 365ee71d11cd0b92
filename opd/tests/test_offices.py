"""Giving, substituting and ending offices; members of the TPI."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.models import LedgerEntry
from integrity_portal.testing.ledger import newest
from opd.actions.people import appoint_substitute, assign_tpi, end_office, give_office, release_tpi
from opd.enums import BRANCH_ROLES, OfficeStatus, Role
from opd.models import Membership, TpiAssignment
from opd.tests.factories import MembershipFactory, UnitFactory, UserFactory
from opd.tests.offices import operators_office
from opd.transitions import StepRefused

TODAY = date(2026, 11, 20)


office = partial(operators_office, valid_from=TODAY)
pytestmark = pytest.mark.usefixtures("english")


def test_giving_an_office_writes_row_and_ledger(cast):
    person = cast[Role.OPD_OPERATOR].user

    given = give_office(
        person=person,
        office=office(unit=cast.other_unit, acts_below=True),
        by=cast[Role.ADMINISTRATOR],
        today=TODAY,
    )

    assert (given.government, given.unit, given.acts_below) == (cast.home, cast.other_unit, True)
    entry = newest()
    assert entry.verb == "membership.given"
    assert entry.codes["role"] == "opd_operator"
    assert entry.membership_id == cast[Role.ADMINISTRATOR].pk


def test_nobody_gives_an_office_to_himself(cast, unit_admin):
    for by in (cast[Role.ADMINISTRATOR], unit_admin):
        with pytest.raises(PermissionDenied, match="himself"):
            give_office(
                person=by.user,
                office=office(role=Role.OPD_HEAD, unit=cast.unit),
                by=by,
                today=TODAY,
            )
    assert not Membership.objects.filter(user=unit_admin.user, role=Role.OPD_HEAD).exists()


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("place", ["own", "below", "beside", "nowhere"])
def test_what_a_unit_administrator_may_give(cast, unit_admin, role, place):
    unit = {"own": cast.unit, "below": cast.below, "beside": cast.other_unit, "nowhere": None}[
        place
    ]
    person = MembershipFactory(
        government=cast.home, unit=cast.below, role=Role.OPD_OPERATOR, valid_from=date(2021, 1, 1)
    ).user
    wanted = office(role=role, unit=unit, valid_to=TODAY + timedelta(days=9))

    if role in BRANCH_ROLES and place in ("own", "below"):
        assert give_office(person=person, office=wanted, by=unit_admin, today=TODAY).role == role
    else:
        with pytest.raises(PermissionDenied, match="may not give this role"):
            give_office(person=person, office=wanted, by=unit_admin, today=TODAY)


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.ADMINISTRATOR}))
def test_only_administrators_give_offices(cast, role):
    with pytest.raises(PermissionDenied):
        give_office(person=UserFactory(), office=office(unit=cast.unit), by=cast[role], today=TODAY)


def test_people_of_elsewhere_must_be_invited(cast, unit_admin):
    stranger = cast.away_offices[Role.OPD_OPERATOR].user
    beside = MembershipFactory(
        government=cast.home, role=Role.OPD_OPERATOR, unit=cast.other_unit
    ).user

    for by, person in ((cast[Role.ADMINISTRATOR], stranger), (unit_admin, beside)):
        with pytest.raises(PermissionDenied, match="Invite"):
            give_office(person=person, office=office(unit=cast.unit), by=by, today=TODAY)


def test_an_office_of_another_governments_unit_is_refused(cast):
    with pytest.raises(PermissionDenied):
        give_office(
            person=cast[Role.OPD_HEAD].user,
            office=office(unit=cast.away_unit),
            by=cast[Role.ADMINISTRATOR],
            today=TODAY,
        )


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"unit": None}, "choose the unit"),
        ({"valid_to": TODAY - timedelta(days=1)}, "before the first day"),
        ({"role": Role.TPN_REVIEWER}, "needs a last day"),
    ],
)
def test_wrong_offices_are_refused_with_a_sentence(cast, values, sentence):
    wanted = office(**{"unit": cast.unit, **values})

    with pytest.raises(StepRefused, match=sentence):
        give_office(
            person=cast[Role.OPD_HEAD].user, office=wanted, by=cast[Role.ADMINISTRATOR], today=TODAY
        )


def test_a_closed_unit_takes_nobody(cast):
    closed = UnitFactory(government=cast.home, active_to=TODAY - timedelta(days=1))

    with pytest.raises(StepRefused, match="closed"):
        give_office(
            person=cast[Role.OPD_HEAD].user,
            office=office(unit=closed),
            by=cast[Role.ADMINISTRATOR],
            today=TODAY,
        )


def test_the_same_office_twice_is_refused(cast):
    values = {
        "person": cast[Role.OPD_HEAD].user,
        "office": office(unit=cast.unit),
        "by": cast[Role.ADMINISTRATOR],
        "today": TODAY,
    }
    give_office(**values)

    with pytest.raises(StepRefused, match="already has this role"):
        give_office(**values)


def substitute(cast, **values):
    return appoint_substitute(
        **{
            "office": cast[Role.OPD_HEAD],
            "person": cast[Role.OPD_OPERATOR].user,
            "office_status": OfficeStatus.PLH,
            "first": TODAY,
            "last": TODAY + timedelta(days=4),
            "by": cast[Role.ADMINISTRATOR],
            "today": TODAY,
            **values,
        }
    )


def test_a_substitute_holds_the_same_office(cast):
    cast[Role.OPD_HEAD].acts_below = True
    cast[Role.OPD_HEAD].save()

    row = substitute(cast)

    assert (row.role, row.unit, row.acts_below) == (Role.OPD_HEAD, cast.unit, True)
    assert row.substitutes_for == cast[Role.OPD_HEAD]
    assert row.printed_title == f"Plh. {cast[Role.OPD_HEAD].title}"
    assert newest().verb == "membership.substituted"


def test_a_substitution_is_hardly_back_dated(cast):
    month = timedelta(days=30)
    with pytest.raises(StepRefused, match="at the earliest, 30 days back"):
        substitute(cast, first=TODAY - month - timedelta(days=1))
    assert substitute(cast, first=TODAY - month).valid_from == TODAY - month


def test_at_sign_in_ones_own_office_goes_before_a_substitution(cast, client_as):
    operator = cast[Role.OPD_OPERATOR]
    today = timezone.localdate()
    substitute(cast, first=today, last=today + timedelta(days=2), today=today)
    client = client_as(operator)
    session = client.session
    del session["membership_id"]
    session.save()

    response = client.get(reverse("opd:offices"))

    assert response.wsgi_request.membership == operator
    assert len(response.wsgi_request.memberships) == 2


def test_the_holder_sees_who_stands_in_for_him(cast, client_as):
    today = timezone.localdate()
    row = substitute(cast, first=today, last=today + timedelta(days=2), today=today)
    over = substitute(cast, person=cast[Role.SEKDA].user, first=TODAY, last=TODAY, today=TODAY)
    Membership.objects.filter(pk=over.pk).update(
        valid_from=today - timedelta(days=9), valid_to=today - timedelta(days=1)
    )

    page = client_as(cast[Role.OPD_HEAD]).get(reverse("opd:offices")).content.decode()

    assert f"{row.user.name} menggantikan Anda sebagai Plh." in page
    assert cast[Role.SEKDA].user.name not in page


@pytest.mark.parametrize(
    ("values", "error", "sentence"),
    [
        ({"office_status": OfficeStatus.DEFINITIF}, StepRefused, "Plh. or Plt."),
        (
            {"last": TODAY - timedelta(days=1), "first": TODAY - timedelta(days=3)},
            StepRefused,
            "over",
        ),
        ({"first": TODAY + timedelta(days=9)}, StepRefused, "before the first day"),
    ],
)
def test_wrong_substitutions_are_refused(cast, values, error, sentence):
    with pytest.raises(error, match=sentence):
        substitute(cast, **values)


def test_the_holder_does_not_substitute_himself_nor_the_administrator(cast):
    with pytest.raises(StepRefused, match="another person"):
        substitute(cast, person=cast[Role.OPD_HEAD].user)
    with pytest.raises(PermissionDenied, match="himself"):
        substitute(cast, person=cast[Role.ADMINISTRATOR].user)


def test_a_substitution_does_not_outlive_the_office(cast):
    cast[Role.OPD_HEAD].valid_to = TODAY + timedelta(days=2)
    cast[Role.OPD_HEAD].save()

    with pytest.raises(StepRefused, match="ends earlier"):
        substitute(cast)


def test_a_unit_administrator_gets_no_government_office_by_substitution(cast, unit_admin):
    with pytest.raises(PermissionDenied):
        substitute(cast, office=cast[Role.SEKDA], by=unit_admin)


def test_ending_an_office_ends_its_substitutes(cast):
    now = substitute(cast)
    later = substitute(cast, first=TODAY + timedelta(days=8), last=TODAY + timedelta(days=9))

    end_office(office=cast[Role.OPD_HEAD], last_day=TODAY, by=cast[Role.ADMINISTRATOR], today=TODAY)

    cast[Role.OPD_HEAD].refresh_from_db()
    now.refresh_from_db()
    assert cast[Role.OPD_HEAD].valid_to == now.valid_to == TODAY
    assert not Membership.objects.filter(pk=later.pk).exists()
    assert set(LedgerEntry.objects.values_list("verb", flat=True)) >= {
        "membership.ended",
        "membership.cancelled",
    }


def test_ending_is_refused_before_the_beginning_and_after_the_end(cast):
    by = cast[Role.ADMINISTRATOR]
    head = cast[Role.OPD_HEAD]
    with pytest.raises(StepRefused, match="before the first day"):
        end_office(office=head, last_day=date(2019, 1, 1), by=by, today=TODAY)
    end_office(office=head, last_day=TODAY - timedelta(days=1), by=by, today=TODAY)
    with pytest.raises(StepRefused, match="already over"):
        end_office(office=head, last_day=TODAY, by=by, today=TODAY)


def test_an_office_that_never_began_disappears(cast):
    coming = MembershipFactory(
        government=cast.home,
        unit=cast.unit,
        role=Role.OPD_OPERATOR,
        valid_from=TODAY + timedelta(days=5),
    )

    end_office(office=coming, last_day=TODAY, by=cast[Role.ADMINISTRATOR], today=TODAY)

    assert not Membership.objects.filter(pk=coming.pk).exists()
    assert newest().verb == "membership.cancelled"


def test_ending_ones_own_or_a_foreign_office_is_refused(cast, unit_admin):
    cases = [
        (cast[Role.ADMINISTRATOR], cast[Role.ADMINISTRATOR]),
        (cast[Role.ADMINISTRATOR], cast.away_offices[Role.OPD_HEAD]),
        (unit_admin, cast[Role.SEKDA]),
        (unit_admin, cast[Role.ADMINISTRATOR]),
    ]
    for by, target in cases:
        with pytest.raises(PermissionDenied):
            end_office(office=target, last_day=TODAY, by=by, today=TODAY)


def test_tpi_members_are_assigned_and_released(cast):
    by = cast[Role.INSPECTORATE]
    row = assign_tpi(
        member=cast[Role.OPD_HEAD], unit=cast.other_unit, year=2026, by=by, today=TODAY
    )
    assert newest().verb == "tpi.assigned"

    with pytest.raises(StepRefused, match="already assesses"):
        assign_tpi(member=cast[Role.OPD_HEAD], unit=cast.other_unit, year=2026, by=by, today=TODAY)
    release_tpi(assignment=row, by=by)

    assert not TpiAssignment.objects.exists()
    assert newest().verb == "tpi.released"


def test_nobody_assesses_his_own_unit_or_one_below(cast):
    for unit in (cast.unit, cast.below):
        with pytest.raises(StepRefused, match="own unit"):
            assign_tpi(
                member=cast[Role.OPD_HEAD],
                unit=unit,
                year=2026,
                by=cast[Role.INSPECTORATE],
                today=TODAY,
            )


@pytest.mark.parametrize("place", ["unit", "below"])
def test_a_second_office_in_the_branch_counts_as_well(cast, place):
    """He is proposed as an inspector, but is also the head of the unit or of one below or above."""
    by, member = cast[Role.INSPECTORATE], cast[Role.SEKDA]
    second = MembershipFactory(
        government=cast.home, user=member.user, role=Role.OPD_HEAD, unit=getattr(cast, place)
    )
    for unit in (cast.unit, cast.below):
        with pytest.raises(StepRefused, match="own unit"):
            assign_tpi(member=member, unit=unit, year=2026, by=by, today=TODAY)
    end_office(office=second, last_day=TODAY, by=cast[Role.ADMINISTRATOR], today=TODAY)
    tomorrow = TODAY + timedelta(days=1)
    assert assign_tpi(member=member, unit=cast.unit, year=2026, by=by, today=tomorrow)


def test_the_database_refuses_an_assessor_of_his_own_unit(cast):
    MembershipFactory(
        government=cast.home, user=cast[Role.SEKDA].user, role=Role.OPD_HEAD, unit=cast.unit
    )
    row = TpiAssignment.objects.create(
        government=cast.home, membership=cast[Role.SEKDA], unit=cast.other_unit, year=2026
    )
    values = [cast.home.pk, cast[Role.SEKDA].pk, cast.unit.pk]
    for sql, arguments in (
        (
            "INSERT INTO opd_tpiassignment (government_id, membership_id, unit_id, year)"
            " VALUES (%s, %s, %s, 2026)",
            values,
        ),
        ("UPDATE opd_tpiassignment SET unit_id = %s WHERE id = %s", [cast.unit.pk, row.pk]),
    ):
        with (
            pytest.raises(IntegrityError, match="own unit"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, arguments)


def test_tpi_stays_within_the_government_and_the_right_roles(cast):
    by = cast[Role.INSPECTORATE]
    foreign = cast.away_offices[Role.INSPECTORATE]
    row = assign_tpi(member=by, unit=cast.unit, year=2026, by=by, today=TODAY)
    for values in (
        {"member": foreign, "unit": cast.unit, "by": by},
        {"member": by, "unit": cast.away_unit, "by": by},
        {"member": by, "unit": cast.unit, "by": cast[Role.SEKDA]},
    ):
        with pytest.raises(PermissionDenied):
            assign_tpi(year=2027, **values, today=TODAY)
    for who in (foreign, cast[Role.SEKDA]):
        with pytest.raises(PermissionDenied):
            release_tpi(assignment=row, by=who)
