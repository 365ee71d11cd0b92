"""The start pages of the regional head and of the Sekda: read fresh, worst first."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from opd.http import PortalRequest, screen
from opd.queries.inbox import went_up
from opd.queries.places import coverage
from reports import drawings, permissions, presented, queries, wording
from reports.figures import Figures

MAYOR_LATE = 5
SEKDA_LATE = 12
COMING = 8
# The rest unfolds; "two minutes a day are enough".
MAYOR_UNITS = 5
SEKDA_UNITS = 10
# So many unfold; where there are hundreds, the others stand on the page of all zones.
FOLDED = 12


@require_safe
@screen(permissions.is_mayor, hidden=True)
def mayor(request: PortalRequest) -> HttpResponse:
    """Nobody but the regional head; everybody else is told that there is no such page."""
    figures, awaited = _read(request)
    context = {**_shared(figures, MAYOR_UNITS), **_late(figures, MAYOR_LATE)}
    context["awaited"], context["posters"] = awaited, _posters(request)
    context["head_title"] = request.membership.printed_title or request.government.head_title
    return render(request, "reports/mayor.html", context)


@require_safe
@screen(permissions.is_sekda, hidden=True)
def sekda(request: PortalRequest) -> HttpResponse:
    figures, awaited = _read(request)
    context = {**_shared(figures, SEKDA_UNITS), **_late(figures, SEKDA_LATE)}
    context["awaited"] = awaited
    context["coming_rows"] = presented.item_rows(figures.coming[:COMING], figures.today)
    context["coming_more"] = len(figures.coming[COMING:])
    context["preparation"] = wording.preparation_sentence(figures)
    context["things"] = went_up(request.membership, figures.today)
    return render(request, "reports/sekda.html", context)


def _read(request: PortalRequest) -> tuple[Figures, list[Any]]:
    """The figures, and the places in declarations where this office has still to sign."""
    places = queries.unsigned_places(request.government.pk)
    figures = queries.read_figures(request.government, timezone.localdate(), places)
    return figures, [row for row in places if row.membership_id == request.membership.pk]


def _posters(request: PortalRequest) -> dict[str, int]:
    """In how many places a poster hangs: one line, with the page behind it."""
    rows = coverage(request.government.pk, today=timezone.localdate())
    return {name: sum(getattr(row, name) for row in rows) for name in ("posted", "places", "due")}


def _shared(figures: Figures, shown: int) -> dict[str, Any]:
    units = presented.unit_rows(figures, shown + FOLDED)
    return {
        "figures": figures,
        "today": figures.today,
        "headline": wording.headline(figures),
        "lead": wording.lead(figures),
        "kpis": wording.kpis(figures),
        "moves": wording.moves_sentence(figures),
        "units_title": wording.units_title(figures),
        "unit_rows": units[:shown],
        "other_units": units[shown:],
        "further_units": len(figures.units) - len(units),
        "charts": [
            drawings.progress_chart(figures),
            drawings.complaints_chart(figures),
            drawings.coverage_chart(figures),
            drawings.stages_chart(figures),
        ],
    }


def _late(figures: Figures, limit: int) -> dict[str, Any]:
    rows = presented.item_rows(figures.late, figures.today)
    return {"late_rows": rows[:limit], "late_more": len(rows[limit:])}
