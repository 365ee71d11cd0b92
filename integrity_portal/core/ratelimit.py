"""Counters in PostgreSQL, keyed by a hash that cannot be turned back into an address."""

from datetime import datetime, timedelta

from django.db import connection

from integrity_portal.core.crypto import keyed_hash


class TooManyRequests(Exception):
    """Answered as 429 with the time after which trying again helps."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__()
        self.retry_after = retry_after


def hit(scope: str, identity: str, *, limit: int, window: timedelta, now: datetime) -> None:
    """Count one try; raises TooManyRequests above `limit` tries per fixed window."""
    key = _key(scope, identity, window, now)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_ratecount (key, count, expires_at) VALUES (%s, 1, %s) "
            "ON CONFLICT (key) DO UPDATE SET count = core_ratecount.count + 1 RETURNING count",
            [key, now + window],
        )
        count = cursor.fetchone()[0]
    if count > limit:
        raise _too_many(window, now)


def refuse_used_up(
    scope: str, identity: str, *, limit: int, window: timedelta, now: datetime
) -> None:
    """Raise TooManyRequests when the limit is reached, counting nothing: for failures only."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count FROM core_ratecount WHERE key = %s", [_key(scope, identity, window, now)]
        )
        row = cursor.fetchone()
    if row and row[0] >= limit:
        raise _too_many(window, now)


def _key(scope: str, identity: str, window: timedelta, now: datetime) -> str:
    slot = int(now.timestamp()) // int(window.total_seconds())
    return keyed_hash("rate_limit", f"{scope}\x1f{identity}\x1f{slot}")


def _too_many(window: timedelta, now: datetime) -> TooManyRequests:
    seconds = int(window.total_seconds())
    return TooManyRequests(timedelta(seconds=seconds - int(now.timestamp()) % seconds))


def client_address(meta: dict[str, str]) -> str:
    """The peer's address. Behind a proxy the server in front sets REMOTE_ADDR (deploy/)."""
    return meta.get("REMOTE_ADDR", "")
