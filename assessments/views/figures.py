"""A unit's own figures: one table by quarter that saves itself, and sending a quarter."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import measurements as actions
from assessments.editing import Conflict
from assessments.figure_words import figure_text, with_unit
from assessments.forms.figures import CellForm
from assessments.models import Indicator, Plan
from assessments.permissions import keeps_rpjmd, measures, reads_plan_figures
from assessments.queries import unit_figures as queries
from assessments.queries.performance import EVERYTHING, known
from assessments.series import QUARTERS, WHOLE_YEAR, quarter_of
from assessments.views.figure_pages import cell_key, draft_key, is_number, page_of_conflict
from assessments.views.shared import crumbs
from integrity_portal.core.formatting import percent_id
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, screen
from opd.models import Unit
from opd.permissions import sees_whole_government
from opd.queries.units import visible_unit
from opd.refusals import refusal_text
from opd.transitions import StepRefused

AUTOSAVE = "x-portal-autosave"


@screen(reads_plan_figures)
@require_safe
def figures(request: PortalRequest) -> HttpResponse:
    """The own unit's figures; for whoever sees the whole government, how far the units are."""
    membership = request.membership
    if membership.unit_id is not None and not sees_whole_government(membership):
        return redirect("assessments:figures_of_unit", pk=membership.unit_id)
    today = timezone.localdate()
    years = queries.years_with_plans(request.government.pk, today)
    year = chosen_year(request, years, today.year)
    plan = queries.plan_of_year(request.government.pk, year)
    quarter, rows = _chosen_quarter(request, plan, year)
    context: dict[str, Any] = {
        "plan": plan,
        "year": year,
        "years": years,
        "quarter": quarter,
        "quarters": (*QUARTERS, WHOLE_YEAR),
        "can_verify": keeps_rpjmd(membership),
        "rows": rows,
    }
    if plan is not None:
        context["complete"] = sum(1 for row in rows if row.reported == row.total)
        context["due_on"] = queries.due_on(plan, year, quarter)
    return render(request, "assessments/rpjmd/figures/reporting.html", context)


def chosen_year(request: PortalRequest, years: list[int], usual: int) -> int:
    """Of `?year=`, when there is a plan for it; of plans that are over, the newest with figures."""
    asked = request.GET.get("year", "")
    if is_number(asked, 4) and int(asked) in years:
        return int(asked)
    if usual in years or not years:
        return usual
    return queries.newest_year_with_figures(request.membership, years) or years[0]


def _chosen_quarter(request: PortalRequest, plan: Plan | None, year: int) -> tuple[int, list[Any]]:
    """Of `?quarter=`, with its rows; else the newest that is over, of an earlier year the fourth,
    or the whole year where nothing is asked by quarter.
    """
    asked = request.GET.get("quarter", "")
    today = timezone.localdate()
    usual = max(quarter_of(today) - 1, 1) if year == today.year else 4
    tried = [int(asked)] if asked in {"0", "1", "2", "3", "4"} else [usual, WHOLE_YEAR]
    for quarter in tried:
        rows = queries.reporting(plan, year, quarter, today) if plan is not None else []
        if rows:
            return quarter, rows
    return tried[0], []


@screen(reads_plan_figures)
@require_safe
def figures_of_unit(request: PortalRequest, pk: int) -> HttpResponse:
    unit = or_404(visible_unit(request.membership, pk))
    return unit_page(request, unit)


def unit_page(
    request: PortalRequest,
    unit: Unit,
    *,
    year: int | None = None,
    refused: CellForm | None = None,
    at: str = "",
    status: int = 200,
) -> HttpResponse:
    """`refused`: the form of the cell `at` as it was sent, with what is wrong with it."""
    today = timezone.localdate()
    years = queries.years_with_plans(unit.government_id, today)
    year = year or chosen_year(request, years, today.year)
    plan = queries.plan_of_year(unit.government_id, year)
    context: dict[str, Any] = {
        "unit": unit,
        "plan": plan,
        "year": year,
        "years": years,
        "form": refused,
        "breadcrumbs": crumbs((_("Indicators"), reverse("assessments:figures")), (unit.label, "")),
    }
    if plan is not None:
        page = queries.unit_figures(request.membership, unit, plan, year, today)
        context["page"] = page
        tables = ((_("Indicators and targets"), page.lines), (_("Budget"), page.money))
        context["tables"] = [
            {"title": title, "rows": [_row(request, plan, line, refused, at) for line in lines]}
            for title, lines in tables
            if lines
        ]
    return render(request, "assessments/rpjmd/figures/unit.html", context, status=status)


def _row(
    request: PortalRequest, plan: Plan, line: queries.Line, refused: CellForm | None, at: str
) -> dict[str, Any]:
    cells = []
    for cell in line.cells:
        key = cell_key(cell.indicator.pk, cell.year, cell.quarter)
        form = None
        if cell.is_open:
            bound = refused if key == at else None
            form = bound or CellForm(indicator=cell.indicator, row=cell.measurement, key=key)
        draft = draft_key(request, cell.indicator.pk, cell.year, cell.quarter)
        cells.append({"cell": cell, "key": key, "form": form, "draft": draft})
    return {"line": line, "cells": cells, "whole_year": _whole_year(plan, line)}


def _whole_year(plan: Plan, line: queries.Line) -> queries.Cell | None:
    """A figure of the whole year that stands beside quarters."""
    year = line.reached.year
    if line.is_yearly or (year, WHOLE_YEAR) not in line.known.measurements:
        return None
    return queries.cell_of(plan, line.known, year, WHOLE_YEAR, timezone.localdate(), False)


@screen(measures)
@require_POST
def figure_save(request: PortalRequest, pk: int, year: int, quarter: int) -> HttpResponseBase:
    """Save one cell: by its button, or by itself while somebody types (then as JSON)."""
    indicator = or_404(queries.indicator_of(request.membership, pk))
    key, by_itself = cell_key(indicator.pk, year, quarter), AUTOSAVE in request.headers
    form = CellForm(request.POST, indicator=indicator, key=key)
    status = 422
    if form.is_valid():
        try:
            kept = actions.save_measurement(
                indicator=indicator,
                year=year,
                quarter=quarter,
                realised=form.realised(),
                version=form.cleaned_data["version"],
                by=request.membership,
                now=timezone.now(),
            )
        except actions.FigureRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except StepRefused as refusal:
            form.add_error(None, refusal_text(refusal))
            status = 409
        except PermissionDenied as refusal:
            if not by_itself:
                raise
            form.add_error(None, str(refusal))
            status = 403
        except Conflict as conflict:
            return _conflict(request, indicator, form, conflict, by_itself)
        else:
            if by_itself:
                return _saved(request, kept)
            messages.success(request, _("The figure is saved."))
            return redirect(f"{_unit_url(indicator, year)}#f{key}")
    if by_itself:
        said = [str(sentence) for rows in form.errors.values() for sentence in rows]
        return JsonResponse({"sentence": " ".join(said)}, status=status)
    return _refused_page(request, indicator, year, form, key, status)


def _refused_page(
    request: PortalRequest, indicator: Indicator, year: int, form: CellForm, key: str, status: int
) -> HttpResponse:
    if indicator.unit is None:
        messages.error(
            request, " ".join(str(each) for rows in form.errors.values() for each in rows)
        )
        return redirect("assessments:indicator", pk=indicator.pk)
    return unit_page(request, indicator.unit, year=year, refused=form, at=key, status=status)


def _unit_url(indicator: Indicator, year: int) -> str:
    if indicator.unit_id is None:
        return reverse("assessments:indicator", args=[indicator.pk])
    return f"{reverse('assessments:figures_of_unit', args=[indicator.unit_id])}?year={year}"


def _conflict(
    request: PortalRequest,
    indicator: Indicator,
    form: CellForm,
    conflict: Conflict,
    by_itself: bool,
) -> HttpResponseBase:
    """Somebody saved another figure meanwhile: the page of this figure shows both."""
    row = conflict.current
    if by_itself:
        sentence = _("Somebody else saved another figure here. Compare both, then choose.")
        place = reverse("assessments:figure", args=[indicator.pk, row.year, row.quarter])
        link = {"url": place, "words": _("Compare")}
        return JsonResponse({"sentence": sentence, "conflict": True, "link": link}, status=409)
    return page_of_conflict(request, indicator, row, form.realised())


def _saved(request: PortalRequest, kept: actions.Kept) -> JsonResponse:
    """What the page puts into its places: the new version, the time, the percentage."""
    row = kept.measurement
    indicator = row.indicator
    plan, today = indicator.node.plan, timezone.localdate()
    (one,) = known([indicator], states=EVERYTHING)
    cell = queries.cell_of(plan, one, row.year, row.quarter, today, False)
    words = {"time": time_format(timezone.localtime(row.entered_at), "H.i")}
    key = cell_key(indicator.pk, row.year, row.quarter)
    counted = cell.achieved.percent
    ratio = with_unit(indicator, figure_text(indicator, cell.figure)) if indicator.is_ratio else ""
    return JsonResponse(
        {
            "version": row.version,
            "sentence": _("Saved %(time)s") % words,
            "places": {
                f"p{key}": percent_id(counted, 1) if counted is not None else "",
                f"r{key}": ratio,
            },
            "fragments": _what_is_to_send(request, indicator, row.year),
        }
    )


def _what_is_to_send(request: PortalRequest, indicator: Indicator, year: int) -> dict[str, str]:
    """The notes above the tables, which count what was just saved."""
    unit, plan = indicator.unit, indicator.node.plan
    if unit is None:
        return {}
    page = queries.unit_figures(request.membership, unit, plan, year, timezone.localdate())
    context = {"page": page, "unit": unit, "year": year}
    template = "assessments/rpjmd/figures/to_send.html"
    return {"to-send": render_to_string(template, context, request)}


@screen(measures)
@require_POST
def figures_send(request: PortalRequest, pk: int) -> HttpResponse:
    """Everything of a quarter that is filled goes to the planners; what is empty stays."""
    unit = or_404(visible_unit(request.membership, pk))
    year, quarter = _period(request)
    plan: Plan = or_404(queries.plan_of_year(unit.government_id, year))
    page = queries.unit_figures(request.membership, unit, plan, year, timezone.localdate())
    if not page.writes:
        raise PermissionDenied(_("Only the responsible unit and the planners report this figure."))
    filled = [row for each in page.to_send if each.quarter == quarter for row in each.filled]
    for row in filled:
        row.indicator.node.plan = plan
    try:
        sent = actions.send_measurements(rows=filled, by=request.membership, now=timezone.now())
    except StepRefused as refusal:
        messages.error(request, refusal_text(refusal))
    else:
        count = len(sent)
        said = ngettext(
            "%(count)d figure was sent to the planner.",
            "%(count)d figures were sent to the planner.",
            count,
        )
        messages.success(request, said % {"count": count})
    return redirect(f"{reverse('assessments:figures_of_unit', args=[unit.pk])}?year={year}")


def _period(request: PortalRequest) -> tuple[int, int]:
    year, quarter = request.POST.get("year", ""), request.POST.get("quarter", "")
    if not (is_number(year, 4) and len(year) == 4) or quarter not in {"0", "1", "2", "3", "4"}:
        raise PermissionDenied(_("Choose a year and a quarter."))
    return int(year), int(quarter)
