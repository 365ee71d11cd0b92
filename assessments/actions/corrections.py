"""Putting right what was recorded wrongly. Nothing is overwritten; every verb wants its reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.actions.declarations import take_step
from assessments.actions.signatures import withdraw_signature
from assessments.enums import DeclarationState
from assessments.guards import locked, refuse_others
from assessments.models import Declaration
from assessments.queries.declarations import signed_places
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def reopen_declaration(
    *, declaration: Declaration, reason: str, by: Membership, now: datetime
) -> Declaration:
    """A closed act is open again; zones that stood by it alone are committed until it closes."""
    return take_step(declaration=declaration, name="reopen", by=by, now=now, note=reason.strip())


@transaction.atomic
def change_text(
    *, declaration: Declaration, reason: str, by: Membership, now: datetime
) -> Declaration:
    """Back to draft although some have signed: each of their signatures is withdrawn for it.

    Whoever signed has signed these words; of other words everybody must be asked again.
    """
    refuse_others(by)
    row = locked(declaration.pk, by.government_id)
    if row.state != DeclarationState.OPEN:
        raise StepRefused(_("This declaration is not open for signing."))
    if not reason.strip():
        raise StepRefused(_("Say why the text is changed."))
    for place in signed_places(row):
        withdraw_signature(signatory=place, reason=reason, by=by, now=now)
    return take_step(declaration=row, name="return_to_draft", by=by, now=now, note=reason.strip())


@transaction.atomic
def discard_signed(
    *, declaration: Declaration, reason: str, by: Membership, now: datetime
) -> Declaration:
    """A draft that somebody has signed as it was: it and what was signed stay readable."""
    return take_step(declaration=declaration, name="discard", by=by, now=now, note=reason.strip())
