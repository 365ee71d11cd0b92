"""Units that a proposal takes along although requirements are unmet, as its papers name them.

The exception changes no finding: the requirement is named as unmet, with the day and the reason
for which the unit is proposed meanwhile. Always in Indonesian.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import translation

from assessments.eligibility import Outcome
from assessments.models import Candidate, Proposal
from assessments.papers import Table
from assessments.queries.eligibility import (
    Question,
    Records,
    UnitStanding,
    day_of,
    said,
    sentence,
    standings_by,
)
from assessments.requirement_sets import RequirementSet, requirement_sets
from integrity_portal.core.formatting import date_id
from opd.queries.year_calendar import moved_day

HEAD = ("No.", "Unit kerja", "Syarat yang belum terpenuhi", "Diajukan sejak", "Alasan")


def records_of(proposal: Proposal, rows: Sequence[Candidate]) -> Records:
    """About the units of a proposal; their zones are known with the candidates."""
    zones = [row.zone for row in rows]
    still_open = [zone for zone in zones if zone.closed_on is None]
    return Records(proposal.government_id, [zone.unit for zone in zones], still_open)


@dataclass(frozen=True)
class Proposed:
    """A proposal with its units as they stand, read once for all of its papers."""

    proposal: Proposal
    rows: Sequence[Candidate]
    records: Records


def exception_table(asked: Proposed, title: str, on: date | None) -> Table | None:
    """How it stood on that day; a draft without a day is judged as it is planned.

    None, after one query, where no unit needs an exception.
    """
    proposal = asked.proposal
    rules = requirement_sets()[proposal.rule_set]
    day = on or _planned_day(asked, rules)
    excepted = asked.records.exceptions_on(rules.code, day)
    cells = []
    for row in asked.rows:
        if row.zone.unit_id not in excepted:
            continue
        question = Question(rules, row.zone.target, proposal.year, day)
        [standing] = standings_by(asked.records, [row.zone.unit], question)
        if standing.verdict.outcome == Outcome.MAY_PROCEED:
            cells.append(_cells(standing, question))
    numbered = enumerate(cells, start=1)
    lines = tuple((f"{number}.", *line) for number, line in numbered)
    return Table(title, HEAD, lines) if lines else None


def _planned_day(asked: Proposed, rules: RequirementSet) -> date:
    """The last day to propose; later where an exception that is still open begins later."""
    year, government_id = asked.proposal.year, asked.proposal.government_id
    begun = [row.since for row in asked.records.exceptions if row.until is None]
    if not begun:
        return day_of(rules, year)
    return max(day_of(rules, year, moved_day(government_id, year, "propose")), *begun)


def _cells(standing: UnitStanding, question: Question) -> tuple[str, str, str, str]:
    exception = standing.exception
    if exception is None:
        raise ValueError("a unit may proceed only by an exception")
    with translation.override("id"):
        unmet = ";\n".join(
            sentence(said(finding, question.rules, question.target))
            for finding in standing.verdict.unmet
        )
        service = question.rules.proceeding_services.get(exception.service, exception.service)
        since = f"{date_id(exception.since)} ({service})"
    return standing.unit.name, f"{unmet}.", since, exception.reason.strip()
