"""Which sheet of a file is read for whom."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from assessments.enums import Assessor
from assessments.excel.cells import plain
from assessments.excel.columns import Columns, find_columns, side_named
from assessments.excel.grid import Book, BookRefused, Grid

Known = tuple[Grid, Columns]


@dataclass(frozen=True)
class Sheets:
    """`wanted`: to be tried in this order; `titles`: of every work-sheet in the file."""

    wanted: list[Known]
    titles: list[str]


def sheets_to_read(book: Book, *, sheet: str, side: str) -> Sheets:
    """Raises BookRefused with a sentence that says what to do."""
    known = [(grid, found) for grid in book.grids if (found := find_columns(grid, side))]
    if not known:
        raise BookRefused(
            _(
                "No sheet has the columns of the work-sheet. The heading needs at least "
                "“Penilaian” and “Jawaban”."
            )
        )
    titles = [grid.title for grid, _columns in known]
    wanted = list(_named(known, sheet) if sheet else _in_order(known, side))
    if not wanted:
        names = ", ".join(f"“{title}”" for title in titles)
        raise BookRefused(
            _("There is no work-sheet named “%(sheet)s”. In the file are: %(names)s.")
            % {"sheet": sheet, "names": names}
        )
    own = [(grid, columns) for grid, columns in wanted if not columns.is_anothers]
    if not sheet:
        own = [pair for pair in own if not _is_anothers(pair, side)]
    if not own:
        raise BookRefused(
            _(
                "The file has answers of others, but no sheet and no column of the %(side)s. Name "
                "the column “Jawaban %(side)s”, or download the work-sheet here and fill the sheet "
                "“%(side)s”."
            )
            % {"side": side.upper()}
        )
    return Sheets(own, titles)


def _named(known: list[Known], sheet: str) -> Iterator[Known]:
    return (pair for pair in known if plain(pair[0].title) == plain(sheet))


def _in_order(known: list[Known], side: str) -> list[Known]:
    """Those of the assessor, or of nobody, that one sees; others only when there are none."""

    def whose(pair: Known) -> int:
        grid, columns = pair
        name = side_named(grid.title)
        return 0 if columns.own or name == side else 1 if not name else 2

    seen = [pair for pair in known if not pair[0].is_hidden] or known
    return sorted([p for p in seen if whose(p) < 2] or seen, key=whose)


def _is_anothers(pair: Known, side: str) -> bool:
    """The unit's sheet is never read as an assessor's by mistake."""
    grid, columns = pair
    whose = side_named(grid.title)
    return side != Assessor.UNIT and not columns.own and whose not in ("", side)
