"""Indicators of a plan: their fiche, their targets, and who answers for them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assessments.editing import Conflict, write
from assessments.enums import (
    Consolidation,
    Direction,
    IndicatorKind,
    PlanState,
    Shape,
)
from assessments.indicator_rows import fresh_budget, fresh_indicator, fresh_target
from assessments.models import Indicator, IndicatorText, PlanNode, PlanRevision, Target
from assessments.plan_keeping import (
    held_indicator,
    held_node,
    newest_revision,
    open_revision_of,
    rules_of,
)
from assessments.target_rules import TargetRules, Wanted
from integrity_portal.core import ledger
from opd.models import Duty, Membership, Unit
from opd.transitions import StepRefused

# What decides how a figure is read: once something was verified, only a revision changes it.
READING = ("direction", "shape", "consolidation", "factor", "unit_of_measure")


@dataclass(frozen=True)
class IndicatorTexts:
    """The fiche of an indicator. With `factor` it is a ratio of two named counts."""

    name: str
    code: str = ""
    definition: str = ""
    unit_of_measure: str = ""
    direction: Direction = Direction.HIGHER
    shape: Shape = Shape.VALUE
    consolidation: Consolidation = Consolidation.LAST
    formula: str = ""
    factor: Decimal | None = None
    numerator_label: str = ""
    denominator_label: str = ""
    source: str = ""
    unit: Unit | None = None
    responsible: str = ""
    duty: Duty | None = None
    base_year: int | None = None
    base_value: Decimal | None = None
    is_iku: bool = False
    supports: Indicator | None = None

    def columns(self) -> dict[str, Any]:
        rows = dict(vars(self))
        for name in ("unit", "duty", "supports"):
            row = rows.pop(name)
            rows[f"{name}_id"] = row.pk if row else None
        return rows


@dataclass(frozen=True)
class TargetRow:
    """One target as it shall stand; all None: none. `version` is what the planner saw (0: none)."""

    year: int
    quarter: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    due_on: date | None = None
    version: int | None = None
    is_sample: bool = False

    @property
    def is_empty(self) -> bool:
        return self.low is None and self.due_on is None

    def columns(self) -> dict[str, Any]:
        return {"low": self.low, "high": self.high, "due_on": self.due_on}


@dataclass(frozen=True)
class Faults:
    """Sentences by (year, quarter): what is wrong in which cell."""

    cells: dict[tuple[int, int], str] = field(default_factory=dict)


class TargetsRefused(StepRefused):
    """No cell was written; `faults` says what is wrong in which."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(_("Some targets could not be read. Nothing was written."))
        self.faults = faults


@transaction.atomic
def add_indicator(
    *, node: PlanNode, texts: IndicatorTexts, form_key: UUID, by: Membership
) -> Indicator:
    """A second press of the same form finds the first one's. Raises StepRefused."""
    row = held_node(node, by)
    existing = Indicator.objects.filter(form_key=form_key, node__plan=row.plan).first()
    if existing:
        return existing
    _refuse_foreign(row, texts)
    revision = open_revision_of(row.plan)
    last = row.indicators.aggregate(last=Max("position"))["last"]
    indicator = fresh_indicator(row, texts.columns(), revision, (last or 0) + 1, form_key)
    indicator.save(force_insert=True)
    codes: dict[str, ledger.Code] = {"node": row.pk, "unit": indicator.unit_id}
    ledger.record("indicator.added", indicator, by=by, codes=codes)
    return indicator


@transaction.atomic
def edit_indicator(
    *,
    indicator: Indicator,
    texts: IndicatorTexts,
    version: int,
    by: Membership,
    now: datetime,
) -> Indicator:
    """Write over the version that the planner saw; what stood there stays readable.

    Raises Conflict; StepRefused when verified figures would be read otherwise than they were.
    """
    row = held_indicator(indicator, by)
    _refuse_foreign(row.node, texts)
    if texts.supports is not None and _is_below(texts.supports, row):
        raise StepRefused(_("An indicator cannot support one that is cascaded from it."))
    wanted = texts.columns()
    _refuse_other_reading(row, wanted)
    before = {name: _as_text(getattr(row, name)) for name in wanted}
    changed = write(row, wanted, version)
    if not changed:
        return row
    if row.node.plan.state != PlanState.DRAFT:
        IndicatorText.objects.create(
            government_id=row.government_id,
            indicator=row,
            revision=open_revision_of(row.node.plan),
            texts={name: before[name] for name in changed},
            changed_at=now,
            changed_by=by,
        )
    ledger.record("indicator.edited", row, by=by, codes={"columns": ",".join(sorted(changed))})
    return row


@transaction.atomic
def drop_indicator(*, indicator: Indicator, by: Membership) -> None:
    """Remove one that is new and has no figure; else the open revision drops it.

    Raises StepRefused for one in force without an open revision.
    """
    row = held_indicator(indicator, by)
    plan = row.node.plan
    revision = open_revision_of(plan)
    fresh = plan.state == PlanState.DRAFT or (revision and row.since_id == revision.pk)
    codes: dict[str, ledger.Code] = {"node": row.node_id}
    if fresh and not row.measurements.exists() and not row.supported_by.exists():
        row.targets.all().delete()
        ledger.record("indicator.removed", row, by=by, codes=codes)
        row.delete()
        return
    if revision is None:
        raise StepRefused(_("The plan is in force: open a revision to drop this indicator."))
    row.until = revision
    row.save(update_fields=["until"])
    ledger.record("indicator.dropped", row, by=by, codes={**codes, "revision": revision.number})


@transaction.atomic
def set_budget(
    *,
    node: PlanNode,
    unit: Unit | None,
    rows: Iterable[TargetRow],
    by: Membership,
) -> Indicator:
    """Ceilings (pagu) of a unit at a node, by year and quarter; zero is a ceiling.

    Raises StepRefused and TargetsRefused.
    """
    held = held_node(node, by)
    budget = held.indicators.filter(kind=IndicatorKind.BUDGET, unit=unit, until=None).first()
    if budget is None:
        budget = fresh_budget(held, unit.pk if unit else None)
        budget.save(force_insert=True)
        codes: dict[str, ledger.Code] = {"node": held.pk, "unit": budget.unit_id}
        ledger.record("indicator.added", budget, by=by, codes=codes)
    set_targets(indicator=budget, rows=rows, by=by)
    return budget


@transaction.atomic
def set_targets(*, indicator: Indicator, rows: Iterable[TargetRow], by: Membership) -> int:
    """Write targets into the open revision; how many changed.

    In a plan in force without an open revision an empty target may be filled, and ceilings change
    with the budget of the year; any other change needs a revision. Raises TargetsRefused naming
    every cell, Conflict.
    """
    held = held_indicator(indicator, by)
    revision = newest_revision(held.node.plan)
    standing = {(row.year, row.quarter): row for row in held.targets.filter(revision=revision)}
    wanted = list(rows)
    effective = {} if revision.adopted_on is None else _effective(held)
    rules = rules_of(held.node.plan, revision)
    faults: dict[tuple[int, int], str] = {}
    for row in wanted:
        problem = _fault(held, row, rules, effective)
        if problem:
            faults[row.year, row.quarter] = problem
    if faults:
        raise TargetsRefused(Faults(faults))
    changed = sum(
        _write(held, revision, row, standing.get((row.year, row.quarter))) for row in wanted
    )
    if changed:
        codes: dict[str, ledger.Code] = {"revision": revision.number, "count": changed}
        ledger.record("targets.set", held, by=by, codes=codes)
    return changed


def _effective(indicator: Indicator) -> dict[tuple[int, int], Target]:
    """What counts now, by year and quarter."""
    rows = indicator.targets.filter(revision__adopted_on__isnull=False)
    return {(row.year, row.quarter): row for row in rows.order_by("revision__number")}


def _fault(
    indicator: Indicator,
    row: TargetRow,
    rules: TargetRules,
    effective: dict[tuple[int, int], Target],
) -> str:
    counts = effective.get((row.year, row.quarter))
    return rules.fault(
        row.year,
        Wanted(**row.columns()),
        shape=indicator.shape,
        is_money=indicator.kind == IndicatorKind.BUDGET,
        counts=None if counts is None else Wanted(counts.low, counts.high, counts.due_on),
    )


def _write(
    indicator: Indicator, revision: PlanRevision, row: TargetRow, standing: Target | None
) -> bool:
    if standing is None:
        if row.is_empty:
            return False
        fresh = fresh_target(indicator, revision, row.year, row.quarter, Wanted(**row.columns()))
        fresh.is_sample = row.is_sample or indicator.is_sample
        fresh.save(force_insert=True)
        return True
    same = all(getattr(standing, name) == value for name, value in row.columns().items())
    if same:
        return False
    if row.version is not None and row.version != standing.version:
        raise Conflict(standing)
    if row.is_empty:
        standing.delete()
        return True
    return bool(write(standing, row.columns(), standing.version))


def _refuse_foreign(node: PlanNode, texts: IndicatorTexts) -> None:
    """Unit, duty and the supported indicator are of this government; the duty is the unit's."""
    if texts.unit is not None and texts.unit.government_id != node.government_id:
        raise StepRefused(_("Choose a unit of this government."))
    if texts.duty is not None and (texts.unit is None or texts.duty.unit_id != texts.unit.pk):
        raise StepRefused(_("Choose a duty of the responsible unit."))
    if texts.supports is not None and texts.supports.node.plan_id != node.plan_id:
        raise StepRefused(_("Choose an indicator of the same plan."))


def _is_below(candidate: Indicator, row: Indicator) -> bool:
    """Whether `candidate` is the row itself or hangs on it by cascading."""
    seen: Indicator | None = candidate
    while seen is not None:
        if seen.pk == row.pk:
            return True
        seen = seen.supports
    return False


def _refuse_other_reading(row: Indicator, wanted: dict[str, Any]) -> None:
    if all(getattr(row, name) == wanted[name] for name in READING):
        return
    if row.kind == IndicatorKind.BUDGET:
        raise StepRefused(_("Money stays money: only its unit can be changed."))
    if row.measurements.filter(state__in=["submitted", "verified"]).exists():
        raise StepRefused(
            _(
                "Figures of this indicator were sent already. Drop it in a revision and add a new one."
            )
        )
    if row.shape != wanted["shape"] and row.targets.exists():
        raise StepRefused(_("Empty the targets before you change what they look like."))


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)
