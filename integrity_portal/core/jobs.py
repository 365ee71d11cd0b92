"""Rows that need background work: claim, finish, retry later, give up visibly."""

from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import pgettext_lazy

CLAIM = timedelta(minutes=5)
MAX_ATTEMPTS = 6
LOST = "WorkerLost"


class JobState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("job state", "Waiting")
    RUNNING = "running", pgettext_lazy("job state", "Running")
    DONE = "done", pgettext_lazy("job state", "Done")
    CANCELLED = "cancelled", pgettext_lazy("job state", "Cancelled")
    DEAD = "dead", pgettext_lazy("job state", "Failed")


J = TypeVar("J", bound="Job")


class JobQuerySet(models.QuerySet[J]):
    def due(self, now: datetime) -> Self:
        """Waiting rows whose time has come, and running rows whose worker is gone."""
        return self.filter(
            Q(job_state=JobState.WAITING, next_try_at__lte=now)
            | Q(job_state=JobState.RUNNING, claimed_until__lt=now)
        )

    def dead(self) -> Self:
        return self.filter(job_state=JobState.DEAD)


class Job(models.Model):
    """Abstract: the columns and the sweep's index of a row that a worker must finish."""

    job_state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    # A code such as an exception's class name; never its text, which may quote data.
    last_error = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True


@transaction.atomic
def claim(
    rows: "models.QuerySet[J]", *, pk: int, now: datetime, lease: timedelta = CLAIM
) -> J | None:
    """Take one due row for `lease`, or None when another worker has it or it is not due.

    A row whose worker died MAX_ATTEMPTS times is given up, or it would kill workers for ever.
    """
    due = JobQuerySet.due(rows, now).filter(pk=pk)  # type: ignore[arg-type, type-var]
    locked = due.select_for_update(skip_locked=True, of=("self",)).values("pk")
    fresh = rows.filter(pk__in=locked, attempts__lt=MAX_ATTEMPTS)
    taken = fresh.update(
        job_state=JobState.RUNNING,
        claimed_until=now + lease,
        attempts=models.F("attempts") + 1,
    )
    if taken:
        return rows.get(pk=pk)
    rows.filter(pk__in=locked, attempts__gte=MAX_ATTEMPTS).update(
        job_state=JobState.DEAD, claimed_until=None, last_error=LOST
    )
    return None


def extend(row: Job, *, now: datetime, lease: timedelta = CLAIM, **values: Any) -> bool:
    """A long job says that it is alive; False when it was cancelled or another worker has it."""
    return bool(_mine(row).update(claimed_until=now + lease, **values))


def finish(row: Job, **values: Any) -> bool:
    """Done; False, and nothing written, when the row is no longer this worker's."""
    row.job_state = JobState.DONE
    row.claimed_until = None
    row.last_error = ""
    return _settle(row, values)


def fail(row: Job, *, error: BaseException, now: datetime, **values: Any) -> bool:
    """Try again in 2, 4, 8 … minutes; after MAX_ATTEMPTS dead, and the IT page says so."""
    dead = row.attempts >= MAX_ATTEMPTS
    row.job_state = JobState.DEAD if dead else JobState.WAITING
    row.claimed_until = None
    row.next_try_at = now + timedelta(minutes=2**row.attempts)
    row.last_error = type(error).__name__[:80]
    return _settle(row, values)


def give_up(row: Job, *, error: BaseException, **values: Any) -> bool:
    """No further try would help: dead at once, and the IT page says so."""
    row.job_state = JobState.DEAD
    row.claimed_until = None
    row.last_error = type(error).__name__[:80]
    return _settle(row, values)


def start_over(row: Job, *, now: datetime, **values: Any) -> bool:
    """The same work by another way, written in `values`: its attempts are counted anew."""
    written = {
        "job_state": JobState.WAITING,
        "claimed_until": None,
        "attempts": 0,
        "next_try_at": now,
        **values,
    }
    return bool(_mine(row).update(**written))


def requeue(row: Job, *, now: datetime) -> None:
    """A person asks once more for a row that was given up."""
    row.job_state = JobState.WAITING
    row.attempts = 0
    row.next_try_at = now
    row.claimed_until = None
    row.save(update_fields=list(_COLUMNS))


_COLUMNS = ("job_state", "claimed_until", "attempts", "next_try_at", "last_error")


def _mine(row: Job) -> "models.QuerySet[Any]":
    """`attempts` counts the claims, so it tells whose claim the row carries now."""
    return type(row)._default_manager.filter(
        pk=row.pk, job_state=JobState.RUNNING, attempts=row.attempts
    )


def _settle(row: Job, values: dict[str, Any]) -> bool:
    for name, value in values.items():
        setattr(row, name, value)
    written = {name: getattr(row, name) for name in (*_COLUMNS, *values)}
    return bool(_mine(row).update(**written))
