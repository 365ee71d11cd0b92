"""Passwords that everybody guesses: one's own NIP, number, address or name. Knows no request."""

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from opd.models import LoginIdentifier, User

# As Django measures it; what is left beside one's own words must be this long.
SIMILAR = 0.7
REST = 6
_SIGNS = re.compile(r"[\W_]+")


def resembles(password: str, *, name: str, logins: Iterable[str]) -> bool:
    """Whether the password is, but for a few signs, the name or something to sign in with."""
    plain = _plain(password)
    own = {*_of_name(name), *(word for login in logins for word in _of_login(login))}
    rest = plain
    for word in sorted(own, key=len, reverse=True):
        if SequenceMatcher(a=plain, b=word).ratio() >= SIMILAR:
            return True
        rest = rest.replace(word, "")
    return len(rest) < min(REST, len(plain))


def _plain(text: str) -> str:
    return _SIGNS.sub("", text.casefold())


def _of_name(name: str) -> Iterator[str]:
    yield from (word for word in (_plain(part) for part in name.split()) if len(word) > 2)
    if whole := _plain(name):
        yield whole


def _of_login(login: str) -> Iterator[str]:
    """A number also as 0812… and 812…, an address also without its host, a NIP's day of birth."""
    yield _plain(login)
    if login.startswith("+62"):
        yield from (f"0{login[3:]}", login[3:])
    elif "@" in login:
        yield from (word for word in [_plain(login.split("@")[0])] if len(word) > 2)
    elif len(login) == 18:
        yield login[:8]


class OwnWordsValidator:
    """For AUTH_PASSWORD_VALIDATORS; Django's own does not know what people sign in with."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        rows = LoginIdentifier.objects.filter(user_id=user.pk) if user.pk else None
        logins = list(rows.values_list("value", flat=True)) if rows is not None else []
        if resembles(password, name=user.name, logins=[*logins, user.email]):
            raise ValidationError(
                _(
                    "This password resembles your name or what you sign in with. "
                    "Choose one that nobody can guess from them."
                ),
                code="own_words",
            )

    def get_help_text(self) -> str:
        return _("Not your name, NIP, number or e-mail address.")
