"""Forms of the registry of units."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.forms import (
    DateField,
    DecimalField,
    FileField,
    LongTextField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from opd.coverage import KindRule
from opd.enums import ServiceChannel, UnitKind
from opd.forms.fields import OptionalSelect, PartialDateField
from opd.models import Service, Unit
from opd.unit_csv import MAX_BYTES

NAME_LIMIT, SHORT_LIMIT, CODE_LIMIT, BASIS_LIMIT = 150, 60, 30, 150


class UnitPlaceForm(forms.Form):
    """Kind, code, place and first day of a unit."""

    kind = SelectField(label=_("Kind"), choices=[("", "–"), *UnitKind.choices])
    code = ShortTextField(label=_("Code"), limit=CODE_LIMIT, required=False)
    active_from = DateField(
        label=_("Active from"),
        required=False,
        help_text=_("Leave this empty when the day is not known."),
    )

    def __init__(self, *args: Any, parents: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"] = OptionalSelect(
            rows=parents, empty=_("None: it stands at the top"), label=_("Unit above")
        )
        self.helper = PortalFormHelper(self, form_tag=False)

    @staticmethod
    def initial_of(unit: Unit) -> dict[str, Any]:
        return {
            "kind": unit.kind,
            "code": unit.code,
            "active_from": unit.active_from,
            "parent": unit.parent_id or "",
        }


class UnitForm(UnitPlaceForm):
    """A new unit."""

    name = ShortTextField(label=_("Name"), limit=NAME_LIMIT)
    short_name = ShortTextField(
        label=_("Short name"),
        limit=SHORT_LIMIT,
        required=False,
        help_text=_("As people say it, for example Dinsos."),
    )
    field_order = ["name", "short_name", "kind", "parent", "code", "active_from"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
        self.helper = PortalFormHelper(self, form_tag=False)


class RenameForm(forms.Form):
    NEW, CORRECTION = "new", "correction"

    what = RadioField(
        label=_("What happened?"),
        choices=[
            (NEW, _("The unit has a new name; the old one stays on record")),
            (CORRECTION, _("Only a spelling mistake is corrected")),
        ],
        initial=NEW,
    )
    name = ShortTextField(label=_("Name"), limit=NAME_LIMIT)
    short_name = ShortTextField(label=_("Short name"), limit=SHORT_LIMIT, required=False)
    changed_on = PartialDateField(
        label=_("Since when"),
        error_messages={"required": _("Enter since when the unit has the new name.")},
        help_text=_("The day, only the month or only the year: 21/11/2021, November 2021 or 2021."),
    )
    basis = ShortTextField(
        label=_("Legal basis"),
        limit=BASIS_LIMIT,
        required=False,
        help_text=_("The regulation or decree that changed the name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A correction has no day.
        self.fields["changed_on"].required = self.data.get("what") != self.CORRECTION
        self.helper = PortalFormHelper(self, form_tag=False)


class FormerNameForm(forms.Form):
    """A name from before the oldest one on record."""

    name = ShortTextField(label=_("Old name"), limit=NAME_LIMIT)
    short_name = ShortTextField(label=_("Short name"), limit=SHORT_LIMIT, required=False)
    ended = PartialDateField(
        label=_("Used until"),
        help_text=_("The day, only the month or only the year: 21/11/2021, November 2021 or 2021."),
    )
    basis = ShortTextField(
        label=_("Legal basis"),
        limit=BASIS_LIMIT,
        required=False,
        help_text=_("The regulation or decree that changed the name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False)


class CloseForm(forms.Form):
    last_day = DateField(
        label=_("Last day"), help_text=_("The last day on which the unit exists. It may lie ahead.")
    )
    basis = ShortTextField(
        label=_("Reason or legal basis"),
        limit=BASIS_LIMIT,
        error_messages={"required": _("Write why or by which decree the unit ends.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False)


class MergeForm(forms.Form):
    """The day and the basis; the units themselves stand in the address of the page."""

    happened_on = DateField(
        label=_("In force from"),
        help_text=_("The units end on the day before. The day may lie ahead."),
    )
    basis = ShortTextField(
        label=_("Legal basis"),
        limit=BASIS_LIMIT,
        error_messages={"required": _("Write the regulation or decree of the merger.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False)


class MergeIntoNewForm(MergeForm, UnitForm):
    """A merger whose successor does not exist yet."""

    field_order = ["happened_on", "basis", "name", "short_name", "kind", "parent", "code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["active_from"]
        self.helper = PortalFormHelper(self, form_tag=False)


class DutiesForm(forms.Form):
    duties = LongTextField(
        label=_("Duties, one on each line"),
        limit=20000,
        rows=12,
        required=False,
        help_text=_("In the order of the regulation. At most 400 characters each."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False)

    def clean_duties(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["duties"].split("\n")]
        texts = [line for line in lines if line]
        for number, text in enumerate(texts, start=1):
            if len(text) > 400:
                raise ValidationError(
                    _("Duty %(number)s has more than 400 characters. Shorten it."),
                    params={"number": number},
                )
        return texts


class ServiceForm(forms.Form):
    name = ShortTextField(label=_("Service"), limit=150)
    standard = ShortTextField(
        label=_("Service standard"),
        limit=300,
        required=False,
        help_text=_("What is promised, for example: done within 3 working days, no fee."),
    )
    channel = RadioField(label=_("How people reach it"), choices=ServiceChannel.choices)
    moved = PartialDateField(
        label=_("Moved away from the counter"),
        required=False,
        help_text=_("The day, only the month or only the year: 21/11/2021, November 2021 or 2021."),
    )
    applications_per_month = DecimalField(
        label=_("Applications per month"), places=0, minimum=0, maximum=10**7, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False)

    @staticmethod
    def initial_of(service: Service) -> dict[str, Any]:
        return {
            "name": service.name,
            "standard": service.standard,
            "channel": service.channel,
            "moved": service.moved,
            "applications_per_month": service.applications_per_month,
        }


class KindRulesForm(forms.Form):
    """Two boxes for each kind of unit."""

    def __init__(self, *args: Any, rules: dict[str, KindRule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in UnitKind:
            rule = rules.get(kind.value, KindRule())
            for name, value in (("counts", rule.counts), ("covers", rule.covers_below)):
                self.fields[f"{name}_{kind.value}"] = forms.BooleanField(
                    required=False, initial=value, label=kind.label
                )

    def rows(self) -> list[tuple[str, Any, Any]]:
        return [
            (str(kind.label), self[f"counts_{kind.value}"], self[f"covers_{kind.value}"])
            for kind in UnitKind
        ]

    def rules(self) -> dict[str, KindRule]:
        return {
            kind.value: KindRule(
                self.cleaned_data[f"counts_{kind.value}"], self.cleaned_data[f"covers_{kind.value}"]
            )
            for kind in UnitKind
        }


class UnitImportForm(forms.Form):
    file = FileField(
        label=_("CSV file"),
        accept=".csv,.txt,text/csv,text/plain",
        max_bytes=MAX_BYTES,
        kinds=_("CSV with up to 5.000 rows"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False)
