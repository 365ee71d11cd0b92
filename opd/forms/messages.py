"""How a person wants to be told: channel, hour of the daily summary, quiet hours."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.formatting import hour_id
from integrity_portal.core.forms import PortalFormHelper, RadioField, SelectField
from opd.enums import MessageWish
from opd.models import MessageChoice
from opd.reminders import Hours


class MessageChoiceForm(forms.Form):
    wish = RadioField(
        label=_("How shall the portal tell you?"),
        choices=MessageWish.choices,
        help_text=_("The inbox always has everything. What else do you want, once a day?"),
    )
    digest_hour = SelectField(label=_("Summary of the day at"))
    quiet_from = SelectField(label=_("Leave me in peace from"))
    quiet_until = SelectField(label=_("until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = [(str(hour), hour_id(hour)) for hour in range(24)]
        for name in ("digest_hour", "quiet_from", "quiet_until"):
            self.fields[name].choices = hours  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def showing(cls, choice: MessageChoice) -> "MessageChoiceForm":
        names = ("wish", "digest_hour", "quiet_from", "quiet_until")
        return cls(initial={name: str(getattr(choice, name)) for name in names})

    def hours(self) -> Hours:
        clean = self.cleaned_data
        return Hours(int(clean["digest_hour"]), int(clean["quiet_from"]), int(clean["quiet_until"]))
