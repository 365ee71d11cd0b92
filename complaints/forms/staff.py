"""Filters, steps and the counter. Each form sits on the complaint's page beside others."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from complaints import categories, sla
from complaints.enums import TYPED_BY_STAFF, Channel, ComplaintState
from complaints.forms.public import Groups, WhatForm, WhoForm, offer, unit_select, when_known
from complaints.models import Complaint
from complaints.queries.desk import ALL, LATE, OPEN, Filters
from integrity_portal.core.forms import (
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
