"""Signatures of a declaration. None is ever removed: a wrong one is withdrawn with a reason."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import SignatureMethod
from assessments.models.declarations import Signatory
from integrity_portal.core.models import StoredFile
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.models import Government, Membership


class Signature(models.Model):
    """Wet ink: a day, perhaps a scan. Portal: the office over the text. Certified: the PDF."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    signatory = models.ForeignKey(Signatory, on_delete=models.PROTECT, related_name="signatures")
    method = models.CharField(max_length=9, choices=SignatureMethod)
    signed_on = models.DateField()
    signed_on_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    scan = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT)
    # What was signed in the portal: the declaration's text of that moment.
    text_sha256 = models.CharField(max_length=64, blank=True)
    # Empty for signatures that came with the history.
    recorded_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["signatory"],
                condition=Q(withdrawn_at=None),
                name="signature_one_stands",
                violation_error_message=_("This signature is already recorded."),
            ),
            models.CheckConstraint(
                name="signature_has_evidence",
                condition=Q(method="wet", text_sha256="")
                | Q(method="certified", text_sha256="", scan__isnull=False)
                | (
                    Q(
                        method="portal",
                        scan=None,
                        recorded_by__isnull=False,
                        signed_on_precision="day",
                    )
                    & ~Q(text_sha256="")
                ),
                violation_error_message=_("The evidence does not fit the way of signing."),
            ),
            models.CheckConstraint(
                name="signature_withdrawn_whole",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawal_reason="")
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawal_reason="")
                ),
                violation_error_message=_("A withdrawal needs its reason."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="signature_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="signature_withdrawn_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"signature {self.pk} ({self.method}) of signatory {self.signatory_id}"

    @property
    def signed(self) -> PartialDate:
        return PartialDate(self.signed_on, self.signed_on_precision)
