"""RPJMD: plans, their revisions, the tree of nodes, who owns a node, the papers they stand in."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import NodeLevel, PlanDocumentKind, PlanState
from integrity_portal.core.history import track
from integrity_portal.core.models import StoredFile, append_only
from opd.models import Government, Membership, Unit
from opd.transitions import TransitionRow

MOST_YEARS = 10


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, membership: Membership) -> "PlanQuerySet":
        """Every member of the government; drafts only its planners (`permissions.reads_drafts`)."""
        return self.filter(government_id=membership.government_id)

    def covering(self, year: int) -> "PlanQuerySet":
        return self.filter(first_year__lte=year, last_year__gte=year)

    def in_force(self) -> "PlanQuerySet":
        return self.filter(state=PlanState.IN_FORCE)


@track(exclude=["title", "legal_basis"])
class Plan(models.Model):
    """A plan of several years (RPJMD, or the RPD of a transition) with everything under it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=150)
    first_year = models.PositiveSmallIntegerField()
    last_year = models.PositiveSmallIntegerField()
    legal_basis = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=8, choices=PlanState, default=PlanState.DRAFT, editable=False
    )
    # More than this percentage of a target does not count; None: no limit.
    cap = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    # Code of a set in data/achievement-bands.yaml.
    bands = models.CharField(max_length=40)
    # Days after the end of a quarter until units have reported; None: no day is set.
    report_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # Verified figures of units may be read without signing in.
    is_public = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)
    is_sample = models.BooleanField(default=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="plan_in_government"),
            models.CheckConstraint(
                name="plan_years",
                condition=Q(
                    first_year__gte=2000,
                    last_year__gte=F("first_year"),
                    last_year__lt=F("first_year") + MOST_YEARS,
                ),
                violation_error_message=_("A plan covers at most ten years, the first one first."),
            ),
            models.CheckConstraint(
                name="plan_cap",
                condition=Q(cap=None) | Q(cap__gte=100, cap__lte=200),
                violation_error_message=_("The limit lies between 100 and 200 percent."),
            ),
            models.CheckConstraint(
                name="plan_report_days",
                condition=Q(report_days=None) | Q(report_days__gte=1, report_days__lte=90),
                violation_error_message=_("Choose 1 to 90 days."),
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}, {self.years}"

    @property
    def years(self) -> str:
        return f"{self.first_year}–{self.last_year}"

    @property
    def all_years(self) -> range:
        return range(self.first_year, self.last_year + 1)


class PlanStep(TransitionRow):
    subject = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="steps")

    class Meta(TransitionRow.Meta):
        pass


class PlanRevision(models.Model):
    """Number 0 is the plan as enacted; each later one changes what follows from `from_year` on.

    What stands in a revision that is not adopted yet counts nowhere.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    from_year = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    adopted_on = models.DateField(null=True, blank=True)
    opened_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(
                fields=["government", "id"], name="plan_revision_in_government"
            ),
            models.UniqueConstraint(fields=["plan", "number"], name="plan_revision_number_once"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=Q(adopted_on=None),
                name="plan_revision_one_open",
                violation_error_message=_("A revision of this plan is already being written."),
            ),
            models.CheckConstraint(
                name="plan_revision_has_basis",
                condition=Q(number=0) | Q(adopted_on=None) | ~Q(basis=""),
                violation_error_message=_("Write the regulation that adopts the revision."),
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of plan {self.plan_id}"


def stands(prefix: str, year: int | None, *, with_open: bool) -> Q:
    """Rows with `since` and `until` that stand in the year; None: at the end of the plan.

    `with_open`: also what later revisions add, and the one that is still being written.
    """
    until, since = f"{prefix}until", f"{prefix}since"
    still = Q(**{until: None}) | Q(**{f"{until}__adopted_on": None})
    added = Q(**{f"{since}__adopted_on__isnull": False})
    if year is not None:
        still |= Q(**{f"{until}__from_year__gt": year})
        added &= Q(**{f"{since}__from_year__lte": year})
    return still if with_open else still & (Q(**{since: None}) | added)


class PlanNodeQuerySet(models.QuerySet["PlanNode"]):
    def visible_to(self, membership: Membership) -> "PlanNodeQuerySet":
        return self.filter(government_id=membership.government_id)

    def standing(self, year: int | None = None, *, with_open: bool = False) -> "PlanNodeQuerySet":
        """What an adopted revision neither dropped nor has still to add (see `stands`)."""
        return self.filter(stands("", year, with_open=with_open))

    def at_or_below(self, node_id: int) -> "PlanNodeQuerySet":
        return self.filter(lineage__contains=[node_id])


@track(exclude=["name"])
class PlanNode(models.Model):
    """One coded line of the tree. `lineage` is the path of ids from the root to the node itself.

    `since` and `until` are the revisions that added and dropped it; None: from the start, still.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="nodes")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    lineage = ArrayField(models.BigIntegerField(), default=list, editable=False)
    level = models.CharField(max_length=14, choices=NodeLevel)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=500)
    position = models.PositiveIntegerField(default=0)
    since = models.ForeignKey(
        PlanRevision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    until = models.ForeignKey(
        PlanRevision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)
    is_sample = models.BooleanField(default=False)
    owners: "models.ManyToManyField[Unit, NodeOwner]" = models.ManyToManyField(
        Unit, through="NodeOwner", related_name="plan_nodes"
    )

    objects = PlanNodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="plan_node_in_government"),
            models.UniqueConstraint(
                fields=["plan", "parent", "code"],
                condition=Q(until=None),
                nulls_distinct=False,
                name="plan_node_code_once",
                violation_error_message=_("This code already stands in the same place."),
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["lineage"], name="plan_node_lineage")]

    def __str__(self) -> str:
        return f"{self.level} {self.code} of plan {self.plan_id}"


class NodeOwner(models.Model):
    """A unit that carries a node; the lead one answers for it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    node = models.ForeignKey(PlanNode, on_delete=models.PROTECT, related_name="owner_rows")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    is_lead = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "unit"], name="node_owner_once"),
            models.UniqueConstraint(
                fields=["node"], condition=Q(is_lead=True), name="node_owner_one_lead"
            ),
        ]

    def __str__(self) -> str:
        return f"unit {self.unit_id} of node {self.node_id}"


class NodeName(models.Model):
    """What a node was called before a change, so that an old paper can be read beside the tree."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    node = models.ForeignKey(PlanNode, on_delete=models.PROTECT, related_name="former_names")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=500)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [append_only("node_name_append_only")]

    def __str__(self) -> str:
        return f"former name of node {self.node_id}"


class PlanDocumentQuerySet(models.QuerySet["PlanDocument"]):
    def visible_to(self, membership: Membership) -> "PlanDocumentQuerySet":
        return self.filter(government_id=membership.government_id)


class PlanDocument(models.Model):
    """A Renstra, Renja, RKPD or performance agreement (PK), and which indicators stand in it."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=7, choices=PlanDocumentKind)
    # None: of the whole government, signed by its head.
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    title = models.CharField(max_length=200)
    number = models.CharField(max_length=100, blank=True)
    dated = models.DateField(null=True, blank=True)
    url = models.URLField(max_length=500, blank=True)
    stored = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    form_key = models.UUIDField(unique=True)
    is_sample = models.BooleanField(default=False)

    objects = PlanDocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["government", "id"], name="plan_document_in_government"
            ),
            models.CheckConstraint(
                name="plan_document_year_of_kind",
                condition=Q(kind__in=["rkpd", "renja", "pk", "lkjip"], year__isnull=False)
                | Q(kind__in=["rpjmd", "renstra"], year=None),
                violation_error_message=_("A yearly paper needs its year; the others have none."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk} of plan {self.plan_id}"
