"""Forms of evidence: a document with its file or address, a verdict, an example, the register."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from crispy_forms.layout import Submit
from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from assessments.actions.evidence import EvidenceTexts, Source
from assessments.enums import DocumentFilter
from assessments.forms.workplans import VersionedForm, set_choices
from assessments.models import Evidence
from assessments.queries.evidence import LARGE
from integrity_portal.core.forms import (
    DateField,
    FileField,
    LongTextField,
    PortalFormHelper,
    SelectField,
    ShortTextField,
)
from integrity_portal.core.models import StoredFile

PAGES_HELP = _("For example 3 or 2-5; the viewer opens there.")


class TextsForm(VersionedForm):
    """What the document says about itself."""

    title = ShortTextField(label=_("What is it called?"), limit=200)
    number = ShortTextField(label=_("Document number"), limit=80, required=False)
    dated_on = DateField(
        label=_("Date of the document"),
        help_text=_("The day on the paper, not the day you send it: 5 January 2026."),
        required=False,
    )
    valid_from = DateField(label=_("Valid from"), required=False)
    valid_until = DateField(
        label=_("Valid until"),
        help_text=_("Leave it empty when it has no end. You are reminded before."),
        required=False,
    )
    note = LongTextField(label=_("Note"), limit=1000, rows=2, required=False)

    def texts(self) -> EvidenceTexts:
        names = ("title", "number", "dated_on", "valid_from", "valid_until", "note")
        return EvidenceTexts(**{name: self.cleaned_data[name] for name in names})


class EditForm(TextsForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Save"))

    @classmethod
    def showing(cls, row: Evidence) -> "EditForm":
        fields = ("title", "number", "dated_on", "valid_from", "valid_until", "note", "version")
        values = {name: getattr(row, name) for name in fields}
        return cls(initial={**values, "form_key": row.form_key})


class SourceFields(VersionedForm):
    """A file that stays when something else is refused, or an address."""

    kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=22)
    proof = FileField(
        label=_("File"),
        max_bytes=LARGE.max_bytes,
        help_text=_("PDF, JPEG, PNG or WebP, at most 50 MB."),
        required=False,
    )
    url = ShortTextField(
        label=_("Or a link"),
        help_text=_("Begins with https://. The portal notes when its content changes."),
        limit=1000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Sent in pieces before the form is, where the browser can: static/src/uploads.js.
        self.fields["proof"].widget.attrs.update(
            {
                "data-portal-resumable": reverse("assessments:evidence_upload_new"),
                "data-portal-sending": _("Sending: %s of %s. You can go on filling in the form."),
                "data-portal-waiting": _(
                    "The line is broken; it goes on by itself when it is back."
                ),
                "data-portal-arrived": _("Has arrived: %s"),
                "data-portal-failed": _("It did not arrive in pieces; it is sent with the form."),
            }
        )

    def remember(self, stored: StoredFile) -> None:
        self.overwrite(kept=stored.public_id)
        self.show_arrived(stored)

    def show_arrived(self, stored: StoredFile) -> None:
        # The bound field has taken its help along when the form was checked.
        self._bound_fields_cache.pop("proof", None)  # type: ignore[attr-defined]
        self.fields["proof"].help_text = _(
            "Has arrived: %(name)s. Choose another file only to replace it."
        ) % {"name": stored.name}

    def source(self, stored: StoredFile | None) -> Source:
        return Source(stored, self.cleaned_data["url"])

    def settle(self, stored: StoredFile | None) -> None:
        """One of both must be there, not both."""
        if "proof" in self.errors or "url" in self.errors:
            return
        if stored is None and not self.cleaned_data.get("url"):
            self.add_error("proof", _("Choose a file, or enter a link below."))
        elif stored is not None and self.cleaned_data.get("url"):
            self.add_error("url", _("Choose a file or enter a link, not both."))


class AddForm(TextsForm, SourceFields):
    """A new document; beside a question with the pages that matter there."""

    pages = ShortTextField(
        label=_("Pages that matter here"), help_text=PAGES_HELP, limit=60, required=False
    )
    field_order = ["proof", "url", "title", "pages", "number", "dated_on", "valid_from"]

    def __init__(self, *args: Any, at_question: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not at_question:
            del self.fields["pages"]
        self.fields["title"].required = False
        self.fields["title"].help_text = _("Empty: the name of the file.")
        self.helper = PortalFormHelper(self)
        self.helper.add_input(Submit("add", _("Add the document")))

    @classmethod
    def blank(cls, **options: Any) -> "AddForm":
        return cls(initial={"form_key": uuid4(), "version": 0}, **options)

    def settle(self, stored: StoredFile | None) -> None:
        super().settle(stored)
        if self.cleaned_data.get("title") or "title" in self.errors:
            return
        if stored is None:
            self.add_error("title", _("Write what the document is called."))
        else:
            self.cleaned_data["title"] = stored.name.rpartition(".")[0] or stored.name


class RevisionForm(SourceFields):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Save as a new revision"))

    @classmethod
    def blank(cls) -> "RevisionForm":
        return cls(initial={"form_key": uuid4(), "version": 0})


class ChooseForm(forms.Form):
    """A document that the unit already has."""

    evidence = SelectField(
        label=_("A document that your unit already has"),
        error_messages={"required": _("Choose a document from the list.")},
    )
    chosen_pages = ShortTextField(
        label=_("Pages that matter here"), help_text=PAGES_HELP, limit=60, required=False
    )

    def __init__(self, *args: Any, documents: Iterable[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.documents = list(documents)
        choices = [("", _("Choose a document")), *((row.pk, _named(row)) for row in self.documents)]
        set_choices(self, "evidence", choices)
        self.helper = PortalFormHelper(self)
        self.helper.add_input(Submit("choose", _("Use this document here"), css_class="quiet"))


def _named(row: Evidence) -> str:
    return f"{row.title} ({row.number})" if row.number else row.title


class VerdictForm(forms.Form):
    """About the revision that was on the screen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, max_value=2**31 - 1)
    note = LongTextField(
        label=_("Why, when you return it"),
        help_text=_("Without names: other units learn from it at this question."),
        limit=1000,
        rows=3,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, mark_optional=False)
        self.helper.add_input(Submit("accept", _("Accept")))
        self.helper.add_input(Submit("return", _("Return"), css_class="quiet"))


class ExampleForm(VersionedForm):
    """A copy without what is not meant for others."""

    kept = SourceFields.base_fields["kept"]
    proof = FileField(
        label=_("Redacted copy"),
        help_text=_("PDF, JPEG, PNG or WebP, at most 10 MB."),
        required=False,
    )
    looked = forms.BooleanField(
        label=_("I have looked: no names, NIP, NIK, addresses or signatures are left in it."),
        error_messages={"required": _("Look through the copy first, then tick this.")},
    )
    remember = SourceFields.remember
    show_arrived = SourceFields.show_arrived

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit=_("Release as an example"))

    @classmethod
    def blank(cls) -> "ExampleForm":
        return cls(initial={"form_key": uuid4(), "version": 0})

    def settle(self, stored: StoredFile | None) -> None:
        if stored is None and "proof" not in self.errors:
            self.add_error("proof", _("Choose the copy that others may see."))


class RegisterForm(forms.Form):
    """What the register shows; nothing that is chosen here can be wrong."""

    q = forms.CharField(label=_("Words, number or unit"), required=False, max_length=100)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", pgettext_lazy("filter", "all")), *DocumentFilter.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False, method="get", mark_optional=False)

    def chosen(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "").strip()
