"""Templates of answers, bulk work, and what the citizen says of the answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from complaints.enums import Contentment
from complaints.forms.public import Groups, offer, unit_select
from complaints.forms.steps import class_choices
from integrity_portal.core.forms import (
    LongTextField,
    PortalFormHelper,
    RadioField,
    SelectField,
    ShortTextField,
)


class TemplateForm(forms.Form):
    title = ShortTextField(
        label=_("Title"),
        limit=100,
        error_messages={"required": _("Write the title.")},
    )
    text = LongTextField(
        label=_("Text"),
        help_text=_(
            "{nomor}, {unit} and {tanggal} become the number of the complaint, the unit and the "
            "day of the answer."
        ),
        limit=10000,
        rows=8,
        error_messages={"required": _("Write the text.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=gettext("Save"))


class BulkForm(forms.Form):
    """Only the fields that the chosen work needs; the complaints are hidden fields of the page."""

    unit = SelectField(
        label=_("Unit that has to answer"),
        error_messages={"required": _("Choose the unit that has to answer.")},
    )
    sla_class = RadioField(label=_("Class"), help_text=_("It decides the date of the answer."))
    note = LongTextField(label=_("Word to the unit"), limit=1000, rows=2, required=False)
    text = LongTextField(
        label=_("Sentence the citizen will read"),
        limit=2000,
        rows=4,
        error_messages={"required": _("Write the sentence that the citizen will read.")},
    )

    def __init__(self, *args: Any, needs: tuple[str, ...], groups: Groups, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name not in needs]:
            del self.fields[name]
        if "unit" in needs:
            offer(self, "unit", unit_select(groups))
        if "sla_class" in needs:
            offer(self, "sla_class", class_choices())
        self.helper = PortalFormHelper(form_tag=False)
        self.helper.disable_csrf = True


class ContentmentForm(forms.Form):
    level = RadioField(
        label=_("Are you satisfied with the answer?"),
        choices=Contentment.choices,
        error_messages={"required": _("Choose one of the answers.")},
    )
    words = ShortTextField(label=_("What else do you want to say?"), limit=500, required=False)

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_contentment_%s", **kwargs})
        self.helper = PortalFormHelper(submit=gettext("Send"), action=action)
