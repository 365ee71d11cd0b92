"""Listen for wake-up calls, sweep what is due, send Celery tasks. Runs once, by advisory lock."""

import json
import logging
import select
import signal
import time
from typing import Any

from celery import current_app
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from integrity_portal.core import wake
from integrity_portal.core.tasks import beat

logger = logging.getLogger(__name__)
LOCK = 7_120_002
SWEEP_SECONDS = 5
# A message that no worker took dies after this time; only then is its row sent once more.
MESSAGE_SECONDS = 20
PAUSE_SECONDS = 3


class Command(BaseCommand):
    help = "Turn committed wake-up calls and due rows into Celery tasks (runs beside beat)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        current_app.conf.broker_transport_options = {
            **current_app.conf.broker_transport_options,
            "socket_timeout": 5,
            "socket_connect_timeout": 3,
        }
        self._swept: dict[tuple[str, int], float] = {}
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        while not self.stopping:
            try:
                self._run()
            except (OperationalError, InterfaceError):
                logger.warning("core.dispatch.database_away")
                connection.close()
                time.sleep(PAUSE_SECONDS)

    def _stop(self, *args: Any) -> None:
        self.stopping = True

    def _run(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                time.sleep(PAUSE_SECONDS)
                return
            cursor.execute(f"LISTEN {wake.CHANNEL}")
        next_sweep = 0.0
        while not self.stopping:
            if time.monotonic() >= next_sweep:
                self._sweep()
                next_sweep = time.monotonic() + SWEEP_SECONDS
            self._listen(timeout=1.0)

    def _listen(self, *, timeout: float) -> None:
        raw = connection.connection
        # What arrived during a sweep's own queries is already read and wakes no select.
        if not raw.notifies:
            ready, _, _ = select.select([raw], [], [], timeout)
            if not ready:
                return
            try:
                raw.poll()
            except Exception as error:  # psycopg2's own classes, translated for the outer loop.
                raise OperationalError from error
        while raw.notifies:
            task_name, pk = json.loads(raw.notifies.pop(0).payload)
            if not self._send(task_name, pk):
                # The rows are due; waiting out the broker once per call would take hours.
                raw.notifies.clear()

    def _sweep(self) -> None:
        beat("dispatch")
        now, moment = timezone.now(), time.monotonic()
        self._swept = {
            key: sent for key, sent in self._swept.items() if moment - sent < MESSAGE_SECONDS
        }
        for sweep in wake.sweeps():
            for pk in sweep.due(now):
                key = (sweep.task_name, pk)
                if key in self._swept:
                    continue
                if not self._send(*key):
                    return
                self._swept[key] = moment

    def _send(self, task_name: str, pk: int) -> bool:
        """False when the broker is away: the row stays due and the next sweep finds it."""
        try:
            current_app.send_task(
                task_name, kwargs={"pk": pk}, expires=MESSAGE_SECONDS, retry=False
            )
        except (BrokerAway, OSError, TimeoutError) as error:
            logger.warning("core.dispatch.broker_away error=%s", type(error).__name__)
            return False
        return True
