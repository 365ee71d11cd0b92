"""On which day and at which hour the weekly report arrives."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from integrity_portal.core.formatting import hour_id
from integrity_portal.core.forms import PortalFormHelper, SelectField
from reports.enums import Weekday


class ScheduleForm(forms.Form):
    weekday = SelectField(
        label=_("Day"),
        error_messages={
            "required": _("Choose a day of the week."),
            "invalid_choice": _("Choose a day of the week."),
        },
    )
    hour = SelectField(
        label=_("Hour"),
        help_text=_("By the clock at your government's seat."),
        error_messages={
            "required": _("Choose an hour from the list."),
            "invalid_choice": _("Choose an hour from the list."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["weekday"].choices = Weekday.choices  # type: ignore[attr-defined]
        hours = [(str(hour), hour_id(hour)) for hour in range(24)]
        self.fields["hour"].choices = hours  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, submit=gettext("Save the schedule"))

    def values(self) -> dict[str, int]:
        return {name: int(self.cleaned_data[name]) for name in ("weekday", "hour")}
