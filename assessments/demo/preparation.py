"""Preparation, phases and choices of pilots of the demonstration, by the verbs people use."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.actions import phases as phase_actions, pilots as pilot_actions
from assessments.actions.pilot_decisions import DecisionFacts, correct_decision, decide_round
from assessments.actions.pilots import Cell
from assessments.actions.preparation import AnswerContent, answer_step
from assessments.checklists import checklist_on
from assessments.demo.workplans import DISCLAIMER, moment, small_pdf
from assessments.factor_sets import factor_set_on
from assessments.models import PhasePlan, PilotRound
from assessments.queries.preparation import UPLOAD_KIND
from integrity_portal.core import ledger
from integrity_portal.core.files import EVIDENCE, receive
from integrity_portal.core.models import StoredFile
from integrity_portal.core.partial_dates import Precision
from opd.enums import Role
from opd.models import Government, Membership, Unit
from opd.queries.units import counted_units

DATA = Path(__file__).parent / "data" / "preparation.yaml"
STATES = {"d": "done", "p": "in_progress", "n": "not_started"}
NOTES = {
    "done": "Selesai dan dibahas dalam rapat unit (contoh).",
    "in_progress": "Sedang dikerjakan; naskahnya menunggu tanda tangan (contoh).",
    "not_started": "Belum dimulai; menunggu penunjukan petugas (contoh).",
}


def load(today: date) -> None:
    for slug, facts in yaml.safe_load(DATA.read_text()).items():
        _Loader(Government.objects.get(slug=slug), today).load(facts)


class _Loader:
    def __init__(self, government: Government, today: date) -> None:
        self.government = government
        self.today = today
        rows = list(Unit.objects.filter(government=government).select_related("government"))
        self.units = {unit.name: unit for unit in rows} | {
            unit.short_name: unit for unit in rows if unit.short_name
        }
        self.secretariat = Membership.objects.select_related("government").get(
            government=government, role=Role.ZI_SECRETARIAT
        )

    def load(self, facts: dict[str, Any]) -> None:
        for name, letters in facts.get("answers", {}).items():
            self._answers(self.units[name], letters)
        for year, note, names in facts.get("phases", []):
            self._phase(self._year(year), note, names)
        for year, note, name in facts.get("ended", []):
            self._ended(self.units[name], self._year(year), note)
        for row in facts.get("rounds", []):
            self._round(row)

    def _year(self, value: int) -> int:
        """A year, or days from today."""
        return value if value > 1900 else (self.today + timedelta(days=value)).year

    def _answers(self, unit: Unit, letters: str) -> None:
        """Some answers are begun first and done later, so that there is a history."""
        steps = checklist_on(self.today).steps
        for number, (step, letter) in enumerate(zip(steps, letters, strict=True)):
            if letter == "-":
                continue
            first = self.today - timedelta(days=90 - number * 7)
            if letter == "d" and number % 3 == 0:
                self._answer(unit, step.code, "in_progress", first - timedelta(days=21), 0)
                self._answer(unit, step.code, "done", first, 1, self._proof(unit, str(step.text)))
            else:
                self._answer(unit, step.code, STATES[letter], first, 0)

    def _answer(
        self,
        unit: Unit,
        step: str,
        state: str,
        on: date,
        version: int,
        proof: StoredFile | None = None,
    ) -> None:
        day = on if state == "done" else None
        answer_step(
            unit=unit,
            step=step,
            content=AnswerContent(state, day, NOTES[state], proof),
            version=version,
            by=self.secretariat,
            now=moment(on, 3),
        )

    def _proof(self, unit: Unit, title: str) -> StoredFile:
        lines = ["Bukti langkah persiapan (contoh)", unit.name, title, DISCLAIMER]
        return receive(
            SimpleUploadedFile("Bukti persiapan.pdf", small_pdf(lines)),
            rule=EVIDENCE,
            kind=UPLOAD_KIND,
            government_id=unit.government_id,
            by_user_id=self.secretariat.user_id,
        )

    def _phase(self, year: int, note: str, names: Any) -> None:
        if names == "rest":
            planned = PhasePlan.objects.filter(government=self.government).values("unit")
            counted = counted_units(self.government.pk, on=self.today).exclude(pk__in=planned)
            chosen = list(counted.values_list("pk", flat=True))
        else:
            chosen = [self.units[name].pk for name in names]
        phase_actions.plan_units(
            units=dict.fromkeys(chosen, 0),
            year=year,
            note=note,
            by=self.secretariat,
            now=moment(self.today, 2),
        )

    def _ended(self, unit: Unit, year: int, note: str) -> None:
        """What was planned before the unit ended cannot be planned today."""
        plan = PhasePlan.objects.create(
            government=self.government,
            unit=unit,
            year=year,
            note=note,
            planned_by=self.secretariat,
            planned_at=moment(self.today - timedelta(days=460), 2),
            is_sample=self.government.is_sample,
        )
        ledger.record("phase.planned", plan, by=self.secretariat, codes={"year": year})

    def _round(self, facts: dict[str, Any]) -> None:
        opened = self.today + timedelta(days=facts["opened"])
        scored = "scores" in facts
        counted = counted_units(self.government.pk, on=self.today)
        row = pilot_actions.open_round(
            title=facts["title"],
            year=facts.get("year") or opened.year,
            unit_ids=[self.units[name].pk for name in facts["scores"]]
            if scored
            else list(counted.values_list("pk", flat=True)),
            scored=scored,
            form_key=uuid4(),
            by=self.secretariat,
            now=moment(opened, 2),
        )
        if scored:
            self._scores(row, facts["scores"], opened)
        if "decided" in facts:
            self._decide(row, facts)

    def _scores(self, row: PilotRound, scores: dict[str, str], opened: date) -> None:
        factors = factor_set_on(self.today).factors
        planner = Membership.objects.get(government=self.government, role=Role.PLANNER)
        cells = {
            (self.units[name].pk, factor.code): Cell(int(digit), None)
            for name, digits in scores.items()
            for factor, digit in zip(factors, digits, strict=True)
            if digit != "-"
        }
        when = moment(opened + timedelta(days=3), 4)
        pilot_actions.score_units(round_=row, cells=cells, by=planner, now=when)

    def _decide(self, row: PilotRound, facts: dict[str, Any]) -> None:
        day, precision = facts["decided"]
        on = self.today + timedelta(days=day) if isinstance(day, int) else day
        decision = DecisionFacts(
            decree_number=facts["decree"],
            decided_on=on,
            unit_ids=[self.units[name].pk for name in facts["chosen"]],
            precision=Precision(precision),
            against_reason=facts.get("against", ""),
            statement=facts["statement"],
            source=facts.get("source", ""),
        )
        recorded = moment(on if self.government.is_sample else self.today, 5)
        decide_round(round_=row, facts=decision, by=self.secretariat, now=recorded)
        if "corrected" in facts:
            correct_decision(
                round_=row,
                facts=DecisionFacts(
                    **{**vars(decision), "decree_number": facts["corrected"]["decree"]}
                ),
                reason=facts["corrected"]["reason"],
                by=self.secretariat,
                now=recorded + timedelta(days=2),
            )
