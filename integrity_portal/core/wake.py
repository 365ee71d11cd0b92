"""A wake-up call that leaves exactly when its row is committed (docs/adr/0003).

The web process never speaks to Redis: it notifies PostgreSQL inside the same transaction, the
`dispatch` command listens and sends the Celery task. A lost call costs only time: sweeps find
every due row again.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

CHANNEL = "portal_wake"


def wake(task_name: str, pk: int) -> None:
    """Ask for `task_name(pk=pk)` after commit. Task names are `<app>.<verb>`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps([task_name, pk])])


def wake_all(task_name: str, keys: Iterable[int]) -> None:
    """The same for many rows in one query."""
    calls = [json.dumps([task_name, pk]) for pk in keys]
    if not calls:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, said) FROM unnest(%s) AS said", [CHANNEL, calls])


@dataclass(frozen=True)
class Sweep:
    """`due(now)` gives the keys of rows whose work is due; each is sent to `task_name`."""

    task_name: str
    due: Callable[[datetime], Iterable[int]]


_sweeps: dict[str, Sweep] = {}
_ticks: dict[str, Callable[[datetime], None]] = {}


def register_sweep(task_name: str, due: Callable[[datetime], Iterable[int]]) -> None:
    _sweeps[task_name] = Sweep(task_name, due)


def register_tick(name: str, work: Callable[[datetime], None]) -> None:
    """Work that beat's tick does in a worker; idempotent, asks the database what is due."""
    _ticks[name] = work


def sweeps() -> list[Sweep]:
    return list(_sweeps.values())


def ticks() -> dict[str, Callable[[datetime], None]]:
    return dict(_ticks)
