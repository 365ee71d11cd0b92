"""How much comes in just now: what the price of a filing and the budget of a poster rest on."""

from datetime import datetime, timedelta

from django.db.models import Sum

from complaints.enums import Channel
from complaints.load import Load
from complaints.models import Complaint
from integrity_portal.core.models import StoredFile

EVIDENCE = "complaint_evidence"


def filings_lately(government_id: int, load: Load, now: datetime) -> int:
    """From the public pages within the window; counted no further than prices go."""
    rows = Complaint.objects.of(government_id).filter(
        channel=Channel.WEB, filed_at__gt=now - load.window, filed_by=None
    )
    return rows.order_by()[: load.most].count()


def is_over_budget(place_id: int | None, load: Load, now: datetime) -> bool:
    """Whether this poster brought more than its share; indexed, counted no further than that."""
    if place_id is None:
        return False
    since = now - timedelta(hours=load.place_hours)
    rows = Complaint.objects.filter(place_id=place_id, filed_at__gt=since)
    return rows.order_by()[: load.place_filings].count() >= load.place_filings


def waiting_bytes() -> int:
    """Of evidence whose report was not sent."""
    rows = StoredFile.objects.filter(kind=EVIDENCE, state=StoredFile.State.PENDING)
    return rows.aggregate(total=Sum("size"))["total"] or 0


def waiting_files(government_id: int, keys: list[int]) -> list[StoredFile]:
    """Of one draft, in the order in which they came; only what nothing refers to yet."""
    rows = StoredFile.objects.filter(
        pk__in=keys, government_id=government_id, kind=EVIDENCE, state=StoredFile.State.PENDING
    )
    return list(rows.order_by("pk"))
