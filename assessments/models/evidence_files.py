"""Bytes on their way: uploads that resume after a broken line, smaller copies of big scans."""

from django.db import models
from django.db.models import F, Q

from assessments.models.evidence import EvidenceRevision
from integrity_portal.core.jobs import Job, JobQuerySet
from integrity_portal.core.models import StoredFile, new_public_id
from opd.models import Government, Membership


class ResumableUpload(models.Model):
    """A file that arrives in pieces; swept when nobody goes on with it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    # Of the file that it becomes: says what is accepted (assessments.resumable.RULES).
    kind = models.CharField(max_length=40, default="lke_evidence")
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    # Keys of the pieces in the storage, in order.
    pieces = models.JSONField(default=list)
    touched_at = models.DateTimeField(db_index=True)
    # What came of it; its pieces are gone then.
    stored = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="resumable_upload_offset", condition=Q(size__gt=0, offset__lte=F("size"))
            )
        ]

    def __str__(self) -> str:
        return f"upload {self.public_id}: {self.offset} of {self.size}"

    @property
    def is_complete(self) -> bool:
        return self.offset == self.size


class SmallerCopyQuerySet(JobQuerySet["SmallerCopy"]):
    pass


class SmallerCopy(Job):
    """A smaller file made of a big scan. The scan stays until a person chooses the copy."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    revision = models.OneToOneField(
        EvidenceRevision, on_delete=models.PROTECT, related_name="smaller"
    )
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # Empty when it is done: nothing could be gained.
    stored = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # A person took it as the next revision, or kept the scan.
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = SmallerCopyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="smaller_copy_due",
                condition=Q(job_state__in=["waiting", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"smaller copy of revision {self.revision_id}"
