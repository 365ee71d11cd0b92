"""What a plan lacks, for planners: each gap as a list of rows with the place to mend it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy

from assessments.enums import NodeLevel
from assessments.models import Indicator, Plan, PlanNode
from assessments.queries.performance import Known, known
from assessments.queries.plan_board import tree_of
from integrity_portal.core.charts import Tone
from opd.models import Duty


@dataclass(frozen=True)
class GapRow:
    """`what` leads to `url`, the place where it is mended; `more` says where it stands."""

    what: str
    more: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Gap:
    code: str
    title: Promise
    why: Promise
    tone: Tone
    rows: list[GapRow]


# code, title, what it leads to, how grave it is.
KINDS = (
    (
        "no_unit",
        gettext_lazy("Indicators without a responsible unit"),
        gettext_lazy("Nobody will report them."),
        Tone.BAD,
    ),
    (
        "closed_unit",
        gettext_lazy("Indicators of a unit that was closed or merged"),
        gettext_lazy("The unit reports no more: hand them to its successor."),
        Tone.BAD,
    ),
    (
        "no_target",
        gettext_lazy("Indicators without a target for a year of the plan"),
        gettext_lazy("Without a target a year has no achievement."),
        Tone.BAD,
    ),
    (
        "no_indicator",
        gettext_lazy("Objectives and programmes without an indicator"),
        gettext_lazy("Whether they are reached cannot be said."),
        Tone.BAD,
    ),
    (
        "not_served",
        gettext_lazy("Objectives that no programme serves"),
        gettext_lazy("Nothing in the plan works towards them."),
        Tone.WARN,
    ),
    (
        "no_duty",
        gettext_lazy("Duties (tupoksi) without an indicator"),
        gettext_lazy("What a unit is there for is not measured in this plan."),
        Tone.WARN,
    ),
    (
        "no_words",
        gettext_lazy("Indicators without definition, formula or source"),
        gettext_lazy("Two people would count differently."),
        Tone.WARN,
    ),
)
MEASURED_LEVELS = (NodeLevel.OBJECTIVE, NodeLevel.UNIT_OBJECTIVE, NodeLevel.PROGRAMME)
SERVED_LEVELS = (NodeLevel.OBJECTIVE, NodeLevel.UNIT_OBJECTIVE)


def plan_gaps(plan: Plan, *, on: date) -> list[Gap]:
    """All kinds in one order, empty ones as well, in six queries."""
    nodes = tree_of(plan)
    rows = list(
        Indicator.objects.filter(node__plan=plan)
        .standing(with_open=True)
        .of_performance()
        .select_related("unit", "node")
        .order_by("node__code", "position", "pk")
    )
    found: dict[str, list[GapRow]] = defaultdict(list)
    for one in known(rows, with_open=True):
        _of_indicator(plan, one, on, found)
    _of_nodes(nodes, rows, found)
    found["no_duty"] = _duties(plan, rows, on)
    return [Gap(code, title, why, tone, found[code]) for code, title, why, tone in KINDS]


def _of_indicator(plan: Plan, one: Known, on: date, found: dict[str, list[GapRow]]) -> None:
    row = one.indicator
    if row.unit is None:
        found["no_unit"].append(_indicator(row))
    elif row.unit.is_closed(on):
        found["closed_unit"].append(_indicator(row))
    lacking = [year for year in plan.all_years if one.series.aim(year) is None]
    if lacking:
        years = ", ".join(map(str, lacking))
        found["no_target"].append(_indicator(row, years, place="indicator_targets"))
    words = [label for text, label in _words(row) if not text.strip()]
    if words:
        found["no_words"].append(_indicator(row, ", ".join(words)))


def _words(row: Indicator) -> list[tuple[str, str]]:
    return [
        (row.definition, _("Definition")),
        (row.formula, _("Formula")),
        (row.source, _("Source of the data")),
    ]


def _indicator(row: Indicator, detail: str = "", *, place: str = "indicator_edit") -> GapRow:
    more = f"{NodeLevel(row.node.level).label} {row.node.code}"
    if row.unit is not None:
        more = f"{more} · {row.unit.label}"
    return GapRow(row.name, more, reverse(f"assessments:{place}", args=[row.pk]), detail)


def _of_nodes(
    nodes: list[PlanNode], indicators: list[Indicator], found: dict[str, list[GapRow]]
) -> None:
    measured = {row.node_id for row in indicators}
    serving = {key for node in nodes if node.level == NodeLevel.PROGRAMME for key in node.lineage}
    for node in nodes:
        if node.level in MEASURED_LEVELS and node.pk not in measured:
            url = reverse("assessments:indicator_new", args=[node.pk])
            found["no_indicator"].append(_node(node, url))
        if node.level in SERVED_LEVELS and node.pk not in serving:
            below = reverse("assessments:node_new", args=[node.plan_id])
            found["not_served"].append(_node(node, f"{below}?under={node.pk}"))


def _node(node: PlanNode, url: str) -> GapRow:
    return GapRow(node.name, f"{NodeLevel(node.level).label} {node.code}", url)


def _duties(plan: Plan, indicators: list[Indicator], on: date) -> list[GapRow]:
    """Of units that stand today; the place to mend is the unit's page."""
    fulfilled = {row.duty_id for row in indicators}
    duties = Duty.objects.filter(government_id=plan.government_id).select_related("unit")
    return [
        GapRow(duty.text, duty.unit.label, reverse("opd:unit", args=[duty.unit_id]))
        for duty in duties.order_by("unit__name", "position", "pk")
        if duty.pk not in fulfilled and not duty.unit.is_closed(on)
    ]
