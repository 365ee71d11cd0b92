"""Reports of the same thing are answered once."""

from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.enums import OPEN
from complaints.models import Complaint
from complaints.permissions import may_be_answered_with
from complaints.stepping import need, perform
from opd.models import Membership


@transaction.atomic
def merge_complaint(
    *, complaint: Complaint, by: Membership, into: Complaint, now: datetime
) -> Complaint:
    """Join it with `into`: its citizen reads that one's state, dates and answers from now on.

    Reports that were joined with this one before go along, so that nobody is two steps away.
    """
    rows = Complaint.objects.select_related("named_unit").order_by("pk")
    both = rows.select_for_update(of=("self",), no_key=True).filter(
        pk__in=[complaint.pk, into.pk], government_id=by.government_id
    )
    found = {row.pk: row for row in both}
    row, main = found.get(complaint.pk), found.get(into.pk)
    need(
        row and main and row.pk != main.pk and main.state in OPEN,
        _("Choose another complaint that is still open."),
        "into",
    )
    row, main = cast(Complaint, row), cast(Complaint, main)
    need(
        may_be_answered_with(row, main),
        _(
            "This complaint accuses an officer: it can only be joined with one that accuses an "
            "officer of the same unit."
        ),
        "into",
    )
    values = {"merged_into": main, "closed_at": now, "is_quarantined": False}
    moved = perform("merge", row, by=by, now=now, values=values)
    moved.joined.update(merged_into=main)
    return moved
