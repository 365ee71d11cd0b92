"""What a unit does before it declares: one answer per step, and everything it ever said."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import PreparationState
from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile, append_only
from opd.models import Government, Membership, Unit


@track(exclude=["note"])
class PreparationAnswer(models.Model):
    """The present answer of a unit to a step; `version` keeps two people from overwriting."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="preparation")
    step = models.CharField(max_length=40)
    # The checklist under which it was answered last, and its content then.
    checklist = models.CharField(max_length=40)
    checklist_sha256 = models.CharField(max_length=64)
    state = models.CharField(
        max_length=11, choices=PreparationState, default=PreparationState.NOT_STARTED
    )
    happened_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    proof = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "step"], name="preparation_answer_once"),
            models.CheckConstraint(
                name="preparation_done_has_day",
                condition=~Q(state="done") | Q(happened_on__isnull=False),
                violation_error_message=_("Write the day on which the step was done."),
            ),
        ]
        indexes = [models.Index(fields=["government", "state"], name="preparation_by_state")]

    def __str__(self) -> str:
        return f"{self.step} of unit {self.unit_id}: {self.state}"


class PreparationChange(models.Model):
    """One saving of an answer, as it was saved; never changed."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    answer = models.ForeignKey(PreparationAnswer, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=11, choices=PreparationState)
    happened_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    proof = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    membership = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "version"], name="preparation_change_once")
        ]
        triggers = [append_only("preparation_change_append_only")]

    def __str__(self) -> str:
        return f"answer {self.answer_id} version {self.version}"


class PhasePlanQuerySet(models.QuerySet["PhasePlan"]):
    def standing(self) -> "PhasePlanQuerySet":
        return self.filter(year__isnull=False)


@track(exclude=["note"])
class PhasePlan(models.Model):
    """The year in which a unit is to declare; without a year it was taken out of the plan."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="phases")
    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="phase")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    planned_by = models.ForeignKey(
        Membership, null=True, on_delete=models.PROTECT, related_name="+"
    )
    planned_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    objects = PhasePlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="phase_year_plausible",
                condition=Q(year=None) | Q(year__gte=2012, year__lte=2099),
                violation_error_message=_("Write a year from 2012 to 2099."),
            )
        ]
        indexes = [models.Index(fields=["government", "year"], name="phase_by_year")]

    def __str__(self) -> str:
        return f"unit {self.unit_id} in {self.year}"
