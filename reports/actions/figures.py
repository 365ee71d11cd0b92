"""Freeze the figures of a report."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from integrity_portal.core import ledger
from integrity_portal.core.snapshots import one_instant
from opd.models import Government
from reports import figures, queries
from reports.models import FigureSet


def freeze_figures(*, government: Government, now: datetime, period: str = "") -> FigureSet:
    """Of one instant, written once; the reports of one week all get the first one's set."""
    if period:
        known = queries.figures_of_week(government.pk, period)
        if known is not None:
            return known
    today = now.astimezone(ZoneInfo(government.time_zone)).date()
    with one_instant():
        read = queries.read_figures(government, today)
        before = queries.last_week_before(government.pk, period)
    data = figures.to_json(replace(read, before=before))
    try:
        with transaction.atomic():
            row = FigureSet.objects.create(
                government=government,
                period=period,
                taken_at=now,
                data=data,
                sha256=figures.digest(data),
            )
            ledger.record(
                "figures.frozen",
                row,
                by=None,
                government_id=government.pk,
                codes={"period": period, "sha256": row.sha256},
            )
    except IntegrityError:
        known = queries.figures_of_week(government.pk, period) if period else None
        if known is None:
            raise
        return known
    return row
