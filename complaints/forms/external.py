"""Numbers in other systems, settling differences, the file of an export, the words of a month."""

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from complaints.actions.external import CaseFacts
from complaints.external_enums import CaseOrigin, ExternalSystem
from complaints.forms.public import Groups, offer, unit_select
from complaints.forms.steps import category_choices
from complaints.models import Complaint, ExternalCase, ReportWords
from integrity_portal.core.forms import (
    DateField,
    FileField,
    LongTextField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from integrity_portal.core.spreadsheets import MAX_BYTES


class CaseForm(forms.Form):
    system = RadioField(label=_("System"))
    tracking_id = ShortTextField(
        label=_("Number there (tracking ID)"),
        limit=40,
        error_messages={"required": _("Enter the number that the other system gave.")},
    )
    origin = RadioField(label=_("Where was it filed first?"), choices=CaseOrigin.choices)
    filed_on = DateField(
        label=_("Filed there on"),
        required=False,
        help_text=_("Where it came from there: the clock runs from this day."),
    )
    status = ShortTextField(label=_("Status there, in its own words"), limit=60, required=False)
    seen_on = DateField(label=_("When was the status last looked at?"))
    link = ShortTextField(label=_("Address of the case there"), limit=300, required=False)

    def __init__(
        self, *args: Any, systems: list[tuple[str, str]], today: date, **kwargs: Any
    ) -> None:
        case: ExternalCase | None = kwargs.pop("case", None)
        kwargs["initial"] = _case_values(case) if case else {"seen_on": today, "system": "lapor"}
        super().__init__(*args, **kwargs)
        offer(self, "system", systems)
        self.helper = PortalFormHelper(self, submit=gettext("Save"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("origin") == CaseOrigin.THERE and "filed_on" not in self.errors:
            if not values.get("filed_on"):
                self.add_error("filed_on", gettext("Enter the day on which it was filed there."))
        return values

    def facts(self) -> CaseFacts:
        return CaseFacts(**self.cleaned_data)


def _case_values(case: ExternalCase) -> dict[str, Any]:
    names = ("system", "tracking_id", "origin", "filed_on", "status", "seen_on", "link")
    return {name: getattr(case, name) for name in names}


class SettleForm(forms.Form):
    """Both may stay as they are."""

    note = ShortTextField(
        label=_("Why may both stay as they are?"),
        limit=300,
        error_messages={"required": _("Write why both may stay as they are.")},
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        kwargs["auto_id"] = "id_settle_%s"
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=gettext("Leave both"), action=action)


class FinishForm(forms.Form):
    """Answered there: end it here too."""

    do = forms.CharField(widget=forms.HiddenInput, initial="finish")
    unit = SelectField(
        label=_("Unit that answered"),
        error_messages={"required": _("Choose the unit that answered.")},
    )
    answered_on = DateField(label=_("Answered there on"))
    text = LongTextField(label=_("The answer, as it stands there"), limit=10000, required=False)

    def __init__(
        self, *args: Any, action: str, groups: Groups, complaint: Complaint, **kwargs: Any
    ) -> None:
        unit = complaint.unit_id or complaint.named_unit_id
        kwargs |= {"auto_id": "id_finish_%s", "initial": {"unit": unit, "do": "finish"}}
        super().__init__(*args, **kwargs)
        offer(self, "unit", unit_select(groups))
        self.helper = PortalFormHelper(self, submit=gettext("Finish it here too"), action=action)


class CategoryForm(forms.Form):
    category = SelectField(label=_("Category"), required=False)

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        kwargs["initial"] = {"category": complaint.category}
        kwargs["auto_id"] = "id_category_%s"
        super().__init__(*args, **kwargs)
        offer(self, "category", category_choices(complaint.category))
        url = reverse("complaints:category", args=[complaint.pk])
        self.helper = PortalFormHelper(
            self, submit=gettext("Save"), action=url, mark_optional=False
        )


class ExportForm(forms.Form):
    system = RadioField(label=_("From which system?"), initial=ExternalSystem.LAPOR)
    file = FileField(
        label=_("Export"),
        accept=".xlsx,.csv,.txt,text/csv,"
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        max_bytes=MAX_BYTES,
        kinds=_("Excel (.xlsx) or CSV with up to 2.000 rows"),
    )

    def __init__(self, *args: Any, systems: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "system", systems)
        self.helper = PortalFormHelper(self, submit=gettext("Show the preview"))


class ReportWordsForm(forms.Form):
    findings = LongTextField(label=_("What the month shows"), limit=5000, rows=4, required=False)
    follow_up = LongTextField(
        label=_("What follows from it"),
        help_text=_("What is changed, by whom and until when."),
        limit=5000,
        rows=4,
        required=False,
    )
    row_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    month = forms.CharField(widget=forms.HiddenInput, max_length=7)

    def __init__(
        self, *args: Any, words: ReportWords | None, month: str, action: str, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {
            "month": month,
            "findings": words.findings if words else "",
            "follow_up": words.follow_up if words else "",
            "row_version": words.row_version if words else 0,
        }
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=gettext("Save"), action=action)
