"""One address per step of a complaint: form in, one action, back to the page."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.permissions import (
    can_read_complaints,
    may_handle,
    may_take_step,
)
from complaints.queries import desk, units
from complaints.views.desk_page import VERBS, fetch, show, step_form
from complaints.workflow import COMPLAINT
from integrity_portal.core.http import refuse
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused

ROLES = {step.name: step.roles for step in COMPLAINT.transitions}


@require_POST
@screen(can_read_complaints)
def take(request: PortalRequest, pk: int, verb: str) -> HttpResponse:
    complaint = fetch(request, pk)
    if verb not in VERBS:
        raise Http404
    allowed = may_handle if verb == "message" else may_take_step
    roles = ROLES.get(verb) or {request.membership.role}
    if request.membership.role not in roles or not allowed(request.membership, complaint):
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
        form.add_error(None, str(refused))
        return show(request, fetch(request, pk), bound=form)
    messages.success(request, _("Done."))
    if desk.complaint_for(request.membership, pk) is None:
        return redirect("complaints:list")
    return redirect("complaints:detail", pk)
