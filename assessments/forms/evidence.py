"""A box for several files, and those that have already arrived."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.files import EVIDENCE
from integrity_portal.core.formatting import filesize_id
from integrity_portal.core.models import StoredFile
from integrity_portal.core.several_files import SeveralFilesField


class EvidenceField(SeveralFilesField):
    """Papers and photos."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            accept="image/jpeg,image/png,image/webp,application/pdf",
            max_bytes=EVIDENCE.max_bytes,
            **kwargs,
        )


class ArrivedField(forms.MultipleChoiceField):
    """Files that are already with the portal: unticking one leaves it out."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "invalid_choice": _("A file is no longer there. Choose it again below.")
    }


def described(stored: StoredFile) -> str:
    return f"{stored.name} ({filesize_id(stored.size)})"
