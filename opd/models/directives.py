"""Directives of the mayor or the Sekda to a unit; promises made in public."""

import uuid
from datetime import date
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile
from integrity_portal.core.partial_dates import PartialDate, Precision, last_day
from opd.enums import DIRECTIVE_OPEN, DirectiveState, PromiseState
from opd.models.government import Government
from opd.models.meetings import PublicMeeting
from opd.models.people import Membership
from opd.models.transition_rows import TransitionRow
from opd.models.units import Unit


class DirectiveQuerySet(models.QuerySet["Directive"]):
    def open(self) -> "DirectiveQuerySet":
        return self.filter(state__in=[state.value for state in DIRECTIVE_OPEN])

    def late_on(self, day: date) -> "DirectiveQuerySet":
        return self.open().filter(due_on__lt=day)


@track(exclude=["text", "office_title"])
class Directive(models.Model):
    """`subject_kind` and `subject_id` link upwards to what it is about (opd.subjects)."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="directives")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="directives")
    # The office of the unit that answers for it, if one is named.
    office_title = models.CharField(max_length=150, blank=True)
    text = models.TextField()
    due_on = models.DateField()
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    state = models.CharField(
        max_length=12, choices=DirectiveState, default=DirectiveState.GIVEN, editable=False
    )
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    given_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="directives_given"
    )
    given_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    is_sample = models.BooleanField(default=False)

    objects = DirectiveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="directive_in_government"),
            models.CheckConstraint(
                name="directive_has_text",
                condition=~Q(text=""),
                violation_error_message=_("Write what is to be done."),
            ),
            models.CheckConstraint(
                name="directive_subject_is_whole",
                condition=Q(subject_kind="", subject_id="")
                | ~Q(subject_kind="") & ~Q(subject_id=""),
            ),
            models.CheckConstraint(
                name="directive_percent",
                condition=Q(percent=None) | Q(percent__gte=0, percent__lte=100),
                violation_error_message=_("Enter a percentage from 0 to 100, for example 71,5."),
            ),
        ]
        indexes = [
            models.Index(fields=["government", "state", "due_on"], name="directive_by_due"),
            models.Index(fields=["unit", "state"], name="directive_by_unit"),
            models.Index(
                fields=["government", "subject_kind", "subject_id"], name="directive_about"
            ),
        ]

    def __str__(self) -> str:
        return f"directive {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in DIRECTIVE_OPEN

    def is_late(self, today: date) -> bool:
        return self.is_open and self.due_on < today


class DirectiveStep(TransitionRow):
    subject = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class DirectiveReport(models.Model):
    """What the unit reported: in words, how far, with a proof."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="reports")
    text = models.TextField()
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    is_done = models.BooleanField()
    proof = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    reported_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "id"], name="directive_report_in_government"
            ),
            models.CheckConstraint(
                name="directive_report_has_text",
                condition=~Q(text=""),
                violation_error_message=_("Write what was done."),
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk} on directive {self.directive_id}"


@track(exclude=["text", "place", "proof_note"])
class Promise(models.Model):
    """A promise that a leader made in public. Everything here may be shown to everybody."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="promises")
    # The office, never a person's name.
    promised_by = models.CharField(max_length=120)
    place = models.CharField(max_length=200, blank=True)
    said_on = models.DateField()
    said_on_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    text = models.TextField()
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="promises"
    )
    # The public meeting at which it was made, if it was one.
    meeting = models.ForeignKey(
        PublicMeeting, null=True, blank=True, on_delete=models.PROTECT, related_name="promises"
    )
    due_on = models.DateField(null=True, blank=True)
    due_on_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    state = models.CharField(
        max_length=6, choices=PromiseState, default=PromiseState.OPEN, editable=False
    )
    settled_on = models.DateField(null=True, blank=True)
    proof_note = models.CharField(max_length=500, blank=True)
    proof = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT)
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=0)
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="promise_in_government"),
            models.CheckConstraint(
                name="promise_has_text",
                condition=~Q(text=""),
                violation_error_message=_("Write what was promised."),
            ),
            models.CheckConstraint(
                name="promise_settled_has_proof",
                condition=Q(state="open", settled_on=None)
                | ~Q(state="open") & Q(settled_on__isnull=False) & ~Q(proof_note=""),
                violation_error_message=_("Write by what one sees that it was kept or not."),
            ),
        ]

    def __str__(self) -> str:
        return f"promise {self.pk}"

    @property
    def said(self) -> PartialDate:
        return PartialDate(self.said_on, self.said_on_precision)

    @property
    def due(self) -> PartialDate | None:
        return PartialDate(self.due_on, self.due_on_precision) if self.due_on else None

    def is_past_due(self, today: date) -> bool:
        """The last day that its due date may mean is over, and nobody has judged it."""
        if self.due_on is None or self.state != PromiseState.OPEN:
            return False
        return last_day(self.due_on, self.due_on_precision) < today


class PromiseEdition(models.Model):
    """What a promise said until it was corrected: a word given in public is not rewritten unseen."""

    subject = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="editions")
    version = models.PositiveIntegerField()
    promised_by = models.CharField(max_length=120)
    place = models.CharField(max_length=200, blank=True)
    said_on = models.DateField()
    said_on_precision = models.CharField(max_length=5, choices=Precision)
    text = models.TextField()
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True)
    due_on_precision = models.CharField(max_length=5, choices=Precision)
    # Why it was corrected; for the portal only, so nobody has to write for the public here.
    reason = models.CharField(max_length=500)
    replaced_by = models.ForeignKey(Membership, on_delete=models.PROTECT)
    replaced_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "version"], name="promise_edition_once"),
            models.CheckConstraint(name="promise_edition_has_reason", condition=~Q(reason="")),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="promise_edition_stays", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"promise {self.subject_id}, version {self.version}"

    @property
    def said(self) -> PartialDate:
        return PartialDate(self.said_on, self.said_on_precision)

    @property
    def due(self) -> PartialDate | None:
        return PartialDate(self.due_on, self.due_on_precision) if self.due_on else None


class PromiseStep(TransitionRow):
    subject = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass
