"""Assessment events of TPI and TPN at a zone, and the questions that are asked there."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import AssessorTeam, EventKind, EventState, QuestionState
from assessments.models.proposals import ZoneAttempt
from assessments.models.workplans import branch
from assessments.models.zones import IntegrityZone
from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile, append_only
from opd.models import Government, Membership, TpiAssignment
from opd.transitions import TransitionRow


def assessed_by(membership: Membership, *, unit: str, year: str) -> Exists:
    """Rows of units to which this person is assigned as TPI, for their year or a later one."""
    tasks = TpiAssignment.objects.filter(
        membership__user_id=membership.user_id,
        government_id=membership.government_id,
        unit=OuterRef(unit),
        year__gte=OuterRef(year),
    )
    return Exists(tasks)


class AssessmentEventQuerySet(models.QuerySet["AssessmentEvent"]):
    def visible_to(self, membership: Membership) -> "AssessmentEventQuerySet":
        """The own branch, and units that this person assesses."""
        own = branch(membership, "zone__unit")
        assessed = Q(assessed_by(membership, unit="zone__unit", year="year"))
        return self.filter(own | Q(government_id=membership.government_id) & assessed)


@track(exclude=["place", "assessors", "notes", "reason"])
class AssessmentEvent(models.Model):
    """A day, or a window of days, at which assessors look at a zone."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    zone = models.ForeignKey(
        IntegrityZone, on_delete=models.PROTECT, related_name="assessment_events"
    )
    year = models.PositiveSmallIntegerField()
    attempt = models.ForeignKey(
        ZoneAttempt, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    team = models.CharField(max_length=3, choices=AssessorTeam)
    kind = models.CharField(max_length=12, choices=EventKind)
    starts_on = models.DateField()
    ends_on = models.DateField()
    place = models.CharField(max_length=300, blank=True)
    # One line each: title, and the name where it is known.
    assessors = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    state = models.CharField(
        max_length=9, choices=EventState, default=EventState.PLANNED, editable=False
    )
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)
    is_sample = models.BooleanField(default=False)

    objects = AssessmentEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "id"], name="assessment_event_in_government"
            ),
            models.CheckConstraint(
                name="event_days_in_order",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day lies before the first day."),
            ),
            models.CheckConstraint(
                name="event_cancelled_has_reason",
                condition=Q(state="cancelled") & ~Q(reason="")
                | ~Q(state="cancelled") & Q(reason=""),
                violation_error_message=_("Write why it is cancelled."),
            ),
        ]
        indexes = [models.Index(fields=["government", "year"], name="event_by_year")]

    def __str__(self) -> str:
        return f"{self.kind} of zone {self.zone_id}"

    @property
    def state_tone(self) -> str:
        return EventState(self.state).tone

    @property
    def year_text(self) -> str:
        return str(self.year)


class EventStep(TransitionRow):
    subject = models.ForeignKey(AssessmentEvent, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class EventFile(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    event = models.ForeignKey(AssessmentEvent, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "stored"], name="event_file_once")]
        triggers = [append_only("event_file_append_only")]

    def __str__(self) -> str:
        return f"file {self.stored_id} of event {self.event_id}"


class AssessorQuestionQuerySet(models.QuerySet["AssessorQuestion"]):
    def visible_to(self, membership: Membership) -> "AssessorQuestionQuerySet":
        own = branch(membership, "event__zone__unit")
        assessed = Q(assessed_by(membership, unit="event__zone__unit", year="event__year"))
        return self.filter(own | Q(government_id=membership.government_id) & assessed)


@track(exclude=["text", "asked_by", "owner"])
class AssessorQuestion(models.Model):
    """What an assessor asked; the unit's answers stand below it and stay."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    event = models.ForeignKey(AssessmentEvent, on_delete=models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    asked_by = models.CharField(max_length=150)
    # Who in the unit answers, as the unit says it.
    owner = models.CharField(max_length=150, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=8, choices=QuestionState, default=QuestionState.OPEN, editable=False
    )
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)
    is_sample = models.BooleanField(default=False)

    objects = AssessorQuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="question_in_government")
        ]

    def __str__(self) -> str:
        return f"question {self.pk} of event {self.event_id}"

    @property
    def state_tone(self) -> str:
        return QuestionState(self.state).tone


class QuestionStep(TransitionRow):
    subject = models.ForeignKey(AssessorQuestion, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class QuestionAnswer(models.Model):
    """What the unit sent; asked again, it sends another one."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    question = models.ForeignKey(AssessorQuestion, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)
    is_sample = models.BooleanField(default=False)

    class Meta:
        triggers = [append_only("question_answer_append_only")]

    def __str__(self) -> str:
        return f"answer {self.pk} to question {self.question_id}"


class AnswerFile(models.Model):
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    answer = models.ForeignKey(QuestionAnswer, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["answer", "stored"], name="answer_file_once")
        ]
        triggers = [append_only("answer_file_append_only")]

    def __str__(self) -> str:
        return f"file {self.stored_id} of answer {self.answer_id}"
