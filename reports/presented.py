"""Figures as rows of text for templates: screen and paper print the same words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from reports import wording
from reports.figures import Figures, Item, UnitFigures


@dataclass(frozen=True)
class UnitRow:
    unit: UnitFigures
    tone: str
    word: str
    stage: str
    reason: str
    move: str

    @property
    def percent(self) -> Decimal | None:
        return self.unit.percent


@dataclass(frozen=True)
class ComplaintRow:
    name: str
    late: int
    open: int


@dataclass(frozen=True)
class ItemRow:
    unit: str
    title: str
    due_on: date
    move: str
    days: int
    activity_id: int | None = None


def unit_rows(figures: Figures, limit: int | None = None) -> list[UnitRow]:
    """The worst first, all of them or so many."""
    return [
        UnitRow(
            unit,
            wording.tone_of(unit).value,
            wording.word_of(unit),
            wording.stage_of(unit),
            wording.reason(unit),
            wording.whose_move(unit),
        )
        for unit in figures.units[:limit]
    ]


def _marked(name: str, is_sample: bool) -> str:
    return f"{name} ({_('sample')})" if is_sample else name


def complaint_rows(figures: Figures, limit: int | None = None) -> list[ComplaintRow]:
    """Most overdue first; what stands beyond `limit` in one row, then what no unit has yet."""
    units = sorted(
        (unit for unit in figures.units if unit.complaints_open),
        key=lambda unit: (-unit.complaints_late, -unit.complaints_open, unit.name),
    )
    rows = [
        ComplaintRow(_marked(unit.name, unit.is_sample), unit.complaints_late, unit.complaints_open)
        for unit in units[:limit]
    ]
    rest = units[len(rows) :]
    if rest:
        late, open_ = (
            sum(unit.complaints_late for unit in rest),
            sum(unit.complaints_open for unit in rest),
        )
        rows.append(ComplaintRow(_("Other units (%(count)d)") % {"count": len(rest)}, late, open_))
    if figures.complaints_open_at_coordinator:
        rows.append(
            ComplaintRow(
                _marked(_("Not passed on to a unit yet"), not figures.has_real_complaints),
                figures.complaints_at_coordinator,
                figures.complaints_open_at_coordinator,
            )
        )
    return rows


def item_rows(items: list[Item], today: date) -> list[ItemRow]:
    """`days` past the day, negative for what is still to come."""
    return [
        ItemRow(
            item.unit,
            item.title,
            item.due_on,
            wording.move_of(item.move),
            (today - item.due_on).days,
            item.activity_id,
        )
        for item in items
    ]
