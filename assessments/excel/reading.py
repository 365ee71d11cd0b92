"""From a sheet to answers: every row with what it says, every cell that cannot be read with what
stands there and what to do."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessments.enums import Assessor
from assessments.excel import cells, counting
from assessments.excel.cells import NotReadable, is_empty, is_error, plain, shown, text_of
from assessments.excel.columns import Columns, is_heading
from assessments.excel.counting import kept
from assessments.excel.grid import LONGEST_CELL, Book, BookRefused, Grid, Uncalculated
from assessments.excel.layout import TOTAL, ZERO_TEXT, Filled, asks_for_zero, choices_of
from assessments.excel.links import links_in
from assessments.excel.places import Places, is_surely_a_count
from assessments.excel.row_cells import RowCells, place_of
from assessments.excel.sheets import sheets_to_read
from assessments.instrument import Instrument, QuestionText
from assessments.scoring import ScaleKind


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken over: where, of which question, what stands there, what to do."""

    place: str
    code: str
    found: str
    remedy: str


@dataclass(frozen=True)
class Entry:
    """What the file says about one question. `remarks`: how it was found, where that is not plain;
    `loose`: lines in the column of evidence that are no address."""

    code: str
    row: int
    filled: Filled
    remarks: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    # Which question it is was told by its place alone.
    is_guess: bool = False


@dataclass(frozen=True)
class NodeRow:
    """A roll-up row as the file has it; code "" is the total."""

    code: str
    row: int
    weight: Decimal | None
    value: Decimal | None


@dataclass(frozen=True)
class Reading:
    sheet: str
    # Other sheets of the file that could have been read.
    others: tuple[str, ...]
    entries: dict[str, Entry]
    faults: tuple[Fault, ...]
    nodes: tuple[NodeRow, ...]
    remarks: tuple[str, ...] = ()


@dataclass
class _Draft:
    """The cells of one question while its rows are still being read."""

    row: int
    answer: tuple[str, Any] = ("", None)
    note: Any = None
    # The cell and the address behind it.
    link: tuple[Any, str] = (None, "")
    # An answer above that is merged over this row.
    over: tuple[str, Any] | None = None
    # Rows of counts that hold anything: how they are called, and the cell.
    counts: list[tuple[str, tuple[str, Any]]] = field(default_factory=list)
    zero: tuple[str, Any] = ("", None)
    remarks: list[str] = field(default_factory=list)
    is_guess: bool = False

    @property
    def is_empty(self) -> bool:
        return is_empty(self.answer[1]) and not self.counts


def read_book(
    book: Book, instrument: Instrument, *, sheet: str = "", side: str = Assessor.UNIT
) -> Reading:
    """The sheet of this name; without one the first that holds answers, that of this assessor
    before others. Raises BookRefused."""
    chosen = sheets_to_read(book, sheet=sheet, side=side)
    found = [_Reader(grid, columns, instrument).read() for grid, columns in chosen.wanted]
    found = [reading for reading in found if reading.entries or reading.faults]
    if found:
        reading = min(found, key=_says_nothing)
        others = tuple(title for title in chosen.titles if title != reading.sheet)
        return replace(reading, others=others)
    raise BookRefused(
        _(
            "No answer was found in the sheet “%(sheet)s”. Fill the column “Jawaban”, and "
            "number the questions like A.I.1.i.a."
        )
        % {"sheet": chosen.wanted[0][0].title}
    )


def _says_nothing(reading: Reading) -> bool:
    entries = reading.entries.values()
    return not any(each.filled != Filled() or each.loose for each in entries)


class _Reader:
    def __init__(self, grid: Grid, columns: Columns, instrument: Instrument) -> None:
        self.grid, self.columns, self.instrument = grid, columns, instrument
        self.cells = RowCells(grid, columns)
        self.places = Places(instrument)
        self.drafts: dict[str, _Draft] = {}
        # Answers in the row of a sub-aspect that has a single question.
        self.above: dict[str, _Draft] = {}
        self.faults: list[Fault] = []
        self.nodes: list[NodeRow] = []

    def read(self) -> Reading:
        for number, values in self.grid.rows:
            if number > self.columns.header_row and not is_heading(values):
                self._row(number, values)
        for code, draft in self.above.items():
            if code not in self.drafts or self.drafts[code].is_empty:
                self.drafts[code] = draft
        entries = {}
        for code, draft in self.drafts.items():
            entry = self._entry(self.instrument.questions[code], draft)
            if entry is not None:
                entries[code] = entry
        faults = tuple(sorted(self.faults, key=lambda fault: _row_of(fault.place)))
        remarks = _about(self.columns)
        return Reading(self.grid.title, (), entries, faults, tuple(self.nodes), remarks)

    # --- rows ---

    def _row(self, number: int, values: tuple[Any, ...]) -> None:
        labels = self.cells.labels(values)
        if self._count_row(number, values, labels):
            return
        labels = labels or self.cells.labels_above(number)
        code, is_guess = None, False
        for piece in self.places.pieces(labels):
            found = self.places.find(piece)
            code, is_guess = (found, self.places.is_guess) if found else (code, is_guess)
        if code is None:
            self._unknown(number, values, labels)
        elif code in self.instrument.questions:
            self._question(number, values, code, is_guess)
        else:
            self._node(number, values, code)

    def _question(self, number: int, values: tuple[Any, ...], code: str, is_guess: bool) -> None:
        draft = self._draft(number, values)
        if is_guess:
            draft.is_guess = True
            draft.remarks.append(
                _("Its sub-aspect has no row of its own; it was found by its place. Check it.")
            )
        if code not in self.drafts:
            self.drafts[code] = draft
            return
        first = self.drafts[code]
        if first.is_empty:
            draft.note = first.note if is_empty(draft.note) else draft.note
            draft.link = first.link if draft.link == (None, "") else draft.link
            self.drafts[code] = draft
        elif not is_empty(draft.answer[1]) and shown(draft.answer[1]) != shown(first.answer[1]):
            self._fault(
                draft.answer,
                code,
                _("This question stands there twice; row %(row)d was read. Keep one of the two.")
                % {"row": first.row},
            )

    def _node(self, number: int, values: tuple[Any, ...], code: str) -> None:
        self._keep_node(number, values, code)
        draft = self._draft(number, values)
        question = self.places.only_question
        if question and not is_empty(draft.answer[1]):
            self.above[question] = draft

    def _keep_node(self, number: int, values: tuple[Any, ...], code: str) -> None:
        weight = cells.number_of(kept(self.columns.of("weight", values)))
        value = cells.number_of(kept(self.columns.of("value", values)))
        self.nodes.append(NodeRow(code, number, weight, value))

    def _count_row(self, number: int, values: tuple[Any, ...], labels: list[str]) -> bool:
        """A row below a ratio question that says how many; which count it is, shows the whole."""
        question, label = self.places.question, _label(labels)
        draft = self.drafts.get(question.code) if question else None
        if question is None or draft is None or question.asked.ratio is None:
            return False
        if not is_surely_a_count(question, label) and self._is_placed(labels):
            return False
        if plain(label).startswith(("total", plain(TOTAL))):
            return False
        cell = self.cells.answer(number, values)
        if asks_for_zero(question) and plain(ZERO_TEXT) in plain(label):
            draft.zero = cell
        elif not is_empty(cell[1]):
            draft.counts.append((label, cell))
        return True

    def _is_placed(self, labels: list[str]) -> bool:
        """Does the row speak of a node or question, whatever its words?"""
        places = Places(self.instrument)
        places.here, places.seen = self.places.here, set(self.places.seen)
        return any(places.find(piece) for piece in places.pieces(labels))

    def _unknown(self, number: int, values: tuple[Any, ...], labels: list[str]) -> None:
        label = _label(labels)
        words = plain(label)
        if words.startswith(("total", "jumlah total", plain(TOTAL))):
            self._keep_node(number, values, "")
            return
        cell = self.cells.answer(number, values)
        if not is_empty(cell[1]):
            self._ask(label, cell)

    def _ask(self, label: str, cell: tuple[str, Any]) -> None:
        self._fault(
            (cell[0], f"{label[:60]} → {shown(cell[1])}" if label else cell[1]),
            "",
            _(
                "It is not clear which question this is. Write its number in front, for "
                "example A.I.1.ii.b."
            ),
        )

    def _draft(self, number: int, values: tuple[Any, ...]) -> _Draft:
        return _Draft(
            number,
            self.cells.answer(number, values),
            self.cells.note(number, values),
            self.cells.link(number, values),
            self.cells.answer_over(number),
        )

    def _fault(self, cell: tuple[str, Any], code: str, remedy: str) -> None:
        self.faults.append(Fault(cell[0], code, shown(cell[1]), remedy))

    # --- answers ---

    def _entry(self, question: QuestionText, draft: _Draft) -> Entry | None:
        """None when one of its cells cannot be read: the whole question stays out."""
        before = len(self.faults)
        found = links_in(*draft.link)
        draft.remarks += found.remarks
        filled = Filled(text=self._text(question, draft), links=found.links)
        if question.scale.kind is ScaleKind.RATIO:
            filled = self._counts(question, draft, filled)
        elif not is_empty(draft.answer[1]):
            filled = self._answer(question, draft, filled)
        elif draft.over is not None:
            self._fault(
                (draft.answer[0], draft.over[1]),
                question.code,
                _("This cell is merged with %(place)s. Unmerge it and give each its own answer.")
                % {"place": draft.over[0]},
            )
        if any(fault.code for fault in self.faults[before:]):
            return None
        return Entry(
            question.code,
            draft.row,
            filled,
            tuple(draft.remarks),
            found.others,
            draft.is_guess,
        )

    def _answer(self, question: QuestionText, draft: _Draft, filled: Filled) -> Filled:
        value = draft.answer[1]
        if plain(value) == plain(choices_of(question)):
            # The choices themselves, as an empty form has them.
            return filled
        try:
            if question.scale.kind is ScaleKind.INDEX:
                return replace(filled, index=cells.index_of(value, question.scale.highest))
            return replace(filled, option=cells.option_of(value, question.scale.options))
        except NotReadable as error:
            self._fault(draft.answer, question.code, str(error))
            return filled

    def _counts(self, question: QuestionText, draft: _Draft, filled: Filled) -> Filled:
        counts: dict[str, str] = {}
        counted = counting.placed(question, draft.counts)
        if counted.is_by_order:
            draft.remarks.append(
                _("The counts were found by their order, not by their words. Check them.")
            )
        for label, cell in counted.strange:
            self._ask(label, cell)
        for cell in counted.unclear:
            self._fault(cell, question.code, counting.unclear(question))
        for key, cell in counted.cells.items():
            try:
                counts[key] = cells.count_of(cell[1])
            except NotReadable as error:
                self._fault(cell, question.code, str(error))
        zero_as = ""
        if not is_empty(draft.zero[1]):
            try:
                zero_as = cells.zero_of(draft.zero[1])
            except NotReadable as error:
                self._fault(draft.zero, question.code, str(error))
        if not counts and cells.number_of(kept(draft.answer[1])):
            self._fault(
                draft.answer,
                question.code,
                _("Write the counts in the rows below this question; the ratio follows from them."),
            )
        return replace(filled, counts=tuple(sorted(counts.items())), zero_as=zero_as)

    def _text(self, question: QuestionText, draft: _Draft) -> str:
        if isinstance(draft.note, Uncalculated) or is_error(draft.note):
            left = _("The note is a formula without a value (%(found)s); it is left out.")
            draft.remarks.append(left % {"found": shown(draft.note)})
            return ""
        text = text_of(draft.note)
        if len(text) > LONGEST_CELL:
            self._fault(
                (place_of(draft.row, self.columns.at["note"]), text),
                question.code,
                _("This note is longer than %(limit)d characters. Shorten it.")
                % {"limit": LONGEST_CELL},
            )
        return text


def _about(columns: Columns) -> tuple[str, ...]:
    """Which of several columns was read."""
    found = []
    if columns.own:
        found.append(_("The answers were read from the column “%s”.") % columns.own)
    found += [
        _("The column “%s” belongs to another assessor; it was not read.") % name
        for name in columns.of_others
    ]
    found += [
        _("The column “%(name)s” stands there more than once; the first one was read.")
        % {"name": name}
        for name in columns.doubled
    ]
    return tuple(found)


def _label(labels: list[str]) -> str:
    return " ".join(labels)


def _row_of(place: str) -> int:
    return int(re.sub(r"\D", "", place) or 0)
