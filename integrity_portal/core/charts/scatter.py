"""Things on two axes from 0 to 100: who stands in which corner.

Named points carry a number; their names and values stand in a key below the field, one to a line,
so that they cannot collide at any width. Where numbers would touch each other, they step aside and
a thin line leads to the place itself.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from integrity_portal.core.charts import parts
from integrity_portal.core.charts.parts import Chart, DataTable

FIELD = 300
BAND = 40
# The narrowest field that is drawn, in pixels: a percent of it is the least there ever is.
NARROWEST = 270
MARK = 11
DOT = 4.5
STEP = 22
PALE = ("#eef5f1", "#f7f3e6", "#eef3f6", "#f5f6f7")


@dataclass(frozen=True)
class Point:
    """`words` are further cells of the table; a `number` makes it a named point."""

    label: str
    x: Decimal
    y: Decimal
    number: int | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Corners:
    """Names of the four corners, as they lie on the drawing."""

    top_left: str
    top_right: str
    bottom_left: str
    bottom_right: str


@dataclass(frozen=True)
class Mark:
    """Where the number of a point is drawn: percent across, pixels down."""

    point: Point
    x: float
    y: float


@dataclass(frozen=True)
class ScatterChart:
    """`split` parts low from high on both axes; `word_headers` head the points' further words."""

    title: str
    x_label: str
    y_label: str
    points: Sequence[Point]
    corners: Corners
    split: Decimal = Decimal(50)
    places: int = 1
    label_header: str = ""
    word_headers: tuple[str, ...] = field(default=())
    named: str = ""
    others: str = ""
    sentence: str = ""

    def draw(self) -> Chart:
        table = self._table()
        svg = self._svg(table) if self.points else parts.nothing_yet(self.title)
        return Chart(self.title, svg, table, self.sentence, self._legend())

    def _table(self) -> DataTable:
        header = (self.label_header or _("Name"), self.x_label, self.y_label, *self.word_headers)
        rows = tuple(
            (
                point.label,
                parts.say(point.x, self.places),
                parts.say(point.y, self.places),
                *(point.words + ("",) * len(self.word_headers))[: len(self.word_headers)],
            )
            for point in self.points
        )
        return DataTable(self.title, header, rows, frozenset({1, 2}))

    def _legend(self) -> tuple[SafeString, ...]:
        named = any(point.number is not None for point in self.points)
        plain = any(point.number is None for point in self.points)
        return tuple(
            format_html('<span class="key">{}{}</span>', sign, word)
            for shown, sign, word in (
                (named and self.named, _sign(6, parts.BRAND, parts.BRAND), self.named),
                (plain and self.others, _sign(4.5, "#ffffff", parts.INK), self.others),
            )
            if shown
        )

    def _svg(self, table: DataTable) -> SafeString:
        drawn = [*self._field(), *self._dots()]
        named = sorted(
            (point for point in self.points if point.number is not None),
            key=lambda point: point.number or 0,
        )
        marks = marks_of(named)
        # All lines below all numbers, so that none crosses out another one's number.
        drawn += [part for mark in marks for part in self._way(mark)]
        drawn += [part for mark in marks for part in self._number(mark)]
        bottom = BAND + FIELD + BAND + 22
        drawn.append(parts.write(f"{self.x_label} →", x="100%", y=bottom, anchor="end", size=13))
        drawn += self._key(named, bottom + 12)
        height = bottom + 12 + 22 * len(named) + 6
        return parts.drawing(self.title, parts.describe(table.rows), height, drawn)

    def _field(self) -> list[SafeString]:
        """Four pale corners with their names outside, so that no point lies on a word."""
        across, down = float(self.split), FIELD * (1 - float(self.split) / 100)
        boxes = (
            (0.0, across, 0.0, down, PALE[1]),
            (across, 100 - across, 0.0, down, PALE[0]),
            (0.0, across, down, FIELD - down, PALE[3]),
            (across, 100 - across, down, FIELD - down, PALE[2]),
        )
        drawn = [
            parts.box(x, width, BAND + y, height, fill, round_=0)
            for x, width, y, height, fill in boxes
        ]
        top, bottom = float(BAND), float(BAND + FIELD)
        drawn += [
            parts.rule(0, top, 0, bottom, parts.SOFT),
            parts.rule(0, bottom, 100, bottom, parts.SOFT),
            parts.rule(across, top, across, bottom, parts.SOFT, dash="4 4"),
            parts.rule(0, BAND + down, 100, BAND + down, parts.SOFT, dash="4 4"),
        ]
        names = (
            (self.corners.top_left, "0", "start", 14.0),
            (self.corners.top_right, "100%", "end", 14.0),
            (self.corners.bottom_left, "0", "start", bottom + 17),
            (self.corners.bottom_right, "100%", "end", bottom + 17),
        )
        for text, x, anchor, y in names:
            for number, line in enumerate(parts.clip(text, 19, 2)):
                drawn.append(
                    parts.write(
                        line, x=x, y=y + number * 15, anchor=anchor, size=12, fill=parts.SOFT
                    )
                )
        drawn.append(parts.write(f"↑ {self.y_label}", x="1.5%", y=BAND + 16, size=13))
        return drawn

    def _dots(self) -> list[SafeString]:
        """Points that stand at the very same place are one dot, the bigger the more they are."""
        groups: dict[tuple[Decimal, Decimal], list[Point]] = {}
        for point in self.points:
            if point.number is None:
                groups.setdefault((point.x, point.y), []).append(point)
        return [
            _circle(
                at(same[0]),
                min(DOT * math.sqrt(len(same)), 12),
                "#ffffff",
                parts.INK,
                "; ".join(one.label for one in same),
                opacity="0.85",
            )
            for same in groups.values()
        ]

    def _way(self, mark: Mark) -> list[SafeString]:
        """From a number that stepped aside to its place."""
        across, down = at(mark.point)
        if (round(across, 2), round(down, 1)) == (mark.x, mark.y):
            return []
        return [
            parts.rule(round(across, 2), round(down, 1), mark.x, mark.y, parts.BRAND),
            _circle((across, down), 2.5, parts.BRAND, parts.BRAND, _named(mark)),
        ]

    def _number(self, mark: Mark) -> list[SafeString]:
        return [
            _circle((mark.x, mark.y), MARK - 1, parts.BRAND, "#ffffff", _named(mark)),
            parts.write(
                str(mark.point.number),
                x=parts.percent(mark.x),
                y=mark.y + 4.5,
                anchor="middle",
                size=12,
                weight=700,
                fill="#ffffff",
            ),
        ]

    def _key(self, named: Sequence[Point], top: float) -> list[SafeString]:
        drawn = []
        for number, point in enumerate(named):
            y = top + 16 + number * 22
            values = f"{parts.say(point.x, 0)} / {parts.say(point.y, 0)}"
            label = parts.clip(f"{point.number}. {point.label}", 30, 1)[0]
            drawn.append(parts.write(label, x="0", y=y, size=13))
            drawn.append(parts.write(values, x="100%", y=y, anchor="end", size=13, weight=600))
        return drawn


def at(point: Point) -> tuple[float, float]:
    """Percent across and pixels down, with room for a mark at the edges."""
    inside = 100 - 200 * MARK / NARROWEST
    across = 100 * MARK / NARROWEST + inside * _share(point.x)
    return across, BAND + MARK + (FIELD - 2 * MARK) * (1 - _share(point.y))


def _named(mark: Mark) -> str:
    return f"{mark.point.number}. {mark.point.label}"


def _share(value: Decimal) -> float:
    return min(max(float(value), 0.0), 100.0) / 100


def marks_of(points: Sequence[Point]) -> list[Mark]:
    """Each number as near to its place as it can stand without touching another one."""
    found: list[Mark] = []
    for point in points:
        x, y = at(point)
        free = next(
            (spot for spot in _spots(x, y) if not any(touch(spot, mark) for mark in found)), (x, y)
        )
        found.append(Mark(point, round(free[0], 2), round(free[1], 1)))
    return found


def touch(spot: tuple[float, float], mark: Mark) -> bool:
    """Whether two numbers would touch in the narrowest field."""
    across = (spot[0] - mark.x) * NARROWEST / 100
    return math.hypot(across, spot[1] - mark.y) < STEP


def _spots(x: float, y: float) -> list[tuple[float, float]]:
    """The place itself, then rings around it, the nearest first; all inside the field."""
    spots = [(x, y)]
    for ring in range(1, 14):
        for turn in range(8 + 2 * ring):
            angle = 2 * math.pi * turn / (8 + 2 * ring)
            spot = (
                x + 100 * (STEP + 1) * ring * math.cos(angle) / NARROWEST / 2,
                y + (STEP + 1) * ring * math.sin(angle) / 2,
            )
            edge = 100 * MARK / NARROWEST
            if edge <= spot[0] <= 100 - edge and BAND + MARK <= spot[1] <= BAND + FIELD - MARK:
                spots.append(spot)
    return spots


def _circle(
    place: tuple[float, float],
    radius: float,
    fill: str,
    edge: str,
    title: str,
    *,
    opacity: str = "1",
) -> SafeString:
    return format_html(
        '<circle cx="{}" cy="{}" r="{}" fill="{}" stroke="{}" stroke-width="1.5" '
        'fill-opacity="{}"><title>{}</title></circle>',
        parts.percent(round(place[0], 2)),
        f"{round(place[1], 1):g}",
        f"{round(radius, 1):g}",
        fill,
        edge,
        opacity,
        title,
    )


def _sign(radius: float, fill: str, edge: str) -> SafeString:
    return format_html(
        '<svg width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="{}" fill="{}" '
        'stroke="{}" stroke-width="1.5"/></svg>',
        f"{radius:g}",
        fill,
        edge,
    )
