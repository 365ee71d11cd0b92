"""Who reported: a table of its own, encrypted, opened only with a recorded reason."""

from django.db import models
from django.db.models import Q

from complaints.models.complaints import Complaint
from integrity_portal.core import crypto
from integrity_portal.core.models import append_only
from opd.models import Government, Membership

TABLE = "complaints_reporter"


class Reporter(models.Model):
    """Name and contact, each sealed for its own row and column.

    With `for_notice_only` the citizen stays anonymous: there is no name, and no screen shows
    the contact: it is told that there is an answer, and forgotten when the complaint ends.
    """

    complaint = models.OneToOneField(
        Complaint, primary_key=True, on_delete=models.PROTECT, related_name="reporter"
    )
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    for_notice_only = models.BooleanField()
    name_sealed = models.TextField(blank=True)
    contact_sealed = models.TextField(blank=True)
    # Finds the complaints of one contact without storing it readably.
    contact_index = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reporter_anonymous_has_no_name",
                condition=Q(for_notice_only=False) | Q(name_sealed=""),
            ),
            models.CheckConstraint(
                name="reporter_not_empty",
                condition=~Q(name_sealed="") | ~Q(contact_sealed=""),
            ),
        ]

    def __str__(self) -> str:
        return f"reporter of complaint {self.pk}"

    def seal(self, *, name: str, contact: str) -> None:
        self.name_sealed = self._sealed("name", name)
        self.contact_sealed = self._sealed("contact", contact)
        self.contact_index = contact_index(contact) if contact else ""

    def name_with_pii(self) -> str:
        return self._opened("name", self.name_sealed)

    def contact_with_pii(self) -> str:
        return self._opened("contact", self.contact_sealed)

    def _sealed(self, column: str, text: str) -> str:
        if not text:
            return ""
        return crypto.seal(text, table=TABLE, column=column, row=str(self.pk))

    def _opened(self, column: str, value: str) -> str:
        if not value:
            return ""
        return crypto.open_sealed(value, table=TABLE, column=column, row=str(self.pk))


def contact_index(contact: str) -> str:
    return crypto.keyed_hash("blind_index", f"complaints.contact:{contact}")


class IdentityOpening(models.Model):
    """Somebody looked at who reported, and said why."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="openings")
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    opened_at = models.DateTimeField()

    class Meta:
        triggers = [append_only("identity_opening_append_only")]

    def __str__(self) -> str:
        return f"opening {self.pk} of complaint {self.complaint_id}"
