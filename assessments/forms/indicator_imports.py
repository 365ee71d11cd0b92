"""The form with which a table of indicators is sent."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.excel.grid import MAX_BYTES
from integrity_portal.core.forms import FileField, PortalFormHelper


class IndicatorFileForm(forms.Form):
    file = FileField(
        label=_("Excel file"),
        accept=".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        max_bytes=MAX_BYTES,
        kinds=_("Excel (.xlsx) without macros"),
    )
    sheet = forms.CharField(
        label=_("Name of the sheet"),
        max_length=60,
        required=False,
        help_text=_("Only when one sheet of several is meant; otherwise all tables are read."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Show the preview"))
