"""One unit becomes several: the verb, what stays, what stands below."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from integrity_portal.core.models import LedgerEntry
from integrity_portal.testing.ledger import verbs_of
from opd.actions.units import close_unit, merge_units
from opd.enums import Role, SuccessionKind
from opd.models import Unit, UnitSuccession
from opd.registry import RegistryRefused
from opd.tests.factories import UnitFactory
from opd.tests.unit_acts import EVE, NOW, TODAY, part, split

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indonesian")]


class TestSplit:
    def test_a_unit_ends_and_two_begin(self, cast, by):
        done = split(by, cast.other_unit, part("Dinas A"), part("Dinas Dua"))
        cast.other_unit.refresh_from_db()
        one, two = done.successors
        assert cast.other_unit.active_to == EVE
        assert (one.active_from, two.active_from) == (TODAY, TODAY)
        rows = UnitSuccession.objects.filter(predecessor=cast.other_unit).order_by("pk")
        assert [(r.successor, r.kind, r.happened_on, r.basis) for r in rows] == [
            (one, SuccessionKind.SPLIT, TODAY, "Perda 1"),
            (two, SuccessionKind.SPLIT, TODAY, "Perda 1"),
        ]
        assert verbs_of(cast.other_unit) == ["unit.split", "unit.split"]
        assert verbs_of(one) == ["unit.added"]
        assert not Unit.objects.active_on(TODAY).filter(pk=cast.other_unit.pk).exists()

    def test_a_unit_goes_on_and_a_part_leaves(self, cast, by):
        done = split(by, cast.unit, part("Dinas A"), goes_on=True)
        cast.unit.refresh_from_db()
        cast.below.refresh_from_db()
        assert cast.unit.active_to is None
        assert cast.below.parent == cast.unit
        assert done.successors[0].predecessors.get().predecessor == cast.unit

    def test_a_unit_that_gave_a_part_away_still_ends_later(self, cast, by):
        split(by, cast.below, part("UPTD A"), goes_on=True, happened_on=EVE)
        with pytest.raises(RegistryRefused, match="20 November 2026"):
            close_unit(
                by=by, unit=cast.below, last_day=EVE - timedelta(days=1), basis="x", today=TODAY
            )
        close_unit(by=by, unit=cast.below, last_day=TODAY, basis="x", today=TODAY)
        cast.below.refresh_from_db()
        assert cast.below.active_to == TODAY

    def test_a_part_may_come_back(self, cast, by):
        (child,) = split(by, cast.unit, part("Dinas A"), goes_on=True, happened_on=EVE).successors
        merge_units(
            by=by,
            units=[child],
            into=cast.unit,
            happened_on=TODAY,
            basis="x",
            today=TODAY,
            now=NOW,
        )
        split(by, cast.unit, cast.other_unit, goes_on=True, happened_on=EVE)
        split(by, cast.unit, cast.other_unit, goes_on=True)
        assert cast.unit.successors.filter(successor=cast.other_unit).count() == 2

    def test_existing_and_new_parts(self, cast, by):
        done = split(by, cast.below, cast.other_unit, part("Dinas A"))
        assert done.successors[0] == cast.other_unit

    def test_the_same_sent_twice_is_one(self, cast, by):
        for goes_on, unit in ((False, cast.other_unit), (True, cast.unit)):
            parts = [part(f"{unit.name} A"), part(f"{unit.name} B")]
            first = split(by, unit, *parts, goes_on=goes_on)
            rows = (Unit.objects.count(), LedgerEntry.objects.count())
            again = split(by, unit, *parts, goes_on=goes_on)
            assert again.successors == first.successors
            assert (Unit.objects.count(), LedgerEntry.objects.count()) == rows

    def test_nothing_is_written_when_one_part_is_refused(self, cast, by):
        with pytest.raises(RegistryRefused, match="nama ini sudah ada") as refused:
            split(by, cast.other_unit, part("Dinas A"), part("Dinas Satu"))
        assert refused.value.field == ""
        UnitFactory(government=cast.home, code="7")
        with pytest.raises(RegistryRefused, match="kode") as refused:
            split(by, cast.other_unit, part("Dinas A"), part("Dinas B", code="7"))
        with pytest.raises(RegistryRefused) as refused:
            split(by, cast.other_unit, part("Dinas A"), part("Dinas B", parent=cast.away_unit))
        assert refused.value.field == "parent_1"
        cast.other_unit.refresh_from_db()
        assert cast.other_unit.active_to is None
        assert not UnitSuccession.objects.exists()

    def test_refusals(self, cast, by):
        def refused(sentence, *parts, field=None, unit=cast.other_unit, **values):
            with pytest.raises(RegistryRefused, match=sentence) as caught:
                split(by, unit, *parts, **values)
            if field is not None:
                assert caught.value.field == field

        closed = UnitFactory(government=cast.home, active_to=EVE)
        refused("Sebutkan unit", field="name_0")
        refused("paling sedikit dua", part("A"), field="name_1")
        refused("paling banyak 10", *(part(f"Dinas {n}") for n in range(11)))
        refused("dua kali", cast.unit, cast.unit, field="unit_1")
        refused("sekaligus", cast.other_unit, part("A"), field="unit_0")
        refused("pemerintah", part("A"), cast.away_unit, field="unit_1")
        refused("tidak aktif", part("A"), closed, field="unit_1")
        refused("sudah ditutup", part("A"), part("B"), unit=closed)
        refused("tidak aktif", part("A"), unit=closed, goes_on=True, field="happened_on")
        split(by, cast.other_unit, cast.unit, part("A"))
        refused("sudah berakhir karena", part("C"), part("D"))

    def test_only_by_managers(self, cast):
        with pytest.raises(PermissionDenied):
            split(cast[Role.OPD_HEAD], cast.unit, part("A"), goes_on=True)


class TestBelow:
    def test_units_below_are_in_the_way(self, cast, by):
        with pytest.raises(RegistryRefused, match="Pindahkan atau tutup") as refused:
            split(by, cast.unit, part("A"), part("B"))
        assert refused.value.units == [cast.below]

    @pytest.mark.parametrize("below", [1, "above"])
    def test_they_move_together(self, cast, by, below):
        deep = UnitFactory(government=cast.home, parent=cast.below)
        done = split(by, cast.unit, part("A"), part("B"), below=below)
        cast.below.refresh_from_db()
        deep.refresh_from_db()
        parent = done.successors[1] if below == 1 else None
        assert cast.below.parent == parent
        assert deep.lineage == [*([parent.pk] if parent else []), cast.below.pk, deep.pk]
        assert verbs_of(cast.below) == ["unit.edited"]

    def test_the_part_that_stood_below_moves_up(self, cast, by):
        second = UnitFactory(government=cast.home, parent=cast.unit, kind="uptd")
        split(by, cast.unit, cast.below, part("B"), below=0)
        cast.below.refresh_from_db()
        second.refresh_from_db()
        assert (cast.below.parent, second.parent) == (None, cast.below)

    def test_they_move_on_the_day_itself(self, cast, by):
        with pytest.raises(RegistryRefused, match="pada harinya") as refused:
            split(by, cast.unit, part("A"), part("B"), below=1, happened_on=TODAY + timedelta(1))
        assert refused.value.field == "happened_on"
