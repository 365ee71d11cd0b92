"""Filters, steps and the counter. Each form sits on the complaint's page beside others."""

from typing import Any

from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from complaints import sla
from complaints.enums import (
    SOCIAL,
    TYPED_BY_STAFF,
    Channel,
    ComplaintKind,
    ComplaintState,
    Disclosure,
)
from complaints.forms.public import Groups, WhatForm, WhoForm, offer, unit_select, when_known
from complaints.models import Complaint
from complaints.queries.desk import ALL, LATE, OPEN, Filters
from integrity_portal.core.forms import (
    FileField,
    LongTextField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from opd.forms.directives import PROOF_HELP, ProofMixin
from opd.forms.meetings import MeetingSelect
from opd.models import PublicMeeting


class FilterForm(forms.Form):
    """Bad values filter nothing: a link from yesterday still shows the list."""

    state = SelectField(label=_("State"), required=False)
    unit = SelectField(label=_("Unit"), required=False)
    q = ShortTextField(label=_("Words or number"), required=False, limit=80)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(OPEN, gettext("Open")), (LATE, gettext("Late")), (ALL, gettext("All"))]
        offer(self, "state", [*states, *ComplaintState.choices])
        offer(self, "unit", [("", gettext("All units")), *units])
        self.helper = PortalFormHelper(submit=gettext("Show"), method="get", mark_optional=False)

    def filters(self) -> Filters:
        values = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        unit = values.get("unit") or ""
        return Filters(
            state=values.get("state") or OPEN,
            unit=int(unit) if unit else None,
            words=values.get("q") or "",
        )


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
    note = LongTextField(label=_("Word to the unit"), limit=1000, rows=2, required=False)

    def __init__(self, *args: Any, groups: Groups, complaint: Complaint, **kwargs: Any) -> None:
        initial = {"unit": complaint.named_unit_id, "sla_class": complaint.sla_class}
        super().__init__(*args, initial=initial, **kwargs)
        offer(self, "unit", unit_select(groups))
        said = gettext("%(label)s: %(days)s working days")
        classes = sla.current().offered()
        offer(
            self,
            "sla_class",
            [(row.code, said % {"label": row.label, "days": row.days}) for row in classes],
        )


class PlainForm(StepForm):
    """A step that needs nothing but the button."""


class AnswerForm(StepForm):
    text = LongTextField(
        label=_("Answer to the citizen"),
        help_text=_("What was found, what has been done, what comes next and when. Plain words."),
        limit=10000,
        rows=8,
        error_messages={"required": _("Write the answer.")},
    )


class SentenceForm(StepForm):
    text = LongTextField(
        label=_("Sentence the citizen will read"),
        limit=2000,
        rows=4,
        error_messages={"required": _("Write the sentence that the citizen will read.")},
    )


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


class CounterForm(ProofMixin, WhatForm, WhoForm):
    """Everything on one page: the officer types while the citizen tells."""

    ticket = forms.CharField(widget=forms.HiddenInput)
    channel = RadioField(label=_("How did it reach you?"), initial=Channel.COUNTER)
    source_link = ShortTextField(
        label=_("Link to the post, or the account that wrote it"),
        help_text=_(
            "For Instagram, Facebook and X. It stands where it was said; for somebody anonymous it "
            "is thrown away."
        ),
        limit=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    unit = SelectField(label=_("Which office is it about?"))
    when_text = ShortTextField(label=_("When?"), limit=200, required=False)
    where_text = ShortTextField(label=_("Where exactly?"), limit=170, required=False)
    proof = FileField(label=_("Photo or scan of the letter"), help_text=PROOF_HELP, required=False)

    field_order = (
        "ticket",
        "kept",
        "channel",
        "meeting",
        "kind",
        "story",
        "unit",
        "when_text",
        "where_text",
        "source_link",
        "proof",
        "disclosure",
        "name",
        "contact",
    )

    def __init__(
        self,
        *args: Any,
        groups: Groups,
        meetings: list[PublicMeeting],
        may_be_unknown: bool = True,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"kind": ComplaintKind.COMPLAINT.value, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["meeting"] = MeetingSelect(
            label=_("Which public meeting?"), rows=meetings, empty=_("None")
        )
        if not meetings:
            self.fields["meeting"].widget = forms.HiddenInput()
        self.order_fields(self.field_order)
        unknown = gettext("Unknown") if may_be_unknown else ""
        offer(self, "unit", unit_select(groups, unknown=unknown))
        offer(self, "channel", [(channel.value, channel.label) for channel in TYPED_BY_STAFF])
        self._say()
        self.helper = PortalFormHelper(submit=gettext("File and make the code"))
        self.helper.add_input(Submit("next", gettext("Save and next letter"), css_class="quiet"))
        self.helper.layout = Layout(*when_known(self.fields))

    def _say(self) -> None:
        """To the officer, not to the citizen."""
        self.fields["kind"].label = gettext("What does the citizen bring?")
        self.fields["story"].label = gettext("What the citizen tells")
        self.fields["story"].help_text = gettext(
            "In the citizen's own words, without identity, password or account numbers."
        )
        self.fields["disclosure"].label = gettext("Who may know who reported?")
        self.fields["disclosure"].help_text = gettext("Read both out; the citizen decides.")
        self.fields["name"].label = gettext("The citizen's name")
        self.fields["name"].help_text = gettext("For somebody anonymous it is thrown away.")
        self.fields["contact"].help_text = gettext(
            "The unit's officer can ask the citizen there. For somebody anonymous it is thrown away."
        )

    def in_a_row(self, waiting: int) -> None:
        """After the first letter the next one begins where the typing goes on."""
        if waiting and not self.is_bound:
            self.fields["story"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        at_meeting = cleaned.get("channel") == Channel.MEETING
        meeting = cleaned.get("meeting")
        field = self.fields["meeting"]
        if at_meeting and meeting is None and not field.widget.is_hidden:
            self.add_error("meeting", gettext("Choose the meeting at which it was said."))
        cleaned["meeting"] = meeting if at_meeting else None
        return cleaned

    def where_said(self) -> str:
        """The place; of a post also where it stands, unless it would tell who is anonymous."""
        clean = self.cleaned_data
        link = clean["source_link"] if clean["channel"] in SOCIAL else ""
        if not link or clean["disclosure"] == Disclosure.ANONYMOUS:
            return str(clean["where_text"])
        said = f"{Channel(clean['channel']).label}: {link}"
        return f"{clean['where_text']} ({said})" if clean["where_text"] else said
