"""The yearly work plan of a zone, its activities and the progress reports on them.

What an activity has reached is what its newest confirmed report says; no column repeats it.
"""

import pgtrigger
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import ActivityState, AreaOfChange, ReportState
from assessments.models.zones import IntegrityZone, assessed_units, inherited_zones
from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.models import Government, Membership
from opd.permissions import sees_whole_government
from opd.transitions import TransitionRow

# Two people are one person when the same account holds both offices.
FOUR_EYES = """
IF NEW.submitted_by_id IS NOT NULL AND NEW.decided_by_id IS NOT NULL AND (
    SELECT user_id FROM opd_membership WHERE id = NEW.submitted_by_id
) = (
    SELECT user_id FROM opd_membership WHERE id = NEW.decided_by_id
) THEN
    RAISE EXCEPTION 'report_four_eyes: the same person submitted and decided'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'report_four_eyes';
END IF;
RETURN NEW;
"""


def branch(membership: Membership, path: str) -> Q:
    """The rows whose unit (`path` leads to it) this office may read.

    The own branch, and units that this person assesses as TPI now: reading, never writing.
    """
    assessed = Q(**{f"{path}__in": assessed_units(membership)})
    return own_branch(membership, path) | Q(government_id=membership.government_id) & assessed


def own_branch(membership: Membership, path: str) -> Q:
    """Central roles: the government; a TPN reviewer: his one unit; others: the own branch. Each
    with the zones of units that were taken over.
    """
    if sees_whole_government(membership):
        return Q(government_id=membership.government_id)
    own = Q(**{f"{path}__lineage__contains": [membership.unit_id]})
    if membership.role == Role.TPN_REVIEWER:
        own = Q(**{path: membership.unit_id})
    zone = path.removesuffix("unit").removesuffix("__") or "pk"
    inherited = Q(**{f"{zone}__in": inherited_zones(membership)})
    return Q(government_id=membership.government_id) & (own | inherited)


def neutral_sample(path: str = "") -> ExpressionWrapper:
    """Whether an activity (`path` leads to it) is an invented row of a real government.

    Such a row shows what the page can do; whatever the day, it never says that a unit is late.
    """
    rule = Q(**{f"{path}is_sample": True, f"{path}government__is_sample": False})
    return ExpressionWrapper(rule, output_field=models.BooleanField())


class WorkPlanQuerySet(models.QuerySet["WorkPlan"]):
    def visible_to(self, membership: Membership) -> "WorkPlanQuerySet":
        return self.filter(branch(membership, "zone__unit"))


class WorkPlan(models.Model):
    """What one unit does in one year on its way to WBK or WBBM."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="work_plans")
    zone = models.ForeignKey(IntegrityZone, on_delete=models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField()
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    is_sample = models.BooleanField(default=False)

    objects = WorkPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="work_plan_in_government"),
            models.UniqueConstraint(
                fields=["zone", "year"],
                name="work_plan_once_per_year",
                violation_error_message=_("This unit already has a work plan for that year."),
            ),
            models.CheckConstraint(
                name="work_plan_year",
                condition=Q(year__gte=2010, year__lte=2100),
                violation_error_message=_("Choose a year between 2010 and 2100."),
            ),
        ]

    def __str__(self) -> str:
        return f"work plan {self.pk} of zone {self.zone_id}, {self.year}"

    @property
    def year_text(self) -> str:
        """A year is a name, not an amount: templates would print 2.026."""
        return str(self.year)


class ActivityQuerySet(models.QuerySet["Activity"]):
    def visible_to(self, membership: Membership) -> "ActivityQuerySet":
        return self.filter(branch(membership, "plan__zone__unit"))

    def counted(self) -> "ActivityQuerySet":
        return self.exclude(state=ActivityState.DROPPED)

    def with_facts(self) -> "ActivityQuerySet":
        """Adds `confirmed_percent`, `newest_state` and `is_neutral`: what the rules need."""
        reports = ActivityReport.objects.filter(activity=models.OuterRef("pk"))
        sent = reports.exclude(state=ReportState.DRAFT).order_by("-submitted_at", "-pk")
        confirmed = reports.filter(state=ReportState.CONFIRMED).order_by("-submitted_at", "-pk")
        return self.annotate(
            confirmed_percent=models.Subquery(confirmed.values("percent")[:1]),
            newest_state=models.Subquery(sent.values("state")[:1]),
            is_neutral=neutral_sample(),
        )


@track(exclude=["title", "milestone", "responsible", "drop_reason"])
class Activity(models.Model):
    """One planned piece of work with its milestone, its day and who answers for it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    plan = models.ForeignKey(WorkPlan, on_delete=models.PROTECT, related_name="activities")
    area = models.CharField(max_length=1, choices=AreaOfChange)
    title = models.CharField(max_length=200)
    milestone = models.TextField()
    due_on = models.DateField()
    # A title as the unit says it ("Ketua Pokja 3"), not an account.
    responsible = models.CharField(max_length=150, blank=True)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(
        max_length=8, choices=ActivityState, default=ActivityState.PLANNED, editable=False
    )
    drop_reason = models.TextField(blank=True)
    # Counts every change of the texts: a form sends back the one it was opened with.
    version = models.PositiveIntegerField(default=1)
    # Drawn by the form, so that a second press of the button finds the row of the first.
    form_key = models.UUIDField(unique=True)
    is_sample = models.BooleanField(default=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="activity_in_government"),
            models.CheckConstraint(
                name="activity_dropped_has_reason",
                condition=(Q(state="dropped") & ~Q(drop_reason=""))
                | (~Q(state="dropped") & Q(drop_reason="")),
                violation_error_message=_("Write why the activity is dropped."),
            ),
        ]
        indexes = [models.Index(fields=["government", "due_on"], name="activity_by_due_date")]

    def __str__(self) -> str:
        return f"activity {self.pk} of plan {self.plan_id}"


class ActivityStep(TransitionRow):
    subject = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class ActivityReportQuerySet(models.QuerySet["ActivityReport"]):
    def visible_to(self, membership: Membership) -> "ActivityReportQuerySet":
        return self.filter(branch(membership, "activity__plan__zone__unit"))

    def sent(self) -> "ActivityReportQuerySet":
        return self.exclude(state=ReportState.DRAFT)

    def awaiting(self) -> "ActivityReportQuerySet":
        return self.filter(
            Q(activity__state=ActivityState.PLANNED) | Q(activity__state=ActivityState.ACTIVE),
            state=ReportState.SUBMITTED,
        )


@track(exclude=["note", "message"])
class ActivityReport(models.Model):
    """How far an activity is, as one person reports it and another confirms or returns it.

    Only a draft can still be written; whatever was sent stays as it was, and is answered by the
    next report.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="reports")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.TextField(blank=True)
    state = models.CharField(
        max_length=9, choices=ReportState, default=ReportState.DRAFT, editable=False
    )
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)
    written_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    message = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ActivityReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="report_in_government"),
            models.UniqueConstraint(
                fields=["activity", "author"],
                condition=Q(state="draft"),
                name="report_one_draft_per_author",
            ),
            models.UniqueConstraint(
                fields=["activity"],
                condition=Q(state="submitted"),
                name="report_one_waits_per_activity",
                violation_error_message=_("A report on this activity already waits for the head."),
            ),
            models.CheckConstraint(
                name="report_percent_range",
                condition=Q(percent=None) | Q(percent__gte=0, percent__lte=100),
                violation_error_message=_("The percentage must lie between 0 and 100."),
            ),
            models.CheckConstraint(
                name="report_submitted_is_complete",
                condition=Q(state="draft", submitted_by=None, submitted_at=None)
                | (
                    ~Q(state="draft")
                    & Q(
                        percent__isnull=False,
                        submitted_by__isnull=False,
                        submitted_at__isnull=False,
                    )
                    & ~Q(note="")
                ),
            ),
            models.CheckConstraint(
                name="report_decided_is_complete",
                condition=Q(
                    state__in=["draft", "submitted"], decided_by=None, decided_at=None, message=""
                )
                | Q(
                    state__in=["confirmed", "returned"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="report_returned_has_message",
                condition=~Q(state="returned") | ~Q(message=""),
                violation_error_message=_("Write what must be put right."),
            ),
            models.CheckConstraint(
                name="report_decided_by_another",
                condition=Q(decided_by=None) | ~Q(submitted_by=F("decided_by")),
                violation_error_message=_("Another person must confirm what you submitted."),
            ),
        ]
        indexes = [
            models.Index(fields=["activity", "-submitted_at"], name="report_newest"),
            models.Index(
                fields=["government"], name="report_waiting", condition=Q(state="submitted")
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="report_four_eyes",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=FOUR_EYES,
            ),
            pgtrigger.Protect(
                name="report_content_stays",
                operation=pgtrigger.UpdateOf("activity_id", "author_id", "percent", "note"),
                condition=pgtrigger.Q(old__state__in=["submitted", "confirmed", "returned"]),
            ),
            pgtrigger.Protect(
                name="report_decision_stays",
                operation=pgtrigger.UpdateOf("state", "decided_by_id", "decided_at", "message"),
                condition=pgtrigger.Q(old__state__in=["confirmed", "returned"]),
            ),
            pgtrigger.Protect(
                name="report_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=["submitted", "confirmed", "returned"]),
            ),
        ]

    def __str__(self) -> str:
        return f"report {self.pk} on activity {self.activity_id}"


class ReportStep(TransitionRow):
    subject = models.ForeignKey(ActivityReport, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class ReportFileQuerySet(models.QuerySet["ReportFile"]):
    def visible_to(self, membership: Membership) -> "ReportFileQuerySet":
        return self.filter(branch(membership, "report__activity__plan__zone__unit"))


class ReportFile(models.Model):
    """A piece of evidence that came with a report."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    report = models.ForeignKey(ActivityReport, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "stored"], name="report_file_once")
        ]

    def __str__(self) -> str:
        return f"file {self.stored_id} of report {self.report_id}"
