"""Dates of the past that are known to the day, the month or only the year."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class Precision(models.TextChoices):
    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


def last_day(first: date, precision: str) -> date:
    """The last day that a partial date may mean: of a month or a year its end."""
    if precision == Precision.YEAR:
        return first.replace(month=12, day=31)
    if precision == Precision.MONTH:
        return first.replace(day=monthrange(first.year, first.month)[1])
    return first


@dataclass(frozen=True)
class PartialDate:
    """`date` is the first day of what is known: 2021-09-01 with MONTH is September 2021."""

    date: date
    precision: str = Precision.DAY
