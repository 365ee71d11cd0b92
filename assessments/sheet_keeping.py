"""What every verb on a work-sheet shares: the lock on its sheet, and its totals."""

from collections.abc import Mapping
from decimal import Decimal

from assessments import scoring
from assessments.enums import Assessor
from assessments.instrument import Instrument
from assessments.models import Worksheet, WorksheetItem, WorksheetScore
from assessments.queries.worksheets import scored
from assessments.scoring import Given, Sheet

STORED = Decimal("1e-20")


def locked_sheet(pk: int) -> Worksheet:
    """One writer of a sheet at a time: its totals belong to what stands there."""
    return (
        Worksheet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("zone__unit", "instrument")
        .defer("instrument__content")
        .get(pk=pk)
    )


def locked_item(pk: int) -> WorksheetItem:
    """One question with its sheet, which is what is locked."""
    return (
        WorksheetItem.objects.select_for_update(of=("worksheet",), no_key=True)
        .select_related("worksheet__zone__unit", "worksheet__instrument")
        .defer("worksheet__instrument__content")
        .get(pk=pk)
    )


def keep_score(
    sheet: Worksheet, assessor: Assessor, answers: Mapping[str, Given] | None = None
) -> Sheet:
    """Totals and unmet gates as the answers stand now; `answers`, when somebody has them at hand."""
    instrument = sheet.instrument.instrument
    if answers is None:
        totals = scored(instrument, sheet, assessor)
    else:
        totals = scoring.score(instrument.tree, answers)
    WorksheetScore.objects.bulk_create(
        [
            WorksheetScore(
                government_id=sheet.government_id,
                worksheet=sheet,
                assessor=assessor,
                total=totals.total.value.quantize(STORED),
                answered=totals.total.answered,
                nodes={code: str(node.value) for code, node in totals.nodes.items()},
                unmet=_unmet(instrument, totals, sheet.zone.target),
            )
        ],
        update_conflicts=True,
        unique_fields=["worksheet", "assessor"],
        update_fields=["total", "answered", "nodes", "unmet"],
    )
    return totals


def _unmet(instrument: Instrument, totals: Sheet, target: str) -> list[str]:
    found = scoring.verdict(instrument.tree, totals, target)
    every = [*found.always, *(row for rows in found.readings.values() for row in rows)]
    return [row.gate.code for row in every if not row.is_met]
