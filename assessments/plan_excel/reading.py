"""What a table of indicators says: every row with its line of the plan, and every error by cell."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessments.enums import Consolidation, Direction, NodeLevel, Shape
from assessments.excel.cells import NotReadable, is_empty, plain, shown, text_of
from assessments.excel.grid import Book, BookRefused, Grid, Limits
from assessments.excel.row_cells import place_of
from assessments.plan_excel import values as cells
from assessments.plan_excel.headings import (
    Columns,
    Kind,
    Span,
    YearColumn,
    at,
    find_columns,
    is_heading_again,
    near_miss,
)
from assessments.plan_excel.tree import NodeRef, Placed, TreeReader

LIMITS = Limits(rows=6_000, columns=90)
EXAMPLE = "contoh"
# Column → field and how long it may be; None: as long as a cell.
TEXTS: dict[str, tuple[str, int | None]] = {
    "measure": ("unit_of_measure", 60),
    "definition": ("definition", None),
    "formula": ("formula", None),
    "source": ("source", 200),
    "responsible": ("responsible", 150),
    "unit": ("unit", None),
    "indicator_code": ("code", 40),
}
LONGEST_NAME = 300
_FOOTER = re.compile(r"(?:jumlah|total|catatan|keterangan|ket|sumber|mengetahui|ditetapkan)\b")


@dataclass(frozen=True)
class Fault:
    """`sentence` says what to do about what stands in this cell of this sheet."""

    sheet: str
    cell: str
    found: str
    sentence: str


@dataclass(frozen=True)
class Stated:
    """A target, a ceiling or a figure, and the cell in which it stands."""

    kind: Kind
    year: int
    quarter: int
    cell: str
    shape: Shape
    low: Decimal | None = None
    high: Decimal | None = None
    due_on: date | None = None
    text: str = ""
    # Excel keeps it as a day, and what a bound says (values.Amount).
    is_typed_day: bool = False
    bound: Direction | None = None


@dataclass(frozen=True)
class Row:
    """One row of the file. Without `name` it is about the line of the plan itself.

    What a row does not say is None or missing; it changes nothing.
    """

    sheet: str
    number: int
    cell: str
    path: tuple[NodeRef, ...]
    name: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    direction: Direction | None = None
    shape: Shape | None = None
    consolidation: Consolidation | None = None
    is_iku: bool | None = None
    base_year: int | None = None
    base_value: Decimal | None = None
    stated: tuple[Stated, ...] = ()
    # Field → the cell that says it.
    cells: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    sheets: tuple[str, ...]
    # Sheets with such a table that were not read, because another was named or they are hidden.
    others: tuple[str, ...]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...] = ()


def read_book(
    book: Book,
    span: Span,
    *,
    today: date,
    sheet: str = "",
    known: Mapping[str, NodeLevel] | None = None,
) -> Reading:
    """Every visible sheet with a table of indicators, or the named one.

    `known`: levels of lines that stand in the plan, by code and by name. Raises BookRefused.
    """
    tables = [(grid, found) for grid in book.grids if (found := find_columns(grid, span, today))]
    if not tables:
        raise BookRefused(_missing(book, span, today))
    wanted = _wanted(tables, sheet)
    rows: list[Row] = []
    remarks: list[str] = []
    for grid, columns in wanted:
        rows += _SheetReader(grid, columns, span, known or {}).read()
        remarks += _remarks(grid, columns, span)
    titles = tuple(grid.title for grid, _columns in wanted)
    others = tuple(grid.title for grid, _columns in tables if grid.title not in titles)
    return Reading(titles, others, tuple(rows), tuple(remarks))


def _missing(book: Book, span: Span, today: date) -> str:
    """What a file without a table lacks."""
    for grid in book.grids:
        columns = near_miss(grid, span, today)
        if columns is None:
            continue
        names = {"sheet": grid.title, "first": str(span.first), "last": str(span.last)}
        if columns.doubtful:
            names["cell"] = columns.doubtful[0][0]
            return (
                _(
                    "“%(sheet)s” has a column “Indikator”, but the headings of its years (%(cell)s) do "
                    "not say what stands there. Write “Target %(first)s”, “Realisasi %(first)s” or "
                    "“Pagu %(first)s (Rp)”."
                )
                % names
            )
        if columns.unread:
            names["cell"] = columns.unread[0][0]
            return (
                _(
                    "“%(sheet)s” has a column “Indikator”, but its years (%(cell)s) lie outside the "
                    "plan, which covers %(first)s to %(last)s. Choose the plan of these years."
                )
                % names
            )
        return (
            _(
                "“%(sheet)s” has a column “Indikator”, but none with the targets of a year. Head them "
                "“Target %(first)s” or “Tahun-1”, to “Target %(last)s” or “Tahun-5”."
            )
            % names
        )
    return _(
        "No sheet has a column “Indikator” with a heading. Use the template, or name the "
        "columns as it does."
    )


def _wanted(tables: list[tuple[Grid, Columns]], sheet: str) -> list[tuple[Grid, Columns]]:
    if not sheet:
        return [pair for pair in tables if not pair[0].is_hidden] or tables[:1]
    named = [pair for pair in tables if plain(pair[0].title) == plain(sheet)]
    if not named:
        names = ", ".join(f"“{grid.title}”" for grid, _columns in tables)
        raise BookRefused(
            _("There is no table of indicators named “%(sheet)s”. In the file are: %(names)s.")
            % {"sheet": sheet, "names": names}
        )
    return named


def _remarks(grid: Grid, columns: Columns, span: Span) -> Iterator[str]:
    for cell, heading in columns.unread:
        yield _(
            "The column %(cell)s of “%(sheet)s” (%(heading)s) is not read: the plan covers "
            "%(first)s to %(last)s."
        ) % {
            "cell": cell,
            "sheet": grid.title,
            "heading": heading,
            "first": str(span.first),
            "last": str(span.last),
        }
    for cell, heading in columns.doubtful:
        yield _(
            "The column %(cell)s of “%(sheet)s” (%(heading)s) is not read: its heading does not say "
            "whether targets, realisations or money stand there. Write “Target”, “Realisasi” or "
            "“Pagu (Rp)” with one year if it shall be read."
        ) % {"cell": cell, "sheet": grid.title, "heading": heading}
    for old, new in columns.revised:
        yield _(
            "The column %(old)s of “%(sheet)s” is not read: %(new)s holds the same as revised."
        ) % {"old": old, "new": new, "sheet": grid.title}
    if not any(column.kind in (Kind.TARGET, Kind.END) for column in columns.years):
        yield _("“%(sheet)s” has no column with the target of a year.") % {"sheet": grid.title}


class _SheetReader:
    def __init__(
        self, grid: Grid, columns: Columns, span: Span, known: Mapping[str, NodeLevel]
    ) -> None:
        self.grid, self.columns, self.span = grid, columns, span
        self.by_number = dict(grid.rows)
        self.tree = TreeReader(columns, known, grid.marks.merged, self.by_number)

    def read(self) -> list[Row]:
        rows = []
        for number, values in self.grid.rows:
            if number <= self.columns.last_row or is_heading_again(values, self.columns):
                continue
            if self._is_example(values) or self._is_footer(values):
                continue
            row = self._row(number, values)
            if row is not None:
                rows.append(row)
        while rows and _is_thin(rows[-1]):
            rows.pop()
        return rows

    def _is_example(self, values: tuple[Any, ...]) -> bool:
        first = next((text_of(value) for value in values if not is_empty(value)), "")
        return plain(first) == EXAMPLE

    def _is_footer(self, values: tuple[Any, ...]) -> bool:
        if any(not is_empty(at(values, place)) for place in self.columns.indicators):
            return False
        first = next((value for value in values if isinstance(value, str) and value.strip()), "")
        return bool(_FOOTER.match(plain(first)))

    def _row(self, number: int, values: tuple[Any, ...]) -> Row | None:
        placed = self.tree.place(number, values)
        named = [place for place in self.columns.indicators if self._is_named(values, place)]
        if not named and not placed.begins and not self._has_money(values):
            return None
        reader = _RowReader(self, number, values)
        return reader.read(placed, named)

    def _is_named(self, values: tuple[Any, ...], place: int) -> bool:
        return not cells.is_nothing(at(values, place))

    def _has_money(self, values: tuple[Any, ...]) -> bool:
        money = (each for each in self.columns.years if each.kind in (Kind.MONEY, Kind.SPENT))
        return any(not cells.is_nothing(at(values, each.place)) for each in money)


def _is_thin(row: Row) -> bool:
    """A signature or a place and day below the table, in the column of the indicators."""
    said = set(row.texts) - {"code"}
    return (
        bool(row.name) and not row.stated and not said and row.base_value is None and not row.faults
    )


class _RowReader:
    def __init__(self, sheet: _SheetReader, number: int, values: tuple[Any, ...]) -> None:
        self.grid, self.columns, self.span = sheet.grid, sheet.columns, sheet.span
        self.by_number, self.number, self.values = sheet.by_number, number, values
        self.faults: list[Fault] = []
        self.remarks: list[str] = []
        self.cells: dict[str, str] = {}

    def read(self, placed: Placed, named: list[int]) -> Row:
        path, name = placed.path, ""
        place = named[0] if named else None
        if placed.fault:
            cell, found, sentence = placed.fault
            self.faults.append(Fault(self.grid.title, cell, found, sentence))
        if place is not None:
            name = self._name(place)
            level = self.columns.indicators[place]
            if level is not None:
                path = tuple(node for node in path if node.level.rank <= level.rank)
        if len(named) > 1:
            self._fault(named[1], _("Two indicators stand in this row. Give each its own row."))
        here = place_of(self.number, place if place is not None else self._first_place())
        texts = dict(self._texts(has_name=place is not None))
        direction = self._direction() if name else None
        shape = self._shape() if name else None
        measure = texts.get("unit_of_measure", "")
        in_percent = not measure or cells.is_percent(measure)
        fiche = self._fiche(direction, shape, in_percent=in_percent) if name else {}
        stated = tuple(
            self._stated(in_percent=in_percent, direction=direction, has_name=bool(name))
        )
        return Row(
            self.grid.title,
            self.number,
            here,
            path,
            name=name,
            texts=texts,
            stated=stated,
            cells=self.cells,
            faults=tuple(self.faults),
            remarks=tuple(self.remarks),
            **fiche,
        )

    def _fiche(
        self, direction: Direction | None, shape: Shape | None, *, in_percent: bool
    ) -> dict[str, Any]:
        found: dict[str, Any] = {
            "direction": direction,
            "shape": shape,
            "consolidation": self._one("consolidation", cells.consolidation_of),
            "is_iku": self._one("is_iku", cells.yes_of),
            "base_value": self._one(
                "base",
                lambda value: cells.one_number(value, in_percent=in_percent, direction=direction),
            ),
        }
        if found["base_value"] is not None:
            year = self._one("base_year", cells.year_of)
            found["base_year"] = year or self.columns.base_year
        return found

    def _first_place(self) -> int:
        return next(i for i, value in enumerate(self.values) if not is_empty(value))

    def _fault(self, place: int, sentence: str) -> None:
        found = shown(at(self.values, place))
        cell = place_of(self.number, place)
        self.faults.append(Fault(self.grid.title, cell, found, sentence))

    def _name(self, place: int) -> str:
        value = at(self.values, place)
        try:
            cells.refuse_unreadable(value)
        except NotReadable as error:
            self._fault(place, str(error))
            return "?"
        name = " ".join(text_of(value).split())
        if len(name) > LONGEST_NAME:
            self._fault(place, _too_long(LONGEST_NAME))
        if not re.search(r"[^\W\d_]", name):
            self._fault(place, _("This is no name of an indicator. Write it in words."))
        return name

    def _texts(self, *, has_name: bool) -> Iterator[tuple[str, str]]:
        for column, (name, limit) in TEXTS.items():
            place = self.columns.at.get(column)
            value = at(self.values, place)
            if place is None or not (has_name or name == "unit"):
                continue
            if is_empty(value) and name == "unit":
                value = self._merged(place)
            if is_empty(value) or (isinstance(value, str) and set(value.strip()) <= {"-", "–"}):
                continue
            try:
                cells.refuse_unreadable(value)
            except NotReadable as error:
                self._fault(place, str(error))
                continue
            text = text_of(value)
            if limit is not None:
                text = " ".join(text.split())
            if limit is not None and len(text) > limit:
                self._fault(place, _too_long(limit))
                continue
            self.cells[name] = place_of(self.number, place)
            yield name, text

    def _merged(self, place: int) -> Any:
        origin = self.grid.marks.merged.get((self.number, place))
        if origin is None or origin[1] != place:
            return None
        return at(self.by_number.get(origin[0], ()), place)

    def _one(self, column: str, read: Callable[[Any], Any]) -> Any:
        place = self.columns.at.get(column)
        value = at(self.values, place)
        if place is None or cells.is_nothing(value):
            return None
        try:
            found = read(value)
        except NotReadable as error:
            self._fault(place, str(error))
            return None
        self.cells[column] = place_of(self.number, place)
        return found

    def _direction(self) -> Direction | None:
        found: Direction | None = self._one("direction", cells.direction_of)
        return found

    def _shape(self) -> Shape | None:
        """Said in its own column, or by “rentang” in that of the direction."""
        stated: Shape | None = self._one("shape", cells.shape_of)
        if stated is None:
            place = self.columns.at.get("direction")
            words = plain(text_of(at(self.values, place)))
            if re.search(cells.SHAPES[Shape.RANGE], words):
                return Shape.RANGE
        return stated

    def _stated(
        self, *, in_percent: bool, direction: Direction | None, has_name: bool
    ) -> Iterator[Stated]:
        found: dict[tuple[Kind, int, int], Stated] = {}
        for column in self.columns.years:
            if not has_name and column.kind not in (Kind.MONEY, Kind.SPENT):
                continue
            try:
                stated = self._of_year(column, in_percent=in_percent, direction=direction)
            except NotReadable as error:
                self._fault(column.place, str(error))
                continue
            if stated is None:
                self._remark_left_out(column)
                continue
            first = found.setdefault((stated.kind, stated.year, stated.quarter), stated)
            if _differ(first, stated):
                self._fault(
                    column.place,
                    _(
                        "%(cell)s says otherwise about the same year. Make both the same, or keep one."
                    )
                    % {"cell": first.cell},
                )
        end = found.pop((Kind.END, self.span.last, 0), None)
        last = found.get((Kind.TARGET, self.span.last, 0))
        if end is not None and last is None:
            found[Kind.TARGET, self.span.last, 0] = _as_target(end)
        elif end is not None and last is not None and _differ(end, last):
            place = next(each.place for each in self.columns.years if each.kind == Kind.END)
            self._fault(
                place,
                _("This differs from the target of %(year)s in %(cell)s. Make both the same.")
                % {"year": str(self.span.last), "cell": last.cell},
            )
        self._refuse_two_bounds(list(found.values()))
        yield from found.values()

    def _remark_left_out(self, column: YearColumn) -> None:
        """An empty revised cell beside one that is filled."""
        for place in column.instead_of:
            if not cells.is_nothing(at(self.values, place)):
                self.remarks.append(
                    _("%(cell)s is empty, so nothing is read there; %(old)s was not taken instead.")
                    % {
                        "cell": place_of(self.number, column.place),
                        "old": place_of(self.number, place),
                    }
                )

    def _refuse_two_bounds(self, stated: list[Stated]) -> None:
        bounds = [each for each in stated if each.bound is not None]
        for each in bounds:
            if each.bound != bounds[0].bound:
                sentence = _("This bound contradicts that in %(cell)s. Write the number alone.")
                sentence %= {"cell": bounds[0].cell}
                self.faults.append(Fault(self.grid.title, each.cell, each.text, sentence))

    def _of_year(
        self, column: YearColumn, *, in_percent: bool, direction: Direction | None
    ) -> Stated | None:
        value, cell = at(self.values, column.place), place_of(self.number, column.place)
        where = (column.kind, column.year, column.quarter, cell)
        if column.kind in (Kind.MONEY, Kind.SPENT):
            money = cells.money_of(value, column.factor)
            return None if money is None else Stated(*where, Shape.VALUE, money, text=shown(value))
        amount = cells.amount_of(value, in_percent=in_percent, direction=direction)
        if amount is None:
            return None
        if column.kind == Kind.FIGURE and amount.shape == Shape.RANGE:
            raise NotReadable(_("Write one number here, for example 78,6."))
        return Stated(
            *where,
            amount.shape,
            amount.low,
            amount.high,
            amount.due_on,
            text=shown(value),
            is_typed_day=amount.is_typed_day,
            bound=amount.bound,
        )


def _as_target(end: Stated) -> Stated:
    return replace(end, kind=Kind.TARGET, quarter=0)


def _differ(one: Stated, other: Stated) -> bool:
    return (one.low, one.high, one.due_on) != (other.low, other.high, other.due_on)


def _too_long(limit: int) -> str:
    return _("This is longer than %(limit)d letters. Shorten it.") % {"limit": limit}
