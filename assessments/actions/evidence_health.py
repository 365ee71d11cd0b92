"""Looking again at what was sent in: stored files every night, links every week."""

import hashlib
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from django.core.files.storage import default_storage
from django.db import transaction

from assessments.models import EvidenceHealth
from integrity_portal.core import jobs, ledger
from integrity_portal.core.fetching import Fetched, UnableToFetch, fetch
from integrity_portal.core.models import StoredFile

if TYPE_CHECKING:
    from django.db.models import QuerySet

Result = EvidenceHealth.Result
WEEK = timedelta(days=7)
# A link that does not answer is asked again after 2, 4 and 8 minutes before it counts as gone.
TRIES = 4
# Files are read between one and four at night, by the government's clock.
NIGHT = time(1)
NIGHT_MINUTES = 180


def look_at_evidence(
    *, pk: int, now: datetime, read: Callable[[str], Fetched] = fetch
) -> EvidenceHealth | None:
    """One look at one revision; None when it is not due or another worker has it.

    Never raises for what it finds: a link that is silent is asked again, then it is gone.
    """
    with transaction.atomic():
        rows = cast("QuerySet[EvidenceHealth]", EvidenceHealth.objects.all())
        health = jobs.claim(rows, pk=pk, now=now)
    if health is None:
        return None
    revision = health.revision
    if revision.stored is not None:
        try:
            found = _file(revision.stored)
        except OSError as error:  # The storage is away: not the file's fault.
            jobs.fail(health, error=error, now=now)
            return health
        return _settle(health, found, health.fingerprint, now)
    try:
        fetched = read(revision.url)
    except UnableToFetch as error:
        if not error.is_final and health.attempts < TRIES:
            jobs.fail(health, error=error, now=now, last_error=error.code[:80])
            return health
        return _settle(health, Result.GONE, health.fingerprint, now, error.code[:80])
    fingerprint = health.fingerprint or fetched.fingerprint
    same = fingerprint == fetched.fingerprint
    return _settle(health, Result.SAME if same else Result.CHANGED, fingerprint, now)


def _file(stored: StoredFile) -> "EvidenceHealth.Result":
    digest = hashlib.sha256()
    try:
        with default_storage.open(stored.key) as data:
            for chunk in data.chunks():
                digest.update(chunk)
    except FileNotFoundError:
        return Result.GONE
    return Result.SAME if digest.hexdigest() == stored.sha256 else Result.CHANGED


@transaction.atomic
def _settle(
    health: EvidenceHealth,
    result: "EvidenceHealth.Result",
    fingerprint: str,
    now: datetime,
    code: str = "",
) -> EvidenceHealth:
    """What was found, and when to look next; a change of state is recorded once."""
    before = health.result
    written = {"result": result, "fingerprint": fingerprint, "checked_at": now, "last_error": code}
    if not jobs.start_over(health, now=_next_look(health, now), **written):
        return health
    if (before != result and Result.WAITING not in (before, result)) or result in BAD - {before}:
        ledger.record(
            f"evidence.found_{result.value}",
            health.revision,
            by=None,
            government_id=health.government_id,
            codes={"revision": health.revision.number},
        )
    health.refresh_from_db()
    return health


BAD = frozenset({Result.CHANGED, Result.GONE})


def _next_look(health: EvidenceHealth, now: datetime) -> datetime:
    if health.revision.stored_id is None:
        return now + WEEK
    zone = ZoneInfo(health.government.time_zone)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    begins = datetime.combine(tomorrow, NIGHT, zone)
    return begins + timedelta(minutes=health.pk % NIGHT_MINUTES)
