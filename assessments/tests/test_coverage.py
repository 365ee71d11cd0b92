"""Who counts towards "all units", and when the last one will have declared."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from assessments.coverage import behind, forecast, partition
from assessments.enums import ZoneStage
from assessments.models import ZonePredicate
from assessments.queries.coverage import Coverage, coverage
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    NamedUnitFactory,
    NamingDecreeFactory,
)
from opd.enums import SuccessionKind, UnitKind
from opd.models import Government, Unit, UnitKindRule, UnitSuccession
from opd.tests.factories import GovernmentFactory, UnitFactory

TODAY = date(2026, 11, 21)


class TestBehind:
    def test_a_counted_unit_stands_for_itself_even_with_heirs(self) -> None:
        assert behind([1], counted={1, 2}, heirs={1: [2]}) == {1}

    def test_a_closed_unit_is_represented_through_any_number_of_mergers(self) -> None:
        assert behind([1], counted={3}, heirs={1: [2], 2: [3]}) == {3}

    def test_two_ways_to_one_unit_are_one(self) -> None:
        assert behind([1, 2, 3], counted={3}, heirs={1: [3], 2: [3]}) == {3}

    def test_a_circle_ends(self) -> None:
        assert behind([1], counted={9}, heirs={1: [2], 2: [1]}) == set()

    def test_closed_without_heir_is_nobody(self) -> None:
        assert behind([1], counted={2}, heirs={}) == set()

    @given(
        st.lists(st.integers(0, 8)),
        st.sets(st.integers(0, 8)),
        st.dictionaries(st.integers(0, 8), st.lists(st.integers(0, 8), max_size=3)),
    )
    def test_never_more_than_the_counted(self, ids: list, counted: set, heirs: dict) -> None:
        found = behind(ids, counted=counted, heirs=heirs)
        assert found <= counted
        assert counted & set(ids) <= found
        assert behind(found, counted=counted, heirs=heirs) == found


class TestForecast:
    def test_nothing_declared_has_no_pace(self) -> None:
        assert forecast(total=10, first_days=[], today=TODAY).finish is None

    def test_all_declared_needs_none(self) -> None:
        done = forecast(total=2, first_days=[TODAY, TODAY], today=TODAY)
        assert (done.remaining, done.finish) == (0, None)

    def test_acts_of_long_ago_give_no_pace(self) -> None:
        """The truth about records that end: silence, not a date in the next century."""
        old = [date(2019, 9, 16)] * 5
        found = forecast(total=88, first_days=old, today=TODAY)
        assert (found.remaining, found.finish) == (83, None)

    def test_half_in_a_year_needs_another_year(self) -> None:
        first = [TODAY - timedelta(days=365)] * 10
        found = forecast(total=20, first_days=first, today=TODAY)
        assert found.finish == TODAY + timedelta(days=365)
        assert found.pace_per_year == 10

    def test_only_the_last_24_months_count(self) -> None:
        days = [TODAY - timedelta(days=3000)] * 50 + [TODAY - timedelta(days=100)] * 10
        found = forecast(total=70, first_days=days, today=TODAY)
        assert found.finish == TODAY + timedelta(days=730)

    def test_the_first_day_does_not_promise_tomorrow(self) -> None:
        found = forecast(total=20, first_days=[TODAY] * 10, today=TODAY)
        assert found.finish == TODAY + timedelta(days=90)

    def test_a_day_in_the_future_is_no_pace(self) -> None:
        assert forecast(total=2, first_days=[TODAY + timedelta(1)], today=TODAY).finish is None

    @pytest.mark.parametrize(("target", "late"), [(2027, True), (2028, False), (None, False)])
    def test_late_is_after_the_target_year(self, target: int | None, late: bool) -> None:
        first = [TODAY - timedelta(days=365)] * 5
        found = forecast(total=10, first_days=first, today=date(2027, 6, 1))
        assert found.finish is not None
        assert found.finish.year == 2028
        assert found.is_late(target) is late


@pytest.fixture
def home(db: None) -> Government:
    government = GovernmentFactory(zone_target_year=2027)
    for kind in UnitKind.values:
        UnitKindRule.objects.create(
            government=government, unit_kind=kind, counts=kind != UnitKind.SEKOLAH
        )
    return government


def units(home: Government, number: int, **facts: Any) -> list[Unit]:
    return [UnitFactory(government=home, **facts) for _ in range(number)]


def declare(home: Government, rows: list[Unit], *, on: date = TODAY, state: str = "closed") -> Any:
    trait = {} if state == "draft" else {state: True}
    act = DeclarationFactory(government=home, held_on=on, **trait)
    for unit in rows:
        DeclarationUnitFactory(declaration=act, unit=unit)
    return act


def name(home: Government, rows: list[Unit]) -> None:
    decree = NamingDecreeFactory(government=home)
    for unit in rows:
        NamedUnitFactory(decree=decree, unit=unit)


def read(home: Government) -> Coverage:
    return coverage(home, TODAY)


def test_declared_twice_counts_once(home: Government) -> None:
    a, b, _c = units(home, 3)
    first = declare(home, [a, b], on=date(2025, 1, 1))
    second = declare(home, [b, a], on=date(2026, 1, 1))
    found = read(home)
    assert (found.counted, found.declared, found.undeclared) == (3, 2, 1)
    assert [(act.pk, act.units, act.fresh, act.total) for act in found.acts] == [
        (first.pk, 2, 2, 2),
        (second.pk, 2, 0, 2),
    ]


def test_only_closed_declarations_count(home: Government) -> None:
    a, b, c = units(home, 3)
    declare(home, [a], state="draft")
    declare(home, [b], state="open")
    found = read(home)
    assert found.declared == 0
    assert [(row.unit, row.tone) for row in found.waiting] == [
        (c, "info"),
        (a, "warn"),
        (b, "warn"),
    ]
    assert "draf" in found.waiting[1].why
    assert "menunggu tanda tangan" in found.waiting[2].why


def test_declared_and_named_are_told_apart(home: Government) -> None:
    a, b, c, d = units(home, 4)
    declare(home, [a, b])
    name(home, [b, c])
    found = read(home)
    assert (found.declared, found.named, found.committed, found.undeclared) == (2, 2, 1, 2)
    assert [row.unit for row in found.waiting] == [d, c]
    assert "ditetapkan" in found.waiting[1].why


def merge(old: Unit, new: Unit, kind: str = SuccessionKind.MERGED) -> None:
    old.active_to = date(2026, 1, 1)
    old.save()
    UnitSuccession.objects.create(
        government=old.government,
        predecessor=old,
        successor=new,
        kind=kind,
        happened_on=date(2026, 1, 2),
    )


def test_a_merged_unit_counts_through_its_successor(home: Government) -> None:
    old, new, other = units(home, 3)
    declare(home, [old])
    name(home, [old])
    merge(old, new)
    found = read(home)
    assert (found.counted, found.declared, found.named) == (2, 1, 1)
    assert [row.unit for row in found.waiting] == [other]


def test_both_halves_of_a_merger_are_one_unit(home: Government) -> None:
    a, b, new = units(home, 3)
    declare(home, [a], on=date(2025, 1, 1))
    declare(home, [b, new], on=date(2025, 6, 1))
    merge(a, new)
    merge(b, new)
    found = read(home)
    assert (found.counted, found.declared) == (1, 1)
    assert [act.fresh for act in found.acts] == [1, 0]


def test_a_split_promises_nothing_for_the_new_units(home: Government) -> None:
    old, new = units(home, 2)
    declare(home, [old])
    merge(old, new, SuccessionKind.SPLIT)
    found = read(home)
    assert (found.counted, found.declared, found.uncounted) == (1, 0, 1)


def test_kinds_that_do_not_count_are_left_out_and_said(home: Government) -> None:
    (school,) = units(home, 1, kind=UnitKind.SEKOLAH)
    units(home, 1)
    declare(home, [school])
    found = read(home)
    assert (found.counted, found.declared, found.uncounted) == (1, 0, 1)


def test_a_kind_that_covers_those_below(home: Government) -> None:
    UnitKindRule.objects.filter(unit_kind=UnitKind.KECAMATAN).update(covers_below=True)
    above = UnitFactory(government=home, kind=UnitKind.KECAMATAN)
    UnitFactory(government=home, kind=UnitKind.KELURAHAN, parent=above)
    UnitFactory(government=home, kind=UnitKind.KELURAHAN)
    declare(home, [above])
    found = read(home)
    assert (found.counted, found.declared) == (2, 1)


def test_a_unit_counted_through_the_one_above_declares_for_itself_only(home: Government) -> None:
    UnitKindRule.objects.filter(unit_kind=UnitKind.KECAMATAN).update(covers_below=True)
    above = UnitFactory(government=home, kind=UnitKind.KECAMATAN)
    small = UnitFactory(government=home, kind=UnitKind.KELURAHAN, parent=above)
    declare(home, [small])
    found = read(home)
    assert (found.counted, found.declared) == (1, 0)
    assert (found.uncounted, found.covered) == (0, 1)


def test_on_the_road_and_predicates(home: Government) -> None:
    a, b, c, d = units(home, 4)
    IntegrityZoneFactory(unit=a, stage=ZoneStage.BUILDING)
    IntegrityZoneFactory(unit=b, stage=ZoneStage.COMMITTED)
    for unit, revoked in ((c, None), (d, date(2026, 1, 1))):
        zone = IntegrityZoneFactory(unit=unit, stage=ZoneStage.DECIDED)
        ZonePredicate.objects.create(
            government=home,
            zone=zone,
            predicate="wbk",
            year=2025,
            state="revoked" if revoked else "active",
            reason="Perkara pungutan liar" if revoked else "",
            revoked_on=revoked,
        )
    found = read(home)
    assert (found.on_the_road, found.holders, found.committed) == (1, 1, 1)


def test_the_zone_of_a_closed_unit_is_history(home: Government) -> None:
    open_, closed = units(home, 2)
    for unit in (open_, closed):
        IntegrityZoneFactory(unit=unit, stage=ZoneStage.BUILDING)
    heir = units(home, 1)[0]
    closed.active_to = date(2026, 1, 1)
    closed.save(update_fields=["active_to"])
    UnitSuccession.objects.create(
        government=home,
        predecessor=closed,
        successor=heir,
        kind=SuccessionKind.MERGED,
        happened_on=TODAY,
    )
    assert read(home).on_the_road == 1


def test_the_kind_furthest_behind_comes_first(home: Government) -> None:
    declare(home, units(home, 2, kind=UnitKind.DINAS))
    units(home, 1, kind=UnitKind.DINAS)
    units(home, 2, kind=UnitKind.PUSKESMAS)
    rows = read(home).kinds
    assert [(r.kind, r.counted, r.declared, r.waiting) for r in rows] == [
        ("puskesmas", 2, 0, 2),
        ("dinas", 3, 2, 1),
    ]


def test_the_parts_add_up(home: Government) -> None:
    rows = units(home, 6)
    declare(home, rows[:3])
    name(home, rows[2:5])
    found = read(home)
    for row in found.kinds:
        assert row.declared + row.named + row.holders + row.waiting == row.counted
    assert sum(row.declared for row in found.kinds) == found.declared
    assert len(found.waiting) == found.undeclared


@given(
    st.sets(st.integers(0, 8)),
    st.sets(st.integers(0, 12)),
    st.sets(st.integers(0, 12)),
    st.sets(st.integers(0, 12)),
)
def test_every_counted_unit_stands_in_one_part(
    counted: set[int], declared: set[int], named: set[int], holders: set[int]
) -> None:
    parts = partition(counted, declared=declared, named=named, holders=holders)
    rows = [parts.declared, parts.named_only, parts.holders_only, parts.committed]
    assert sum(map(len, rows)) == len(counted)
    assert frozenset().union(*rows) == counted
    assert parts.committed == counted - declared - named - holders


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_kinds_and_waiting_say_what_the_headline_says(
    home: Government, facts: list[tuple[bool, bool, bool]]
) -> None:
    with transaction.atomic():
        rows = units(home, len(facts))
        declare(home, [unit for unit, fact in zip(rows, facts, strict=True) if fact[0]])
        name(home, [unit for unit, fact in zip(rows, facts, strict=True) if fact[1]])
        for unit, fact in zip(rows, facts, strict=True):
            if fact[2]:
                zone = IntegrityZoneFactory(unit=unit, stage=ZoneStage.DECIDED)
                ZonePredicate.objects.create(government=home, zone=zone, predicate="wbk", year=2025)
        found = read(home)
        transaction.set_rollback(True)
    assert sum(row.counted for row in found.kinds) == found.counted
    assert sum(row.waiting for row in found.kinds) == found.committed
    assert sum(row.tone in ("info", "warn") for row in found.waiting) == found.committed
    assert len(found.waiting) == found.undeclared
    for row in found.kinds:
        assert row.declared + row.named + row.holders + row.waiting == row.counted


def test_acts_of_one_phase_are_one_row(home: Government) -> None:
    a, b, c = units(home, 3)
    for rows in ([a, b], [b, c]):
        declare(home, rows, on=date(2025, 3, 1))
    phased = DeclarationFactory(
        government=home, held_on=date(2026, 1, 1), phase_number=2, phase_label="Dua", closed=True
    )
    again = DeclarationFactory(
        government=home, held_on=date(2026, 2, 1), phase_number=2, closed=True
    )
    for act in (phased, again):
        DeclarationUnitFactory(declaration=act, unit=a)
    name(home, [b])
    found = read(home).phases
    assert [(row.label, row.is_year, row.declared, row.named) for row in found] == [
        ("2025", True, 3, 0),
        ("2 · Dua", False, 1, 0),
        ("2026", True, 0, 1),
    ]


def test_another_government_changes_nothing(home: Government) -> None:
    units(home, 2)
    away = GovernmentFactory()
    declare(away, units(away, 3))
    found = read(home)
    assert (found.counted, found.declared, found.acts) == (2, 0, [])


@pytest.mark.parametrize("number", [2, 7])
def test_the_same_number_of_reads(
    number: int, home: Government, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        declare(home, units(home, 2))
        name(home, units(home, 2))
    with django_assert_num_queries(6):
        read(home)
