"""Decided is not the end: awards, refusals, building again, WBBM, revocation, corrections."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from assessments import zoning
from assessments.actions import outcomes
from assessments.actions.outcomes import Decision
from assessments.enums import AttemptOutcome, PredicateState, ZoneStage
from assessments.models import IntegrityZone, ZoneAttempt, ZonePredicate
from assessments.tests.decided_attempts import AWARD, DAY, NOW, REFUSAL, decide, zone_of
from assessments.tests.factories import IntegrityZoneFactory
from assessments.tests.factories_journey import AttemptFactory, PredicateFactory
from assessments.workflow import ZONE
from integrity_portal.core.models import LedgerEntry
from opd.actions.units import merge_units
from opd.enums import Role
from opd.models import Unit
from opd.tests.factories import UnitFactory
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


class TestDeciding:
    def test_an_award_enters_the_register(self, cast: Any, boss: Any, attempt: Any) -> None:
        row = decide(attempt, AWARD, boss)
        assert (row.outcome, row.decided_on) == (AttemptOutcome.AWARDED, DAY)
        assert zone_of(attempt).stage == ZoneStage.DECIDED
        held = ZonePredicate.objects.get()
        assert (held.predicate, held.year, held.printed_name) == ("wbk", 2026, cast.unit.name)
        assert (held.decree_number, held.attempt_id) == ("1234 Tahun 2026", attempt.pk)
        verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
        assert {"zone.award", "attempt.decided", "predicate.recorded"} <= verbs

    @pytest.mark.parametrize("outcome", ["not_awarded", "dropped"])
    def test_who_was_not_awarded_builds_again_and_the_attempt_stays(
        self, cast: Any, boss: Any, attempt: Any, outcome: str
    ) -> None:
        decide(attempt, Decision(outcome, DAY, "", "Survei di bawah batas"), boss)
        assert not ZonePredicate.objects.exists()

        again = outcomes.build_again(zone=zone_of(attempt), by=cast[Role.OPD_HEAD], now=NOW)

        assert (again.stage, again.building_since) == (ZoneStage.BUILDING, date(2025, 1, 2))
        assert ZoneAttempt.objects.get().reason == "Survei di bawah batas"

    def test_a_holder_does_not_build_again_for_the_same(self, boss: Any, attempt: Any) -> None:
        decide(attempt, AWARD, boss)
        with pytest.raises(StepRefused) as refused:
            outcomes.build_again(zone=zone_of(attempt), by=boss, now=NOW)
        assert "memegang WBK" in refused.value.missing[0].sentence

    @pytest.mark.parametrize(
        ("decision", "sentence"),
        [
            (Decision("awarded", date(2026, 12, 11), "1"), "belum tiba"),
            (Decision("awarded", date(2026, 5, 19), "1"), "tidak mungkin mendahuluinya"),
            (Decision("awarded", DAY, " "), "nomor keputusan menteri"),
            (Decision("not_awarded", DAY, "1", " "), "Tuliskan mengapa unit tidak"),
        ],
    )
    def test_refused(self, boss: Any, attempt: Any, decision: Any, sentence: str) -> None:
        with pytest.raises(StepRefused, match=sentence):
            decide(attempt, decision, boss)
        assert zone_of(attempt).stage == ZoneStage.NATIONAL_REVIEW

    def test_two_people_decide_once(self, boss: Any, attempt: Any) -> None:
        decide(attempt, REFUSAL, boss)
        with pytest.raises(StepRefused, match="Muat ulang"):
            decide(attempt, AWARD, boss)
        assert not ZonePredicate.objects.exists()

    def test_before_the_review_one_can_only_drop_out(self, cast: Any, boss: Any) -> None:
        waiting = AttemptFactory(zone__unit=cast.unit, zone__stage=ZoneStage.PROPOSED)
        with pytest.raises(StepRefused):
            decide(waiting, AWARD, boss)
        outcomes.start_review(zone=waiting.zone, by=boss, now=NOW)
        assert decide(waiting, AWARD, boss).outcome == AttemptOutcome.AWARDED

    @pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.ZI_SECRETARIAT}))
    def test_nobody_else_decides_or_corrects(self, cast: Any, attempt: Any, role: str) -> None:
        with pytest.raises(StepRefused):
            decide(attempt, AWARD, cast[role])
        decide(attempt, AWARD, None)
        with pytest.raises(StepRefused):
            outcomes.correct_decision(attempt=attempt, reason="Salah", by=cast[role], now=NOW)


class TestCorrecting:
    def test_a_wrong_award_waits_again_and_its_predicate_is_struck(
        self, boss: Any, attempt: Any
    ) -> None:
        decide(attempt, AWARD, boss)
        outcomes.correct_decision(attempt=attempt, reason="Unit lain", by=boss, now=NOW)

        attempt.refresh_from_db()
        assert (attempt.outcome, attempt.decided_on) == (AttemptOutcome.PENDING, None)
        assert zone_of(attempt).stage == ZoneStage.NATIONAL_REVIEW
        struck = ZonePredicate.objects.get()
        assert (struck.state, struck.reason) == (PredicateState.VOID, "Unit lain")
        decide(attempt, AWARD, boss)
        assert ZonePredicate.objects.real().count() == 1
        assert LedgerEntry.objects.filter(verb="attempt.decision_corrected").count() == 1

    def test_only_with_a_reason_and_only_the_newest(self, boss: Any, attempt: Any) -> None:
        with pytest.raises(StepRefused, match="keputusan terbaru"):
            outcomes.correct_decision(attempt=attempt, reason="Salah", by=boss, now=NOW)
        decide(attempt, REFUSAL, boss)
        with pytest.raises(StepRefused, match="apa yang salah"):
            outcomes.correct_decision(attempt=attempt, reason=" ", by=boss, now=NOW)

    def test_not_once_the_unit_builds_again(self, boss: Any, attempt: Any) -> None:
        decide(attempt, REFUSAL, boss)
        outcomes.build_again(zone=zone_of(attempt), by=boss, now=NOW)
        with pytest.raises(StepRefused):
            outcomes.correct_decision(attempt=attempt, reason="Salah", by=boss, now=NOW)


class TestWbbm:
    def test_a_holder_opens_a_zone_and_keeps_the_predicate(
        self, cast: Any, boss: Any, attempt: Any
    ) -> None:
        decide(attempt, AWARD, boss)
        zone = outcomes.open_wbbm(unit=cast.unit, since=DAY, by=cast[Role.OPD_HEAD], now=NOW)

        assert (zone.target, zone.stage, zone.building_since) == ("wbbm", "building", DAY)
        before = zone_of(attempt)
        assert before.closed_on == max(DAY, before.opened_on)
        assert ZonePredicate.objects.in_force().count() == 1
        with pytest.raises(StepRefused, match="sudah membangun menuju WBBM"):
            outcomes.open_wbbm(unit=cast.unit, since=DAY, by=boss, now=NOW)

    def test_without_wbk_there_is_no_wbbm(self, cast: Any, boss: Any, attempt: Any) -> None:
        with pytest.raises(StepRefused, match="masih dalam perjalanan"):
            outcomes.open_wbbm(unit=cast.unit, since=DAY, by=boss, now=NOW)
        decide(attempt, REFUSAL, boss)
        with pytest.raises(StepRefused) as refused:
            outcomes.open_wbbm(unit=cast.unit, since=DAY, by=boss, now=NOW)
        assert "memegang WBK" in refused.value.missing[0].sentence
        assert IntegrityZone.objects.filter(unit=cast.unit).count() == 1

    def test_a_head_opens_his_own_only(self, cast: Any, boss: Any) -> None:
        PredicateFactory(zone__unit=cast.other_unit)
        with pytest.raises(StepRefused):
            outcomes.open_wbbm(unit=cast.other_unit, since=DAY, by=cast[Role.OPD_HEAD], now=NOW)


def test_a_merged_unit_hands_its_waiting_attempt_on(cast: Any, boss: Any, attempt: Any) -> None:
    heir = UnitFactory(government=cast.home)
    Unit.objects.filter(pk=cast.below.pk).update(parent=None, lineage=[cast.below.pk])
    merge_units(
        by=boss,
        units=[cast.unit],
        into=heir,
        happened_on=date(2026, 12, 10),
        basis="Perda 1/2026",
        now=NOW,
        today=date(2026, 12, 10),
    )
    attempt.refresh_from_db()
    zone = IntegrityZone.objects.get(unit=heir)
    carried = ZoneAttempt.objects.get(zone=zone)
    assert attempt.outcome == AttemptOutcome.DROPPED
    assert "penerusnya melanjutkan" in attempt.reason
    assert (carried.outcome, carried.carried_from_id) == (AttemptOutcome.PENDING, attempt.pk)
    assert (zone.stage, zone.building_since) == (ZoneStage.NATIONAL_REVIEW, date(2025, 1, 2))
    assert decide(carried, AWARD, boss).outcome == AttemptOutcome.AWARDED


def test_a_zone_that_never_began_does_not_end(cast: Any, boss: Any) -> None:
    zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.BUILDING)
    with pytest.raises(StepRefused):
        outcomes.build_again(zone=zone, by=boss, now=NOW)


class TestEndedZone:
    """Whatever its stage, nothing new begins on a zone that has ended."""

    STEPS = (
        "start_building",
        "record_award",
        "propose",
        "start_review",
        "build_again",
        "correct_building",
        "start_wbbm",
        "fall_back",
    )

    @pytest.mark.parametrize("name", STEPS)
    def test_no_step_begins(self, cast: Any, boss: Any, name: str) -> None:
        step = ZONE.get(name)
        zone = IntegrityZoneFactory(
            unit=cast.unit, stage=sorted(step.sources)[0], closed_on=date(2026, 12, 1)
        )
        with pytest.raises(StepRefused) as refused:
            zoning.perform(name, zone, by=boss, now=NOW)
        assert refused.value.missing[0].sentence.startswith(
            "Zona ini berakhir pada 1 Desember 2026"
        )
        zone.refresh_from_db()
        assert not zone.steps.exists()

    def test_it_is_said_on_the_page(self, cast: Any, boss: Any, client_as: Any) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage="decided", closed_on=date(2026, 12, 1))
        page = reverse("assessments:zone_build_again", args=[zone.pk])
        text = client_as(boss).post(page, follow=True).content.decode()
        assert "Zona ini berakhir pada 1 Desember 2026" in text

    def test_a_decision_that_was_taken_back_is_still_recorded(
        self, cast: Any, boss: Any, attempt: Any
    ) -> None:
        decide(attempt, AWARD, boss)
        IntegrityZone.objects.filter(pk=attempt.zone_id).update(closed_on=DAY)
        outcomes.correct_decision(attempt=attempt, reason="Salah nomor", by=boss, now=NOW)
        assert decide(attempt, REFUSAL, boss).outcome == AttemptOutcome.NOT_AWARDED


def test_nobody_falls_back_while_wbk_is_in_force(cast: Any, boss: Any) -> None:
    PredicateFactory(zone__unit=cast.unit, zone__closed_on=date(2026, 12, 1))
    zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.BUILDING, target="wbbm")
    with pytest.raises(StepRefused) as refused:
        outcomes.fall_back(zone=zone, reason="Salah", by=boss, now=NOW)
    assert "masih memegang WBK" in refused.value.missing[0].sentence
