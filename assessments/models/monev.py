"""Monev: a work plan frozen at the end of a period, the meeting on it, what is followed up, papers."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import FollowUpState, MeetingState, MonevPeriod, PaperVariant, Presence
from assessments.models.workplans import Activity, WorkPlan, branch
from integrity_portal.core.history import track
from integrity_portal.core.models import Document, StoredFile, append_only
from opd.models import Government, Membership
from opd.transitions import TransitionRow


def another_person(name: str, first: str, second: str) -> pgtrigger.Trigger:
    """Two offices of one account are one person: the second may not be the first."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
        IF NEW.{first}_id IS NOT NULL AND NEW.{second}_id IS NOT NULL AND (
            SELECT user_id FROM opd_membership WHERE id = NEW.{first}_id
        ) = (
            SELECT user_id FROM opd_membership WHERE id = NEW.{second}_id
        ) THEN
            RAISE EXCEPTION '{name}: the same person acted twice'
                USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
        END IF;
        RETURN NEW;
        """,  # noqa: S608 - names of columns, written here
    )


class PlanFreezeQuerySet(models.QuerySet["PlanFreeze"]):
    def visible_to(self, membership: Membership) -> "PlanFreezeQuerySet":
        return self.filter(branch(membership, "plan__zone__unit"))


class PlanFreeze(models.Model):
    """A work plan as it stood at the end of a period; later changes never reach it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    plan = models.ForeignKey(WorkPlan, on_delete=models.PROTECT, related_name="freezes")
    period = models.CharField(max_length=3, choices=MonevPeriod)
    taken_at = models.DateTimeField()
    # The government's day of `taken_at`: late or not is a question of days.
    taken_on = models.DateField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    is_sample = models.BooleanField(default=False)

    objects = PlanFreezeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="plan_freeze_in_government"),
            models.UniqueConstraint(
                fields=["plan", "period"],
                name="plan_freeze_once",
                violation_error_message=_("This period of the plan is already frozen."),
            ),
        ]
        triggers = [append_only("plan_freeze_append_only")]

    def __str__(self) -> str:
        return f"{self.period} of plan {self.plan_id}"


class MonevMeetingQuerySet(models.QuerySet["MonevMeeting"]):
    def visible_to(self, membership: Membership) -> "MonevMeetingQuerySet":
        return self.filter(branch(membership, "freeze__plan__zone__unit"))


@track(exclude=["place", "leader", "leader_title", "note_taker", "note_taker_title", "summary"])
class MonevMeeting(models.Model):
    """The meeting at which a frozen period was looked at."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    freeze = models.ForeignKey(PlanFreeze, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    place = models.CharField(max_length=200)
    leader = models.CharField(max_length=150)
    leader_title = models.CharField(max_length=150)
    note_taker = models.CharField(max_length=150, blank=True)
    note_taker_title = models.CharField(max_length=150, blank=True)
    summary = models.TextField(blank=True)
    state = models.CharField(
        max_length=7, choices=MeetingState, default=MeetingState.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)
    is_sample = models.BooleanField(default=False)

    objects = MonevMeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="monev_meeting_in_government")
        ]
        triggers = [
            pgtrigger.Protect(
                name="monev_meeting_settled_stays",
                operation=pgtrigger.UpdateOf("freeze_id", "held_on", "place", "leader", "summary"),
                condition=pgtrigger.Q(old__state="settled"),
            ),
            pgtrigger.Protect(name="monev_meeting_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"monev meeting {self.pk}"


class MeetingStep(TransitionRow):
    subject = models.ForeignKey(MonevMeeting, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class MeetingAttendee(models.Model):
    """Somebody of the list of attendance; `confirmed_at` when he said so himself in the portal."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    meeting = models.ForeignKey(MonevMeeting, on_delete=models.PROTECT, related_name="attendees")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)
    title = models.CharField(max_length=150)
    presence = models.CharField(max_length=11, choices=Presence, default=Presence.ATTENDED)
    represented_by = models.CharField(max_length=150, blank=True)
    membership = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attendee_represented_by_somebody",
                condition=Q(presence="attended", represented_by="")
                | Q(presence="represented") & ~Q(represented_by=""),
                violation_error_message=_("Write who came instead."),
            ),
            models.CheckConstraint(
                name="attendee_confirmed_by_an_office",
                condition=Q(membership=None, confirmed_at=None)
                | Q(membership__isnull=False, confirmed_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["meeting", "membership"],
                condition=Q(membership__isnull=False),
                name="attendee_once",
            ),
        ]

    def __str__(self) -> str:
        return f"attendee {self.pk} of meeting {self.meeting_id}"


class AgendaItem(models.Model):
    """What was talked about, what was said, what was decided."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    meeting = models.ForeignKey(MonevMeeting, on_delete=models.PROTECT, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    topic = models.CharField(max_length=200)
    minutes = models.TextField()
    decision = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="agenda_item_in_government")
        ]

    def __str__(self) -> str:
        return f"agenda item {self.pk} of meeting {self.meeting_id}"


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, membership: Membership) -> "FollowUpQuerySet":
        return self.filter(branch(membership, "meeting__freeze__plan__zone__unit"))


@track(exclude=["what", "finding", "owner", "report", "message"])
class FollowUp(models.Model):
    """What a meeting wants done: from an activity or a finding, by whom, until when."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    meeting = models.ForeignKey(MonevMeeting, on_delete=models.PROTECT, related_name="follow_ups")
    activity = models.ForeignKey(
        Activity, null=True, blank=True, on_delete=models.PROTECT, related_name="follow_ups"
    )
    finding = models.TextField(blank=True)
    what = models.TextField()
    owner = models.CharField(max_length=150)
    due_on = models.DateField()
    state = models.CharField(
        max_length=8, choices=FollowUpState, default=FollowUpState.OPEN, editable=False
    )
    report = models.TextField(blank=True)
    done_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    # Why the head gave it back, until the next report.
    message = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)
    is_sample = models.BooleanField(default=False)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="follow_up_in_government"),
            models.CheckConstraint(
                name="follow_up_has_its_reason",
                condition=Q(activity__isnull=False) | ~Q(finding=""),
                violation_error_message=_("Choose the activity, or write the finding."),
            ),
            models.CheckConstraint(
                name="follow_up_done_is_complete",
                condition=Q(state="open", done_by=None, done_at=None, report="")
                | Q(state__in=["done", "verified"], done_by__isnull=False, done_at__isnull=False)
                & ~Q(report=""),
            ),
            models.CheckConstraint(
                name="follow_up_verified_is_complete",
                condition=Q(state="verified", verified_by__isnull=False, verified_at__isnull=False)
                | ~Q(state="verified") & Q(verified_by=None, verified_at=None),
            ),
            models.CheckConstraint(
                name="follow_up_verified_by_another",
                condition=Q(verified_by=None) | ~Q(done_by=F("verified_by")),
                violation_error_message=_("Another person must verify what you reported."),
            ),
        ]
        indexes = [models.Index(fields=["government", "due_on"], name="follow_up_by_due_date")]
        triggers = [
            another_person("follow_up_four_eyes", "done_by", "verified_by"),
            pgtrigger.Protect(
                name="follow_up_content_stays",
                operation=pgtrigger.UpdateOf(
                    "meeting_id", "activity_id", "finding", "what", "owner", "due_on"
                ),
                condition=pgtrigger.Q(old__state__in=["done", "verified"]),
            ),
            pgtrigger.Protect(
                name="follow_up_verified_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state="verified"),
            ),
            pgtrigger.Protect(name="follow_up_never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk} of meeting {self.meeting_id}"

    @property
    def state_tone(self) -> str:
        return FollowUpState(self.state).tone


class FollowUpStep(TransitionRow):
    """`note` keeps each report and each message for ever."""

    subject = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class FollowUpFile(models.Model):
    """Proof that came with a report; never taken away."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follow_up", "stored"], name="follow_up_file_once")
        ]
        triggers = [append_only("follow_up_file_append_only")]

    def __str__(self) -> str:
        return f"file {self.stored_id} of follow-up {self.follow_up_id}"


class MonevPaperQuerySet(models.QuerySet["MonevPaper"]):
    def visible_to(self, membership: Membership) -> "MonevPaperQuerySet":
        return self.filter(branch(membership, "meeting__freeze__plan__zone__unit"))


class MonevPaper(models.Model):
    """One of the four papers as it was asked for; `content` is all that its PDF shows."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    meeting = models.ForeignKey(MonevMeeting, on_delete=models.PROTECT, related_name="papers")
    variant = models.CharField(max_length=10, choices=PaperVariant)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    is_sample = models.BooleanField(default=False)

    objects = MonevPaperQuerySet.as_manager()

    # Set by queries: the PDF of this paper, and the newest scan of it.
    document: Document | None = None
    scan: Any = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="monev_paper_in_government"),
        ]
        indexes = [models.Index(fields=["meeting", "variant", "-id"], name="monev_paper_newest")]
        triggers = [append_only("monev_paper_append_only")]

    def __str__(self) -> str:
        return f"{self.variant} of meeting {self.meeting_id}"


class PaperScan(models.Model):
    """The signed sheet, scanned and put beside the paper that was signed."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    paper = models.ForeignKey(MonevPaper, on_delete=models.PROTECT, related_name="scans")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "stored"], name="paper_scan_once")]
        triggers = [append_only("paper_scan_append_only")]

    def __str__(self) -> str:
        return f"scan {self.stored_id} of paper {self.paper_id}"
