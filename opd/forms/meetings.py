"""Forms of public meetings."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.formatting import date_id
from integrity_portal.core.forms import (
    DateField,
    LongTextField,
    PortalFormHelper,
    ShortTextField,
)
from integrity_portal.core.partial_dates import PartialDate
from opd.actions.meetings import MeetingFacts
from opd.actions.promises import PromiseFacts
from opd.forms.fields import OptionalSelect
from opd.models import PublicMeeting, Unit


class MeetingForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    series = ShortTextField(
        label=_("Series"),
        help_text=_(
            "What the meetings are always called: Kopi Tahu. Leave it empty for a single one."
        ),
        limit=80,
        required=False,
    )
    title = ShortTextField(
        label=_("What is it called this time?"),
        help_text=_("For example: Kopi Tahu in Kecamatan Pesantren."),
        limit=160,
        error_messages={"required": _("Write what the meeting is called.")},
    )
    held_on = DateField(label=_("On which day?"))
    venue = ShortTextField(label=_("Where?"), limit=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_key": uuid4(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Save the meeting"))

    @staticmethod
    def initial_of(meeting: PublicMeeting) -> dict[str, Any]:
        names = ("form_key", "series", "title", "held_on", "venue")
        return {name: getattr(meeting, name) for name in names}

    def facts(self) -> MeetingFacts:
        clean = self.cleaned_data
        return MeetingFacts(clean["title"], clean["held_on"], clean["series"], clean["venue"])


class QuickPromiseForm(forms.Form):
    """Typed on a phone while it is being said."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    text = LongTextField(
        label=_("What was promised?"),
        help_text=_("In the words that were said. Everybody reads this: no names of citizens."),
        limit=1000,
        rows=3,
        error_messages={"required": _("Write what was promised.")},
    )
    due = DateField(
        label=_("Until when?"), error_messages={"required": _("Ask until which day, and write it.")}
    )

    def __init__(self, *args: Any, units: list[Unit], action: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"form_key": uuid4()}, **kwargs})
        self.fields["unit"] = OptionalSelect(
            label=_("Which unit answers for it?"), rows=units, empty=_("The whole government")
        )
        self.order_fields(["form_key", "text", "unit", "due"])
        self.helper = PortalFormHelper(self, submit=_("Record the promise"), action=action)

    def facts(self, meeting: PublicMeeting, promised_by: str) -> PromiseFacts:
        clean = self.cleaned_data
        return PromiseFacts(
            promised_by=promised_by,
            text=clean["text"],
            said=PartialDate(meeting.held_on),
            place=meeting.venue or meeting.title,
            unit=clean["unit"],
            due=PartialDate(clean["due"]),
        )


class MeetingSelect(OptionalSelect):
    """By its title and day."""

    @staticmethod
    def label_of(row: Any) -> str:
        return f"{row.title}, {date_id(row.held_on)}"
