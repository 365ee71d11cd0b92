"""Forms of directives and promises."""

from typing import Any
from uuid import uuid4

from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.forms import (
    DateField,
    FileField,
    LongTextField,
    PercentField,
    PortalFormHelper,
    RadioField,
    ShortTextField,
)
from integrity_portal.core.models import StoredFile
from opd.actions.promises import PromiseFacts
from opd.forms.fields import OptionalSelect, PartialDateField, Rewritable
from opd.models import Promise, Unit

PROOF_HELP = _("PDF, JPEG, PNG or WebP, at most 10 MB. With a phone you can take a picture.")


class ProofMixin(Rewritable):
    """A proof that has arrived stays with the form when something else is refused."""

    kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=22)
    proof = FileField(label=_("Proof, if there is any"), help_text=PROOF_HELP, required=False)

    def remember(self, stored: StoredFile) -> None:
        self.overwrite(kept=stored.public_id)
        self.show_arrived(stored)

    def show_arrived(self, stored: StoredFile) -> None:
        # The bound field has taken its help along when the form was checked.
        self._bound_fields_cache.pop("proof", None)  # type: ignore[attr-defined]
        self.fields["proof"].help_text = _(
            "Has arrived: %(name)s. Choose another file only to replace it."
        ) % {"name": stored.name}


class DirectiveForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    subject_kind = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
    subject_id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    text = LongTextField(
        label=_("What is to be done?"),
        help_text=_("The unit reads this word for word."),
        limit=3000,
        rows=5,
        error_messages={"required": _("Write what is to be done.")},
    )
    due_on = DateField(label=_("Until when?"), help_text=_("For example 30 September 2027."))
    office_title = ShortTextField(
        label=_("Who in the unit answers for it?"),
        help_text=_("The office, not a person's name: Kepala Bidang Pelayanan."),
        limit=150,
        required=False,
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = OptionalSelect(
            label=_("Which unit?"), rows=units, empty=_("Choose a unit"), required=True
        )
        unmanned = {str(row.pk) for row in units if not getattr(row, "is_manned", True)}
        hint = _("nobody holds an office in the portal yet")
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (key, f"{label} ({hint})") if key in unmanned else (key, label)
            for key, label in self.fields["unit"].choices  # type: ignore[attr-defined]
        ]
        self.fields["unit"].error_messages["required"] = _("Choose the unit.")
        self.order_fields(["form_key", "subject_kind", "subject_id", "unit", "text", "due_on"])
        self.helper = PortalFormHelper(self, submit=_("Give the directive"))


class ProgressForm(ProofMixin):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    text = LongTextField(
        label=_("What was done?"),
        limit=3000,
        rows=4,
        error_messages={"required": _("Write what was done.")},
    )
    percent = PercentField(
        label=_("How far is it?"),
        help_text=_("From 0 to 100. Leave it empty when it cannot be measured."),
        required=False,
    )

    field_order = ("form_key", "kept", "text", "percent", "proof")

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"form_key": uuid4()}, **kwargs})
        self.helper = PortalFormHelper(self, action=action)
        self.helper.add_input(Submit("done", _("Report as done")))
        self.helper.add_input(Submit("progress", _("Report progress"), css_class="quiet"))


class ReasonForm(forms.Form):
    """A step that needs a word: return, withdraw, take a judgement back."""

    reason = LongTextField(label=_("Why?"), limit=1000, rows=3)

    def __init__(
        self, *args: Any, label: Any = "", button: Any = "", action: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["reason"].label = label
        self.helper = PortalFormHelper(self, action=action)
        self.helper.add_input(Submit("", button or _("Send"), css_class="quiet"))


class PromiseForm(Rewritable):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    promised_by = ShortTextField(
        label=_("Who promised it?"), help_text=_("The office: Wali Kota Kediri."), limit=120
    )
    text = LongTextField(
        label=_("What was promised?"),
        limit=1000,
        rows=4,
        error_messages={"required": _("Write what was promised.")},
    )
    said = PartialDateField(label=_("When?"), help_text=_("As far as it is known."))
    place = ShortTextField(label=_("Where?"), limit=200, required=False)
    due = PartialDateField(
        label=_("Until when?"),
        help_text=_("A day, a month or a year; leave it empty when nothing was said."),
        required=False,
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = OptionalSelect(
            label=_("Which unit answers for it?"), rows=units, empty=_("The whole government")
        )
        self.helper = PortalFormHelper(self, submit=_("Save the promise"))

    @classmethod
    def blank(cls, units: list[Unit], promised_by: str) -> "PromiseForm":
        start = {"form_key": uuid4(), "version": 0, "promised_by": promised_by}
        return cls(units=units, initial=start)

    @classmethod
    def showing(cls, promise: Promise, units: list[Unit]) -> "PromiseForm":
        return cls(
            units=units,
            initial={
                "form_key": promise.form_key,
                "version": promise.version,
                "promised_by": promise.promised_by,
                "text": promise.text,
                "said": promise.said,
                "place": promise.place,
                "due": promise.due,
                "unit": promise.unit_id,
            },
        )

    def facts(self) -> PromiseFacts:
        clean = self.cleaned_data
        names = ("promised_by", "text", "said", "place", "unit", "due")
        return PromiseFacts(**{name: clean[name] for name in names})


class PromiseCorrectionForm(PromiseForm):
    reason = LongTextField(
        label=_("Why is it corrected?"),
        help_text=_("What it said before stays readable, for the public too."),
        limit=500,
        rows=2,
        error_messages={"required": _("Write why the promise is corrected.")},
    )


class JudgeForm(ProofMixin):
    outcome = RadioField(
        label=_("Was the promise kept?"),
        choices=[("kept", _("It was kept")), ("broken", _("It was not kept"))],
    )
    on = DateField(label=_("Since when?"), help_text=_("The day on which one could see it."))
    proof_note = LongTextField(
        label=_("By what does one see it?"),
        help_text=_("Everybody may read this: no names."),
        limit=500,
        rows=3,
        error_messages={"required": _("Write by what one sees that it was kept or not.")},
    )

    field_order = ("kept", "outcome", "on", "proof_note", "proof")

    def __init__(self, *args: Any, action: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, action=action, submit=_("Save the judgement"))
