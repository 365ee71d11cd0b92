"""Which document does the person ask for?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.documents.registry import DocumentKind
from integrity_portal.core.forms import PortalFormHelper, RadioField


class RequestForm(forms.Form):
    """`offers` are the kinds and variants that this person may ask for."""

    wanted = RadioField(
        label=_("Which document?"),
        error_messages={
            "required": _("Choose the document you want."),
            "invalid_choice": _("Choose one of the documents in the list."),
        },
    )

    def __init__(self, *args: Any, offers: list[tuple[DocumentKind, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["wanted"]
        field.choices = [  # type: ignore[attr-defined]
            (f"{kind.name}:{variant}", f"{kind.label}: {kind.variant_label(variant)}")
            for kind, variant in offers
        ]
        if len(offers) == 1:
            field.initial = field.choices[0][0]  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, submit=_("Make the document"))

    def choice(self) -> tuple[str, str]:
        kind, _colon, variant = self.cleaned_data["wanted"].partition(":")
        return kind, variant
