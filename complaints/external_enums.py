"""Closed vocabularies of cases in other systems."""

from django.db import models
from django.utils.translation import pgettext_lazy


class ExternalSystem(models.TextChoices):
    """Names are data: see complaints/data/lapor.yaml."""

    LAPOR = "lapor", "SP4N-LAPOR!"
    LOCAL = "local", pgettext_lazy("other system", "Local system")


class CaseOrigin(models.TextChoices):
    """Where the citizen filed it first."""

    THERE = "there", pgettext_lazy("origin of a case", "Came from there")
    HERE = "here", pgettext_lazy("origin of a case", "Sent on by us")


class ExportState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("state of an import", "Waits for confirmation")
    APPLIED = "applied", pgettext_lazy("state of an import", "Written")
    DISCARDED = "discarded", pgettext_lazy("state of an import", "Thrown away")
