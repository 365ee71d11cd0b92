"""Background work of evidence: thin, by key."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from assessments.actions import evidence, evidence_health, evidence_smaller


@shared_task(name=evidence.LOOK)
def look_at_evidence(pk: int, **kwargs: Any) -> None:
    evidence_health.look_at_evidence(pk=pk, now=timezone.now())


@shared_task(name=evidence.SHRINK)
def make_smaller(pk: int, **kwargs: Any) -> None:
    evidence_smaller.make_smaller(pk=pk, now=timezone.now())
