"""What the tests of monev verbs share."""

from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, transaction

from integrity_portal.core.models import LedgerEntry

NOW = datetime(2026, 7, 2, 3, tzinfo=UTC)


TODAY = date(2026, 7, 2)


def verbs() -> list[str]:
    return list(LedgerEntry.objects.order_by("pk").values_list("verb", flat=True))


def run(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
