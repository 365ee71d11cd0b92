"""Of which period a pocket book tells."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.booklets import period_text
from assessments.series import Period
from integrity_portal.core.forms import PortalFormHelper


class PeriodForm(forms.Form):
    """A quarter or a whole year of the plan, written `2026-2`; quarter 0 is the year."""

    period = forms.ChoiceField(label=_("As things stood at the end of"))

    def __init__(self, data: Any = None, *, periods: list[Period], chosen: Period) -> None:
        super().__init__(data, initial={"period": _key(chosen)})
        choices = [(_key(each), period_text(each)) for each in periods]
        self.fields["period"].choices = choices  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, form_tag=False)
        self.helper.disable_csrf = True

    def period_chosen(self) -> Period:
        year, _dash, quarter = self.cleaned_data["period"].partition("-")
        return int(year), int(quarter)


def _key(period: Period) -> str:
    return f"{period[0]}-{period[1]}"
