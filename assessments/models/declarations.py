"""A declaration (pencanangan): units and signatories are independent lists.

The units declare; the signatories sign in their order, one of them perhaps for several units or
for none, and none of them needs an account. What they sign is frozen in `text` while it is open.
"""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.enums import AttendeeKind, DeclarationScope, DeclarationState, SignatureMethod
from integrity_portal.core.history import track
from integrity_portal.core.models import append_only, new_public_id
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.enums import OfficeStatus, Role
from opd.models import Government, Membership, Unit
from opd.permissions import sees_whole_government
from opd.transitions import TransitionRow

if TYPE_CHECKING:
    from assessments.models.signatures import Signature


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def visible_to(self, membership: Membership) -> "DeclarationQuerySet":
        """Central roles: all; units: what is or was open; TPN: the acts of its unit's branch.

        What was once open for signing stays readable, as a draft again and discarded too.
        """
        rows = self.filter(government_id=membership.government_id)
        public = Q(state__in=[DeclarationState.OPEN, DeclarationState.CLOSED])
        opened = DeclarationStep.objects.filter(subject=OuterRef("pk"), name="open")
        if sees_whole_government(membership):
            return rows.filter(public | Q(state=DeclarationState.DRAFT) | Exists(opened))
        rows = rows.filter(public | Exists(opened))
        if membership.role == Role.TPN_REVIEWER:
            return rows.about(membership.unit_id)
        return rows

    def about(self, unit_id: int | None) -> "DeclarationQuerySet":
        """Acts that a unit, or one below it, is declared in."""
        own = DeclarationUnit.objects.filter(
            declaration=OuterRef("pk"), unit__lineage__contains=[unit_id]
        )
        return self.filter(Exists(own))

    def closed(self) -> "DeclarationQuerySet":
        return self.filter(state=DeclarationState.CLOSED)


# What a closed act says; `state` and `closed_at` alone change when it is reopened.
SIGNED_COLUMNS = ("government", "title", "held_on", "place", "purpose", "basis", "text")


def _differs(*columns: str) -> pgtrigger.Q:
    found = pgtrigger.Q()
    for column in columns:
        found |= pgtrigger.Q(**{f"old__{column}__df": pgtrigger.F(f"new__{column}")})
    return found


@track(exclude=["title", "purpose", "basis", "source", "text"])
class Declaration(models.Model):
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    government = models.ForeignKey(
        Government, on_delete=models.PROTECT, related_name="declarations"
    )
    scope = models.CharField(max_length=5, choices=DeclarationScope, default=DeclarationScope.JOINT)
    title = models.CharField(max_length=200)
    phase_number = models.PositiveSmallIntegerField(null=True, blank=True)
    phase_label = models.CharField(max_length=80, blank=True)
    held_on = models.DateField(null=True, blank=True)
    held_on_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    place = models.CharField(max_length=200, blank=True)
    purpose = models.TextField(blank=True)
    # Requirements or basis under which it was held; empty means that nobody recorded them.
    basis = models.TextField(blank=True)
    source = models.CharField(max_length=200, blank=True)
    sign_by = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=DeclarationState, default=DeclarationState.DRAFT
    )
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects: ClassVar[DeclarationQuerySet] = DeclarationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="declaration_in_government"),
            models.CheckConstraint(
                name="declaration_open_is_frozen",
                condition=Q(state__in=["draft", "discarded"], text="", text_sha256="")
                | (Q(state__in=["open", "closed"]) & ~Q(text="") & ~Q(text_sha256="")),
                violation_error_message=_("The text is fixed while a declaration is being signed."),
            ),
            models.CheckConstraint(
                name="declaration_closed_has_time",
                condition=Q(state="closed", closed_at__isnull=False, held_on__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
            ),
        ]
        indexes = [models.Index(fields=["government", "state"], name="declaration_by_state")]
        triggers = [
            pgtrigger.Protect(
                name="declaration_closed_not_deleted",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state="closed"),
            ),
            # Reopening changes its state and nothing else; everything else waits for the draft.
            pgtrigger.Protect(
                name="declaration_closed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="closed")
                & (~pgtrigger.Q(new__state="open") | _differs(*SIGNED_COLUMNS)),
            ),
        ]

    def __str__(self) -> str:
        return f"declaration {self.pk} ({self.state})"

    @property
    def held(self) -> PartialDate | None:
        return PartialDate(self.held_on, self.held_on_precision) if self.held_on else None

    @property
    def phase(self) -> str:
        """`1 · Lima unit pertama`, or whichever of the two is known."""
        number = str(self.phase_number) if self.phase_number else ""
        return " · ".join(part for part in (number, self.phase_label) if part)

    @property
    def is_historic(self) -> bool:
        """Held before it was recorded here, and known from a source: the steps say when it was
        recorded, not when it happened."""
        if not self.source or self.closed_at is None or self.held_on is None:
            return False
        return self.held_on < timezone.localdate(self.closed_at)

    @property
    def is_reconstructed(self) -> bool:
        """Historic, and no signed page of it is kept here: its piagam is not the original."""
        signed = [place.signature for place in self.signatories.all()]
        return self.is_historic and all(
            row is not None and row.method == SignatureMethod.WET and row.scan_id is None
            for row in signed
        )

    def is_late(self, today: date) -> bool:
        """Still open after the day by which everybody was to sign."""
        return (
            self.state == DeclarationState.OPEN
            and self.sign_by is not None
            and self.sign_by < today
        )


class DeclarationStep(TransitionRow):
    subject = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class FormerText(models.Model):
    """A text that was open for signing before it was changed: what people signed stays readable."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="former_texts"
    )
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["declaration", "text_sha256"], name="former_text_once"),
            models.CheckConstraint(
                name="former_text_is_whole", condition=~Q(text="") & ~Q(text_sha256="")
            ),
        ]
        triggers = [append_only("former_text_append_only")]

    def __str__(self) -> str:
        return f"former text {self.pk} of declaration {self.declaration_id}"


class DeclarationUnit(models.Model):
    """A declared unit under the name it had on that day."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="declared_in")
    position = models.PositiveSmallIntegerField()
    printed_name = models.CharField(max_length=150)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "unit"],
                name="declaration_unit_once",
                violation_error_message=_("This unit already stands in the declaration."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id}: unit {self.unit_id}"


@track(exclude=["name"])
class Signatory(models.Model):
    """Who signs, in which place. The name may be unknown; the printed office is not."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="signatories"
    )
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150, blank=True)
    title = models.CharField(max_length=150)
    office_status = models.CharField(
        max_length=10, choices=OfficeStatus, default=OfficeStatus.DEFINITIF
    )
    # Only for signing in the portal: nobody else needs an account.
    membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="signatory_of"
    )

    class Meta:
        verbose_name_plural = "signatories"
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "position"],
                name="signatory_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["declaration", "membership"],
                name="signatory_membership_once",
                violation_error_message=_("This person already stands in the list."),
            ),
            models.CheckConstraint(name="signatory_has_title", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return f"signatory {self.position} of declaration {self.declaration_id}"

    @property
    def printed_title(self) -> str:
        """`Pj. Bupati Bekasi`; a definitive office has no prefix."""
        if self.office_status == OfficeStatus.DEFINITIF:
            return self.title
        return f"{OfficeStatus(self.office_status).label} {self.title}"

    @property
    def signature(self) -> "Signature | None":
        """The one that stands; reads the prefetched rows."""
        rows = (row for row in self.signatures.all() if row.withdrawn_at is None)
        return next(rows, None)


class SignatoryUnit(models.Model):
    """A declared unit for which a signatory signs."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    signatory = models.ForeignKey(Signatory, on_delete=models.PROTECT, related_name="signs_for")
    declared = models.ForeignKey(
        DeclarationUnit, on_delete=models.PROTECT, related_name="signed_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["signatory", "declared"], name="signatory_unit_once")
        ]

    def __str__(self) -> str:
        return f"signatory {self.signatory_id} for {self.declared_id}"


class Attendee(models.Model):
    """A witness or somebody else who was there, as one line of the record."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="attendees")
    kind = models.CharField(max_length=8, choices=AttendeeKind)
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "kind", "position"], name="attendee_position_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.position} of declaration {self.declaration_id}"


class Pledge(models.Model):
    """One line of what they promised."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="pledges")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["declaration", "position"], name="pledge_position_once")
        ]

    def __str__(self) -> str:
        return f"pledge {self.position} of declaration {self.declaration_id}"
