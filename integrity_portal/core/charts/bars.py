"""Bars lying down, one per unit, and bars made of parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from integrity_portal.core.charts import parts
from integrity_portal.core.charts.parts import Chart, DataTable, Scale, Tone

BAR = 14
GAP = 14


@dataclass(frozen=True)
class Bar:
    label: str
    value: Decimal | None
    tone: Tone = Tone.NONE
    word: str = ""


@dataclass(frozen=True)
class BarChart:
    """One value per row, in the order given: callers put the worst first."""

    title: str
    bars: Sequence[Bar]
    label_header: str = ""
    value_header: str = ""
    unit: str = ""
    places: int = 2
    maximum: Decimal | None = None
    threshold: Decimal | None = None
    threshold_label: str = ""
    sentence: str = ""
    colour: str = parts.BRAND

    def draw(self) -> Chart:
        table = self._table()
        svg = self._svg(table) if self.bars else parts.nothing_yet(self.title)
        legend = parts.tone_legend((bar.tone, bar.word) for bar in self.bars)
        return Chart(self.title, svg, table, self.sentence, legend)

    def _table(self) -> DataTable:
        worded = any(bar.word for bar in self.bars)
        header = (self.label_header or _("Name"), self.value_header or _("Value"))
        rows = [
            (bar.label, parts.say(parts.finite(bar.value), self.places, self.unit))
            for bar in self.bars
        ]
        if worded:
            full = tuple((*row, bar.word) for row, bar in zip(rows, self.bars, strict=True))
            return DataTable(self.title, (*header, _("Status")), full, frozenset({1}))
        return DataTable(self.title, header, tuple(rows), frozenset({1}))

    def _svg(self, table: DataTable) -> SafeString:
        values = [parts.finite(bar.value) for bar in self.bars]
        scale = Scale.over([*values, self.maximum, self.threshold])
        drawn: list[SafeString] = []
        top = 0.0
        for bar, value in zip(self.bars, values, strict=True):
            pieces, height = self._row(bar, value, scale, top)
            drawn += pieces
            top += height
        bottom = top - GAP
        if scale.low < 0:
            zero = scale.share(Decimal(0))
            drawn.append(parts.rule(zero, 0, zero, bottom, parts.SOFT))
        if self.threshold is not None:
            drawn.append(self._threshold(self.threshold, scale.share(self.threshold), bottom))
            top = bottom + 24
        return parts.drawing(self.title, parts.describe(table.rows), top, drawn)

    def _row(
        self, bar: Bar, value: Decimal | None, scale: Scale, top: float
    ) -> tuple[list[SafeString], float]:
        said = parts.say(value, self.places, self.unit)
        mark = f"{bar.tone.shape} {said}" if bar.tone else said
        drawn, head = parts.label_and_value(bar.label, mark, top, bar.tone.text)
        y = top + head
        drawn.append(parts.box(0, 100, y, BAR, parts.TRACK))
        if value is not None and value != 0:
            start, end = sorted((scale.share(Decimal(0)), scale.share(value)))
            fill = bar.tone.fill if bar.tone else self.colour
            drawn.append(parts.box(start, end - start, y, BAR, fill, edge=bar.tone.edge))
        for mark_at in self._marks(scale):
            drawn.append(parts.rule(mark_at, y - 3, mark_at, y + BAR + 3, "#ffffff", width=5))
            drawn.append(parts.rule(mark_at, y - 3, mark_at, y + BAR + 3, parts.INK, width=2))
        return drawn, head + BAR + GAP

    def _marks(self, scale: Scale) -> list[float]:
        return [] if self.threshold is None else [scale.share(self.threshold)]

    def _threshold(self, value: Decimal, share: float, bottom: float) -> SafeString:
        words = self.threshold_label or _("Threshold")
        return parts.write(
            f"{words} {parts.say(value, self.places, self.unit)}",
            x=parts.percent(share),
            y=bottom + 19,
            size=13,
            fill=parts.SOFT,
            anchor=parts.anchor_at(share),
        )


@dataclass(frozen=True)
class StackedRow:
    label: str
    values: Sequence[Decimal | None]


@dataclass(frozen=True)
class StackedBarChart:
    """Parts of a whole per row, such as complaints by state. Parts are counts, never negative."""

    title: str
    series: Sequence[str]
    rows: Sequence[StackedRow]
    tones: Sequence[Tone] = ()
    label_header: str = ""
    unit: str = ""
    places: int = 0
    sentence: str = ""

    def draw(self) -> Chart:
        table = self._table()
        svg = self._svg(table) if self.rows and self.series else parts.nothing_yet(self.title)
        edges = [tone.edge for tone in self._tones()]
        legend = parts.series_legend(
            [self._name(i) for i in range(len(self.series))], self._fills(), edges
        )
        return Chart(self.title, svg, table, self.sentence, legend)

    def _tones(self) -> list[Tone]:
        given = list(self.tones)[: len(self.series)]
        return given + [Tone.NONE] * (len(self.series) - len(given))

    def _name(self, index: int) -> str:
        return f"{self._tones()[index].shape} {self.series[index]}".strip()

    def _fills(self) -> list[str]:
        return [
            tone.fill if tone else parts.SERIES[number % len(parts.SERIES)]
            for number, tone in enumerate(self._tones())
        ]

    def _values(self, row: StackedRow) -> list[Decimal | None]:
        known = [parts.finite(value) for value in row.values][: len(self.series)]
        return known + [None] * (len(self.series) - len(known))

    def _total(self, row: StackedRow) -> Decimal:
        return sum((max(value, Decimal(0)) for value in self._values(row) if value), Decimal(0))

    def _table(self) -> DataTable:
        header = (self.label_header or _("Name"), *self.series, _("Total"))
        rows = tuple(
            (
                row.label,
                *(parts.say(value, self.places, self.unit) for value in self._values(row)),
                parts.say(self._total(row), self.places, self.unit),
            )
            for row in self.rows
        )
        return DataTable(self.title, header, rows, frozenset(range(1, len(header))))

    def _svg(self, table: DataTable) -> SafeString:
        scale = Scale.over(self._total(row) for row in self.rows)
        drawn: list[SafeString] = []
        top = 0.0
        for row in self.rows:
            pieces, height = self._row(row, scale, top)
            drawn += pieces
            top += height
        said = [
            (row[0], *(f"{name} {cell}" for name, cell in zip(self.series, row[1:], strict=False)))
            for row in table.rows
        ]
        return parts.drawing(self.title, parts.describe(said), top - GAP, drawn)

    def _row(self, row: StackedRow, scale: Scale, top: float) -> tuple[list[SafeString], float]:
        total = parts.say(self._total(row), self.places, self.unit)
        drawn, head = parts.label_and_value(row.label, total, top, parts.INK)
        y = top + head
        height = BAR + 8
        drawn.append(parts.box(0, 100, y, height, parts.TRACK))
        run = Decimal(0)
        for value, tone, fill in zip(self._values(row), self._tones(), self._fills(), strict=True):
            if value is None or value <= 0:
                continue
            start, end = scale.share(run), scale.share(run + value)
            run += value
            drawn.append(
                parts.box(
                    start,
                    end - start,
                    y,
                    height,
                    fill,
                    edge=tone.edge if tone.edge != "none" else "#ffffff",
                    round_=2,
                )
            )
            said = parts.say(value, self.places)
            if end - start >= 4 + 3 * len(said):
                ink = parts.INK if tone is Tone.WARN else "#ffffff"
                middle = parts.percent(round((start + end) / 2, 2))
                drawn.append(
                    parts.write(
                        said, x=middle, y=y + 16, anchor="middle", fill=ink, size=13, weight=600
                    )
                )
        return drawn, head + height + GAP
