"""What all charts share: tones, scales, text in SVG, the equal table."""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from integrity_portal.core.formatting import as_decimal, number_id

INK = "#14232c"
SOFT = "#4c5a64"
TRACK = "#e3e9ec"
GRID = "#d7dee2"
BRAND = "#0b4f6c"
# Each at least 3:1 on white; neighbours are also parted by a white gap.
SERIES = ("#0b4f6c", "#b58a00", "#4b8fae", "#6b4e9b", "#51606a", "#a8501f")
FONT = "system-ui, Roboto, Noto Sans, DejaVu Sans, sans-serif"
# Letters that fit on the narrowest phone, 320 px, at 14 px.
LABEL_WIDTH = 33
LINE = 18


class Tone(StrEnum):
    """A traffic light is a colour, a shape and a word; the word comes from the caller."""

    NONE = ""
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"

    @property
    def shape(self) -> str:
        return {"good": "●", "warn": "▲", "bad": "■"}.get(self.value, "")

    @property
    def fill(self) -> str:
        return {"good": "#00695c", "warn": "#ffca28", "bad": "#9b1c1c"}.get(self.value, BRAND)

    @property
    def edge(self) -> str:
        """Yellow alone is lost on white: it gets an outline."""
        return INK if self is Tone.WARN else "none"

    @property
    def text(self) -> str:
        return {"good": "#0b5139", "warn": "#5f4300", "bad": "#8c1d18"}.get(self.value, INK)

    @property
    def pale(self) -> str:
        return {"good": "#dff2e7", "warn": "#fff1cc", "bad": "#fbe3e1"}.get(self.value, "#f1f4f5")


@dataclass(frozen=True)
class DataTable:
    """The figures of a chart as a table: first column heads the row."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()

    @property
    def labelled_rows(self) -> list[list[tuple[str, str]]]:
        """Each cell with the head of its column, for narrow screens."""
        return [list(zip(self.header, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Chart:
    title: str
    svg: SafeString
    table: DataTable
    sentence: str = ""
    legend: tuple[SafeString, ...] = field(default=())


@dataclass(frozen=True)
class Scale:
    """From a value to a share of the width (or height), 0 to 100; zero is always on it."""

    low: Decimal
    high: Decimal

    @classmethod
    def over(cls, values: Iterable[Decimal | None], *, zero: bool = True) -> "Scale":
        known = [value for value in values if value is not None]
        if zero or not known:
            known.append(Decimal(0))
        low, high = min(known), max(known)
        return cls(low, high if high > low else low + max(abs(low), Decimal(1)))

    def share(self, value: Decimal) -> float:
        inside = min(max(value, self.low), self.high)
        return round(float((inside - self.low) / (self.high - self.low)) * 100, 2)


def finite(value: object) -> Decimal | None:
    return as_decimal(value)


def say(value: Decimal | None, places: int, unit: str = "") -> str:
    text = number_id(value, places)
    return text if value is None or not unit else f"{text}\u00a0{unit}"


def percent(share: float) -> str:
    return f"{share:g}%"


def clip(text: str, width: int = LABEL_WIDTH, lines: int = 3) -> list[str]:
    """A label in at most `lines` lines; what does not fit is in the table."""
    clean = " ".join(str(text).split()) or "–"
    return textwrap.wrap(clean, width, max_lines=lines, placeholder="…", break_on_hyphens=False)


def write(
    text: str,
    *,
    x: str,
    y: float,
    anchor: str = "start",
    fill: str = INK,
    size: int = 14,
    weight: int = 400,
) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" fill="{}" font-size="{}" font-weight="{}">{}</text>',
        x,
        f"{y:g}",
        anchor,
        fill,
        size,
        weight,
        text,
    )


def label_and_value(
    label: str, value: str, top: float, fill: str
) -> tuple[list[SafeString], float]:
    """A row's name at the left, its value at the right of the first line; and their height."""
    lines = clip(label, max(LABEL_WIDTH - len(value) - 1, 14))
    drawn = [write(line, x="0", y=top + 14 + number * LINE) for number, line in enumerate(lines)]
    drawn.append(write(value, x="100%", y=top + 14, anchor="end", fill=fill, weight=600))
    return drawn, 4 + len(lines) * LINE


def box(
    x: float,
    width: float,
    y: float,
    height: float,
    fill: str,
    *,
    edge: str = "none",
    round_: int = 3,
) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" rx="{}" fill="{}" stroke="{}"/>',
        percent(x),
        f"{y:g}",
        percent(round(max(width, 0), 2)),
        f"{height:g}",
        round_,
        fill,
        edge,
    )


def rule(
    x1: float, y1: float, x2: float, y2: float, stroke: str, *, width: float = 1, dash: str = "none"
) -> SafeString:
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}" '
        'stroke-dasharray="{}" stroke-linecap="{}"/>',
        percent(x1),
        f"{y1:g}",
        percent(x2),
        f"{y2:g}",
        stroke,
        f"{width:g}",
        dash,
        "butt" if dash != "none" else "round",
    )


def anchor_at(share: float) -> str:
    """Text near an end of the scale leans inwards."""
    if share > 78:
        return "end"
    return "start" if share < 22 else "middle"


def join(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def drawing(title: str, description: str, height: float, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" height="{}" '
        'font-family="{}"><title>{}</title><desc>{}</desc>{}</svg>',
        f"{height:g}",
        FONT,
        title,
        description,
        join(parts),
    )


def nothing_yet(title: str) -> SafeString:
    text = _("No data yet.")
    return drawing(
        title, text, 48, [box(0, 100, 0, 44, "#f1f4f5"), write(text, x="12", y=27, fill=SOFT)]
    )


def describe(rows: Iterable[Sequence[str]], limit: int = 12) -> str:
    """The figures as one sentence for those who hear the page; the table has them all."""
    said = [f"{row[0]}: {', '.join(cell for cell in row[1:] if cell)}" for row in rows]
    rest = len(said) - limit
    if rest > 0:
        said = [*said[:limit], _("and %(count)s more") % {"count": rest}]
    return "; ".join(said)


def tone_legend(pairs: Iterable[tuple[Tone, str]]) -> tuple[SafeString, ...]:
    """The shapes that occur, each once, with their words; the worst first."""
    words = {tone: word for tone, word in pairs if tone and word}
    order = (Tone.BAD, Tone.WARN, Tone.GOOD)
    return tuple(
        format_html('<span class="tag {}">{}</span>', tone.value, words[tone])
        for tone in order
        if tone in words
    )


def series_legend(
    names: Sequence[str], fills: Sequence[str], edges: Sequence[str]
) -> tuple[SafeString, ...]:
    return tuple(
        format_html(
            '<span class="key"><svg width="14" height="14" aria-hidden="true">'
            '<rect x="1" y="1" width="12" height="12" rx="2" fill="{}" stroke="{}"/>'
            "</svg>{}</span>",
            fill,
            edge,
            name,
        )
        for name, fill, edge in zip(names, fills, edges, strict=True)
    )
