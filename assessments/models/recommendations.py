"""The register of what TPI and TPN recommend to a zone, and what its unit did about it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import AreaOfChange, AssessorTeam, RecommendationState, ReplyState
from assessments.models.events import AssessmentEvent, assessed_by
from assessments.models.monev import another_person
from assessments.models.workplans import branch
from assessments.models.zones import IntegrityZone
from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile, append_only
from opd.models import Government, Membership
from opd.transitions import TransitionRow

# Whoever holds an office in the unit itself, above or below it, today, is no assessor of it.
NOT_OF_THE_UNIT = """
IF NEW.decided_by_id IS NOT NULL AND (EXISTS (
    SELECT 1
    FROM opd_membership AS decider
    JOIN assessments_recommendation AS said ON said.id = NEW.recommendation_id
    JOIN assessments_integrityzone AS road ON road.id = said.zone_id
    JOIN opd_unit AS assessed ON assessed.id = road.unit_id
    WHERE decider.id = NEW.decided_by_id
      AND decider.role = 'inspectorate' AND assessed.kind = 'inspektorat'
) OR EXISTS (
    SELECT 1
    FROM opd_membership AS decider
    JOIN opd_membership AS office ON office.user_id = decider.user_id
    JOIN opd_unit AS own ON own.id = office.unit_id
    JOIN assessments_recommendation AS said ON said.id = NEW.recommendation_id
    JOIN assessments_integrityzone AS road ON road.id = said.zone_id
    JOIN opd_unit AS assessed ON assessed.id = road.unit_id
    WHERE decider.id = NEW.decided_by_id
      AND (own.id = ANY(assessed.lineage) OR assessed.id = ANY(own.lineage))
      AND (office.valid_to IS NULL OR office.valid_to >= CURRENT_DATE)
)) THEN
    RAISE EXCEPTION 'recommendation_not_by_the_unit: nobody decides on his own unit'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'recommendation_not_by_the_unit';
END IF;
RETURN NEW;
"""
DUE_DATE_HAS_ITS_REASON = """
IF NEW.due_on IS DISTINCT FROM OLD.due_on AND NOT EXISTS (
    SELECT 1 FROM assessments_duedatemove AS moved
    WHERE moved.recommendation_id = NEW.id
      AND moved.from_day = OLD.due_on AND moved.to_day = NEW.due_on
) THEN
    RAISE EXCEPTION 'recommendation_due_date: moved without its reason'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'recommendation_due_date';
END IF;
RETURN NEW;
"""


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def visible_to(self, membership: Membership) -> "RecommendationQuerySet":
        """The own branch, a TPN reviewer's one unit, and units that this person assesses."""
        own = branch(membership, "zone__unit")
        assessed = Q(assessed_by(membership, unit="zone__unit", year="year"))
        return self.filter(own | Q(government_id=membership.government_id) & assessed)

    def unfinished(self) -> "RecommendationQuerySet":
        return self.exclude(state=RecommendationState.CLOSED)


@track(exclude=["text", "responsible"])
class Recommendation(models.Model):
    """One recommendation; its owner is the unit of the zone."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    zone = models.ForeignKey(
        IntegrityZone, on_delete=models.PROTECT, related_name="recommendations"
    )
    year = models.PositiveSmallIntegerField()
    team = models.CharField(max_length=3, choices=AssessorTeam)
    # As the assessors number it.
    number = models.CharField(max_length=20)
    event = models.ForeignKey(
        AssessmentEvent,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="recommendations",
    )
    # Number of the LHE or letter in which it stands.
    letter = models.CharField(max_length=80, blank=True)
    area = models.CharField(max_length=1, choices=AreaOfChange)
    text = models.TextField()
    responsible = models.CharField(max_length=150, blank=True)
    due_on = models.DateField()
    state = models.CharField(
        max_length=11,
        choices=RecommendationState,
        default=RecommendationState.OPEN,
        editable=False,
    )
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "id"], name="recommendation_in_government"
            ),
            models.UniqueConstraint(
                fields=["zone", "year", "team", "number"],
                name="recommendation_number_once",
                violation_error_message=_("This number is already in the register."),
            ),
            models.CheckConstraint(
                name="recommendation_is_complete", condition=~Q(text="") & ~Q(number="")
            ),
        ]
        indexes = [
            models.Index(fields=["government", "year"], name="recommendation_by_year"),
            models.Index(
                fields=["zone", "due_on"],
                name="recommendation_unfinished",
                condition=~Q(state="closed"),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="recommendation_due_date",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=DUE_DATE_HAS_ITS_REASON,
            ),
            pgtrigger.Protect(
                name="recommendation_text_stays",
                operation=pgtrigger.UpdateOf(
                    "zone_id", "year", "team", "number", "area", "text", "event_id", "letter"
                ),
                condition=pgtrigger.Q(old__state__in=["followed_up", "returned", "closed"]),
            ),
            pgtrigger.Protect(name="recommendation_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"recommendation {self.pk} for zone {self.zone_id}"

    @property
    def state_tone(self) -> str:
        return RecommendationState(self.state).tone

    @property
    def year_text(self) -> str:
        return str(self.year)


class RecommendationStep(TransitionRow):
    subject = models.ForeignKey(Recommendation, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class DueDateMove(models.Model):
    """Why a recommendation is due on another day than before."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="moves"
    )
    from_day = models.DateField()
    to_day = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="due_date_move_has_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Write why the due date moves."),
            ),
        ]
        triggers = [append_only("due_date_move_append_only")]

    def __str__(self) -> str:
        return f"{self.from_day} → {self.to_day}"


@track(exclude=["text", "message"])
class RecommendationReply(models.Model):
    """What the unit sent; it stays, and is answered by an assessor who is nobody of the unit."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="replies"
    )
    text = models.TextField()
    sent_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    state = models.CharField(
        max_length=8, choices=ReplyState, default=ReplyState.SENT, editable=False
    )
    decided_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    message = models.TextField(blank=True)
    form_key = models.UUIDField(unique=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "recommendation replies"
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="reply_in_government"),
            models.UniqueConstraint(
                fields=["recommendation"],
                condition=Q(state="sent"),
                name="reply_one_waits",
                violation_error_message=_("A reply already waits for the assessor."),
            ),
            models.CheckConstraint(name="reply_has_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="reply_decided_is_complete",
                condition=Q(state="sent", decided_by=None, decided_at=None, message="")
                | ~Q(state="sent") & Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="reply_returned_has_message",
                condition=~Q(state="returned") | ~Q(message=""),
                violation_error_message=_("Write what is still missing."),
            ),
        ]
        triggers = [
            another_person("reply_four_eyes", "sent_by", "decided_by"),
            pgtrigger.Trigger(
                name="recommendation_not_by_the_unit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=NOT_OF_THE_UNIT,
            ),
            pgtrigger.Protect(
                name="reply_content_stays",
                operation=pgtrigger.UpdateOf(
                    "recommendation_id", "text", "sent_by_id", "sent_at", "form_key"
                ),
            ),
            pgtrigger.Protect(
                name="reply_decision_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["accepted", "returned"]),
            ),
            pgtrigger.Protect(name="reply_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"reply {self.pk} to recommendation {self.recommendation_id}"

    @property
    def state_tone(self) -> str:
        return ReplyState(self.state).tone


class ReplyFile(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    reply = models.ForeignKey(RecommendationReply, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reply", "stored"], name="reply_file_once")]
        triggers = [append_only("reply_file_append_only")]

    def __str__(self) -> str:
        return f"file {self.stored_id} of reply {self.reply_id}"
