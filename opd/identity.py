"""Signing in with NIP, e-mail or phone; allauth's adapters."""

import re
from typing import Any, ClassVar

import phonenumbers
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrity_portal.core import crypto, ledger
from opd import letters
from opd.enums import IdentifierKind
from opd.models import LoginIdentifier, User

LONGEST = 120  # LoginIdentifier.value
_SEPARATORS = re.compile(r"[\s.\-()\u00a0\u2010-\u2015/]+")


def normalise(text: str) -> tuple[IdentifierKind, str] | None:
    """(kind, value) as stored in LoginIdentifier, or None when it is none of the three.

    A NIP has 18 digits, a phone number is stored as E.164 (+62…), an e-mail in lower case.
    """
    text = text.strip()
    if "@" in text:
        value = text.casefold()
        try:
            validate_email(value)
        except ValidationError:
            return None
        return (IdentifierKind.EMAIL, value) if len(value) <= LONGEST else None
    compact = _SEPARATORS.sub("", text)
    if re.fullmatch(r"[0-9]{18}", compact):
        return IdentifierKind.NIP, compact
    if re.fullmatch(r"\+?[0-9]{8,15}", compact):
        return _phone(compact)
    return None


def _phone(compact: str) -> tuple[IdentifierKind, str] | None:
    if compact.startswith("62"):
        compact = f"+{compact}"
    try:
        number = phonenumbers.parse(compact, "ID")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return (
        IdentifierKind.PHONE,
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
    )


class LoginIdentifierBackend(ModelBackend):
    """Authenticates by any of the person's identifiers; wrong ones take the same time."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        found = normalise(username)
        identifier = (
            LoginIdentifier.objects.select_related("user")
            .filter(kind=found[0], value=found[1])
            .first()
            if found
            else None
        )
        if identifier is None:
            User().set_password(password)
            return None
        user = identifier.user
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up, tries counted per person, mails through the outbox."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "invalid_login": _("Identifier or password is wrong. Check both and try again."),
        "username_password_mismatch": _(
            "Identifier or password is wrong. Check both and try again."
        ),
        "too_many_login_attempts": _(
            "Too many wrong tries. Wait five minutes, then try again. "
            "If you have set up a passkey, you can sign in with it at once."
        ),
        "incorrect_password": _("The password is wrong. Try again."),
        "enter_current_password": _("Type your present password."),
        "account_inactive": _("This account is closed. Ask your administrator."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_user_display(self, user: User) -> str:
        return user.name

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One counter per identifier, however it is typed: 0812…, +62 812-…"""
        typed = credentials.get("username", "")
        found = normalise(typed)
        return f"{found[0]}:{found[1]}" if found else typed.casefold()

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """The other ways to confirm, in our words."""
        said = {
            "reauthenticate": _("With the password"),
            "mfa_reauthenticate": _("With the authenticator app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("With the passkey or security key"),
        }
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [{**way, "description": said[way["id"]]} for way in ways]

    def reauthenticate(self, user: User, password: str) -> bool:
        """By the account in hand: its internal user name is nobody's identifier."""
        self.pre_authenticate(self.request, username=f"user-{user.pk}")
        fits = bool(user.is_active and user.check_password(password))
        if fits:
            self._rollback_login_failed_rl_usage()
        return fits

    def set_password(self, user: User, password: str) -> None:
        """A new password ends every other session, because the sessions' check value changes."""
        with transaction.atomic():
            user.set_password(password)
            user.must_change_password = False
            user.save(update_fields=["password", "must_change_password"])
            ledger.record("account.password_changed", user, by=None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox: the answer is as quick for an address that is not known."""
        message = self.render_mail(template_prefix, email, {"email": email, **context})
        letters.post(
            to=email,
            subject=str(message.subject),
            body=str(message.body),
            kind=template_prefix.rsplit("/", 1)[-1],
            now=timezone.now(),
            government=None,
        )

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """Plain text only."""
        subject = render_to_string(f"{template_prefix}_subject.txt", context)
        body = render_to_string(f"{template_prefix}_message.txt", context)
        return EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[email])


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is wrong or too old. Type the newest one."),
    }

    def _get_site_name(self) -> str:
        return str(_("Integrity Portal"))

    def get_totp_label(self, user: User) -> str:
        return user.name

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        """The phone lists its passkeys by this name; the internal user name says nobody anything."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": user.name, "display_name": user.name}

    def encrypt(self, text: str) -> str:
        """Secrets of phones and recovery codes are of no use to who only has the database."""
        return crypto.seal(text, table="mfa_authenticator", column="data", row="")

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.open_sealed(encrypted_text, table="mfa_authenticator", column="data", row="")
