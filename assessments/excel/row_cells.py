"""The cells of a row as a person sees them: what a merged cell shows stands in every row beside it."""

from typing import Any

from openpyxl.utils import get_column_letter

from assessments.excel.cells import is_empty, text_of
from assessments.excel.columns import Columns
from assessments.excel.grid import Grid

# Of the text of a row: enough to know it by.
LABEL_LIMIT = 400
Cell = tuple[str, Any]


class RowCells:
    def __init__(self, grid: Grid, columns: Columns) -> None:
        self.columns, self.marks = columns, grid.marks
        self._rows = dict(grid.rows)

    def labels(self, values: tuple[Any, ...]) -> list[str]:
        cells = [values[place] for place in self.columns.labels if place < len(values)]
        return [text_of(cell)[:LABEL_LIMIT] for cell in cells if not is_empty(cell)]

    def labels_above(self, number: int) -> list[str]:
        """Of the row from which the label is merged over this one."""
        origin = self.marks.merged.get((number, self.columns.at["label"]))
        return self.labels(self._rows.get(origin[0], ())) if origin else []

    def answer(self, number: int, values: tuple[Any, ...]) -> Cell:
        """Merged with the choices beside it, it stands in theirs."""
        column, value = self.columns.at["answer"], self.columns.of("answer", values)
        origin = self.marks.merged.get((number, column))
        if is_empty(value) and origin == (number, self.columns.at.get("choices")):
            return place_of(*origin), self._at(origin)
        return place_of(number, column), value

    def answer_over(self, number: int) -> Cell | None:
        """An answer of a row above that is merged over this one."""
        origin = self.marks.merged.get((number, self.columns.at["answer"]))
        if origin is None or origin[0] == number or is_empty(value := self._at(origin)):
            return None
        return place_of(*origin), value

    def note(self, number: int, values: tuple[Any, ...]) -> Any:
        value = self.columns.of("note", values)
        if is_empty(value) and (origin := self._origin("note", number)):
            return self._at(origin)
        return value

    def link(self, number: int, values: tuple[Any, ...]) -> tuple[Any, str]:
        """The cell and the address behind it."""
        place = self.columns.at.get("link")
        if place is None:
            return None, ""
        value = self.columns.of("link", values)
        behind = self.marks.links.get((number, place), "")
        if is_empty(value) and (origin := self._origin("link", number)):
            return self._at(origin), behind or self.marks.links.get(origin, "")
        return value, behind

    def _origin(self, name: str, number: int) -> tuple[int, int] | None:
        """Of a cell that is merged with the one above, or note and link with each other."""
        place = self.columns.at.get(name)
        origin = self.marks.merged.get((number, place)) if place is not None else None
        beside = (self.columns.at.get("note"), self.columns.at.get("link"))
        return origin if origin and origin[1] in beside else None

    def _at(self, place: tuple[int, int]) -> Any:
        values = self._rows.get(place[0], ())
        return values[place[1]] if place[1] < len(values) else None


def place_of(number: int, column: int) -> str:
    return f"{get_column_letter(column + 1)}{number}"
