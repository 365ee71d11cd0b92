"""Closed vocabularies of RPJMD plans, their indicators, targets and measurements."""

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class PlanState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("plan", "Being written")
    IN_FORCE = "in_force", pgettext_lazy("plan", "In force")
    CLOSED = "closed", pgettext_lazy("plan", "Closed")


class NodeLevel(models.TextChoices):
    """Levels of the tree from RPJMD to Renja; official nouns, not translated."""

    VISION = "vision", "Visi"
    MISSION = "mission", "Misi"
    GOAL = "goal", "Tujuan"
    OBJECTIVE = "objective", "Sasaran"
    UNIT_GOAL = "unit_goal", "Tujuan PD"
    UNIT_OBJECTIVE = "unit_objective", "Sasaran PD"
    PROGRAMME = "programme", "Program"
    ACTIVITY = "activity", "Kegiatan"
    SUB_ACTIVITY = "sub_activity", "Subkegiatan"

    @property
    def rank(self) -> int:
        """How deep the level stands; nothing hangs under a deeper one."""
        return list(type(self)).index(self)


class IndicatorKind(models.TextChoices):
    """Money of a node is an indicator in rupiah: ceiling (pagu) is its target, spending its
    measurement.
    """

    PERFORMANCE = "performance", pgettext_lazy("indicator", "Performance")
    BUDGET = "budget", pgettext_lazy("indicator", "Budget")


class Direction(models.TextChoices):
    HIGHER = "higher", _("Higher is better")
    LOWER = "lower", _("Lower is better")


class Shape(models.TextChoices):
    """What a target looks like."""

    VALUE = "value", pgettext_lazy("target", "One value")
    RANGE = "range", pgettext_lazy("target", "A range")
    YES_NO = "yes_no", pgettext_lazy("target", "Yes or no")
    DATE = "date", pgettext_lazy("target", "By a day")


class Consolidation(models.TextChoices):
    """How quarters become a year."""

    SUM = "sum", pgettext_lazy("quarters", "Sum of the quarters")
    AVERAGE = "average", pgettext_lazy("quarters", "Average of the quarters")
    LAST = "last", pgettext_lazy("quarters", "Last known value")
    MANUAL = "manual", pgettext_lazy("quarters", "Entered for the whole year")


class MeasurementState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("measurement", "Not sent yet")
    SUBMITTED = "submitted", pgettext_lazy("measurement", "Waiting for the planner")
    RETURNED = "returned", pgettext_lazy("measurement", "Returned, to be repaired")
    VERIFIED = "verified", pgettext_lazy("measurement", "Verified and locked")


WRITABLE_STATES = frozenset({MeasurementState.DRAFT, MeasurementState.RETURNED})


class PlanDocumentKind(models.TextChoices):
    """Official papers in which indicators stand; not translated."""

    RPJMD = "rpjmd", "RPJMD"
    RKPD = "rkpd", "RKPD"
    RENSTRA = "renstra", "Renstra PD"
    RENJA = "renja", "Renja PD"
    PK = "pk", "Perjanjian Kinerja (PK)"
    LKJIP = "lkjip", "LKjIP"


# Papers of one year; the others cover the plan.
YEARLY_DOCUMENTS = frozenset(
    {PlanDocumentKind.RKPD, PlanDocumentKind.RENJA, PlanDocumentKind.PK, PlanDocumentKind.LKJIP}
)
