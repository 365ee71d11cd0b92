"""Forms of zones."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from assessments.enums import Predicate
from integrity_portal.core.forms import (
    DecimalField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)


class PredicateForm(forms.Form):
    unit = SelectField(label=_("Unit"))
    predicate = RadioField(label=_("Predicate"), choices=Predicate.choices)
    year = DecimalField(label=_("Year of the award"), minimum=2012, places=0)
    decree_number = ShortTextField(
        label=_("Number of the ministry's decree"), limit=80, required=False
    )
    source = ShortTextField(
        label=_("Source"),
        limit=150,
        required=False,
        help_text=_("Needed where the number of the decree is not known."),
    )

    def __init__(self, *args: Any, choices: Sequence[Any], this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("Choose a unit")), *choices]  # type: ignore[attr-defined]
        self.this_year = this_year
        self.helper = PortalFormHelper(submit=_("Record the predicate"))

    def clean_year(self) -> int:
        year = int(self.cleaned_data["year"])
        if year > self.this_year:
            raise forms.ValidationError(_("The year lies in the future."))
        return year

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("decree_number") and not values.get("source"):
            sentence = gettext(
                "Enter the number of the decree, or where the predicate is known from."
            )
            self.add_error("decree_number", sentence)
        return values
