"""Forms of monev: the meeting, its agenda, what is followed up."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy as _

from assessments.actions.follow_ups import FollowUpTexts
from assessments.actions.meetings import ItemTexts, MeetingTexts
from assessments.forms.workplans import VersionedForm, set_choices
from assessments.models import Activity, AgendaItem, FollowUp, MeetingAttendee, MonevMeeting
from assessments.pasted import AttendeeLine, NotARow, as_typed, attendee, rows_of
from integrity_portal.core.files import EVIDENCE
from integrity_portal.core.forms import (
    DateField,
    FileField,
    LongTextField,
    PortalFormHelper,
    SelectField,
    ShortTextField,
)

MOST_ATTENDEES = 200


class AttendeesField(LongTextField):
    """One person per line; the cleaned value is a list of AttendeeLine."""

    default_error_messages = {
        "line": _("Line %(number)s (“%(line)s”): %(why)s."),
        "many": _("Write at most %(limit)s people."),
    }

    def clean(self, value: Any) -> Any:
        rows = rows_of(super().clean(value))
        if len(rows) > MOST_ATTENDEES:
            limit = {"limit": MOST_ATTENDEES}
            raise ValidationError(self.error_messages["many"], code="many", params=limit)
        found, errors = [], []
        for number, row in enumerate(rows, start=1):
            try:
                found.append(attendee(row.cells))
            except NotARow as why:
                params: dict[str, Any] = {
                    "number": number,
                    "line": row.raw[:60],
                    "why": str(why),
                }
                errors.append(ValidationError(self.error_messages["line"], "line", params))
        if errors:
            raise ValidationError(errors)
        return found


class MeetingForm(VersionedForm):
    held_on = DateField(label=_("Day of the meeting"))
    place = ShortTextField(label=_("Place"), limit=200)
    leader = ShortTextField(label=_("Led by (name)"), limit=150)
    leader_title = ShortTextField(label=_("Office of the leader"), limit=150)
    note_taker = ShortTextField(label=_("Minutes by (name)"), limit=150, required=False)
    note_taker_title = ShortTextField(
        label=_("Office of who takes the minutes"), limit=150, required=False
    )
    attendees = AttendeesField(
        label=_("Attendance"),
        limit=40_000,
        rows=8,
        required=False,
        help_text=_(
            "One person per line: name; office. For somebody who was represented add: "
            "; diwakili and the name of who came. Rows from a spreadsheet can be pasted."
        ),
    )
    summary = LongTextField(
        label=_("What the meeting found, in a few sentences"), limit=3000, rows=4, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def blank(cls, **values: Any) -> "MeetingForm":
        return cls(initial={"form_key": uuid4(), "version": 0, **values})

    @classmethod
    def showing(cls, meeting: MonevMeeting, attendees: Sequence[MeetingAttendee]) -> "MeetingForm":
        names = [name for name in cls.base_fields if name not in ("attendees", "form_key")]
        lines = [
            as_typed(AttendeeLine(row.name, row.title, row.presence, row.represented_by))
            for row in attendees
        ]
        initial = {name: getattr(meeting, name) for name in names}
        return cls(initial={**initial, "form_key": meeting.form_key, "attendees": "\n".join(lines)})

    def texts(self) -> MeetingTexts:
        hidden = ("form_key", "version")
        return MeetingTexts(
            **{name: value for name, value in self.cleaned_data.items() if name not in hidden}
        )


class ItemForm(VersionedForm):
    topic = ShortTextField(label=_("Point of the agenda"), limit=200)
    minutes = LongTextField(label=_("What was said"), limit=5000, rows=6)
    decision = LongTextField(label=_("Decision"), limit=2000, rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def blank(cls) -> "ItemForm":
        return cls(initial={"form_key": uuid4(), "version": 0})

    @classmethod
    def showing(cls, item: AgendaItem) -> "ItemForm":
        return cls(initial={name: getattr(item, name) for name in cls.base_fields})

    def texts(self) -> ItemTexts:
        clean = self.cleaned_data
        return ItemTexts(clean["topic"], clean["minutes"], clean["decision"])


class FollowUpForm(VersionedForm):
    activity = SelectField(
        label=_("From which activity?"),
        required=False,
        help_text=_("Or leave it empty and write the finding."),
    )
    finding = LongTextField(label=_("Finding"), limit=1000, rows=2, required=False)
    what = LongTextField(label=_("What is to be done?"), limit=1000, rows=3)
    owner = ShortTextField(
        label=_("Who does it?"),
        limit=150,
        help_text=_("The office or team, not a person's name: Ketua Pokja 3."),
    )
    due_on = DateField(label=_("Due date"))

    def __init__(self, *args: Any, activities: Sequence[Activity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.activities = {str(row.pk): row for row in activities}
        rows = [(pk, f"{row.area}. {row.title}") for pk, row in self.activities.items()]
        set_choices(self, "activity", [("", gettext("no activity, a finding")), *rows])
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def blank(cls, activities: Sequence[Activity], **values: Any) -> "FollowUpForm":
        initial = {"form_key": uuid4(), "version": 0, **values}
        return cls(initial=initial, activities=activities)

    @classmethod
    def showing(cls, row: FollowUp, activities: Sequence[Activity]) -> "FollowUpForm":
        initial = {name: getattr(row, name) for name in cls.base_fields if name != "activity"}
        return cls(
            initial={**initial, "activity": str(row.activity_id or "")}, activities=activities
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("activity") and not values.get("finding") and "finding" in values:
            self.add_error("finding", gettext("Choose the activity above, or write the finding."))
        return values

    def texts(self) -> FollowUpTexts:
        clean = self.cleaned_data
        return FollowUpTexts(
            what=clean["what"],
            owner=clean["owner"],
            due_on=clean["due_on"],
            activity=self.activities.get(clean["activity"]),
            finding=clean["finding"],
        )


class ScanForm(forms.Form):
    file = FileField(
        label=_("The signed sheet, scanned"), max_bytes=EVIDENCE.max_bytes, kinds="PDF, JPEG, PNG"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Put it beside the paper"))
