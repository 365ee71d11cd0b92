"""What an uploaded list of units would change, row by row, against the registry as it is. Pure.

The preview shows a plan; confirming makes it again from the registry of that moment and writes
only when its fingerprint is still the one that was seen.
"""

import hashlib
import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from integrity_portal.core.formatting import date_id
from opd.enums import MOST_LEVELS
from opd.registry import begins_too_late
from opd.unit_rows import Above, Change, Known, Line, Outcome, brief, key_of, read_line


@dataclass
class Plan:
    lines: list[Line]

    def count(self) -> dict[str, int]:
        found = Counter(line.outcome for line in self.lines)
        return {outcome.value: found[outcome] for outcome in Outcome}

    def good(self) -> list[Line]:
        return [line for line in self.lines if line.outcome in (Outcome.NEW, Outcome.CHANGED)]

    @property
    def fingerprint(self) -> str:
        """Of everything that would be written and what it would replace, in no language."""
        facts = [
            [
                line.number,
                line.outcome.value,
                line.unit.pk if line.unit else None,
                [line.above.unit_id, line.above.row] if line.above else None,
                sorted((name, str(value)) for name, value in line.values.items()),
                [[c.field, str(c.before), str(c.after)] for c in line.changes],
            ]
            for line in self.lines
        ]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


# (id in the registry, 0) or (0, row of the file)
Key = tuple[int, int]


def _key(unit_id: int | None, row: int | None) -> Key | None:
    return None if unit_id is None and row is None else (unit_id or 0, row or 0)


def _circle_sentence() -> str:
    return _("This unit would stand above and below the same unit. Correct the unit above.")


def _tower_sentence() -> str:
    return _("Units stand at most %(most)s levels deep.") % {"most": MOST_LEVELS}


def make_plan(
    columns: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    known: Iterable[Known],
    former: Iterable[tuple[str, int]],
) -> Plan:
    """`former`: (earlier name, id of the unit)."""
    return _Planner(columns, rows, known, former).plan()


class _Planner:
    def __init__(
        self,
        columns: Sequence[str],
        rows: Iterable[tuple[int, Sequence[str]]],
        known: Iterable[Known],
        former: Iterable[tuple[str, int]],
    ) -> None:
        self.known = {unit.pk: unit for unit in known}
        self.by_code = {unit.code: unit for unit in self.known.values() if unit.code}
        self.active = {pk: unit for pk, unit in self.known.items() if not unit.is_closed}
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        for unit in self.active.values():
            for text in {key_of(unit.name), key_of(unit.short_name)} - {""}:
                self.by_name[text].append(unit)
        self.former = {key_of(name): self.known[pk] for name, pk in former if pk in self.known}
        self.lines = [read_line(columns, number, cells) for number, cells in rows]
        self.by_row = {line.number: line for line in self.lines}
        self.rows_by_code: dict[str, list[Line]] = defaultdict(list)
        self.rows_by_name: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            self.rows_by_code[line.cells.get("code", "")].append(line)
            self.rows_by_name[key_of(line.cells.get("name", ""))].append(line)

    def plan(self) -> Plan:
        for line in self.lines:
            self._match_code(line)
        for line in self.lines:
            if "parent" in line.cells:
                line.above = self._above(line)
        self._match_names()
        self._once_each()
        for line in self.lines:
            self._compare(line)
            self._check_above(line)
        while self._settle():
            pass
        return Plan(self.lines)

    # A row and the registry

    def _match_code(self, line: Line) -> None:
        unit = self.by_code.get(line.cells.get("code", ""))
        if unit is None:
            return
        line.unit = unit
        if unit.is_closed:
            line.refuse(_("The unit with this code is closed. Give a new unit a new code."))

    def _above(self, line: Line) -> Above | None:
        text = line.cells["parent"]
        if not text:
            return Above()
        if (unit := self.by_code.get(text)) and not unit.is_closed:
            return Above(unit_id=unit.pk)
        if rows := [row for row in self.rows_by_code[text] if row is not line]:
            return self._above_in_file(line, rows, text)
        units = self.by_name.get(key_of(text), [])
        exact = [unit for unit in units if key_of(unit.name) == key_of(text)] or units
        if len(exact) == 1:
            return Above(unit_id=exact[0].pk)
        if not exact and (rows := [r for r in self.rows_by_name[key_of(text)] if r is not line]):
            return self._above_in_file(line, rows, text)
        line.refuse(self._why_no_unit_above(text, found=len(exact)))
        return None

    def _above_in_file(self, line: Line, rows: list[Line], text: str) -> Above | None:
        if len(rows) > 1:
            line.refuse(self._why_no_unit_above(text, found=len(rows)))
            return None
        if rows[0].unit is not None:
            return Above(unit_id=rows[0].unit.pk)
        return Above(row=rows[0].number)

    def _why_no_unit_above(self, text: str, *, found: int) -> str:
        if found:
            return _(
                "More than one unit is called “%(name)s”. Write the code of the one above."
            ) % {"name": brief(text)}
        if key_of(text) in self.former:
            return self._former_sentence(text)
        return _("The unit above, “%(name)s”, is neither in the registry nor in this file.") % {
            "name": brief(text)
        }

    def _former_sentence(self, text: str) -> str:
        return _("“%(former)s” is an earlier name of “%(name)s”. Write the present name.") % {
            "former": text,
            "name": self.former[key_of(text)].name,
        }

    def _match_names(self) -> None:
        """From the top down: whether a unit is known may hang on the row of the one above."""
        below: dict[int, list[Line]] = defaultdict(list)
        queue: deque[Line] = deque()
        for line in self.lines:
            row = line.above.row if line.above else None
            (queue if row is None else below[row]).append(line)
        while queue:
            line = queue.popleft()
            self._match_name(line)
            for child in below[line.number]:
                if line.unit is not None:
                    child.above = Above(unit_id=line.unit.pk)
                queue.append(child)

    def _match_name(self, line: Line) -> None:
        if line.unit is not None or line.problems:
            return
        name = key_of(line.name)
        same = [unit for unit in self.by_name.get(name, []) if key_of(unit.name) == name]
        if line.above is None:
            here = same
        elif line.above.row is None:
            here = [unit for unit in same if unit.parent_id == line.above.unit_id]
        else:
            here = []
        if len(here) == 1:
            line.unit = here[0]
        elif len(here) > 1:
            line.refuse(_("More than one unit has this name. Write the code of the one you mean."))
        elif same and not line.cells.get("code"):
            line.refuse(
                _(
                    "A unit of this name stands elsewhere. To move it write its code; "
                    "to add another one give that a code of its own."
                )
            )
        elif short := [unit for unit in self.by_name.get(name, []) if unit not in same]:
            line.refuse(
                _("“%(short)s” is the short name of “%(name)s”. Write the whole name.")
                % {"short": line.name, "name": short[0].name}
            )
        elif name in self.former:
            line.refuse(self._former_sentence(line.name))
        elif "kind" not in line.cells:
            line.refuse(_("A new unit needs its kind: add the column “jenis”."))

    def _once_each(self) -> None:
        """Whichever row is meant, the person decides: none of them is written."""
        shared: dict[object, list[Line]] = defaultdict(list)
        for line in self.lines:
            for sign in self._signs(line):
                shared[sign].append(line)
        twins: dict[int, int] = {}
        for lines in shared.values():
            for line in lines[1:]:
                twins.setdefault(line.number, lines[0].number)
                twins.setdefault(lines[0].number, line.number)
        for number, twin in twins.items():
            self.by_row[number].refuse(
                _("Row %(number)s is about the same unit. Keep one of the two.") % {"number": twin}
            )

    def _signs(self, line: Line) -> list[object]:
        """What only one row of a file may have: its unit, its code, its name in a place."""
        signs: list[object] = []
        if line.unit is not None:
            signs.append(("unit", line.unit.pk))
        if code := line.cells.get("code"):
            signs.append(("code", code))
        if name := key_of(line.name):
            place: object = (line.unit.parent_id if line.unit else None, None)
            if line.above is not None:
                place = (line.above.unit_id, line.above.row)
            elif text := line.cells.get("parent"):
                place = key_of(text)
            signs.append(("name", place, name))
        return signs

    def _compare(self, line: Line) -> None:
        unit = line.unit
        if unit is None or line.problems:
            return
        for column, value in line.values.items():
            before = getattr(unit, column)
            if before != value:
                line.changes.append(Change(column, before, value))
        if line.above is not None and line.above != Above(unit_id=unit.parent_id):
            line.changes.append(Change("parent", Above(unit_id=unit.parent_id), line.above))
        start = line.values.get("active_from")
        if isinstance(start, date) and unit.active_to and start > unit.active_to:
            line.refuse(_("The last day lies before the first day."))
        oldest = unit.oldest_act
        if isinstance(start, date) and oldest and start > oldest and start != unit.active_from:
            line.refuse(begins_too_late(unit.name, oldest))

    def _check_above(self, line: Line) -> None:
        if line.above is None or line.above.unit_id is None:
            return
        above = self.known[line.above.unit_id]
        moved = line.unit is None or any(change.field == "parent" for change in line.changes)
        if moved and above.active_to is not None:
            line.refuse(
                _("“%(unit)s” ends on %(day)s. Choose a unit that goes on.")
                % {"unit": above.name, "day": date_id(above.active_to)}
            )

    # The rows together

    def _settle(self) -> bool:
        """Refuse what cannot stand beside the rest; True while something was refused."""
        good = [line for line in self.lines if not line.problems]
        return any([self._without_parent(good), self._misplaced(good), self._taken(good)])

    def _without_parent(self, good: list[Line]) -> bool:
        below: dict[int, list[Line]] = defaultdict(list)
        for line in good:
            if line.above is not None and line.above.row is not None:
                below[line.above.row].append(line)
        queue = deque(row for row in below if self.by_row[row].problems)
        refused = bool(queue)
        while queue:
            row = queue.popleft()
            for line in below[row]:
                line.refuse(
                    _("The unit above, in row %(number)s, is refused. Put that right first.")
                    % {"number": row}
                )
                if line.number in below:
                    queue.append(line.number)
        return refused

    def _misplaced(self, good: list[Line]) -> bool:
        """Follow each row upwards: no circles, no towers."""
        above: dict[Key, Key | None] = {
            (pk, 0): _key(unit.parent_id, None) for pk, unit in self.known.items()
        }
        lines: dict[Key, Line] = {}
        for line in good:
            me = (line.unit.pk, 0) if line.unit else (0, line.number)
            lines[me] = line
            if line.above is not None:
                above[me] = _key(line.above.unit_id, line.above.row)
        level: dict[Key, int] = {}
        refused = False
        for start in lines:
            path: dict[Key, None] = {}
            here: Key | None = start
            while here is not None and here not in level and here not in path:
                path[here] = None
                here = above.get(here)
            circle = here is not None and here in path
            reached = level.get(here, 0) if here is not None else 0
            for height, member in enumerate(reversed(path), start=1 + reached):
                level[member] = height
                if member in lines and (circle or height > MOST_LEVELS):
                    lines[member].refuse(_circle_sentence() if circle else _tower_sentence())
                    refused = True
        return refused

    def _taken(self, good: list[Line]) -> bool:
        """Two units of one name in one place, or with one code."""
        good = [line for line in good if not line.problems]
        mine = {line.unit.pk for line in good if line.unit}
        names: dict[object, int] = {}
        codes: dict[str, int] = {}
        for unit in self.known.values():
            if unit.pk not in mine:
                codes[unit.code] = 0
                if not unit.is_closed:
                    names[(unit.parent_id, None), key_of(unit.name)] = 0
        refused = False
        for line in good:
            code = str(line.values.get("code", line.unit.code if line.unit else ""))
            place = (
                (line.above.unit_id, line.above.row)
                if line.above is not None
                else (line.unit.parent_id if line.unit else None, None)
            )
            where = (place, key_of(line.name))
            if code and codes.get(code, line.number) != line.number:
                line.refuse(_("Another unit already has this code."))
                refused = True
            elif names.get(where, line.number) != line.number:
                line.refuse(_("A unit of this name already stands in the same place."))
                refused = True
            else:
                codes[code], names[where] = line.number, line.number
        return refused
