"""For machines: is the process up, and may it receive requests?"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.formatting import datetime_id, filesize_id
from integrity_portal.core.models import Heartbeat

ALIVE = timedelta(minutes=2)
LABELS = {
    "database": _("Database (PostgreSQL)"),
    "redis": _("Message broker (Redis)"),
    "disk": _("Disk space"),
    "migrations": _("Database schema"),
    "worker": _("Worker"),
    "dispatch": _("Dispatcher"),
}
MIN_FREE_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Check:
    """`vital` checks decide readiness; the others are shown, because people can go on working."""

    name: str
    ok: bool
    vital: bool
    detail: str = ""

    @property
    def label(self) -> str:
        return str(LABELS[self.name])


def check_all(now: datetime) -> list[Check]:
    others = [_redis(), _disk()]
    try:
        seen = _seen()
    except DatabaseError:
        gone = Check("database", ok=False, vital=True, detail=str(_("Does not answer")))
        return [gone, *others]
    database = Check("database", ok=True, vital=True)
    return [database, *others, _migrations(), *_heartbeats(seen, now)]


def _seen() -> dict[str, datetime]:
    """When worker and dispatcher were last seen. Raises DatabaseError when nobody answers."""
    try:
        return dict(Heartbeat.objects.values_list("name", "seen_at"))
    except ProgrammingError:  # It answers: its tables are still to be made.
        return {}


def _redis() -> Check:
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5, retry=None
    )
    try:
        client.ping()
    except (redis.RedisError, OSError):
        return Check("redis", ok=False, vital=False, detail=str(_("Does not answer")))
    finally:
        client.close()
    return Check("redis", ok=True, vital=False)


def _disk() -> Check:
    free = shutil.disk_usage(settings.STATE_DIR).free
    return Check(
        "disk",
        ok=free > MIN_FREE_BYTES,
        vital=True,
        detail=_("%(size)s free") % {"size": filesize_id(free)},
    )


def _migrations() -> Check:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return Check(
        "migrations",
        ok=not waiting,
        vital=True,
        detail=_("%(count)s waiting") % {"count": len(waiting)}
        if waiting
        else str(_("All applied")),
    )


def _heartbeats(seen: dict[str, datetime], now: datetime) -> list[Check]:
    return [
        Check(
            name,
            ok=name in seen and now - seen[name] < ALIVE,
            vital=False,
            detail=datetime_id(seen[name]) if name in seen else str(_("Never seen")),
        )
        for name in ("worker", "dispatch")
    ]


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"up": True})


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    checks = check_all(timezone.now())
    ready = all(check.ok for check in checks if check.vital)
    body = {"ready": ready, "checks": {check.name: check.ok for check in checks}}
    return JsonResponse(body, status=200 if ready else 503)
