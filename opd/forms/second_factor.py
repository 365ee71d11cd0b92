"""allauth's forms of the second step, in the portal's words."""

from typing import Any

from allauth.mfa.base.forms import (
    AuthenticateForm as AllauthAuthenticateForm,
    ReauthenticateForm as AllauthReauthenticateForm,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm as AllauthAddWebAuthnForm,
    EditWebAuthnForm as AllauthEditWebAuthnForm,
)
from django.utils.translation import gettext_lazy as _

from opd.forms.login import say

CODE_MISSING = _("Type the code that your app shows, or a recovery code.")


class AuthenticateForm(AllauthAuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["code"], _("Code"), required=CODE_MISSING)

    @property
    def has_app(self) -> bool:
        return is_mfa_enabled(self.user, [Authenticator.Type.TOTP])

    @property
    def has_passkey(self) -> bool:
        return is_mfa_enabled(self.user, [Authenticator.Type.WEBAUTHN])


class ReauthenticateForm(AllauthReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["code"], _("Code"), required=CODE_MISSING)


class ActivateTOTPForm(AllauthActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missing = _("Type the six digits that the app shows.")
        say(self.fields["code"], _("Code from the app"), required=missing)


class AddWebAuthnForm(AllauthAddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["name"]
        say(field, _("Name of the key"), required="", help_text=_("As you call it: office phone."))
        say(
            self.fields["passwordless"],
            _("Also sign in with this key alone"),
            required="",
            help_text=_("Without typing the password; the key asks for finger, face or PIN."),
        )


class EditWebAuthnForm(AllauthEditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["name"], _("Name of the key"), required=_("Write a name for the key."))
