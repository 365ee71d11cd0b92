"""Small drawings for a table's cell on paper: a bar against its mark, a line over the years."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from django.utils.html import format_html
from django.utils.safestring import SafeString

from integrity_portal.core.charts import Tone, parts
from integrity_portal.core.charts.parts import Scale

# In points, as the cells of an A4 sheet bear them.
WIDTH, HEIGHT = 104, 15
LINE_WIDTH, LINE_HEIGHT, EDGE = 72, 20, 4
MOST_PERCENT = Decimal(120)
# Yellow is lost on white: a bar of this tone is darker on paper.
FILL = {Tone.WARN: "#e0a100"}


def bullet(percent: Decimal | None, tone: Tone) -> SafeString:
    """0 to 120 % of a target, whose mark stands at 100; nothing without a percentage."""
    scale = Scale(Decimal(0), MOST_PERCENT)
    mark = scale.share(Decimal(100)) * WIDTH / 100
    drawn = [
        format_html(
            '<rect x="0" y="3" width="{}" height="9" rx="1.5" fill="{}"/>', WIDTH, parts.TRACK
        )
    ]
    if percent is not None:
        drawn.append(
            format_html(
                '<rect x="0" y="3" width="{}" height="9" rx="1.5" fill="{}"/>',
                f"{scale.share(percent) * WIDTH / 100:g}",
                FILL.get(tone, tone.fill),
            )
        )
    drawn.append(
        format_html(
            '<path d="M{0} 0V15" stroke="#ffffff" stroke-width="4"/>'
            '<path d="M{0} 0V15" stroke="{1}" stroke-width="1.8"/>',
            f"{mark:g}",
            parts.INK,
        )
    )
    return _svg(WIDTH, HEIGHT, drawn)


def sparkline(values: Sequence[Decimal | None], colour: str) -> SafeString:
    """The known values in their places, the last with a dot; a gap stays a gap."""
    known = [value for value in values if value is not None]
    if not known:
        return SafeString("")
    scale = Scale.over(known, zero=False)
    step = (LINE_WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    points = [
        None if value is None else (EDGE + step * place, _height(scale, value))
        for place, value in enumerate(values)
    ]
    drawn = [
        format_html(
            '<path d="M{} {}L{} {}" stroke="{}" stroke-width="1.8" stroke-linecap="round"/>',
            *(f"{number:g}" for number in (*first, *second)),
            colour,
        )
        for first, second in pairwise(points)
        if first and second
    ]
    x, y = next(point for point in reversed(points) if point)
    drawn.append(
        format_html('<circle cx="{}" cy="{}" r="2.6" fill="{}"/>', f"{x:g}", f"{y:g}", colour)
    )
    return _svg(LINE_WIDTH, LINE_HEIGHT, drawn)


def _height(scale: Scale, value: Decimal) -> float:
    return round(EDGE + (LINE_HEIGHT - 2 * EDGE) * (1 - scale.share(value) / 100), 2)


def _svg(width: int, height: int, drawn: Sequence[SafeString]) -> SafeString:
    """Without words of its own: the cells beside it say the same in figures."""
    return format_html(
        '<svg viewBox="0 0 {} {}" width="{}pt" height="{}pt" aria-hidden="true">{}</svg>',
        width,
        height,
        width,
        height,
        parts.join(drawn),
    )
