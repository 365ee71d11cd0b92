"""Forms of the ZI year: move a date, tick it off, add an own one, drop it."""

from typing import Any
from uuid import uuid4

from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.forms import (
    DateField,
    LongTextField,
    PortalFormHelper,
    SelectField,
    ShortTextField,
)
from opd.actions.year_calendar import NewDate
from opd.enums import Role
from opd.forms.fields import Rewritable
from opd.queries.year_calendar import Entry

# Whose task an own date can be: units have their work plans for what only they do.
OWN_ROLES = (Role.ZI_SECRETARIAT, Role.INSPECTORATE, Role.PLANNER, Role.SEKDA, Role.MAYOR)


class MoveForm(Rewritable):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**62)
    starts_on = DateField(
        label=_("First day"),
        help_text=_("Only for something that lasts several days; otherwise leave it empty."),
        required=False,
    )
    due_on = DateField(label=_("Last day"), help_text=_("For example 31 May 2027."))
    letter_number = ShortTextField(
        label=_("Number of the letter"),
        help_text=_("The letter of the ministry or of the regional head that moves the date."),
        limit=80,
        required=False,
    )
    reason = LongTextField(
        label=_("Why is it moved?"),
        help_text=_("Everybody who reads the calendar reads this too."),
        limit=300,
        rows=2,
        error_messages={"required": _("Write why the date was moved.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Move the date"))

    @classmethod
    def showing(cls, entry: Entry) -> "MoveForm":
        return cls(
            initial={
                "form_key": uuid4(),
                "seen": entry.moved.pk if entry.moved else 0,
                "starts_on": entry.starts_on,
                "due_on": entry.due_on,
            }
        )

    def new_date(self) -> NewDate:
        clean = self.cleaned_data
        return NewDate(
            starts_on=clean["starts_on"],
            due_on=clean["due_on"],
            reason=clean["reason"],
            letter_number=clean["letter_number"],
            seen=clean["seen"],
        )


class MarkForm(forms.Form):
    """`wanted` is what the person asked for: a second press does not turn it around again."""

    wanted = forms.ChoiceField(
        choices=[("done", "done"), ("open", "open")], widget=forms.HiddenInput
    )
    note = LongTextField(label=_("Note"), limit=300, rows=2, required=False)

    def __init__(
        self, *args: Any, action: str, is_done: bool, lacks_some: bool = False, **kwargs: Any
    ) -> None:
        start = {"wanted": "open" if is_done else "done"}
        super().__init__(*args, **{"initial": start, **kwargs})
        self.helper = PortalFormHelper(self, action=action)
        if is_done:
            self.fields["note"].label = _("Why is the tick taken back?")
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = _("Write why the tick is taken back.")
            self.helper.add_input(Submit("", _("Take the tick back"), css_class="quiet"))
        elif lacks_some:
            sentence = _("Not every unit has it yet. Write why it is ticked all the same.")
            self.fields["note"].label = _("Why is it done all the same?")
            self.fields["note"].help_text = _("The reason stands beside the tick.")
            self.fields["note"].required = True
            self.fields["note"].error_messages["required"] = sentence
            self.helper.add_input(Submit("", _("Done")))
        else:
            self.fields["note"].help_text = _("For example the number of the letter.")
            self.helper.add_input(Submit("", _("Done")))


class OwnDateForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    title = ShortTextField(label=_("What is it?"), limit=120)
    role = SelectField(label=_("Whose task is it?"))
    starts_on = DateField(
        label=_("First day"),
        help_text=_("Only for something that lasts several days; otherwise leave it empty."),
        required=False,
    )
    due_on = DateField(label=_("Last day"), help_text=_("For example 31 May 2027."))

    def __init__(self, *args: Any, government_kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"form_key": uuid4()}, **kwargs})
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose an office")),
            *((role.value, role.label_in(government_kind)) for role in OWN_ROLES),
        ]
        self.helper = PortalFormHelper(self, submit=_("Add the date"))


class DropDateForm(forms.Form):
    reason = LongTextField(
        label=_("Why is it dropped?"),
        limit=300,
        rows=2,
        error_messages={"required": _("Write why the date is dropped.")},
    )

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, action=action)
        self.helper.add_input(Submit("", _("Drop the date"), css_class="danger"))
