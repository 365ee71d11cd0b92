"""Scores side by side: years of a unit, units of a year, the three assessors of a sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from assessments import scoring
from assessments.enums import Assessor
from assessments.instrument import Instrument
from assessments.models import Worksheet, WorksheetScore
from assessments.queries.worksheet_pages import scores
from assessments.scoring import Gate, Passed, Scored
from opd.models import Membership


@dataclass(frozen=True)
class Column:
    """One sheet under one assessor, by node; `answered` of `required` questions carry it."""

    label: str
    sheet: Worksheet
    scored: scoring.Sheet
    answered: int
    required: int

    @property
    def total(self) -> Decimal:
        return self.scored.total.value

    @property
    def is_partial(self) -> bool:
        return self.answered < self.required

    @property
    def percents(self) -> dict[str, Decimal]:
        """Of the weight."""
        return {code: row.percent for code, row in self.scored.nodes.items() if row.weight}

    def together(self, nodes: Iterable[str]) -> Decimal | None:
        """Percent of the weight of several nodes; None where this edition lacks one of them."""
        rows = [self.scored.nodes.get(code) for code in nodes]
        known = [row for row in rows if row is not None]
        weight = sum((row.weight for row in known), scoring.ZERO)
        if len(known) < len(rows) or not weight:
            return None
        return sum((row.value for row in known), scoring.ZERO) * scoring.HUNDRED / weight

    def gate(self, nodes: Iterable[str], predicate: str) -> Passed | None:
        """The gate over exactly these nodes, under the usual reading of this edition."""
        wanted = set(nodes)
        gates = usual_gates(self.sheet.instrument.instrument, predicate)
        found = (scoring.passed(row, self.scored) for row in gates if set(row.nodes) == wanted)
        return next(found, None)


@dataclass(frozen=True)
class Comparison:
    years: list[Column]
    units: list[Column]
    assessors: list[Column]


def comparison(sheet: Worksheet, membership: Membership, assessor: str) -> Comparison:
    """Of what this person may read, in two queries; `assessor` for years and units."""
    near = Q(zone__unit=sheet.zone.unit_id) | Q(year=sheet.year)
    sheets = list(
        Worksheet.objects.visible_to(membership)
        .current()
        .with_names()
        .prefetch_related("scores")
        .filter(near, government_id=sheet.government_id)
        .order_by("year", "zone__unit__name", "pk")
    )
    found = _scores(sheets, membership)
    years = [each for each in sheets if each.zone.unit_id == sheet.zone.unit_id]
    units = [each for each in sheets if each.year == sheet.year]
    own = found.get(sheet.pk, {})
    return Comparison(
        _columns(((each.year_text, each) for each in years), found, assessor),
        _columns(((each.zone.unit.label, each) for each in units), found, assessor),
        [
            _column(str(Assessor(name).label), sheet, own[name])
            for name in Assessor.values
            if name in own
        ],
    )


def _scores(
    sheets: Iterable[Worksheet], membership: Membership
) -> dict[int, dict[str, WorksheetScore]]:
    """Of sheets that were read with their scores."""
    return {sheet.pk: scores(sheet, membership) for sheet in sheets}


def _columns(
    sheets: Iterable[tuple[str, Worksheet]],
    scores: dict[int, dict[str, WorksheetScore]],
    assessor: str,
) -> list[Column]:
    return [
        _column(label, sheet, scores[sheet.pk][assessor])
        for label, sheet in sheets
        if assessor in scores.get(sheet.pk, {})
    ]


def usual_gates(instrument: Instrument, predicate: str) -> list[Gate]:
    """Gates that hold under every reading, and those of the usual one."""
    readings = ("", instrument.default_reading)
    gates = instrument.tree.gates
    return [row for row in gates if row.predicate == predicate and row.reading in readings]


def _column(label: str, sheet: Worksheet, row: WorksheetScore) -> Column:
    """From what is kept of the totals; the answers themselves are not read."""
    instrument: Instrument = sheet.instrument.instrument
    nodes = {
        code: Scored(code, node.weight, Decimal(row.nodes.get(code, "0")), 0, 0)
        for code, node in instrument.tree.nodes.items()
    }
    required = 0 if instrument.is_history else len(instrument.questions)
    total = Scored("", instrument.tree.total, row.total, row.answered, required)
    return Column(label, sheet, scoring.Sheet(total, nodes, {}), row.answered, required)
