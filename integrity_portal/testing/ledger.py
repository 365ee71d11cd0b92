"""What the ledger holds, as tests ask for it."""

from django.db.models import Model

from integrity_portal.core.models import LedgerEntry


def newest() -> LedgerEntry | None:
    return LedgerEntry.objects.order_by("-pk").first()


def verbs(*prefixes: str) -> list[str]:
    """In order; only those that begin with one of the prefixes, where there are any."""
    found = LedgerEntry.objects.order_by("pk").values_list("verb", flat=True)
    return [verb for verb in found if not prefixes or verb.startswith(prefixes)]


def verbs_of(row: Model) -> list[str]:
    """What was done to this row, in order."""
    label = row._meta.label_lower
    found = LedgerEntry.objects.filter(subject_type=label, subject_id=str(row.pk))
    return list(found.order_by("pk").values_list("verb", flat=True))
