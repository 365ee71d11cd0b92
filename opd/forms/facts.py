"""The form of one standing fact."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.files import EVIDENCE
from integrity_portal.core.forms import (
    DecimalField,
    FileField,
    PortalFormHelper,
    SelectField,
    ShortTextField,
)
from opd.enums import FactKey
from opd.facts import OF_GOVERNMENT, OF_UNIT, display_value
from opd.models import StandingFact


class FactForm(forms.Form):
    key = SelectField(label=_("Fact"))
    year = DecimalField(
        label=_("Year"),
        places=0,
        minimum=2000,
        maximum=2199,
        error_messages={
            "required": _("Enter the year, for example 2025."),
            "invalid": _("Write the year with four digits, for example 2025."),
            "english": _("Write the year with four digits, for example 2025."),
        },
    )
    value = ShortTextField(
        label=_("Value"),
        limit=20,
        required=False,
        help_text=_(
            "BPK: WTP, WTP-DPP, WDP, TW, TMP. SAKIP: AA, A, BB, B, CC, C, D. Core service and "
            "perception: yes or no. Others: a number."
        ),
    )
    in_process = forms.BooleanField(
        label=_("The result of this year is not out yet; it is being assessed"), required=False
    )
    source = ShortTextField(label=_("Source"), limit=200, required=False)
    proof = FileField(
        label=_("Proof"),
        required=False,
        max_bytes=EVIDENCE.max_bytes,
        kinds=_("PDF or photo of the report, letter or certificate"),
    )

    def __init__(self, *args: Any, of_unit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hidden = OF_GOVERNMENT if of_unit else OF_UNIT
        self.fields["key"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *(choice for choice in FactKey.choices if choice[0] not in hidden),
        ]
        self.helper = PortalFormHelper(self, form_tag=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("value") and not values.get("in_process") and "value" not in self.errors:
            self.add_error("value", _("Enter the value, or say that it is being assessed."))
        return values

    @staticmethod
    def initial_of(fact: StandingFact) -> dict[str, Any]:
        return {
            "key": fact.key,
            "year": str(fact.year),
            "value": display_value(fact.key, fact.value),
            "in_process": fact.in_process,
            "source": fact.source,
        }
