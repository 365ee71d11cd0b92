"""Instruments (LKE) as they were loaded from instruments/*.yaml: kept whole, for ever once used."""

from functools import cache

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.instrument import Instrument, of_content

# A sheet that was filled must be read by the very words and weights under which it was filled.
USED_STAYS = """
IF EXISTS (SELECT 1 FROM assessments_worksheet WHERE instrument_id = OLD.id) THEN
    RAISE EXCEPTION 'instrument_used_stays: work-sheets are filled by it'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'instrument_used_stays';
END IF;
IF TG_OP = 'DELETE' THEN
    RETURN OLD;
END IF;
RETURN NEW;
"""


class InstrumentEdition(models.Model):
    """One edition of one instrument; better words are a new edition, a new regulation a new code."""

    code = models.CharField(max_length=60)
    edition = models.PositiveSmallIntegerField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64, unique=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    is_history = models.BooleanField(default=False)
    loaded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "edition"],
                name="instrument_edition_once",
                violation_error_message=_("This edition is already loaded."),
            ),
            models.CheckConstraint(
                name="instrument_has_hash", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="instrument_used_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=USED_STAYS,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}, edition {self.edition}"

    @property
    def instrument(self) -> Instrument:
        """Its tree and texts, built once per process. Raises ValueError when it was tampered with."""
        return _built(self.sha256)


@cache
def _built(sha256: str) -> Instrument:
    """By content: the same hash is the same instrument, whatever row it stands in."""
    content = InstrumentEdition.objects.values_list("content", flat=True).get(sha256=sha256)
    return of_content(content, sha256)
