"""Forms around a signature."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessments.forms.fields import PartialDateField
from assessments.pdf_signatures import holds_signature
from integrity_portal.core.files import FileRefused
from integrity_portal.core.forms import (
    DateField,
    FileField,
    LongTextField,
    PortalFormHelper,
    ShortTextField,
)


class WetSignatureForm(forms.Form):
    signed = PartialDateField(label=_("Signed on"))
    scan = FileField(
        label=_("Scan of the signed page"),
        kinds=_("PDF, JPEG, PNG or WebP"),
        required=False,
        help_text="",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed"].latest = today  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=_("Record the signature"))


class CertifiedSignatureForm(forms.Form):
    signed = DateField(label=_("Signed on"))
    pdf = FileField(label=_("The signed PDF"), accept=".pdf", kinds=_("PDF"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["signed"].latest = today  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=_("Record the certified signature"))

    def clean_pdf(self) -> Any:
        upload = self.cleaned_data["pdf"]
        try:
            is_signed = holds_signature(upload)
        except FileRefused as refused:
            raise ValidationError(str(refused)) from refused
        if not is_signed:
            raise ValidationError(
                _(
                    "This PDF holds no electronic signature. Send the file as the signing "
                    "application saved it, not a print or a scan of it."
                )
            )
        return upload


class ScanForm(forms.Form):
    scan = FileField(label=_("Scan of the signed page"), kinds=_("PDF, JPEG, PNG or WebP"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("Save the scan"))


class WithdrawForm(forms.Form):
    reason = LongTextField(
        label=_("Why is the signature withdrawn?"),
        limit=400,
        rows=3,
        error_messages={"required": _("Say why the signature is withdrawn.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("Withdraw the signature"))


class SignForm(forms.Form):
    """`text_sha256` says which text the person had on screen."""

    text_sha256 = ShortTextField(limit=64, widget=forms.HiddenInput())
    read = forms.BooleanField(
        label=_("I have read the text above and sign it."),
        error_messages={"required": _("Tick that you have read the text, then sign.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=_("Sign in the portal"))
