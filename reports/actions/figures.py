"""Freeze the figures of a report."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from integrity_portal.core import ledger
from integrity_portal.core.snapshots import one_instant
from opd.models import Government
from reports import figures, queries
from reports.calendar import week_of
from reports.models import FigureSet


def freeze_figures(
    *, government: Government, now: datetime, period: str = "", asked_at: datetime | None = None
) -> FigureSet:
    """Of one instant, written once; the reports of a week that were asked for on one day share it.

    Mayor and Sekda may read on different days: who reads on Sunday gets no figures of Monday.
    """
    zone = ZoneInfo(government.time_zone)
    today = now.astimezone(zone).date()
    asked_on = (asked_at or now).astimezone(zone).date()
    known = queries.figures_of_week(government.pk, period) if period else None
    if known is not None and known.taken_at.astimezone(zone).date() >= asked_on:
        return known
    kept_as = "" if known else period
    with one_instant():
        read = queries.read_figures(government, today)
        week = period or week_of(now.astimezone(zone))
        before = queries.last_week_before(government, week)
    data = figures.to_json(replace(read, before=before))
    try:
        with transaction.atomic():
            row = FigureSet.objects.create(
                government=government,
                period=kept_as,
                taken_at=now,
                data=data,
                sha256=figures.digest(data),
            )
            codes: dict[str, ledger.Code] = {"period": period, "sha256": row.sha256}
            ledger.record("figures.frozen", row, by=None, government_id=government.pk, codes=codes)
    except IntegrityError:
        known = queries.figures_of_week(government.pk, period) if kept_as else None
        if known is None:
            raise
        return known
    return row
