"""Closed vocabularies of evidence."""

from datetime import date

from django.db import models
from django.utils.translation import pgettext_lazy


class Validity(models.TextChoices):
    """Whether a document proves anything on a day."""

    OPEN = "open", pgettext_lazy("validity of a document", "No end")
    VALID = "valid", pgettext_lazy("validity of a document", "Valid")
    SOON = "soon", pgettext_lazy("validity of a document", "Expires soon")
    EXPIRED = "expired", pgettext_lazy("validity of a document", "Expired")
    NOT_YET = "not_yet", pgettext_lazy("validity of a document", "Not valid yet")

    @property
    def tone(self) -> str:
        tones = {"valid": "good", "soon": "warn", "expired": "bad", "not_yet": "warn"}
        return tones.get(self.value, "info")


class DocumentFilter(models.TextChoices):
    """What the register is narrowed to."""

    EXPIRED = "expired", pgettext_lazy("documents", "expired")
    SOON = "soon", pgettext_lazy("documents", "about to expire")
    UNUSED = "unused", pgettext_lazy("documents", "not used anywhere")
    SEVERAL = "several", pgettext_lazy("documents", "used more than once")
    RETURNED = "returned", pgettext_lazy("documents", "returned by the TPI")
    CHANGED = "changed", pgettext_lazy("documents", "changed or cannot be reached")


SOON_DAYS = 30


def validity(valid_from: date | None, valid_until: date | None, day: date) -> Validity:
    """On its last day a document is still valid."""
    if valid_from and day < valid_from:
        return Validity.NOT_YET
    if valid_until is None:
        return Validity.OPEN
    if day > valid_until:
        return Validity.EXPIRED
    return Validity.SOON if (valid_until - day).days <= SOON_DAYS else Validity.VALID


def judged_on(year: int, today: date) -> date:
    """Proofs of a past year are judged as they stood at its end."""
    return min(today, date(year, 12, 31))
