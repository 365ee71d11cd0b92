"""Phases: the plan by year, coverage over time, moving units."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import phases as actions
from assessments.forms.preparation import PhaseForm
from assessments.permissions import can_see_coverage, plans_phases
from assessments.queries.phases import Phases, UnitPhase, phases as read_phases
from assessments.views.shared import crumbs
from integrity_portal.core import charts
from integrity_portal.core.formatting import partial_date
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused


@screen(can_see_coverage)
@require_safe
def phases(request: PortalRequest) -> HttpResponse:
    return _page(request, read_phases(request.government, timezone.localdate()))


@screen(plans_phases)
@require_POST
def phases_move(request: PortalRequest) -> HttpResponse:
    """Put the ticked units into a year, or out of the plan."""
    read = read_phases(request.government, timezone.localdate())
    known = {row.unit.pk for row in read.rows}
    sent = {value: _unit(value) for value in request.POST.getlist("units")}
    choices = [value for value, unit in sent.items() if unit in known]
    form = PhaseForm(request.POST, choices=choices, out="out" in request.POST)
    if not form.is_valid():
        return _page(request, read, form=form, status=422)
    year = form.cleaned_data["year"]
    try:
        moved = actions.plan_units(
            units=form.chosen(),
            year=year,
            note=form.cleaned_data["note"],
            by=request.membership,
            now=timezone.now(),
        )
    except StepRefused as refused:
        form.add_error(None, str(refused))
        return _page(request, read, form=form, status=422)
    _say(request, moved, year)
    query = request.GET.urlencode()
    return redirect(reverse("assessments:phases") + (f"?{query}" if query else ""))


def _unit(value: str) -> int | None:
    """The unit of a box `unit-version`; None for anything else."""
    unit, _dash, version = value.partition("-")
    return int(unit) if unit.isdecimal() and version.isdecimal() and len(value) < 30 else None


def _say(request: PortalRequest, moved: actions.Moved, year: int | None) -> None:
    count = len(moved.moved)
    if count and year is None:
        said = ngettext(
            "%(count)d unit is out of the plan.", "%(count)d units are out of the plan.", count
        )
        messages.success(request, said % {"count": count})
    elif count:
        said = ngettext(
            "%(count)d unit stands in %(year)d.", "%(count)d units stand in %(year)d.", count
        )
        messages.success(request, said % {"count": count, "year": year})
    target = request.government.zone_target_year
    if count and year is not None and target and year > target:
        messages.warning(
            request,
            _("%(year)d lies after the government's target year %(target)d.")
            % {"year": year, "target": target},
        )
    if moved.conflicts:
        names = ", ".join(unit.label for unit in moved.conflicts)
        messages.error(
            request,
            _("Somebody else moved these meanwhile; look at them again: %(units)s.")
            % {"units": names},
        )


def _page(
    request: PortalRequest, read: Phases, form: PhaseForm | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    target = request.government.zone_target_year
    finish = read.forecast.finish
    asked = request.GET
    kind, year = asked.get("kind", "")[:20], asked.get("year", "")[:4]
    rows = [row for row in read.rows if _fits(row, kind, year, asked.get("declared") == "1")]
    ticked = set(form.data.getlist("units")) if form else set()  # type: ignore[attr-defined]
    context = {
        "read": read,
        "rows": [(row, f"{row.unit.pk}-{row.version}") for row in rows],
        "ticked": ticked,
        "form": form,
        "kind": kind,
        "year": year,
        "declared": asked.get("declared") == "1",
        "kinds": sorted({(row.unit.kind, row.unit.get_kind_display()) for row in read.rows}),
        "years": sorted({row.year_text for row in read.rows if row.year}),
        "target_year": target,
        "finish": partial_date(PartialDate(finish, Precision.MONTH)) if finish else "",
        "is_late": read.forecast.is_late(target),
        # Without a declaration in two years the records are history: nobody is called late.
        "is_history": read.forecast.remaining > 0 and not read.forecast.pace_per_year,
        "this_year": today.year,
        "next_year": today.year + 1,
        "may_plan": plans_phases(request.membership),
        "chart": _chart(read).draw(),
        "query": asked.urlencode(),
        "breadcrumbs": crumbs(
            (_("ZI programme"), reverse("assessments:programme")), (_("Phases"), "")
        ),
    }
    return render(request, "assessments/preparation/phases.html", context, status=status)


def _fits(row: UnitPhase, kind: str, year: str, declared: bool) -> bool:
    if row.declared_on is not None and not declared:
        return False
    return kind in ("", row.unit.kind) and year in ("", row.year_text or "none")


def _chart(read: Phases) -> charts.LineChart:
    """Declared by the day of the act, up to this year; planned up to the last planned year."""

    def number(value: int | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    lines: list[Any] = [
        charts.Line(_("Declared so far"), [number(row.reached) for row in read.years])
    ]
    if any(row.planned for row in read.years):
        lines.append(charts.Line(_("Planned so far"), [number(row.together) for row in read.years]))
    return charts.LineChart(
        title=_("Units that have declared, added up by year"),
        periods=[str(row.year) for row in read.years],
        lines=lines,
        places=0,
        target=Decimal(read.counted) if read.counted else None,
        target_label=_("All units:"),
        period_header=_("Up to and with"),
    )
