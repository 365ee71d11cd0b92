"""Following somebody else's report instead of filing again, and the title that lets people find it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.codes import code_hash
from complaints.models import Complaint, Follower
from complaints.models.complaints import TITLE_LIMIT
from complaints.permissions import may_take_step
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def follow_complaint(
    *, complaint: Complaint, code: str, contact: str = "", now: datetime
) -> Follower:
    """Once per code, whatever the number of sends. Raises StepRefused when nothing was released."""
    locked = Complaint.objects.select_for_update(no_key=True).get(pk=complaint.pk)
    hashed = code_hash(code)
    known = Follower.objects.filter(code_hash=hashed, complaint=locked).first()
    if known is not None:
        return known
    if not locked.public_title or locked.erased_at:
        raise StepRefused(_("This report cannot be followed any more. Send your own."))
    follower = Follower(
        complaint=locked,
        government_id=locked.government_id,
        code_hash=hashed,
        followed_at=now,
    )
    follower.seal(contact)
    follower.save(force_insert=True)
    ledger.record(
        "complaint.followed",
        follower,
        by=None,
        government_id=locked.government_id,
        codes={"complaint": locked.pk},
    )
    return follower


@transaction.atomic
def set_public_title(
    *, complaint: Complaint, by: Membership, title: str, now: datetime
) -> Complaint:
    """What other citizens may read of it; empty takes it back from those who search."""
    locked = Complaint.objects.select_for_update(no_key=True, of=("self",)).get(pk=complaint.pk)
    if not may_take_step(by, locked):
        raise StepRefused(_("Only the coordinator and the handling unit write this title."))
    locked.public_title = title[:TITLE_LIMIT]
    locked.save(update_fields=["public_title"])
    codes = {"shown": bool(title)}
    ledger.record(
        "complaint.titled", locked, by=by, government_id=locked.government_id, codes=codes
    )
    return locked
