"""Where the employees of a unit go when it ends: along with a merger, nowhere by a split."""

from datetime import timedelta

import pytest
from django.urls import reverse

from integrity_portal.core.models import LedgerEntry
from opd.actions.units import merge_units
from opd.enums import Role
from opd.models import EmployeePost, TpiAssignment, Unit
from opd.registry import RegistryRefused
from opd.tests.factories import LoginIdentifierFactory
from opd.tests.factories_services import EmployeePostFactory
from opd.tests.unit_acts import EVE, NEXT, NOW, TODAY, part, split

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indonesian")]
NIP = "198503122010011007"


def merge(by, unit, into, **values):
    wanted = {"happened_on": TODAY, "basis": "Perda 1", "today": TODAY, "now": NOW}
    return merge_units(by=by, units=[unit], into=into, **(wanted | values))


def posts_of(employee):
    rows = employee.posts.order_by("valid_from", "pk")
    return [(row.unit_id, row.title, row.valid_from, row.valid_to) for row in rows]


class TestMerger:
    def test_everybody_goes_on_in_the_successor_the_next_day(self, cast, by):
        staying = EmployeePostFactory(unit=cast.below, title="Analis")
        limited = EmployeePostFactory(unit=cast.below, valid_to=NEXT)
        coming = EmployeePostFactory(unit=cast.below, valid_from=TODAY)
        left = EmployeePostFactory(unit=cast.below, valid_to=EVE)
        there = EmployeePostFactory(unit=cast.other_unit)
        first = staying.valid_from
        merge(by, cast.below, cast.other_unit)
        old, new = cast.below.pk, cast.other_unit.pk
        assert posts_of(staying.employee) == [
            (old, "Analis", first, EVE),
            (new, "Analis", TODAY, None),
        ]
        assert [row[::3] for row in posts_of(limited.employee)] == [(old, EVE), (new, NEXT)]
        assert [row[::2] for row in posts_of(coming.employee)] == [(new, TODAY)]
        assert [row[::3] for row in posts_of(left.employee)] == [(old, EVE)]
        assert [row[0] for row in posts_of(there.employee)] == [new]
        entry = LedgerEntry.objects.get(verb="unit.merged")
        assert entry.codes == {"into": new, "employees": 3}

    def test_a_merger_that_lies_ahead_moves_them_then(self, cast, by):
        post = EmployeePostFactory(unit=cast.below)
        merged = merge(by, cast.below, cast.other_unit, happened_on=NEXT)
        for day, unit in ((TODAY, cast.below), (NEXT, merged.into)):
            assert [row.unit for row in post.employee.posts.active_on(day)] == [unit]

    def test_nobody_is_carried_to_where_he_assesses(self, cast, by):
        member = cast[Role.PLANNER]
        LoginIdentifierFactory(user=member.user, value=NIP)
        EmployeePostFactory(unit=cast.below, employee__nip=NIP)
        task = TpiAssignment.objects.create(
            government=cast.home, membership=member, unit=cast.other_unit, year=TODAY.year
        )
        with pytest.raises(RegistryRefused, match="halaman TPI"):
            merge(by, cast.below, cast.other_unit)
        assert Unit.objects.get(pk=cast.below.pk).active_to is None
        task.delete()
        merge(by, cast.below, cast.other_unit)
        assert EmployeePost.objects.filter(unit=cast.other_unit).count() == 1


class TestSplit:
    @pytest.mark.parametrize("goes_on", [True, False])
    def test_nobody_is_asked_and_nobody_moves(self, cast, by, goes_on):
        post = EmployeePostFactory(unit=cast.other_unit)
        split(by, cast.other_unit, part("A"), part("B"), goes_on=goes_on)
        assert posts_of(post.employee) == [(cast.other_unit.pk, post.title, post.valid_from, None)]

    def test_the_page_names_how_many_are_left(self, cast, by, client_as):
        for _number in range(2):
            EmployeePostFactory(unit=cast.other_unit)
        EmployeePostFactory(unit=cast.other_unit, valid_to=TODAY - timedelta(days=900))
        split(by, cast.other_unit, part("A"), part("B"))
        page = client_as(by).get(reverse("opd:unit_hand_over", args=[cast.other_unit.pk]))
        assert "2 pegawai masih tercatat" in page.content.decode()
        assert reverse("opd:roster", args=[cast.other_unit.pk]) in page.content.decode()
