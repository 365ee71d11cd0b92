"""Forms of the internal assessment team."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.forms import (
    DateField,
    FileField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from opd.enums import TpiFunction
from opd.forms.people import IdentifierField
from opd.models import Membership, TpiTeam


class TpiTeamForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    decree_number = ShortTextField(label=_("Number of the decree"), limit=80)
    decided_on = DateField(label=_("Date of the decree"))
    scan = FileField(label=_("Scan of the decree"), kinds=_("PDF or photo"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False)

    @staticmethod
    def initial_of(team: TpiTeam | None) -> dict[str, Any]:
        if team is None:
            return {"version": 0}
        return {
            "version": team.version,
            "decree_number": team.decree_number,
            "decided_on": team.decided_on,
        }


class TpiMemberForm(forms.Form):
    identifier = IdentifierField(label=_("NIP, e-mail or mobile number of the member"))
    function = RadioField(label=_("Function"), choices=TpiFunction.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False)


class AssignForm(forms.Form):
    """Only members without a conflict are offered."""

    member = SelectField(label=_("Assessor"))

    def __init__(self, *args: Any, possible: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {str(row.pk): row for row in possible}
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.user.name}, {row.printed_title}") for key, row in self.by_key.items()
        ]

    def chosen(self) -> Membership:
        return self.by_key[self.cleaned_data["member"]]
