"""A work-sheet beside others: picture and equal table, each by itself."""

from collections.abc import Sequence
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.enums import Assessor
from assessments.instrument import Instrument
from assessments.permissions import plans_improvements
from assessments.queries import worksheet_pages as pages
from assessments.queries.comparisons import Column, comparison, usual_gates
from assessments.views.worksheets import head_of, worksheet_crumbs, worksheet_or_404
from integrity_portal.core import charts
from integrity_portal.core.charts import HeatCell, HeatRow, Tone
from opd.http import PortalRequest, screen

# So many years fit beside each other on a phone; older ones stand in the list of work-sheets.
MOST_YEARS = 6


class Part(NamedTuple):
    """What is compared: one node, or several that pass a gate together."""

    name: str
    short: str
    nodes: tuple[str, ...]
    is_gated: bool = True


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
    target = str(sheet.zone.target)
    parts = parts_of(instrument, target)
    context = {
        **head_of(sheet, pages.scores(sheet, request.membership)),
        "assessor": assessor,
        "assessors": Assessor.choices,
        "target": sheet.zone.get_target_display(),
        "reading": next((row.text for row in instrument.readings if row.is_default), ""),
        "of_years": _by_part(parts, years, _("Years"), target) if len(years) > 1 else None,
        "of_units": _by_unit(parts, found.units) if len(found.units) > 1 else [],
        "of_assessors": _by_part(parts, found.assessors, _("Assessors"), target)
        if len(found.assessors) > 1
        else None,
        "breadcrumbs": worksheet_crumbs(sheet, (_("Comparison"), "")),
    }
    return render(request, "assessments/improvements/compare.html", context)


def parts_of(instrument: Instrument, target: str) -> list[Part]:
    """The total, what passes a gate together, then the tree down to the areas and the gates."""
    tree = instrument.tree
    gates = [gate for gate in usual_gates(instrument, target) if set(gate.nodes) != set(tree.roots)]
    single = {gate.nodes[0] for gate in gates if len(gate.nodes) == 1}
    together = [
        Part(title := str(instrument.gate_titles[gate.code]), title.partition(":")[0], gate.nodes)
        for gate in gates
        if len(gate.nodes) > 1
    ]
    rows = [
        Part(f"{code} {instrument.titles[code]}", code, (code,), code in single)
        for code, node in tree.nodes.items()
        if not node.questions or code in single
    ]
    return [Part(_("Total"), _("Total"), tree.roots), *together, *rows]


def _by_part(
    parts: Sequence[Part], columns: Sequence[Column], title: str, target: str
) -> charts.Chart:
    """A row for each part; a star at what is not filled whole."""
    words = (
        _("meets the minimum for %(target)s") % {"target": target.upper()},
        _("below the minimum for %(target)s") % {"target": target.upper()},
    )
    rows = [
        HeatRow(part.name, [_cell(each, part, target, words) for each in columns]) for part in parts
    ]
    heads = [f"{each.label}*" if each.is_partial else each.label for each in columns]
    star = _("* Not every question has been answered.")
    sentence = star if any(each.is_partial for each in columns) else ""
    return _heat(title, heads, rows, _("Part"), sentence)


def _by_unit(parts: Sequence[Part], columns: Sequence[Column]) -> list[charts.Chart]:
    """Two pictures of a few columns each: what has a minimum of its own, and the areas."""
    areas = [part for part in parts[1:] if len(part.nodes) > 1]
    single = [part for part in parts[1:] if part.is_gated and part not in areas]
    return [
        _units(_("Units of the same year"), [parts[0], *single], columns),
        *([_units(_("Units of the same year, by area"), areas, columns)] if areas else []),
    ]


def _units(title: str, parts: Sequence[Part], columns: Sequence[Column]) -> charts.Chart:
    """A row for each unit, the lowest total first, each by the minima of its own target."""
    words = _("meets the minimum for its target"), _("below the minimum for its target")
    rows = [
        HeatRow(
            _unit_words(each),
            [_cell(each, part, str(each.sheet.zone.target), words) for part in parts],
        )
        for each in sorted(columns, key=lambda each: (each.total, each.label))
    ]
    return _heat(title, [part.short for part in parts], rows, _("Unit"))


def _unit_words(column: Column) -> str:
    """The unit with its target and the state of its sheet; how far it is filled if not whole."""
    sheet = column.sheet
    said = f"{column.label} · {sheet.zone.get_target_display()} · {sheet.get_state_display()}"
    if not column.is_partial:
        return said
    partly = _("%(answered)d of %(required)d answered")
    counts = {"answered": column.answered, "required": column.required}
    return f"{said} · {partly % counts}"


def _cell(column: Column, part: Part, target: str, words: tuple[str, str]) -> HeatCell:
    """Percent of the weight; a colour only where the part has a minimum."""
    value, gate = column.together(part.nodes), column.gate(part.nodes, target)
    if value is None or gate is None:
        return HeatCell(value)
    return HeatCell(value, *((Tone.GOOD, words[0]) if gate.is_met else (Tone.BAD, words[1])))


def _heat(
    title: str, columns: list[str], rows: list[HeatRow], header: str, sentence: str = ""
) -> charts.Chart:
    return charts.HeatTable(
        title=title,
        columns=columns,
        rows=rows,
        unit="%",
        places=1,
        label_header=header,
        sentence=sentence,
    ).draw()
