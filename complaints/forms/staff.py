"""The counter's form. Filters: `filters.py`; steps on a complaint's page: `steps.py`."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from complaints.enums import TYPED_BY_STAFF, Channel
from complaints.forms.public import Groups, WhatForm, WhoForm, offer, unit_select, when_known
from integrity_portal.core.forms import (
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)


class CounterForm(WhatForm, WhoForm):
    """Everything on one page: the officer types while the citizen tells."""

    ticket = forms.CharField(widget=forms.HiddenInput)
    channel = RadioField(label=_("How did it reach you?"), initial=Channel.COUNTER)
    unit = SelectField(label=_("Which office is it about?"))
    when_text = ShortTextField(label=_("When?"), limit=200, required=False)
    where_text = ShortTextField(label=_("Where exactly?"), limit=300, required=False)

    field_order = (
        "ticket",
        "channel",
        "kind",
        "story",
        "unit",
        "when_text",
        "where_text",
        "disclosure",
        "name",
        "contact",
    )

    def __init__(self, *args: Any, groups: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", unit_select(groups, unknown=gettext("Unknown")))
        offer(self, "channel", [(channel.value, channel.label) for channel in TYPED_BY_STAFF])
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
        self.helper = PortalFormHelper(submit=gettext("File and make the code"))
        self.helper.layout = Layout(*when_known(self.fields))
