"""Whom a late complaint must not be told to."""

from complaints.models import Complaint
from opd.models import Unit


def keeps_away(complaint: Complaint, role: str) -> bool:
    """It accuses an officer of the branch in which the holders of this role work."""
    accused = complaint.named_unit
    if not complaint.accuses_officer or accused is None:
        return False
    seats = Unit.objects.filter(government_id=complaint.government_id).seats_of(role)
    return any(
        seat.pk in accused.lineage or accused.pk in seat.lineage for seat in seats.only("lineage")
    )
