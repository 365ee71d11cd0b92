"""Writing what people sign in with."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from opd.enums import IdentifierKind
from opd.models import LoginIdentifier, User
from opd.nip import may_be_nip
from opd.transitions import StepRefused


def check(kind: IdentifierKind, value: str) -> None:
    """Before something new is written down to sign in with; raises StepRefused."""
    if kind == IdentifierKind.NIP and not may_be_nip(value):
        raise StepRefused(
            _(
                "This NIP cannot be right: it begins with the day of birth and the year and month "
                "of appointment, then 1 or 2. Check the digits."
            )
        )


def write(person: User, kind: IdentifierKind, value: str) -> LoginIdentifier:
    """An administrator vouches for it: e-mails are verified by that."""
    check(kind, value)
    try:
        with transaction.atomic():
            row = LoginIdentifier.objects.create(user=person, kind=kind, value=value)
    except IntegrityError as error:
        if "where he assesses" in str(error):
            raise StepRefused(
                _(
                    "The list of employees has this NIP in a unit that this person assesses for "
                    "the TPI. Release him on the TPI page first, or check the NIP."
                )
            ) from error
        raise StepRefused(_("Another account already signs in with this.")) from error
    if kind == IdentifierKind.EMAIL:
        first = not EmailAddress.objects.filter(user=person).exists()
        EmailAddress.objects.update_or_create(
            user=person, email=value, defaults={"verified": True, "primary": first}
        )
        if first:
            person.email = value
            person.save(update_fields=["email"])
    return row
