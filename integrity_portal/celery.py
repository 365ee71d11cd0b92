"""Celery's application. Beat only ticks; what is due is a query (docs/adr/0003)."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integrity_portal.settings.production")
app = Celery("integrity_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "tick": {"task": "core.tick", "schedule": 30.0, "options": {"expires": 25}},
}


@worker_ready.connect
def say_hello(**kwargs: object) -> None:
    """A fresh worker shows on the status page at once."""
    app.send_task("core.tick", expires=25)
