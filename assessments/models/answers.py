"""Answers to the questions of a work-sheet: one per question and assessor, side by side."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import Assessor
from assessments.models.worksheets import Worksheet, WorksheetItem
from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile, append_only
from opd.models import Government, Membership

# A TPI score by somebody who holds an office in the unit, above or below it, or held one in the
# year that is assessed.
# Looked up key by key: 113 scores at once must not depend on what the planner knows of the tables.
NOT_OF_THE_UNIT = """
IF NEW.assessor = 'tpi' THEN
    SELECT assessed.id, assessed.lineage, make_date(
        LEAST(sheet.year, EXTRACT(YEAR FROM sheet.opened_at)::int), 1, 1
    )
    INTO unit, branch, since
    FROM assessments_worksheetitem AS item
    JOIN assessments_worksheet AS sheet ON sheet.id = item.worksheet_id
    JOIN assessments_integrityzone AS road ON road.id = sheet.zone_id
    JOIN opd_unit AS assessed ON assessed.id = road.unit_id
    WHERE item.id = NEW.item_id;
    SELECT user_id INTO writer FROM opd_membership WHERE id = NEW.changed_by_id;
    IF EXISTS (
        SELECT 1 FROM opd_membership AS office
        JOIN opd_unit AS own ON own.id = office.unit_id
        WHERE office.user_id = writer
          AND (own.id = ANY(branch) OR unit = ANY(own.lineage))
          AND (office.valid_to IS NULL OR office.valid_to >= since)
    ) THEN
        RAISE EXCEPTION 'answer_not_by_the_unit: nobody assesses his own unit'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_not_by_the_unit';
    END IF;
END IF;
RETURN NEW;
"""


class TpnLetter(models.Model):
    """The ministry's letter from which the inspectorate recorded TPN scores, with its scan."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    worksheet = models.ForeignKey(Worksheet, on_delete=models.PROTECT, related_name="tpn_letters")
    number = models.CharField(max_length=80)
    dated_on = models.DateField()
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worksheet", "number"],
                name="tpn_letter_once",
                violation_error_message=_("This letter is already recorded."),
            ),
            models.CheckConstraint(name="tpn_letter_has_number", condition=~Q(number="")),
        ]
        triggers = [append_only("tpn_letter_append_only")]

    def __str__(self) -> str:
        return f"TPN letter {self.pk} on work-sheet {self.worksheet_id}"


# The reason of a score is part of the decision: who lowered it, from what, why (the note is not).
@track(exclude=["note"])
class Answer(models.Model):
    """What one assessor answered. Which columns count, the question's scale says."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    item = models.ForeignKey(WorksheetItem, on_delete=models.PROTECT, related_name="answers")
    assessor = models.CharField(max_length=4, choices=Assessor)
    option = models.CharField(max_length=8, blank=True)
    # Count → whole number, as a text.
    counts = models.JSONField(default=dict, blank=True)
    index = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    # How 0/0 was settled where the question asks: "full" or "zero".
    zero_as = models.CharField(max_length=4, blank=True)
    note = models.TextField(blank=True)
    # Why an assessor's score differs from the unit's.
    reason = models.TextField(blank=True)
    letter = models.ForeignKey(
        TpnLetter, null=True, blank=True, on_delete=models.PROTECT, related_name="answers"
    )
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "assessor"], name="answer_once"),
            models.CheckConstraint(
                name="answer_reason_is_an_assessors",
                condition=~Q(assessor="unit") | Q(reason="", letter=None),
            ),
            models.CheckConstraint(
                name="answer_letter_is_tpns", condition=Q(letter=None) | Q(assessor="tpn")
            ),
            models.CheckConstraint(
                name="answer_zero_as", condition=Q(zero_as__in=["", "full", "zero"])
            ),
            models.CheckConstraint(
                name="answer_index_range",
                condition=Q(index=None) | Q(index__gte=0, index__lte=100),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="answer_not_by_the_unit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[
                    ("unit", "bigint"),
                    ("branch", "bigint[]"),
                    ("since", "date"),
                    ("writer", "bigint"),
                ],
                func=NOT_OF_THE_UNIT,
            ),
            pgtrigger.Protect(
                name="answer_identity_stays", operation=pgtrigger.UpdateOf("item_id", "assessor")
            ),
            pgtrigger.Protect(name="answer_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.assessor} on item {self.item_id}"

    @property
    def value_columns(self) -> dict[str, Any]:
        """What is answered, without words: for the same answer on another side or sheet."""
        return {name: getattr(self, name) for name in ("option", "counts", "index", "zero_as")}
