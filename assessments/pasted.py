"""Rows that people paste from a spreadsheet or type with semicolons. Pure: no ORM, no clock."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from assessments.enums import AreaOfChange, Presence
from integrity_portal.core.parsing import NotUnderstood, clean_text, parse_date

_AREA = re.compile(r"(?:(?:area|pokja)\s*)?([1-6])(?:[.)\s].*)?\Z", re.IGNORECASE | re.DOTALL)
_ABSENT = re.compile(r"(?:diwakili|represented)\s*(?:oleh|by)?\s*:?\s*(.*)\Z", re.IGNORECASE)
NUMBER_LIMIT, TEXT_LIMIT, TITLE_LIMIT = 20, 3000, 150


class NotARow(ValueError):
    """The sentence for the person is the message."""


@dataclass(frozen=True)
class PastedRow:
    """`raw` is the row as it was pasted, so that nothing is lost when it is refused."""

    raw: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class AttendeeLine:
    name: str
    title: str
    presence: str = Presence.ATTENDED
    represented_by: str = ""


@dataclass(frozen=True)
class RecommendationLine:
    number: str
    area: str
    text: str
    responsible: str
    due_on: date


def rows_of(text: str) -> list[PastedRow]:
    """Cells between tabs where there are any, else between semicolons; quotes as spreadsheets do."""
    mark = "\t" if "\t" in text else ";"
    source = text.replace("\r\n", "\n").replace("\r", "\n")
    found = []
    for cells in csv.reader(io.StringIO(source, newline=""), delimiter=mark, skipinitialspace=True):
        clean = tuple(clean_text(cell, lines=True) for cell in cells)
        if any(clean):
            found.append(PastedRow(_written(cells, mark), clean))
    return found


def _written(cells: list[str], mark: str) -> str:
    """As it can be pasted again: quoted wherever either mark could part it anew."""
    return mark.join(_quoted(cell) for cell in cells)


def _quoted(cell: str) -> str:
    if not cell or (cell == cell.strip() and not any(sign in cell for sign in ';\t"\n')):
        return cell
    return '"' + cell.replace('"', '""') + '"'


def attendee(cells: tuple[str, ...]) -> AttendeeLine:
    """`Name; title` or `Name; title; represented by somebody`. Raises NotARow."""
    if len(cells) not in (2, 3) or not all(cells[:2]):
        raise NotARow(_("write name and office with a semicolon between them"))
    name, title, said = (*cells, "")[:3]
    if len(name) > TITLE_LIMIT or len(title) > TITLE_LIMIT:
        raise NotARow(_("name and office may have at most 150 characters each"))
    if said.casefold() in ("", "hadir", "attended"):
        return AttendeeLine(name, title)
    match = _ABSENT.match(said)
    if match is None or not match[1] or len(match[1]) > TITLE_LIMIT:
        raise NotARow(_("after the second semicolon write “diwakili” and the name of who came"))
    return AttendeeLine(name, title, Presence.REPRESENTED, match[1])


def as_typed(line: AttendeeLine) -> str:
    """How a person would have typed it: what the form shows when it is opened again."""
    parts = [line.name, line.title]
    if line.presence == Presence.REPRESENTED:
        parts.append(f"diwakili {line.represented_by}")
    return "; ".join(_written([part], ";") for part in parts)


def recommendation(cells: tuple[str, ...]) -> RecommendationLine:
    """Number, area, text, responsible, due date. Raises NotARow with what is wrong first."""
    if len(cells) != 5:
        raise NotARow(
            _("%(count)d columns instead of 5: number, area, recommendation, responsible, due date")
            % {"count": len(cells)}
        )
    number, area, text, responsible, due_on = cells
    if not number or len(number) > NUMBER_LIMIT:
        raise NotARow(_("the first column needs the number, at most 20 characters"))
    if not text or len(text) > TEXT_LIMIT:
        raise NotARow(_("the third column needs the recommendation, at most 3.000 characters"))
    if len(responsible) > TITLE_LIMIT:
        raise NotARow(_("the fourth column, responsible, may have at most 150 characters"))
    return RecommendationLine(number, area_code(area), text, responsible, _day(due_on))


def area_code(said: str) -> str:
    """`3`, `3.`, `Pokja 3` or the official name. Raises NotARow."""
    match = _AREA.match(said)
    if match:
        return match[1]
    names = {area.label.casefold(): area.value for area in AreaOfChange}
    code = names.get(said.casefold())
    if code is None:
        raise NotARow(_("the second column needs the area of change: 1 to 6, or its name"))
    return code


def _day(said: str) -> date:
    try:
        day = parse_date(said)
    except NotUnderstood:
        raise NotARow(
            _("the fifth column needs the due date, for example 30 September 2027")
        ) from None
    if not date(2010, 1, 1) <= day <= date(2100, 12, 31):
        raise NotARow(_("the due date must lie between 2010 and 2100"))
    return day
