"""The planner's queue: figures that wait, verified one by one or many at once."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from assessments.actions import measurements as actions
from assessments.editing import Conflict
from assessments.models import Measurement
from assessments.permissions import keeps_rpjmd
from assessments.queries import unit_figures as queries
from assessments.views.figure_pages import is_number, to_queue
from opd.http import PortalRequest, screen
from opd.refusals import refusal_text
from opd.transitions import StepRefused

PER_PAGE = 50


@screen(keeps_rpjmd)
@require_safe
def figures_queue(request: PortalRequest) -> HttpResponse:
    asked = request.GET.get("unit", "")
    unit = int(asked) if is_number(asked, 18) else None
    quarter = request.GET.get("quarter", "")
    rows = queries.queue(request.membership, timezone.localdate(), unit=unit, quarter=quarter)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    everything = queries.waiting_units(request.membership)
    context: dict[str, Any] = {
        "page_obj": page,
        "total": len(rows),
        "units": everything,
        "unit": unit,
        "quarter": quarter,
        "are_ticked": request.GET.get("all") == "1",
        "everything_url": f"?{_with_all(request)}",
        "is_filtered": unit is not None or quarter != "",
    }
    return render(request, "assessments/rpjmd/figures/queue.html", context)


def _with_all(request: PortalRequest) -> str:
    """The same page, every box ticked: for whoever has no JavaScript."""
    asked = request.GET.copy()
    asked["all"] = "1"
    return asked.urlencode()


@screen(keeps_rpjmd)
@require_POST
def figures_verify(request: PortalRequest) -> HttpResponse:
    """Those that are ticked, each as it was shown; what cannot go on is named and stays."""
    shown = _ticked(request)
    done, refused = 0, []
    for row, version in shown:
        try:
            actions.verify_measurement(
                measurement=row, shown=version, by=request.membership, now=timezone.now()
            )
            done += 1
        except Conflict:
            refused.append(f"{row.indicator.name}: {_('it has changed since you opened the page')}")
        except StepRefused as refusal:
            refused.append(f"{row.indicator.name}: {refusal_text(refusal)}")
    if done:
        said = ngettext(
            "%(count)d figure is verified and locked.",
            "%(count)d figures are verified and locked.",
            done,
        )
        messages.success(request, said % {"count": done})
    for sentence in refused:
        messages.error(request, sentence)
    if not shown:
        messages.error(request, _("Tick the figures that you have checked."))
    return to_queue(request)


def _ticked(request: PortalRequest) -> list[tuple[Measurement, int]]:
    """Each box says `key-version`: the figure as the planner saw it."""
    versions: dict[int, int] = {}
    for said in request.POST.getlist("take"):
        pk, _sep, version = said.partition("-")
        if is_number(pk, 18) and is_number(version, 9):
            versions[int(pk)] = int(version)
    rows = queries.waiting_for(request.membership).filter(pk__in=list(versions)[:PER_PAGE])
    return [(row, versions[row.pk]) for row in rows]
