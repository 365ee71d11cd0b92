"""One address per step of a complaint: form in, one action, back to the page."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints.actions.desk_work import hide_file
from complaints.models import Complaint
from complaints.permissions import can_read_complaints, may_hide_files, may_take_step
from complaints.queries import desk, merging, units
from complaints.views.desk_page import fetch, show, step_form
from complaints.views.verbs import ROLES, VERBS
from integrity_portal.core import files
from integrity_portal.core.files import EVIDENCE, FileRefused
from integrity_portal.core.http import or_404, refuse, serve_file
from opd.http import PortalRequest, screen
from opd.refusals import refusal_text, refusals_said
from opd.transitions import StepRefused

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
    form = step_form(request, complaint, verb, request.POST, request.FILES)
    if not form.is_valid():
        return show(request, complaint, bound=form)
    if "preview" in request.POST:
        return show(request, complaint, bound=form, preview=form.cleaned_data["text"])
    try:
        values = _values(request, complaint, form)
        VERBS[verb].run(complaint=complaint, by=request.membership, now=timezone.now(), **values)
    except FileRefused as refused:
        form.add_error(None, str(refused))
        return show(request, complaint, bound=form)
    except StepRefused as refused:
        if _is_taken_already(request, pk, verb):
            return _saved(request, pk)
        form.add_error(None, refusal_text(refused))
        return show(request, fetch(request, pk), bound=form)
    return _saved(request, pk)


def _values(request: PortalRequest, complaint: Complaint, form: Any) -> dict[str, Any]:
    """What the form says, as the action wants it."""
    values = dict(form.cleaned_data)
    if form.verb == "verify":
        today = timezone.localdate()
        values["unit"] = units.active_unit(complaint.government_id, int(values["unit"]), today)
    elif form.verb == "merge":
        values = {"into": _main(request, values)}
    elif form.verb == "answer":
        stored = [
            files.receive(
                upload,
                rule=EVIDENCE,
                kind="complaint",
                government_id=complaint.government_id,
                by_user_id=request.user.pk,
            )
            for upload in form.files_sent()
        ]
        values = {"text": values["text"], "attached": stored}
    return values


def _main(request: PortalRequest, values: dict[str, Any]) -> Complaint:
    if values["number"]:
        found = merging.main_by_number(request.membership, int(values["number"]))
    else:
        found = desk.complaint_for(request.membership, int(values["into"]))
    if found is None:
        raise StepRefused(_("There is no complaint with this number. Check the number."))
    return found


def _may(request: PortalRequest, complaint: Complaint, verb: str) -> bool:
    roles = ROLES.get(verb) or {request.membership.role}
    return request.membership.role in roles and may_take_step(request.membership, complaint)


def _is_taken_already(request: PortalRequest, pk: int, verb: str) -> bool:
    """This person took exactly this step, with these words, a moment ago."""
    since = timezone.now() - SAME_STEP
    taken = desk.just_taken(request.membership, pk, verb, since)
    if taken is None:
        return False
    form = step_form(request, taken.complaint, verb, request.POST)
    return form.is_valid() and all(
        taken.values[name] == value
        for name, value in form.cleaned_data.items()
        if name in taken.values
    )


def _saved(request: PortalRequest, pk: int) -> HttpResponse:
    messages.success(request, _("Saved."))
    if desk.complaint_for(request.membership, pk) is None:
        return redirect("complaints:list")
    return redirect("complaints:detail", pk)


@screen(can_read_complaints)
def evidence(request: PortalRequest, pk: int, file_pk: int) -> Any:
    """GET only: the file itself, as an attachment that no browser runs."""
    found = or_404(desk.file_for(request.membership, pk, file_pk))
    return serve_file(found.file)


@require_POST
@screen(can_read_complaints)
def hide_evidence(request: PortalRequest, pk: int, file_pk: int) -> HttpResponse:
    found = or_404(desk.file_for(request.membership, pk, file_pk))
    if not may_hide_files(request.membership, found.complaint):
        raise refuse(_("Your role does not include this step."))
    reason = request.POST.get("reason", "").strip()[:1000]
    with refusals_said(request):
        hide_file(evidence=found, by=request.membership, reason=reason, now=timezone.now())
        messages.success(request, _("Saved."))
    return redirect("complaints:detail", pk)
