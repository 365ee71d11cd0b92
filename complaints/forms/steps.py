"""One form for each step. They stand on the complaint's page beside each other."""

from typing import Any

from crispy_forms.layout import Submit
from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext, gettext_lazy as _

from complaints import categories, referrals, sla
from complaints.forms.public import Groups, offer, unit_select
from complaints.models import Complaint
from integrity_portal.core.files import EVIDENCE
from integrity_portal.core.forms import (
    DateField,
    FileField,
    LongTextField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)


def category_choices(kept: str = "") -> list[tuple[str, str]]:
    """Those that are offered, and the one that the complaint has."""
    rows = categories.current().categories
    offered = [(row.code, str(row.text)) for row in rows if row.offered or row.code == kept]
    return [("", gettext("Not chosen")), *offered]


class StepForm(forms.Form):
    """Base: ids carry the step's name, because several forms stand on one page."""

    def __init__(
        self,
        *args: Any,
        verb: str,
        submit: Any,
        action: str,
        is_first: bool = False,
        **kwargs: Any,
    ) -> None:
        kwargs["auto_id"] = f"id_{verb}_%s"
        super().__init__(*args, **kwargs)
        self.verb, self.label, self.is_first = verb, submit, is_first
        self.helper = PortalFormHelper(submit=submit, action=action)


class VerifyForm(StepForm):
    unit = SelectField(
        label=_("Unit that has to answer"),
        error_messages={"required": _("Choose the unit that has to answer.")},
    )
    sla_class = RadioField(label=_("Class"), help_text=_("It decides the date of the answer."))
    category = SelectField(
        label=_("Category"), help_text=_("For figures; it changes no deadline."), required=False
    )
    note = LongTextField(label=_("Word to the unit"), limit=1000, rows=2, required=False)

    def __init__(self, *args: Any, groups: Groups, complaint: Complaint, **kwargs: Any) -> None:
        initial = {
            "unit": complaint.named_unit_id,
            "sla_class": complaint.sla_class,
            "category": complaint.category,
        }
        super().__init__(*args, initial=initial, **kwargs)
        offer(self, "unit", unit_select(groups))
        offer(self, "category", category_choices(complaint.category))
        offer(self, "sla_class", class_choices())


class PlainForm(StepForm):
    """A step that needs nothing but the button."""


class AnswerForm(StepForm):
    """`files_sent()` are the attachments that the citizen will see."""

    text = LongTextField(
        label=_("Answer to the citizen"),
        help_text=_("What was found, what has been done, what comes next and when. Plain words."),
        limit=10000,
        rows=8,
        error_messages={"required": _("Write the answer.")},
    )
    file_1 = FileField(
        label=_("File that the citizen can open"),
        kinds=_("PDF or photo"),
        max_bytes=EVIDENCE.max_bytes,
        required=False,
    )
    file_2 = FileField(label=_("Second file"), max_bytes=EVIDENCE.max_bytes, required=False)
    file_3 = FileField(label=_("Third file"), max_bytes=EVIDENCE.max_bytes, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = gettext("Show what the citizen will read")
        self.helper.add_input(Submit("preview", label, css_class="quiet"))

    def files_sent(self) -> list[Any]:
        names = ("file_1", "file_2", "file_3")
        return [self.cleaned_data[name] for name in names if self.cleaned_data.get(name)]


class SentenceForm(StepForm):
    text = LongTextField(
        label=_("Sentence the citizen will read"),
        limit=2000,
        rows=4,
        error_messages={"required": _("Write the sentence that the citizen will read.")},
    )


class ReferForm(SentenceForm):
    institution = RadioField(label=_("Whose matter is it?"))
    field_order = ("institution", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "institution", [(row.code, row.label) for row in referrals.offered()])


class PauseForm(SentenceForm):
    reason = RadioField(label=_("What is waited for?"))
    resume_on = DateField(label=_("On which day does the clock go on?"))
    field_order = ("reason", "resume_on", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = gettext("%(label)s: at most %(days)s working days")
        reasons = sla.current().offered_pauses()
        offer(
            self,
            "reason",
            [(row.code, said % {"label": row.label, "days": row.days}) for row in reasons],
        )


class MergeForm(StepForm):
    """One of those that look alike, or any other by its number."""

    into = RadioField(label=_("Which one is it the same as?"), required=False)
    number = ShortTextField(label=_("Or the number of another complaint"), limit=12, required=False)

    def __init__(self, *args: Any, similar: list[Complaint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "into", [(str(row.pk), _in_a_line(row)) for row in similar])
        if not similar:
            del self.fields["into"]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        number = (values.get("number") or "").strip().removeprefix("#")
        if number and not (number.isascii() and number.isdigit() and len(number) < 10):
            self.add_error("number", gettext("Write the number only, for example 128."))
        elif not number and not values.get("into"):
            self.add_error(None, gettext("Choose a complaint, or write its number."))
        values["number"] = number
        return values


def _in_a_line(row: Complaint) -> str:
    story = Truncator(row.story).chars(90)
    return f"{row.number} · {row.get_state_display()} · {story}"


class ClassForm(StepForm):
    sla_class = RadioField(label=_("Class"), help_text=_("It decides the date of the answer."))

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, initial={"sla_class": complaint.sla_class}, **kwargs)
        offer(self, "sla_class", class_choices())


class ReasonForm(StepForm):
    reason = LongTextField(
        label=_("Reason"),
        help_text=_("For colleagues; the citizen does not read it."),
        limit=1000,
        rows=3,
        error_messages={"required": _("Write the reason.")},
    )


class MessageForm(StepForm):
    text = LongTextField(
        label=_("Message"),
        limit=5000,
        rows=4,
        error_messages={"required": _("Write the message.")},
    )


class IdentityForm(StepForm):
    reason = ShortTextField(
        label=_("Why do you need to know who reported?"),
        help_text=_("Kept with your name and the time."),
        limit=300,
        error_messages={"required": _("Write why you need to know who reported.")},
    )


def class_choices() -> list[tuple[str, str]]:
    said = gettext("%(label)s: %(days)s working days")
    classes = sla.current().offered()
    return [(row.code, said % {"label": row.label, "days": row.days}) for row in classes]
