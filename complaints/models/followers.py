"""Who found his own complaint among those of others and follows that one instead of filing again."""

from django.db import models

from complaints.models.complaints import Complaint
from complaints.models.reporters import contact_index
from integrity_portal.core import crypto
from opd.models import Government

TABLE = "complaints_follower"


class Follower(models.Model):
    """A code of its own, which opens state, dates and the public title and nothing a citizen wrote.

    The contact is there for "there is an answer" only; no screen shows it. Erased with the texts.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="followers")
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    code_hash = models.CharField(max_length=64, unique=True)
    contact_sealed = models.TextField(blank=True)
    contact_index = models.CharField(max_length=64, blank=True, db_index=True)
    followed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["complaint", "id"], name="complaint_follower_list")]

    def __str__(self) -> str:
        return f"follower {self.pk} of complaint {self.complaint_id}"

    def seal(self, contact: str) -> None:
        if contact:
            self.contact_sealed = crypto.seal(contact, **self._place())
            self.contact_index = contact_index(contact)

    def contact_with_pii(self) -> str:
        return (
            crypto.open_sealed(self.contact_sealed, **self._place()) if self.contact_sealed else ""
        )

    def _place(self) -> dict[str, str]:
        """The code's hash is the row's name: it stands before the row does."""
        return {"table": TABLE, "column": "contact", "row": self.code_hash}
