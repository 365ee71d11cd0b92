"""Decided is not the end: awards, refusals, building again, WBBM, revocation, corrections."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from assessments import zoning
from assessments.actions import outcomes, predicates
from assessments.actions.outcomes import Decision
from assessments.actions.predicates import Round
from assessments.enums import AttemptOutcome, PredicateState, ZoneStage
from assessments.models import IntegrityZone, PredicateCheck, ZoneAttempt, ZonePredicate
from assessments.monitoring import checklist
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
NOW = datetime(2026, 12, 10, 3, tzinfo=UTC)
DAY = date(2026, 12, 9)
AWARD = Decision("awarded", DAY, "1234 Tahun 2026")
REFUSAL = Decision("not_awarded", DAY, "S-1/2026", "Survei di bawah batas")


@pytest.fixture
def attempt(cast: Any) -> ZoneAttempt:
    return AttemptFactory(zone__unit=cast.unit, zone__building_since=date(2025, 1, 2))


def decide(attempt: ZoneAttempt, decision: Decision, by: Any) -> ZoneAttempt:
    return outcomes.decide(attempt=attempt, decision=decision, by=by, now=NOW)


def zone_of(attempt: ZoneAttempt) -> IntegrityZone:
    return IntegrityZone.objects.get(pk=attempt.zone_id)


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


class TestRegister:
    def test_revoked_with_day_and_reason_and_built_anew_from_then(
        self, boss: Any, attempt: Any
    ) -> None:
        decide(attempt, AWARD, boss)
        row = ZonePredicate.objects.get()
        predicates.revoke(
            predicate=row, revoked_on=DAY, number="9", reason="Perkara pungli", by=boss, now=NOW
        )
        row.refresh_from_db()
        assert (row.state, row.revoked_on) == (PredicateState.REVOKED, DAY)
        again = outcomes.build_again(zone=zone_of(attempt), by=boss, now=NOW)
        assert again.building_since == date(2026, 12, 10)

    def test_who_was_on_the_way_to_wbbm_goes_back_with_what_waited(
        self, cast: Any, boss: Any, attempt: Any
    ) -> None:
        decide(attempt, AWARD, boss)
        zone = outcomes.open_wbbm(unit=cast.unit, since=DAY, by=boss, now=NOW)
        IntegrityZone.objects.filter(pk=zone.pk).update(stage=ZoneStage.NATIONAL_REVIEW)
        waiting = AttemptFactory(zone=zone, target="wbbm")

        predicates.revoke(
            predicate=ZonePredicate.objects.get(),
            revoked_on=DAY,
            number="",
            reason="Perkara pungli",
            by=boss,
            now=NOW,
        )

        zone.refresh_from_db()
        waiting.refresh_from_db()
        assert (zone.stage, zone.target) == (ZoneStage.BUILDING, "wbk")
        assert (waiting.outcome, waiting.reason) == ("dropped", "Perkara pungli")

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"revoked_on": date(2026, 12, 11)}, "belum tiba"),
            ({"revoked_on": date(2024, 1, 1)}, "mendahului pemberian"),
            ({"reason": " "}, "alasan"),
        ],
    )
    def test_a_revocation_is_refused(
        self, cast: Any, boss: Any, values: Any, sentence: str
    ) -> None:
        row = PredicateFactory(zone__unit=cast.unit)
        facts = {"revoked_on": DAY, "number": "9", "reason": "Perkara", **values}
        with pytest.raises(StepRefused, match=sentence):
            predicates.revoke(predicate=row, by=boss, now=NOW, **facts)

    def test_watched_and_cleared_with_reasons(self, cast: Any) -> None:
        row = PredicateFactory(zone__unit=cast.unit)
        inspector = cast[Role.INSPECTORATE]
        row = predicates.watch(predicate=row, reason="Laporan warga", by=inspector, now=NOW)
        assert (row.state, row.reason) == (PredicateState.WATCHED, "Laporan warga")
        row = predicates.clear(predicate=row, reason="Tidak terbukti", by=inspector, now=NOW)
        assert (row.state, row.reason) == (PredicateState.ACTIVE, "")
        assert [step.note for step in row.steps.order_by("pk")] == [
            "Laporan warga",
            "Tidak terbukti",
        ]

    def test_struck_when_recorded_in_error_and_then_for_ever(self, cast: Any, boss: Any) -> None:
        row = PredicateFactory(zone__unit=cast.unit)
        predicates.strike(predicate=row, reason="Unit lain", by=boss, now=NOW)
        PredicateFactory(zone=row.zone)
        with pytest.raises(DatabaseError), transaction.atomic():
            ZonePredicate.objects.filter(pk=row.pk).update(state="active", reason="")
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()

    def test_one_that_was_decided_is_not_struck(self, boss: Any, attempt: Any) -> None:
        decide(attempt, AWARD, boss)
        with pytest.raises(StepRefused, match="tarik kembali keputusannya"):
            predicates.strike(predicate=ZonePredicate.objects.get(), reason="x", by=boss, now=NOW)

    def test_it_survives_renaming_and_merging(
        self, cast: Any, boss: Any, attempt: Any, client_as: Any
    ) -> None:
        decide(attempt, AWARD, boss)
        heir = UnitFactory(government=cast.home, name="Dinas Penerus")
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
        text = client_as(boss).get(reverse("assessments:predicates")).content.decode()
        assert cast.unit.name in text
        assert "diambil alih oleh Dinas Penerus" in text
        heirs_zone = IntegrityZone.objects.get(unit=heir)
        with pytest.raises(StepRefused) as refused:
            outcomes.build_again(zone=heirs_zone, by=boss, now=NOW)
        assert "memegang WBK" in refused.value.missing[0].sentence

    @pytest.mark.parametrize(
        "values", [{"state": "revoked"}, {"revoked_on": DAY}, {"state": "watched"}]
    )
    def test_half_a_state_is_refused_by_the_database(self, cast: Any, values: Any) -> None:
        row = PredicateFactory(zone__unit=cast.unit)
        with pytest.raises(IntegrityError), transaction.atomic():
            ZonePredicate.objects.filter(pk=row.pk).update(**values)


class TestChecks:
    def entered(self, **values: Any) -> Round:
        answers = {point.code: "good" for point in checklist().points}
        answers |= values.pop("answers", {})
        return Round(**{"checked_on": DAY, "answers": answers, **values})

    def test_a_round_is_kept_for_ever(self, cast: Any) -> None:
        row = PredicateFactory(zone__unit=cast.unit)
        entered = self.entered(answers={"complaints": "concern"}, note="Dua pengaduan terlambat")
        check = predicates.record_check(
            predicate=row, entered=entered, by=cast[Role.INSPECTORATE], now=NOW
        )
        assert check.concerns == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            PredicateCheck.objects.update(note="")
        assert LedgerEntry.objects.filter(verb="predicate.checked").count() == 1

    @pytest.mark.parametrize("state", ["revoked", "void"])
    def test_what_is_not_in_force_is_not_monitored(
        self, cast: Any, client_as: Any, state: str
    ) -> None:
        day = DAY if state == "revoked" else None
        row = PredicateFactory(
            zone__unit=cast.unit, state=state, revoked_on=day, reason="Perkara pungli"
        )
        page = reverse("assessments:predicate_check", args=[row.pk])
        facts = {f"point_{point.code}": "good" for point in checklist().points}
        facts |= {"checked_on": "1/2/2026", "note": "Catatan saya"}
        text = client_as(cast[Role.INSPECTORATE]).post(page, facts).content.decode()
        assert "tidak dipantau lagi" in text
        assert "Catatan saya" in text
        assert not PredicateCheck.objects.exists()

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"checked_on": date(2024, 12, 31)}, "diberikan pada 2025"),
            ({"answers": {"no_case": ""}}, "Jawab setiap butir"),
            ({"answers": {"other": "good"}}, "Jawab setiap butir"),
            ({"answers": {"no_case": "concern"}}, "apa yang perlu perhatian"),
            ({"checked_on": date(2026, 12, 11)}, "belum tiba"),
        ],
    )
    def test_refused(self, cast: Any, values: Any, sentence: str) -> None:
        row = PredicateFactory(zone__unit=cast.unit)
        with pytest.raises(StepRefused, match=sentence):
            predicates.record_check(
                predicate=row,
                entered=self.entered(**values),
                by=cast[Role.INSPECTORATE],
                now=NOW,
            )

    def test_the_form_keeps_every_answer_when_one_is_missing(
        self, cast: Any, client_as: Any
    ) -> None:
        row = PredicateFactory(zone__unit=cast.unit)
        page = reverse("assessments:predicate_check", args=[row.pk])
        answer = client_as(cast[Role.INSPECTORATE]).post(
            page, {"checked_on": "9/12/2026", "point_no_case": "good", "note": "Catatan saya"}
        )
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Catatan saya" in text
        assert 'value="good" id="id_point_no_case_0" checked' in " ".join(text.split()) or (
            "checked" in text
        )


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
