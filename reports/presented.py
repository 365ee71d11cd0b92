"""Figures as rows of text for templates: screen and paper print the same words."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

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
class ItemRow:
    unit: str
    title: str
    due_on: date
    move: str
    days: int


def unit_rows(figures: Figures) -> list[UnitRow]:
    return [
        UnitRow(
            unit,
            wording.tone_of(unit).value,
            wording.word_of(unit),
            wording.stage_of(unit),
            wording.reason(unit),
            wording.whose_move(unit),
        )
        for unit in figures.units
    ]


def item_rows(items: list[Item], today: date) -> list[ItemRow]:
    """`days` past the day, negative for what is still to come."""
    return [
        ItemRow(
            item.unit,
            item.title,
            item.due_on,
            wording.move_of(item.move),
            (today - item.due_on).days,
        )
        for item in items
    ]
