"""Sign-in with NIP, e-mail or mobile number; a new password by mail."""

from typing import Any

from allauth.account.forms import (
    LoginForm as AllauthLoginForm,
    ResetPasswordForm as AllauthResetPasswordForm,
)
from allauth.account.models import EmailAddress
from django import forms
from django.utils.translation import gettext_lazy as _


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A field of our own: allauth's would take no more than the internal user name's length.
        self.fields["login"] = forms.CharField(
            label=_("NIP, e-mail or mobile number"),
            max_length=120,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                    "autofocus": True,
                }
            ),
            error_messages={"required": _("Enter your NIP, e-mail or mobile number.")},
        )
        self.order_fields(["login", "password"])
        password = self.fields["password"]
        password.widget.attrs["placeholder"] = ""
        password.help_text = ""
        password.error_messages["required"] = _("Enter your password.")


class ResetPasswordForm(AllauthResetPasswordForm):
    """Only addresses that an administrator vouched for; the answer is the same for all others."""

    def clean_email(self) -> str:
        address = self.cleaned_data["email"].casefold()
        rows = EmailAddress.objects.filter(
            email__iexact=address, verified=True, user__is_active=True
        ).select_related("user")
        self.users = [row.user for row in rows]
        return address
