"""The rows of counts below a ratio question: which row is which count."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assessments.excel import cells
from assessments.excel.grid import Uncalculated
from assessments.excel.places import match_counts
from assessments.instrument import QuestionText

Cell = tuple[str, Any]
Named = tuple[str, Cell]


@dataclass
class Counted:
    """Count → its cell. `strange` are rows that are no count of this question, `unclear` rows of
    which nobody can say which count they are."""

    cells: dict[str, Cell] = field(default_factory=dict)
    is_by_order: bool = False
    strange: list[Named] = field(default_factory=list)
    unclear: list[Cell] = field(default_factory=list)


def placed(question: QuestionText, rows: list[Named]) -> Counted:
    """By their words, else by their order when nothing is left over."""
    found = match_counts(question, [label for label, _cell in rows])
    loose = [place for place in range(len(rows)) if place not in found.values()]
    missing = [count.key for count in question.counts if count.key not in found]
    needed = [count.key for count in question.counts if count.is_needed]
    counted = Counted()
    if loose and len(rows) in (len(question.counts), len(needed)):
        keys = missing if len(loose) == len(missing) else [k for k in missing if k in needed]
        if len(loose) == len(keys):
            found |= dict(zip(keys, loose, strict=True))
            loose, counted.is_by_order = [], True
    counted.cells = {key: rows[place][1] for key, place in found.items()}
    complete = counted.cells.keys() >= set(needed)
    for place in loose:
        if not complete:
            counted.unclear.append(rows[place][1])
        elif not _is_sum(question, rows[place][1], counted.cells):
            counted.strange.append(rows[place])
    return counted


def unclear(question: QuestionText) -> str:
    names = "; ".join(each.text.text_id for each in question.counts)
    return _("It is not clear which count this is. The rows are called: %(names)s.") % {
        "names": names
    }


def _is_sum(question: QuestionText, cell: Cell, placed: dict[str, Cell]) -> bool:
    """A sum of the counts says nothing new."""
    ratio = question.asked.ratio
    if ratio is None:
        return False
    whole = [cells.number_of(kept(placed[key][1])) for key, _sign in ratio.whole]
    return cells.number_of(kept(cell[1])) == sum(value or 0 for value in whole)


def kept(value: Any) -> Any:
    """Without formulas that nobody has calculated."""
    return None if isinstance(value, Uncalculated) else value
