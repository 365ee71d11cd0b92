"""Reached against promised: a bar and a mark, each row on a scale of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from integrity_portal.core.charts import parts
from integrity_portal.core.charts.parts import Chart, DataTable, Scale, Tone

BAR = 14
GAP = 16


@dataclass(frozen=True)
class Target:
    """The tone comes from the caller, who knows whether more or less is better."""

    label: str
    actual: Decimal | None
    target: Decimal | None
    unit: str = ""
    places: int = 2
    tone: Tone = Tone.NONE
    word: str = ""


@dataclass(frozen=True)
class TargetChart:
    title: str
    targets: Sequence[Target]
    label_header: str = ""
    sentence: str = ""

    def draw(self) -> Chart:
        table = self._table()
        svg = self._svg(table) if self.targets else parts.nothing_yet(self.title)
        legend = parts.tone_legend((item.tone, item.word) for item in self.targets)
        return Chart(self.title, svg, table, self.sentence, legend)

    def _table(self) -> DataTable:
        header = (self.label_header or _("Indicator"), _("Reached"), _("Target"), _("Status"))
        rows = tuple(
            (
                item.label,
                parts.say(parts.finite(item.actual), item.places, item.unit),
                parts.say(parts.finite(item.target), item.places, item.unit),
                item.word,
            )
            for item in self.targets
        )
        return DataTable(self.title, header, rows, frozenset({1, 2}))

    def _svg(self, table: DataTable) -> SafeString:
        drawn: list[SafeString] = []
        top = 0.0
        for item in self.targets:
            pieces, height = self._row(item, top)
            drawn += pieces
            top += height
        said = [
            (row[0], row[1], _("target %(value)s") % {"value": row[2]}, row[3])
            for row in table.rows
        ]
        return parts.drawing(self.title, parts.describe(said), top - GAP + 2, drawn)

    def _row(self, item: Target, top: float) -> tuple[list[SafeString], float]:
        actual, target = parts.finite(item.actual), parts.finite(item.target)
        mark = f"{item.tone.shape} {parts.say(actual, item.places, item.unit)}".strip()
        drawn, head = parts.label_and_value(item.label, mark, top, item.tone.text)
        y = top + head
        ends = [value * Decimal("1.15") for value in (actual, target) if value is not None]
        scale = Scale.over(ends)
        drawn.append(parts.box(0, 100, y, BAR, parts.TRACK))
        if actual is not None and actual != 0:
            start, end = sorted((scale.share(Decimal(0)), scale.share(actual)))
            drawn.append(parts.box(start, end - start, y, BAR, item.tone.fill, edge=item.tone.edge))
        if target is not None:
            share = scale.share(target)
            drawn.append(parts.rule(share, y - 3, share, y + BAR + 3, "#ffffff", width=6))
            drawn.append(parts.rule(share, y - 4, share, y + BAR + 4, parts.INK, width=3))
        said = _("target %(value)s") % {"value": parts.say(target, item.places, item.unit)}
        share = scale.share(target) if target is not None else 0.0
        drawn.append(
            parts.write(
                said,
                x=parts.percent(share),
                y=y + BAR + 18,
                size=13,
                fill=parts.SOFT,
                anchor=parts.anchor_at(share),
            )
        )
        return drawn, head + BAR + 20 + GAP
