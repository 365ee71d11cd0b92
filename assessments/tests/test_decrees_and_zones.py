"""Decrees name units; predicates of the past; who sees which zone and what comes next."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from assessments.actions.decrees import register_decree
from assessments.actions.zones import name_units, record_award, start_building
from assessments.enums import ZoneStage
from assessments.models import IntegrityZone, NamingDecree, ZonePredicate
from assessments.queries.decrees import decree_of
from assessments.queries.zones import next_steps, zone_list, zone_of
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    NamedUnitFactory,
    NamingDecreeFactory,
)
from assessments.tests.factories_journey import AttemptFactory
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Unit
from opd.transitions import StepRefused

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def register(cast: Any, units: list[Any], **changed: Any) -> NamingDecree:
    facts = {
        "number": "188.45/1/2026",
        "decided_on": date(2026, 4, 1),
        "unit_ids": [unit.pk for unit in units],
        "by": cast[Role.ZI_SECRETARIAT],
        "now": NOW,
    } | changed
    return register_decree(**facts)


def test_a_decree_names_its_units_in_order(cast: Any) -> None:
    IntegrityZoneFactory(unit=cast.below, stage=ZoneStage.DECLARED)
    IntegrityZoneFactory(unit=cast.other_unit, stage=ZoneStage.BUILDING)
    decree = register(cast, [cast.other_unit, cast.unit, cast.below])
    assert [row.unit for row in decree.units.order_by("position")] == [
        cast.other_unit,
        cast.unit,
        cast.below,
    ]
    assert dict(IntegrityZone.objects.values_list("unit_id", "stage")) == {
        cast.unit.pk: ZoneStage.NAMED,
        cast.below.pk: ZoneStage.NAMED,
        cast.other_unit.pk: ZoneStage.BUILDING,
    }
    entry = LedgerEntry.objects.get(verb="decree.registered")
    assert entry.codes == {"units": 3}


def test_name_units_again_changes_nothing(cast: Any) -> None:
    decree = NamingDecreeFactory(government=cast.home)
    NamedUnitFactory(decree=decree, unit=cast.unit)
    for _again in range(2):
        with transaction.atomic():
            name_units(decree=decree, by=None, now=NOW)
    assert IntegrityZone.objects.get().steps.count() == 1


def test_a_number_is_registered_once(cast: Any) -> None:
    register(cast, [cast.unit])
    with pytest.raises(StepRefused, match="sudah terdaftar"):
        register(cast, [cast.below])
    assert NamingDecree.objects.count() == 1


@pytest.mark.parametrize("which", [[], ["away_unit"], ["unit", "away_unit"]])
def test_only_units_of_the_own_government(which: list[str], cast: Any) -> None:
    with pytest.raises(StepRefused, match="sekurangnya satu unit"):
        register(cast, [getattr(cast, name) for name in which])
    assert not NamingDecree.objects.exists()


@pytest.mark.parametrize("role", [r for r in Role.values if r != Role.ZI_SECRETARIAT])
def test_nobody_else_registers(role: str, cast: Any) -> None:
    with pytest.raises(StepRefused):
        register(cast, [cast.unit], by=cast[role])


def test_an_earlier_predicate_opens_the_zone_and_decides_it(cast: Any) -> None:
    boss = cast[Role.ZI_SECRETARIAT]
    row = record_award(unit=cast.unit, predicate="wbk", year=2022, by=boss, source="Arsip", now=NOW)
    assert row.zone.unit == cast.unit
    assert IntegrityZone.objects.get().stage == ZoneStage.DECIDED
    with pytest.raises(StepRefused, match="sudah dicatat"):
        record_award(unit=cast.unit, predicate="wbk", year=2022, by=boss, source="Arsip", now=NOW)
    record_award(unit=cast.unit, predicate="wbbm", year=2024, by=boss, source="Arsip", now=NOW)
    assert LedgerEntry.objects.filter(verb="predicate.recorded").count() == 2


class TestOnlyOlderThanTheRoadHere:
    """An earlier predicate is no way around building, proposal and decision."""

    def record(self, cast: Any, **changed: Any) -> ZonePredicate:
        facts = {"predicate": "wbk", "year": 2022, "source": "Arsip", **changed}
        return record_award(unit=cast.unit, by=cast[Role.ZI_SECRETARIAT], now=NOW, **facts)

    @pytest.mark.parametrize("stage", ["building", "proposed", "national_review"])
    @pytest.mark.parametrize("year", [2022, 2026])
    def test_who_builds_goes_by_proposal_and_decision(
        self, cast: Any, stage: str, year: int
    ) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage=stage)
        with pytest.raises(StepRefused, match="bersama pengusulannya") as refused:
            self.record(cast, year=year)
        assert [item.anchor for item in refused.value.missing] == ["proposals"]
        zone.refresh_from_db()
        assert (zone.stage, ZonePredicate.objects.count()) == (stage, 0)

    def test_so_does_who_was_decided_by_an_attempt(self, cast: Any) -> None:
        AttemptFactory(
            zone=IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.DECIDED),
            outcome="not_awarded",
            decided_on=date(2026, 5, 30),
            reason="Survei",
        )
        with pytest.raises(StepRefused, match="bersama pengusulannya"):
            self.record(cast)

    def test_a_decree_number_or_a_source_is_needed(self, cast: Any) -> None:
        with pytest.raises(StepRefused, match="nomor keputusan"):
            self.record(cast, source=" ")
        assert self.record(cast, source="", decree_number="1/2022").decree_number == "1/2022"

    def test_not_of_a_year_that_lies_ahead(self, cast: Any) -> None:
        with pytest.raises(StepRefused, match="belum tiba"):
            self.record(cast, year=2027)

    @pytest.mark.parametrize("stage", ["declared", "named"])
    def test_of_this_year_only_without_a_road_here(self, cast: Any, stage: str) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage=stage)
        with pytest.raises(StepRefused, match="bersama pengusulannya"):
            self.record(cast, year=2026)
        assert self.record(cast, year=2025).zone == zone

    def test_of_this_year_for_a_unit_that_never_walked_here(self, cast: Any) -> None:
        assert self.record(cast, year=2026).year == 2026

    @pytest.mark.parametrize(("first", "second"), [("wbk", "wbbm"), ("wbbm", "wbk")])
    def test_not_both_in_one_year(self, cast: Any, first: str, second: str) -> None:
        self.record(cast, year=2020)
        self.record(cast, predicate=first, year=2024)
        with pytest.raises(StepRefused, match="dalam satu tahun"):
            self.record(cast, predicate=second, year=2024)

    def test_the_form_says_so_with_a_link_and_keeps_what_was_typed(
        self, cast: Any, client_as: Any
    ) -> None:
        IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.BUILDING)
        facts = {"unit": cast.unit.pk, "predicate": "wbk", "year": "2022", "source": "Berita lama"}
        client = client_as(cast[Role.ZI_SECRETARIAT])
        text = client.post(reverse("assessments:predicate_new"), facts).content.decode()
        assert "bersama pengusulannya" in text
        assert reverse("assessments:proposals") in text
        assert "Berita lama" in text


@pytest.mark.parametrize("role", [r for r in Role.values if r != Role.ZI_SECRETARIAT])
def test_nobody_else_records_predicates(role: str, cast: Any) -> None:
    with pytest.raises(StepRefused):
        record_award(
            unit=cast.unit, predicate="wbk", year=2022, by=cast[role], source="Arsip", now=NOW
        )
    assert not ZonePredicate.objects.exists()


def test_predicates_of_another_government_are_refused(cast: Any) -> None:
    boss = cast[Role.ZI_SECRETARIAT]
    with pytest.raises(StepRefused):
        record_award(
            unit=cast.away_unit, predicate="wbk", year=2022, by=boss, source="Arsip", now=NOW
        )


class TestWhoSees:
    def test_units_see_only_their_branch(self, cast: Any) -> None:
        zones = [
            IntegrityZoneFactory(unit=unit)
            for unit in (cast.unit, cast.below, cast.other_unit, cast.away_unit)
        ]
        own, below, other, away = zones
        unit_roles = {
            Role.OPD_HEAD,
            Role.OPD_OPERATOR,
            Role.LIAISON_OFFICER,
            Role.TPN_REVIEWER,
        }
        for role in Role.values:
            seen = set(zone_list(cast[role]))
            assert seen == ({own, below} if role in unit_roles else {own, below, other}), role
            assert zone_of(cast[role], away.pk) is None

    def test_reviewers_see_only_decrees_of_their_branch(self, cast: Any) -> None:
        own, other = (NamingDecreeFactory(government=cast.home) for _ in range(2))
        NamedUnitFactory(decree=own, unit=cast.below)
        NamedUnitFactory(decree=other, unit=cast.other_unit)
        reviewer = cast[Role.TPN_REVIEWER]
        assert decree_of(reviewer, own.pk)
        assert decree_of(reviewer, other.pk) is None
        assert decree_of(cast[Role.OPD_OPERATOR], other.pk)
        assert decree_of(cast.away_offices[Role.MAYOR], own.pk) is None


def named(unit: Unit) -> IntegrityZone:
    NamedUnitFactory(unit=unit)
    return IntegrityZoneFactory(unit=unit, stage=ZoneStage.NAMED)


class TestNextSteps:
    def test_a_committed_zone_lacks_its_acts(self, cast: Any) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.COMMITTED)
        steps = next_steps(zone, cast[Role.ZI_SECRETARIAT], NOW.date())
        assert [(s.name, len(s.missing), s.is_mine) for s in steps] == [
            ("declare", 1, False),
            ("name", 1, False),
        ]

    @pytest.mark.parametrize(
        ("role", "mine"),
        [(Role.OPD_HEAD, True), (Role.ZI_SECRETARIAT, True), (Role.OPD_OPERATOR, False)],
    )
    def test_a_named_zone_is_built_by_head_or_secretariat(
        self, role: str, mine: bool, cast: Any
    ) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.NAMED)
        (step,) = next_steps(zone, cast[role], NOW.date())
        assert (step.name, step.is_mine) == ("start_building", mine)

    def test_after_building_the_proposal_says_what_is_missing(self, cast: Any) -> None:
        zone = named(cast.unit)
        built = start_building(zone=zone, by=cast[Role.ZI_SECRETARIAT], now=NOW)
        (step,) = next_steps(built, cast[Role.ZI_SECRETARIAT], NOW.date())
        assert (step.name, step.by_button) == ("propose", False)
        assert any("SPIP" in item.sentence for item in step.missing)

    def test_a_closed_unit_builds_nothing(self, cast: Any) -> None:
        boss = cast[Role.ZI_SECRETARIAT]
        zone = named(cast.unit)
        cast.unit.active_to = NOW.date()
        cast.unit.save()
        assert next_steps(zone, boss, NOW.date())[0].missing == ()
        (step,) = next_steps(zone, boss, NOW.date() + timedelta(days=1))
        assert "ditutup" in step.missing[0].sentence
        with pytest.raises(StepRefused, match="kurang"):
            start_building(zone=zone, by=boss, now=NOW + timedelta(days=1))

    def test_a_declared_unit_builds_only_when_a_decree_names_it(
        self, cast: Any, client_as: Any
    ) -> None:
        """Several acts may concern it: declared in 2019, named in 2023, declared again."""
        boss = cast[Role.ZI_SECRETARIAT]
        zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.DECLARED)
        (step,) = next_steps(zone, boss, NOW.date())
        assert (step.name, step.by_button) == ("name", False)
        assert [item.anchor for item in step.missing] == ["decrees"]
        with pytest.raises(StepRefused) as refused:
            start_building(zone=zone, by=cast[Role.OPD_HEAD], now=NOW)
        assert [item.anchor for item in refused.value.missing] == ["decrees"]
        page = client_as(boss).post(
            reverse("assessments:zone_build", args=[zone.pk]), {"since": "1/6/2026"}
        )
        assert page.status_code == 422
        text = page.content.decode()
        assert "Belum ada SK terdaftar" in text
        assert reverse("assessments:decrees") in text

        decree = NamingDecreeFactory(government=cast.home, decided_on=date(2023, 1, 2))
        NamedUnitFactory(decree=decree, unit=cast.unit)
        name_units(decree=decree, by=boss, now=NOW)
        act = DeclarationFactory(government=cast.home, closed=True, held_on=date(2024, 1, 2))
        DeclarationUnitFactory(declaration=act, unit=cast.unit)
        zone.refresh_from_db()
        built = start_building(zone=zone, by=boss, now=NOW, since=date(2023, 1, 2))
        assert built.stage == ZoneStage.BUILDING
