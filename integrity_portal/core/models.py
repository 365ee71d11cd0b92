"""Support that knows no app: ledger, stored files, documents, counters, heartbeats."""

import secrets
from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from integrity_portal.core.jobs import Job, JobQuerySet


def new_public_id() -> str:
    """128 random bits in 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


class TransactionId(models.Func):
    """The 64-bit id of the writing transaction, for sealing only what is surely committed."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


def append_only(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class LedgerEntry(models.Model):
    """Who did what to which row: ids and codes only, never free text or personal data."""

    government_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    codes = models.JSONField(default=dict)
    occurred_at = models.DateTimeField(db_default=Now())
    request_id = models.CharField(max_length=12)
    txid = models.BigIntegerField(db_default=TransactionId())

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="ledger_by_subject"),
            models.Index(fields=["government_id", "-id"], name="ledger_by_government"),
        ]
        triggers = [append_only("ledger_entry_append_only")]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} {self.subject_type}:{self.subject_id}"


class LedgerLeaf(models.Model):
    """The gapless position of a committed entry in the hash tree."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="leaf")
    leaf_hash = models.BinaryField()

    class Meta:
        triggers = [append_only("ledger_leaf_append_only")]

    def __str__(self) -> str:
        return str(self.position)


class LedgerSeal(models.Model):
    """A signed head over the first `tree_size` leaves (RFC 6962), chained to the one before."""

    tree_size = models.BigIntegerField(unique=True)
    root_hash = models.BinaryField()
    # Hashes of the perfect subtrees, largest first: enough to append without reading all leaves.
    peaks = models.JSONField()
    previous_hash = models.BinaryField()
    signature = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        triggers = [append_only("ledger_seal_append_only")]

    def __str__(self) -> str:
        return f"{self.tree_size} {bytes(self.root_hash).hex()[:12]}"


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def kept(self) -> "StoredFileQuerySet":
        return self.filter(state=StoredFile.State.STORED)

    def orphans(self, before: datetime) -> "StoredFileQuerySet":
        return self.filter(state=StoredFile.State.PENDING, created_at__lt=before)


class StoredFile(models.Model):
    """A checked upload or a made document. Bytes live under `key` in the default storage."""

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("file state", "Being stored")
        STORED = "stored", pgettext_lazy("file state", "Stored")

    class Scan(models.TextChoices):
        NOT_SCANNED = "not_scanned", pgettext_lazy("virus scan", "Not scanned")
        CLEAN = "clean", pgettext_lazy("virus scan", "Clean")

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    government_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    scan = models.CharField(max_length=12, choices=Scan, default=Scan.NOT_SCANNED)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stored_file_not_empty",
                condition=Q(size__gt=0),
                violation_error_message=_("The file is empty."),
            )
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="stored_file_orphans",
                condition=Q(state="pending"),
            )
        ]

    def __str__(self) -> str:
        return self.public_id


class DocumentQuerySet(JobQuerySet["Document"]):
    pass


class Document(Job):
    """A PDF that workers render chapter by chapter. `kind` names a registered DocumentKind."""

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    government_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    variant = models.CharField(max_length=40, blank=True)
    # Ids, codes and dates that say what the document shows; chapters are made from them.
    params = models.JSONField(default=dict)
    title = models.CharField(max_length=200)
    # Set for scheduled documents: one per kind, variant and period, however many beats there are.
    period = models.CharField(max_length=20, blank=True)
    requested_by_id = models.BigIntegerField(null=True)
    requested_at = models.DateTimeField()
    figures_at = models.DateTimeField(null=True, blank=True)
    chapters_done = models.PositiveSmallIntegerField(default=0)
    chapters_total = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveIntegerField(null=True, blank=True)
    # Over the hashes of the chapters: two documents that show the same have the same.
    content_hash = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT)
    finished_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "kind", "variant", "period"],
                condition=~Q(period=""),
                name="document_once_per_period",
            ),
            models.CheckConstraint(
                name="document_done_has_file",
                condition=~Q(job_state="done")
                | Q(file__isnull=False, pages__isnull=False, finished_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["government_id", "kind", "-id"], name="document_list"),
            models.Index(
                fields=["next_try_at"],
                name="document_due",
                condition=Q(job_state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.variant} {self.public_id}"


class Chapter(models.Model):
    """One chapter's PDF, reused by every document that shows the same content."""

    government_id = models.BigIntegerField()
    content_hash = models.CharField(max_length=64)
    pages = models.PositiveIntegerField()
    pdf = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "content_hash"],
                name="chapter_once_per_content",
            )
        ]

    def __str__(self) -> str:
        return self.content_hash[:12]


class RateCount(models.Model):
    """A counter of tries; the key is a keyed hash of scope, identity and time slot."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key[:8]


class Heartbeat(models.Model):
    """When a part of the portal was last seen alive: worker, dispatch."""

    name = models.CharField(max_length=40, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
