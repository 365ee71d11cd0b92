"""Reading a plan: the list of plans, the tree, what a node is made of, what the plan lacks."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_safe

from assessments.enums import PlanState
from assessments.models import Plan
from assessments.permissions import keeps_rpjmd, reads_plan_figures
from assessments.plan_words import until_text
from assessments.queries import plan_pages as queries
from assessments.queries.plan_board import Board, plan_board, plans_of
from assessments.queries.plan_gaps import plan_gaps
from assessments.series import QUARTERS, WHOLE_YEAR
from assessments.views.shared import crumbs
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, screen
from opd.navigation import hub_links

TONES = {PlanState.DRAFT: "warn", PlanState.IN_FORCE: "good", PlanState.CLOSED: "info"}


@screen(reads_plan_figures)
@require_safe
def plan_list(request: PortalRequest) -> HttpResponse:
    """Straight to the plan of today; `?all=1` stays on the list."""
    plans = plans_of(request.membership)
    today = timezone.localdate()
    current = queries.plan_of_today(plans, today)
    is_written = current is not None and current.state != PlanState.DRAFT
    if current is not None and is_written and request.GET.get("all") != "1":
        return redirect("assessments:rpjmd_plan", current.pk)
    return render(
        request,
        "assessments/rpjmd/plan/list.html",
        {"plans": [(plan, TONES[PlanState(plan.state)]) for plan in plans], "current": current},
    )


@screen(reads_plan_figures)
@require_safe
def plan(request: PortalRequest, pk: int) -> HttpResponse:
    row = find_plan(request, pk)
    today = timezone.localdate()
    choice = queries.choice_of(row, request.GET, today)
    board = plan_board(row, year=choice.year, quarter=choice.quarter, on=today)
    return render(
        request,
        "assessments/rpjmd/plan/plan.html",
        {
            **plan_context(request, row),
            "choice": choice,
            "board": board,
            "branches": queries.branches(board, choice),
            "lights": _lights(board),
            "outlooks": _outlooks(board),
            "is_over": today.year > row.last_year,
            "looks_at_year": choice.year == today.year,
            "period": until_text(choice.year, choice.quarter),
            "period_query": period_query(choice),
            **_choices(board),
            "breadcrumbs": crumbs((_("Plans"), plans_url()), (row.title, "")),
        },
    )


@screen(reads_plan_figures)
@require_safe
def node(request: PortalRequest, pk: int, node: int) -> HttpResponse:
    """What the light and the money of a node are made of."""
    row = find_plan(request, pk)
    today = timezone.localdate()
    choice = queries.choice_of(row, request.GET, today)
    board = plan_board(row, year=choice.year, quarter=choice.quarter, on=today)
    parts = or_404(queries.parts_of(board, node))
    return render(
        request,
        "assessments/rpjmd/plan/node.html",
        {
            **plan_context(request, row),
            "choice": choice,
            "parts": parts,
            "node": parts.row.node,
            "looks_at_year": choice.year == today.year,
            "period": until_text(choice.year, choice.quarter),
            "period_query": period_query(choice),
            "periods": _periods(),
            "breadcrumbs": crumbs(
                (_("Plans"), plans_url()),
                (row.title, f"{plan_url(row)}?{period_query(choice)}"),
                (parts.row.node.code, ""),
            ),
        },
    )


@screen(keeps_rpjmd)
@require_safe
def gaps(request: PortalRequest, pk: int) -> HttpResponse:
    row = find_plan(request, pk)
    found = plan_gaps(row, on=timezone.localdate())
    return render(
        request,
        "assessments/rpjmd/plan/gaps.html",
        {
            **plan_context(request, row),
            "gaps": found,
            "total": sum(len(gap.rows) for gap in found),
            "breadcrumbs": plan_crumbs(row, _("Gaps")),
        },
    )


def find_plan(request: PortalRequest, pk: int) -> Plan:
    return or_404(queries.plan_of(request.membership, pk))


def plan_context(request: PortalRequest, row: Plan) -> dict[str, Any]:
    """What every page of a plan shows. Where everything is a sample, the rows do not repeat it."""
    return {
        "plan": row,
        "state_tone": TONES[PlanState(row.state)],
        "rooms": hub_links(request.membership, "assessments:rpjmd_plan", pk=row.pk),
        "marks_samples": not row.government.is_sample,
    }


def plan_crumbs(row: Plan, label: str) -> list[dict[str, Any]]:
    return crumbs((_("Plans"), plans_url()), (row.title, plan_url(row)), (label, ""))


def plans_url() -> str:
    return f"{reverse('assessments:rpjmd')}?all=1"


def plan_url(row: Plan) -> str:
    return reverse("assessments:rpjmd_plan", args=[row.pk])


def period_query(choice: queries.Choice) -> str:
    return f"year={choice.year}&quarter={choice.quarter}"


def _periods() -> list[tuple[int, str]]:
    return [
        (WHOLE_YEAR, _("The whole year")),
        *((each, _("Up to quarter %(quarter)s") % {"quarter": each}) for each in QUARTERS),
    ]


def light_words() -> dict[str, str]:
    return {
        "bad": pgettext("light", "Behind"),
        "warn": pgettext("light", "Needs attention"),
        "good": pgettext("light", "Good"),
        queries.NO_LIGHT: pgettext("light", "Without a light"),
    }


def _lights(board: Board) -> list[tuple[str, str, int]]:
    words = light_words()
    return [(light, words[light], n) for light, n in queries.lights_of(board.indicators).items()]


def outlook_words() -> dict[str, tuple[str, str]]:
    """Word and tone."""
    return {
        "off_track": (pgettext("outlook", "Will not be reached"), "bad"),
        "at_risk": (pgettext("outlook", "At risk"), "warn"),
        "on_track": (pgettext("outlook", "Will be reached"), "good"),
    }


def _outlooks(board: Board) -> list[tuple[str, str, str, int]]:
    words = outlook_words()
    return [(code, *words[code], n) for code, n in queries.looks_of(board).items()]


def _choices(board: Board) -> dict[str, Any]:
    return {
        "periods": _periods(),
        "levels": queries.levels_of(board),
        "units": queries.units_of(board),
        "light_choices": list(light_words().items()),
        "outlook_choices": [(code, word) for code, (word, _tone) in outlook_words().items()],
    }
