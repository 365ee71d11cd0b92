"""Nobody assesses his own branch: the inspectorate, moved units, exchanged people, governments."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from opd.actions import units
from opd.actions.people import assign_tpi
from opd.enums import Role, TpiFunction, UnitKind
from opd.models import Membership, TpiAssignment, Unit, UnitKindRule
from opd.queries import tpi as queries
from opd.registry import RegistryRefused
from opd.tests.factories import MembershipFactory, UnitFactory
from opd.tests.factories_services import TpiMemberFactory, TpiTeamFactory
from opd.transitions import StepRefused

TODAY = timezone.localdate()
YEAR = TODAY.year
pytestmark = pytest.mark.django_db


def assess(member, unit, **values):
    return TpiAssignment.objects.create(
        **{
            "government": unit.government,
            "membership": member,
            "unit": unit,
            "year": YEAR,
            **values,
        }
    )


class TestInspectorate:
    @pytest.fixture
    def own(self, cast):
        return UnitFactory(government=cast.home, name="Inspektorat", kind=UnitKind.INSPEKTORAT)

    def test_its_people_do_not_assess_it(self, cast, own):
        inspector = cast[Role.INSPECTORATE]
        below = UnitFactory(government=cast.home, parent=own, kind="uptd")
        for unit in (own, below):
            with pytest.raises(StepRefused, match="unitnya sendiri"):
                assign_tpi(member=inspector, unit=unit, year=YEAR, by=inspector, today=TODAY)
            with pytest.raises(IntegrityError, match="his own unit"), transaction.atomic():
                assess(inspector, unit)
        assert assess(inspector, cast.unit)
        assert assess(cast[Role.PLANNER], own)

    def test_another_office_of_the_same_person_does_not_either(self, cast, own):
        other = MembershipFactory(
            government=cast.home, user=cast[Role.INSPECTORATE].user, role=Role.PLANNER
        )
        with pytest.raises(IntegrityError, match="his own unit"), transaction.atomic():
            assess(other, own)
        Membership.objects.filter(pk=cast[Role.INSPECTORATE].pk).update(
            valid_to=TODAY - timedelta(days=1)
        )
        assert assess(other, own)

    def test_it_is_not_suggested_to_them(self, cast, own):
        for kind in (UnitKind.INSPEKTORAT, UnitKind.DINAS):
            UnitKindRule.objects.create(government=cast.home, unit_kind=kind)
        team = TpiTeamFactory(government=cast.home, year=YEAR)
        for role in (Role.INSPECTORATE, Role.PLANNER):
            TpiMemberFactory(team=team, membership=cast[role], function=TpiFunction.ANGGOTA)
        needs = {
            need.unit: set(need.possible)
            for need in queries.tpi_year(cast.home.pk, YEAR, today=TODAY).needs
        }
        assert needs[own] == {cast[Role.PLANNER]}
        assert needs[cast.unit] == {cast[Role.PLANNER], cast[Role.INSPECTORATE]}


def test_everything_is_of_one_government(cast):
    for values in (
        {"membership": cast.away_offices[Role.PLANNER]},
        {"unit": cast.away_unit},
        {"government": cast.away},
    ):
        facts = {"government": cast.home, "membership": cast[Role.PLANNER], "unit": cast.unit}
        with pytest.raises(IntegrityError, match="another government"), transaction.atomic():
            TpiAssignment.objects.create(**{**facts, **values}, year=YEAR)


def test_the_office_of_an_assessor_stays_with_its_person(cast):
    planner, sekda = cast[Role.PLANNER], cast[Role.SEKDA]
    task = assess(planner, cast.unit)
    rows = Membership.objects.filter(pk=planner.pk)
    with pytest.raises(IntegrityError, match="stays with its person"), transaction.atomic():
        rows.update(user=sekda.user)
    task.delete()
    assert rows.update(user=sekda.user) == 1


class TestMoves:
    def move(self, cast, unit, parent):
        place = {"kind": unit.kind, "code": "", "parent": parent, "active_from": None}
        return units.edit_unit(by=cast[Role.ADMINISTRATOR], unit=unit, today=TODAY, **place)

    @pytest.mark.parametrize("assessed_moves", [True, False])
    def test_no_unit_moves_to_its_assessor(self, cast, assessed_moves):
        head = MembershipFactory(government=cast.home, role=Role.OPD_HEAD, unit=cast.other_unit)
        task = assess(head, cast.below)
        moving, parent = cast.below, cast.other_unit
        if not assessed_moves:
            moving, parent = cast.other_unit, cast.below
        with pytest.raises(RegistryRefused, match="cabang unitnya sendiri") as refused:
            self.move(cast, moving, parent)
        assert refused.value.field == "parent"
        before = Unit.objects.get(pk=moving.pk)
        assert before.parent_id != parent.pk
        task.delete()
        self.move(cast, before, parent)
        assert parent.pk in Unit.objects.get(pk=moving.pk).lineage

    def test_what_was_assessed_before_is_not_in_the_way(self, cast):
        head = MembershipFactory(government=cast.home, role=Role.OPD_HEAD, unit=cast.other_unit)
        assess(head, cast.below, year=YEAR - 1)
        self.move(cast, cast.below, cast.other_unit)
        assert Unit.objects.get(pk=cast.below.pk).parent_id == cast.other_unit.pk
