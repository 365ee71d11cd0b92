"""From a sheet to answers: every row with what it says, every cell that cannot be read with what
stands there and what to do."""

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from assessments.excel import cells
from assessments.excel.cells import NotReadable, is_empty, plain, shown, text_of
from assessments.excel.columns import Columns, find_columns, is_heading
from assessments.excel.grid import LONGEST_CELL, Book, BookRefused, Grid, Uncalculated
from assessments.excel.layout import TOTAL, ZERO_TEXT, Filled, asks_for_zero
from assessments.excel.places import Places, is_surely_a_count, match_counts
from assessments.instrument import Instrument, QuestionText
from assessments.scoring import ScaleKind

# Of the text of a row: enough to know it by.
LABEL_LIMIT = 400
LINKS_LIMIT = 30


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken over: where, of which question, what stands there, what to do."""

    place: str
    code: str
    found: str
    remedy: str


@dataclass(frozen=True)
class Entry:
    """What the file says about one question. `remarks`: how it was found, where that is not plain."""

    code: str
    row: int
    filled: Filled
    remarks: tuple[str, ...] = ()


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
    link: Any = None
    # Rows of counts that hold anything: how they are called, and the cell.
    counts: list[tuple[str, tuple[str, Any]]] = field(default_factory=list)
    zero: tuple[str, Any] = ("", None)
    remarks: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return is_empty(self.answer[1]) and not self.counts


def read_book(book: Book, instrument: Instrument, *, sheet: str = "") -> Reading:
    """The sheet of this name; without one the first that is a work-sheet. Raises BookRefused."""
    known = [(grid, found) for grid in book.grids if (found := find_columns(grid))]
    if not known:
        raise BookRefused(
            _(
                "No sheet has the columns of the work-sheet. The heading needs at least "
                "“Penilaian” and “Jawaban”."
            )
        )
    wanted = [pair for pair in known if plain(pair[0].title) == plain(sheet)] if sheet else known
    if not wanted:
        names = ", ".join(f"“{grid.title}”" for grid, _columns in known)
        raise BookRefused(
            _("There is no work-sheet named “%(sheet)s”. In the file are: %(names)s.")
            % {"sheet": sheet, "names": names}
        )
    grid, columns = wanted[0]
    others = tuple(each.title for each, _columns in known if each is not grid)
    reading = _Reader(grid, columns, instrument).read()
    if not reading.entries and not reading.faults:
        raise BookRefused(
            _(
                "No answer was found in the sheet “%(sheet)s”. Fill the column “Jawaban”, and "
                "number the questions like A.I.1.i.a."
            )
            % {"sheet": grid.title}
        )
    return replace(reading, others=others)


class _Reader:
    def __init__(self, grid: Grid, columns: Columns, instrument: Instrument) -> None:
        self.grid, self.columns, self.instrument = grid, columns, instrument
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
        remarks = tuple(
            _("The column “%(name)s” stands there more than once; the first one was read.")
            % {"name": name}
            for name in self.columns.doubled
        )
        faults = tuple(sorted(self.faults, key=lambda fault: _row_of(fault.place)))
        return Reading(self.grid.title, (), entries, faults, tuple(self.nodes), remarks)

    # --- rows ---

    def _row(self, number: int, values: tuple[Any, ...]) -> None:
        labels = [values[place] for place in self.columns.labels if place < len(values)]
        labels = [text_of(label)[:LABEL_LIMIT] for label in labels if not is_empty(label)]
        if self._count_row(number, values, labels):
            return
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
            draft.remarks.append(
                _("Its sub-aspect has no row of its own; it was found by its place. Check it.")
            )
        if code not in self.drafts:
            self.drafts[code] = draft
            return
        first = self.drafts[code]
        if first.is_empty:
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
        weight = cells.number_of(self._kept(self.columns.of("weight", values)))
        value = cells.number_of(self._kept(self.columns.of("value", values)))
        self.nodes.append(NodeRow(code, number, weight, value))

    def _kept(self, value: Any) -> Any:
        """Without formulas that nobody has calculated."""
        return None if isinstance(value, Uncalculated) else value

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
        cell = self._cell(number, values)
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
        cell = self._cell(number, values)
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

    def _cell(self, number: int, values: tuple[Any, ...]) -> tuple[str, Any]:
        column = get_column_letter(self.columns.at["answer"] + 1)
        return f"{column}{number}", self.columns.of("answer", values)

    def _draft(self, number: int, values: tuple[Any, ...]) -> _Draft:
        of = self.columns.of
        return _Draft(number, self._cell(number, values), of("note", values), of("link", values))

    def _fault(self, cell: tuple[str, Any], code: str, remedy: str) -> None:
        self.faults.append(Fault(cell[0], code, shown(cell[1]), remedy))

    # --- answers ---

    def _entry(self, question: QuestionText, draft: _Draft) -> Entry | None:
        """None when one of its cells cannot be read: the whole question stays out."""
        before = len(self.faults)
        filled = Filled(text=self._text(question, draft), links=cells.links_of(draft.link))
        filled = replace(filled, links=filled.links[:LINKS_LIMIT])
        kind = question.scale.kind
        if kind is ScaleKind.RATIO:
            filled = self._counts(question, draft, filled)
        elif not is_empty(draft.answer[1]):
            filled = self._answer(question, draft, filled)
        if any(fault.code for fault in self.faults[before:]):
            return None
        return Entry(question.code, draft.row, filled, tuple(draft.remarks))

    def _answer(self, question: QuestionText, draft: _Draft, filled: Filled) -> Filled:
        value = draft.answer[1]
        try:
            if question.scale.kind is ScaleKind.INDEX:
                return replace(filled, index=cells.index_of(value, question.scale.highest))
            return replace(filled, option=cells.option_of(value, question.scale.options))
        except NotReadable as error:
            self._fault(draft.answer, question.code, str(error))
            return filled

    def _counts(self, question: QuestionText, draft: _Draft, filled: Filled) -> Filled:
        counts: dict[str, str] = {}
        for key, cell in self._placed(question, draft).items():
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
        if not counts and cells.number_of(self._kept(draft.answer[1])):
            self._fault(
                draft.answer,
                question.code,
                _("Write the counts in the rows below this question; the ratio follows from them."),
            )
        return replace(filled, counts=tuple(sorted(counts.items())), zero_as=zero_as)

    def _placed(self, question: QuestionText, draft: _Draft) -> dict[str, tuple[str, Any]]:
        """Which row is which count: by their words, else by their order when nothing is left over."""
        found = match_counts(question, [label for label, _cell in draft.counts])
        loose = [place for place in range(len(draft.counts)) if place not in found.values()]
        missing = [count.key for count in question.counts if count.key not in found]
        needed = [count.key for count in question.counts if count.is_needed]
        if loose and len(draft.counts) in (len(question.counts), len(needed)):
            keys = missing if len(loose) == len(missing) else [k for k in missing if k in needed]
            if len(loose) == len(keys):
                found |= dict(zip(keys, loose, strict=True))
                loose = []
                draft.remarks.append(
                    _("The counts were found by their order, not by their words. Check them.")
                )
        placed = {key: draft.counts[place][1] for key, place in found.items()}
        complete = placed.keys() >= set(needed)
        for place in loose:
            self._left_over(question, draft.counts[place], placed, complete=complete)
        return placed

    def _left_over(
        self,
        question: QuestionText,
        row: tuple[str, tuple[str, Any]],
        placed: dict[str, tuple[str, Any]],
        *,
        complete: bool,
    ) -> None:
        """A row too many: a sum of the counts says nothing new, anything else is asked about."""
        label, cell = row
        ratio = question.asked.ratio
        if complete and ratio is not None:
            whole = [cells.number_of(self._kept(placed[key][1])) for key, _sign in ratio.whole]
            if cells.number_of(self._kept(cell[1])) == sum(value or 0 for value in whole):
                return
            self._ask(label, cell)
            return
        names = "; ".join(each.text.text_id for each in question.counts)
        self._fault(
            cell,
            question.code,
            _("It is not clear which count this is. The rows are called: %(names)s.")
            % {"names": names},
        )

    def _text(self, question: QuestionText, draft: _Draft) -> str:
        text = text_of(draft.note)
        if len(text) > LONGEST_CELL:
            self.faults.append(
                Fault(
                    f"{self._letter('note')}{draft.row}",
                    question.code,
                    shown(text),
                    _("This note is longer than %(limit)d characters. Shorten it.")
                    % {"limit": LONGEST_CELL},
                )
            )
        return text

    def _letter(self, name: str) -> str:
        return get_column_letter(self.columns.at[name] + 1)


def _label(labels: list[str]) -> str:
    return " ".join(labels)


def _row_of(place: str) -> int:
    return int(re.sub(r"\D", "", place) or 0)
