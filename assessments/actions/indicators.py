"""Indicators of a plan: their fiche, their targets, and who answers for them."""

from collections import Counter, defaultdict
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
    MeasurementState,
    Shape,
)
from assessments.indicator_rows import fresh_budget, fresh_indicator, fresh_target
from assessments.models import (
    DocumentIndicator,
    Indicator,
    IndicatorText,
    PlanNode,
    PlanRevision,
    Target,
)
from assessments.plan_keeping import (
    held_indicator,
    held_node,
    is_fresh,
    open_revision_of,
    rules_of,
)
from assessments.target_rules import Wanted
from integrity_portal.core import ledger
from opd.models import Duty, Membership, Unit
from opd.transitions import StepRefused

# What decides how a figure is read: once something was verified, only a revision changes it.
SENT = (MeasurementState.SUBMITTED, MeasurementState.VERIFIED)
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
    _refuse_dropped(row)
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
    if not is_fresh(row, row.node.plan):
        adopted = row.node.plan.revisions.filter(adopted_on__isnull=False)
        IndicatorText.objects.create(
            government_id=row.government_id,
            indicator=row,
            revision=adopted.order_by("-number")[0],
            texts={name: before[name] for name in changed},
            changed_at=now,
            changed_by=by,
        )
    ledger.record("indicator.edited", row, by=by, codes=dict.fromkeys(sorted(changed), True))
    return row


@transaction.atomic
def drop_indicator(*, indicator: Indicator, by: Membership) -> None:
    """Remove one that is new; else the open revision drops it.

    Raises StepRefused for one in force without an open revision, and for a new one on which others
    hang.
    """
    row = held_indicator(indicator, by)
    if row.until_id is not None:
        return
    plan = row.node.plan
    revision = open_revision_of(plan)
    codes: dict[str, ledger.Code] = {"node": row.node_id}
    if is_fresh(row, plan) or _is_bare(row):
        if row.supported_by.exists():
            raise StepRefused(_("Other indicators are cascaded from it. Change those first."))
        if row.measurements.exists():
            raise StepRefused(
                _("Figures of it were reported already. Drop it in another revision.")
            )
        row.targets.all().delete()
        DocumentIndicator.objects.filter(indicator=row).delete()
        ledger.record("indicator.removed", row, by=by, codes=codes)
        row.delete()
        return
    if revision is None:
        raise StepRefused(_("The plan is in force: open a revision to drop this indicator."))
    row.until = revision
    row.save(update_fields=["until"])
    ledger.record("indicator.dropped", row, by=by, codes={**codes, "revision": revision.number})


def _is_bare(row: Indicator) -> bool:
    """Nothing was ever promised, reported or changed: nobody relies on it, it is a slip."""
    return not (row.targets.exists() or row.measurements.exists() or row.former_texts.exists())


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
    _refuse_dropped(held)
    if unit is not None and unit.government_id != held.government_id:
        raise StepRefused(_("Choose a unit of this government."))
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

    Without one an empty target of a plan in force may still be filled; any other change needs a
    revision, and so does what lies before the year of the open one. Ceilings change with the
    budget of the year, never with a revision. Raises TargetsRefused naming every cell, Conflict.
    """
    held = held_indicator(indicator, by)
    places = _Places(held)
    wanted = [row for row in rows if not places.says(row)]
    faults = {
        (row.year, row.quarter): problem for row in wanted if (problem := _fault(held, row, places))
    }
    faults = {**_after_the_fact(held, wanted, places), **faults}
    if faults:
        raise TargetsRefused(Faults(faults))
    changed = Counter(
        places.revision(row.year).number for row in wanted if _write(held, places, row)
    )
    for number, count in sorted(changed.items()):
        codes: dict[str, ledger.Code] = {"revision": number, "count": count}
        ledger.record("targets.set", held, by=by, codes=codes)
    return changed.total()


class _Places:
    """Which revision a target of a year is written into, and what stands there."""

    def __init__(self, indicator: Indicator) -> None:
        plan = indicator.node.plan
        self.is_budget = indicator.kind == IndicatorKind.BUDGET
        self.rules = rules_of(plan)
        self.revisions = {row.number: row for row in plan.revisions.all()}
        self.newest = self.revisions[max(self.revisions)]
        self.targets: dict[tuple[int, int], dict[int, Target]] = defaultdict(dict)
        for row in indicator.targets.select_related("revision"):
            self.targets[row.year, row.quarter][row.revision.number] = row

    def revision(self, year: int) -> PlanRevision:
        return self.revisions[self.rules.written_into(year, is_budget=self.is_budget)]

    def standing(self, row: TargetRow) -> Target | None:
        """In the revision that would be written."""
        return self.targets[row.year, row.quarter].get(self.revision(row.year).number)

    def counting(self, row: TargetRow) -> Wanted | None:
        """Without the open revision."""
        said = self.targets[row.year, row.quarter]
        return self.rules.counting(row.year, {key: _wanted(each) for key, each in said.items()})

    def says(self, row: TargetRow) -> bool:
        """What an earlier revision says already is not said again."""
        return self.standing(row) is None and self.counting(row) == _wanted(row)


def _wanted(row: Target | TargetRow) -> Wanted:
    return Wanted(row.low, row.high, row.due_on)


def _fault(indicator: Indicator, row: TargetRow, places: _Places) -> str:
    return places.rules.fault(
        row.year,
        _wanted(row),
        shape=indicator.shape,
        is_budget=places.is_budget,
        counts=places.counting(row),
        stands=places.standing(row) is not None,
    )


def _after_the_fact(
    indicator: Indicator, rows: Iterable[TargetRow], places: _Places
) -> dict[tuple[int, int], str]:
    """Between revisions no target is filled for a time of which a figure was sent already."""
    if places.is_budget or places.rules.open is not None:
        return {}
    sent = indicator.measurements.filter(state__in=SENT).values_list("year", "quarter")
    periods = {*sent, *((year, 0) for year, _quarter in sent)}
    return {
        (row.year, row.quarter): _("Its figure was sent already: this target needs a revision.")
        for row in rows
        if not row.is_empty and (row.year, row.quarter) in periods
    }


def _write(indicator: Indicator, places: _Places, row: TargetRow) -> bool:
    standing = places.standing(row)
    if standing is None:
        if row.is_empty:
            return False
        revision = places.revision(row.year)
        fresh = fresh_target(indicator, revision, row.year, row.quarter, _wanted(row))
        fresh.is_sample = row.is_sample or indicator.is_sample
        fresh.save(force_insert=True)
        return True
    if _wanted(row) == _wanted(standing):
        return False
    if row.version is not None and row.version != standing.version:
        raise Conflict(standing)
    if row.is_empty:
        standing.delete()
        return True
    return bool(write(standing, row.columns(), standing.version))


def _refuse_dropped(node: PlanNode) -> None:
    if node.until_id is not None:
        raise StepRefused(_("A revision has dropped this line; nothing is added to it."))


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
    plan = row.node.plan
    if row.is_iku != wanted["is_iku"] and not (is_fresh(row, plan) or open_revision_of(plan)):
        raise StepRefused(_("What is an IKU changes by a revision of the plan only."))
    if all(getattr(row, name) == wanted[name] for name in READING):
        return
    if row.kind == IndicatorKind.BUDGET:
        raise StepRefused(_("Money stays money: only its unit can be changed."))
    waiting = row.measurements.filter(state=MeasurementState.SUBMITTED)
    if waiting.exists() or row.measurements.filter(steps__name="verify").exists():
        raise StepRefused(
            _(
                "Figures of this indicator were sent already. Drop it in a revision and add a new one."
            )
        )
    if row.shape != wanted["shape"] and row.targets.exists():
        raise StepRefused(_("Empty the targets before you change what they look like."))


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)
