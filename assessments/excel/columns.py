"""Which column of a sheet is which: by the words of its heading, wherever it stands."""

import re
from dataclasses import dataclass, field
from typing import Any

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
LOOKS_AT = 200


@dataclass(frozen=True)
class Columns:
    """Places counted from 0. `labels`: those between which the numbering and the text are spread."""

    header_row: int
    labels: tuple[int, ...]
    at: dict[str, int] = field(default_factory=dict)
    # Headings that stand there more than once; the first is read.
    doubled: tuple[str, ...] = ()

    def of(self, name: str, values: tuple[Any, ...]) -> Any:
        place = self.at.get(name)
        return values[place] if place is not None and place < len(values) else None


def find_columns(grid: Grid) -> Columns | None:
    """The heading may stand below titles and over two rows; None: this is no work-sheet."""
    rows = grid.rows[:LOOKS_AT]
    for index, (number, values) in enumerate(rows):
        found, doubled = headings(values)
        if "label" not in found:
            continue
        last = number
        if index + 1 < len(rows) and rows[index + 1][0] <= number + 2:
            more, _doubled = headings(rows[index + 1][1])
            fresh = {name: place for name, place in more.items() if name not in found}
            if fresh and "label" not in more:
                found, last = {**found, **fresh}, rows[index + 1][0]
        if "answer" in found:
            return Columns(last, _labels(found), found, doubled)
    return None


def headings(values: tuple[Any, ...]) -> tuple[dict[str, int], tuple[str, ...]]:
    found: dict[str, int] = {}
    doubled: list[str] = []
    for place, value in enumerate(values):
        name = _name(value)
        if name and name in found:
            doubled.append(str(value).strip())
        elif name:
            found[name] = place
    return found, tuple(doubled)


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


def _labels(found: dict[str, int]) -> tuple[int, ...]:
    """The heading's own column, and those without a heading beside it."""
    taken = {place for name, place in found.items() if name != "label"}
    first = last = found["label"]
    while first > 0 and first - 1 not in taken:
        first -= 1
    beyond = [place for place in taken if place > last]
    if beyond:
        last = min(beyond) - 1
    return tuple(range(first, last + 1))


def is_heading(values: tuple[Any, ...]) -> bool:
    """A heading that was repeated for printing, or the row that numbers the columns."""
    found, _doubled = headings(values)
    if len(found) >= 3:
        return True
    numbers = [str(value).strip(" ().").removesuffix(".0") for value in values if value is not None]
    return len(numbers) >= 3 and numbers == [str(number + 1) for number in range(len(numbers))]
