"""Monev: all units of a year, one zone, freezing a period, a frozen period, two beside each other."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments import monev as rules
from assessments.actions.freezes import freeze_plan
from assessments.enums import MonevPeriod, Move
from assessments.models import IntegrityZone, PlanFreeze, WorkPlan
from assessments.monev import FrozenPlan
from assessments.permissions import can_freeze, can_write_plan, decides_reports, reads_plans
from assessments.queries import monev as queries
from assessments.views.shared import crumbs
from assessments.views.workplans import plan_or_404
from integrity_portal.core.http import or_404, refuse
from opd.http import PortalRequest, screen
from opd.refusals import refusal_text
from opd.transitions import StepRefused

PER_PAGE = 25


@screen(reads_plans)
@require_safe
def monev_list(request: PortalRequest) -> HttpResponse:
    """Every plan of a year: its four periods, what is still to be followed up."""
    today = timezone.localdate()
    years = queries.years(request.membership)
    year = chosen_year(request.GET.get("year", ""), years, today.year)
    rows = queries.overview(request.membership, year, today)
    context = {
        "year": str(year),
        "years": [str(each) for each in years],
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "late_count": sum(row.late_count for row in rows),
        "periods": MonevPeriod.values,
        "breadcrumbs": crumbs((_("ZI programme"), reverse("assessments:programme")), ("Monev", "")),
    }
    return render(request, "assessments/monev/list.html", context)


def chosen_year(text: str, years: list[int], this_year: int) -> int:
    """What was asked for, else this year, else the newest there is."""
    known = {str(year): year for year in years}
    if text in known:
        return known[text]
    return this_year if this_year in years or not years else years[0]


@screen(reads_plans)
@require_safe
def zone_monev(request: PortalRequest, zone_pk: int) -> HttpResponse:
    """The periods of one zone's plan, its meetings, and the matrix of what is followed up."""
    zone = or_404(queries.zone(request.membership, zone_pk))
    today = timezone.localdate()
    plans = queries.plans_of(zone)
    year = chosen_year(request.GET.get("year", ""), [plan.year for plan in plans], today.year)
    plan = next((each for each in plans if each.year == year), None)
    unit = zone.unit
    follow_ups = queries.follow_ups_of_zone(zone, year, today)
    context = {
        "zone": zone,
        "unit": unit,
        "plan": plan,
        "plans": plans,
        "year": str(year),
        "periods": queries.plan_periods(plan, today) if plan else [],
        "meetings": queries.meetings_of(plan) if plan else [],
        "follow_ups": follow_ups,
        "late_count": sum(row.is_overdue for row in follow_ups),
        "evidence": queries.evidence_of(zone, year),
        "may_freeze": can_freeze(request.membership, unit) and zone.closed_on is None,
        "may_write": can_write_plan(request.membership, unit) and zone.closed_on is None,
        "breadcrumbs": zone_crumbs(zone, "Monev"),
    }
    return render(request, "assessments/monev/zone.html", context)


@screen(decides_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def plan_freeze(request: PortalRequest, pk: int, period: str) -> HttpResponse:
    """GET: what will be kept. POST: keep it, once."""
    plan = plan_or_404(request, pk)
    if period not in MonevPeriod.values:
        raise Http404
    if not can_freeze(request.membership, plan.zone.unit):
        raise refuse(_("Only the head of the unit freezes a period of its plan."))
    existing = queries.freeze_at(plan, period)
    if existing is not None:
        return redirect("assessments:plan_period", pk=existing.pk)
    today = timezone.localdate()
    error, status = "", 200
    if request.method == "POST":
        try:
            row = freeze_plan(
                plan=plan, period=period, by=request.membership, now=timezone.now(), today=today
            )
        except StepRefused as refused:
            error, status = refusal_text(refused), 409
        else:
            messages.success(request, _("%(period)s is frozen.") % {"period": period})
            return redirect("assessments:plan_period", pk=row.pk)
    frozen = queries.freeze_of_now(plan, today)
    context = {
        "plan": plan,
        "unit": plan.zone.unit,
        "row": next(row for row in queries.plan_periods(plan, today) if row.period.code == period),
        "frozen": frozen,
        "areas": queries.areas_of(frozen),
        "error": error,
        "breadcrumbs": zone_crumbs(
            plan.zone, _("Freeze %(period)s") % {"period": period}, monev=True
        ),
    }
    return render(request, "assessments/monev/freeze.html", context, status=status)


@screen(reads_plans)
@require_safe
def plan_period(request: PortalRequest, pk: int) -> HttpResponse:
    """A frozen period as it was kept, with the meetings that were held on it."""
    row = freeze_or_404(request, pk)
    plan, unit = row.plan, row.plan.zone.unit
    frozen = FrozenPlan.from_json(row.snapshot)
    periods = queries.plan_periods(plan, timezone.localdate())
    context = {
        "freeze": row,
        "plan": plan,
        "unit": unit,
        "frozen": frozen,
        "areas": queries.areas_of(frozen),
        "state": next(each.state for each in periods if each.period.code == row.period),
        "ends_on": next(each.ends_on for each in periods if each.period.code == row.period),
        "others": [each for each in periods if each.freeze and each.period.code != row.period],
        "meetings": [each for each in queries.meetings_of(plan) if each.freeze_id == row.pk],
        "is_intact": queries.is_intact(row),
        "may_write": can_write_plan(request.membership, unit) and plan.zone.closed_on is None,
        "breadcrumbs": zone_crumbs(plan.zone, f"{row.period} {plan.year}", monev=True),
    }
    return render(request, "assessments/monev/period.html", context)


@screen(reads_plans)
@require_safe
def plan_compare(request: PortalRequest, pk: int, before: str, after: str) -> HttpResponse:
    """What moved between two frozen periods, and what did not."""
    plan = plan_or_404(request, pk)
    first, second = _frozen(plan, before), _frozen(plan, after)
    rows = queries.compared(first, second)
    counts = rules.count_moves(rows)
    context = {
        "plan": plan,
        "unit": plan.zone.unit,
        "first": first,
        "second": second,
        "before": FrozenPlan.from_json(first.snapshot).percent,
        "after": FrozenPlan.from_json(second.snapshot).percent,
        "rows": [row for row in rows if row.move != Move.GONE],
        "counts": [(move, counts[move]) for move in Move if counts[move] and move != Move.GONE],
        "out_of_order": first.taken_at > second.taken_at,
        "breadcrumbs": zone_crumbs(plan.zone, f"{before} – {after} {plan.year}", monev=True),
    }
    return render(request, "assessments/monev/compare.html", context)


def _frozen(plan: WorkPlan, period: str) -> PlanFreeze:
    return or_404(queries.freeze_at(plan, period))


def freeze_or_404(request: PortalRequest, pk: int) -> PlanFreeze:
    return or_404(queries.freeze(request.membership, pk))


def zone_crumbs(zone: IntegrityZone, label: str, *, monev: bool = False) -> list[dict[str, Any]]:
    """The way here: all units, the zone's monev, the page itself."""
    steps = [("Monev", reverse("assessments:monev"))]
    if monev:
        steps.append((zone.unit.label, reverse("assessments:zone_monev", args=[zone.pk])))
        return crumbs(*steps, (label, ""))
    return crumbs(*steps, (zone.unit.label, ""))
