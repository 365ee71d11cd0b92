"""The registry: list, tree, search and the page of one unit."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from integrity_portal.core.http import or_404
from opd.enums import UnitKind
from opd.facts import display_value
from opd.http import PortalRequest, screen
from opd.models import StandingFact, Unit
from opd.navigation import hub_links
from opd.permissions import (
    can_manage_facts,
    can_manage_units,
    is_member,
    may_read_roster,
)
from opd.queries import loose_ends, units as queries
from opd.queries.unit_search import search_units

PER_PAGE = 60
STATES = ("active", "closed", "all")


@screen(is_member)
@require_safe
def unit_list(request: PortalRequest) -> HttpResponse:
    """The tree of active units; whoever searches or filters gets a flat list."""
    today = timezone.localdate()
    text = request.GET.get("q", "").strip()[:150]
    kind = request.GET.get("kind", "")
    kind = kind if kind in UnitKind.values else ""
    state = request.GET.get("state", "")
    state = state if state in STATES else "active"
    context: dict[str, Any] = {
        "q": text,
        "kind": kind,
        "state": state,
        "kinds": UnitKind.choices,
        "may_manage": can_manage_units(request.membership),
        "today": today,
    }
    rows: list[Any]
    if text or kind or state != "active":
        rows = search_units(
            request.membership,
            text=text,
            kind=kind,
            state="" if state == "all" else state,
            today=today,
        )
        template = "opd/units/search.html"
    else:
        rows = queries.unit_tree(request.membership, today=today)
        context["counted"] = sum(node.counts for node in rows)
        template = "opd/units/tree.html"
    context["page_obj"] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, template, context)


@screen(is_member)
@require_safe
def unit_detail(request: PortalRequest, unit_id: int) -> HttpResponse:
    today = timezone.localdate()
    unit = unit_or_404(request, unit_id)
    page = queries.unit_page(request.membership, unit, today=today)
    may_manage = can_manage_units(request.membership)
    ends = []
    if unit.active_to is not None:
        ends = loose_ends.loose_ends([unit.pk], after=unit.active_to)[unit.pk]
    return render(
        request,
        "opd/units/detail.html",
        {
            "page": page,
            "unit": unit,
            "today": today,
            "is_closed": unit.is_closed(today),
            "is_ahead": unit.active_from is not None and unit.active_from > today,
            "ends": ends,
            "facts": shown_facts(page.facts),
            "may_manage": may_manage,
            "may_keep_facts": can_manage_facts(request.membership),
            "reads_names": may_read_roster(request.membership, unit),
            "may_hand_over": may_manage
            and bool(page.services or page.duties or ends)
            and any(row.happened_on <= today for row in page.successors),
            "rooms": hub_links(request.membership, "opd:unit", unit_id=unit.pk),
            "breadcrumbs": crumbs((unit.label, "")),
        },
    )


def unit_or_404(request: PortalRequest, unit_id: int) -> Unit:
    """One the person may see; any other does not exist for him."""
    return or_404(queries.visible_unit(request.membership, unit_id))


def crumbs(*trail: tuple[Any, str]) -> list[dict[str, Any]]:
    """From the list of units downwards; the last one is the page itself."""
    steps = [(_("Units"), reverse("opd:unit_list")), *trail]
    return [{"label": label, "url": url} for label, url in steps]


def unit_crumbs(unit: Unit, label: Any) -> list[dict[str, Any]]:
    return crumbs((unit.label, reverse("opd:unit", args=[unit.pk])), (label, ""))


def shown_facts(facts: list[StandingFact]) -> list[tuple[StandingFact, str]]:
    return [(fact, display_value(fact.key, fact.value)) for fact in facts]
