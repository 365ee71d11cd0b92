"""The register of predicates: revoked, watched, struck, monitored by a checklist."""

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from assessments.actions import outcomes, predicates
from assessments.actions.predicates import Round
from assessments.enums import PredicateState, ZoneStage
from assessments.models import IntegrityZone, PredicateCheck, ZonePredicate
from assessments.monitoring import checklist
from assessments.tests.decided_attempts import AWARD, DAY, NOW, decide, zone_of
from assessments.tests.factories_journey import AttemptFactory, PredicateFactory
from integrity_portal.core.models import LedgerEntry
from opd.actions.units import merge_units
from opd.enums import Role
from opd.models import Unit
from opd.tests.factories import UnitFactory
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


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
