"""Many files at once: the box that takes them, and the preview with a line for each."""

import re
from collections.abc import Collection, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as _, gettext_lazy

from assessments.forms.evidence import EvidenceField
from assessments.forms.workplans import VersionedForm
from assessments.queries.evidence import ARCHIVE, LARGE
from assessments.queries.evidence_bulk import MOST, PreviewRow
from integrity_portal.core.files import EVIDENCE
from integrity_portal.core.forms import FileField, PortalFormHelper, ShortTextField

LITTER = (".", "~$", "Thumbs.db")
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
        help_text=gettext_lazy("PDF, JPEG, PNG or WebP."),
    )
    folder = FolderField(
        label=gettext_lazy("Or a folder"),
        help_text=gettext_lazy("Folders inside it come along."),
    )
    archive = FileField(
        label=gettext_lazy("Or a ZIP"),
        accept=".zip,application/zip",
        max_bytes=ARCHIVE.max_bytes,
        help_text=format_lazy(
            gettext_lazy("At most {most} files inside, without a password."), most=MOST
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, mark_optional=False, form_tag=False)

    def uploads(self) -> list[tuple[Any, str]]:
        """What came with the form itself, with its path; a plain form only knows names."""
        files = self.cleaned_data.get("files") or []
        said = self._several("plain_path")
        paths = said if len(said) == len(files) else [str(one.name) for one in files]
        folder = [(one, str(one.name)) for one in self.cleaned_data.get("folder") or []]
        every = [*zip(files, paths, strict=True), *folder]
        # A folder carries what systems put beside the files of people.
        return [(one, path) for one, path in every if not str(one.name).startswith(LITTER)]

    def arrived(self) -> list[tuple[str, str]]:
        """Names under which files came before the form, with their paths."""
        kept, paths = self._several("kept"), self._several("path")
        return list(zip(kept, paths, strict=True)) if len(kept) == len(paths) else []

    def _several(self, name: str) -> list[str]:
        """Hidden fields that the page adds, one for each file."""
        data: Any = self.data
        return [str(value) for value in data.getlist(name)]

    @staticmethod
    def sending() -> dict[str, Any]:
        """How the page sends the files by itself, and what it says: static/src/many.js."""
        return {
            "many": reverse("assessments:evidence_upload_new"),
            "most": MOST,
            "most-each": LARGE.max_bytes,
            "most-zip": ARCHIVE.max_bytes,
            "progress": _("%s of %s files have arrived: %s of %s."),
            "waiting": _("The line is broken; it goes on by itself when it is back."),
            "soon": _("The next page comes by itself once all have arrived."),
            "ready": _("You can see now what goes where."),
            "too-many": _(
                "At most %s files at once; it would be %s. What you chose last was not taken: "
                "choose fewer, and the rest afterwards."
            ),
            "big": _("larger than %s. Make it smaller or split it."),
            "kind": EVIDENCE.other,
            "failed": _("did not arrive in pieces; it is sent with the form."),
        }


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

    count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST)

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
