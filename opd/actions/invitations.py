"""Invitations: a link that makes an account, or adds an office to an account that agrees."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from opd import identifiers, invitation_links, letters, offices, permissions, queries
from opd.enums import IdentifierKind
from opd.models import Government, Invitation, Membership, User
from opd.transitions import StepRefused

LIFE = timedelta(days=7)


@dataclass(frozen=True)
class Made:
    """The link is known here once; the database keeps the hash of its token."""

    invitation: Invitation
    link: str


@transaction.atomic
def invite(
    *,
    name: str,
    login: tuple[IdentifierKind, str],
    office: offices.Office,
    by: Membership,
    now: datetime,
    today: date,
    link: Callable[[str], str],
) -> Made:
    """A new link replaces an open one for the same person and office.

    `link` makes the address from the token; an invited e-mail address receives it.
    """
    kind, value = login
    _check_offer(office, login, by, today)
    government = _withdraw_open(office, login, by, now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        token_hash=invitation_links.token_hash(token),
        government=government,
        name=name,
        identifier_kind=kind,
        identifier_value=value,
        invited_by=by,
        created_at=now,
        expires_at=now + LIFE,
        **_offered(office),
    )
    ledger.record(
        "invitation.made",
        invitation,
        by=by,
        codes={"role": office.role, "unit": office.unit.pk if office.unit else None},
    )
    made = Made(invitation, link(token))
    if kind == IdentifierKind.EMAIL:
        _mail(made, now)
    return made


def _check_offer(
    office: offices.Office, login: tuple[IdentifierKind, str], by: Membership, today: date
) -> None:
    """The office may be given, to whoever signs in like this, and he is not the giver."""
    kind, value = login
    known = queries.person_with_login(kind, value)
    if known is None:
        identifiers.check(kind, value)
    offices.check(office, by=by, person=known, today=today)
    if known is not None and known.pk == by.user_id:
        raise PermissionDenied(_("Nobody gives an office to himself. Ask another administrator."))


def _withdraw_open(
    office: offices.Office, login: tuple[IdentifierKind, str], by: Membership, now: datetime
) -> Government:
    """One invitation at a time per government: the same click twice leaves one open link."""
    government = Government.objects.select_for_update(of=("self",), no_key=True).get(
        pk=by.government_id
    )
    kind, value = login
    queries.open_invitation_for(
        government, kind, value, role=office.role, unit=office.unit, now=now
    ).update(withdrawn_at=now)
    return government


def _offered(office: offices.Office) -> dict[str, Any]:
    """The columns of an invitation that say which office accepting gives."""
    return {
        "unit": office.unit,
        "role": office.role,
        "title": office.title,
        "office_status": office.office_status,
        "valid_from": office.valid_from,
        "valid_to": office.valid_to,
        "acts_below": office.acts_below,
    }


def _mail(made: Made, now: datetime) -> None:
    invitation = made.invitation
    government = invitation.government
    letters.post(
        to=invitation.identifier_value,
        subject=_("Invitation to the Integrity Portal of %(government)s")
        % {"government": government.official_name},
        body=_(
            "%(name)s,\n\n%(government)s invites you to the Integrity Portal as %(title)s.\n"
            "Open this link within seven days and choose a password:\n\n%(link)s\n\n"
            "The link works once. If you did not expect it, ignore this mail."
        )
        % {
            "name": invitation.name,
            "government": government.official_name,
            "title": invitation.title,
            "link": made.link,
        },
        kind="invitation",
        now=now,
        government=government,
    )


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Membership, now: datetime) -> None:
    row = _locked(invitation)
    if not permissions.may_grant(by, row.role, row.unit) or row.government_id != by.government_id:
        raise PermissionDenied(_("You may not withdraw this invitation."))
    if row.accepted_at is not None:
        raise StepRefused(_("The invitation was already accepted. End the office instead."))
    if row.withdrawn_at is not None:
        raise StepRefused(_("The invitation was already withdrawn."))
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    ledger.record("invitation.withdrawn", row, by=by)


@transaction.atomic
def accept_as_new(*, invitation: Invitation, password: str, now: datetime) -> User:
    """Make the account with its identifier and office. Raises ValidationError, StepRefused."""
    row = _acceptable(invitation, now)
    kind = IdentifierKind(row.identifier_kind)
    if queries.person_with_login(kind, row.identifier_value) is not None:
        raise StepRefused(_("There is already an account for this. Sign in to accept."))
    person = User(name=row.name)
    person.set_unusable_password()
    person.save()
    identifiers.write(person, kind, row.identifier_value)
    # With the invited identifier on record it counts as the person's own.
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    _take_office(row, person, now)
    return person


@transaction.atomic
def accept_as(*, invitation: Invitation, person: User, now: datetime) -> Membership:
    """Add the office to the account that signs in with the invited identifier."""
    row = _acceptable(invitation, now)
    kind = IdentifierKind(row.identifier_kind)
    known = queries.person_with_login(kind, row.identifier_value)
    if known is None or known.pk != person.pk:
        raise StepRefused(_("This invitation is for another account. Sign out first."))
    return _take_office(row, person, now)


def _take_office(row: Invitation, person: User, now: datetime) -> Membership:
    office = offices.Office(
        role=row.role,
        unit=row.unit,
        title=row.title,
        office_status=row.office_status,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        acts_below=row.acts_below,
    )
    # What happened since the invitation counts: a TPI task, a unit that was closed.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    today = timezone.localdate(now, ZoneInfo(row.government.time_zone))
    try:
        offices.check(office, by=row.invited_by, person=person, today=today)
    except PermissionDenied as error:
        raise StepRefused(
            _("Whoever invited you no longer gives this office. Ask for a new link.")
        ) from error
    membership = offices.write(office, person=person, government_id=row.government_id)
    ledger.record("membership.given", membership, by=membership, codes=offices.codes(membership))
    row.accepted_at = now
    row.save(update_fields=["accepted_at"])
    ledger.record("invitation.accepted", row, by=membership)
    return membership


def _acceptable(invitation: Invitation, now: datetime) -> Invitation:
    row = _locked(invitation)
    reason = invitation_links.missing_to_accept(row, now)
    if reason:
        raise StepRefused(reason)
    return row


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related(
        "unit", "government", "invited_by__user", "invited_by__government"
    ).get(pk=invitation.pk)
