"""Nobody assesses his own unit: neither by a new TPI task nor by a new office."""

from datetime import timedelta
from functools import partial

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from opd.actions.invitations import accept_as, invite
from opd.actions.people import appoint_substitute, end_office, give_office, release_tpi
from opd.enums import IdentifierKind, OfficeStatus, Role
from opd.models import Membership, TpiAssignment, Unit
from opd.tests.factories import LoginIdentifierFactory, MembershipFactory
from opd.tests.matrix import TPI_READERS
from opd.tests.offices import operators_office
from opd.transitions import StepRefused

TODAY = timezone.localdate()


office = partial(operators_office, valid_from=TODAY)
pytestmark = pytest.mark.usefixtures("english")


def assessor_of(cast, unit, year=TODAY.year):
    """The Sekda's person assesses a unit."""
    member = cast[Role.SEKDA]
    TpiAssignment.objects.create(government=cast.home, membership=member, unit=unit, year=year)
    return member.user


@pytest.mark.parametrize(
    ("assessed", "given"), [("unit", "unit"), ("unit", "below"), ("below", "unit")]
)
def test_who_assesses_a_unit_gets_no_office_in_its_branch(cast, assessed, given):
    person = assessor_of(cast, getattr(cast, assessed))
    wanted = office(unit=getattr(cast, given))
    by = cast[Role.ADMINISTRATOR]
    with pytest.raises(StepRefused, match="released on the TPI page"):
        give_office(person=person, office=wanted, by=by, today=TODAY)
    head = MembershipFactory(government=cast.home, role=Role.OPD_HEAD, unit=wanted.unit)
    with pytest.raises(StepRefused, match="released on the TPI page"):
        appoint_substitute(
            office=head,
            person=person,
            office_status=OfficeStatus.PLH,
            first=TODAY,
            last=TODAY,
            by=by,
            today=TODAY,
        )
    assert not Membership.objects.filter(user=person, unit__isnull=False).exists()


def test_an_assessor_gets_offices_elsewhere_and_where_the_task_is_over(cast):
    by = cast[Role.ADMINISTRATOR]
    person = assessor_of(cast, cast.unit)
    assessor_of(cast, cast.other_unit, year=TODAY.year - 1)
    assert give_office(person=person, office=office(unit=cast.other_unit), by=by, today=TODAY)
    release_tpi(assignment=TpiAssignment.objects.get(unit=cast.unit), by=cast[Role.INSPECTORATE])
    assert give_office(person=person, office=office(unit=cast.unit), by=by, today=TODAY)


def test_the_page_says_what_to_do_and_keeps_what_was_typed(cast, client_as):
    person = assessor_of(cast, cast.unit)
    client = client_as(cast[Role.ADMINISTRATOR])
    data = {
        "role": Role.OPD_OPERATOR,
        "unit": cast.unit.pk,
        "title": "Operator Dinas",
        "office_status": OfficeStatus.DEFINITIF,
        "valid_from": TODAY.strftime("%d/%m/%Y"),
    }
    page = client.post(reverse("opd:office_add", args=[person.pk]), data).content.decode()
    assert "dilepas dulu di halaman TPI" in page
    assert 'value="Operator Dinas"' in page


def test_the_database_refuses_an_office_where_its_holder_assesses(cast):
    person = assessor_of(cast, cast.unit)
    elsewhere = MembershipFactory(
        government=cast.home, user=person, role=Role.OPD_HEAD, unit=cast.other_unit
    )
    insert = (
        "INSERT INTO opd_membership (user_id, government_id, unit_id, role, title, office_status,"
        " valid_from, valid_to, acts_below)"
        " VALUES (%s, %s, %s, 'opd_head', 'Kepala', 'definitif', '2020-01-01', %s, false)"
    )
    move = "UPDATE opd_membership SET unit_id = %s WHERE id = %s"
    for sql, arguments in (
        (insert, [person.pk, cast.home.pk, cast.unit.pk, None]),
        (insert, [person.pk, cast.home.pk, cast.below.pk, "2199-01-01"]),
        (move, [cast.below.pk, elsewhere.pk]),
        ("UPDATE opd_membership SET user_id = %s WHERE unit_id = %s", [person.pk, cast.unit.pk]),
    ):
        with (
            pytest.raises(IntegrityError, match="nobody holds an office where he assesses"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, arguments)
    with connection.cursor() as cursor:
        cursor.execute(insert, [person.pk, cast.home.pk, cast.unit.pk, "2020-12-31"])
        over = Membership.objects.get(user=person, unit=cast.unit)
        reopen = ("UPDATE opd_membership SET valid_to = NULL WHERE id = %s", [over.pk])
        with pytest.raises(IntegrityError, match="where he assesses"), transaction.atomic():
            cursor.execute(*reopen)


def test_an_old_double_role_can_still_be_ended(cast):
    """Units move: what came about by that stays within reach."""
    person = assessor_of(cast, cast.unit)
    both = MembershipFactory(
        government=cast.home, user=person, role=Role.OPD_HEAD, unit=cast.other_unit
    )
    with pgtrigger.ignore("opd.Unit:no_unit_moves_to_its_assessor"):
        Unit.objects.filter(pk=cast.other_unit.pk).update(
            parent=cast.unit, lineage=[cast.unit.pk, cast.other_unit.pk]
        )
    end_office(office=both, last_day=TODAY, by=cast[Role.ADMINISTRATOR], today=TODAY)
    assert Membership.objects.get(pk=both.pk).valid_to == TODAY


def test_an_invitation_meets_the_task_when_it_is_written_and_when_it_is_accepted(cast):
    person = cast[Role.SEKDA].user
    login = (IdentifierKind.NIP, LoginIdentifierFactory(user=person).value)

    def make():
        return invite(
            name="Orang",
            login=login,
            office=office(unit=cast.below, valid_from=timezone.localdate()),
            by=cast[Role.ADMINISTRATOR],
            now=timezone.now(),
            today=timezone.localdate(),
            link=str,
        )

    made = make()
    assessor_of(cast, cast.unit, year=timezone.localdate().year)
    with pytest.raises(StepRefused, match="released on the TPI page"):
        make()
    with pytest.raises(StepRefused, match="released on the TPI page"):
        accept_as(invitation=made.invitation, person=person, now=timezone.now())
    made.invitation.refresh_from_db()
    assert made.invitation.accepted_at is None
    assert not person.memberships.filter(unit=cast.below).exists()


def test_an_invitation_to_a_unit_that_was_closed_or_left_the_branch_is_refused(cast):
    by = MembershipFactory(government=cast.home, role=Role.ADMINISTRATOR, unit=cast.unit)
    person = cast[Role.SEKDA].user
    login = (IdentifierKind.NIP, LoginIdentifierFactory(user=person).value)
    made = invite(
        name="Orang",
        login=login,
        office=office(unit=cast.below, valid_from=timezone.localdate()),
        by=by,
        now=timezone.now(),
        today=timezone.localdate(),
        link=str,
    )
    unit = Unit.objects.filter(pk=cast.below.pk)
    unit.update(active_to=timezone.localdate() - timedelta(days=1))
    with pytest.raises(StepRefused, match="closed"):
        accept_as(invitation=made.invitation, person=person, now=timezone.now())
    unit.update(active_to=None, parent=None, lineage=[cast.below.pk])
    with pytest.raises(StepRefused, match="no longer gives this office"):
        accept_as(invitation=made.invitation, person=person, now=timezone.now())


def test_the_menu_leads_to_the_tpi_page(cast, client_as):
    """Whoever may open it, and nobody else."""
    link = f'href="{reverse("opd:tpi")}"'
    account = reverse("opd:account")
    for role in TPI_READERS:
        assert link in client_as(cast[role]).get(account).content.decode(), role
    for role in (Role.PLANNER, Role.OPD_HEAD, Role.TPN_REVIEWER):
        assert link not in client_as(cast[role]).get(account).content.decode(), role
