"""Workers' doors to the engine: thin, by key, idempotent. Queue `documents`."""

import logging
from datetime import datetime, timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from integrity_portal.core import jobs
from integrity_portal.core.documents import actions, engine
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Chapter, Document

logger = logging.getLogger(__name__)
KEEP_CHAPTERS = timedelta(days=35)


@shared_task(name=actions.TASK)
def render_document(*, pk: int, **kwargs: Any) -> None:
    document = jobs.claim(Document.objects.all(), pk=pk, now=timezone.now(), lease=engine.lease())
    if document is None:
        logger.info("core.documents.not_due pk=%s", pk)
        return
    try:
        engine.produce(document, clock=timezone.now)
    except engine.Superseded:
        logger.info("core.documents.superseded pk=%s", pk)
    except Exception as error:  # noqa: BLE001 - whatever it is, the row must say so and be retried
        # The class only: messages may quote what the document shows.
        logger.error("core.documents.failed pk=%s error=%s", pk, type(error).__name__)
        actions.fail_document(document=document, error=error, now=timezone.now())
    else:
        logger.info("core.documents.made pk=%s", pk)


@shared_task(name=engine.HELPER)
def render_chapters(*, pk: int, **kwargs: Any) -> None:
    """Helps with a document that another worker is making; a fault here costs nothing."""
    document = Document.objects.filter(pk=pk, job_state=JobState.RUNNING).first()
    if document is None:
        return
    engine.help_with(document, clock=timezone.now)


def due(now: datetime) -> list[int]:
    return list(Document.objects.all().due(now).order_by("pk").values_list("pk", flat=True)[:500])


def forget_chapters(now: datetime) -> None:
    """Chapters are a cache: what is older than a month is rendered again when it is asked for."""
    old = Chapter.objects.filter(made_at__lt=now - KEEP_CHAPTERS).values("pk")[:200]
    Chapter.objects.filter(pk__in=old).delete()
