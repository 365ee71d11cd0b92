"""A work-sheet beside others: picture and equal table, each by itself."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.enums import Assessor
from assessments.instrument import Instrument
from assessments.permissions import plans_improvements
from assessments.queries import worksheet_pages as pages
from assessments.queries.comparisons import Column, comparison
from assessments.views.worksheets import head_of, worksheet_crumbs, worksheet_or_404
from integrity_portal.core import charts
from integrity_portal.core.charts import HeatCell, HeatRow, Tone
from opd.http import PortalRequest, screen

# A heat table holds twelve columns; older years stand in the list of work-sheets.
MOST_YEARS = 12
GOOD, FAIR = Decimal(75), Decimal(60)


@screen(plans_improvements)
@require_safe
def worksheet_compare(request: PortalRequest, pk: int) -> HttpResponse:
    """Years of the unit, units of the year, assessors of the sheet: percent of the weight."""
    sheet = worksheet_or_404(request, pk)
    asked = request.GET.get("of", "")
    assessor = asked if asked in Assessor.values else str(Assessor.UNIT)
    found = comparison(sheet, request.membership, assessor)
    instrument = sheet.instrument.instrument
    years = found.years[-MOST_YEARS:]
    context = {
        **head_of(sheet, pages.scores(sheet, request.membership)),
        "assessor": assessor,
        "assessors": Assessor.choices,
        "of_years": _by_node(instrument, years, _("Years")) if len(years) > 1 else None,
        "of_units": _by_unit(instrument, found.units) if len(found.units) > 1 else None,
        "of_assessors": _by_node(instrument, found.assessors, _("Assessors"))
        if len(found.assessors) > 1
        else None,
        "is_partial": any(row.is_partial for row in (*years, *found.units, *found.assessors)),
        "breadcrumbs": worksheet_crumbs(sheet, (_("Comparison"), "")),
    }
    return render(request, "assessments/improvements/compare.html", context)


def _by_node(instrument: Instrument, columns: Sequence[Column], title: str) -> charts.Chart:
    """A row for the whole and for each part down to the areas."""
    rows = [_row(_("Total"), [_of_total(instrument, each) for each in columns])]
    rows += [
        _row(f"{code} {instrument.titles[code]}", [each.percents.get(code) for each in columns])
        for code, node in instrument.tree.nodes.items()
        if not node.questions
    ]
    return _heat(title, [each.shown for each in columns], rows, _("Part"))


def _by_unit(instrument: Instrument, columns: Sequence[Column]) -> charts.Chart:
    """A row for each unit, the lowest total first."""
    parts = [
        code
        for code, node in instrument.tree.nodes.items()
        if node.parent and instrument.tree.nodes[node.parent].parent is None
    ]
    rows = [
        _row(each.shown, [_of_total(instrument, each), *(each.percents.get(p) for p in parts)])
        for each in sorted(columns, key=lambda each: (each.total, each.label))
    ]
    return _heat(_("Units of the same year"), [_("Total"), *parts], rows, _("Unit"))


def _of_total(instrument: Instrument, column: Column) -> Decimal:
    return column.total * 100 / (instrument.tree.total or Decimal(1))


def _row(label: Any, values: Sequence[Decimal | None]) -> HeatRow:
    return HeatRow(str(label), [_cell(value) for value in values])


def _cell(value: Decimal | None) -> HeatCell:
    if value is None:
        return HeatCell(None)
    if value >= GOOD:
        return HeatCell(value, Tone.GOOD, _("75 percent or more"))
    if value >= FAIR:
        return HeatCell(value, Tone.WARN, _("60 percent or more"))
    return HeatCell(value, Tone.BAD, _("below 60 percent"))


def _heat(title: str, columns: list[str], rows: list[HeatRow], header: str) -> charts.Chart:
    return charts.HeatTable(
        title=title, columns=columns, rows=rows, unit="%", places=1, label_header=header
    ).draw()
