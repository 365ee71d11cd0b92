"""Scores side by side: years of a unit, units of a year, the three assessors of a sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from assessments.enums import Assessor
from assessments.instrument import Instrument
from assessments.models import Worksheet, WorksheetScore
from assessments.queries.worksheet_pages import shown_assessors
from opd.models import Membership


@dataclass(frozen=True)
class Column:
    """One sheet under one assessor, with percents of the weight by node."""

    label: str
    total: Decimal
    percents: dict[str, Decimal]
    sheet: Worksheet
    answered: int
    required: int

    @property
    def is_partial(self) -> bool:
        """What is not answered yet counts as 0."""
        return self.answered < self.required

    @property
    def shown(self) -> str:
        return f"{self.label} ({self.answered}/{self.required})" if self.is_partial else self.label


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
        .filter(near, government_id=sheet.government_id)
        .order_by("year", "zone__unit__name", "pk")
    )
    scores = _scores(sheets, membership)
    years = [each for each in sheets if each.zone.unit_id == sheet.zone.unit_id]
    units = [each for each in sheets if each.year == sheet.year]
    own = scores.get(sheet.pk, {})
    return Comparison(
        _columns(((each.year_text, each) for each in years), scores, assessor),
        _columns(((each.zone.unit.label, each) for each in units), scores, assessor),
        [
            _column(str(Assessor(name).label), sheet, own[name])
            for name in Assessor.values
            if name in own
        ],
    )


def _scores(
    sheets: Iterable[Worksheet], membership: Membership
) -> dict[int, dict[str, WorksheetScore]]:
    by_pk = {sheet.pk: sheet for sheet in sheets}
    found: dict[int, dict[str, WorksheetScore]] = {}
    for row in WorksheetScore.objects.filter(worksheet__in=list(by_pk)):
        if row.assessor in shown_assessors(by_pk[row.worksheet_id], membership):
            found.setdefault(row.worksheet_id, {})[row.assessor] = row
    return found


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


def _column(label: str, sheet: Worksheet, row: WorksheetScore) -> Column:
    instrument: Instrument = sheet.instrument.instrument
    percents = {
        code: Decimal(row.nodes.get(code, "0")) * 100 / node.weight
        for code, node in instrument.tree.nodes.items()
        if node.weight
    }
    return Column(label, row.total, percents, sheet, row.answered, len(instrument.questions))
