"""Many units over many periods: a table whose cells carry a tone, a shape and a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from integrity_portal.core.charts import parts
from integrity_portal.core.charts.parts import Chart, DataTable, Tone

CELL = 38
GAP = 10


@dataclass(frozen=True)
class HeatCell:
    value: Decimal | None
    tone: Tone = Tone.NONE
    word: str = ""


@dataclass(frozen=True)
class HeatRow:
    label: str
    cells: Sequence[HeatCell]


@dataclass(frozen=True)
class HeatTable:
    """Up to twelve columns; the row's name stands above its cells, so a phone can hold it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[HeatRow]
    unit: str = ""
    places: int = 0
    label_header: str = ""
    sentence: str = ""

    def draw(self) -> Chart:
        table = self._table()
        svg = self._svg(table) if self.rows and self.columns else parts.nothing_yet(self.title)
        legend = parts.tone_legend(
            (cell.tone, cell.word) for row in self.rows for cell in row.cells
        )
        return Chart(self.title, svg, table, self.sentence, legend)

    def _cells(self, row: HeatRow) -> list[HeatCell]:
        known = list(row.cells)[: len(self.columns)]
        return known + [HeatCell(None)] * (len(self.columns) - len(known))

    def _said(self, cell: HeatCell) -> str:
        said = parts.say(parts.finite(cell.value), self.places, self.unit)
        return f"{said} {cell.word}".strip() if cell.word else said

    def _table(self) -> DataTable:
        header = (self.label_header or _("Name"), *(str(column) for column in self.columns))
        rows = tuple(
            (row.label, *(self._said(cell) for cell in self._cells(row))) for row in self.rows
        )
        return DataTable(self.title, header, rows, frozenset(range(1, len(header))))

    def _svg(self, table: DataTable) -> SafeString:
        width = 100 / len(self.columns)
        short = 3 if len(self.columns) > 6 else 9
        drawn = [
            parts.write(
                parts.clip(str(column), short, 1)[0],
                x=parts.percent(round((number + 0.5) * width, 2)),
                y=13,
                size=12,
                fill=parts.SOFT,
                anchor="middle",
            )
            for number, column in enumerate(self.columns)
        ]
        top = 20.0
        for row in self.rows:
            pieces, head = parts.label_and_value(row.label, "", top, parts.INK)
            drawn += pieces
            top += head
            for number, cell in enumerate(self._cells(row)):
                drawn += self._cell(cell, number * width, width, top)
            top += CELL + GAP
        return parts.drawing(self.title, parts.describe(table.rows), top - GAP, drawn)

    def _cell(self, cell: HeatCell, x: float, width: float, y: float) -> list[SafeString]:
        value = parts.finite(cell.value)
        middle = parts.percent(round(x + width / 2, 2))
        said = parts.say(value, self.places)
        fill = cell.tone.pale if value is not None else "#ffffff"
        drawn = [
            parts.box(round(x + 0.25, 2), width - 0.5, y, CELL, fill, edge=parts.GRID, round_=4)
        ]
        if cell.tone and value is not None:
            drawn.append(
                parts.write(
                    cell.tone.shape,
                    x=middle,
                    y=y + 14,
                    size=11,
                    fill=cell.tone.text,
                    anchor="middle",
                )
            )
            drawn.append(
                parts.write(
                    said,
                    x=middle,
                    y=y + 30,
                    size=13,
                    fill=cell.tone.text,
                    weight=600,
                    anchor="middle",
                )
            )
        else:
            drawn.append(
                parts.write(said, x=middle, y=y + 24, size=13, fill=parts.SOFT, anchor="middle")
            )
        return drawn
