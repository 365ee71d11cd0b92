"""What a citizen shows: photos without what the camera knew, PDF, sound."""

from django.db import models
from django.db.models import Q

from complaints.models.complaints import Complaint, Message
from integrity_portal.core.models import StoredFile
from opd.models import Government


class ComplaintFile(models.Model):
    """One file of a complaint, or of one message of it. Erased with the texts.

    Read by whoever may read the complaint; `is_hidden` where it would tell who an anonymous
    reporter is (a voice), then by coordinator and inspectorate only.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="files")
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.PROTECT, related_name="files"
    )
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    is_hidden = models.BooleanField(default=False)
    added_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["complaint", "id"], name="complaint_file_list")]

    def __str__(self) -> str:
        return f"file {self.pk} of complaint {self.complaint_id}"


class ExtraCode(models.Model):
    """Another code for the same complaint, sent to the contact that its reporter left.

    The first code cannot be sent again because nobody knows it; it stays valid beside this one.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="extra_codes")
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="extra_code_has_hash", condition=~Q(code_hash="")),
        ]

    def __str__(self) -> str:
        return f"extra code {self.pk} of complaint {self.complaint_id}"
