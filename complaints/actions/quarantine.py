"""What was put aside while the door was flooded goes on like any other once somebody has looked."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import Complaint
from complaints.permissions import may_take_step
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def release_from_quarantine(
    *, complaints: Iterable[Complaint], by: Membership, now: datetime
) -> list[Complaint]:
    """Those that were put aside and are not any more; what somebody else released stays as it is."""
    keys = [complaint.pk for complaint in complaints]
    rows = Complaint.objects.filter(pk__in=keys, is_quarantined=True).select_related("unit")
    locked = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not all(may_take_step(by, complaint) for complaint in locked):
        raise StepRefused(_("Only the coordinator releases what was put aside."))
    for complaint in locked:
        complaint.is_quarantined = False
        complaint.save(update_fields=["is_quarantined"])
        ledger.record("complaint.released", complaint, by=by, government_id=complaint.government_id)
    return locked
