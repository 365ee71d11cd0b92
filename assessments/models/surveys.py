"""Surveys: a round of one unit and quarter, who may answer, the answers, what follows of them.

Nothing leads from an answer to a person: an answer knows its day only, carries a random key, and
no row says which proof brought it (docs/adr/0067).
"""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import COUNTED_STATES, ProofKind, SurveyDoor, SurveyState
from assessments.models.zones import assessed_units
from assessments.survey_instruments import Survey, survey_of
from integrity_portal.core.history import track
from integrity_portal.core.models import append_only, new_public_id
from opd.models import Government, Membership, Service, Unit
from opd.permissions import sees_whole_government
from opd.transitions import TransitionRow


class SurveyRoundQuerySet(models.QuerySet["SurveyRound"]):
    def visible_to(self, membership: Membership) -> "SurveyRoundQuerySet":
        """Central roles: all units; others: their branch and units that they assess as TPI."""
        rows = self.filter(government_id=membership.government_id)
        if sees_whole_government(membership):
            return rows
        branch = Q(unit__lineage__contains=[membership.unit_id])
        return rows.filter(branch | Q(unit__in=assessed_units(membership)))

    def counted(self) -> "SurveyRoundQuerySet":
        return self.filter(state__in=COUNTED_STATES)


@track(exclude=["content", "result"])
class SurveyRound(models.Model):
    """One survey of one unit and quarter.

    `content` is the survey as it is asked here, with its scale, conversion and bands; `edition`
    and `sha256` name the file that it came from. `result` is counted once, when the round closes:
    how many answered, item by item which answer, and the hash over all raw answers.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    public_id = models.CharField(max_length=22, unique=True, default=new_public_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="survey_rounds")
    survey = models.CharField(max_length=8)
    edition = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    opens_on = models.DateField()
    closes_on = models.DateField()
    door = models.CharField(max_length=5, choices=SurveyDoor, default=SurveyDoor.PROOF)
    # Answers without proof are part of the index; never changed once the round is open.
    counts_open = models.BooleanField(default=False)
    # How many were served in the period, where it is not known service by service.
    population = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(
        max_length=9, choices=SurveyState, default=SurveyState.DRAFT, editable=False
    )
    result = models.JSONField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    objects = SurveyRoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="survey_round_in_government"),
            models.UniqueConstraint(
                fields=["unit", "survey", "year", "quarter"],
                name="survey_round_once",
                violation_error_message=_("This unit already has this survey in that quarter."),
            ),
            models.CheckConstraint(
                name="survey_round_quarter",
                condition=Q(quarter__gte=1, quarter__lte=4, year__gte=2010, year__lte=2100),
                violation_error_message=_("A year has four quarters."),
            ),
            models.CheckConstraint(
                name="survey_round_days",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("The survey closes before it opens."),
            ),
            models.CheckConstraint(
                name="survey_round_result_when_closed",
                condition=Q(state__in=["draft", "open"], result=None)
                | Q(state__in=["closed", "published"], result__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["government", "-year", "-quarter"], name="survey_by_time")]
        triggers = [
            pgtrigger.Protect(
                name="survey_round_asked_stays",
                operation=pgtrigger.UpdateOf(
                    "unit_id", "survey", "content", "sha256", "door", "counts_open", "year"
                ),
                condition=~pgtrigger.Q(old__state="draft"),
            ),
            pgtrigger.Protect(
                name="survey_round_result_stays",
                operation=pgtrigger.UpdateOf("result"),
                condition=pgtrigger.Q(old__state__in=["closed", "published"]),
            ),
            pgtrigger.Protect(
                name="survey_round_stays",
                operation=pgtrigger.Delete,
                condition=~pgtrigger.Q(old__state="draft"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} of unit {self.unit_id}, {self.year}/{self.quarter}"

    @property
    def asked(self) -> Survey:
        """What this round asks, as it was frozen."""
        return survey_of(self.content)

    @property
    def is_counted(self) -> bool:
        return self.state in COUNTED_STATES

    @property
    def state_tone(self) -> str:
        return {"open": "good", "draft": "warn"}.get(self.state, "info")


class SurveyStep(TransitionRow):
    subject = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class SurveyService(models.Model):
    """A service that a round asks about; `name` as people read it when the round was made."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="services")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    position = models.PositiveSmallIntegerField()
    population = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "service"], name="survey_service_once")
        ]

    def __str__(self) -> str:
        return self.name


class SurveyProof(models.Model):
    """That somebody was served. The code or number itself is never kept, only its keyed hash.

    `is_used` has no time, and no answer points here: who holds the slips cannot find the answers.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="proofs")
    hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=7, choices=ProofKind)
    service = models.ForeignKey(
        SurveyService, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    served_on = models.DateField(null=True, blank=True)
    made_on = models.DateField()
    is_used = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "hash"], name="survey_proof_once")]

    def __str__(self) -> str:
        return f"proof {self.pk} of round {self.round_id}"


class SurveyResponse(models.Model):
    """What somebody answered: 1 … highest by item, 0 for "I do not know or does not apply"."""

    # Random, so that not even the order of the answers is kept.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="responses")
    service = models.ForeignKey(
        SurveyService, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answers = models.JSONField()
    profile = models.JSONField(default=dict)
    comment = models.TextField(max_length=2000, blank=True)
    answered_on = models.DateField()
    has_proof = models.BooleanField()
    # Of the form that was sent: sending it again is no second answer.
    form_hash = models.CharField(max_length=64, unique=True)

    class Meta:
        triggers = [append_only("survey_response_append_only")]

    def __str__(self) -> str:
        return f"answer to round {self.round_id}"


@track(exclude=["action", "responsible", "outcome"])
class SurveyFollowUp(models.Model):
    """What the unit does about an element."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    round = models.ForeignKey(SurveyRound, on_delete=models.PROTECT, related_name="follow_ups")
    item = models.CharField(max_length=12)
    action = models.CharField(max_length=300)
    responsible = models.CharField(max_length=150)
    due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=300, blank=True)
    form_key = models.UUIDField(unique=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return f"follow-up {self.pk} of round {self.round_id}"
