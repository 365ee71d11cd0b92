"""A value over periods, one line per thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from integrity_portal.core.charts import parts
from integrity_portal.core.charts.parts import Chart, DataTable, Scale

TOP = 30
PLOT = 150
DASHES = ("none", "7 4", "2 3", "10 3 2 3")


@dataclass(frozen=True)
class Line:
    name: str
    values: Sequence[Decimal | None]


@dataclass(frozen=True)
class LineChart:
    """Values of the same periods; a gap is a gap, never a zero. Lines differ by dashes too."""

    title: str
    periods: Sequence[str]
    lines: Sequence[Line]
    unit: str = ""
    places: int = 2
    target: Decimal | None = None
    target_label: str = ""
    from_zero: bool = True
    period_header: str = ""
    sentence: str = ""

    def draw(self) -> Chart:
        table = self._table()
        drawable = any(value is not None for line in self.lines for value in self._values(line))
        svg = self._svg(table) if drawable else parts.nothing_yet(self.title)
        return Chart(self.title, svg, table, self.sentence, self._legend())

    def _values(self, line: Line) -> list[Decimal | None]:
        known = [parts.finite(value) for value in line.values][: len(self.periods)]
        return known + [None] * (len(self.periods) - len(known))

    def _table(self) -> DataTable:
        header = (self.period_header or _("Period"), *(line.name for line in self.lines))
        columns = [self._values(line) for line in self.lines]
        rows = tuple(
            (
                str(period),
                *(parts.say(column[number], self.places, self.unit) for column in columns),
            )
            for number, period in enumerate(self.periods)
        )
        return DataTable(self.title, header, rows, frozenset(range(1, len(header))))

    def _colour(self, number: int) -> str:
        return parts.SERIES[number % len(parts.SERIES)]

    def _legend(self) -> tuple[SafeString, ...]:
        if len(self.lines) < 2:
            return ()
        return tuple(
            format_html(
                '<span class="key"><svg width="30" height="12" aria-hidden="true">'
                '<line x1="1" y1="6" x2="29" y2="6" stroke="{}" stroke-width="3" '
                'stroke-dasharray="{}"/></svg>{}</span>',
                self._colour(number),
                DASHES[number % len(DASHES)],
                line.name,
            )
            for number, line in enumerate(self.lines)
        )

    def _svg(self, table: DataTable) -> SafeString:
        everything = [value for line in self.lines for value in self._values(line)]
        scale = self._rounded(Scale.over([*everything, self.target], zero=self.from_zero))
        drawn = self._grid(scale)
        if self.target is not None:
            y = self._y(self.target, scale)
            said = parts.say(self.target, self._places(self.target), self.unit)
            words = f"{self.target_label or _('Target')} {said}"
            drawn.append(parts.rule(0, y, 100, y, parts.INK, width=1.5, dash="4 3"))
            drawn.append(
                parts.write(words, x="56%", y=y - 5, size=13, fill=parts.SOFT, anchor="middle")
            )
        for number, line in enumerate(self.lines):
            drawn += self._line(number, self._values(line), scale, everything)
        drawn += self._periods()
        return parts.drawing(self.title, parts.describe(table.rows), TOP + PLOT + 44, drawn)

    def _rounded(self, scale: Scale) -> Scale:
        """Ends of the scale on round numbers, so that the grid can be read."""
        step = Decimal(1).scaleb((scale.high - scale.low).adjusted()) / 2
        low = (scale.low / step).to_integral_value(rounding=ROUND_FLOOR) * step
        high = (scale.high / step).to_integral_value(rounding=ROUND_CEILING) * step
        return Scale(low, high if high > low else low + step)

    def _places(self, value: Decimal) -> int:
        return self.places if value != value.to_integral_value() else 0

    def _y(self, value: Decimal, scale: Scale) -> float:
        return round(TOP + PLOT * (1 - scale.share(value) / 100), 1)

    def _x(self, number: int) -> float:
        count = len(self.periods)
        return 50.0 if count == 1 else round(15 + 82 * number / (count - 1), 2)

    def _grid(self, scale: Scale) -> list[SafeString]:
        drawn = []
        for value in (scale.low, (scale.low + scale.high) / 2, scale.high):
            y = self._y(value, scale)
            places = self._places(value)
            drawn.append(parts.rule(0, y, 100, y, parts.GRID))
            drawn.append(
                parts.write(
                    parts.say(value, places, self.unit), x="0", y=y - 5, size=12, fill=parts.SOFT
                )
            )
        return drawn

    def _line(
        self,
        number: int,
        values: list[Decimal | None],
        scale: Scale,
        every: Sequence[Decimal | None],
    ) -> list[SafeString]:
        colour = self._colour(number)
        points = [
            None if value is None else (self._x(place), self._y(value, scale))
            for place, value in enumerate(values)
        ]
        drawn = [
            parts.rule(*first, *second, colour, width=3, dash=DASHES[number % len(DASHES)])
            for first, second in pairwise(points)
            if first and second
        ]
        drawn += [
            format_html(
                '<circle cx="{}" cy="{}" r="4.5" fill="{}" stroke="#ffffff" stroke-width="1.5"/>',
                parts.percent(point[0]),
                f"{point[1]:g}",
                colour,
            )
            for point in points
            if point
        ]
        last = max((place for place, value in enumerate(values) if value is not None), default=None)
        point = points[last] if last is not None else None
        if last is not None and point is not None:
            others = every[last :: len(self.periods)]
            drawn.append(self._last_number(values[last], point, others, scale, colour))
        return drawn

    def _last_number(
        self,
        value: Decimal | None,
        point: tuple[float, float],
        others: Sequence[Decimal | None],
        scale: Scale,
        colour: str,
    ) -> SafeString:
        """The newest value in figures; below where a neighbour's point close above would lie on
        it."""
        above = [point[1] - self._y(other, scale) for other in others if other is not None]
        is_crowded = any(0 < distance < 26 for distance in above)
        return parts.write(
            parts.say(value, self.places, self.unit),
            x=parts.percent(point[0]),
            y=point[1] + (22 if is_crowded else -10),
            weight=600,
            fill=colour,
            anchor=parts.anchor_at(point[0]),
        )

    def _periods(self) -> list[SafeString]:
        """Up to four, each on up to two short lines: more would collide on a phone."""
        last = len(self.periods) - 1
        shown = sorted({round(last * third / 3) for third in range(4)})
        drawn = []
        for number in shown:
            x = self._x(number)
            for row, text in enumerate(parts.clip(str(self.periods[number]), 7, 2)):
                drawn.append(
                    parts.write(
                        text,
                        x=parts.percent(x),
                        y=TOP + PLOT + 20 + row * 16,
                        size=13,
                        fill=parts.SOFT,
                        anchor="end" if x > 90 else "middle",
                    )
                )
        return drawn
