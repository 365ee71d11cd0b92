"""Forms about people: search, office, invitation, substitute, one-time code."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.forms import (
    DateField,
    NameField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from opd import permissions
from opd.enums import FactorRemoval, IdentifierKind, OfficeStatus, Role
from opd.identity import normalise
from opd.models import Membership, Unit
from opd.offices import Office, wrong_place
from opd.queries import PeopleFilter


class IdentifierField(ShortTextField):
    """NIP, e-mail or mobile number in any spelling; gives (kind, value)."""

    default_error_messages = {
        "required": _("Enter the NIP, e-mail address or mobile number."),
        "unknown": _(
            "Write a NIP with 18 digits, an e-mail address, or a mobile number such as "
            "0812 3456 7890."
        ),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        )
        label = _("NIP, e-mail or mobile number")
        super().__init__(**{"limit": 120, "widget": widget, "label": label, **kwargs})

    def clean(self, value: Any) -> tuple[IdentifierKind, str] | None:
        text = super().clean(value)
        if not text:
            return None
        found = normalise(text)
        if found is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return found


class UnitField(SelectField):
    """One of the units in the caller's scope."""

    units: dict[str, Unit]

    def offer(self, units: Sequence[Unit], nothing: Any) -> None:
        self.units = {str(unit.pk): unit for unit in units}
        names = [(key, unit.name) for key, unit in self.units.items()]
        self.choices = [("", nothing), *names]

    def clean(self, value: Any) -> Unit | None:
        return self.units.get(super().clean(value))


class PeopleFilterForm(forms.Form):
    """What to show; wrong words in the address are simply left out."""

    q = ShortTextField(
        label=_("Name, title or sign-in"),
        help_text=_("A NIP, e-mail or number must be complete."),
        required=False,
        limit=120,
    )
    unit = UnitField(label=_("Unit and below"), required=False)
    role = SelectField(label=_("Role"), required=False)
    state = SelectField(
        label=_("State"),
        required=False,
        choices=[
            ("today", _("Holds an office today")),
            ("all", _("All, former ones too")),
            ("closed", _("Account closed")),
        ],
    )

    def __init__(self, *args: Any, by: Membership, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units, _("All units"))  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("All roles")), *_roles(by)]  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=_("Show"), method="get", mark_optional=False)
        self.helper.layout = Layout(Div("q", "unit", "role", "state", css_class="grid two"))

    def wanted(self) -> PeopleFilter:
        self.is_valid()
        text = self.cleaned_data.get("q") or ""
        return PeopleFilter(
            text=text,
            login=normalise(text) if text else None,
            unit=self.cleaned_data.get("unit"),
            role=self.cleaned_data.get("role") or "",
            state=self.cleaned_data.get("state") or "today",
        )


def _roles(by: Membership, *, grantable: bool = False) -> list[tuple[str, str]]:
    kind = by.government.kind
    return [
        (role.value, role.label_in(kind))
        for role in Role
        if not grantable or permissions.may_grant(by, role, by.unit)
    ]


class OfficeForm(forms.Form):
    """Role, unit, title, how the office is held, from when to when."""

    role = SelectField(label=_("Role"), error_messages={"required": _("Choose the role.")})
    unit = UnitField(
        label=_("Unit"),
        help_text=_(
            "Only head, operator, liaison officer, TPN reviewer and a unit's administrator have a "
            "unit; the other roles are for the whole government."
        ),
        required=False,
    )
    title = ShortTextField(
        label=_("Title of office"),
        help_text=_("As it is printed, without Pj., Plt. or Plh.: Kepala Dinas Kesehatan."),
        limit=150,
        error_messages={"required": _("Write the title of the office.")},
    )
    office_status = RadioField(
        label=_("The office is held as"),
        choices=[
            (OfficeStatus.DEFINITIF, _("Definitive")),
            (OfficeStatus.PJ, _("Pj. (acting head)")),
            (OfficeStatus.PLT, _("Plt. (acting, office vacant)")),
            (OfficeStatus.PLH, _("Plh. (daily substitute)")),
        ],
        initial=OfficeStatus.DEFINITIF,
    )
    valid_from = DateField(label=_("First day"))
    valid_to = DateField(
        label=_("Last day"),
        help_text=_("Leave empty while it is not known. The right ends at midnight of that day."),
        required=False,
    )
    acts_below = forms.BooleanField(
        label=_("May also act for the units below"),
        help_text=_("Without this the units below can only be read."),
        required=False,
    )
    submit_label: Any = _("Give this office")

    def __init__(self, *args: Any, by: Membership, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = _roles(by, grantable=True)
        self.fields["role"].choices = [("", _("Choose the role")), *roles]  # type: ignore[attr-defined]
        whole = by.government.official_name if by.unit_id is None else _("Choose the unit")
        self.fields["unit"].offer(units, whole)  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=self.submit_label)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        wrong = wrong_place(data["role"], data.get("unit")) if data.get("role") else ""
        if wrong and "unit" not in self.errors:
            self.add_error("unit", wrong)
        return data

    def office(self) -> Office:
        data = self.cleaned_data
        return Office(
            role=data["role"],
            unit=data["unit"],
            title=data["title"],
            office_status=data["office_status"],
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
            acts_below=data["acts_below"],
        )


class InvitationForm(OfficeForm):
    """Who is invited, and to which office."""

    name = NameField(label=_("Name"), limit=120)
    identifier = IdentifierField(
        help_text=_("The person signs in with it. An e-mail address also receives the link.")
    )
    submit_label = _("Make the link")
    field_order = ["name", "identifier"]


class SubstituteForm(forms.Form):
    """Who stands in, as what and for which days."""

    identifier = IdentifierField(
        label=_("NIP, e-mail or mobile number of the substitute"),
        help_text=_("The person must already have an account here."),
    )
    office_status = RadioField(
        label=_("The office is held as"),
        choices=[
            (OfficeStatus.PLH, _("Plh. (daily substitute)")),
            (OfficeStatus.PLT, _("Plt. (acting, office vacant)")),
        ],
        initial=OfficeStatus.PLH,
    )
    valid_from = DateField(label=_("First day"))
    valid_to = DateField(
        label=_("Last day"), help_text=_("The right ends by itself at midnight of that day.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("Appoint the substitute"))


class EndOfficeForm(forms.Form):
    last_day = DateField(
        label=_("Last day"),
        help_text=_("Yesterday's date ends the right at once, today's at midnight."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("End this office"))


class RenameForm(forms.Form):
    name = NameField(label=_("Name"), limit=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("Save the name"))


class AddIdentifierForm(forms.Form):
    identifier = IdentifierField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("Add"))


class RemoveFactorForm(forms.Form):
    reason = RadioField(label=_("Why?"), choices=FactorRemoval.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("Remove the second step"))


class TpiForm(forms.Form):
    """A member of the TPI by identifier, the unit to assess and the year."""

    identifier = IdentifierField(label=_("NIP, e-mail or mobile number of the member"))
    unit = UnitField(label=_("Unit to assess"))
    year = forms.IntegerField(
        label=_("Year"),
        min_value=2015,
        max_value=2100,
        error_messages={
            "required": _("Enter the year, for example 2026."),
            "invalid": _("Enter the year with four digits, for example 2026."),
            "min_value": _("Enter the year with four digits, for example 2026."),
            "max_value": _("Enter the year with four digits, for example 2026."),
        },
        widget=forms.TextInput(attrs={"class": "tiny", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, units: Sequence[Unit], today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"year": today.year})
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units, _("Choose the unit"))  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=_("Assign"))
