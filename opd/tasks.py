"""Background work of the registry and of people: thin, by key."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from opd import letters
from opd.actions import reminders


@shared_task(name=letters.TASK)
def send_letter(pk: int, **kwargs: Any) -> None:
    letters.deliver(pk=pk, now=timezone.now())


REMIND = "opd.remind"


@shared_task(name=REMIND)
def remind(pk: int, **kwargs: Any) -> None:
    """The hourly round of one government."""
    reminders.run_reminders(government_id=pk, now=timezone.now())
