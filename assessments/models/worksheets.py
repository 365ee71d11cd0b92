"""Work-sheets (LKE): one zone in one year under one instrument, and its questions.

The sheet owns its state; the zone only checks it. Whose answer stands where is in answers.py,
what proves it in evidence.py.
"""

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import Assessor, Audience, ItemMark, MessageKind, WorksheetState
from assessments.models.instruments import InstrumentEdition
from assessments.models.monev import another_person
from assessments.models.workplans import branch
from assessments.models.zones import IntegrityZone
from assessments.review_tiers import tiers
from integrity_portal.core.history import track
from integrity_portal.core.models import append_only
from opd.enums import Role
from opd.models import Government, Membership, TpiAssignment, TpiMember
from opd.transitions import TransitionRow

IN_ZONES_GOVERNMENT = """
IF NOT EXISTS (
    SELECT 1 FROM assessments_integrityzone
    WHERE id = NEW.zone_id AND government_id = NEW.government_id
) THEN
    RAISE EXCEPTION 'worksheet_of_the_zones_government: another government'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'worksheet_of_the_zones_government';
END IF;
RETURN NEW;
"""


# Whoever approves is not the only one of the TPI who looked at it.
NOT_ALONE = """
IF NEW.state = 'approved' AND OLD.state <> 'approved' AND EXISTS (
    SELECT 1 FROM assessments_answer AS score
    JOIN assessments_worksheetitem AS item ON item.id = score.item_id
    WHERE item.worksheet_id = NEW.id AND score.assessor = 'tpi'
) AND NOT EXISTS (
    SELECT 1 FROM assessments_answer AS score
    JOIN assessments_worksheetitem AS item ON item.id = score.item_id
    JOIN opd_membership AS scorer ON scorer.id = score.changed_by_id
    JOIN opd_membership AS approver ON approver.id = NEW.approved_by_id
    WHERE item.worksheet_id = NEW.id AND score.assessor = 'tpi'
      AND scorer.user_id <> approver.user_id
) AND NOT EXISTS (
    SELECT 1 FROM assessments_worksheetstep AS step
    JOIN opd_membership AS reader ON reader.id = step.membership_id
    JOIN opd_membership AS approver ON approver.id = NEW.approved_by_id
    WHERE step.subject_id = NEW.id AND step.name = 'pass_up' AND step.round = NEW.round
      AND reader.user_id <> approver.user_id
) THEN
    RAISE EXCEPTION 'worksheet_not_alone: one person scored and approves'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'worksheet_not_alone';
END IF;
RETURN NEW;
"""


def reviewed_by(membership: Membership, *, unit: str, year: str) -> Q:
    """Rows that this person reviews as TPI of that year, whatever agency he comes from: where he
    is assigned, and everywhere by a function that counts for all units."""
    own = {"membership__user": membership.user_id, "government": membership.government_id}
    assigned = TpiAssignment.objects.filter(unit=OuterRef(unit), year=OuterRef(year), **own)
    everywhere = [n for tier in tiers() if not tier.is_assigned for n in tier.functions]
    members = TpiMember.objects.filter(team__year=OuterRef(year), function__in=everywhere, **own)
    return Q(Exists(assigned)) | Q(Exists(members))


class WorksheetQuerySet(models.QuerySet["Worksheet"]):
    def visible_to(self, membership: Membership) -> "WorksheetQuerySet":
        """Central roles: all; units: their branch; TPN reviewers: their one unit, once the TPI
        has approved it; TPI members: the units that they assess."""
        if membership.role == Role.TPN_REVIEWER:
            rows = self.filter(branch(membership, "zone__unit"))
            return rows.filter(state=WorksheetState.APPROVED)
        return self.filter(
            branch(membership, "zone__unit")
            | Q(government_id=membership.government_id)
            & reviewed_by(membership, unit="zone__unit", year="year")
        )

    def current(self) -> "WorksheetQuerySet":
        """Without those that went on under a newer edition of their instrument."""
        return self.exclude(state=WorksheetState.REPLACED)

    def with_names(self) -> "WorksheetQuerySet":
        """With zone, unit and instrument, but not the instrument's whole text."""
        return self.select_related("zone__unit", "government", "instrument").defer(
            "instrument__content"
        )


@track()
class Worksheet(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="worksheets")
    zone = models.ForeignKey(IntegrityZone, on_delete=models.PROTECT, related_name="worksheets")
    year = models.PositiveSmallIntegerField()
    instrument = models.ForeignKey(
        InstrumentEdition, on_delete=models.PROTECT, related_name="worksheets"
    )
    state = models.CharField(
        max_length=9, choices=WorksheetState, default=WorksheetState.DRAFT, editable=False
    )
    # How often it was sent to the TPI: 1 after the first time.
    round = models.PositiveSmallIntegerField(default=0)
    # Which tier of the TPI has it now (review_tiers.py); empty while the unit has it.
    tier = models.CharField(max_length=20, blank=True)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    submitted_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)

    objects = WorksheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="worksheet_in_government"),
            models.UniqueConstraint(
                fields=["zone", "year"],
                condition=~Q(state="replaced"),
                name="worksheet_once_a_year",
                violation_error_message=_("This unit already has a work-sheet for that year."),
            ),
            models.CheckConstraint(
                name="worksheet_year",
                condition=Q(year__gte=2010, year__lte=2100),
                violation_error_message=_("Choose a year between 2010 and 2100."),
            ),
            models.CheckConstraint(
                name="worksheet_submitted_by_somebody",
                condition=~Q(state__in=["submitted", "approved"]) | Q(submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="worksheet_approved_by_somebody",
                condition=Q(state="approved", approved_by__isnull=False)
                | ~Q(state="approved") & Q(approved_by=None),
            ),
            models.CheckConstraint(
                name="worksheet_tier_while_reviewed",
                condition=Q(state="submitted") & ~Q(tier="") | ~Q(state="submitted") & Q(tier=""),
            ),
        ]
        indexes = [models.Index(fields=["government", "year"], name="worksheet_by_year")]
        triggers = [
            another_person("worksheet_four_eyes", "submitted_by", "approved_by"),
            pgtrigger.Trigger(
                name="worksheet_not_alone",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=NOT_ALONE,
            ),
            pgtrigger.Trigger(
                name="worksheet_of_the_zones_government",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=IN_ZONES_GOVERNMENT,
            ),
            pgtrigger.Protect(
                name="worksheet_identity_stays",
                operation=pgtrigger.UpdateOf("zone_id", "year", "instrument_id", "copied_from_id"),
            ),
            pgtrigger.Protect(name="worksheet_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"work-sheet {self.year} of zone {self.zone_id}"

    @property
    def state_tone(self) -> str:
        return WorksheetState(self.state).tone

    @property
    def year_text(self) -> str:
        return str(self.year)


class WorksheetStep(TransitionRow):
    subject = models.ForeignKey(Worksheet, on_delete=models.PROTECT, related_name="steps")
    # The tier that acted, and the round in which it did.
    tier = models.CharField(max_length=20, blank=True)
    round = models.PositiveSmallIntegerField(default=0)

    class Meta(TransitionRow.Meta):
        pass


@track()
class WorksheetItem(models.Model):
    """One question of one sheet: who answers it until when, and what is asked of the unit."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    worksheet = models.ForeignKey(Worksheet, on_delete=models.PROTECT, related_name="items")
    code = models.CharField(max_length=24)
    sub_aspect = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    mark = models.CharField(max_length=8, choices=ItemMark, default=ItemMark.NONE, blank=True)
    assignee = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="worksheet_items"
    )
    due_on = models.DateField(null=True, blank=True)
    # Working days it takes to climb one step of the scale, as the unit itself estimates.
    effort = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "id"], name="worksheet_item_in_government"
            ),
            models.UniqueConstraint(fields=["worksheet", "code"], name="worksheet_item_once"),
            models.CheckConstraint(
                name="worksheet_item_due_date_is_somebodys",
                condition=Q(due_on=None) | Q(assignee__isnull=False),
                violation_error_message=_("A due date needs somebody who answers."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["assignee", "due_on"],
                name="worksheet_item_tasks",
                condition=Q(assignee__isnull=False),
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="worksheet_item_identity_stays",
                operation=pgtrigger.UpdateOf("worksheet_id", "code", "sub_aspect", "position"),
            ),
            pgtrigger.Protect(name="worksheet_item_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.code} of work-sheet {self.worksheet_id}"

    @property
    def mark_tone(self) -> str:
        return ItemMark(self.mark).tone


class ItemMessage(models.Model):
    """The thread of a question: what is written stays."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    item = models.ForeignKey(WorksheetItem, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=8, choices=MessageKind, default=MessageKind.NOTE)
    audience = models.CharField(max_length=9, choices=Audience, default=Audience.EVERYBODY)
    side = models.CharField(max_length=4, choices=Assessor)
    text = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="item_message_has_text",
                condition=~Q(text=""),
                violation_error_message=_("Write a message."),
            ),
            models.CheckConstraint(
                name="item_message_unit_hides_nothing",
                condition=~Q(side="unit") | Q(audience="everybody"),
            ),
        ]
        triggers = [append_only("item_message_append_only")]

    def __str__(self) -> str:
        return f"message {self.pk} on item {self.item_id}"


class WorksheetScore(models.Model):
    """The totals of one assessor, written in the transaction that changed an answer."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    worksheet = models.ForeignKey(Worksheet, on_delete=models.PROTECT, related_name="scores")
    assessor = models.CharField(max_length=4, choices=Assessor)
    total = models.DecimalField(max_digits=28, decimal_places=20)
    answered = models.PositiveSmallIntegerField()
    # Points by node, unrounded, as texts.
    nodes = models.JSONField()
    # Codes of the gates of its target that are not met, under every reading.
    unmet = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["worksheet", "assessor"], name="worksheet_score_once"),
            models.CheckConstraint(
                name="worksheet_score_range", condition=Q(total__gte=0, total__lte=1000)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessor} {self.total:.2f} of work-sheet {self.worksheet_id}"


class WorksheetApproval(models.Model):
    """An approval bound to what was approved: the hash of every question as it stood."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    worksheet = models.ForeignKey(Worksheet, on_delete=models.PROTECT, related_name="approvals")
    round = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    # Question → hash of its answers and proofs; the total as it stood.
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    unit_total = models.DecimalField(max_digits=28, decimal_places=20)
    tpi_total = models.DecimalField(max_digits=28, decimal_places=20)

    class Meta:
        triggers = [append_only("worksheet_approval_append_only")]

    def __str__(self) -> str:
        return f"approval of work-sheet {self.worksheet_id}, round {self.round}"
