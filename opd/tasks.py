"""Background work of the registry and of people: thin, by key."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from opd import letters


@shared_task(name=letters.TASK)
def send_letter(pk: int, **kwargs: Any) -> None:
    letters.deliver(pk=pk, now=timezone.now())
