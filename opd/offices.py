"""An office as it is given: what it consists of, whether it may be given, how it is written.

Used by the actions that give offices: directly, by invitation, to a substitute.
"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from opd import permissions, queries
from opd.enums import GOVERNMENT_ROLES, UNIT_ROLES, Role
from opd.models import Membership, Unit, User
from opd.transitions import StepRefused

# What the database says of an assessor who would get an office where he assesses.
ASSESSOR_TRIGGER = "nobody holds an office where he assesses"


@dataclass(frozen=True)
class Office:
    """What an office consists of, before somebody holds it."""

    role: str
    unit: Unit | None
    title: str
    office_status: str
    valid_from: date
    valid_to: date | None = None
    acts_below: bool = False


def check(office: Office, *, by: Membership, person: User | None, today: date) -> None:
    """Raises PermissionDenied or StepRefused when `by` may not give this office or it is wrong.

    `person` is who is to hold it; None while he has no account yet.
    """
    if not permissions.may_grant(by, office.role, office.unit):
        raise PermissionDenied(_("You may not give this role in this unit."))
    wrong = wrong_place(office.role, office.unit)
    if wrong:
        raise StepRefused(wrong)
    if office.valid_to is not None and office.valid_to < office.valid_from:
        raise StepRefused(_("The last day lies before the first day."))
    if office.role == Role.TPN_REVIEWER and office.valid_to is None:
        raise StepRefused(_("A TPN reviewer needs a last day."))
    if office.unit is not None and office.unit.active_to and office.unit.active_to < today:
        raise StepRefused(_("This unit was closed. Choose the unit that took over."))
    if person is not None:
        seats = Unit.objects.filter(government_id=by.government_id).seats_of(office.role)
        _refuse_assessor([office.unit] if office.unit else list(seats), person, today)


def wrong_place(role: str, unit: Unit | None) -> str:
    """Why this role cannot stand there: in a unit, or without one; empty when it can."""
    if role in UNIT_ROLES and unit is None:
        return _("This role belongs to a unit: choose the unit.")
    if role in GOVERNMENT_ROLES and unit is not None:
        return _("This role is for the whole government: do not choose a unit.")
    return ""


def _refuse_assessor(units: list[Unit], person: User, today: date) -> None:
    """Nobody assesses his own unit: neither is the assessor placed in it, above or below it."""
    task = queries.tpi_in_branch(person.pk, units, today=today)
    if task is not None:
        raise StepRefused(
            _(
                "This office cannot be given: its holder assesses “%(unit)s” as a member of the "
                "TPI in %(year)s, and nobody assesses his own unit. Have that task released on "
                "the TPI page first, or choose another person."
            )
            % {"unit": task.unit, "year": task.year}
        )


def write(
    office: Office, *, person: User, government_id: int, substitutes_for: Membership | None = None
) -> Membership:
    """The row; the calling verb has checked who may, and records it with `codes`."""
    membership = Membership(
        user=person,
        government_id=government_id,
        unit=office.unit,
        role=office.role,
        title=office.title,
        office_status=office.office_status,
        valid_from=office.valid_from,
        valid_to=office.valid_to,
        acts_below=office.acts_below,
        substitutes_for=substitutes_for,
    )
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError as error:
        if ASSESSOR_TRIGGER in str(error):
            raise StepRefused(
                _("The holder of this office assesses this unit as a member of the TPI.")
            ) from error
        raise StepRefused(_("This person already has this role from that day.")) from error
    return membership


def codes(membership: Membership) -> dict[str, ledger.Code]:
    """What the ledger says about an office."""
    return {
        "person": membership.user_id,
        "role": membership.role,
        "unit": membership.unit_id,
        "status": membership.office_status,
        "from": membership.valid_from.isoformat(),
        "to": membership.valid_to.isoformat() if membership.valid_to else None,
        "for": membership.substitutes_for_id,
    }
