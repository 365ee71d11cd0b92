"""Signing in with NIP, e-mail or phone; allauth's adapters."""

import re
from typing import Any

import phonenumbers
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext as _

from opd.enums import IdentifierKind
from opd.models import LoginIdentifier, User

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
        return IdentifierKind.EMAIL, value
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
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_user_display(self, user: User) -> str:
        return user.name


class SecondFactorAdapter(DefaultMFAAdapter):
    def _get_site_name(self) -> str:
        return str(_("Integrity Portal"))

    def get_totp_label(self, user: User) -> str:
        return user.name
