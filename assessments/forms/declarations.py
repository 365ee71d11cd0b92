"""Forms of the drafting screens."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from assessments.enums import DeclarationScope
from assessments.forms.fields import LinesField, PartialDateField, UnitsField
from assessments.models import Declaration, NamingDecree, Signatory
from integrity_portal.core.formatting import partial_date
from integrity_portal.core.forms import (
    DateField,
    DecimalField,
    FileField,
    LongTextField,
    NameField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from opd.enums import OfficeStatus
from opd.models import Membership


class DeclarationForm(forms.Form):
    title = ShortTextField(
        label=_("Title"),
        limit=200,
        help_text=_("For example: Declaration of the integrity zone of five units."),
        error_messages={"required": _("Give the declaration a title.")},
    )
    scope = RadioField(label=_("Whose declaration is it?"), choices=DeclarationScope.choices)
    held = PartialDateField(
        label=_("Day of the declaration"),
        required=False,
        help_text=_("As far as it is known: 16 September 2019, September 2021 or 2021."),
    )
    place = ShortTextField(label=_("Place"), limit=200, required=False)
    purpose = LongTextField(label=_("Purpose"), limit=2000, rows=4, required=False)
    basis = LongTextField(
        label=_("Basis and requirements"),
        limit=2000,
        rows=3,
        required=False,
        help_text=_("Leave it empty when nobody recorded them; the act then says so."),
    )
    phase_number = DecimalField(
        label=_("Phase number"), minimum=1, maximum=99, places=0, required=False
    )
    phase_label = ShortTextField(label=_("Name of the phase"), limit=80, required=False)
    sign_by = DateField(
        label=_("To be signed by"),
        required=False,
        help_text=_("After this day the act is shown as late."),
    )
    source = ShortTextField(
        label=_("Source"),
        limit=200,
        required=False,
        help_text=_("For acts of the past: where this is written."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("Save"))

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        held, sign_by = facts.get("held"), facts.get("sign_by")
        if held and sign_by and sign_by < held.date:
            self.add_error(
                "sign_by",
                gettext(
                    "The last day for signing lies before the declaration; enter %(day)s or later."
                )
                % {"day": partial_date(held)},
            )
        return facts

    @staticmethod
    def initial_of(row: Declaration) -> dict[str, Any]:
        names = ("title", "scope", "place", "purpose", "basis", "phase_label", "sign_by", "source")
        facts = {name: getattr(row, name) for name in names}
        return {**facts, "held": row.held, "phase_number": row.phase_number}

    def facts(self) -> dict[str, Any]:
        """The cleaned values under the names of DeclarationFacts."""
        values = dict(self.cleaned_data)
        held = values.pop("held")
        number = values.pop("phase_number")
        if held is not None:
            values |= {"held_on": held.date, "held_on_precision": held.precision}
        return {**values, "phase_number": int(number) if number is not None else None}


class UnitsForm(forms.Form):
    units = UnitsField(label=_("Units that declare"), required=False)

    def __init__(self, *args: Any, choices: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = choices  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=_("Save the list"), mark_optional=False)


class LinesForm(forms.Form):
    pledges = LinesField(
        label=_("Pledges"),
        line_limit=400,
        lines=30,
        rows=6,
        required=False,
        help_text=_("One pledge per line."),
    )
    witnesses = LinesField(
        label=_("Witnesses"),
        line_limit=200,
        required=False,
        help_text=_("One per line: office, and the name where it is known."),
    )
    present = LinesField(
        label=_("Also present"), line_limit=200, required=False, help_text=_("One per line.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("Save"))


class SignatoryForm(forms.Form):
    title = ShortTextField(
        label=_("Office as it is printed"),
        limit=150,
        help_text=_("For example: Wali Kota Kediri."),
        error_messages={"required": _("Write the office of the signatory.")},
    )
    office_status = RadioField(label=_("How the office is held"), choices=OfficeStatus.choices)
    name = NameField(
        label=_("Name"), required=False, help_text=_("May be empty where only the office is known.")
    )
    declared = UnitsField(
        label=_("Signs for these declared units"),
        required=False,
        help_text=_("One head may sign for several units, and the regional head for none."),
    )
    membership = SelectField(
        label=_("Signs in the portal as"),
        required=False,
        help_text=_("Only for signing in the portal. A signature on paper needs no account."),
    )

    def __init__(
        self,
        *args: Any,
        declaration: Declaration,
        offices: Sequence[Membership],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {str(office.pk): office for office in offices}
        self.fields["declared"].choices = [  # type: ignore[attr-defined]
            (str(row.pk), row.printed_name) for row in declaration.units.all()
        ]
        self.fields["membership"].choices = [  # type: ignore[attr-defined]
            ("", _("Not in the portal")),
            *((pk, _said(office)) for pk, office in self.offices.items()),
        ]
        self.helper = PortalFormHelper(submit=_("Save"))

    def clean_membership(self) -> Membership | None:
        return self.offices.get(self.cleaned_data["membership"])

    @staticmethod
    def initial_of(row: Signatory) -> dict[str, Any]:
        return {
            "title": row.title,
            "name": row.name,
            "office_status": row.office_status,
            "membership": str(row.membership_id or ""),
            "declared": [str(link.declared_id) for link in row.signs_for.all()],
        }


def _said(office: Membership) -> str:
    unit = office.unit
    return f"{office.printed_title} ({unit.label})" if unit else office.printed_title


class DecreeForm(forms.Form):
    number = ShortTextField(
        label=_("Number of the decree"),
        limit=80,
        error_messages={"required": _("Write the number of the decree.")},
    )
    decided = PartialDateField(label=_("Date of the decree"))
    title = ShortTextField(label=_("About"), limit=200, required=False)
    scan = FileField(
        label=_("Scan of the decree"), kinds=_("PDF, JPEG, PNG or WebP"), required=False
    )
    units = UnitsField(label=_("Units named to build"))

    def __init__(self, *args: Any, choices: Sequence[Any], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decided"].latest = today  # type: ignore[attr-defined]
        self.fields["units"].choices = choices  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=_("Register the decree"))


class DecreeCorrectionForm(DecreeForm):
    """The same fields, filled with what stands there, and why they change."""

    reason = LongTextField(
        label=_("Why is it corrected?"),
        limit=400,
        rows=3,
        help_text=_("It stays in the history of the decree, with what stood there before."),
        error_messages={"required": _("Write the reason of the correction.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scan"].help_text = _("Leave it empty to keep the present scan.")
        self.helper = PortalFormHelper(submit=_("Save the correction"))

    @staticmethod
    def initial_of(row: NamingDecree) -> dict[str, Any]:
        return {
            "number": row.number,
            "decided": row.decided,
            "title": row.title,
            "units": [str(named.unit_id) for named in row.units.all()],
        }


class ReasonForm(forms.Form):
    """Why a closed act is opened again, or its text changed."""

    reason = LongTextField(
        label=_("Why?"),
        limit=400,
        rows=3,
        error_messages={"required": _("Write the reason of the correction.")},
    )

    def __init__(self, *args: Any, submit: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=submit)
