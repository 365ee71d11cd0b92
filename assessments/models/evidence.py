"""Evidence (bukti dukung): documents of a unit, their immutable revisions, and where they count."""

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from assessments.enums import UseVerdict, WorksheetState
from assessments.models.worksheets import WorksheetItem, reviewed_by
from assessments.models.zones import assessed_units, inherited_zones
from integrity_portal.core.history import track
from integrity_portal.core.jobs import Job, JobQuerySet
from integrity_portal.core.models import StoredFile, append_only
from opd.enums import Role
from opd.models import Government, Membership, Unit
from opd.permissions import sees_whole_government

OF_THE_SHEETS_UNIT = """
IF NOT EXISTS (
    SELECT 1
    FROM assessments_worksheetitem AS item
    JOIN assessments_evidence AS proof ON proof.id = NEW.evidence_id
    WHERE item.id = NEW.item_id AND item.government_id = NEW.government_id
      AND proof.government_id = NEW.government_id
) THEN
    RAISE EXCEPTION 'evidence_of_one_government: another government'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_of_one_government';
END IF;
RETURN NEW;
"""


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, membership: Membership) -> "EvidenceQuerySet":
        """Central roles: all; units: their branch and what stands on roads that they took over;
        TPI members: of the units that they assess; TPN reviewers: what approved sheets show."""
        rows = self.filter(government_id=membership.government_id)
        if sees_whole_government(membership):
            return rows
        uses = EvidenceUse.objects.filter(evidence=OuterRef("pk"))
        if membership.role == Role.TPN_REVIEWER:
            shown = uses.filter(
                item__worksheet__zone__unit=membership.unit_id,
                item__worksheet__state=WorksheetState.APPROVED,
            )
            return rows.filter(Exists(shown))
        reviewed = uses.filter(
            reviewed_by(
                membership, unit="item__worksheet__zone__unit", year="item__worksheet__year"
            )
        )
        taken_over = uses.filter(item__worksheet__zone__in=inherited_zones(membership))
        return rows.filter(
            Q(unit__lineage__contains=[membership.unit_id])
            | Q(unit__in=assessed_units(membership))
            | Exists(reviewed)
            | Exists(taken_over)
        )


@track(exclude=["title", "number", "note"])
class Evidence(models.Model):
    """A document of a unit. `dated_on` is the document's own day, not that of its upload."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="evidence")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=80, blank=True)
    dated_on = models.DateField(null=True, blank=True)
    # How long it proves anything; empty: as long as nothing replaces it.
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)
    is_sample = models.BooleanField(default=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="evidence_in_government"),
            models.CheckConstraint(
                name="evidence_has_title",
                condition=~Q(title=""),
                violation_error_message=_("Write what the document is called."),
            ),
            models.CheckConstraint(
                name="evidence_validity_in_order",
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_from__lte=F("valid_until")),
                violation_error_message=_("The end of validity lies before its beginning."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["government", "valid_until"],
                name="evidence_expiring",
                condition=Q(valid_until__isnull=False),
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="evidence_owner_stays", operation=pgtrigger.UpdateOf("unit_id", "form_key")
            ),
            pgtrigger.Protect(name="evidence_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"evidence {self.pk} of unit {self.unit_id}"


class EvidenceRevision(models.Model):
    """One state of the document: a stored file, or an address with the fingerprint it had."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    stored = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    url = models.URLField(max_length=1000, blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence", "number"], name="evidence_revision_once"),
            models.CheckConstraint(
                name="evidence_revision_is_file_or_link",
                condition=Q(stored__isnull=False, url="") | Q(stored=None) & ~Q(url=""),
                violation_error_message=_("Choose a file or enter a link, not both."),
            ),
        ]
        triggers = [append_only("evidence_revision_append_only")]

    def __str__(self) -> str:
        return f"revision {self.number} of evidence {self.evidence_id}"

    @property
    def is_link(self) -> bool:
        return self.stored_id is None


class HealthQuerySet(JobQuerySet["EvidenceHealth"]):
    pass


class EvidenceHealth(Job):
    """What the last look at a revision found; files are hashed again every night, links weekly.

    A job that never ends: after a look it waits for the next one.
    """

    class Result(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("state of a document", "Not looked at yet")
        SAME = "same", pgettext_lazy("state of a document", "Unchanged")
        CHANGED = "changed", pgettext_lazy("state of a document", "Changed")
        GONE = "gone", pgettext_lazy("state of a document", "Cannot be reached")

        @property
        def tone(self) -> str:
            return {"same": "good", "changed": "bad", "gone": "bad"}.get(self.value, "info")

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    revision = models.OneToOneField(
        EvidenceRevision, on_delete=models.PROTECT, related_name="health"
    )
    result = models.CharField(max_length=7, choices=Result, default=Result.WAITING)
    # SHA-256 of what a link led to when it was first read; a file's stands on the file.
    fingerprint = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    objects = HealthQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                name="evidence_health_due",
                condition=Q(job_state__in=["waiting", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"health of revision {self.revision_id}: {self.result}"

    @property
    def tone(self) -> str:
        return EvidenceHealth.Result(self.result).tone


@track(exclude=["pages", "verdict_note", "returned_note"])
class EvidenceUse(models.Model):
    """A document at one question, with the pages that matter and what the TPI says about it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    item = models.ForeignKey(WorksheetItem, on_delete=models.PROTECT, related_name="uses")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="uses")
    pages = models.CharField(max_length=60, blank=True)
    added_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    verdict = models.CharField(
        max_length=8, choices=UseVerdict, default=UseVerdict.WAITING, editable=False
    )
    verdict_note = models.TextField(blank=True)
    # Why it was returned last; stays when a newer revision waits or is accepted.
    returned_note = models.TextField(blank=True)
    # The revision that was looked at: a newer one waits again.
    verdict_revision = models.ForeignKey(
        EvidenceRevision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verdict_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verdict_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "evidence"],
                name="evidence_use_once",
                violation_error_message=_("This document already stands at the question."),
            ),
            models.CheckConstraint(
                name="evidence_returned_has_reason",
                condition=~Q(verdict="returned") | ~Q(verdict_note=""),
                violation_error_message=_("Write why the document does not prove it."),
            ),
            models.CheckConstraint(
                name="evidence_verdict_is_complete",
                condition=Q(verdict="waiting", verdict_by=None, verdict_revision=None)
                | ~Q(verdict="waiting")
                & Q(verdict_by__isnull=False, verdict_revision__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="evidence_of_one_government",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=OF_THE_SHEETS_UNIT,
            )
        ]

    def __str__(self) -> str:
        return f"evidence {self.evidence_id} at item {self.item_id}"

    @property
    def verdict_tone(self) -> str:
        return UseVerdict(self.verdict).tone


@track()
class EvidenceExample(models.Model):
    """A redacted copy of an accepted document that its unit lets other units of the government see."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    use = models.ForeignKey(EvidenceUse, on_delete=models.PROTECT, related_name="examples")
    # Of the question, under whatever instrument edition.
    code = models.CharField(max_length=24)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    released_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["use"], condition=Q(withdrawn_at=None), name="evidence_example_one_stands"
            )
        ]
        indexes = [models.Index(fields=["government", "code"], name="evidence_example_by_code")]

    def __str__(self) -> str:
        return f"example {self.pk} for {self.code}"
