"""Forms of preparation and phases."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.enums import PreparationState
from assessments.models import PreparationAnswer
from integrity_portal.core.forms import (
    DateField,
    DecimalField,
    FileField,
    LongTextField,
    PortalFormHelper,
    RadioField,
    ShortTextField,
)
from integrity_portal.core.models import StoredFile


class YearField(DecimalField):
    """Four digits, without the dot of a thousand."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"minimum": 2012, "maximum": 2099, "places": 0, **kwargs})

    default_error_messages = {
        "required": _("Write the year with four digits, for example 2027."),
        "small": _("Write a year from 2012 to 2099."),
        "big": _("Write a year from 2012 to 2099."),
        "invalid": _("Write the year with four digits, for example 2027."),
        "english": _("Write the year with four digits, for example 2027."),
        "whole": _("Write the year with four digits, for example 2027."),
    }

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        year = super().clean(value)
        return None if year is None else int(year)


class AnswerForm(forms.Form):
    """How far a unit is with one step; carries the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    arrived = forms.CharField(widget=forms.HiddenInput, required=False, max_length=22)
    state = RadioField(label=_("How far is it?"), choices=PreparationState.choices)
    happened_on = DateField(
        label=_("Date"),
        required=False,
        help_text=_("The day on which the step was done, for example 21 November 2026."),
    )
    note = LongTextField(
        label=_("Note"),
        limit=1000,
        rows=3,
        required=False,
        help_text=_("Number of the decree, who is in charge, what is still lacking."),
    )
    proof = FileField(label=_("Proof"), kinds=_("PDF, JPEG, PNG or WebP"), required=False)
    drop_proof = forms.BooleanField(label=_("Take the present proof away"), required=False)

    def __init__(self, *args: Any, today: date, has_proof: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].latest = today  # type: ignore[attr-defined]
        if not has_proof:
            del self.fields["drop_proof"]
        self.helper = PortalFormHelper(self, submit=_("Save"))

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or {}
        done = values.get("state") == PreparationState.DONE
        if done and not values.get("happened_on") and "happened_on" not in self.errors:
            self.add_error("happened_on", _("Write the day on which the step was done."))
        return values

    def overwrite(self, **values: Any) -> None:
        """Change what a bound form carries, keeping everything that was typed."""
        data: QueryDict = self.data.copy()  # type: ignore[attr-defined]
        for name, value in values.items():
            data[name] = str(value)
        self.data = data

    @staticmethod
    def initial_of(answer: PreparationAnswer | None) -> dict[str, Any]:
        if answer is None:
            return {"version": 0, "state": PreparationState.NOT_STARTED}
        names = ("version", "state", "happened_on", "note")
        return {name: getattr(answer, name) for name in names}

    def keep(self, stored: StoredFile | None) -> None:
        self.overwrite(arrived=stored.public_id if stored else "")


class PhaseForm(forms.Form):
    """Moves the ticked units; a box holds unit and version as the person saw them."""

    units = forms.MultipleChoiceField(
        error_messages={
            "required": _("Tick at least one unit."),
            "invalid_choice": _("The list has changed. Look at it again, then move the units."),
        }
    )
    year = YearField(label=_("Into the year"), required=False)
    note = ShortTextField(label=_("Note"), limit=200, required=False)

    def __init__(self, *args: Any, choices: Sequence[str], out: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(value, value) for value in choices]  # type: ignore[attr-defined]
        self.out = out

    def clean_year(self) -> int | None:
        year = self.cleaned_data["year"]
        if self.out:
            return None
        if year is None:
            raise forms.ValidationError(_("Write the year into which the units go."))
        return year

    def chosen(self) -> dict[int, int]:
        pairs = (value.split("-") for value in self.cleaned_data["units"])
        return {int(unit): int(version) for unit, version in pairs}
