"""The form of an innovation."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.files import EVIDENCE
from integrity_portal.core.forms import (
    DecimalField,
    FileField,
    LongTextField,
    PortalFileInput,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)
from opd.actions.innovations import InnovationFacts
from opd.enums import InnovationArea, InnovationState
from opd.forms.fields import PartialDateField
from opd.models import Innovation


class SeveralFilesInput(PortalFileInput):
    allow_multiple_selected = True


class SeveralFilesField(FileField):
    """Several uploads; each is judged where it is stored."""

    def __init__(self, **kwargs: Any) -> None:
        widget = SeveralFilesInput(
            accept="image/jpeg,image/png,image/webp,application/pdf", max_bytes=EVIDENCE.max_bytes
        )
        super().__init__(**{"widget": widget, "required": False, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [upload for upload in data or [] if upload]


class InnovationForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    title = ShortTextField(label=_("Name of the innovation"), limit=200)
    area = SelectField(
        label=_("Area of change"), choices=[("", _("Choose an area")), *InnovationArea.choices]
    )
    started = PartialDateField(
        label=_("Since when"),
        help_text=_("The day, only the month or only the year: 21/11/2021, November 2021 or 2021."),
    )
    problem = LongTextField(label=_("The problem"), limit=2000, rows=3)
    change = LongTextField(label=_("What was changed"), limit=2000, rows=3)
    measure = ShortTextField(
        label=_("What is measured"),
        limit=150,
        required=False,
        help_text=_("For example: waiting time at the counter."),
    )
    measure_unit = ShortTextField(
        label=_("In which unit"), limit=40, required=False, help_text=_("For example: minutes.")
    )
    value_before = DecimalField(label=_("Before"), required=False)
    value_after = DecimalField(label=_("After"), required=False)
    source = ShortTextField(label=_("Source of the numbers"), limit=200, required=False)
    state = RadioField(
        label=_("State"), choices=InnovationState.choices, initial=InnovationState.RUNNING
    )
    files = SeveralFilesField(  # type: ignore[assignment]
        label=_("Add files"),
        help_text=_(
            "PDF, JPEG, PNG or WebP, at most 10 MB each. With a phone you can take a picture."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False)

    @staticmethod
    def initial_of(row: Innovation | None) -> dict[str, Any]:
        if row is None:
            return {"form_key": uuid4(), "version": 0, "state": InnovationState.RUNNING}
        names = [*InnovationFacts.__dataclass_fields__, "form_key", "version"]
        return {name: getattr(row, name) for name in names}

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        numbers = [clean.get("value_before"), clean.get("value_after")]
        if any(number is not None for number in numbers):
            for name in ("measure", "source"):
                if not clean.get(name):
                    self.add_error(name, _("Write what was measured and who says so."))
        return clean

    def facts(self) -> InnovationFacts:
        clean = self.cleaned_data
        return InnovationFacts(
            **{name: clean[name] for name in InnovationFacts.__dataclass_fields__}
        )

    def show_version(self, version: int) -> None:
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data
