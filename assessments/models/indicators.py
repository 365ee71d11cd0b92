"""Indicators of a plan and their targets by year, quarter and revision."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.enums import Consolidation, Direction, IndicatorKind, Shape
from assessments.models.plans import PlanDocument, PlanNode, PlanRevision, stands
from integrity_portal.core.history import track
from integrity_portal.core.models import append_only
from opd.models import Duty, Government, Membership, Unit

WHOLE_YEAR = 0
QUARTERS = (1, 2, 3, 4)
DIGITS, PLACES = 24, 6


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def visible_to(self, membership: Membership) -> "IndicatorQuerySet":
        """What a plan promises is known in the whole government."""
        return self.filter(government_id=membership.government_id)

    def standing(self, year: int | None = None, *, with_open: bool = False) -> "IndicatorQuerySet":
        """It and its node were neither dropped by an adopted revision nor have still to be added;
        with a year: as the plan was in that year.
        """
        return self.filter(
            stands("", year, with_open=with_open), stands("node__", year, with_open=with_open)
        )

    def of_performance(self) -> "IndicatorQuerySet":
        return self.filter(kind=IndicatorKind.PERFORMANCE)


@track(
    exclude=[
        "name",
        "definition",
        "formula",
        "source",
        "responsible",
        "numerator_label",
        "denominator_label",
    ]
)
class Indicator(models.Model):
    """What is measured at a node. An indicator in rupiah (kind budget) is the node's money."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    node = models.ForeignKey(PlanNode, on_delete=models.PROTECT, related_name="indicators")
    kind = models.CharField(max_length=11, choices=IndicatorKind, default=IndicatorKind.PERFORMANCE)
    code = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=300)
    definition = models.TextField(blank=True)
    unit_of_measure = models.CharField(max_length=60, blank=True)
    direction = models.CharField(max_length=6, choices=Direction, default=Direction.HIGHER)
    shape = models.CharField(max_length=6, choices=Shape, default=Shape.VALUE)
    consolidation = models.CharField(
        max_length=7, choices=Consolidation, default=Consolidation.LAST
    )
    formula = models.TextField(blank=True)
    # With a factor the value is factor × numerator / denominator (100 for percent).
    factor = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    numerator_label = models.CharField(max_length=200, blank=True)
    denominator_label = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    # Who answers for it: None is a finding of the planners. `responsible` is an office in words.
    unit = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="indicators"
    )
    responsible = models.CharField(max_length=150, blank=True)
    duty = models.ForeignKey(
        Duty, null=True, blank=True, on_delete=models.SET_NULL, related_name="indicators"
    )
    base_year = models.PositiveSmallIntegerField(null=True, blank=True)
    base_value = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True
    )
    is_iku = models.BooleanField(default=False)
    # The indicator of a higher level that this one is cascaded from.
    supports = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="supported_by"
    )
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
    documents: "models.ManyToManyField[PlanDocument, DocumentIndicator]" = models.ManyToManyField(
        PlanDocument, through="DocumentIndicator", related_name="indicators"
    )

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="indicator_in_government"),
            models.UniqueConstraint(
                fields=["node", "unit"],
                condition=Q(kind="budget", until=None),
                nulls_distinct=False,
                name="indicator_one_budget",
                violation_error_message=_("The budget of this unit already stands at this node."),
            ),
            models.CheckConstraint(
                name="indicator_budget_is_plain",
                condition=~Q(kind="budget")
                | Q(shape="value", direction="higher", consolidation="sum", is_iku=False),
            ),
            models.CheckConstraint(
                name="indicator_ratio_is_a_number",
                condition=Q(factor=None)
                | Q(factor__gt=0, shape__in=["value", "range"])
                & ~Q(numerator_label="")
                & ~Q(denominator_label=""),
                violation_error_message=_("Name what is divided by what."),
            ),
            models.CheckConstraint(
                name="indicator_words_are_not_added",
                condition=Q(shape__in=["value", "range"]) | Q(consolidation__in=["last", "manual"]),
                violation_error_message=_(
                    "Yes or no and days cannot be added up: choose the last value or the whole year."
                ),
            ),
            models.CheckConstraint(
                name="indicator_not_its_own_support", condition=~Q(supports=F("id"))
            ),
        ]
        indexes = [models.Index(fields=["unit"], name="indicator_by_unit")]

    def __str__(self) -> str:
        return f"indicator {self.pk} of node {self.node_id}"

    @property
    def is_ratio(self) -> bool:
        return self.factor is not None


class IndicatorText(models.Model):
    """What stood in the fiche of an indicator before it was changed."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="former_texts")
    revision = models.ForeignKey(
        PlanRevision, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # {field name: what stood there}, as text.
    texts = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [append_only("indicator_text_append_only")]

    def __str__(self) -> str:
        return f"former texts of indicator {self.indicator_id}"


class DocumentIndicator(models.Model):
    """An indicator that stands in a Renstra, Renja or PK."""

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    document = models.ForeignKey(PlanDocument, on_delete=models.PROTECT, related_name="+")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "indicator"], name="document_indicator_once"
            )
        ]

    def __str__(self) -> str:
        return f"indicator {self.indicator_id} in {self.document_id}"


@track()
class Target(models.Model):
    """What shall be reached in a year (quarter 0) or a quarter, as one revision says it.

    `low` is the value, or the lower bound of a range, or 1 and 0 for yes and no. A quarter of a
    sum is its own share; of an average or a last value it is the level at its end.
    """

    government = models.ForeignKey(Government, on_delete=models.PROTECT)
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    revision = models.ForeignKey(PlanRevision, on_delete=models.PROTECT, related_name="targets")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField(default=WHOLE_YEAR)
    low = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    high = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    is_sample = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["government", "id"], name="target_in_government"),
            models.UniqueConstraint(
                fields=["indicator", "year", "quarter", "revision"], name="target_once"
            ),
            models.CheckConstraint(name="target_quarter", condition=Q(quarter__lte=4)),
            models.CheckConstraint(
                name="target_says_something",
                condition=Q(low__isnull=False) | Q(due_on__isnull=False, high=None),
            ),
            models.CheckConstraint(
                name="target_range_order",
                condition=Q(high=None) | Q(high__gte=F("low")),
                violation_error_message=_("The lower bound comes first."),
            ),
        ]

    def __str__(self) -> str:
        return f"target {self.year}/{self.quarter} of indicator {self.indicator_id}"
