"""Many files at once: the box that takes them, and the preview with a line for each."""

import re
from collections.abc import Collection, Sequence
from typing import Any
from uuid import uuid4

from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from assessments.forms.evidence import EvidenceField
from assessments.forms.workplans import VersionedForm
from assessments.queries.evidence_bulk import PreviewRow
from integrity_portal.core.archives import MEGABYTE
from integrity_portal.core.forms import FileField, PortalFormHelper, ShortTextField

ZIP_BYTES = 200 * MEGABYTE
TYPED = re.compile(r"[\s,;]+")


class FolderInput(forms.FileInput):
    """A whole folder where the browser can; several files elsewhere."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__({"webkitdirectory": True, "data-portal-folder": ""})


class FolderField(EvidenceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=FolderInput(), **kwargs)


class BulkForm(forms.Form):
    """Files, a folder or a ZIP; one of them is enough."""

    files = EvidenceField(  # type: ignore[assignment]
        label=gettext_lazy("Several files"),
        help_text=gettext_lazy("PDF, JPEG, PNG or WebP, at most 10 MB each and 100 at once."),
    )
    folder = FolderField(label=gettext_lazy("Or a folder"))
    archive = FileField(
        label=gettext_lazy("Or a ZIP"),
        accept=".zip,application/zip",
        max_bytes=ZIP_BYTES,
        help_text=gettext_lazy("At most 100 files inside, without a password."),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, mark_optional=False)
        self.helper.add_input(Submit("look", gettext_lazy("See what goes where")))

    def uploads(self) -> list[Any]:
        every = [*(self.cleaned_data.get("files") or []), *(self.cleaned_data.get("folder") or [])]
        # A folder carries what systems put beside the files of people.
        return [one for one in every if not str(one.name).startswith((".", "~$", "Thumbs.db"))]


class RowForm(forms.Form):
    """One line of the preview."""

    stored = forms.CharField(widget=forms.HiddenInput, max_length=22)
    path = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)
    codes = forms.CharField(
        label=gettext_lazy("Questions"),
        required=False,
        max_length=200,
        widget=forms.TextInput(
            attrs={"class": "form-control", "list": "codes", "autocomplete": "off"}
        ),
    )
    title = ShortTextField(label=gettext_lazy("What is it called?"), limit=200, required=False)

    def __init__(self, *args: Any, every: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.every = {code.lower(): code for code in every}
        self.fields["title"].widget.attrs["class"] = "form-control"

    def clean_codes(self) -> tuple[str, ...]:
        """Whole codes as the instrument writes them; empty leaves the file out."""
        typed = [word for word in TYPED.split(self.cleaned_data["codes"]) if word]
        unknown = [word for word in typed if word.lower() not in self.every]
        if unknown:
            sentence = _("There is no question %(code)s. Write it as in A.I.1.ii.b.")
            raise forms.ValidationError(sentence % {"code": unknown[0]})
        return tuple(dict.fromkeys(self.every[word.lower()] for word in typed))


class PreviewForm(VersionedForm):
    """Carries the key of the batch and how many lines there are."""

    count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=100)

    @classmethod
    def blank(cls, count: int) -> "PreviewForm":
        return cls(initial={"form_key": uuid4(), "version": 0, "count": count})


def showing(rows: Sequence[PreviewRow], every: Collection[str]) -> list[RowForm]:
    return [
        RowForm(
            prefix=f"row{number}",
            every=every,
            initial={
                "stored": row.stored.public_id,
                "path": row.path,
                "codes": ", ".join(row.codes),
                "title": row.title,
            },
        )
        for number, row in enumerate(rows)
    ]


def bound(data: Any, count: int, every: Collection[str]) -> list[RowForm]:
    return [RowForm(data, prefix=f"row{number}", every=every) for number in range(count)]
