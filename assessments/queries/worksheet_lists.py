"""Lists of work-sheets: totals, what nobody has reviewed yet, what is asked of the unit again."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from assessments.enums import OPEN_MARKS, ItemMark, WorksheetState
from assessments.models import Worksheet, WorksheetItem, WorksheetScore
from assessments.queries.worksheet_changes import touched_since_approval
from assessments.queries.worksheet_pages import scores
from assessments.queries.worksheets import needed_answers
from assessments.review_tiers import tier_named
from opd.models import Membership


@dataclass(frozen=True)
class Totals:
    """What each assessor gives, as far as this person reads it; `best`: the latest that is whole,
    so that a score that is still being given decides nothing. `needed`: answers of a whole one."""

    unit: WorksheetScore | None = None
    tpi: WorksheetScore | None = None
    tpn: WorksheetScore | None = None
    needed: int = 0

    @property
    def best(self) -> WorksheetScore | None:
        whole = (row for row in (self.tpn, self.tpi) if row and row.answered >= self.needed)
        return next(whole, self.unit)


def totals_of(sheet: Worksheet, membership: Membership) -> Totals:
    needed = needed_answers(sheet.instrument.instrument)
    return Totals(needed=needed, **scores(sheet, membership))


@dataclass(frozen=True)
class ListRow:
    """A sheet with its totals, what nobody has reviewed yet, and what is asked of the unit again."""

    sheet: Worksheet
    totals: Totals
    carried: int
    returned: int
    touched: int

    @property
    def tier(self) -> str:
        """With which tier of the TPI it lies; empty elsewhere."""
        found = tier_named(self.sheet.tier)
        return str(found.name) if found else ""


@dataclass(frozen=True)
class StateCount:
    state: str
    label: str
    count: int


def states_of(rows: Iterable[ListRow]) -> list[StateCount]:
    """How many sheets are in which state, in the order of their way."""
    counts = Counter(row.sheet.state for row in rows)
    return [
        StateCount(state.value, str(state.label), counts[state])
        for state in WorksheetState
        if counts[state]
    ]


def worksheet_list(membership: Membership, year: int | None) -> list[ListRow]:
    """Sheets with the totals of all assessors, in four queries."""
    found = Worksheet.objects.visible_to(membership).current()
    if year is not None:
        found = found.filter(year=year)
    rows = found.with_names().prefetch_related("scores")
    sheets = list(rows.order_by("-year", "zone__unit__name", "pk"))
    marks, touched = _marks(sheets), touched_since_approval(sheets)
    return [
        ListRow(
            sheet,
            totals_of(sheet, membership),
            marks[sheet.pk, ItemMark.CARRIED],
            sum(marks[sheet.pk, mark] for mark in OPEN_MARKS),
            touched.get(sheet.pk, 0),
        )
        for sheet in sheets
    ]


def _marks(sheets: Iterable[Worksheet]) -> Counter[tuple[int, str]]:
    rows = WorksheetItem.objects.filter(worksheet__in=[row.pk for row in sheets])
    marked = rows.exclude(mark=ItemMark.NONE).order_by().values_list("worksheet", "mark")
    counts = marked.annotate(count=Count("pk"))
    return Counter({(sheet, mark): count for sheet, mark, count in counts})


def years_of(membership: Membership) -> list[int]:
    rows = Worksheet.objects.visible_to(membership).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())
