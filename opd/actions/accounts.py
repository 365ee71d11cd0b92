"""Accounts: password by one-time code, closing, second factor, identifiers, sessions."""

import hmac
import secrets
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from integrity_portal.core.crypto import keyed_hash
from opd import identifiers, letters, permissions, queries
from opd.enums import FactorRemoval, IdentifierKind
from opd.models import LoginIdentifier, Membership, ResetCode, User
from opd.transitions import StepRefused

# Without I, L, O, U, 0, 1: nothing that is misread or mistyped.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
CODE_LENGTH = 8
CODE_LIFE = timedelta(hours=24)
CODE_TRIES = 5


@transaction.atomic
def issue_reset_code(*, person: User, by: Membership, now: datetime, today: date) -> str:
    """A one-time code, shown to the administrator once. Codes issued before lose their power."""
    _manage(person, by, today)
    ResetCode.objects.filter(user=person, used_at=None, expires_at__gt=now).update(expires_at=now)
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    row = ResetCode.objects.create(
        user=person,
        code_hash=_code_hash(person.pk, code),
        issued_by=by,
        government_id=by.government_id,
        created_at=now,
        expires_at=now + CODE_LIFE,
    )
    ledger.record("reset_code.issued", row, by=by, codes={"person": person.pk})
    return code


@transaction.atomic
def reset_password(
    *, login: tuple[IdentifierKind, str] | None, code: str, password: str, now: datetime
) -> bool:
    """Set the password when identifier and code fit; False otherwise, whatever was wrong.

    An unknown identifier costs the same work as a wrong code. Raises ValidationError for a
    password that this person may not take; the code then stays good.
    """
    person = queries.person_with_login(*(login or (IdentifierKind.NIP, "")))
    user_id = person.pk if person else 0
    row = (
        ResetCode.objects.select_for_update(of=("self",), no_key=True)
        .filter(user_id=user_id, used_at=None, expires_at__gt=now, failures__lt=CODE_TRIES)
        .order_by("-pk")
        .first()
    )
    known = row.code_hash if row else _code_hash(0, "")
    fits = hmac.compare_digest(known, _code_hash(user_id, _plain(code)))
    if row is None or person is None or not person.is_active or not fits:
        ResetCode.objects.filter(pk=row.pk if row else 0).update(failures=F("failures") + 1)
        make_password(password)
        return False
    validate_password(password, person)
    row.used_at = now
    row.save(update_fields=["used_at"])
    _set_password(person, password)
    ledger.record("reset_code.used", row, by=None, government_id=row.government_id)
    return True


def _set_password(person: User, password: str) -> None:
    """Write a new password: every session of the person ends, whoever set it."""
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])


@transaction.atomic
def close_account(*, person: User, by: Membership, today: date) -> None:
    """No sign-in any more, from this moment; sessions end."""
    person = _manage(person, by, today)
    if not person.is_active:
        raise StepRefused(_("This account is already closed."))
    person.is_active = False
    person.session_version += 1
    person.save(update_fields=["is_active", "session_version"])
    ledger.record("account.closed", person, by=by)


@transaction.atomic
def reopen_account(*, person: User, by: Membership, today: date) -> None:
    person = _manage(person, by, today)
    if person.is_active:
        raise StepRefused(_("This account is already open."))
    person.is_active = True
    person.save(update_fields=["is_active"])
    ledger.record("account.reopened", person, by=by)


@transaction.atomic
def remove_second_factor(
    *, person: User, reason: str, by: Membership, now: datetime, today: date
) -> None:
    """Take away phone, keys and recovery codes; the person is told by mail where there is one."""
    offices = queries.deciding_offices([person.pk], today=today).get(person.pk, [])
    if not permissions.may_remove_second_factor(by, person, offices):
        raise PermissionDenied(_("Only the government's administrator removes a second factor."))
    person = _lock(person)
    removed, _counts = Authenticator.objects.filter(user=person).delete()
    if not removed:
        raise StepRefused(_("This person has no second factor."))
    person.session_version += 1
    person.save(update_fields=["session_version"])
    code = FactorRemoval(reason).value
    ledger.record("second_factor.removed", person, by=by, codes={"reason": code})
    if person.email:
        letters.post(
            to=person.email,
            subject=_("Your second sign-in step was removed"),
            body=_(
                "%(name)s, the administrator of %(government)s removed the second step of your "
                "sign-in. Reason given: %(reason)s. If you did not ask for this, tell the "
                "administrator at once."
            )
            % {
                "name": person.name,
                "government": by.government.official_name,
                "reason": FactorRemoval(reason).label,
            },
            kind="second_factor_removed",
            now=now,
            government=by.government,
        )


@transaction.atomic
def add_identifier(
    *, person: User, login: tuple[IdentifierKind, str], by: Membership, today: date
) -> LoginIdentifier:
    """A further NIP, e-mail or number to sign in with; a first e-mail also receives mails."""
    person = _manage(person, by, today)
    row = identifiers.write(person, *login)
    ledger.record("identifier.added", person, by=by, codes={"kind": row.kind})
    return row


@transaction.atomic
def remove_identifier(*, identifier: LoginIdentifier, by: Membership, today: date) -> None:
    person = _manage(identifier.user, by, today)
    others = person.identifiers.exclude(pk=identifier.pk)
    if not others.exists():
        raise StepRefused(_("This is the only way to sign in. Add another one first."))
    if identifier.kind == IdentifierKind.EMAIL:
        EmailAddress.objects.filter(user=person, email__iexact=identifier.value).delete()
        other = others.filter(kind=IdentifierKind.EMAIL).order_by("pk").first()
        person.email = other.value if other else ""
        person.save(update_fields=["email"])
        EmailAddress.objects.filter(user=person, email=person.email).update(primary=True)
    ledger.record("identifier.removed", person, by=by, codes={"kind": identifier.kind})
    identifier.delete()


@transaction.atomic
def rename_person(*, person: User, name: str, by: Membership, today: date) -> None:
    person = _manage(person, by, today)
    person.name = name
    person.save(update_fields=["name"])
    ledger.record("account.renamed", person, by=by)


@transaction.atomic
def end_sessions(*, person: User, by: Membership | None) -> User:
    """End all sessions of one's own account; the caller renews the one in hand."""
    person = _lock(person)
    person.session_version += 1
    person.save(update_fields=["session_version"])
    ledger.record("account.sessions_ended", person, by=by)
    return person


def _manage(person: User, by: Membership, today: date) -> User:
    """The person under lock, or PermissionDenied."""
    locked = _lock(person)
    offices = queries.deciding_offices([person.pk], today=today).get(person.pk, [])
    if not permissions.may_manage_account(by, locked, offices):
        raise PermissionDenied(
            _(
                "This account is managed elsewhere: the person also holds an office outside your scope."
            )
        )
    return locked


def _lock(person: User) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)


def _plain(code: str) -> str:
    """As people type it: small letters, spaces and dashes do not matter."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _code_hash(user_id: int, code: str) -> str:
    return keyed_hash("one_time_code", f"reset\x1f{user_id}\x1f{code}")
