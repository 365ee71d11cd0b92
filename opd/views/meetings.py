"""Public meetings for those who hold them: list, form, the day's page on a phone."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integrity_portal.core.http import or_404
from opd.actions import meetings as actions, promises as promise_actions
from opd.forms.meetings import MeetingForm, QuickPromiseForm
from opd.http import PortalRequest, posted, screen
from opd.models import PublicMeeting
from opd.permissions import can_keep_meetings, can_keep_promises, can_read_meetings
from opd.queries import meetings as queries
from opd.queries.people import units_to_choose
from opd.refusals import refusals_in, refusals_said
from opd.views.places import form_page

PER_PAGE = 25
reads_and_sends = require_http_methods(["GET", "HEAD", "POST"])


@screen(can_read_meetings)
@require_safe
def meeting_list(request: PortalRequest) -> HttpResponse:
    rows = queries.meetings(request.membership)
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "may_keep": can_keep_meetings(request.membership),
        "breadcrumbs": crumbs(),
    }
    return render(request, "opd/meetings/list.html", context)


@screen(can_read_meetings)
@require_safe
def meeting(request: PortalRequest, pk: int) -> HttpResponse:
    return _page(request, _meeting_or_404(request, pk))


def _page(
    request: PortalRequest, found: PublicMeeting, form: QuickPromiseForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    may_promise = can_keep_promises(request.membership) and found.held_on <= today
    here = queries.promises_at(found)
    context = {
        "meeting": found,
        "is_open": found.is_open_on(today),
        "is_ahead": found.held_on > today,
        "may_keep": can_keep_meetings(request.membership),
        "promises": [(row, row.is_past_due(today)) for row in here],
        "carried": [(row, row.is_past_due(today)) for row in queries.carried_over(found)],
        "counter": f"{reverse('complaints:counter')}?pertemuan={found.public_id}",
        "breadcrumbs": crumbs((found.title, "")),
    }
    if may_promise:
        context["promise_form"] = form or _quick(request, found)
    status = 422 if form is not None and form.errors else 200
    return render(request, "opd/meetings/meeting.html", context, status=status)


@screen(can_keep_meetings)
@reads_and_sends
def meeting_add(request: PortalRequest) -> HttpResponse:
    form = MeetingForm(posted(request), initial={"held_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            made = actions.add_meeting(
                facts=form.facts(),
                form_key=form.cleaned_data["form_key"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("The meeting is saved."))
            return redirect("opd:meeting", made.pk)
    title = _("Add a public meeting")
    return form_page(request, form, title, crumbs((title, "")))


@screen(can_keep_meetings)
@reads_and_sends
def meeting_edit(request: PortalRequest, pk: int) -> HttpResponse:
    found = _meeting_or_404(request, pk)
    form = MeetingForm(posted(request), initial=MeetingForm.initial_of(found))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            actions.edit_meeting(meeting=found, facts=form.facts(), by=request.membership)
            messages.success(request, _("The meeting is saved."))
            return redirect("opd:meeting", found.pk)
    here = reverse("opd:meeting", args=[found.pk])
    return form_page(
        request, form, _("Change the meeting"), crumbs((found.title, here), (_("Change"), ""))
    )


@screen(can_keep_meetings)
@require_POST
def meeting_end(request: PortalRequest, pk: int) -> HttpResponse:
    found = _meeting_or_404(request, pk)
    with refusals_said(request):
        actions.end_meeting(
            meeting=found, by=request.membership, now=timezone.now(), today=timezone.localdate()
        )
        messages.success(request, _("The meeting has ended. Its page shows the promises."))
    return redirect("opd:meeting", found.pk)


@screen(can_keep_meetings)
@require_POST
def meeting_card(request: PortalRequest, pk: int) -> HttpResponse:
    found = _meeting_or_404(request, pk)
    document = actions.order_card(meeting=found, by=request.membership, now=timezone.now())
    return redirect("reports:document", document.pk)


@screen(can_keep_promises)
@require_POST
def meeting_promise(request: PortalRequest, pk: int) -> HttpResponse:
    found = _meeting_or_404(request, pk)
    form = _quick(request, found, request.POST)
    if form.is_valid():
        government = request.government
        with refusals_in(form):
            promise_actions.record_promise(
                facts=form.facts(found, f"{government.head_title} {government.name}"),
                form_key=form.cleaned_data["form_key"],
                by=request.membership,
                now=timezone.now(),
                today=timezone.localdate(),
                meeting=found,
            )
            messages.success(request, _("The promise is recorded."))
            return redirect("opd:meeting", found.pk)
    return _page(request, found, form)


def _quick(request: PortalRequest, found: PublicMeeting, data: Any = None) -> QuickPromiseForm:
    units = units_to_choose(request.membership, today=timezone.localdate())
    return QuickPromiseForm(
        data, units=units, action=reverse("opd:meeting_promise", args=[found.pk])
    )


def _meeting_or_404(request: PortalRequest, pk: int) -> PublicMeeting:
    return or_404(queries.meeting_of(request.membership, pk))


def crumbs(*trail: tuple[Any, str]) -> list[dict[str, Any]]:
    steps = [(_("Public meetings"), reverse("opd:meetings") if trail else ""), *trail]
    return [{"label": label, "url": url} for label, url in steps]
