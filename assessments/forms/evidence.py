"""A box for several files, and those that have already arrived."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.files import EVIDENCE
from integrity_portal.core.formatting import filesize_id
from integrity_portal.core.forms import FileField, PortalFileInput
from integrity_portal.core.models import StoredFile


class EvidenceInput(PortalFileInput):
    """Several at once; on a phone the browser offers the camera for pictures."""

    allow_multiple_selected = True


class EvidenceField(FileField):
    """Several uploads. What is in them is judged where they are stored, file by file."""

    def __init__(self, **kwargs: Any) -> None:
        widget = EvidenceInput(
            accept="image/jpeg,image/png,image/webp,application/pdf", max_bytes=EVIDENCE.max_bytes
        )
        super().__init__(**{"widget": widget, "required": False, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [upload for upload in data or [] if upload]


class ArrivedField(forms.MultipleChoiceField):
    """Files that are already with the portal: unticking one leaves it out."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "invalid_choice": _("A file is no longer there. Choose it again below.")
    }


def described(stored: StoredFile) -> str:
    return f"{stored.name} ({filesize_id(stored.size)})"
