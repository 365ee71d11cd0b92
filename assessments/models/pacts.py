"""Pakta integritas: each employee signs one a year, in the portal or on paper.

The row belongs to the employee, not to a unit: who moves has signed, and counts where he is.
"""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import PactMethod, PactWording
from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile, append_only
from opd.models import Employee, Government, Membership, Unit


class PactBatch(models.Model):
    """A signed list on paper, scanned: many employees of one unit at once."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    scan = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    form_key = models.UUIDField(unique=True)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="pact_batch_in_government")
        ]
        triggers: ClassVar = [append_only("pact_batch_append_only")]

    def __str__(self) -> str:
        return f"pacts of unit {self.unit_id} {self.year}"


@track(exclude=["withdrawal_reason"])
class IntegrityPact(models.Model):
    """What was signed is the wording of `text_code`, whose hash stands beside it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="pacts")
    year = models.PositiveSmallIntegerField()
    wording = models.CharField(max_length=8, choices=PactWording)
    text_code = models.CharField(max_length=40)
    text_sha256 = models.CharField(max_length=64)
    method = models.CharField(max_length=6, choices=PactMethod)
    signed_on = models.DateField()
    batch = models.ForeignKey(
        PactBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="pacts"
    )
    # In the portal: the office in which the employee signed. On paper: who recorded it.
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.CharField(max_length=400, blank=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "year"],
                condition=Q(withdrawn_at=None),
                name="pact_one_stands",
                violation_error_message=_("This pact is already recorded."),
            ),
            models.CheckConstraint(
                name="pact_has_evidence",
                condition=Q(method="wet", batch__isnull=False) | Q(method="portal", batch=None),
            ),
            models.CheckConstraint(
                name="pact_signed_in_its_year", condition=Q(signed_on__year=models.F("year"))
            ),
            models.CheckConstraint(
                name="pact_withdrawn_whole",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawal_reason="")
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawal_reason="")
                ),
                violation_error_message=_("A withdrawal needs its reason."),
            ),
        ]
        indexes = [models.Index(fields=["government", "year"], name="pact_by_year")]
        triggers: ClassVar = [
            pgtrigger.Protect(name="pact_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="pact_withdrawn_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"pact {self.pk} of employee {self.employee_id} {self.year}"
