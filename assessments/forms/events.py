"""Forms of assessment events and their questions."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from assessments.actions.events import EventTexts
from assessments.actions.questions import QuestionTexts
from assessments.enums import AssessorTeam, EventKind, EventState
from assessments.forms.proofs import EVERY, year_choices
from assessments.forms.workplans import VersionedForm, set_choices
from assessments.models import AssessmentEvent, AssessorQuestion, ZoneAttempt
from integrity_portal.core.forms import (
    DateField,
    LongTextField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)


class EventForm(VersionedForm):
    team = RadioField(label=_("Who assesses?"), choices=AssessorTeam.choices)
    kind = SelectField(label=_("What takes place?"), choices=EventKind.choices)
    starts_on = DateField(label=_("Day, or first day"))
    ends_on = DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Only for a window of several days, such as a survey."),
    )
    place = ShortTextField(label=_("Place or link"), limit=300, required=False)
    assessors = LongTextField(
        label=_("Assessors"),
        limit=2000,
        rows=3,
        required=False,
        help_text=_("One per line: office, and the name where it is known."),
    )
    notes = LongTextField(label=_("Notes"), limit=5000, rows=5, required=False)
    attempt = SelectField(label=_("Attempt"), required=False)

    def __init__(self, *args: Any, attempts: Sequence[ZoneAttempt], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attempts = {str(row.pk): row for row in attempts}
        rows = [(pk, _attempt(row)) for pk, row in self.attempts.items()]
        set_choices(self, "attempt", [("", gettext("none")), *rows])
        if not attempts:
            del self.fields["attempt"]
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def blank(cls, attempts: Sequence[ZoneAttempt]) -> "EventForm":
        initial = {"form_key": uuid4(), "version": 0, "team": AssessorTeam.TPI}
        return cls(initial=initial, attempts=attempts)

    @classmethod
    def showing(cls, event: AssessmentEvent) -> "EventForm":
        """The attempt is chosen once, at the beginning."""
        names = [name for name in cls.base_fields if name != "attempt"]
        initial = {name: getattr(event, name) for name in names}
        if event.ends_on == event.starts_on:
            initial["ends_on"] = None
        return cls(initial=initial, attempts=[])

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, last = values.get("starts_on"), values.get("ends_on")
        if values.get("kind") == EventKind.SURVEY and first and not last and "ends_on" in values:
            self.add_error("ends_on", gettext("A survey is open for a while: enter its last day."))
        if first and last and last < first:
            self.add_error("ends_on", gettext("The last day lies before the first day."))
        return values

    def texts(self) -> EventTexts:
        clean = self.cleaned_data
        return EventTexts(
            team=clean["team"],
            kind=clean["kind"],
            starts_on=clean["starts_on"],
            ends_on=clean["ends_on"] or clean["starts_on"],
            place=clean["place"],
            assessors=clean["assessors"],
            notes=clean["notes"],
        )

    def chosen_attempt(self) -> ZoneAttempt | None:
        return self.attempts.get(self.cleaned_data.get("attempt", ""))


def _attempt(row: ZoneAttempt) -> str:
    said = {"number": row.number, "target": row.get_target_display(), "year": row.year_text}
    return gettext("attempt %(number)d, %(target)s %(year)s") % said


class QuestionForm(VersionedForm):
    text = LongTextField(label=_("Question"), limit=3000, rows=4)
    asked_by = ShortTextField(label=_("Asked by"), limit=150)
    owner = ShortTextField(
        label=_("Who in the unit answers?"),
        limit=150,
        required=False,
        help_text=_("The office or team, not a person's name: Ketua Pokja 3."),
    )
    due_on = DateField(label=_("To be answered by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def blank(cls) -> "QuestionForm":
        return cls(initial={"form_key": uuid4(), "version": 0})

    @classmethod
    def showing(cls, question: AssessorQuestion) -> "QuestionForm":
        return cls(initial={name: getattr(question, name) for name in cls.base_fields})

    def texts(self) -> QuestionTexts:
        clean = self.cleaned_data
        return QuestionTexts(clean["text"], clean["asked_by"], clean["owner"], clean["due_on"])


class EventFilterForm(forms.Form):
    """What the list shows; nothing that is chosen here can be wrong."""

    year = forms.ChoiceField(label=_("Year"), required=False)
    team = forms.ChoiceField(
        label=_("Assessors"), required=False, choices=[EVERY, *AssessorTeam.choices]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[EVERY, *EventKind.choices])
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[EVERY, *EventState.choices]
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "year", year_choices(years))
        self.helper = PortalFormHelper(self, form_tag=False, method="get", mark_optional=False)

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")
