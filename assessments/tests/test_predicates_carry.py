"""What a predicate carries with it, and since when building counts."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from assessments.actions import outcomes, predicates
from assessments.actions.zones import correct_building_since, record_award, start_building
from assessments.enums import ZoneStage
from assessments.models import IntegrityZone, ZonePredicate
from assessments.tests.decided_attempts import AWARD, DAY, NOW, REFUSAL, decide, zone_of
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    NamedUnitFactory,
)
from assessments.tests.factories_journey import AttemptFactory, PredicateFactory
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


class TestWhatAPredicateCarries:
    """A predicate that goes takes along what stood by it alone."""

    def test_a_struck_wbk_sends_the_road_to_wbbm_back(self, cast: Any, boss: Any) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.NAMED)
        row = record_award(
            unit=cast.unit, predicate="wbk", year=2024, by=boss, source="Arsip", now=NOW
        )
        wbbm = outcomes.open_wbbm(unit=cast.unit, since=DAY, by=boss, now=NOW)
        predicates.strike(predicate=row, reason="Unit lain", by=boss, now=NOW)
        wbbm.refresh_from_db()
        zone.refresh_from_db()
        assert (wbbm.target, wbbm.stage) == ("wbk", ZoneStage.BUILDING)

    def test_so_does_a_decision_that_is_taken_back(
        self, cast: Any, boss: Any, attempt: Any
    ) -> None:
        decide(attempt, AWARD, boss)
        wbbm = outcomes.open_wbbm(unit=cast.unit, since=DAY, by=boss, now=NOW)
        outcomes.correct_decision(attempt=attempt, reason="Unit lain", by=boss, now=NOW)
        wbbm.refresh_from_db()
        assert wbbm.target == "wbk"

    @pytest.mark.parametrize("stage", ["committed", "declared", "named"])
    def test_a_struck_entry_puts_the_zone_back_where_it_stood(
        self, cast: Any, boss: Any, stage: str
    ) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage=stage)
        row = record_award(
            unit=cast.unit, predicate="wbk", year=2024, by=boss, source="Arsip", now=NOW
        )
        predicates.strike(predicate=row, reason="Unit lain", by=boss, now=NOW)
        zone.refresh_from_db()
        assert zone.stage == stage

    def test_wbbm_presupposes_wbk(self, cast: Any, boss: Any) -> None:
        with pytest.raises(StepRefused, match="catat WBK-nya dahulu"):
            record_award(
                unit=cast.unit, predicate="wbbm", year=2024, by=boss, source="Arsip", now=NOW
            )
        assert not ZonePredicate.objects.exists()

    def test_a_waiting_decision_is_recorded_where_it_waits(
        self, cast: Any, boss: Any, attempt: Any
    ) -> None:
        with pytest.raises(StepRefused, match="bersama pengusulannya"):
            record_award(
                unit=cast.unit, predicate="wbk", year=2026, by=boss, source="Arsip", now=NOW
            )

    def test_the_history_says_what_a_corrected_decision_was(self, boss: Any, attempt: Any) -> None:
        decide(attempt, REFUSAL, boss)
        outcomes.correct_decision(attempt=attempt, reason="Salah unit", by=boss, now=NOW)
        note = zone_of(attempt).steps.get(name="correct_decision").note
        assert "Salah unit" in note
        assert "S-1/2026" in note
        assert "Survei di bawah batas" in note


def both(cast: Any, by: Any) -> tuple[ZonePredicate, ZonePredicate]:
    """WBK of 2022 and WBBM of 2024."""
    wbk = record_award(unit=cast.unit, predicate="wbk", year=2022, by=by, source="Arsip", now=NOW)
    IntegrityZone.objects.filter(pk=wbk.zone_id).update(closed_on=date(2023, 1, 2))
    return wbk, record_award(
        unit=cast.unit, predicate="wbbm", year=2024, by=by, source="Arsip", now=NOW
    )


REVOCATION = {"revoked_on": DAY, "number": "PAN-9/2026", "reason": "Perkara pungli", "now": NOW}


class TestRevokedWithWbbm:
    def test_wbbm_goes_with_the_wbk_it_stands_on(
        self, cast: Any, boss: Any, client_as: Any
    ) -> None:
        rows = both(cast, boss)
        predicates.revoke(predicate=rows[0], by=boss, **REVOCATION)
        for row in rows:
            row.refresh_from_db()
            said = (row.state, row.revoked_on, row.revocation_number, row.reason)
            assert said == ("revoked", DAY, "PAN-9/2026", "Perkara pungli")
            assert [step.name for step in row.steps.all()] == ["revoke"]
        entries = LedgerEntry.objects.filter(verb="predicate.revoke").order_by("pk")
        assert [entry.subject_id for entry in entries] == [str(row.pk) for row in rows]
        text = client_as(boss).get(reverse("assessments:predicates")).content.decode()
        for row in rows:
            assert reverse("assessments:predicate", args=[row.pk]) in text

    def test_it_is_said_before_anybody_confirms(self, cast: Any, boss: Any, client_as: Any) -> None:
        wbk, wbbm = both(cast, boss)
        client = client_as(boss)
        page = reverse("assessments:predicate_revoke", args=[wbk.pk])
        text = client.get(page).content.decode()
        assert f"WBBM 2024 {cast.unit.name} ikut dicabut" in text
        assert "Catat pencabutan WBK dan WBBM" in text
        answer = client.post(page, {"revoked_on": "9/12/2026", "reason": ""})
        assert "ikut dicabut" in answer.content.decode()
        alone = reverse("assessments:predicate_revoke", args=[wbbm.pk])
        assert "ikut dicabut" not in client.get(alone).content.decode()

    def test_wbk_stays_when_wbbm_alone_is_revoked(self, cast: Any, boss: Any) -> None:
        wbk, wbbm = both(cast, boss)
        predicates.revoke(predicate=wbbm, by=boss, **REVOCATION)
        wbk.refresh_from_db()
        assert wbk.state == "active"

    def test_another_wbk_in_force_carries_it(self, cast: Any, boss: Any) -> None:
        wbk, wbbm = both(cast, boss)
        record_award(unit=cast.unit, predicate="wbk", year=2023, by=boss, source="Arsip", now=NOW)
        predicates.revoke(predicate=wbk, by=boss, **REVOCATION)
        wbbm.refresh_from_db()
        assert wbbm.state == "active"

    def test_who_lost_both_builds_towards_wbk(self, cast: Any, boss: Any) -> None:
        wbk, wbbm = both(cast, boss)
        predicates.revoke(predicate=wbk, by=boss, **REVOCATION)
        zone = outcomes.build_again(zone=wbbm.zone, by=boss, now=NOW)
        assert (zone.stage, zone.target) == (ZoneStage.BUILDING, "wbk")
        assert zone.building_since == NOW.date()

    def test_not_before_wbbm_was_awarded(self, cast: Any, boss: Any) -> None:
        wbk, _wbbm = both(cast, boss)
        early = {**REVOCATION, "revoked_on": date(2023, 12, 31)}
        with pytest.raises(StepRefused, match="meraih WBBM pada 2024"):
            predicates.revoke(predicate=wbk, by=boss, **early)
        assert {row.state for row in ZonePredicate.objects.all()} == {"active"}

    def test_a_wrong_wbk_is_not_struck_from_under_wbbm(self, cast: Any, boss: Any) -> None:
        wbk, wbbm = both(cast, boss)
        with pytest.raises(StepRefused) as refused:
            predicates.strike(predicate=wbk, reason="Salah tahun", by=boss, now=NOW)
        [missing] = refused.value.missing
        assert missing.anchor == reverse("assessments:predicate", args=[wbbm.pk])
        predicates.strike(predicate=wbbm, reason="Salah tahun", by=boss, now=NOW)
        wbk = predicates.strike(predicate=wbk, reason="Salah tahun", by=boss, now=NOW)
        assert wbk.state == "void"


class TestSinceWhen:
    def test_building_begins_after_the_act_that_lets_it(self, cast: Any, boss: Any) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.NAMED)
        NamedUnitFactory(unit=cast.unit, decree__decided_on=date(2026, 2, 1))
        with pytest.raises(StepRefused, match="1 Februari 2026"):
            start_building(zone=zone, by=boss, now=NOW, since=date(2026, 1, 31))
        built = start_building(zone=zone, by=boss, now=NOW, since=date(2026, 2, 1))
        assert built.building_since == date(2026, 2, 1)

    def test_a_declaration_does_not_let_it_begin(self, cast: Any, boss: Any) -> None:
        """Nor one of a unit whose road it continues; only a decree names who builds."""
        DeclarationUnitFactory(
            unit=cast.unit,
            declaration=DeclarationFactory(
                government=cast.home, closed=True, held_on=date(2025, 2, 1)
            ),
        )
        zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.NAMED)
        NamedUnitFactory(unit=cast.unit, decree__decided_on=date(2026, 2, 1))
        with pytest.raises(StepRefused, match="ditetapkan untuk membangun pada 1 Februari 2026"):
            start_building(zone=zone, by=boss, now=NOW, since=date(2025, 2, 1))

    def test_building_towards_wbbm_begins_with_wbk(
        self, cast: Any, boss: Any, attempt: Any
    ) -> None:
        decide(attempt, AWARD, boss)
        with pytest.raises(StepRefused, match="sejak 9 Desember 2026"):
            outcomes.open_wbbm(unit=cast.unit, since=date(2026, 12, 8), by=boss, now=NOW)
        assert outcomes.open_wbbm(unit=cast.unit, since=DAY, by=boss, now=NOW).target == "wbbm"

    @pytest.mark.parametrize("has_zone", [True, False])
    def test_of_an_earlier_wbk_only_the_year_is_known(
        self, cast: Any, boss: Any, has_zone: bool
    ) -> None:
        row = record_award(
            unit=cast.unit, predicate="wbk", year=2024, by=boss, source="Arsip", now=NOW
        )
        if not has_zone:
            IntegrityZone.objects.filter(pk=row.zone_id).update(closed_on=DAY)
        with pytest.raises(StepRefused, match="sejak 2024"):
            outcomes.open_wbbm(unit=cast.unit, since=date(2023, 12, 31), by=boss, now=NOW)
        zone = outcomes.open_wbbm(unit=cast.unit, since=date(2024, 1, 1), by=boss, now=NOW)
        assert zone.building_since == date(2024, 1, 1)


class TestCorrectedSince:
    """A first day that was entered wrongly, while no proposal has gone with it."""

    @pytest.fixture
    def zone(self, cast: Any) -> IntegrityZone:
        NamedUnitFactory(unit=cast.unit, decree__decided_on=date(2025, 2, 1))
        return IntegrityZoneFactory(
            unit=cast.unit, stage=ZoneStage.BUILDING, building_since=date(2026, 2, 1)
        )

    def correct(self, zone: Any, by: Any, **changed: Any) -> IntegrityZone:
        facts = {"since": date(2025, 3, 1), "reason": "Salah tahun", **changed}
        return correct_building_since(zone=zone, by=by, now=NOW, **facts)

    def test_the_history_keeps_what_stood_there(self, boss: Any, zone: Any, client_as: Any) -> None:
        client = client_as(boss)
        page = reverse("assessments:zone_since", args=[zone.pk])
        assert page in client.get(reverse("assessments:zone", args=[zone.pk])).content.decode()
        facts = {"since": "1/3/2025", "reason": "Salah tahun"}
        text = client.post(page, facts, follow=True).content.decode()
        assert "Salah tahun" in text
        assert "1 Februari 2026" in text
        zone.refresh_from_db()
        assert (zone.stage, zone.building_since) == ("building", date(2025, 3, 1))
        entry = LedgerEntry.objects.get(verb="zone.building_since_corrected")
        assert entry.codes == {"before": "2026-02-01", "since": "2025-03-01"}

    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"since": date(2025, 1, 31)}, "1 Februari 2025"),
            ({"since": date(2026, 12, 11)}, "belum tiba"),
            ({"since": date(2026, 2, 1)}, "Belum ada yang berbeda"),
            ({"reason": " "}, "alasan"),
        ],
    )
    def test_refused(self, boss: Any, zone: Any, changed: Any, sentence: str) -> None:
        with pytest.raises(StepRefused, match=sentence):
            self.correct(zone, boss, **changed)
        zone.refresh_from_db()
        assert (zone.building_since, zone.steps.count()) == (date(2026, 2, 1), 0)

    def test_not_after_a_proposal_went_with_it(self, boss: Any, zone: Any) -> None:
        AttemptFactory(
            zone=zone, outcome="not_awarded", decided_on=date(2026, 6, 1), reason="Survei"
        )
        with pytest.raises(StepRefused) as refused:
            self.correct(zone, boss)
        assert refused.value.missing[0].anchor == "proposals"

    def test_who_lost_a_predicate_counts_from_then(self, boss: Any, zone: Any) -> None:
        PredicateFactory(
            zone=zone, state="revoked", revoked_on=date(2025, 12, 1), reason="Perkara pungli"
        )
        with pytest.raises(StepRefused, match="1 Desember 2025"):
            self.correct(zone, boss)

    def test_towards_wbbm_from_the_day_of_wbk(self, cast: Any, boss: Any, attempt: Any) -> None:
        decide(attempt, AWARD, boss)
        wbbm = outcomes.open_wbbm(unit=cast.unit, since=NOW.date(), by=boss, now=NOW)
        with pytest.raises(StepRefused, match="sejak 9 Desember 2026"):
            self.correct(wbbm, boss, since=date(2026, 12, 8))
        assert self.correct(wbbm, boss, since=DAY).building_since == DAY

    @pytest.mark.parametrize("role", [Role.OPD_HEAD, Role.INSPECTORATE, Role.ADMINISTRATOR])
    def test_nobody_else(self, cast: Any, zone: Any, role: str) -> None:
        with pytest.raises(StepRefused):
            self.correct(zone, cast[role])


def test_nothing_is_sent_back_while_wbk_is_in_force(cast: Any, boss: Any) -> None:
    record_award(unit=cast.unit, predicate="wbk", year=2024, by=boss, source="Arsip", now=NOW)
    IntegrityZone.objects.filter(unit=cast.unit).update(closed_on=DAY)
    IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.BUILDING, target="wbbm")
    assert outcomes.send_back(unit=cast.unit, reason="Uji", by=boss, now=NOW) == []
