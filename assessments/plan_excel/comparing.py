"""What the rows of a file would change in a plan; a row with any error is left out as a whole."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from assessments.enums import Consolidation, Direction, Shape
from assessments.excel.cells import NotReadable, plain
from assessments.plan_excel.compared import Change, Comparison, Line, Outcome, Written
from assessments.plan_excel.figures import Figures
from assessments.plan_excel.headings import Kind
from assessments.plan_excel.placing import Misplaced, Place, Placer
from assessments.plan_excel.reading import Fault, Reading, Row, Stated
from assessments.plan_excel.standing import Standing, StandingIndicator
from assessments.plan_excel.targets import direction_shown, fault_of_day, fault_of_kind
from assessments.plan_excel.units import Units
from assessments.plan_excel.values import contradiction
from assessments.plan_excel.words import fields, kinds, said
from assessments.target_rules import Wanted

# What decides how a figure is read (actions/indicators.py).
READING = ("direction", "shape", "consolidation", "unit_of_measure")
WORDS = ("definition", "formula", "source", "responsible", "unit_of_measure")


def compare(reading: Reading, standing: Standing) -> Comparison:
    return _Comparer(reading, standing).compare()


class _Comparer:
    def __init__(self, reading: Reading, standing: Standing) -> None:
        self.reading, self.standing = reading, standing
        self.placer, self.units = Placer(standing.nodes), Units(standing.units)
        self.at_node: dict[int, list[StandingIndicator]] = defaultdict(list)
        self.budgets: dict[tuple[Place, int | None], StandingIndicator] = {}
        for each in standing.indicators:
            if each.is_money:
                self.budgets[each.node, each.unit] = each
            else:
                self.at_node[each.node].append(each)
        self.seen: dict[tuple[Any, ...], str] = {}
        self.named_nodes: set[str] = set()
        self.money: dict[tuple[Any, ...], Written] = {}
        self.figures = Figures(standing)
        # Translated once, not for every cell.
        self.fields, self.kinds = fields(), kinds()

    def compare(self) -> Comparison:
        lines = [self._line(row) for row in self.reading.rows]
        needed: set[str] = set()
        owners: dict[str, dict[int, None]] = defaultdict(dict)
        for line in lines:
            if line.outcome not in (Outcome.NEW, Outcome.CHANGED) or line.place is None:
                continue
            for node in self.placer.lineage(line.place):
                if isinstance(node.place, str):
                    needed.add(node.place)
                    if line.unit is not None:
                        owners[node.place][line.unit] = None
        nodes = tuple(node for key, node in self.placer.new.items() if key in needed)
        return Comparison(
            tuple(lines),
            nodes,
            {key: tuple(found) for key, found in owners.items()},
            (*self.reading.remarks, *self._remarks()),
        )

    def _remarks(self) -> Iterator[str]:
        kinds = {each.kind for row in self.reading.rows for each in row.stated}
        if not self.standing.is_in_force and kinds & {Kind.FIGURE, Kind.SPENT}:
            yield _("Realisations are left out: they are taken once the plan is in force.")

    def _line(self, row: Row) -> Line:
        line = Line(row, faults=list(row.faults), remarks=list(row.remarks))
        self._find_unit(line)
        self._find_place(line)
        if row.name and line.place is not None:
            self._compare_indicator(line)
        elif not row.name and line.place is not None:
            key = str(line.place)
            line.adds_node = isinstance(line.place, str) and key not in self.named_nodes
            self.named_nodes.add(key)
        if line.place is not None:
            self._compare_money(line, line.place)
        self._refuse_closed(line)
        return line

    # --- where ---

    def _find_unit(self, line: Line) -> None:
        row = line.row
        named = row.texts.get("unit", "")
        if not named and self.units.is_named(row.texts.get("responsible", "")):
            named = row.texts["responsible"]
        if not named:
            return
        try:
            unit, remarks = self.units.find(named)
        except NotReadable as error:
            self._fault(line, row.cells.get("unit", row.cell), named, str(error))
            return
        line.unit = unit.pk
        line.remarks += remarks

    def _refuse_closed(self, line: Line) -> None:
        """A unit that was closed stays where it stands; nothing new is given to it."""
        if line.unit is None or not self.units.by_pk[line.unit].is_closed:
            return
        is_given = "unit_id" in line.columns or (line.budget is None and bool(line.money))
        if is_given:
            named = line.row.texts.get("unit", "") or line.row.texts.get("responsible", "")
            self._fault(
                line,
                line.row.cells.get("unit", line.row.cell),
                named,
                _("This unit was closed. Write the unit that carries on its duties."),
            )

    def _find_place(self, line: Line) -> None:
        row = line.row
        if row.path:
            try:
                line.place, remarks = self.placer.place(row.path, row.sheet)
            except Misplaced as error:
                found = f"{error.ref.code} {error.ref.name}".strip()
                self._fault(line, error.ref.cell, found, str(error))
                return
            line.remarks += remarks
        elif row.faults:
            return
        else:
            found_at = self._by_indicator(row)
            if found_at is None:
                self._fault(
                    line,
                    row.cell,
                    row.name,
                    _(
                        "To which line of the plan this belongs is unknown. Fill in sasaran, "
                        "program or another level in this row."
                    ),
                )
                return
            line.place = found_at
        line.where = self.placer.label(line.place)

    def _by_indicator(self, row: Row) -> int | None:
        """A table without the tree: the line of the one indicator that is called so."""
        code = row.texts.get("code", "")
        rows = [each for each in self.standing.indicators if not each.is_money]
        for found in (
            [each for each in rows if code and each.columns["code"] == code],
            [each for each in rows if row.name and _is_called(each, row.name)],
        ):
            if len(found) == 1:
                return found[0].node
        return None

    def _match(self, line: Line) -> StandingIndicator | None:
        row = line.row
        rows = self.at_node.get(line.place, []) if isinstance(line.place, int) else []
        code = row.texts.get("code", "").casefold()
        coded = [each for each in rows if code and each.columns["code"].casefold() == code]
        if coded:
            return coded[0]
        named = [each for each in rows if _is_called(each, row.name)]
        named = [each for each in named if not code or not each.columns["code"]]
        if len(named) > 1 and line.unit is not None:
            named = [each for each in named if each.unit == line.unit]
        if len(named) > 1:
            self._fault(
                line,
                row.cell,
                row.name,
                _("Several indicators of this line are called so. Write the code of the one."),
            )
        return named[0] if named else None

    # --- an indicator ---

    def _compare_indicator(self, line: Line) -> None:
        row = line.row
        standing = self._match(line)
        key: tuple[Any, ...] = (
            ("there", standing.pk)
            if standing
            else (line.place, row.texts.get("code", "").casefold() or (plain(row.name), line.unit))
        )
        if key in self.seen:
            self._fault(
                line,
                row.cell,
                row.name,
                _("This indicator stands in %(cell)s already. Keep one of the two rows.")
                % {"cell": self.seen[key]},
            )
            return
        self.seen[key] = f"{row.sheet}!{row.cell}"
        shape = self._shape(line, standing)
        wanted = self._columns(line, standing, shape)
        before: Mapping[str, Any] = standing.columns if standing else {}
        if standing is not None:
            line.indicator, line.version = standing.pk, standing.version
            wanted = {name: value for name, value in wanted.items() if before[name] != value}
            self._refuse_other_reading(line, standing, wanted)
            if standing.has_duty and "unit_id" in wanted:
                self._fault(
                    line,
                    row.cells.get("unit", row.cell),
                    row.texts.get("unit", ""),
                    _("It fulfils a duty of its present unit. Change both on its own page."),
                )
        line.columns = wanted
        self._refuse_added_words(line, standing, wanted, shape)
        for name, value in wanted.items():
            is_title = name == "name" and standing is None
            if value not in (None, "") and not is_title:
                after = self._said(name, value)
                if name == "direction" and line.is_guessed:
                    after = _("%(value)s (guessed)") % {"value": after}
                was = self._said(name, before.get(name)) if standing else ""
                cell = row.cells.get(_CELLS.get(name, name), row.cell)
                line.changes.append(Change(self.fields[name], was, after, cell))
        self._compare_targets(line, standing, shape)
        self._compare_figures(line, standing, wanted, shape)

    def _columns(
        self, line: Line, standing: StandingIndicator | None, shape: Shape
    ) -> dict[str, Any]:
        row = line.row
        wanted: dict[str, Any] = {
            name: row.texts[name] for name in ("code", *WORDS) if name in row.texts
        }
        for name in ("direction", "consolidation", "is_iku", "base_value", "base_year"):
            value = getattr(row, name)
            if value is not None:
                wanted[name] = value
        if line.unit is not None:
            wanted["unit_id"] = line.unit
            if wanted.get("responsible") and self.units.is_named(wanted["responsible"]):
                del wanted["responsible"]
        if standing is None or not _is_called(standing, row.name):
            wanted["name"] = row.name
        wanted["shape"] = shape
        if standing is None:
            if "direction" not in wanted:
                wanted["direction"] = self._guess(line, shape)
            wanted.setdefault("consolidation", Consolidation.LAST)
        return wanted

    def _guess(self, line: Line, shape: Shape) -> Direction:
        """The direction that no column says; of ranges, days, yes and no none is needed."""
        if shape != Shape.VALUE:
            return Direction.HIGHER
        found = direction_shown(line.row)
        if found is None:
            line.remarks.append(
                _(
                    "No column says the direction, nor do the targets show it: taken as “higher is "
                    "better”. Check it."
                )
            )
        else:
            line.is_guessed = True
            line.remarks.append(
                _("Direction guessed: %(direction)s. Check it.") % {"direction": found.label}
            )
        return found or Direction.HIGHER

    def _shape(self, line: Line, standing: StandingIndicator | None) -> Shape:
        """What is said; else what stands, unless no target stands yet; else what the cells show."""
        row = line.row
        if row.shape is not None:
            return row.shape
        if standing is not None and (standing.has_targets or standing.has_sent):
            return Shape(standing.columns["shape"])
        shapes = [each.shape for each in row.stated if each.kind == Kind.TARGET]
        if not shapes:
            return Shape(standing.columns["shape"]) if standing else Shape.VALUE
        if Shape.RANGE in shapes:
            return Shape.RANGE
        counted = Counter(shapes).most_common()
        best = counted[0][0]
        if best == Shape.VALUE and "ya tidak" in plain(row.texts.get("unit_of_measure", "")):
            return Shape.YES_NO
        return best

    def _refuse_other_reading(
        self, line: Line, standing: StandingIndicator, wanted: dict[str, Any]
    ) -> None:
        changed = [name for name in READING if name in wanted]
        if not changed:
            return
        cell = line.row.cells.get(_CELLS.get(changed[0], changed[0]), line.row.cell)
        if standing.has_sent:
            sentence = _(
                "Figures of this indicator were sent already. Drop it in a revision and add a new one."
            )
        elif "shape" in wanted and standing.has_targets:
            sentence = _("Empty the targets before you change what they look like.")
        elif "shape" in wanted and standing.has_ratio and wanted["shape"] not in NUMBERS:
            sentence = _("This indicator is a ratio; its target stays a number or a range.")
        else:
            return
        self._fault(line, cell, self._said(changed[0], wanted[changed[0]]), sentence)

    def _refuse_added_words(
        self,
        line: Line,
        standing: StandingIndicator | None,
        wanted: dict[str, Any],
        shape: Shape,
    ) -> None:
        how = wanted.get("consolidation") or (standing and standing.columns["consolidation"])
        if shape not in NUMBERS and how not in (Consolidation.LAST, Consolidation.MANUAL):
            self._fault(
                line,
                line.row.cells.get("consolidation", line.row.cell),
                self._said("consolidation", how),
                _(
                    "Yes or no and days cannot be added up: choose the last value or the whole year."
                ),
            )

    # --- targets and figures ---

    def _compare_targets(
        self, line: Line, standing: StandingIndicator | None, shape: Shape
    ) -> None:
        columns = {**(standing.columns if standing else {}), **line.columns}
        measure, direction = columns.get("unit_of_measure", ""), columns.get("direction")
        for each in line.row.stated:
            if each.kind != Kind.TARGET:
                continue
            wanted = Wanted(each.low, each.high, each.due_on)
            period = (each.year, each.quarter)
            before = standing.targets.get(period) if standing else None
            if before == wanted:
                continue
            is_said = line.row.shape == Shape.DATE or bool(standing and standing.has_targets)
            problem = fault_of_day(each, shape, measure, is_said=is_said)
            if standing is not None and each.bound not in (None, direction):
                problem = contradiction()
            problem = (
                problem
                or fault_of_kind(each, shape, wanted)
                or self.standing.rules.fault(
                    each.year,
                    wanted,
                    shape=shape,
                    is_budget=False,
                    counts=standing.counts.get(period) if standing else None,
                )
            )
            if problem:
                self._fault(line, each.cell, each.text, problem)
                continue
            self._write(line, line.targets, each, wanted, before, shape)

    def _compare_money(self, line: Line, place: Place) -> None:
        budget = self.budgets.get((place, line.unit))
        line.budget = budget.pk if budget else None
        for each in line.row.stated:
            if each.kind != Kind.MONEY:
                continue
            key = (place, line.unit, each.kind, each.year, each.quarter)
            wanted = Wanted(each.low)
            first = self.money.get(key)
            if first is not None:
                if first.wanted != wanted:
                    self._fault(line, each.cell, each.text, _another_amount(first.cell))
                continue
            if not line.faults:
                self.money[key] = Written(each.year, each.quarter, wanted, each.cell)
            before = budget.targets.get((each.year, each.quarter)) if budget else None
            if before == wanted:
                continue
            problem = self.standing.rules.fault(
                each.year, wanted, shape=Shape.VALUE, is_budget=True, counts=None
            )
            if problem:
                self._fault(line, each.cell, each.text, problem)
                continue
            self._write(line, line.money, each, wanted, before, Shape.VALUE)
        for each in line.row.stated:
            if each.kind == Kind.SPENT and self.standing.is_in_force:
                self._compare_figure(line, each, budget, Shape.VALUE, Consolidation.SUM)

    def _compare_figures(
        self,
        line: Line,
        standing: StandingIndicator | None,
        wanted: dict[str, Any],
        shape: Shape,
    ) -> None:
        if not self.standing.is_in_force:
            return
        how = wanted.get("consolidation") or (standing and standing.columns["consolidation"])
        for each in line.row.stated:
            if each.kind == Kind.FIGURE:
                self._compare_figure(line, each, standing, shape, str(how))

    def _compare_figure(
        self,
        line: Line,
        each: Stated,
        indicator: StandingIndicator | None,
        shape: Shape,
        how: str,
    ) -> None:
        before = indicator.figures.get((each.year, each.quarter)) if indicator else None
        problem = self.figures.fault(each, shape, how, before)
        if problem:
            self._fault(line, each.cell, each.text, problem)
            return
        if before is not None and before.is_locked:
            return
        wanted = Wanted(each.low, None, each.due_on)
        was = Wanted(before.value, None, before.done_on) if before else None
        into = line.spent if each.kind == Kind.SPENT else line.figures
        self._write(line, into, each, wanted, was, shape, before.version if before else 0)

    def _write(
        self,
        line: Line,
        into: list[Written],
        each: Stated,
        wanted: Wanted,
        before: Wanted | None,
        shape: Shape,
        version: int = 0,
    ) -> None:
        into.append(Written(each.year, each.quarter, wanted, each.cell, version))
        was = said(before, shape) if before else ""
        line.changes.append(Change(self._period(each), was, said(wanted, shape), each.cell))

    def _period(self, each: Stated) -> str:
        quarter = f" TW {each.quarter}" if each.quarter else ""
        return f"{self.kinds[each.kind]} {each.year}{quarter}"

    def _said(self, name: str, value: Any) -> str:
        if name == "unit_id" and value is not None:
            return self.units.by_pk[value].label if value in self.units.by_pk else "?"
        return said(value)

    def _fault(self, line: Line, cell: str, found: str, sentence: str) -> None:
        line.faults.append(Fault(line.row.sheet, cell, found, sentence))


NUMBERS = (Shape.VALUE, Shape.RANGE)
# Column of the fiche → what its cell is called in the reading.
_CELLS = {"unit_id": "unit", "base_value": "base"}


def _is_called(standing: StandingIndicator, name: str) -> bool:
    return plain(standing.columns["name"]) == plain(name)


def _another_amount(cell: str) -> str:
    return _("The same money stands in %(cell)s with another amount. Make both the same.") % {
        "cell": cell
    }
