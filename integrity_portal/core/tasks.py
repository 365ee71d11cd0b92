"""Beat's tick and the support sweeps: thin, by key, idempotent."""

import logging
from typing import Any

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from integrity_portal.core import files, ledger, wake
from integrity_portal.core.documents.tasks import render_chapters, render_document
from integrity_portal.core.models import Heartbeat, RateCount

logger = logging.getLogger(__name__)
# Celery looks for tasks in this module alone.
__all__ = ["beat", "render_chapters", "render_document", "tick"]


@shared_task(name="core.tick")
def tick(**kwargs: Any) -> None:
    """Every half minute: the worker is alive; seal the ledger; do what the apps find due."""
    now = timezone.now()
    beat("worker")
    ledger.seal(now=now)
    files.sweep_orphans(now=now)
    RateCount.objects.filter(expires_at__lt=now).delete()
    for name, work in wake.ticks().items():
        try:
            with transaction.atomic():
                work(now)
        except Exception:  # One app's fault must not stop the others; the line names it.
            logger.exception("core.tick.failed name=%s", name)


def beat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})
