"""Sealing in tests: it waits for every older transaction of the whole cluster, other tests' too."""

import time

from django.utils import timezone

from integrity_portal.core import ledger
from integrity_portal.core.models import LedgerEntry

DEADLINE_SECONDS = 300


def seal_all() -> None:
    """Until no entry is unsealed; the deadline is only for failing."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while LedgerEntry.objects.filter(leaf=None).exists():
        if ledger.seal(now=timezone.now()) is None:
            time.sleep(0.05)
        assert time.monotonic() < deadline, "an older transaction never ends"
