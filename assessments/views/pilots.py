"""Choosing pilots: rounds, the matrix, the grids of scores, the decision."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import pilot_decisions as decisions, pilots as actions
from assessments.factor_sets import FactorText, factor_set_on
from assessments.forms.pilots import CorrectionForm, DecisionForm, RoundForm, ScoreGrid
from assessments.models import PilotCandidate, PilotRound, PilotScore
from assessments.permissions import decides_pilots, reads_pilots, scores_pilots
from assessments.pilot_drawing import matrix_chart
from assessments.queries import pilots as queries
from assessments.views.shared import crumbs
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])
# Units on one page of a factor's grid.
GRID_ROWS = 50


@screen(reads_pilots)
@require_safe
def pilot_list(request: PortalRequest) -> HttpResponse:
    rows = [(row, queries.standing_decision(row)) for row in queries.round_list(request.membership)]
    context = {
        "rows": rows,
        "may_open": decides_pilots(request.membership),
        "factors": factor_set_on(timezone.localdate()),
        "breadcrumbs": _hub_crumbs((_("Choosing pilots"), "")),
    }
    return render(request, "assessments/pilots/list.html", context)


@screen(decides_pilots)
@READ
def pilot_new(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    units = queries.choosable_units(request.government, today)
    choices = _by_kind(units)
    form = RoundForm.blank(
        choices=choices,
        year=today.year,
        ticked=[row.unit.pk for row in units if not row.builds and not row.has_declared],
    )
    if request.method == "POST":
        form = RoundForm(request.POST, choices=choices)
        if form.is_valid():
            values = form.cleaned_data
            try:
                row = actions.open_round(
                    title=values["title"],
                    year=values["year"],
                    unit_ids=values["units"],
                    scored=values["scored"] == "with",
                    form_key=values["form_key"],
                    by=request.membership,
                    now=timezone.now(),
                )
            except StepRefused as refusal:
                form.add_error("units", str(refusal))
            else:
                messages.success(request, _("The choice of pilots is open."))
                return redirect("assessments:pilot", row.pk)
    heading = _("Open a choice of pilots")
    context = {
        "form": form,
        "heading": heading,
        "wide": True,
        "back": reverse("assessments:pilots"),
        "breadcrumbs": _crumbs((heading, "")),
    }
    return render(request, "assessments/form.html", context)


def _by_kind(units: list[queries.Choosable]) -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in units:
        label = row.unit.name
        if row.builds:
            label = _("%(unit)s (already builds)") % {"unit": label}
        elif row.has_declared:
            label = _("%(unit)s (has declared)") % {"unit": label}
        groups.setdefault(row.unit.get_kind_display(), []).append((str(row.unit.pk), label))
    return list(groups.items())


@screen(reads_pilots)
@require_safe
def pilot(request: PortalRequest, pk: int) -> HttpResponse:
    """The matrix: picture, list with reasons, decision."""
    row = _round_or_404(request, pk)
    matrix = queries.matrix_of(row)
    decisions = list(row.decisions.all())
    per_factor = queries.scores_by_factor(row) if row.is_open and row.scored else {}
    count = len(matrix.rows)
    context = {
        "round": row,
        "matrix": matrix,
        "chart": matrix_chart(matrix, matrix.factors)
        if matrix.complete and matrix.factors
        else None,
        "decision": decisions[0] if decisions else None,
        "earlier": decisions[1:],
        "columns": [
            (factor, per_factor.get(factor.code, 0), count) for factor in matrix.factors.factors
        ]
        if matrix.factors
        else [],
        "may_score": row.is_open and row.scored and scores_pilots(request.membership),
        "may_decide": decides_pilots(request.membership),
        "breadcrumbs": _crumbs((row.title, "")),
    }
    return render(request, "assessments/pilots/matrix.html", context)


@screen(scores_pilots)
@READ
def pilot_factor(request: PortalRequest, pk: int, factor: str) -> HttpResponse:
    """One factor for all candidates, a page of them at a time: type, Tab, type."""
    row = _scoreable_or_404(request, pk)
    text = _factor_or_404(row, factor)
    page = Paginator(queries.candidates_of(row), GRID_ROWS).get_page(request.GET.get("page"))
    scores = queries.scores_for(row, factor=factor)
    grid = _factor_grid(row, text, list(page), scores)
    following = _next_factor(row, factor)
    if request.method == "POST":
        grid.read(request.POST, scores)
        done = _saved(request, row, grid, lambda: queries.scores_for(row, factor=factor))
        if done and not grid.errors:
            return redirect(_after_grid(request, row, text, page, following))
    context = {
        "round": row,
        "factor": text,
        "axis": queries.set_of(row).axes[text.rule.axis],  # type: ignore[union-attr]
        "grid": grid,
        "page_obj": page,
        "following": following,
        "breadcrumbs": _round_crumbs(row, text.text),
    }
    status = 422 if grid.errors else 200
    return render(request, "assessments/pilots/factor.html", context, status=status)


def _factor_grid(
    row: PilotRound,
    text: FactorText,
    candidates: list[PilotCandidate],
    scores: Mapping[tuple[int, str], PilotScore],
) -> ScoreGrid:
    labels = {(each.unit_id, text.code): each.printed_name for each in candidates}
    grid = ScoreGrid.showing(labels, scores)
    ids = [each.unit_id for each in candidates]
    figures = queries.figures_for(text, ids, row.government_id, timezone.localdate())
    for cell in grid.rows:
        cell.hint = figures.get(cell.key[0], "")
    return grid


def _after_grid(
    request: PortalRequest,
    row: PilotRound,
    text: FactorText,
    page: Page[PilotCandidate],
    following: FactorText | None,
) -> str:
    """Where the button leads: another page of this factor, the next factor, or the matrix."""
    here = reverse("assessments:pilot_factor", args=[row.pk, text.code])
    wanted = request.POST.get("to_page", "")
    if wanted.isdecimal() and len(wanted) < 6 and 1 <= int(wanted) <= page.paginator.num_pages:
        return f"{here}?page={int(wanted)}"
    if "next" in request.POST and following:
        return reverse("assessments:pilot_factor", args=[row.pk, following.code])
    return reverse("assessments:pilot", args=[row.pk])


@screen(scores_pilots)
@READ
def pilot_unit(request: PortalRequest, pk: int, unit_id: int) -> HttpResponse:
    """All factors of one candidate, with notes."""
    row = _scoreable_or_404(request, pk)
    candidate = _candidate_or_404(row, unit_id)
    factors = queries.set_of(row)
    if factors is None:
        raise Http404
    scores = queries.scores_for(row, unit=unit_id)
    labels = {(unit_id, each.code): str(each.text) for each in factors.factors}
    grid = ScoreGrid.showing(labels, scores, with_notes=True)
    for cell, text in zip(grid.rows, factors.factors, strict=True):
        cell.scale, cell.source = text.steps, str(text.source)
    if request.method == "POST":
        grid.read(request.POST, scores)
        done = _saved(request, row, grid, lambda: queries.scores_for(row, unit=unit_id))
        if done and not grid.errors:
            return redirect("assessments:pilot", pk)
    context = {
        "round": row,
        "candidate": candidate,
        "grid": grid,
        "scores": scores,
        "breadcrumbs": _round_crumbs(row, candidate.printed_name),
    }
    status = 422 if grid.errors else 200
    return render(request, "assessments/pilots/unit.html", context, status=status)


def _saved(request: PortalRequest, row: PilotRound, grid: ScoreGrid, again: Any) -> bool:
    """Save what makes sense; the grid then names what does not, and remembers what stands."""
    try:
        saved = actions.score_units(
            round_=row, cells=grid.cells, by=request.membership, now=timezone.now()
        )
    except StepRefused as refusal:
        messages.error(request, str(refusal))
        return False
    grid.name_conflicts(saved.conflicts)
    grid.remember(again())
    if saved.changed:
        said = ngettext("%(count)d score is saved.", "%(count)d scores are saved.", saved.changed)
        messages.success(request, said % {"count": saved.changed})
    elif not grid.errors:
        messages.info(request, _("Nothing was changed."))
    return True


def _next_factor(row: PilotRound, code: str) -> FactorText | None:
    factors = queries.set_of(row)
    every = list(factors.factors) if factors else []
    place = next((number for number, each in enumerate(every) if each.code == code), len(every))
    return every[place + 1] if place + 1 < len(every) else None


@screen(decides_pilots)
@READ
def pilot_decide(request: PortalRequest, pk: int) -> HttpResponse:
    row = _round_or_404(request, pk)
    if not row.is_open:
        return redirect("assessments:pilot", pk)
    kwargs = _decision_kwargs(row)
    form = DecisionForm(request.POST if request.method == "POST" else None, **kwargs)
    if request.method == "POST" and form.is_valid():

        def decide() -> None:
            decisions.decide_round(
                round_=row, facts=form.facts(), by=request.membership, now=timezone.now()
            )

        if _done(form, decide):
            messages.success(
                request, _("The decision is recorded; the choice of pilots is closed.")
            )
            return redirect("assessments:pilot", pk)
    return _decision_page(request, row, form, _("Record the decision"))


@screen(decides_pilots)
@READ
def pilot_correct(request: PortalRequest, pk: int) -> HttpResponse:
    row = _round_or_404(request, pk)
    decision = queries.standing_decision(row)
    if decision is None:
        raise Http404
    kwargs = _decision_kwargs(row)
    form = CorrectionForm(initial=CorrectionForm.initial_of(decision), **kwargs)
    if request.method == "POST":
        form = CorrectionForm(request.POST, **kwargs)
        if form.is_valid():

            def correct() -> None:
                decisions.correct_decision(
                    round_=row,
                    facts=form.facts(),
                    reason=form.cleaned_data["reason"],
                    by=request.membership,
                    now=timezone.now(),
                )

            if _done(form, correct):
                messages.success(
                    request, _("The decision is corrected; the earlier one stays readable.")
                )
                return redirect("assessments:pilot", pk)
    return _decision_page(request, row, form, _("Correct the decision"))


def _decision_kwargs(row: PilotRound) -> dict[str, Any]:
    """Candidates in the order of the list, each with its place."""
    if row.scored:
        placed = queries.matrix_of(row).rows
        choices = [
            (
                str(each.candidate.unit_id),
                f"{each.placement.place}. {each.name}"
                if each.placement.place
                else f"{each.name} ({_('incomplete')})",
            )
            for each in placed
        ]
    else:
        choices = [(str(each.unit_id), each.printed_name) for each in queries.candidates_of(row)]
    return {"choices": choices, "today": timezone.localdate(), "scored": row.scored}


def _done(form: DecisionForm, act: Any) -> bool:
    """Whether the action went through; what is missing stands at its field otherwise."""
    try:
        act()
    except StepRefused as refusal:
        for item in refusal.missing:
            form.add_error(item.anchor if item.anchor in form.fields else None, item.sentence)
        if not refusal.missing:
            form.add_error(None, str(refusal))
        return False
    return True


def _decision_page(
    request: PortalRequest, row: PilotRound, form: DecisionForm, heading: str
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "back": reverse("assessments:pilot", args=[row.pk]),
        "breadcrumbs": _round_crumbs(row, heading),
    }
    return render(request, "assessments/form.html", context)


@screen(decides_pilots)
@require_POST
def pilot_discard(request: PortalRequest, pk: int) -> HttpResponse:
    row = _round_or_404(request, pk)
    try:
        actions.discard_round(round_=row, by=request.membership, now=timezone.now())
    except StepRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:pilot", pk)
    messages.success(request, _("The choice of pilots is discarded; it stays readable."))
    return redirect("assessments:pilots")


def _round_or_404(request: PortalRequest, pk: int) -> PilotRound:
    row = queries.round_of(request.membership, pk)
    if row is None:
        raise Http404
    return row


def _scoreable_or_404(request: PortalRequest, pk: int) -> PilotRound:
    row = _round_or_404(request, pk)
    if not row.scored:
        raise Http404
    return row


def _factor_or_404(row: PilotRound, code: str) -> FactorText:
    factors = queries.set_of(row)
    found = factors.factor(code) if factors else None
    if found is None:
        raise Http404
    return found


def _candidate_or_404(row: PilotRound, unit_id: int) -> PilotCandidate:
    found = next((each for each in queries.candidates_of(row) if each.unit_id == unit_id), None)
    if found is None:
        raise Http404
    return found


def _hub_crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return crumbs((_("ZI programme"), reverse("assessments:programme")), *steps)


def _crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return _hub_crumbs((_("Choosing pilots"), reverse("assessments:pilots")), *steps)


def _round_crumbs(row: PilotRound, label: Any) -> list[dict[str, Any]]:
    return _crumbs((row.title, reverse("assessments:pilot", args=[row.pk])), (label, ""))
