"""Which column of a sheet is which: by the words of its heading, wherever it stands.

Sheets of the ministry hold the answers of several assessors side by side: “Jawaban TPI”, “Jawaban
TPN”, or one heading “TPN” above the columns Jawaban, Nilai and Catatan.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.enums import Assessor
from assessments.excel.cells import plain
from assessments.excel.grid import Grid

# In the order of the official sheet; several names because units rename their columns.
NAMES: dict[str, tuple[str, ...]] = {
    "label": ("penilaian", "uraian", "pertanyaan", "komponen", "indikator"),
    "weight": ("bobot",),
    "explain": ("penjelasan", "kriteria"),
    "choices": ("pilihan jawaban", "pilihan"),
    "answer": ("jawaban", "isian"),
    "value": ("nilai", "skor"),
    "percent": ("%", "persen", "persentase"),
    "note": ("catatan", "keterangan"),
    "link": (
        "link evidence",
        "link",
        "evidence",
        "eviden",
        "bukti dukung",
        "data dukung",
        "tautan",
    ),
}
# Columns that an assessor may have for himself.
OWN = ("answer", "value", "percent", "note", "link")
SIDES = {
    Assessor.UNIT: re.compile(r"\b(?:unit|mandiri|opd|satker)\b"),
    Assessor.TPI: re.compile(r"\b(?:tpi|penilai internal)\b"),
    Assessor.TPN: re.compile(r"\b(?:tpn|penilai nasional)\b"),
}
LOOKS_AT = 200


@dataclass(frozen=True)
class Heading:
    """`side`: the assessor whom it names, or empty."""

    name: str
    place: int
    side: str
    text: str


@dataclass(frozen=True)
class Columns:
    """Places counted from 0. `labels`: those between which the numbering and the text are spread."""

    header_row: int
    labels: tuple[int, ...]
    at: dict[str, int] = field(default_factory=dict)
    # Headings that stand there more than once; the first is read.
    doubled: tuple[str, ...] = ()
    # Headings of other assessors, which are not read.
    of_others: tuple[str, ...] = ()
    # The heading of the answers, where it names this assessor.
    own: str = ""

    def of(self, name: str, values: tuple[Any, ...]) -> Any:
        place = self.at.get(name)
        return values[place] if place is not None and place < len(values) else None

    @property
    def is_anothers(self) -> bool:
        """Others have columns of their own here, this assessor has none."""
        return not self.own and bool(self.of_others) and "answer" not in self.at


def find_columns(grid: Grid, side: str = Assessor.UNIT) -> Columns | None:
    """The heading may stand below titles and over two rows; None: this is no work-sheet."""
    rows = grid.rows[:LOOKS_AT]
    for index, (number, values) in enumerate(rows):
        found = named(values)
        if not any(heading.name == "label" for heading in found):
            continue
        last = number
        if index and rows[index - 1][0] == number - 1:
            found = _under_groups(found, rows[index - 1][1])
        if index + 1 < len(rows) and rows[index + 1][0] <= number + 2:
            below = _second_row(found, values, rows[index + 1][1])
            if below:
                found, last = below, rows[index + 1][0]
        if any(heading.name == "answer" for heading in found):
            return _chosen(found, last, side, grid.marks.hidden_columns)
    return None


# --- headings ---


def named(values: tuple[Any, ...]) -> list[Heading]:
    found = []
    for place, value in enumerate(values):
        if name := _name(value):
            found.append(Heading(name, place, side_named(value), str(value).strip()))
    return found


def _name(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 80:
        return ""
    words = plain(value) or value.strip()
    for name, texts in NAMES.items():
        if words in texts:
            return name
    for name, texts in NAMES.items():
        if name != "label" and re.match(rf"(?:{'|'.join(map(re.escape, texts))})\b", words):
            return name
    return "label" if words.startswith("penilaian") and len(words) < 30 else ""


def side_named(value: Any) -> str:
    """The one assessor of whom a short text speaks."""
    if not isinstance(value, str) or len(value) > 80:
        return ""
    words = plain(value)
    found = [side for side, names in SIDES.items() if names.search(words)]
    return found[0] if len(found) == 1 else ""


def _under_groups(found: list[Heading], above: tuple[Any, ...]) -> list[Heading]:
    """A row above that names two assessors at least says whose the columns below are."""
    if len({side for value in above if (side := side_named(value))}) < 2:
        return found
    return [_grouped(heading, above) for heading in found]


def _grouped(heading: Heading, above: tuple[Any, ...]) -> Heading:
    """Of the nearest cell to the left that holds anything: a merged one spreads to the right."""
    if heading.side or heading.name not in OWN:
        return heading
    texts = [value for value in above[: heading.place + 1] if isinstance(value, str) and value]
    group = texts[-1] if texts else ""
    side = side_named(group)
    text = f"{group.strip()} · {heading.text}" if side else heading.text
    return Heading(heading.name, heading.place, side, text)


def _second_row(
    found: list[Heading], above: tuple[Any, ...], values: tuple[Any, ...]
) -> list[Heading]:
    """The headings of both rows, if the second one is one of headings."""
    more = named(values)
    names = {heading.name for heading in found}
    if not any(each.name == "label" for each in more) and {m.name for m in more} - names:
        below = [_grouped(heading, above) for heading in more]
        taken = {heading.place for heading in below}
        return [each for each in found if each.place not in taken] + below
    sides = {place: side for place, value in enumerate(values) if (side := side_named(value))}
    label = next(heading.place for heading in found if heading.name == "label")
    if more or len(set(sides.values())) < 2 or values[label] is not None:
        return []
    return _spread(found, sides, values)


def _spread(found: list[Heading], sides: dict[int, str], values: tuple[Any, ...]) -> list[Heading]:
    """`Jawaban` merged over columns that only say whose they are."""
    kept = [heading for heading in found if heading.place not in sides]
    for place, side in sides.items():
        over = [heading for heading in found if heading.place <= place]
        head = max(over, key=lambda heading: heading.place, default=None)
        if head is not None and head.name in OWN:
            text = f"{head.text} · {str(values[place]).strip()}"
            kept.append(Heading(head.name, place, side, text))
    return kept


# --- which of them are read ---


def _chosen(found: list[Heading], last: int, side: str, hidden: set[int]) -> Columns:
    found = sorted(found, key=lambda heading: (heading.place in hidden, heading.place))
    answers = [heading for heading in found if heading.name == "answer"]
    answer = _answer(answers, side)
    chosen = {heading.name: heading for heading in reversed(found) if heading.name not in OWN}
    for name in OWN[1:]:
        if heading := _beside(name, found, answers, answer, side):
            chosen[name] = heading
    if answer is not None:
        chosen["answer"] = answer
    at = {name: heading.place for name, heading in chosen.items()}
    left = [each for each in found if each.name in at and each not in chosen.values()]
    others = [each for each in found if each.side and each.side != side and each.name == "answer"]
    if answer is not None and answer in others:
        others.remove(answer)
    return Columns(
        last,
        _labels(at["label"], {heading.place for heading in found if heading.name != "label"}),
        at,
        tuple(heading.text for heading in left if heading.side == chosen[heading.name].side),
        tuple(heading.text for heading in others),
        answer.text if answer is not None and answer.side == side else "",
    )


def _answer(answers: Sequence[Heading], side: str) -> Heading | None:
    """His own; else the one that names nobody, as long as nobody else has one beside it."""
    own = [heading for heading in answers if heading.side == side]
    plain_ones = [heading for heading in answers if not heading.side]
    if own:
        return own[0]
    if side == Assessor.UNIT:
        return (plain_ones or answers)[0]
    return plain_ones[0] if len(plain_ones) == len(answers) else None


def _beside(
    name: str,
    found: Sequence[Heading],
    answers: Sequence[Heading],
    answer: Heading | None,
    side: str,
) -> Heading | None:
    """The assessor's own column, or the one right of his answers; another's note is not his."""
    same = [heading for heading in found if heading.name == name]
    own = [heading for heading in same if heading.side == side]
    if own or answer is None:
        return own[0] if own else None
    unnamed = [heading for heading in same if not heading.side]
    if side != Assessor.UNIT and answer.side == side and name != "link":
        ends = min((each.place for each in answers if each.place > answer.place), default=10**6)
        unnamed = [each for each in unnamed if answer.place < each.place < ends]
    return unnamed[0] if unnamed else None


def _labels(own: int, taken: set[int]) -> tuple[int, ...]:
    """The heading's own column, and those without a heading beside it."""
    first = last = own
    while first > 0 and first - 1 not in taken:
        first -= 1
    beyond = [place for place in taken if place > last]
    if beyond:
        last = min(beyond) - 1
    return tuple(range(first, last + 1))


def is_heading(values: tuple[Any, ...]) -> bool:
    """A heading that was repeated for printing, or the row that numbers the columns."""
    if len({heading.name for heading in named(values)}) >= 3:
        return True
    numbers = [str(value).strip(" ().").removesuffix(".0") for value in values if value is not None]
    return len(numbers) >= 3 and numbers == [str(number + 1) for number in range(len(numbers))]
