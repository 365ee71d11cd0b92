"""Monev meetings: minutes, agenda, attendance in the portal, settle and open again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import meetings as actions
from assessments.enums import MeetingState
from assessments.forms.monev import ItemForm, MeetingForm
from assessments.forms.proofs import ReasonForm
from assessments.models import MonevMeeting
from assessments.permissions import (
    can_decide,
    can_write_plan,
    decides_reports,
    reads_plans,
    writes_plans,
)
from assessments.queries import monev as queries
from assessments.views.editing import conflicts_in, form_page
from assessments.views.monev import freeze_or_404
from assessments.views.shared import crumbs
from integrity_portal.core.formatting import date_id
from integrity_portal.core.http import or_404, refuse
from opd.enums import Role
from opd.http import PortalRequest, posted, screen
from opd.queries.people import office_holder
from opd.refusals import refusals_in, refusals_said, say_refusal
from opd.transitions import StepRefused

ANCHORS = {"held_on": "meeting_edit", "attendees": "meeting_edit", "agenda": "item_new"}


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_new(request: PortalRequest, pk: int) -> HttpResponse:
    freeze = freeze_or_404(request, pk)
    unit = freeze.plan.zone.unit
    _require_write(request, unit)
    data = posted(request)
    if data is None:
        today = timezone.localdate()
        head = office_holder(request.government, Role.OPD_HEAD, today, unit)
        form = MeetingForm.blank(
            held_on=max(today, freeze.taken_on),
            leader=head.name if head else "",
            leader_title=head.printed_title if head else "",
        )
    else:
        form = MeetingForm(data)
        if form.is_valid():
            with refusals_in(form):
                row = actions.open_meeting(
                    freeze=freeze,
                    texts=form.texts(),
                    form_key=form.cleaned_data["form_key"],
                    by=request.membership,
                )
                messages.success(request, _("Saved. Now write what was said, point by point."))
                return redirect("assessments:meeting", pk=row.pk)
    heading = _("Monev meeting on %(period)s") % {"period": freeze.period}
    return form_page(
        request,
        form,
        heading=heading,
        lead=f"{unit.name} · {freeze.plan.year_text}",
        is_sample=freeze.is_sample,
        breadcrumbs=_way(freeze, heading),
    )


@screen(reads_plans)
@require_safe
def meeting(request: PortalRequest, pk: int) -> HttpResponse:
    """The minutes, who was there, what is followed up, and the four papers."""
    row = meeting_or_404(request, pk)
    return _meeting_page(request, row)


def _meeting_page(
    request: PortalRequest, row: MonevMeeting, missing: Any = (), status: int = 200
) -> HttpResponse:
    unit = row.freeze.plan.zone.unit
    membership = request.membership
    attendees = queries.attendees_of(row)
    may_write = can_write_plan(membership, unit)
    is_draft = row.state == MeetingState.DRAFT
    context = {
        "meeting": row,
        "freeze": row.freeze,
        "unit": unit,
        "attendees": attendees,
        "agenda": queries.agenda_of(row),
        "follow_ups": queries.follow_ups_of(row, timezone.localdate()),
        "papers": queries.papers_of(row),
        "steps": row.steps.select_related("membership").order_by("-happened_at", "-pk"),
        "may_write": may_write and is_draft,
        "may_make": may_write,
        "may_settle": can_decide(membership, unit),
        "may_attend": is_draft
        and membership.unit_id is not None
        and unit.pk in (membership.unit.lineage if membership.unit else [])
        and all(each.membership_id != membership.pk for each in attendees),
        "missing": [(item, ANCHORS.get(item.anchor, "")) for item in missing],
        "breadcrumbs": _way(row.freeze, _title(row)),
    }
    return render(request, "assessments/monev/meeting.html", context, status=status)


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_edit(request: PortalRequest, pk: int) -> HttpResponse:
    row = meeting_or_404(request, pk)
    _require_write(request, row.freeze.plan.zone.unit)
    more: dict[str, Any] = {}
    data = posted(request)
    form = MeetingForm(data) if data is not None else _showing(row)
    if data is not None and form.is_valid():
        with refusals_in(form), conflicts_in(form, _showing, more):
            actions.edit_meeting(
                meeting=row,
                texts=form.texts(),
                version=form.cleaned_data["version"],
                by=request.membership,
            )
            messages.success(request, _("The minutes are saved."))
            return redirect("assessments:meeting", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Change the meeting"),
        lead=row.freeze.plan.zone.unit.name,
        is_sample=row.is_sample,
        back=reverse("assessments:meeting", args=[row.pk]),
        breadcrumbs=_way(row.freeze, _("Change the meeting"), meeting=row),
        **more,
    )


def _showing(row: MonevMeeting) -> MeetingForm:
    return MeetingForm.showing(row, queries.attendees_of(row))


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def item_new(request: PortalRequest, pk: int) -> HttpResponse:
    row = meeting_or_404(request, pk)
    _require_write(request, row.freeze.plan.zone.unit)
    data = posted(request)
    form = ItemForm(data) if data is not None else ItemForm.blank()
    if data is not None and form.is_valid():
        with refusals_in(form):
            actions.add_item(
                meeting=row,
                texts=form.texts(),
                form_key=form.cleaned_data["form_key"],
                by=request.membership,
            )
            messages.success(request, _("The point is saved."))
            return redirect(reverse("assessments:meeting", args=[row.pk]) + "#agenda")
    return _item_page(request, row, form, _("A point of the agenda"))


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def item_edit(request: PortalRequest, pk: int) -> HttpResponse:
    item = or_404(queries.agenda_item(request.membership, pk))
    _require_write(request, item.meeting.freeze.plan.zone.unit)
    more: dict[str, Any] = {}
    data = posted(request)
    form = ItemForm(data) if data is not None else ItemForm.showing(item)
    if data is not None and form.is_valid():
        with refusals_in(form), conflicts_in(form, ItemForm.showing, more):
            actions.edit_item(
                item=item,
                texts=form.texts(),
                version=form.cleaned_data["version"],
                by=request.membership,
            )
            messages.success(request, _("The point is saved."))
            return redirect(reverse("assessments:meeting", args=[item.meeting_id]) + "#agenda")
    return _item_page(request, item.meeting, form, _("Change a point of the agenda"), **more)


def _item_page(
    request: PortalRequest, row: MonevMeeting, form: ItemForm, heading: str, **more: Any
) -> HttpResponse:
    return form_page(
        request,
        form,
        heading=heading,
        lead=f"{row.freeze.plan.zone.unit.name} · {_title(row)}",
        is_sample=row.is_sample,
        back=reverse("assessments:meeting", args=[row.pk]),
        breadcrumbs=_way(row.freeze, heading, meeting=row),
        **more,
    )


@screen(reads_plans)
@require_POST
def meeting_attend(request: PortalRequest, pk: int) -> HttpResponse:
    row = meeting_or_404(request, pk)
    with refusals_said(request):
        actions.attend_meeting(meeting=row, by=request.membership, now=timezone.now())
        messages.success(request, _("Your attendance is recorded."))
    return redirect(reverse("assessments:meeting", args=[row.pk]) + "#attendance")


@screen(decides_reports)
@require_POST
def meeting_settle(request: PortalRequest, pk: int) -> HttpResponse:
    row = meeting_or_404(request, pk)
    if not can_decide(request.membership, row.freeze.plan.zone.unit):
        raise refuse(_("Only the head of the unit settles its minutes."))
    try:
        actions.settle_meeting(
            meeting=row, by=request.membership, now=timezone.now(), today=timezone.localdate()
        )
    except StepRefused as refused:
        if refused.missing:
            return _meeting_page(request, row, refused.missing, status=409)
        say_refusal(request, refused)
    else:
        messages.success(request, _("The minutes are settled."))
    return redirect("assessments:meeting", pk=row.pk)


@screen(decides_reports)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_reopen(request: PortalRequest, pk: int) -> HttpResponse:
    row = meeting_or_404(request, pk)
    if not can_decide(request.membership, row.freeze.plan.zone.unit):
        raise refuse(_("Only the head of the unit opens its minutes again."))
    form = ReasonForm(
        posted(request),
        submit=_("Open the minutes again"),
        label=_("Why are the minutes opened again?"),
    )
    if form.is_valid():
        with refusals_in(form):
            actions.reopen_meeting(
                meeting=row,
                reason=form.cleaned_data["reason"],
                by=request.membership,
                now=timezone.now(),
            )
            return redirect("assessments:meeting", pk=row.pk)
    return form_page(
        request,
        form,
        heading=_("Open the minutes again"),
        lead=row.freeze.plan.zone.unit.name,
        note=_("Papers that were made stay as they are; have them made anew afterwards."),
        back=reverse("assessments:meeting", args=[row.pk]),
        breadcrumbs=_way(row.freeze, _("Open the minutes again"), meeting=row),
    )


def meeting_or_404(request: PortalRequest, pk: int) -> MonevMeeting:
    return or_404(queries.meeting(request.membership, pk))


def _require_write(request: PortalRequest, unit: Any) -> None:
    if not can_write_plan(request.membership, unit):
        raise refuse(_("Only the operator and the head of the unit write this."))


def _title(row: MonevMeeting) -> str:
    return _("Monev meeting, %(day)s") % {"day": date_id(row.held_on)}


def _way(freeze: Any, label: str, *, meeting: MonevMeeting | None = None) -> list[dict[str, Any]]:
    zone = freeze.plan.zone
    steps = [
        ("Monev", reverse("assessments:monev")),
        (zone.unit.label, reverse("assessments:zone_monev", args=[zone.pk])),
        (
            f"{freeze.period} {freeze.plan.year}",
            reverse("assessments:plan_period", args=[freeze.pk]),
        ),
    ]
    if meeting is not None:
        steps.append((_title(meeting), reverse("assessments:meeting", args=[meeting.pk])))
    return crumbs(*steps, (label, ""))
