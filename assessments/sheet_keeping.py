"""What every verb on a work-sheet shares: the lock on its sheet, and its totals."""

from decimal import Decimal

from assessments import scoring
from assessments.enums import Assessor
from assessments.instrument import Instrument
from assessments.models import Worksheet, WorksheetScore
from assessments.queries.worksheets import scored
from assessments.scoring import Sheet

STORED = Decimal("1e-20")


def locked_sheet(pk: int) -> Worksheet:
    """One writer of a sheet at a time: its totals belong to what stands there."""
    return (
        Worksheet.objects.select_for_update(of=("self",), no_key=True)
        .select_related("zone__unit", "instrument")
        .defer("instrument__content")
        .get(pk=pk)
    )


def keep_score(sheet: Worksheet, assessor: Assessor) -> Sheet:
    """Totals and unmet gates as the answers stand now."""
    instrument = sheet.instrument.instrument
    totals = scored(instrument, sheet, assessor)
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
