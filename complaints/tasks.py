"""Background work of the channels: thin, by key, idempotent."""

from typing import Any

from celery import shared_task
from django.utils import timezone

from complaints.actions import channels, inbound, media, outbound


@shared_task(name=inbound.WORK)
def work_channel_message(pk: int, **kwargs: Any) -> None:
    inbound.work(pk=pk, now=timezone.now())


@shared_task(name=media.FETCH)
def fetch_channel_media(pk: int, **kwargs: Any) -> None:
    media.fetch(pk=pk, now=timezone.now())


@shared_task(name=outbound.SEND)
def send_channel_message(pk: int, **kwargs: Any) -> None:
    outbound.deliver(pk=pk, now=timezone.now())


CHECK = "complaints.check_channel"


@shared_task(name=CHECK)
def check_channel(pk: int, **kwargs: Any) -> None:
    channels.check_channel(pk=pk, now=timezone.now())
