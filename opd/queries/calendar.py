"""The days off of a government: Indonesia's holidays and cuti bersama, and its own rows."""

from datetime import date
from functools import cache

import holidays

from opd.models import Holiday


def days_off(government_id: int, *, since: date, until: date) -> frozenset[date]:
    """Days between on which a government's offices are closed; week-ends are not listed."""
    own = Holiday.objects.filter(government_id=government_id, day__range=(since, until))
    national = {
        day
        for year in range(since.year, until.year + 1)
        for day in _national(year)
        if since <= day <= until
    }
    return frozenset(national.union(own.values_list("day", flat=True)))


@cache
def _national(year: int) -> frozenset[date]:
    """Public holidays and the cuti bersama that the library knows; later decrees are rows."""
    return frozenset(
        holidays.country_holidays("ID", years=year, categories=("public", "government"))
    )
