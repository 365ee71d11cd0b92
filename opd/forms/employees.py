"""Forms of a roster."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from integrity_portal.core.forms import (
    DateField,
    FileField,
    LongTextField,
    NameField,
    PortalFormHelper,
    ShortTextField,
)
from opd.actions.employees import EmployeeFacts
from opd.employee_rows import EmployeeRow, SheetTooLong, nip_problem, read_rows
from opd.forms.fields import OptionalSelect
from opd.models import EmployeePost, Unit
from opd.unit_csv import SheetRefused, decode

MAX_BYTES = 512 * 1024


class PersonForm(forms.Form):
    name = NameField(label=_("Name"))
    nip = ShortTextField(
        label=_("NIP"),
        limit=40,
        required=False,
        help_text=_("18 digits. Leave this empty for staff without a NIP."),
    )
    title = ShortTextField(label=pgettext_lazy("employee", "Title"), limit=150, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nip"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})
        self.helper = PortalFormHelper(self, form_tag=False)

    @staticmethod
    def initial_of(post: EmployeePost) -> dict[str, Any]:
        return {"name": post.employee.name, "nip": post.employee.nip, "title": post.title}

    def clean_nip(self) -> str:
        text: str = self.cleaned_data["nip"]
        problem = nip_problem(text)
        if problem:
            raise ValidationError(problem)
        return text

    def facts(self) -> EmployeeFacts:
        clean = self.cleaned_data
        return EmployeeFacts(clean["name"], clean["nip"], clean["title"])


class EmployeeForm(PersonForm):
    first_day = DateField(label=_("Works here since"))


class MoveEmployeeForm(forms.Form):
    title = ShortTextField(label=_("Title there"), limit=150, required=False)
    first_day = DateField(label=_("First day there"))

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = OptionalSelect(
            rows=units,
            empty=_("Choose the unit"),
            label=_("To which unit"),
            required=True,
            error_messages={"required": _("Choose the unit.")},
        )
        self.order_fields(["unit", "title", "first_day"])
        self.helper = PortalFormHelper(self, form_tag=False)


class EndEmploymentForm(forms.Form):
    last_day = DateField(
        label=_("Last day"), help_text=_("Retired, left, or moved to another government.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False)


class EmployeeListForm(forms.Form):
    """A pasted list, or a CSV file whose text takes its place."""

    rows = LongTextField(
        label=_("Rows from your spreadsheet"),
        limit=400_000,
        rows=10,
        required=False,
        help_text=_(
            "Copy the columns name, NIP, title and first day, and paste them here. The last two may "
            "be missing."
        ),
    )
    file = FileField(
        label=_("Or a CSV file"),
        accept=".csv,.txt,text/csv,text/plain",
        max_bytes=MAX_BYTES,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["rows"].widget.attrs["data-portal-limit"]
        self.fields["rows"].shows_limit = False  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, form_tag=False)

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        self.text = str(clean.get("rows") or "")
        try:
            if clean.get("file"):
                self.text = decode(clean["file"].read()).lstrip("\ufeff")
            self.found: list[EmployeeRow] = read_rows(self.text)
        except (SheetRefused, SheetTooLong) as refused:
            self.add_error("file" if clean.get("file") else "rows", str(refused))
            return clean
        if not self.found and not self.errors:
            self.add_error("rows", _("Paste at least one row, or choose a file."))
        return clean
