"""Tree, search, what counts, what still hangs: against brute force and the demonstration's names."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings as hypothesis_settings, strategies as st
from hypothesis.extra.django import TestCase

from opd.actions import units as actions
from opd.coverage import KindRule, standing
from opd.enums import Role
from opd.models import Unit, UnitKindRule
from opd.queries import loose_ends, units as queries
from opd.queries.unit_search import search_units
from opd.registry import RegistryRefused
from opd.tests.factories import GovernmentFactory, MembershipFactory, ServiceFactory, UnitFactory

TODAY = date(2026, 11, 21)


def brute_lineage(unit_id: int, parents: dict[int, int | None]) -> list[int]:
    path: list[int] = []
    here: int | None = unit_id
    while here is not None:
        path.insert(0, here)
        here = parents[here]
    return path


class LineageHolds(TestCase):
    """Random moves: every path equals the one walked by hand; circles never come about."""

    @hypothesis_settings(max_examples=15, deadline=None)
    @given(st.integers(0, 2**32 - 1))
    def test_moves(self, seed):
        chance = random.Random(seed)  # noqa: S311
        government = GovernmentFactory()
        by = MembershipFactory(government=government)
        units = [UnitFactory(government=government)]
        for _n in range(9):
            parent = chance.choice([*units, None])
            deep = parent is not None and len(parent.lineage) > 4
            units.append(UnitFactory(government=government, parent=None if deep else parent))
        for _n in range(12):
            unit, parent = chance.choice(units), chance.choice([*units, None])
            unit.refresh_from_db()
            circle = parent is not None and unit.pk in Unit.objects.get(pk=parent.pk).lineage
            move = {"kind": unit.kind, "code": "", "parent": parent, "active_from": None}
            refused = False
            try:
                actions.edit_unit(by=by, unit=unit, today=date(2026, 11, 21), **move)
            except RegistryRefused as error:
                refused = "8" not in str(error)
            assert refused == circle
        rows = dict(Unit.objects.values_list("pk", "parent_id"))
        for unit in Unit.objects.all():
            assert unit.lineage == brute_lineage(unit.pk, rows)


class CountingHolds(TestCase):
    """The query for what counts equals the pure rule, unit by unit."""

    @hypothesis_settings(max_examples=15, deadline=None)
    @given(st.integers(0, 2**32 - 1))
    def test_counted(self, seed):
        chance = random.Random(seed)  # noqa: S311
        government = GovernmentFactory()
        kinds = ["dinas", "kecamatan", "kelurahan", "uptd"]
        rules = {}
        for kind in kinds[: chance.randint(1, 4)]:
            counts = chance.random() < 0.7
            rules[kind] = KindRule(counts, counts and chance.random() < 0.5)
            UnitKindRule.objects.create(
                government=government,
                unit_kind=kind,
                counts=rules[kind].counts,
                covers_below=rules[kind].covers_below,
            )
        units: list[Unit] = []
        for _n in range(12):
            units.append(
                UnitFactory(
                    government=government,
                    kind=chance.choice(kinds),
                    parent=chance.choice([*units, None]),
                    active_to=TODAY - timedelta(days=1) if chance.random() < 0.2 else None,
                )
            )
        by_id = {unit.pk: unit for unit in units}
        expected = {
            unit.pk
            for unit in units
            if unit.active_to is None
            and standing(
                unit.kind,
                [(pk, by_id[pk].kind) for pk in unit.lineage[:-1] if by_id[pk].active_to is None],
                rules,
            ).counts
        }
        counted = queries.counted_units(government.pk, on=TODAY)
        assert sorted(counted.values_list("pk", flat=True)) == sorted(expected)


@pytest.mark.django_db
class TestCounting:
    def test_a_kecamatan_does_not_cover_its_kelurahan_unless_stated(self):
        government = GovernmentFactory()
        rule = UnitKindRule.objects.create(government=government, unit_kind="kecamatan")
        UnitKindRule.objects.create(government=government, unit_kind="kelurahan")
        above = UnitFactory(government=government, kind="kecamatan")
        for _n in range(3):
            UnitFactory(government=government, kind="kelurahan", parent=above)
        assert queries.counted_units(government.pk, on=TODAY).count() == 4
        rule.covers_below = True
        rule.save()
        assert list(queries.counted_units(government.pk, on=TODAY)) == [above]
        above.active_to = TODAY - timedelta(days=1)
        above.save()
        assert queries.counted_units(government.pk, on=TODAY).count() == 3

    def test_each_day_has_its_own_units(self):
        government = GovernmentFactory()
        UnitKindRule.objects.create(government=government, unit_kind="dinas")
        UnitFactory(government=government, active_to=TODAY)
        UnitFactory(government=government, active_from=TODAY + timedelta(days=1))
        counts = [
            queries.counted_units(government.pk, on=TODAY + timedelta(days=n)).count()
            for n in (-1, 0, 1, 2)
        ]
        assert counts == [1, 1, 1, 1]


@pytest.fixture
def renamed(cast):
    """Barenlitbang became Bappeda in 2022."""
    unit = UnitFactory(
        government=cast.home,
        kind="badan",
        name="Badan Perencanaan Pembangunan, Penelitian dan Pengembangan Daerah",
        short_name="Barenlitbang",
        code="5.01",
    )
    unit.names.update(valid_to=date(2022, 1, 1), valid_to_precision="year")
    unit.name, unit.short_name = "Badan Perencanaan Pembangunan Daerah", "Bappeda"
    unit.save()
    unit.names.create(government=cast.home, name=unit.name, short_name=unit.short_name)
    return unit


class TestSearch:
    @pytest.mark.parametrize(
        ("text", "former"),
        [
            ("Bappeda", ""),
            ("bappeda", ""),
            ("Barenlitbang", "Barenlitbang"),
            ("baren", "Barenlitbang"),
            ("barenlitbng", "Barenlitbang"),
            ("  BÄRENLITBANG ", "Barenlitbang"),
            ("penelitian", "Barenlitbang"),
            ("Badan Perencanaan", ""),
            ("perencanan", ""),
            ("5.01", ""),
            ("5.", ""),
        ],
    )
    def test_both_names_find_the_unit(self, cast, renamed, text, former):
        found = search_units(cast[Role.ZI_SECRETARIAT], text=text, today=TODAY)
        assert [row.unit for row in found] == [renamed]
        assert found[0].former == former

    @pytest.mark.parametrize("text", ["xyzzy", "%", "_", "'", "<b>", "\\", "\x00"])
    def test_nothing(self, cast, renamed, text):
        if text == "\x00":
            text = text.strip("\x00") or "zzzz"
        assert search_units(cast[Role.ZI_SECRETARIAT], text=text, today=TODAY) == []

    def test_best_first(self, cast):
        names = ["Dinas Sosial", "Bagian Dinas Sosial Lain", "Sosial"]
        for name in names:
            UnitFactory(government=cast.home, name=name)
        found = search_units(cast[Role.ZI_SECRETARIAT], text="sosial", today=TODAY)
        assert found[0].unit.name == "Sosial"
        assert len(found) == 3

    def test_only_the_own_branch(self, cast):
        def names(role, **kw):
            found = search_units(cast[role], today=TODAY, **kw)
            return {row.unit.name for row in found}

        assert names(Role.OPD_HEAD) == {"Dinas Satu", "UPTD Satu"}
        assert names(Role.OPD_HEAD, text="dinas") == {"Dinas Satu"}
        assert "Dinas Jauh" not in names(Role.MAYOR)
        assert names(Role.MAYOR, kind="uptd") == {"UPTD Satu"}

    def test_closed_ones_when_asked(self, cast):
        cast.other_unit.active_to = TODAY - timedelta(days=1)
        cast.other_unit.save()

        def found(state):
            rows = search_units(cast[Role.MAYOR], text="dinas dua", state=state, today=TODAY)
            return {row.unit for row in rows}

        assert cast.other_unit not in found("active")
        assert found("closed") == {cast.other_unit}
        assert cast.other_unit in found("")


class TestTree:
    def test_in_order_with_depth_and_counts(self, cast):
        UnitFactory(government=cast.home, name="Sekretariat", kind="sekretariat_daerah")
        nodes = queries.unit_tree(cast[Role.MAYOR], today=TODAY)
        assert [(n.unit.name, n.depth, n.below) for n in nodes] == [
            ("Sekretariat", 0, 0),
            ("Dinas Dua", 0, 0),
            ("Dinas Satu", 0, 1),
            ("UPTD Satu", 1, 0),
        ]

    def test_a_branch_begins_at_its_own_top(self, cast):
        below = MembershipFactory(
            government=cast.home, role=Role.OPD_OPERATOR, unit=cast.below, title="Operator"
        )
        nodes = queries.unit_tree(below, today=TODAY)
        assert [(n.unit, n.depth) for n in nodes] == [(cast.below, 0)]

    @pytest.mark.parametrize("size", [2, 7, 60])
    def test_costs_the_same(self, cast, size):
        for _n in range(size):
            UnitFactory(government=cast.home, parent=cast.unit)
        with CaptureQueriesContext(connection) as asked:
            queries.unit_tree(cast[Role.MAYOR], today=TODAY)
        assert len(asked) == 2


def test_loose_ends_are_counted_and_nothing_moves(cast):
    ServiceFactory(unit=cast.unit)
    MembershipFactory(
        government=cast.home,
        unit=cast.unit,
        role=Role.OPD_OPERATOR,
        title="Sudah pergi",
        valid_to=TODAY - timedelta(days=1),
    )
    ends = loose_ends.loose_ends([cast.unit.pk, cast.below.pk], after=TODAY)
    assert [end.count for end in ends[cast.unit.pk]] == [4, 1]
    assert ends[cast.below.pk] == []
