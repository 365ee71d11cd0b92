"""Opening, scoring, deciding, correcting: who may, what is refused, and what stays for ever."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from assessments.actions.pilot_decisions import correct_decision, decide_round
from assessments.actions.pilots import (
    Cell,
    discard_round,
    open_round,
    score_units,
)
from assessments.enums import PilotRoundState
from assessments.models import (
    ChosenUnit,
    PilotCandidate,
    PilotDecision,
    PilotRound,
    PilotScore,
)
from assessments.permissions import PILOT_SCORERS
from assessments.queries.pilots import matrix_of
from assessments.tests.factories_preparation import FACTORS
from assessments.tests.pilot_pages import GOOD, STRONG, TODAY, WEAK, facts, opened, round_with
from assessments.workflow import PILOT_ROUND
from integrity_portal.core.formatting import date_id
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Unit
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.usefixtures("counted")

THREE = {"Dinas Kuat": STRONG, "Dinas Baik": GOOD, "Dinas Lemah": WEAK}


@pytest.fixture
def arena(cast: Cast) -> tuple[PilotRound, list[Unit]]:
    return round_with(cast.home, THREE)


def decide(cast: Cast, row: PilotRound, units: list[Unit], **more: Any) -> PilotDecision:
    by = more.pop("by", cast[Role.ZI_SECRETARIAT])
    return decide_round(round_=row, facts=facts(units, **more), by=by, now=timezone.now())


class TestOpening:
    def test_a_round_with_its_candidates_and_factors(self, cast: Cast) -> None:
        row = opened([cast.unit, cast.other_unit], cast[Role.ZI_SECRETARIAT])
        assert (row.factor_set, row.factor_set_sha256) == (FACTORS.code, FACTORS.sha256)
        names = set(row.candidates.values_list("printed_name", flat=True))
        assert names == {"Dinas Satu", "Dinas Dua"}
        entry = LedgerEntry.objects.get(verb="pilot_round.opened")
        assert entry.codes["units"] == 2

    def test_a_second_press_finds_the_first(self, cast: Cast) -> None:
        key = uuid4()
        one = opened([cast.unit], cast[Role.ZI_SECRETARIAT], form_key=key)
        two = opened([cast.unit], cast[Role.ZI_SECRETARIAT], form_key=key)
        assert one.pk == two.pk

    def test_a_used_key_of_another_government_opens_nothing(self, cast: Cast) -> None:
        key = uuid4()
        opened([cast.unit], cast[Role.ZI_SECRETARIAT], form_key=key)
        away = cast.away_offices[Role.ZI_SECRETARIAT]
        with pytest.raises(StepRefused, match="terpakai"):
            opened([cast.away_unit], away, form_key=key)

    @pytest.mark.parametrize(
        ("changed", "said"), [({"title": " "}, "judul"), ({"unit_ids": []}, "yang dihitung")]
    )
    def test_what_is_missing(self, cast: Cast, changed: dict, said: str) -> None:
        with pytest.raises(StepRefused, match=said):
            opened([cast.unit], cast[Role.ZI_SECRETARIAT], **changed)

    def test_no_foreign_and_no_closed_units(self, cast: Cast) -> None:
        closed = UnitFactory(government=cast.home, active_to=TODAY() - timedelta(days=1))
        for unit in (cast.away_unit, closed):
            with pytest.raises(StepRefused):
                opened([cast.unit, unit], cast[Role.ZI_SECRETARIAT])

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ZI_SECRETARIAT}))
    def test_only_the_secretariat(self, cast: Cast, role: Role) -> None:
        with pytest.raises(StepRefused, match="sekretariat ZI"):
            open_round(
                title="x",
                year=2026,
                unit_ids=[cast.unit.pk],
                scored=True,
                form_key=uuid4(),
                by=cast[role],
                now=timezone.now(),
            )


class TestScoring:
    def give(self, cast: Cast, row: PilotRound, cells: dict, **more: Any) -> Any:
        by = more.get("by", cast[Role.PLANNER])
        return score_units(round_=row, cells=cells, by=by, now=timezone.now())

    def test_only_touched_cells_are_written(self, cast: Cast, arena: Any) -> None:
        row, units = arena
        saved = self.give(
            cast,
            row,
            {
                (units[0].pk, "money"): Cell(5, 5),
                (units[1].pk, "money"): Cell(1, 4, "Diperiksa", ""),
                (units[2].pk, "money"): Cell(None, 2),
            },
        )
        assert saved.changed == 2
        found = dict(PilotScore.objects.filter(factor="money").values_list("unit", "value"))
        assert found == {units[0].pk: 5, units[1].pk: 1, units[2].pk: None}
        changed = PilotScore.objects.get(unit=units[1], factor="money")
        assert (changed.note, changed.scored_by) == ("Diperiksa", cast[Role.PLANNER])
        entry = LedgerEntry.objects.get(verb="pilot_round.scored")
        assert entry.codes == {"cells": 2, "factor": "money", "units": 3}

    def test_somebody_faster_is_named_not_overwritten(self, cast: Cast, arena: Any) -> None:
        row, units = arena
        key = (units[0].pk, "money")
        self.give(cast, row, {key: Cell(3, 5)})
        saved = self.give(cast, row, {key: Cell(2, 5)}, by=cast[Role.INSPECTORATE])
        assert saved.changed == 0
        assert saved.conflicts[key].value == 3
        assert self.give(cast, row, {key: Cell(3, 5)}).conflicts == {}

    @pytest.mark.parametrize("value", [0, 6, -1])
    def test_only_the_scale(self, cast: Cast, arena: Any, value: int) -> None:
        row, units = arena
        with pytest.raises(StepRefused, match="1 sampai 5"):
            self.give(cast, row, {(units[0].pk, "money"): Cell(value, 5)})

    def test_no_other_unit_and_no_other_factor(self, cast: Cast, arena: Any) -> None:
        row, units = arena
        for key in ((cast.unit.pk, "money"), (units[0].pk, "horoscope")):
            with pytest.raises(StepRefused, match="bukan bagian"):
                self.give(cast, row, {key: Cell(3, None)})

    @pytest.mark.parametrize("role", sorted(set(Role) - PILOT_SCORERS))
    def test_nobody_else_scores(self, cast: Cast, arena: Any, role: Role) -> None:
        row, units = arena
        with pytest.raises(StepRefused):
            self.give(cast, row, {(units[0].pk, "money"): Cell(3, 5)}, by=cast[role])


class TestDeciding:
    def test_the_decision_closes_the_round(self, cast: Cast, arena: Any) -> None:
        row, units = arena
        decision = decide(cast, row, units[:2])
        row.refresh_from_db()
        assert row.state == PilotRoundState.DECIDED
        chosen = decision.units.order_by("position")
        assert [(each.printed_name, each.place, each.is_against) for each in chosen] == [
            ("Dinas Kuat", 1, False),
            ("Dinas Baik", 2, False),
        ]
        assert row.steps.get().name == "decide"
        verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
        assert {"pilot_round.decide", "pilot_round.decision_recorded"} <= verbs

    def test_against_the_order_only_with_a_reason(self, cast: Cast, arena: Any) -> None:
        row, units = arena
        with pytest.raises(StepRefused) as caught:
            decide(cast, row, [units[2]])
        assert [item.anchor for item in caught.value.missing] == ["against_reason"]
        assert PilotRound.objects.get(pk=row.pk).is_open
        decision = decide(cast, row, [units[2]], against_reason="Pelayanan di wilayah")
        assert decision.units.get().is_against

    def test_it_needs_its_paper_and_its_day(self, cast: Cast, arena: Any) -> None:
        row, units = arena
        with pytest.raises(StepRefused) as caught:
            decide(cast, row, units[:2], decree_number=" ", precision="year")
        assert [item.anchor for item in caught.value.missing] == ["decree_number", "decided"]
        assert PilotRound.objects.get(pk=row.pk).is_open

    def test_neither_vulnerable_nor_ready_always_needs_a_reason(
        self, cast: Cast, arena: Any
    ) -> None:
        """Even where the order leaves nobody else: all three are chosen."""
        row, units = arena
        with pytest.raises(StepRefused) as caught:
            decide(cast, row, units)
        [missing] = caught.value.missing
        assert missing.anchor == "against_reason"
        assert missing.sentence.startswith("Dinas Lemah: tidak rawan dan tidak siap")
        decision = decide(cast, row, units, against_reason="Permintaan warga")
        assert [each.is_against for each in decision.units.order_by("position")] == [
            False,
            False,
            True,
        ]

    def test_not_before_the_day_of_scoring(self, cast: Cast, arena: Any) -> None:
        row, units = arena
        began = timezone.localdate(row.scores.order_by("scored_at")[0].scored_at)
        with pytest.raises(StepRefused) as caught:
            decide(cast, row, units[:1], decided_on=began - timedelta(days=1))
        [missing] = caught.value.missing
        assert (missing.anchor, date_id(began) in missing.sentence) == ("decided", True)
        assert decide(cast, row, units[:1], decided_on=began).decided_on == began

    def test_a_decision_of_the_past_without_scores_has_no_first_day(self, cast: Cast) -> None:
        row = opened([cast.unit], cast[Role.ZI_SECRETARIAT], scored=False)
        assert decide(cast, row, [cast.unit], decided_on=date(2021, 9, 1))

    @pytest.mark.parametrize(
        ("changed", "anchor"),
        [
            ({"unit_ids": []}, "units"),
            ({"unit_ids": [0]}, "units"),
            ({"decided_on": TODAY() + timedelta(days=40)}, "decided"),
        ],
    )
    def test_what_is_missing(self, cast: Cast, arena: Any, changed: dict, anchor: str) -> None:
        row, units = arena
        with pytest.raises(StepRefused) as caught:
            decide(cast, row, [units[0]], **changed)
        assert [item.anchor for item in caught.value.missing] == [anchor]

    def test_a_second_press_is_the_first_decision(self, cast: Cast, arena: Any) -> None:
        row, units = arena
        assert decide(cast, row, units[:1]).pk == decide(cast, row, units[:1]).pk
        with pytest.raises(StepRefused):
            decide(cast, row, units[:2])

    def test_a_decision_without_scores_needs_no_order(self, cast: Cast) -> None:
        row = opened([cast.unit, cast.other_unit], cast[Role.ZI_SECRETARIAT], scored=False)
        decision = decide(cast, row, [cast.other_unit])
        assert (decision.units.get().place, decision.units.get().is_against) == (None, False)
        assert matrix_of(PilotRound.objects.get(pk=row.pk)).rows == []

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ZI_SECRETARIAT}))
    def test_only_the_secretariat(self, cast: Cast, arena: Any, role: Role) -> None:
        row, units = arena
        with pytest.raises(StepRefused, match="sekretariat ZI"):
            decide(cast, row, units[:1], by=cast[role])

    def test_another_governments_round_is_not_found(self, cast: Cast, arena: Any) -> None:
        row, units = arena
        with pytest.raises(PilotRound.DoesNotExist):
            decide(cast, row, units[:1], by=cast.away_offices[Role.ZI_SECRETARIAT])


class TestTheRoundStays:
    @pytest.fixture
    def decided(self, cast: Cast, arena: Any) -> tuple[PilotRound, list[Unit]]:
        row, units = arena
        decide(cast, row, units[:1])
        row.refresh_from_db()
        return row, units

    def test_nothing_of_it_can_be_changed_by_sql(self, decided: Any) -> None:
        row, units = decided
        spare = UnitFactory(government=row.government)
        for act in (
            lambda: PilotScore.objects.filter(round=row).update(value=1),
            lambda: PilotScore.objects.filter(round=row).delete(),
            lambda: PilotCandidate.objects.filter(round=row).delete(),
            lambda: PilotCandidate.objects.create(
                government=row.government, round=row, unit=spare, printed_name="x"
            ),
            lambda: PilotScore.objects.create(
                government=row.government,
                round=row,
                unit=units[0],
                factor="weather",
                value=3,
                scored_at=timezone.now(),
            ),
            lambda: PilotRound.objects.filter(pk=row.pk).update(state="open"),
            lambda: PilotRound.objects.filter(pk=row.pk).update(title="lain"),
            lambda: PilotDecision.objects.update(decree_number="x"),
            lambda: ChosenUnit.objects.all().delete(),
        ):
            with pytest.raises(InternalError), transaction.atomic():
                act()

    def test_no_row_wanders_from_an_open_round_into_a_closed_one(
        self, cast: Cast, decided: Any
    ) -> None:
        other, _units = round_with(cast.home, {"Dinas Lain": GOOD})
        with pytest.raises(InternalError), transaction.atomic():
            PilotScore.objects.filter(round=other).update(round=decided[0])

    def test_scores_are_refused_with_a_sentence(self, cast: Cast, decided: Any) -> None:
        row, units = decided
        with pytest.raises(StepRefused, match="ditutup"):
            score_units(
                round_=row,
                cells={(units[0].pk, "money"): Cell(3, 5)},
                by=cast[Role.PLANNER],
                now=timezone.now(),
            )

    def test_a_correction_is_a_decision_of_its_own(self, cast: Cast, decided: Any) -> None:
        row, units = decided
        second = self.correct(cast, row, facts(units[:2]), "Satu unit tertinggal")
        assert second.number == 2
        first = row.decisions.get(number=1)
        assert [each.unit for each in first.units.all()] == units[:1]
        assert set(second.units.values_list("unit", flat=True)) == {u.pk for u in units[:2]}
        entry = LedgerEntry.objects.get(verb="pilot_round.decision_corrected")
        assert entry.codes["decision"] == 2
        again = self.correct(cast, row, facts(units[:2]), "Satu unit tertinggal")
        assert again.pk == second.pk

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_no_correction_without_a_reason(self, cast: Cast, decided: Any, reason: str) -> None:
        row, units = decided
        with pytest.raises(StepRefused, match="alasan"):
            self.correct(cast, row, facts(units[:2]), reason)

    def test_no_correction_without_a_difference(self, cast: Cast, decided: Any) -> None:
        row, units = decided
        with pytest.raises(StepRefused, match="Belum ada yang berbeda"):
            self.correct(cast, row, facts(units[:1]), "Lupa")

    def test_an_open_round_has_nothing_to_correct(self, cast: Cast, arena: Any) -> None:
        row, units = arena
        with pytest.raises(StepRefused, match="sudah diputuskan"):
            self.correct(cast, row, facts(units[:1]), "Lupa")

    def correct(self, cast: Cast, row: PilotRound, values: Any, reason: str) -> PilotDecision:
        return correct_decision(
            round_=row,
            facts=values,
            reason=reason,
            by=cast[Role.ZI_SECRETARIAT],
            now=timezone.now(),
        )


class TestWorkflow:
    def test_the_readme_draws_it(self) -> None:
        text = (Path(__file__).parent.parent / "README.md").read_text()
        assert f"```mermaid\n{PILOT_ROUND.mermaid()}\n```" in text

    @pytest.mark.parametrize("role", list(Role))
    @pytest.mark.parametrize("state", list(PilotRoundState))
    @pytest.mark.parametrize("name", ["decide", "discard"])
    def test_every_step_from_every_state_by_every_role(
        self, cast: Cast, role: Role, state: PilotRoundState, name: str
    ) -> None:
        row, units = round_with(cast.home, {"Dinas Kuat": STRONG})
        secretariat = cast[Role.ZI_SECRETARIAT]
        if state == PilotRoundState.DECIDED:
            decide(cast, row, units, decree_number="lain")
        elif state == PilotRoundState.DISCARDED:
            discard_round(round_=row, by=secretariat, now=timezone.now())
        step = PILOT_ROUND.get(name)
        allowed = role in step.roles and state in step.sources

        def act() -> Any:
            if name == "discard":
                return discard_round(round_=row, by=cast[role], now=timezone.now())
            return decide(cast, row, units, by=cast[role])

        if allowed:
            act()
            row.refresh_from_db()
            assert row.state == step.target
        else:
            with pytest.raises(StepRefused):
                act()
