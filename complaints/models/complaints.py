"""A complaint, its steps, its messages. What the citizen wrote stands here and nowhere else."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar

import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import connection, models
from django.db.models import Case, F, Q, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Least
from django.utils.translation import gettext_lazy as _

from complaints import sla
from complaints.deadlines import is_late
from complaints.enums import (
    AT_COORDINATOR,
    AT_UNIT,
    ENDED,
    OPEN,
    SENT_BY_CITIZEN,
    WITH_UNIT,
    Channel,
    ComplaintKind,
    ComplaintState,
    Disclosure,
    Escalated,
    MessageKind,
)
from complaints.models.conflict_sql import ACCUSED_UNIT_NEVER_HANDLES, OWN_BRANCH
from integrity_portal.core.history import track
from opd.enums import Role
from opd.models import Government, Membership, Place, PublicMeeting, Unit
from opd.permissions import sees_whole_government
from opd.transitions import TransitionRow

# PostgreSQL's own Indonesian stemmer; words are found in whichever form they stand.
SEARCH_CONFIG = "indonesian"
TITLE_LIMIT = 160

if TYPE_CHECKING:
    from complaints.models.reporters import Reporter


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, membership: Membership) -> "ComplaintQuerySet":
        """All of the government for central roles; units see what was passed on to their branch.

        The one door to complaints for staff.
        """
        rows = self.filter(government_id=membership.government_id).without_conflict(membership)
        if sees_whole_government(membership):
            return rows
        return rows.filter(unit__lineage__contains=[membership.unit_id])

    def without_conflict(self, membership: Membership) -> "ComplaintQuerySet":
        """Nobody reads what accuses an officer of his own branch, whichever office he acts in."""
        offices = [membership.user_id, membership.government_id]
        own = RawSQL(OWN_BRANCH, offices)  # noqa: S611 - a constant; the keys are parameters
        return self.exclude(accuses_officer=True, named_unit_id__in=own)

    def next_id(self) -> int:
        """For rows that point to a complaint that is written after them."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('complaints_complaint', 'id'))")
            key: int = cursor.fetchone()[0]
        return key

    def of(self, government_id: int) -> "ComplaintQuerySet":
        return self.filter(government_id=government_id)

    def open(self) -> "ComplaintQuerySet":
        return self.filter(state__in=OPEN)

    def late_on(self, today: date) -> "ComplaintQuerySet":
        return self.filter(due_on__lt=today)

    def far_late_on(self, today: date) -> "ComplaintQuerySet":
        """Three times the days of its class have passed; what stands still is not counted."""
        return self.filter(state__in=AT_COORDINATOR | AT_UNIT, far_late_after__lt=today)

    def to_resume_on(self, today: date, time_zone: str) -> "ComplaintQuerySet":
        return self.filter(
            state=ComplaintState.PAUSED, resume_on__lte=today, government__time_zone=time_zone
        )

    def to_close_on(self, today: date, time_zone: str) -> "ComplaintQuerySet":
        return self.filter(
            state=ComplaintState.ANSWERED, close_on__lt=today, government__time_zone=time_zone
        )


@track(
    exclude=[
        "story",
        "public_title",
        "when_text",
        "where_text",
        "latitude",
        "longitude",
        "code_hash",
        "draft_key",
        "due_on",
        "search",
    ]
)
class Complaint(models.Model):
    """`named_unit` is what the citizen chose, `unit` the one that has to answer.

    People call it by its `number`, which each government counts for itself.
    """

    reporter: "Reporter"

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="complaints")
    number = models.PositiveIntegerField()
    named_unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )
    kind = models.CharField(max_length=12, choices=ComplaintKind)
    sla_class = models.CharField(max_length=20)
    sla_version = models.PositiveSmallIntegerField()
    # What it is about, for figures (complaints/data/categories.yaml); chosen by the coordinator.
    category = models.CharField(max_length=20, blank=True)
    story = models.TextField()
    # Written by staff without anything personal: what other citizens may be shown of it.
    public_title = models.CharField(max_length=TITLE_LIMIT, blank=True)
    when_text = models.CharField(max_length=200, blank=True)
    where_text = models.CharField(max_length=300, blank=True)
    # The kecamatan or kelurahan in which it happened, where the citizen knew it.
    region = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # WGS 84, degrees; only what the citizen's own phone gave and the citizen let through.
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    # Whose poster was scanned, or at which meeting it was said.
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    meeting = models.ForeignKey(
        PublicMeeting, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Somebody of the named unit is complained of: that unit never handles it.
    accuses_officer = models.BooleanField(default=False)
    # "Rahasia" in SP4N-LAPOR!: nothing but its count is ever public.
    is_secret = models.BooleanField(default=False)
    # Came while the door was flooded and without proof of work: received and counted like any
    # other, shown in a list of its own until somebody looked.
    is_quarantined = models.BooleanField(default=False)
    disclosure = models.CharField(max_length=10, choices=Disclosure)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.WEB)
    state = models.CharField(max_length=12, choices=ComplaintState, default=ComplaintState.RECEIVED)
    code_hash = models.CharField(max_length=64, unique=True)
    # Of the draft it came from: sending twice gives one complaint.
    draft_key = models.CharField(max_length=32, unique=True)
    filed_at = models.DateTimeField()
    filed_on = models.DateField()
    filed_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verify_by = models.DateField()
    # The unit's first follow-up; from when it was passed on.
    respond_by = models.DateField(null=True, blank=True)
    answer_by = models.DateField()
    # The last day before it is "3× terlambat".
    far_late_after = models.DateField(null=True, blank=True)
    # The first word of a person to the citizen, or that a unit took it on.
    first_response_at = models.DateTimeField(null=True, blank=True)
    first_response_on = models.DateField(null=True, blank=True)
    # While paused: since when, and the day on which the clock goes on by itself.
    paused_on = models.DateField(null=True, blank=True)
    resume_on = models.DateField(null=True, blank=True)
    # A code of data/sla.yaml.
    pause_reason = models.CharField(max_length=20, blank=True)
    # Working days on which the clock stood still, of all pauses together.
    paused_days = models.PositiveSmallIntegerField(default=0)
    # A code of data/referrals.yaml.
    referred_to = models.CharField(max_length=20, blank=True)
    # 1: the head of the unit was told, 2: the Sekda, 3: the regional head.
    escalation = models.PositiveSmallIntegerField(choices=[(0, ""), *Escalated.choices], default=0)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="joined"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    # Until then the citizen may say that it is not settled.
    close_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # When text and reporter were erased after their time; the row stays for the figures.
    erased_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    due_on = models.GeneratedField(
        expression=Case(
            When(state__in=sorted(AT_COORDINATOR), then=F("verify_by")),
            When(state=ComplaintState.VERIFIED.value, then=Least("respond_by", "answer_by")),
            When(state=ComplaintState.IN_PROGRESS.value, then=F("answer_by")),
            default=None,
            output_field=models.DateField(),
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    search = models.GeneratedField(
        expression=SearchVector("story", "where_text", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="complaint_in_government"),
            models.UniqueConstraint(fields=["government", "number"], name="complaint_number_once"),
            models.CheckConstraint(
                name="complaint_unit_when_passed_on",
                condition=Q(state__in=sorted(WITH_UNIT), unit__isnull=False)
                | (~Q(state__in=sorted(WITH_UNIT)) & Q(unit__isnull=True)),
                violation_error_message=_("Choose the unit that has to answer."),
            ),
            models.CheckConstraint(
                name="complaint_answered_when",
                condition=~Q(state__in=["answered", "closed"])
                | Q(answered_at__isnull=False, answered_on__isnull=False, close_on__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_ended_when",
                condition=Q(state__in=sorted(ENDED), closed_at__isnull=False)
                | (~Q(state__in=sorted(ENDED)) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="complaint_has_story",
                condition=~Q(story="") | Q(erased_at__isnull=False),
                violation_error_message=_("Tell what happened."),
            ),
            models.CheckConstraint(
                name="complaint_typed_by_staff",
                condition=Q(channel__in=sorted(SENT_BY_CITIZEN), filed_by__isnull=True)
                | (~Q(channel__in=sorted(SENT_BY_CITIZEN)) & Q(filed_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="complaint_paused_since",
                condition=(
                    Q(state="paused", paused_on__isnull=False, resume_on__isnull=False)
                    & ~Q(pause_reason="")
                )
                | (
                    ~Q(state="paused")
                    & Q(paused_on__isnull=True, resume_on__isnull=True, pause_reason="")
                ),
            ),
            models.CheckConstraint(
                name="complaint_merged_into_another",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="complaint_not_merged_into_itself",
                condition=~Q(merged_into=F("pk")),
            ),
            models.CheckConstraint(
                name="complaint_position_is_whole",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
            ),
        ]
        indexes = [
            models.Index(fields=["government", "due_on", "-id"], name="complaint_worst_first"),
            models.Index(
                fields=["government", "state"],
                include=["accuses_officer", "named_unit", "is_quarantined"],
                name="complaint_by_state",
            ),
            models.Index(
                fields=["government", "far_late_after"],
                name="complaint_far_late",
                condition=Q(state__in=sorted(AT_COORDINATOR | AT_UNIT)),
            ),
            models.Index(
                fields=["government", "answered_on"],
                name="complaint_by_answer",
                condition=Q(answered_on__isnull=False),
            ),
            models.Index(
                fields=["merged_into"],
                name="complaint_joined",
                condition=Q(merged_into__isnull=False),
            ),
            models.Index(fields=["unit", "due_on"], name="complaint_of_unit"),
            models.Index(
                fields=["close_on"], name="complaint_to_close", condition=Q(state="answered")
            ),
            GinIndex(fields=["search"], name="complaint_search"),
            GinIndex(OpClass(F("story"), name="gin_trgm_ops"), name="complaint_story_trigrams"),
            models.Index(fields=["government", "filed_on"], name="complaint_by_day"),
            models.Index(fields=["government", "filed_at"], name="complaint_by_minute"),
            models.Index(
                fields=["place", "filed_at"],
                name="complaint_of_place",
                condition=Q(place__isnull=False),
            ),
            models.Index(
                fields=["government", "-id"],
                name="complaint_with_title",
                condition=~Q(public_title=""),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="accused_unit_never_handles",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("unit_id", "named_unit_id", "accuses_officer"),
                condition=pgtrigger.Q(
                    new__accuses_officer=True,
                    new__unit__isnull=False,
                    new__named_unit__isnull=False,
                ),
                func=ACCUSED_UNIT_NEVER_HANDLES,
            )
        ]

    def __str__(self) -> str:
        return f"complaint {self.pk}"

    @property
    def deadline_class(self) -> sla.SlaClass:
        return sla.current().get(self.sla_class)

    @property
    def state_for_citizen(self) -> object:
        return ComplaintState(self.state).said_to_citizen

    @property
    def tone(self) -> str:
        return ComplaintState(self.state).tone

    @property
    def told_to(self) -> object:
        """The highest office that was told that the next step is late."""
        if self.escalation == Escalated.HEAD and self.accuses_officer:
            return Role.INSPECTORATE.label
        if self.escalation == Escalated.HEAD and self.unit_id is None:
            return Role.COMPLAINT_COORDINATOR.label
        return Escalated(self.escalation).label if self.escalation else ""

    def is_late_on(self, today: date) -> bool:
        return is_late(self.due_on, today)

    def is_far_late_on(self, today: date) -> bool:
        return self.state in AT_COORDINATOR | AT_UNIT and is_late(self.far_late_after, today)


class ComplaintStep(TransitionRow):
    """`note` is for staff: a reason, a word to the unit. `sla_class` is what a verification chose."""

    sla_class = models.CharField(max_length=20, blank=True)
    subject = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        indexes = [models.Index(fields=["subject", "id"], name="complaint_step_list")]

    @property
    def label(self) -> str:
        return str(ComplaintState(self.to_state).label)


class MessageQuerySet(models.QuerySet["Message"]):
    def for_citizen(self) -> "MessageQuerySet":
        return self.exclude(kind=MessageKind.NOTE)


class Message(models.Model):
    """A text between citizen and unit, or an internal note. Never changed, erased with its time."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="messages")
    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=MessageKind)
    membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField()
    sent_at = models.DateTimeField()
    search = models.GeneratedField(
        expression=SearchVector("text", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="message_from_citizen_has_no_office",
                condition=Q(kind="citizen", membership__isnull=True)
                | (~Q(kind="citizen") & Q(membership__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["complaint", "id"], name="complaint_message_list"),
            GinIndex(fields=["search"], name="complaint_message_search", condition=~Q(kind="note")),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} of complaint {self.complaint_id}"
