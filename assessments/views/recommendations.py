"""The register of recommendations: lists, one with its history, entering and pasting."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments import pasted
from assessments.actions import recommendations as actions
from assessments.enums import RecommendationState, ReplyState
from assessments.forms.recommendations import (
    DecisionForm,
    DueForm,
    PasteForm,
    RecommendationFilterForm,
    RecommendationForm,
)
from assessments.models import IntegrityZone, Recommendation
from assessments.permissions import can_write_plan, reads_plans, records_assessments
from assessments.queries import recommendations as queries
from assessments.views.editing import conflicts_in, form_page
from assessments.views.events import zone_or_404
from assessments.views.shared import crumbs
from integrity_portal.core.formatting import date_id
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in
from opd.transitions import StepRefused

PER_PAGE = 25
MOST_ROWS = 200


@screen(reads_plans)
@require_safe
def recommendation_list(request: PortalRequest) -> HttpResponse:
    return _list(request, None)


@screen(reads_plans)
@require_safe
def zone_recommendations(request: PortalRequest, zone_pk: int) -> HttpResponse:
    return _list(request, zone_or_404(request, zone_pk))


def _list(request: PortalRequest, zone: IntegrityZone | None) -> HttpResponse:
    membership, today = request.membership, timezone.localdate()
    form = RecommendationFilterForm(request.GET, years=queries.years(membership))
    year = form.chosen("year")
    wanted = queries.RecommendationFilter(
        team=form.chosen("team"),
        year=int(year) if year else None,
        state=form.chosen("state"),
        area=form.chosen("area"),
        text=form.chosen("q").strip() if form.chosen("q") else "",
        late=bool(form.chosen("late")),
    )
    rows = queries.register(membership, wanted, today, zone)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    waiting = queries.waiting_for_assessor(membership, today)
    context = {
        "zone": zone,
        "filters": form,
        "is_filtered": wanted != queries.RecommendationFilter(),
        "page_obj": page,
        "rows": [(row, queries.is_late(row, today)) for row in page],
        "waiting": [row for row in waiting if zone is None or row.zone_id == zone.pk],
        "may_record": records_assessments(membership),
        "breadcrumbs": _crumbs(zone, _("Recommendations")),
    }
    return render(request, "assessments/recommendations/list.html", context)


@screen(records_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_new(request: PortalRequest, zone_pk: int) -> HttpResponse:
    zone = zone_or_404(request, zone_pk)
    events = queries.events_to_name(zone)
    data = posted(request)
    if data is None:
        form = RecommendationForm.blank(events, timezone.localdate())
    else:
        form = RecommendationForm(data, events=events)
        if form.is_valid():
            with refusals_in(form, "number"):
                done = actions.record_recommendation(
                    zone=zone,
                    source=form.source(),
                    line=form.line(),
                    by=request.membership,
                    now=timezone.now(),
                )
                messages.success(request, _("The recommendation is in the register."))
                return redirect("assessments:recommendation", pk=done.row.pk)
    return form_page(
        request,
        form,
        heading=_("New recommendation"),
        lead=zone.unit.name,
        is_sample=zone.is_sample,
        back=reverse("assessments:zone_recommendations", args=[zone.pk]),
        breadcrumbs=_crumbs(zone, _("New recommendation"), inside=True),
    )


@screen(records_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_paste(request: PortalRequest, zone_pk: int) -> HttpResponse:
    """Many rows at once: each is answered by itself, and what was refused stays in the box."""
    zone = zone_or_404(request, zone_pk)
    events = queries.events_to_name(zone)
    data = posted(request)
    outcome: list[dict[str, Any]] = []
    if data is None:
        form = PasteForm.blank(events, timezone.localdate())
    else:
        form = PasteForm(data, events=events)
        if form.is_valid():
            outcome = _enter(request, zone, form)
            refused = [line for line in outcome if line["error"]]
            if outcome and not refused:
                messages.success(
                    request, _("All %(count)d rows are in the register.") % {"count": len(outcome)}
                )
                return redirect("assessments:zone_recommendations", zone_pk=zone.pk)
            form.overwrite(rows="\n".join(line["raw"] for line in refused))
    return form_page(
        request,
        form,
        heading=_("Paste recommendations"),
        lead=zone.unit.name,
        is_sample=zone.is_sample,
        outcome=outcome,
        outcome_kept=sum(not line["error"] for line in outcome),
        back=reverse("assessments:zone_recommendations", args=[zone.pk]),
        breadcrumbs=_crumbs(zone, _("Paste recommendations"), inside=True),
    )


def _enter(request: PortalRequest, zone: IntegrityZone, form: PasteForm) -> list[dict[str, Any]]:
    """One answer per row; a row that cannot be entered does not hold the others up."""
    rows = pasted.rows_of(form.cleaned_data["rows"])
    outcome = []
    for number, row in enumerate(rows, start=1):
        said = {"number": number, "raw": row.raw, "name": row.cells[0], "error": "", "known": False}
        try:
            if number > MOST_ROWS:
                raise pasted.NotARow(
                    _("only %(limit)d rows are entered at once; send these again")
                    % {"limit": MOST_ROWS}
                )
            done = actions.record_recommendation(
                zone=zone,
                source=form.source(),
                line=pasted.recommendation(row.cells),
                by=request.membership,
                now=timezone.now(),
            )
            said["known"] = not done.is_new
        except (pasted.NotARow, StepRefused) as refused:
            said["error"] = str(refused)
        outcome.append(said)
    return outcome


@screen(reads_plans)
@require_safe
def recommendation(request: PortalRequest, pk: int) -> HttpResponse:
    """One recommendation: what was reported, what the assessor said, whose move it is."""
    return recommendation_page(request, recommendation_or_404(request, pk))


def recommendation_page(
    request: PortalRequest,
    row: Recommendation,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    today, membership = timezone.localdate(), request.membership
    replies = queries.replies_of(row)
    waiting = next((each for each in replies if each.state == ReplyState.SENT), None)
    decides = waiting is not None and queries.may_decide(membership, row, today)
    if form is None and waiting is not None:
        form = DecisionForm(initial={"reply": waiting.pk})
    if form is not None:
        form.helper.form_action = reverse("assessments:recommendation_decide", args=[row.pk])
    recorder = records_assessments(membership)
    state = row.state
    context = {
        "recommendation": row,
        "unit": row.zone.unit,
        "is_late": queries.is_late(row, today),
        "replies": replies,
        "moves": queries.moves_of(row),
        "waiting": waiting,
        "may_decide": decides,
        "form": form,
        "may_reply": can_write_plan(membership, row.zone.unit)
        and state in (RecommendationState.OPEN, RecommendationState.RETURNED),
        "may_edit": recorder and state == RecommendationState.OPEN,
        "may_move": recorder and state != RecommendationState.CLOSED,
        "breadcrumbs": _crumbs(row.zone, _number(row), inside=True),
    }
    return render(request, "assessments/recommendations/detail.html", context, status=status)


@screen(records_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_edit(request: PortalRequest, pk: int) -> HttpResponse:
    row = recommendation_or_404(request, pk)
    events = queries.events_to_name(row.zone)
    more: dict[str, Any] = {}
    data = posted(request)
    if data is None:
        form = RecommendationForm.showing(row, events)
    else:
        form = RecommendationForm(data, events=events)
        form.without_due_date()
        if form.is_valid():
            with (
                refusals_in(form),
                conflicts_in(form, lambda row: RecommendationForm.showing(row, events), more),
            ):
                actions.edit_recommendation(
                    recommendation=row,
                    source=form.source(),
                    line=form.line(row.due_on),
                    version=form.cleaned_data["version"],
                    by=request.membership,
                )
                messages.success(request, _("The recommendation is saved."))
                return redirect("assessments:recommendation", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Change the recommendation"),
        lead=row.zone.unit.name,
        is_sample=row.is_sample,
        back=reverse("assessments:recommendation", args=[row.pk]),
        breadcrumbs=way(row, _("Change the recommendation")),
        **more,
    )


@screen(records_assessments)
@require_http_methods(["GET", "HEAD", "POST"])
def recommendation_due(request: PortalRequest, pk: int) -> HttpResponse:
    row = recommendation_or_404(request, pk)
    form = DueForm(posted(request))
    if form.is_valid():
        with refusals_in(form):
            actions.move_due_date(
                recommendation=row,
                due_on=form.cleaned_data["due_on"],
                reason=form.cleaned_data["reason"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("The due date is moved."))
            return redirect("assessments:recommendation", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Move the due date"),
        lead=row.text,
        facts=[(_("Due date"), date_id(row.due_on))],
        is_sample=row.is_sample,
        back=reverse("assessments:recommendation", args=[row.pk]),
        breadcrumbs=way(row, _("Move the due date")),
    )


def recommendation_or_404(request: PortalRequest, pk: int) -> Recommendation:
    return or_404(queries.recommendation(request.membership, pk))


def _number(row: Recommendation) -> str:
    return f"{row.get_team_display()} {row.number}"


def way(row: Recommendation, label: str) -> list[dict[str, Any]]:
    here = (_number(row), reverse("assessments:recommendation", args=[row.pk]))
    return [*_crumbs(row.zone, "", inside=True)[:-1], *crumbs(here, (label, ""))]


def _crumbs(
    zone: IntegrityZone | None, label: str, *, inside: bool = False
) -> list[dict[str, Any]]:
    """All recommendations, the zone's, the page itself."""
    every = (_("Recommendations"), reverse("assessments:recommendations"))
    if zone is None:
        return crumbs((_("ZI programme"), reverse("assessments:programme")), (label, ""))
    here = (zone.unit.label, reverse("assessments:zone_recommendations", args=[zone.pk]))
    return crumbs(every, here, (label, "")) if inside else crumbs(every, (zone.unit.label, ""))
