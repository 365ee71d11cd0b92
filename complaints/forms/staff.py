"""The counter's form. Filters: `filters.py`; steps on a complaint's page: `steps.py`."""

from typing import Any

from crispy_forms.layout import Layout, Submit
from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from complaints.enums import SOCIAL, TYPED_BY_STAFF, Channel, ComplaintKind, Disclosure
from complaints.forms.public import Groups, WhatForm, WhoForm, offer, unit_select, when_known
from integrity_portal.core.forms import (
    FileField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from opd.forms.directives import PROOF_HELP, ProofMixin
from opd.forms.meetings import MeetingSelect
from opd.models import PublicMeeting


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
