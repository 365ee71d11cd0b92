"""Sign-in with NIP, e-mail or mobile number; a new password by mail."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm as AllauthChangePasswordForm,
    LoginForm as AllauthLoginForm,
    ReauthenticateForm as AllauthReauthenticateForm,
    ResetPasswordForm as AllauthResetPasswordForm,
    ResetPasswordKeyForm as AllauthResetPasswordKeyForm,
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["email"]
        field.label = _("E-mail address")
        field.widget.attrs["placeholder"] = ""
        field.error_messages["required"] = _("Enter your e-mail address.")

    def clean_email(self) -> str:
        address = self.cleaned_data["email"].casefold()
        rows = EmailAddress.objects.filter(
            email__iexact=address, verified=True, user__is_active=True
        ).select_related("user")
        self.users = [row.user for row in rows]
        return address


def say(field: forms.Field, label: Any, *, required: Any, help_text: Any = "") -> None:
    """Our words on one of allauth's boxes: the label stands above it, nothing inside."""
    field.label, field.help_text = label, help_text
    field.widget.attrs["placeholder"] = ""
    field.error_messages["required"] = required


def _say_new_passwords(form: forms.Form) -> None:
    say(
        form.fields["password1"],
        _("New password"),
        required=_("Choose a password with at least 10 characters."),
        help_text=_("At least 10 characters. Several words are easier to remember."),
    )
    say(
        form.fields["password2"],
        _("The same password again"),
        required=_("Type the new password a second time."),
    )


class ChangePasswordForm(AllauthChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        old = self.fields["oldpassword"]
        say(old, _("Present password"), required=_("Type your present password."))
        _say_new_passwords(self)


class ResetPasswordKeyForm(AllauthResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_passwords(self)


class ReauthenticateForm(AllauthReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        say(field, _("Your password"), required=_("Enter your password."))
