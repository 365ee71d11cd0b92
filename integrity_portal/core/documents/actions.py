"""Ask for a document, call it off, try again, and what workers write when it is made."""

import json
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from integrity_portal.core import files, jobs, ledger, wake
from integrity_portal.core.documents import registry
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document, StoredFile

TASK = "core.render_document"
UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class UnableToSteer(Exception):
    """The sentence for the person is the message."""


@transaction.atomic
def request_document(
    *,
    kind: str,
    variant: str = "",
    params: dict[str, Any] | None = None,
    title: str,
    by: Any | None,
    now: datetime,
    period: str = "",
    government_id: int | None = None,
    is_sample: bool = False,
) -> Document:
    """Write the row and wake a worker; `by` is None for what the calendar asks for.

    Asking twice is asking once: an unfinished document of the same person and content, or the
    one of the same period, is answered instead of a second one. The right to ask for documents
    of subjects (a unit, a plan) is checked by the app that calls.
    """
    scope = _government_of(kind, variant, by, government_id)
    values = params or {}
    if known := _already_asked(scope, kind, variant, values, period, by):
        return known
    fresh = Document(
        government_id=scope,
        kind=kind,
        variant=variant,
        params=values,
        title=title[:200],
        period=period,
        requested_by_id=by.user_id if by is not None else None,
        requested_at=now,
        next_try_at=now,
        is_sample=is_sample,
    )
    if not _is_first(fresh):
        return Document.objects.get(government_id=scope, kind=kind, variant=variant, period=period)
    codes: dict[str, ledger.Code] = {"kind": kind, "variant": variant, "period": period}
    ledger.record("document.requested", fresh, by=by, government_id=scope, codes=codes)
    wake.wake(TASK, fresh.pk)
    return fresh


def _government_of(kind: str, variant: str, by: Any | None, government_id: int | None) -> int:
    """Whose document it will be; refuses whose role does not include it."""
    scope: int | None = by.government_id if by is not None else government_id
    if scope is None:
        raise ValueError("a document belongs to a government")
    if by is not None and registry.get(kind).variants:
        if not registry.get(kind).may_request(by, variant):
            raise PermissionDenied(_("Your role does not include this document."))
    return scope


def _is_first(fresh: Document) -> bool:
    """Writes it; False where the same period was written meanwhile."""
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        if not fresh.period:
            raise
        return False
    return True


def _one_at_a_time(name: str) -> None:
    """Two presses of a button wait for each other here, until the first has written its row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _already_asked(
    scope: int, kind: str, variant: str, params: dict[str, Any], period: str, by: Any | None
) -> Document | None:
    _one_at_a_time(f"{scope}:{kind}:{variant}")
    rows = Document.objects.filter(government_id=scope, kind=kind, variant=variant, period=period)
    if period:
        return rows.first()
    mine = rows.filter(
        job_state__in=UNFINISHED, requested_by_id=by.user_id if by is not None else None
    )
    asked = json.dumps(params, sort_keys=True)
    return next(
        (row for row in mine.order_by("-pk") if _asked_params(row) == asked),
        None,
    )


def _asked_params(row: Document) -> str:
    """Without what `prepare` added later (names that begin with an underscore)."""
    given = {name: value for name, value in row.params.items() if not name.startswith("_")}
    return json.dumps(given, sort_keys=True)


@transaction.atomic
def cancel_document(*, document: Document, by: Any, now: datetime) -> Document:
    locked = _lock_for(document, by)
    if locked.job_state not in UNFINISHED:
        raise UnableToSteer(_("This document is already finished. Reload the page."))
    locked.job_state = JobState.CANCELLED
    locked.claimed_until = None
    locked.save(update_fields=["job_state", "claimed_until"])
    ledger.record("document.cancelled", locked, by=by)
    return locked


@transaction.atomic
def retry_document(*, document: Document, by: Any, now: datetime) -> Document:
    locked = _lock_for(document, by)
    if locked.job_state not in (JobState.DEAD, JobState.CANCELLED):
        raise UnableToSteer(_("This document is being made already. Reload the page."))
    jobs.requeue(locked, now=now)
    ledger.record("document.retried", locked, by=by)
    wake.wake(TASK, locked.pk)
    return locked


@transaction.atomic
def record_opening(*, document: Document, by: Any) -> None:
    ledger.record("document.opened", document, by=by)


@transaction.atomic
def finish_document(
    *, document: Document, stored: StoredFile, pages: int, content_hash: str, now: datetime
) -> bool:
    """Written by the worker that still holds the claim; False when it lost it meanwhile."""
    done = jobs.finish(
        document,
        file=stored,
        pages=pages,
        content_hash=content_hash,
        finished_at=now,
    )
    if not done:
        return False
    files.keep(stored)
    ledger.record(
        "document.made",
        document,
        by=None,
        government_id=document.government_id,
        codes={"pages": pages, "sha256": stored.sha256},
    )
    return True


@transaction.atomic
def fail_document(*, document: Document, error: BaseException, now: datetime) -> None:
    if not jobs.fail(document, error=error, now=now):
        return
    dead = document.job_state == JobState.DEAD
    ledger.record(
        "document.given_up" if dead else "document.failed",
        document,
        by=None,
        government_id=document.government_id,
        codes={"error": document.last_error, "attempt": document.attempts},
    )


def _lock_for(document: Document, by: Any) -> Document:
    locked = Document.objects.select_for_update(of=("self",), no_key=True).get(pk=document.pk)
    if not registry.may_steer(by, locked):
        raise PermissionDenied(_("Your role does not include this document."))
    return locked
