"""Choosing a password on public pages: by invitation, by one-time code."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.forms import PortalFormHelper
from opd.identity import normalise


class PasswordsForm(forms.Form):
    """A new password, twice."""

    password1 = forms.CharField(
        label=_("New password"),
        help_text=_("At least 10 characters. Several words are easier to remember."),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password with at least 10 characters.")},
    )
    password2 = forms.CharField(
        label=_("The same password again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Type the new password a second time.")},
    )
    submit_label: Any = _("Save the password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=self.submit_label)

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ. Type the same one twice."))
        return data


class JoinForm(PasswordsForm):
    submit_label = _("Make my account")


class ResetForm(PasswordsForm):
    """Identifier and one-time code from the administrator, and a new password."""

    identifier = forms.CharField(
        label=_("NIP, e-mail or mobile number"),
        max_length=120,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter your NIP, e-mail or mobile number.")},
    )
    code = forms.CharField(
        label=_("One-time code"),
        help_text=_("Eight letters and digits from your administrator."),
        max_length=30,
        widget=forms.TextInput(
            attrs={
                "class": "short",
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Enter the one-time code from your administrator.")},
    )
    field_order = ["identifier", "code", "password1", "password2"]

    def login(self) -> Any:
        return normalise(self.cleaned_data["identifier"])

    def refuse(self) -> None:
        """The same sentence for an unknown identifier, a wrong and an old code."""
        self.add_error(
            None,
            ValidationError(
                _(
                    "Identifier and code do not fit, or the code is used or too old. "
                    "Check both, or ask your administrator for a new code."
                )
            ),
        )
