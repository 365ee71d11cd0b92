"""Comparisons of a plan; all of them by GET, without a script."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_safe

from assessments.enums import NodeLevel
from assessments.permissions import reads_plan_figures
from assessments.queries import plan_comparisons as queries
from assessments.queries.plan_board import Board, Reached, plan_board
from assessments.queries.plan_comparisons import UnitRow
from assessments.queries.plan_pages import levels_of, usual_period
from assessments.views.rpjmd import find_plan, light_words, plan_context, plan_crumbs
from integrity_portal.core.charts import Chart, HeatCell, HeatRow, HeatTable, Tone
from opd.http import PortalRequest, screen

VIEWS = ("years", "change", "units")
IKU = "iku"
# A picture of more rows than this is no picture; the table has them all.
MOST_DRAWN = 40


@screen(reads_plan_figures)
@require_safe
def compare(request: PortalRequest, pk: int) -> HttpResponse:
    plan = find_plan(request, pk)
    today = timezone.localdate()
    shown = usual_period(plan, today).year
    board = plan_board(plan, year=shown, on=today)
    levels = levels_of(board)
    level = _level(request.GET.get("level"), levels, board)
    after = _year(request, "after", board, shown)
    before = _year(request, "before", board, max(plan.first_year, after - 1))
    how = request.GET.get("show", "")
    how = how if how in VIEWS else VIEWS[0]
    rows = _rows(board, level)
    return render(
        request,
        "assessments/rpjmd/compare/page.html",
        {
            **plan_context(request, plan),
            "how": how,
            "views": list(zip(VIEWS, _view_words(), strict=True)),
            "level": level,
            "levels": _level_choices(levels, board),
            "running": (today.year, queries.running_quarter(today.year, today)),
            "before": before,
            "after": after,
            **_compared(board, rows, how, before, after),
            "shown_query": _shown_query(after, queries.running_quarter(after, today), level),
            "breadcrumbs": plan_crumbs(plan, _("Comparison")),
        },
    )


def _shown_query(year: int, quarter: int, level: str) -> str:
    """The plan's page in the period and with the indicators of these numbers."""
    asked = {"year": str(year), "quarter": str(quarter)}
    if level == IKU:
        asked["iku"] = "1"
    elif level:
        asked["level"] = level
    return urlencode(asked)


def _view_words() -> tuple[str, ...]:
    return (_("Target and figure"), _("Year against year"), _("Unit against unit"))


def _level(asked: str | None, levels: list[NodeLevel], board: Board) -> str:
    """As asked where the plan has it; else the key indicators, else the highest level, else all."""
    codes = [code for code, _label in _level_choices(levels, board)]
    return asked if asked is not None and asked in codes else codes[0]


def _level_choices(levels: list[NodeLevel], board: Board) -> list[tuple[str, str]]:
    has_iku = any(one.indicator.is_iku for one in board.indicators)
    return [
        *([(IKU, _("Key indicators (IKU)"))] if has_iku else []),
        *((level.value, str(level.label)) for level in levels),
        ("", _("All levels")),
    ]


def _rows(board: Board, level: str) -> list[Reached]:
    if level == IKU:
        return [one for one in board.indicators if one.indicator.is_iku]
    return queries.at_level(board, level) if level else board.indicators


def _year(request: PortalRequest, name: str, board: Board, usual: int) -> int:
    asked = request.GET.get(name, "")
    choices = {str(year): year for year in board.plan.all_years}
    return choices.get(asked, usual)


def _compared(
    board: Board, rows: list[Reached], how: str, before: int, after: int
) -> dict[str, Any]:
    if how == "change":
        return {"moved": queries.two_years(board, rows, before, after)}
    if how == "units":
        units = queries.by_unit(board, rows, after)
        return {
            "units": units,
            "heat": _heat(units, board).draw() if units else None,
            "unit_links": _has_unit_page(),
        }
    compared = queries.over_years(board, rows)
    return {"compared": compared, "heat": _years_heat(compared, board)}


def _has_unit_page() -> bool:
    try:
        reverse("assessments:figures_of_unit", args=[1])
    except NoReverseMatch:
        return False
    return True


def _heat(units: list[UnitRow], board: Board) -> HeatTable:
    words = light_words()
    return HeatTable(
        title=_("Mean achievement of units over the years, in percent"),
        columns=[str(year) for year in board.plan.all_years],
        rows=[
            HeatRow(
                row.unit.label,
                [
                    HeatCell(
                        rolled.percent,
                        band.tone if band else Tone.NONE,
                        words[band.tone] if band else "",
                    )
                    for _year_, rolled, band in row.years
                ],
            )
            for row in units[:MOST_DRAWN]
        ],
        label_header=pgettext("organisation", "Unit"),
    )


def _years_heat(compared: list[queries.Compared], board: Board) -> Chart | None:
    if not compared or len(compared) > MOST_DRAWN:
        return None
    words = light_words()
    return HeatTable(
        title=_("Achievement of indicators over the years, in percent"),
        columns=[str(year) for year in board.plan.all_years],
        rows=[
            HeatRow(
                row.indicator.name,
                [HeatCell(cell.percent, cell.tone, words.get(cell.tone, "")) for cell in row.cells],
            )
            for row in compared
        ],
        label_header=_("Indicator"),
    ).draw()
