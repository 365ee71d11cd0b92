"""One address per step of a complaint: form in, one action, back to the page."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.models import Complaint
from complaints.permissions import can_read_complaints, may_handle, may_take_step
from complaints.queries import desk, units
from complaints.views.desk_page import VERBS, fetch, show, step_form
from complaints.workflow import COMPLAINT
from integrity_portal.core.http import refuse
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused

ROLES = {step.name: step.roles for step in COMPLAINT.transitions}
# The second request of a double click, or a page sent again, within this time is the same step.
SAME_STEP = timedelta(minutes=3)


@require_POST
@screen(can_read_complaints)
def take(request: PortalRequest, pk: int, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    complaint = desk.complaint_for(request.membership, pk)
    if complaint is None or not _may(request, complaint, verb):
        if _is_taken_already(request, pk, verb):
            return _saved(request, pk)
        if complaint is None:
            raise Http404
        raise refuse(_("Your role does not include this step."))
    form = step_form(complaint, verb, request.POST)
    if not form.is_valid():
        return show(request, complaint, bound=form)
    values = dict(form.cleaned_data)
    if "unit" in values:
        today = timezone.localdate()
        values["unit"] = units.active_unit(complaint.government_id, int(values["unit"]), today)
    try:
        VERBS[verb].run(complaint=complaint, by=request.membership, now=timezone.now(), **values)
    except StepRefused as refused:
        if _is_taken_already(request, pk, verb):
            return _saved(request, pk)
        form.add_error(None, str(refused))
        return show(request, fetch(request, pk), bound=form)
    return _saved(request, pk)


def _may(request: PortalRequest, complaint: Complaint, verb: str) -> bool:
    allowed = may_handle if verb == "message" else may_take_step
    roles = ROLES.get(verb) or {request.membership.role}
    return request.membership.role in roles and allowed(request.membership, complaint)


def _is_taken_already(request: PortalRequest, pk: int, verb: str) -> bool:
    """This person took exactly this step, with these words, a moment ago."""
    since = timezone.now() - SAME_STEP
    taken = desk.just_taken(request.membership, pk, verb, since)
    if taken is None:
        return False
    form = step_form(taken.complaint, verb, request.POST)
    return form.is_valid() and all(
        taken.values[name] == value for name, value in form.cleaned_data.items()
    )


def _saved(request: PortalRequest, pk: int) -> HttpResponse:
    messages.success(request, _("Saved."))
    if desk.complaint_for(request.membership, pk) is None:
        return redirect("complaints:list")
    return redirect("complaints:detail", pk)
