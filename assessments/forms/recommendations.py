"""Forms of the register of recommendations."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from assessments.actions.recommendations import Source
from assessments.enums import AreaOfChange, AssessorTeam, RecommendationState
from assessments.forms.proofs import EVERY, year_choices
from assessments.forms.workplans import VersionedForm, set_choices
from assessments.models import AssessmentEvent, Recommendation
from assessments.pasted import NUMBER_LIMIT, TEXT_LIMIT, RecommendationLine
from assessments.queries.events import window
from integrity_portal.core.forms import (
    DateField,
    DecimalField,
    LongTextField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)


class SourceForm(VersionedForm):
    """Who recommends: of a single entry and of pasted rows."""

    team = RadioField(label=_("Who recommends?"), choices=AssessorTeam.choices)
    year = DecimalField(label=_("Year"), minimum=2010, maximum=2100, places=0)
    event = SelectField(label=_("Given at"), required=False)
    letter = ShortTextField(label=_("Number of the LHE or letter"), limit=80, required=False)

    def __init__(self, *args: Any, events: Sequence[AssessmentEvent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events = {str(row.pk): row for row in events}
        rows = [
            (pk, f"{row.get_team_display()}: {row.get_kind_display()}, {window(row)}")
            for pk, row in self.events.items()
        ]
        set_choices(self, "event", [("", gettext("no event, a letter or LHE")), *rows])

    def source(self) -> Source:
        clean = self.cleaned_data
        return Source(
            team=clean["team"],
            year=int(clean["year"]),
            event=self.events.get(clean["event"]),
            letter=clean["letter"],
        )


class RecommendationForm(SourceForm):
    number = ShortTextField(label=_("Number"), limit=NUMBER_LIMIT)
    area = SelectField(
        label=_("Area of change"), choices=[("", _("Choose an area")), *AreaOfChange.choices]
    )
    text = LongTextField(label=_("Recommendation"), limit=TEXT_LIMIT, rows=5)
    responsible = ShortTextField(
        label=_("Responsible"),
        limit=150,
        required=False,
        help_text=_("The office or team, not a person's name: Ketua Pokja 3."),
    )
    due_on = DateField(label=_("Due date"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def blank(cls, events: Sequence[AssessmentEvent], today: date) -> "RecommendationForm":
        initial = {"form_key": uuid4(), "version": 0, "team": "tpi", "year": str(today.year)}
        return cls(initial=initial, events=events)

    @classmethod
    def showing(
        cls, row: Recommendation, events: Sequence[AssessmentEvent]
    ) -> "RecommendationForm":
        """Everything but the due date, which has its own form and its reason."""
        names = ("team", "year", "letter", "number", "area", "text", "responsible", "version")
        initial = {name: getattr(row, name) for name in names}
        initial |= {
            "form_key": uuid4(),
            "event": str(row.event_id or ""),
            # A year is a name, not an amount: it would be shown as 2.026.
            "year": row.year_text,
        }
        form = cls(initial=initial, events=events)
        form.without_due_date()
        return form

    def without_due_date(self) -> None:
        del self.fields["due_on"]
        self.helper = PortalFormHelper(self, submit=_("Save"))

    def line(self, due_on: date | None = None) -> RecommendationLine:
        clean = self.cleaned_data
        return RecommendationLine(
            number=clean["number"],
            area=clean["area"],
            text=clean["text"],
            responsible=clean["responsible"],
            due_on=due_on or clean["due_on"],
        )


class PasteForm(SourceForm):
    rows = LongTextField(
        label=_("Rows"),
        limit=200_000,
        rows=12,
        help_text=_(
            "Paste from a spreadsheet, or type one row per line with semicolons: number; area "
            "(1 to 6); recommendation; responsible; due date."
        ),
        error_messages={"required": _("Paste at least one row.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Enter these rows"))

    @classmethod
    def blank(cls, events: Sequence[AssessmentEvent], today: date) -> "PasteForm":
        initial = {"form_key": uuid4(), "version": 0, "team": "tpi", "year": str(today.year)}
        return cls(initial=initial, events=events)


class DueForm(forms.Form):
    due_on = DateField(label=_("New due date"))
    reason = LongTextField(
        label=_("Why does it move?"),
        limit=1000,
        rows=3,
        error_messages={"required": _("Write why the due date moves.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Move the due date"))


class DecisionForm(forms.Form):
    """An assessor's word on the reply that he read."""

    # Which reply he was shown: another one is not decided unread.
    reply = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    message = LongTextField(
        label=_("Message to the unit"),
        help_text=_("Needed when you return it: what is still missing?"),
        limit=1000,
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, mark_optional=False)
        self.helper.add_input(Submit("close", _("Close the recommendation")))
        self.helper.add_input(Submit("return", _("Return to the unit"), css_class="quiet"))


class RecommendationFilterForm(forms.Form):
    """What the list shows; nothing that is chosen here can be wrong."""

    q = forms.CharField(label=_("Words, number or unit"), required=False, max_length=100)
    team = forms.ChoiceField(
        label=_("Source"), required=False, choices=[EVERY, *AssessorTeam.choices]
    )
    year = forms.ChoiceField(label=_("Year"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[EVERY, *RecommendationState.choices]
    )
    area = forms.ChoiceField(
        label=_("Area of change"), required=False, choices=[EVERY, *AreaOfChange.choices]
    )
    late = forms.BooleanField(label=_("Only overdue ones"), required=False)

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "year", year_choices(years))
        self.helper = PortalFormHelper(self, form_tag=False, method="get", mark_optional=False)

    def chosen(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name) or ""
