"""What a table of indicators says, written into its plan: by the verbs of the single rows, and new
rows many at once under the same lock, with the same rules and the same ledger.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assessments.actions.indicators import (
    IndicatorTexts,
    TargetRow,
    TargetsRefused,
    edit_indicator,
    set_budget,
    set_targets,
)
from assessments.actions.measurements import Realised, save_measurement, send_measurements
from assessments.actions.plan_nodes import NodeTexts, Owners, add_node
from assessments.editing import Conflict
from assessments.enums import IndicatorKind, NodeLevel
from assessments.indicator_rows import fresh_budget, fresh_indicator, fresh_target
from assessments.models import Indicator, Measurement, Plan, PlanNode, Target
from assessments.plan_excel.compared import Comparison, Line, Written
from assessments.plan_excel.placing import NewNode, Place
from assessments.plan_keeping import open_plan_of, open_revision_of, rules_of
from integrity_portal.core import ledger
from opd.models import Membership, Unit
from opd.transitions import StepRefused

BATCH = 500
Money = tuple[Place, int | None]


@transaction.atomic
def fill_plan(
    *, plan: Plan, comparison: Comparison, key: UUID, by: Membership, now: datetime
) -> None:
    """Write every good line of a comparison that was made under the lock of the plan; all or none.

    `key` makes the keys of what is new: the same file a second time adds nothing twice. Figures
    are sent and wait for another planner. Raises PermissionDenied; StepRefused naming the cell.
    """
    held = open_plan_of(plan, by)
    filling = _Filling(held, comparison, key, by, now)
    filling.add_nodes()
    filling.add_indicators()
    filling.add_budgets()
    filling.change()
    filling.report()
    added = len(filling.indicators)
    codes: dict[str, ledger.Code] = {"nodes": len(comparison.nodes), "indicators": added}
    ledger.record("plan.filled", held, by=by, codes=codes)


class _Filling:
    def __init__(
        self, plan: Plan, comparison: Comparison, key: UUID, by: Membership, now: datetime
    ) -> None:
        self.plan, self.comparison, self.key = plan, comparison, key
        self.by, self.now = by, now
        self.lines = comparison.good()
        rows = PlanNode.objects.filter(plan=plan, until=None).select_for_update(no_key=True)
        self.nodes: dict[Place, PlanNode] = {row.pk: row for row in rows}
        for row in self.nodes.values():
            row.plan = plan
        self.units = {row.pk: row for row in Unit.objects.filter(government=plan.government_id)}
        # New rows by the line that brought them, new money by its line of the plan and its unit.
        self.indicators: dict[int, Indicator] = {}
        self.budgets: dict[Money, Indicator] = {}

    def add_nodes(self) -> None:
        for node in self.comparison.nodes:
            parent = self.nodes[node.parent] if node.parent is not None else None
            with _cell(node.cell):
                self.nodes[node.key] = add_node(
                    plan=self.plan,
                    parent=parent,
                    texts=NodeTexts(node.level, node.code, node.name),
                    form_key=uuid5(self.key, node.key),
                    by=self.by,
                    owners=self._owners(node),
                )

    def _owners(self, node: NewNode) -> Owners | None:
        """Of what is below the government's own levels; of one unit, that leads."""
        found = [self.units[pk] for pk in self.comparison.owners.get(node.key, ())]
        if node.level.rank < NodeLevel.UNIT_GOAL.rank or not found:
            return None
        return Owners(found, found[0] if len(found) == 1 else None)

    def add_indicators(self) -> None:
        revision = open_revision_of(self.plan)
        tops = Indicator.objects.filter(node__plan=self.plan).values_list("node")
        last: dict[int, int] = defaultdict(int)
        last.update(tops.annotate(top=Max("position")))
        for number, line in enumerate(self.lines):
            if not line.row.name or line.indicator is not None or line.place is None:
                continue
            node = self.nodes[line.place]
            last[node.pk] += 1
            form_key = uuid5(self.key, f"{line.row.sheet}!{line.row.cell}")
            self.indicators[number] = fresh_indicator(
                node, line.columns, revision, last[node.pk], form_key
            )
        self._insert(self.indicators.values())
        self._insert_targets(
            (row, self.lines[number].targets) for number, row in self.indicators.items()
        )

    def add_budgets(self) -> None:
        """Money that stands at no line yet; of one unit at one line, whichever rows name it."""
        wanted: dict[Money, list[Written]] = defaultdict(list)
        for line in self.lines:
            if line.place is not None and line.budget is None and (line.money or line.spent):
                wanted[line.place, line.unit] += line.money
        for place, unit in wanted:
            self.budgets[place, unit] = fresh_budget(self.nodes[place], unit)
        self._insert(self.budgets.values())
        self._insert_targets((self.budgets[money], rows) for money, rows in wanted.items())

    def _insert(self, rows: Iterable[Indicator]) -> None:
        made = Indicator.objects.bulk_create(rows, batch_size=BATCH)
        ledger.record_all(
            "indicator.added",
            [(row, {"node": row.node_id, "unit": row.unit_id}) for row in made],
            by=self.by,
        )

    def _insert_targets(self, pairs: Iterable[tuple[Indicator, list[Written]]]) -> None:
        rules = rules_of(self.plan)
        revisions = {row.number: row for row in self.plan.revisions.all()}
        rows: list[Target] = []
        entries: list[tuple[Indicator, dict[str, ledger.Code]]] = []
        for indicator, written in pairs:
            is_budget = indicator.kind == IndicatorKind.BUDGET
            for each in written:
                revision = revisions[rules.written_into(each.year, is_budget=is_budget)]
                rows.append(fresh_target(indicator, revision, each.year, each.quarter, each.wanted))
            if written:
                newest = max(revisions)
                entries.append((indicator, {"revision": newest, "count": len(written)}))
        Target.objects.bulk_create(rows, batch_size=BATCH)
        ledger.record_all("targets.set", entries, by=self.by)

    def change(self) -> None:
        """What stands already: one by one, through the verbs of a form."""
        keys = [line.indicator for line in self.lines if line.indicator is not None]
        rows = Indicator.objects.select_related("node__plan", "unit", "duty", "supports__node")
        standing = rows.in_bulk(keys)
        for line in self.lines:
            with _cell(f"{line.row.sheet}!{line.row.cell}"):
                if line.indicator is not None:
                    self._edit(line, standing[line.indicator])
                if line.budget is not None and line.money:
                    set_budget(
                        node=self._node(line),
                        unit=self.units.get(line.unit) if line.unit else None,
                        rows=_target_rows(line.money),
                        by=self.by,
                    )

    def _edit(self, line: Line, row: Indicator) -> None:
        if line.columns:
            texts = {field.name: getattr(row, field.name) for field in fields(IndicatorTexts)}
            texts |= {name: value for name, value in line.columns.items() if name != "unit_id"}
            if "unit_id" in line.columns:
                texts["unit"] = self.units[line.columns["unit_id"]]
            edit_indicator(
                indicator=row,
                texts=IndicatorTexts(**texts),
                version=line.version,
                by=self.by,
                now=self.now,
            )
        if line.targets:
            set_targets(indicator=row, rows=_target_rows(line.targets), by=self.by)

    def report(self) -> None:
        """Realisations: entered and sent, never verified here."""
        saved: list[Measurement] = []
        for number, line in enumerate(self.lines):
            if not line.figures and not line.spent:
                continue
            with _cell(f"{line.row.sheet}!{line.row.cell}"):
                if line.figures:
                    found = self.indicators.get(number) or Indicator(pk=line.indicator)
                    saved += self._save(found, line.figures)
                if line.spent and line.place is not None:
                    budget = self.budgets.get((line.place, line.unit))
                    saved += self._save(budget or Indicator(pk=line.budget), line.spent)
        if saved:
            send_measurements(rows=saved, by=self.by, now=self.now)

    def _save(self, indicator: Indicator, written: list[Written]) -> Iterator[Measurement]:
        for each in written:
            kept = save_measurement(
                indicator=indicator,
                year=each.year,
                quarter=each.quarter,
                realised=Realised(value=each.wanted.low, done_on=each.wanted.due_on),
                version=each.version,
                by=self.by,
                now=self.now,
            )
            yield kept.measurement

    def _node(self, line: Line) -> PlanNode:
        if line.place is None:
            raise StepRefused(_("The plan does not have this line."))
        return self.nodes[line.place]


def _target_rows(written: list[Written]) -> list[TargetRow]:
    return [TargetRow(each.year, each.quarter, **each.wanted._asdict()) for each in written]


@contextmanager
def _cell(cell: str) -> Iterator[None]:
    """A refusal says in which cell it is about."""
    try:
        yield
    except TargetsRefused as refusal:
        sentences = " ".join(dict.fromkeys(refusal.faults.cells.values()))
        raise StepRefused(f"{cell}: {sentences}") from refusal
    except StepRefused as refusal:
        raise StepRefused(f"{cell}: {refusal}") from refusal
    except Conflict as conflict:
        raise StepRefused(
            f"{cell}: " + _("Somebody has changed this meanwhile. Look at the preview again.")
        ) from conflict
