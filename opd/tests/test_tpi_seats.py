"""Offices for the whole government sit in a unit too: its people do not assess it, seen from every side."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from integrity_portal.core.partial_dates import PartialDate
from opd.actions import units
from opd.actions.accounts import add_identifier
from opd.actions.people import assign_tpi, give_office, release_tpi
from opd.enums import GOVERNMENT_ROLES, SEATS, IdentifierKind, Role, TpiFunction, UnitKind
from opd.models import LoginIdentifier, Membership, TpiAssignment, Unit, UnitKindRule
from opd.queries import tpi as queries
from opd.registry import RegistryRefused
from opd.tests.factories import MembershipFactory, UnitFactory, UserFactory
from opd.tests.factories_services import EmployeePostFactory, TpiMemberFactory, TpiTeamFactory
from opd.tests.offices import operators_office
from opd.transitions import StepRefused

TODAY = timezone.localdate()
YEAR = TODAY.year
NIP = "198503122010011007"
pytestmark = pytest.mark.django_db
office = partial(operators_office, valid_from=TODAY)

OWN = [
    (Role.INSPECTORATE, UnitKind.INSPEKTORAT, "Inspektorat Daerah", ""),
    (Role.PLANNER, UnitKind.BADAN, "Badan Perencanaan Pembangunan Daerah", "Bappeda"),
    (Role.PLANNER, UnitKind.BADAN, "BAPPERIDA", ""),
    (Role.PLANNER, UnitKind.BADAN, "Badan Penelitian dan Pengembangan", "Barenlitbang"),
    (Role.ZI_SECRETARIAT, UnitKind.BAGIAN, "Bagian Organisasi", ""),
    (Role.SEKDA, UnitKind.SEKRETARIAT_DAERAH, "Sekretariat Daerah", "Setda"),
]
OTHERS = [
    (Role.PLANNER, UnitKind.BADAN, "Badan Pendapatan Daerah", "Bapenda"),
    (Role.PLANNER, UnitKind.DINAS, "Dinas Perencanaan Kota", ""),
    (Role.ZI_SECRETARIAT, UnitKind.BAGIAN, "Bagian Pengadaan Barang dan Jasa", "PBJ"),
    (Role.SEKDA, UnitKind.SEKRETARIAT_DPRD, "Sekretariat DPRD", "Setwan"),
]


def made(cast, kind, name, short=""):
    return UnitFactory(government=cast.home, kind=kind, name=name, short_name=short)


def assess(member, unit, year=YEAR):
    return TpiAssignment.objects.create(
        government=unit.government, membership=member, unit=unit, year=year
    )


def test_the_seats_are_of_roles_for_the_whole_government():
    assert set(SEATS) <= GOVERNMENT_ROLES


class TestNewTask:
    @pytest.mark.parametrize(("role", "kind", "name", "short"), OWN)
    def test_its_people_do_not_assess_it(self, cast, role, kind, name, short):
        own = made(cast, kind, name, short)
        below = UnitFactory(government=cast.home, parent=own, kind="uptd")
        by = cast[Role.INSPECTORATE]
        for unit in (own, below):
            with pytest.raises(StepRefused, match="unitnya sendiri"):
                assign_tpi(member=cast[role], unit=unit, year=YEAR, by=by, today=TODAY)
            with pytest.raises(IntegrityError, match="his own unit"), transaction.atomic():
                assess(cast[role], unit)
        assert assign_tpi(member=cast[Role.MAYOR], unit=own, year=YEAR, by=by, today=TODAY)

    @pytest.mark.parametrize(("role", "kind", "name", "short"), OTHERS)
    def test_a_neighbour_is_assessed(self, cast, role, kind, name, short):
        other = made(cast, kind, name, short)
        by = cast[Role.INSPECTORATE]
        assert assign_tpi(member=cast[role], unit=other, year=YEAR, by=by, today=TODAY)

    def test_suggestions_follow_the_same_rule(self, cast):
        made_units = [made(cast, kind, name, short) for _role, kind, name, short in OWN + OTHERS]
        for kind in {unit.kind for unit in made_units}:
            UnitKindRule.objects.create(government=cast.home, unit_kind=kind)
        team = TpiTeamFactory(government=cast.home, year=YEAR)
        for role in SEATS:
            TpiMemberFactory(team=team, membership=cast[role], function=TpiFunction.ANGGOTA)
        found = queries.tpi_year(cast.home.pk, YEAR, today=TODAY)
        possible = {need.unit: set(need.possible) for need in found.needs}
        everybody = {cast[role] for role in SEATS}
        for unit, (role, *_place) in zip(made_units, OWN, strict=False):
            assert possible[unit] == everybody - {cast[role]}
        for unit in made_units[len(OWN) :]:
            assert possible[unit] == everybody


class TestNewOffice:
    @pytest.mark.parametrize(("role", "kind", "name", "short"), OWN)
    def test_who_assesses_it_gets_no_office_there(self, cast, role, kind, name, short):
        own = made(cast, kind, name, short)
        person = cast[Role.MAYOR].user
        task = assess(cast[Role.MAYOR], own)
        wanted, by = office(role=role), cast[Role.ADMINISTRATOR]
        with pytest.raises(StepRefused, match="dilepas dulu di halaman TPI"):
            give_office(person=person, office=wanted, by=by, today=TODAY)
        with pytest.raises(IntegrityError, match="where he assesses"), transaction.atomic():
            MembershipFactory(government=cast.home, user=person, role=role)
        release_tpi(assignment=task, by=cast[Role.INSPECTORATE])
        assert give_office(person=person, office=wanted, by=by, today=TODAY)

    def test_another_role_in_the_same_row_is_a_new_office(self, cast):
        own = made(cast, UnitKind.INSPEKTORAT, "Inspektorat")
        assess(cast[Role.MAYOR], own)
        rows = Membership.objects.filter(pk=cast[Role.MAYOR].pk)
        with pytest.raises(IntegrityError, match="where he assesses"), transaction.atomic():
            rows.update(role=Role.INSPECTORATE)
        assert rows.update(role=Role.COMPLAINT_COORDINATOR) == 1

    def test_what_was_assessed_before_or_elsewhere_is_not_in_the_way(self, cast):
        assess(cast[Role.MAYOR], made(cast, UnitKind.INSPEKTORAT, "Inspektorat"), YEAR - 1)
        assess(cast[Role.MAYOR], cast.unit)
        wanted, by = office(role=Role.INSPECTORATE), cast[Role.ADMINISTRATOR]
        assert give_office(person=cast[Role.MAYOR].user, office=wanted, by=by, today=TODAY)


class TestUnitThatBecomesASeat:
    def test_by_its_kind(self, cast):
        task = assess(cast[Role.INSPECTORATE], cast.other_unit)
        facts = {"code": "", "parent": None, "active_from": None, "today": TODAY}
        edit = partial(
            units.edit_unit,
            by=cast[Role.ADMINISTRATOR],
            unit=cast.other_unit,
            kind=UnitKind.INSPEKTORAT,
            **facts,
        )
        with pytest.raises(RegistryRefused, match="cabang unitnya sendiri") as refused:
            edit()
        assert refused.value.field == "kind"
        assert Unit.objects.get(pk=cast.other_unit.pk).kind == UnitKind.DINAS
        task.delete()
        assert edit().kind == UnitKind.INSPEKTORAT

    @pytest.mark.parametrize("verb", ["renamed", "corrected"])
    def test_by_its_name(self, cast, verb):
        unit = made(cast, UnitKind.BADAN, "Badan Riset Daerah")
        task = assess(cast[Role.PLANNER], unit)
        by = cast[Role.ADMINISTRATOR]

        def write(name):
            if verb == "corrected":
                return units.correct_unit_name(by=by, unit=unit, name=name, short_name="")
            return units.rename_unit(
                by=by,
                unit=unit,
                name=name,
                short_name="",
                changed_on=PartialDate(TODAY, "day"),
                basis="",
                today=TODAY,
            )

        with pytest.raises(RegistryRefused, match="cabang unitnya sendiri") as refused:
            write("Badan Perencanaan dan Riset")
        assert refused.value.field == "name"
        assert write("Badan Riset dan Inovasi Daerah")
        task.delete()
        assert correct(by, unit).name == "Badan Perencanaan dan Riset"


def correct(by, unit):
    return units.correct_unit_name(
        by=by, unit=unit, name="Badan Perencanaan dan Riset", short_name=""
    )


def test_a_nip_of_somebody_who_works_where_he_assesses_gets_a_sentence(cast):
    """Not the sentence that another account has it."""
    person = UserFactory()
    member = MembershipFactory(government=cast.home, role=Role.PLANNER, user=person)
    EmployeePostFactory(unit=cast.below, employee__nip=NIP)
    task = assess(member, cast.unit)
    add = partial(
        add_identifier,
        person=person,
        login=(IdentifierKind.NIP, NIP),
        by=cast[Role.ADMINISTRATOR],
        today=TODAY,
    )
    with pytest.raises(StepRefused, match="halaman TPI"):
        add()
    assert not LoginIdentifier.objects.filter(value=NIP).exists()
    task.delete()
    assert add().value == NIP
