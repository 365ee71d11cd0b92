"""From a file's bytes to rows and faults. Pure: nothing is looked up, nothing is written."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from complaints import categories
from complaints.enums import ComplaintKind
from complaints.lapor.terms import System, Terms
from complaints.lapor.values import moment
from complaints.lapor.words import plain, tracking_id
from integrity_portal.core.parsing import NotUnderstood, clean_text
from integrity_portal.core.spreadsheets import MAX_BYTES, MEGABYTE, BookRefused, plain_rows
from opd import unit_csv

MOST_ROWS = 2_000
MOST_COLUMNS = 60
# The headings stand in one of the first rows; titles may stand above them.
HEADINGS_BY = 15
LENGTHS = {"story": 20_000, "answer": 10_000, "where": 300, "when": 200, "title": 200}


@dataclass(frozen=True)
class Fault:
    """Why a row is left out; `found` is never a text of the citizen."""

    row: int
    column: str
    sentence: str
    found: str = ""


@dataclass
class Row:
    number: int
    tracking_id: str
    kind: str = ComplaintKind.COMPLAINT
    story: str = ""
    where_text: str = ""
    when_text: str = ""
    status: str = ""
    unit: str = ""
    category: str = ""
    is_anonymous: bool = False
    is_secret: bool = False
    filed_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str = ""
    link: str = ""
    faults: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Reading:
    sheet: str
    rows: tuple[Row, ...]
    # Columns that were found, and headings that were not.
    columns: tuple[str, ...]
    left_out: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Where:
    """From which system, in whose time, on which day it is read."""

    system: System
    zone: str
    today: date


@dataclass(frozen=True)
class _Table:
    title: str
    heading: int
    columns: dict[int, str]
    left_out: tuple[str, ...]
    unknown: tuple[str, ...]
    body: list[tuple[int, tuple[Any, ...]]]


def read_export(data: bytes, terms: Terms, *, system: System, zone: str, today: date) -> Reading:
    """Raises BookRefused with a sentence that says what to do."""
    table = _table_of(data, terms)
    rows = tuple(_read(table, terms, Where(system, zone, today)))
    if not rows:
        raise BookRefused(_("The file has a heading but no rows below it."))
    _refuse_twice(rows)
    found = tuple(
        str(column.text) for column in terms.columns if column.code in table.columns.values()
    )
    return Reading(table.title, rows, found, table.left_out, table.unknown)


def _table_of(data: bytes, terms: Terms) -> _Table:
    for title, rows in _grids(data, terms):
        for place, (number, cells) in enumerate(rows[:HEADINGS_BY]):
            named = {n: plain(cell) for n, cell in enumerate(cells) if cell not in (None, "")}
            found = {n: terms.headings[name] for n, name in named.items() if name in terms.headings}
            if "tracking_id" in found.values() and len(set(found.values())) > 1:
                return _headed(title, number, cells, found, rows[place + 1 :], terms)
    raise BookRefused(
        _(
            "No row of headings was found. One row must hold the headings of the export, among them "
            "“Tracking ID” and “Isi laporan”. Compare it with the template."
        )
    )


def _headed(
    title: str,
    number: int,
    cells: tuple[Any, ...],
    found: dict[int, str],
    body: list[tuple[int, tuple[Any, ...]]],
    terms: Terms,
) -> _Table:
    columns: dict[int, str] = {}
    for place, code in found.items():
        # Of two columns for the same the first counts.
        if code not in columns.values():
            columns[place] = code
    rest = [
        clean_text(str(cell), lines=False)[:60]
        for place, cell in enumerate(cells)
        if place not in columns and cell not in (None, "")
    ]
    left_out = tuple(cell for cell in rest if plain(cell) in terms.left_out)
    unknown = tuple(cell for cell in rest if plain(cell) not in terms.left_out)
    return _Table(title, number, columns, left_out, unknown, body)


def _grids(data: bytes, terms: Terms) -> list[tuple[str, list[tuple[int, tuple[Any, ...]]]]]:
    if len(data) > MAX_BYTES:
        raise BookRefused(
            _("The file is larger than %(limit)d MB. Keep only the table in it.")
            % {"limit": MAX_BYTES // MEGABYTE}
        )
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"%PDF")):
        return plain_rows(data, rows=MOST_ROWS + HEADINGS_BY, columns=MOST_COLUMNS)
    try:
        records = unit_csv.records_of(
            unit_csv.decode(data), terms.headings, most=MOST_ROWS + HEADINGS_BY, lines=True
        )
    except unit_csv.SheetRefused as error:
        raise BookRefused(str(error)) from error
    if len(records) > MOST_ROWS + HEADINGS_BY:
        raise BookRefused(
            _("The file has more than %(limit)d rows. Send it in parts, for instance by month.")
            % {"limit": MOST_ROWS}
        )
    return [("CSV", [(number, tuple(cells)) for number, cells in records])]


def _refuse_twice(rows: tuple[Row, ...]) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if row.tracking_id in seen:
            said = _("This number stands in row %(row)d already. Keep one of the two rows.")
            row.faults.append(
                Fault(
                    row.number,
                    "tracking_id",
                    said % {"row": seen[row.tracking_id]},
                    row.tracking_id,
                )
            )
        elif row.tracking_id:
            seen[row.tracking_id] = row.number


# --- one row ---


def _read(table: _Table, terms: Terms, where: Where) -> Iterator[Row]:
    for number, cells in table.body:
        values = {code: cells[place] for place, code in table.columns.items() if place < len(cells)}
        if any(value not in (None, "") for value in values.values()):
            yield _Reader(number, values, terms, where).row()


class _Reader:
    def __init__(self, number: int, values: dict[str, Any], terms: Terms, where: Where) -> None:
        self.values, self.terms, self.where = values, terms, where
        self.made = Row(number, tracking_id(self._text("tracking_id")))

    def row(self) -> Row:
        made = self.made
        self._number()
        self._kind()
        self._privacy()
        made.where_text = self._text("where", cut=True)
        made.when_text = self._text("when", cut=True)
        made.status = self._text("status")[:60]
        made.unit = self._text("unit")[:200]
        made.category = categories.current().called(self._text("category"))
        made.answer = self._text("answer", lines=True, cut=True)
        made.filed_at = self._moment("filed")
        made.answered_at = self._moment("answered")
        if made.filed_at and made.answered_at and made.answered_at < made.filed_at:
            # An export that tells days alone: both are noon of the same day at the least.
            same = made.answered_at.date() == made.filed_at.date()
            made.answered_at = made.filed_at if same else None
            if not same:
                made.remarks.append(_("Its end lies before its filing and is not taken over."))
        if made.filed_at is None and not made.faults:
            self._fault("filed", _("The day of filing is missing."))
        self._story()
        self._link()
        return made

    def _number(self) -> None:
        if not self.made.tracking_id:
            self._fault("tracking_id", _("The tracking number is missing."))
        elif len(self.made.tracking_id) > 40:
            self._fault("tracking_id", _("The tracking number has more than 40 characters."))

    def _kind(self) -> None:
        said = plain(self._text("kind"))
        if said in self.terms.kinds:
            self.made.kind = self.terms.kinds[said]
        elif said:
            self.made.remarks.append(_("Its kind is unknown here; it is taken as a complaint."))

    def _privacy(self) -> None:
        """What cannot be read is taken as anonymous and secret: never less guarded than there."""
        both = plain(self._text("privacy"))
        anonymous, secret = self._said("anonymous"), self._said("secret")
        self.made.is_anonymous = anonymous or "anonim" in both
        self.made.is_secret = secret or "rahasia" in both

    def _said(self, code: str) -> bool:
        value = self.values.get(code)
        said = plain("" if value is None else str(value))
        if said in self.terms.yes:
            return True
        if said in self.terms.no:
            return False
        self.made.remarks.append(_("It is unclear whether it is secret; it is taken as secret."))
        return True

    def _story(self) -> None:
        made = self.made
        title = self._text("title", cut=True)
        story = self._text("story", lines=True, cut=True)
        if title and title.casefold() not in story.casefold():
            story = f"{title}\n\n{story}".strip()
        if not story and made.is_secret:
            story = _("(The text is kept secret in the other system.)")
        if not story:
            self._fault("story", _("There is no text: tell what it is about."))
        made.story = story[: LENGTHS["story"]]

    def _link(self) -> None:
        link = self._text("link")
        if link and len(link) <= 300 and self.where.system.accepts(link):
            self.made.link = link

    def _moment(self, code: str) -> datetime | None:
        value = self.values.get(code)
        if value in (None, "") or (isinstance(value, str) and plain(value) in ("", "-")):
            return None
        try:
            found = moment(value, self.where.zone)
        except NotUnderstood:
            self._fault(
                code,
                _("Write the day as 21/11/2026, 21 November 2026 or 2026-11-21."),
                str(value)[:40],
            )
            return None
        if found.date() > self.where.today:
            self._fault(code, _("This day has not come yet."), str(value)[:40])
            return None
        return found

    def _text(self, code: str, *, lines: bool = False, cut: bool = False) -> str:
        value = self.values.get(code)
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = clean_text(str(value), lines=lines)
        return text[: LENGTHS[code]] if cut else text

    def _fault(self, column: str, sentence: str, found: str = "") -> None:
        self.made.faults.append(Fault(self.made.number, column, sentence, found))
