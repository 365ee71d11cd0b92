"""The complaint's page for staff, with a form for everything this person may do now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from complaints.actions import handling
from complaints.actions.following import set_public_title
from complaints.actions.messages import write_note, write_to_citizen
from complaints.forms import staff as forms
from complaints.forms.titles import TitleForm
from complaints.models import Complaint
from complaints.permissions import (
    may_open_identity,
    may_take_step,
    may_write_note,
    may_write_to_citizen,
    open_steps,
)
from complaints.queries import desk, units
from complaints.workflow import COMPLAINT
from integrity_portal.core.http import or_404
from opd.http import PortalRequest


@dataclass(frozen=True)
class Verb:
    form: type[forms.StepForm]
    run: Callable[..., Any]


VERBS = {
    "verify": Verb(forms.VerifyForm, handling.verify_complaint),
    "take_on": Verb(forms.PlainForm, handling.take_on),
    "answer": Verb(forms.AnswerForm, handling.answer_complaint),
    "give_back": Verb(forms.ReasonForm, handling.give_back),
    "recall": Verb(forms.ReasonForm, handling.recall),
    "refer": Verb(forms.SentenceForm, handling.refer),
    "reject": Verb(forms.SentenceForm, handling.reject),
    "message": Verb(forms.MessageForm, write_to_citizen),
    "note": Verb(forms.MessageForm, write_note),
    "title": Verb(TitleForm, set_public_title),
}
LABELS = {
    "message": gettext_lazy("Write to the citizen"),
    "note": gettext_lazy("Add an internal note"),
    "title": gettext_lazy("Title that citizens may read"),
}
# The step that the page shows open; others are folded.
FIRST = ("verify", "take_on", "answer")


def fetch(request: PortalRequest, pk: int) -> Complaint:
    return or_404(desk.complaint_for(request.membership, pk))


def show(request: PortalRequest, complaint: Complaint, bound: Any = None) -> HttpResponse:
    """`bound` is the form that was sent and needs correction."""
    context = {
        "form": bound,
        "complaint": complaint,
        "breadcrumbs": crumbs(complaint),
        "is_late": complaint.is_late_on(timezone.localdate()),
        "history": desk.history_of(complaint),
        "letters": desk.messages_of(complaint),
        "openings": desk.openings_of(complaint),
        "forms": _forms(request, complaint, bound),
    }
    if may_open_identity(request.membership, complaint):
        sent = isinstance(bound, forms.IdentityForm)
        context["identity_form"] = bound if sent else identity_form(complaint)
    return render(request, "complaints/staff/detail.html", context)


def step_form(complaint: Complaint, verb: str, data: Any = None) -> Any:
    extra: dict[str, Any] = {}
    if verb == "verify":
        extra["complaint"] = complaint
        extra["groups"] = units.unit_choices(complaint.government_id, timezone.localdate())
    if verb == "title":
        extra["complaint"] = complaint
    label = LABELS.get(verb) or COMPLAINT.get(verb).label
    url = reverse("complaints:step_of", args=[complaint.pk, verb])
    return VERBS[verb].form(
        data, verb=verb, submit=label, action=url, is_first=verb in FIRST, **extra
    )


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
    verbs = [step.name for step in open_steps(request.membership, complaint)]
    if may_write_to_citizen(request.membership, complaint):
        verbs.append("message")
    if may_write_note(request.membership, complaint):
        verbs.append("note")
    if may_take_step(request.membership, complaint) and not complaint.erased_at:
        verbs.append("title")
    sent = getattr(bound, "verb", "")
    if sent in VERBS and sent not in verbs:
        verbs.append(sent)
    verbs.sort(key=lambda verb: verb not in FIRST)
    return [bound if verb == sent else step_form(complaint, verb) for verb in verbs]
