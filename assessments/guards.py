"""What every verb over acts asks first: is it the secretariat, is the row locked, is it a draft?"""

from django.utils.translation import gettext as _

from assessments.enums import DeclarationState
from assessments.models import Declaration
from assessments.permissions import can_manage_acts
from opd.models import Membership
from opd.transitions import StepRefused


def refuse_others(by: Membership) -> None:
    if not can_manage_acts(by):
        raise StepRefused(_("Only the ZI secretariat manages declarations and decrees."))


def locked_draft(pk: int, by: Membership) -> Declaration:
    """The locked row. Raises StepRefused when somebody else's, or no longer a draft."""
    refuse_others(by)
    row = locked(pk, by.government_id)
    if row.state != DeclarationState.DRAFT:
        raise StepRefused(_("This declaration is being signed or closed; only drafts are edited."))
    return row


def locked(pk: int, government_id: int) -> Declaration:
    return Declaration.objects.select_for_update(of=("self",), no_key=True).get(
        pk=pk, government_id=government_id
    )
