"""Pocket books (buku saku) that were asked for: one document a unit, many of them as one run."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.plans import Plan
from integrity_portal.core.models import Document
from opd.models import Government, Membership, Unit


class BookletRunQuerySet(models.QuerySet["BookletRun"]):
    def visible_to(self, membership: Membership) -> "BookletRunQuerySet":
        return self.filter(government_id=membership.government_id)


class BookletRun(models.Model):
    """What was asked for at once: the books of all units (`is_whole`), or of a single one.

    The work lies in the documents, each of which a worker claims by itself; the run only counts
    them. `quarter` 0 is the whole year.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="booklet_runs")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    is_whole = models.BooleanField(default=False)
    asked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    objects = BookletRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="booklet_run_in_government"),
            models.CheckConstraint(
                name="booklet_run_quarter",
                condition=Q(quarter__lte=4),
                violation_error_message=_("A year has four quarters."),
            ),
        ]
        indexes = [models.Index(fields=["plan", "-id"], name="booklet_run_by_plan")]

    def __str__(self) -> str:
        return f"booklets of plan {self.plan_id}, {self.year}/{self.quarter}"


class Booklet(models.Model):
    """The book of one unit in a run."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    run = models.ForeignKey(BookletRun, on_delete=models.PROTECT, related_name="booklets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "unit"], name="booklet_once_in_run"),
        ]
        indexes = [models.Index(fields=["unit", "-id"], name="booklet_by_unit")]

    def __str__(self) -> str:
        return f"booklet of unit {self.unit_id} in run {self.run_id}"
