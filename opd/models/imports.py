"""An uploaded list of units or places between its preview and its confirmation."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from integrity_portal.core.models import new_public_id
from opd.enums import ImportState, ImportSubject
from opd.models.government import Government
from opd.models.people import Membership


class UnitImportQuerySet(models.QuerySet["UnitImport"]):
    def visible_to(self, membership: Membership) -> "UnitImportQuerySet":
        """Imports of the own government; only people who manage units come here."""
        return self.filter(government_id=membership.government_id)

    def expired(self, now: datetime) -> "UnitImportQuerySet":
        return self.filter(expires_at__lt=now).exclude(rows=[])


class UnitImport(models.Model):
    """The parsed rows of one file. Nothing of them is in the registry until they are confirmed.

    `subject`: what the rows are about; units, or places for posters.

    `rows` are emptied when the import expires; who, when and how many stays.
    """

    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=8, choices=ImportSubject, default=ImportSubject.UNITS)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.PENDING)
    content_hash = models.CharField(max_length=64)
    columns = models.JSONField()
    # [row number in the file, [cell, cell, …]] in the order of `columns`.
    rows = models.JSONField()
    # After writing: row number → why it was refused, in the words that were shown.
    reasons = models.JSONField(default=dict)
    row_count = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    objects = UnitImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="unit_import_in_government"),
            models.CheckConstraint(
                name="unit_import_applied_has_time",
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["government", "-id"], name="unit_import_newest"),
            models.Index(fields=["expires_at"], name="unit_import_expiry"),
        ]

    def __str__(self) -> str:
        return f"unit import {self.pk}"
