"""Which form and which action belong to each verb of a complaint's page."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from complaints.actions import desk_work, handling, merging, pausing
from complaints.actions.following import set_public_title
from complaints.actions.messages import write_note, write_to_citizen
from complaints.forms import steps as forms
from complaints.forms.titles import TitleForm
from complaints.workflow import COMPLAINT, COORDINATOR, UNIT


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
    "refer": Verb(forms.ReferForm, handling.refer),
    "reject": Verb(forms.SentenceForm, handling.reject),
    "pause": Verb(forms.PauseForm, pausing.pause_complaint),
    "resume": Verb(forms.PlainForm, pausing.resume_complaint),
    "merge": Verb(forms.MergeForm, merging.merge_complaint),
    "set_class": Verb(forms.ClassForm, desk_work.set_class),
    "release": Verb(forms.PlainForm, desk_work.release),
    "message": Verb(forms.MessageForm, write_to_citizen),
    "note": Verb(forms.MessageForm, write_note),
    "title": Verb(TitleForm, set_public_title),
}
LABELS = {
    "message": gettext_lazy("Write to the citizen"),
    "note": gettext_lazy("Add an internal note"),
    "title": gettext_lazy("Title that citizens may read"),
    "set_class": gettext_lazy("Change the class"),
    "release": gettext_lazy("Release from quarantine"),
}
# The step that the page shows open; others are folded.
FIRST = ("verify", "take_on", "answer", "resume")
# Who may try it at all; a note is open to whoever may take some step.
ROLES = {step.name: step.roles for step in COMPLAINT.transitions} | {
    "message": frozenset(UNIT),
    "set_class": frozenset(COORDINATOR),
    "release": frozenset(COORDINATOR),
}
