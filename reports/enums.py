"""Closed vocabularies of reports."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Variant(models.TextChoices):
    """The progress report for whom: the same figures, another choice of them."""

    MAYOR = "mayor", pgettext_lazy("report variant", "For the regional head")
    SEKDA = "sekda", pgettext_lazy("report variant", "For the regional secretary (Sekda)")


class Weekday(models.IntegerChoices):
    """ISO numbers."""

    MONDAY = 1, pgettext_lazy("weekday", "Monday")
    TUESDAY = 2, pgettext_lazy("weekday", "Tuesday")
    WEDNESDAY = 3, pgettext_lazy("weekday", "Wednesday")
    THURSDAY = 4, pgettext_lazy("weekday", "Thursday")
    FRIDAY = 5, pgettext_lazy("weekday", "Friday")
    SATURDAY = 6, pgettext_lazy("weekday", "Saturday")
    SUNDAY = 7, pgettext_lazy("weekday", "Sunday")
