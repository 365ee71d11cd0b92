"""Loads proposals, decisions, exceptions and the monitoring of predicates of the demonstration."""

import io
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from assessments.actions import exceptions, outcomes, predicates, proposals
from assessments.actions.zones import record_award
from assessments.demo.workplans import small_pdf
from assessments.enums import CheckAnswer
from assessments.models import IntegrityZone, Proposal, ZonePredicate
from assessments.monitoring import checklist
from assessments.queries.attempts import next_question
from integrity_portal.core import files
from opd.models import Government, StandingFact, Unit

DATA = Path(__file__).parent / "data" / "journey.yaml"
RULES = "permenpanrb-5-2024"


def load(today: date) -> None:
    for slug, facts in yaml.safe_load(DATA.read_text()).items():
        _Loader(Government.objects.get(slug=slug), today).load(facts)


class _Loader:
    def __init__(self, government: Government, today: date) -> None:
        self.government = government
        self.today = today
        self.step: dict[str, Any] = {"by": None, "now": datetime.combine(today, time(2), UTC)}
        rows = list(Unit.objects.filter(government=government))
        self.units = {unit.name: unit for unit in rows} | {
            unit.short_name: unit for unit in rows if unit.short_name
        }

    def load(self, facts: dict[str, Any]) -> None:
        if self.government.is_sample:
            self._prove()
        for name, service, since, reason in facts["exceptions"]:
            exceptions.record_exception(
                unit=self.units[name],
                rule_set=RULES,
                service=service,
                since=self._day(since),
                reason=reason,
                **self.step,
            )
        self._sent(facts["sent"])
        draft = self._proposal(
            next_question("wbk", self.today, self.government.pk).year, facts["draft"]
        )
        draft.refresh_from_db()
        self._register(facts)

    def _prove(self) -> None:
        """A proof beside every fact: nothing is proposed without."""
        content = small_pdf(["CONTOH", "Bukti fakta untuk peragaan"])
        proof = files.store_made(
            io.BytesIO(content),
            size=len(content),
            name="bukti-contoh.pdf",
            kind="fact",
            government_id=self.government.pk,
        )
        StandingFact.objects.filter(government=self.government, proof=None).update(proof=proof)

    def _day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def _zone(self, name: str) -> IntegrityZone:
        rows = IntegrityZone.objects.select_related("unit")
        return rows.get(unit=self.units[name], closed_on=None)

    def _proposal(self, year: int, names: list[str]) -> Proposal:
        row = proposals.open_proposal(
            government_id=self.government.pk, year=year, rule_set=RULES, **self.step
        )
        Proposal.objects.filter(pk=row.pk).update(is_sample=True)
        proposals.set_candidates(
            proposal=row, zone_ids=[self._zone(name).pk for name in names], **self.step
        )
        return row

    def _sent(self, facts: dict[str, Any]) -> None:
        day = self._day(facts["day"])
        row = self._proposal(day.year, facts["units"])
        proposals.send_proposal(proposal=row, sent_on=day, **self.step)
        for name in facts["reviewed"]:
            outcomes.start_review(zone=self._zone(name), **self.step)
        for name, outcome, decided, number, reason in facts["decided"]:
            outcomes.decide(
                attempt=self._zone(name).attempts.get(),
                decision=outcomes.Decision(outcome, self._day(decided), number, reason),
                **self.step,
            )
        for name in facts["again"]:
            outcomes.build_again(zone=self._zone(name), **self.step)

    def _register(self, facts: dict[str, Any]) -> None:
        for name, predicate, years in facts["awards"]:
            year = self.today.year - years
            record_award(
                unit=self.units[name], predicate=predicate, year=year, source="Contoh", **self.step
            )
        for name, day, concerns, note in facts["checks"]:
            answers = {
                point.code: CheckAnswer.CONCERN if point.code in concerns else CheckAnswer.GOOD
                for point in checklist().points
            }
            predicates.record_check(
                predicate=self._predicate(name),
                entered=predicates.Round(self._day(day), answers, note),
                **self.step,
            )
        for name, reason in facts["watched"]:
            predicates.watch(predicate=self._predicate(name), reason=reason, **self.step)
        for name, day, number, reason in facts["revoked"]:
            predicates.revoke(
                predicate=self._predicate(name),
                revoked_on=self._day(day),
                number=number,
                reason=reason,
                **self.step,
            )

    def _predicate(self, name: str) -> ZonePredicate:
        rows = ZonePredicate.objects.select_related("zone")
        return rows.get(zone__unit=self.units[name])
