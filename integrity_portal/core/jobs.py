"""Rows that need background work: claim, finish, retry later, give up visibly."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import pgettext_lazy

CLAIM = timedelta(minutes=5)
MAX_ATTEMPTS = 6


class JobState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("job state", "Waiting")
    RUNNING = "running", pgettext_lazy("job state", "Running")
    DONE = "done", pgettext_lazy("job state", "Done")
    CANCELLED = "cancelled", pgettext_lazy("job state", "Cancelled")
    DEAD = "dead", pgettext_lazy("job state", "Failed")


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, now: datetime) -> "JobQuerySet":
        """Waiting rows whose time has come, and running rows whose worker is gone."""
        return self.filter(
            Q(job_state=JobState.WAITING, next_try_at__lte=now)
            | Q(job_state=JobState.RUNNING, claimed_until__lt=now)
        )

    def dead(self) -> "JobQuerySet":
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


J = TypeVar("J", bound=Job)


@transaction.atomic
def claim(rows: "models.QuerySet[J]", *, pk: int, now: datetime) -> J | None:
    """Take one due row for CLAIM, or None when another worker has it or it is not due."""
    due = JobQuerySet.due(rows, now).filter(pk=pk)  # type: ignore[arg-type]
    locked = due.select_for_update(skip_locked=True, of=("self",)).values("pk")
    taken = rows.filter(pk__in=locked).update(
        job_state=JobState.RUNNING,
        claimed_until=now + CLAIM,
        attempts=models.F("attempts") + 1,
    )
    return rows.get(pk=pk) if taken else None


def extend(row: Job, *, now: datetime) -> None:
    """A long job says that it is alive."""
    type(row)._default_manager.filter(pk=row.pk, job_state=JobState.RUNNING).update(
        claimed_until=now + CLAIM
    )


def finish(row: Job, **values: Any) -> None:
    row.job_state = JobState.DONE
    row.claimed_until = None
    row.last_error = ""
    _save(row, values)


def fail(row: Job, *, error: BaseException, now: datetime, **values: Any) -> None:
    """Try again in 2, 4, 8 … minutes; after MAX_ATTEMPTS dead, and the IT page says so."""
    dead = row.attempts >= MAX_ATTEMPTS
    row.job_state = JobState.DEAD if dead else JobState.WAITING
    row.claimed_until = None
    row.next_try_at = now + timedelta(minutes=2**row.attempts)
    row.last_error = type(error).__name__[:80]
    _save(row, values)


def requeue(row: Job, *, now: datetime) -> None:
    row.job_state = JobState.WAITING
    row.attempts = 0
    row.next_try_at = now
    row.claimed_until = None
    _save(row, {})


def _save(row: Job, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    columns = [
        "job_state",
        "claimed_until",
        "attempts",
        "next_try_at",
        "last_error",
        *values,
    ]
    row.save(update_fields=columns)
