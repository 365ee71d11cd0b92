"""Nodes and indicators of a plan: added, changed, dropped; the grid of targets and ceilings."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import indicators as indicator_actions, plan_nodes as actions
from assessments.editing import Conflict
from assessments.enums import Consolidation, IndicatorKind, Shape
from assessments.forms.plan_targets import TargetsForm
from assessments.forms.rpjmd import IndicatorForm, NodeForm
from assessments.models import Indicator, PlanNode
from assessments.permissions import keeps_rpjmd
from assessments.queries import plan_keeping_pages as queries
from assessments.target_rules import unequal_years
from assessments.views.editing import conflicts_in, form_page
from assessments.views.rpjmd_plans import KEEP, keeping_crumbs, plan_or_404
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, posted, screen
from opd.models import Unit
from opd.refusals import refusals_in, refusals_said
from opd.transitions import StepRefused


def _node(request: PortalRequest, pk: int) -> PlanNode:
    return or_404(queries.node_of(request.membership, pk))


def _at(plan_pk: int, anchor: str) -> str:
    return f"{reverse(KEEP, args=[plan_pk])}#{anchor}"


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def node_new(request: PortalRequest, pk: int) -> HttpResponse:
    """A line of the plan `pk`, under the node of `?under=` (or sent with the form)."""
    plan = plan_or_404(request, pk)
    asked = request.GET.get("under", "")
    parent = None
    if asked:
        parent = _node(
            request, int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
        )
    if parent is not None and parent.plan_id != plan.pk:
        parent = or_404(None)
    units = queries.units_to_choose(request.membership)
    data = posted(request)
    form = (
        NodeForm.blank(units, parent)
        if data is None
        else NodeForm(data, units=units, parent=parent)
    )
    if data is not None and form.is_valid():
        with refusals_in(form):
            node = actions.add_node(
                plan=plan,
                parent=parent,
                texts=form.texts(),
                owners=form.owners(),
                form_key=form.cleaned_data["form_key"],
                by=request.membership,
            )
            messages.success(request, _("The line is added."))
            return redirect(_at(plan.pk, f"n{node.pk}"))
    return form_page(
        request,
        form,
        heading=_("New line of the plan"),
        lead=f"{parent.get_level_display()} {parent.code} {parent.name}" if parent else plan.title,
        back=reverse(KEEP, args=[plan.pk]),
        breadcrumbs=keeping_crumbs(plan, _("New line of the plan")),
        status=200 if data is None else 422,
    )


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def node_edit(request: PortalRequest, pk: int) -> HttpResponse:
    node = _node(request, pk)
    owned = [row.unit_id for row in node.owner_rows.all()]
    units = queries.units_to_choose(request.membership, owned)
    data = posted(request)
    form = (
        NodeForm.showing(node, units)
        if data is None
        else NodeForm(data, units=units, parent=node.parent)
    )
    more: dict[str, Any] = {"status": 200 if data is None else 422}
    if data is not None and form.is_valid():
        with (
            refusals_in(form),
            conflicts_in(form, lambda row: NodeForm.showing(row, units), more),
        ):
            actions.edit_node(
                node=node,
                texts=form.texts(),
                owners=form.owners(),
                version=form.cleaned_data["version"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("The line is saved."))
            return redirect(_at(node.plan_id, f"n{node.pk}"))
    return form_page(
        request,
        form,
        heading=_("Change the line"),
        lead=f"{node.code} {node.name}",
        back=_at(node.plan_id, f"n{node.pk}"),
        breadcrumbs=keeping_crumbs(node.plan, _("Change the line")),
        **more,
    )


@screen(keeps_rpjmd)
@require_POST
def node_drop(request: PortalRequest, pk: int) -> HttpResponse:
    node = _node(request, pk)
    with refusals_said(request):
        actions.drop_node(node=node, by=request.membership)
        messages.success(request, _("The line is dropped."))
    return redirect(KEEP, pk=node.plan_id)


def _rows(
    request: PortalRequest, node: PlanNode, row: Indicator | None, unit: str
) -> dict[str, Any]:
    """What the fiche chooses from; duties of the unit that is chosen in the form."""
    standing = row.unit_id if row else None
    chosen = int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 19 else standing
    return {
        "units": queries.units_to_choose(request.membership, [standing]),
        "duties": queries.duties_to_choose(request.membership, chosen),
        "others": queries.indicators_to_support(node, row),
    }


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def indicator_new(request: PortalRequest, pk: int) -> HttpResponse:
    """At the node `pk`."""
    node = _node(request, pk)
    data = posted(request)
    lead = next((str(row.unit_id) for row in node.owner_rows.all() if row.is_lead), "")
    rows = _rows(request, node, None, request.POST.get("unit", lead))
    form = IndicatorForm.blank(**rows) if data is None else IndicatorForm(data, **rows)
    if data is None:
        form.initial["unit"] = lead
    if data is not None and form.is_valid():
        with refusals_in(form):
            indicator = indicator_actions.add_indicator(
                node=node,
                texts=form.texts(),
                form_key=form.cleaned_data["form_key"],
                by=request.membership,
            )
            messages.success(request, _("The indicator is added. Now write its targets."))
            return redirect("assessments:indicator_targets", pk=indicator.pk)
    return form_page(
        request,
        form,
        heading=_("New indicator"),
        lead=f"{node.get_level_display()} {node.code} {node.name}",
        back=_at(node.plan_id, f"n{node.pk}"),
        breadcrumbs=keeping_crumbs(node.plan, _("New indicator")),
        status=200 if data is None else 422,
    )


def _indicator(request: PortalRequest, pk: int) -> Indicator:
    return or_404(queries.indicator_to_keep(request.membership, pk))


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def indicator_edit(request: PortalRequest, pk: int) -> HttpResponse:
    row = _indicator(request, pk)
    data = posted(request)
    rows = _rows(request, row.node, row, request.POST.get("unit", ""))
    form = IndicatorForm.showing(row, **rows) if data is None else IndicatorForm(data, **rows)
    more: dict[str, Any] = {"status": 200 if data is None else 422}
    if data is not None and form.is_valid():
        with (
            refusals_in(form),
            conflicts_in(form, lambda found: IndicatorForm.showing(found, **rows), more),
        ):
            indicator_actions.edit_indicator(
                indicator=row,
                texts=form.texts(),
                version=form.cleaned_data["version"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("The indicator is saved."))
            return redirect(_at(row.node.plan_id, f"i{row.pk}"))
    return form_page(
        request,
        form,
        heading=_("Change the indicator"),
        lead=row.name,
        back=_at(row.node.plan_id, f"i{row.pk}"),
        breadcrumbs=keeping_crumbs(row.node.plan, _("Change the indicator")),
        **more,
    )


@screen(keeps_rpjmd)
@require_POST
def indicator_drop(request: PortalRequest, pk: int) -> HttpResponse:
    row = _indicator(request, pk)
    plan_pk = row.node.plan_id
    with refusals_said(request):
        indicator_actions.drop_indicator(indicator=row, by=request.membership)
        messages.success(request, _("The indicator is dropped."))
    return redirect(KEEP, pk=plan_pk)


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def indicator_targets(request: PortalRequest, pk: int) -> HttpResponse:
    """The grid of targets (of money: ceilings), all years and quarters at once."""
    row = _indicator(request, pk)
    targets = queries.targets_to_write(row)
    data = posted(request)
    form = TargetsForm(data, indicator=row, targets=targets)
    status = 200 if data is None else 422
    if data is not None and form.is_valid():
        try:
            changed = indicator_actions.set_targets(
                indicator=row, rows=form.rows, by=request.membership
            )
            messages.success(request, _("Saved; %(count)d targets changed.") % {"count": changed})
            _warn_of_unequal_years(request, row, form)
            return redirect(_at(row.node.plan_id, f"i{row.pk}"))
        except indicator_actions.TargetsRefused as refused:
            form.refuse(refused.faults.cells)
        except StepRefused as refused:
            form.add_error(None, str(refused))
        except Conflict:
            form.add_error(
                None, _("Somebody else changed a target meanwhile. Compare, then save again.")
            )
            status = 409
    return _grid(request, form, row, status)


def _warn_of_unequal_years(request: PortalRequest, row: Indicator, form: TargetsForm) -> None:
    """Saved all the same: which of the two is wrong, only people know."""
    if row.consolidation != Consolidation.SUM or row.shape != Shape.VALUE:
        return
    years = unequal_years({(each.year, each.quarter): each.low for each in form.rows})
    if years:
        said = _("The quarters do not add up to the year: %(years)s. Check which one is right.")
        messages.warning(request, said % {"years": ", ".join(str(year) for year in years)})


def _grid(request: PortalRequest, form: TargetsForm, row: Indicator, status: int) -> HttpResponse:
    heading = _("Ceilings") if row.kind == IndicatorKind.BUDGET else _("Targets")
    context = {
        "form": form,
        "indicator": row,
        "plan": row.node.plan,
        "heading": heading,
        "is_sum": row.consolidation == Consolidation.SUM,
        "back": _at(row.node.plan_id, f"i{row.pk}"),
        "breadcrumbs": keeping_crumbs(row.node.plan, heading),
    }
    return render(request, "assessments/rpjmd/keeping/targets.html", context, status=status)


@screen(keeps_rpjmd)
@require_POST
def node_budget(request: PortalRequest, pk: int) -> HttpResponse:
    """Open the budget of a unit at the node; its ceilings are written on the next page."""
    node = _node(request, pk)
    said = request.POST.get("unit", "")
    owners: Sequence[Unit] = [row.unit for row in node.owner_rows.all()]
    unit = next((each for each in owners if str(each.pk) == said), None)
    with refusals_said(request):
        budget = indicator_actions.set_budget(node=node, unit=unit, rows=[], by=request.membership)
        return redirect("assessments:indicator_targets", pk=budget.pk)
    return redirect(KEEP, pk=node.plan_id)
