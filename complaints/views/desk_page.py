"""The complaint's page for staff, with a form for everything this person may do now."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import deadlines, referrals, sla
from complaints.forms import steps as forms
from complaints.models import Complaint
from complaints.permissions import (
    may_hide_files,
    may_open_identity,
    may_release,
    may_set_class,
    may_title,
    may_write_note,
    may_write_to_citizen,
    open_steps,
    sees_traces,
)
from complaints.queries import answers, channels, desk, merging, units
from complaints.views.verbs import FIRST, LABELS, VERBS
from complaints.workflow import COMPLAINT
from integrity_portal.core.formatting import date_id
from integrity_portal.core.http import or_404
from opd.http import PortalRequest


def fetch(request: PortalRequest, pk: int) -> Complaint:
    return or_404(desk.complaint_for(request.membership, pk))


def show(
    request: PortalRequest, complaint: Complaint, bound: Any = None, preview: str = ""
) -> HttpResponse:
    """`bound` is the form that was sent and needs correction, or whose text is to be looked at."""
    today, by = timezone.localdate(), request.membership
    files = desk.files_of(by, complaint)
    context = {
        "form": bound,
        "preview": preview,
        "complaint": complaint,
        "breadcrumbs": crumbs(complaint),
        "is_late": complaint.is_late_on(today),
        "is_far_late": complaint.is_far_late_on(today),
        "outer_limit": deadlines.outer_limit(sla.current(), complaint.filed_on),
        "waits_for": _waits_for(complaint),
        "referred_to": referrals.institution(complaint.referred_to),
        "sees_traces": sees_traces(by, complaint),
        "history": desk.history_of(complaint),
        "letters": desk.messages_of(complaint),
        "files": [row for row in files if row.message_id is None],
        "attached": [row for row in files if row.message_id is not None],
        "may_hide_files": may_hide_files(by, complaint),
        "joined": desk.joined_with(complaint),
        "openings": desk.openings_of(complaint),
        "contentment": answers.contentment_with(complaint),
        "forms": _forms(request, complaint, bound),
    }
    if context["sees_traces"]:
        context["channel_box"] = channels.box_of(complaint, timezone.now())
    if may_open_identity(by, complaint):
        sent = isinstance(bound, forms.IdentityForm)
        context["identity_form"] = bound if sent else identity_form(complaint)
    if any(step.verb == "answer" for step in context["forms"]):
        context["templates"] = answers.templates_for(by, complaint)
    return render(request, "complaints/staff/detail.html", context)


def _waits_for(complaint: Complaint) -> str:
    return sla.current().pause(complaint.pause_reason).label if complaint.pause_reason else ""


def step_form(
    request: PortalRequest, complaint: Complaint, verb: str, data: Any = None, files: Any = None
) -> Any:
    extra: dict[str, Any] = {}
    today = timezone.localdate()
    if verb in ("verify", "set_class", "title"):
        extra["complaint"] = complaint
    if verb == "verify":
        extra["groups"] = units.units_to_handle(complaint, today)
    if verb == "merge":
        extra["similar"] = merging.candidates_for(request.membership, complaint, today)
    if verb == "answer":
        extra["initial"] = {"text": _template_text(request, complaint)}
    label = LABELS.get(verb) or COMPLAINT.get(verb).label
    url = reverse("complaints:step_of", args=[complaint.pk, verb])
    return VERBS[verb].form(
        data, files, verb=verb, submit=label, action=url, is_first=verb in FIRST, **extra
    )


def _template_text(request: PortalRequest, complaint: Complaint) -> str:
    """The template that the address names, with its gaps filled."""
    asked = request.GET.get("template", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        return ""
    template = answers.template_for(request.membership, complaint, int(asked))
    if template is None:
        return ""
    return answers.filled(template.text, complaint, date_id(timezone.localdate()))


def identity_form(complaint: Complaint, data: Any = None) -> forms.IdentityForm:
    url = reverse("complaints:identity", args=[complaint.pk])
    return forms.IdentityForm(data, verb="identity", submit=_("Show who reported"), action=url)


def crumbs(complaint: Complaint) -> list[dict[str, str]]:
    return [
        {"label": _("Complaints"), "url": reverse("complaints:list")},
        {"label": _("Complaint %(number)s") % {"number": complaint.number}, "url": ""},
    ]


def _forms(request: PortalRequest, complaint: Complaint, bound: Any) -> list[forms.StepForm]:
    """The expected step first; the form that was sent stays even when it is no longer open."""
    by = request.membership
    verbs = [step.name for step in open_steps(by, complaint)]
    further = {
        "message": may_write_to_citizen,
        "set_class": may_set_class,
        "release": may_release,
        "note": may_write_note,
        "title": may_title,
    }
    verbs += [verb for verb, may in further.items() if may(by, complaint)]
    sent = getattr(bound, "verb", "")
    if sent in VERBS and sent not in verbs:
        verbs.append(sent)
    verbs.sort(key=lambda verb: verb not in FIRST)
    return [bound if verb == sent else step_form(request, complaint, verb) for verb in verbs]
