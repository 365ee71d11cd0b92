"""Two drawings that fit into a line of a table: a trend, and reached against promised.

They stand beside their figures and say them again in a title for those who cannot see them; a page
may hold hundreds, so each is a few hundred bytes. Fixed sizes: the same in a page and on paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from integrity_portal.core.charts import parts
from integrity_portal.core.charts.parts import Scale, Tone

WIDTH, HEIGHT = 96, 24
# So that a dot at the end is not cut off.
EDGE = 4


@dataclass(frozen=True)
class Sparkline:
    """Values of periods one after the other; a gap is a gap. `title` says them in words.

    The scale runs from the lowest to the highest value: a trend, not an amount.
    """

    title: str
    values: Sequence[Decimal | None]
    tone: Tone = Tone.NONE

    def draw(self) -> SafeString:
        known = [parts.finite(value) for value in self.values]
        scale = Scale.over(known, zero=False)
        points = [
            None if value is None else (self._x(number), self._y(value, scale))
            for number, value in enumerate(known)
        ]
        drawn = [self._path(points), *self._dots(points)]
        return _small(self.title, parts.join(drawn))

    def _x(self, number: int) -> float:
        steps = max(len(self.values) - 1, 1)
        return round(EDGE + (WIDTH - 2 * EDGE) * number / steps, 1)

    def _y(self, value: Decimal, scale: Scale) -> float:
        known = [row for row in map(parts.finite, self.values) if row is not None]
        if min(known) == max(known):
            return HEIGHT / 2
        return round(EDGE + (HEIGHT - 2 * EDGE) * (1 - scale.share(value) / 100), 1)

    def _path(self, points: Sequence[tuple[float, float] | None]) -> SafeString:
        """M begins a run, L goes on; a run of one point has no length and is drawn as a dot."""
        steps = []
        before = None
        for point in points:
            if point is not None:
                steps.append(f"{'L' if before else 'M'}{point[0]:g} {point[1]:g}")
            before = point
        return format_html(
            '<path d="{}" fill="none" stroke="{}" stroke-width="2"/>', "".join(steps), parts.BRAND
        )

    def _dots(self, points: Sequence[tuple[float, float] | None]) -> list[SafeString]:
        """The newest value in the tone of its light, and what stands alone between gaps."""
        last = max((n for n, point in enumerate(points) if point is not None), default=-1)
        padded = [None, *points, None]
        drawn = []
        for number, point in enumerate(points):
            is_alone = padded[number] is None and padded[number + 2] is None
            if point is None or not (is_alone or number == last):
                continue
            tone = self.tone if number == last else Tone.NONE
            drawn.append(
                format_html(
                    '<circle cx="{}" cy="{}" r="3" fill="{}" stroke="{}"/>',
                    f"{point[0]:g}",
                    f"{point[1]:g}",
                    tone.fill,
                    tone.edge,
                )
            )
        return drawn


@dataclass(frozen=True)
class Bullet:
    """A bar for what was reached and a mark for the target; of a range a band from low to high."""

    title: str
    actual: Decimal | None
    low: Decimal | None
    high: Decimal | None = None
    tone: Tone = Tone.NONE

    def draw(self) -> SafeString:
        actual, low, high = (parts.finite(row) for row in (self.actual, self.low, self.high))
        ends = [row * Decimal("1.15") for row in (actual, low, high) if row is not None]
        scale = Scale.over(ends)
        drawn = [_rect(0, WIDTH, 6, 12, parts.TRACK)]
        if low is not None and high is not None:
            start, end = self._x(low, scale), self._x(high, scale)
            drawn.append(_rect(start, max(end - start, 2), 2, 20, "none", parts.INK))
        if actual is not None and actual != 0:
            start, end = sorted((self._x(Decimal(0), scale), self._x(actual, scale)))
            drawn.append(_rect(start, end - start, 8, 8, self.tone.fill, self.tone.edge))
        if low is not None and high is None:
            drawn.append(_rect(max(self._x(low, scale) - 1.5, 0), 3, 2, 20, parts.INK))
        return _small(self.title, parts.join(drawn))

    def _x(self, value: Decimal, scale: Scale) -> float:
        return round(scale.share(value) * WIDTH / 100, 1)


def _rect(
    x: float, width: float, y: float, height: float, fill: str, edge: str = "none"
) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"{}/>',
        f"{x:g}",
        f"{y:g}",
        f"{max(width, 0):g}",
        f"{height:g}",
        fill,
        format_html_join("", ' stroke="{}"', [(edge,)] if edge != "none" else []),
    )


def _small(title: str, drawn: SafeString) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="mini" role="img" width="{}" height="{}">'
        "<title>{}</title>{}</svg>",
        WIDTH,
        HEIGHT,
        title,
        drawn,
    )
