"""The ZI year of a government: the steps with their dates as they hold now, and their history."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

from opd.enums import Confidence, Role
from opd.models import (
    CalendarDate,
    CalendarMark,
    Government,
    Membership,
    OwnDate,
    ReminderClock,
    Unit,
)
from opd.queries.calendar import days_off
from opd.reminders import STANDING_SINCE
from opd.working_days import is_working_day, last_working_day
from opd.year_calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    OWN_ESCALATE_AFTER,
    OWN_REMIND_BEFORE,
    CalendarStep,
    Count,
    Memo,
    calendar_of,
    checked,
    concerned_units,
    counted,
    has_check,
)

Row = TypeVar("Row", CalendarDate, CalendarMark)
NEAR = timedelta(days=30)
UNIT_TASKS = frozenset({Role.OPD_HEAD, Role.OPD_OPERATOR})


@dataclass(frozen=True)
class Entry:
    """One date of the year. `usual_on` is what the data or the first record says."""

    key: str
    year: int
    label: str
    starts_on: date | None
    due_on: date
    usual_on: date
    roles: tuple[str, ...]
    source: str
    confidence: Confidence | None
    remind_before: tuple[int, ...]
    escalate_after: int | None
    # Every move and every tick, oldest first; the last one holds.
    moves: tuple[CalendarDate, ...] = ()
    marks: tuple[CalendarMark, ...] = ()
    own: OwnDate | None = None
    # By an app's own check, not by a tick.
    checked_on: date | None = None
    # Then a tick counts nothing.
    has_check: bool = False
    # Of how many units the portal itself sees it; whoever ticks before all have it says why.
    count: Count | None = None
    grace: int = 0
    # A task of units, and no unit of the government has it.
    is_nobodys: bool = False
    # Over before anything was recorded here: nobody knows, nobody says that it is late.
    is_history: bool = False

    @property
    def moved(self) -> CalendarDate | None:
        return self.moves[-1] if self.moves else None

    @property
    def mark(self) -> CalendarMark | None:
        return self.marks[-1] if self.marks else None

    @property
    def history(self) -> list[CalendarDate | CalendarMark]:
        """Moves and ticks, newest first."""
        rows: list[CalendarDate | CalendarMark] = [*self.moves, *self.marks]
        return sorted(rows, key=lambda row: (row.recorded_at, row.pk), reverse=True)

    @property
    def link_id(self) -> str:
        return f"{self.year}.{self.key}"

    @property
    def is_done(self) -> bool:
        if self.has_check:
            return self.checked_on is not None
        if self.is_seen:
            return True
        return bool(self.mark and self.mark.is_done)

    @property
    def is_seen(self) -> bool:
        """The portal itself sees that it is done."""
        return self.checked_on is not None or bool(self.count and self.count.is_complete)

    @property
    def lacks_some(self) -> bool:
        """The portal counts, and not every unit has it: a tick by hand needs its reason."""
        return self.count is not None and not self.count.is_complete

    @property
    def is_by_hand(self) -> bool:
        """A task of every unit that the portal cannot count: the secretariat's word for it."""
        return self.count is None and not self.has_check and _is_of_units(self)

    @property
    def is_task(self) -> bool:
        """Somebody in the government has to do it."""
        return bool(self.roles)

    @property
    def is_window(self) -> bool:
        return self.starts_on is not None

    @property
    def was_moved(self) -> bool:
        return self.moved is not None

    @property
    def is_sample(self) -> bool:
        return any(row.is_sample for row in (self.moved, self.mark, self.own) if row)

    def is_late(self, today: date) -> bool:
        """Steps of the ministry, and what nobody has to do, do not become late: they are over."""
        is_deadline = self.is_task and self.escalate_after is not None and not self.is_nobodys
        is_open = not self.is_done and not self.is_history
        return is_deadline and is_open and self._last_day < today

    def is_near(self, today: date) -> bool:
        if self.is_done or (self.is_history and self.due_on < today):
            return False
        return today <= self._last_day and self.due_on <= today + NEAR

    @property
    def _last_day(self) -> date:
        """The last day on which it counts as on time."""
        return self.due_on + timedelta(days=self.grace)


def entries(government: Government, year: int) -> list[Entry]:
    """Every date of the year, in order: five queries and one per check."""
    clock = ReminderClock.objects.filter(government=government).first()
    of_year = {"government": government, "year": year}
    moved = CalendarDate.objects.filter(**of_year).select_related("recorded_by")
    ticked = CalendarMark.objects.filter(**of_year).select_related("recorded_by")
    moves, marks = _by_key(moved.order_by("pk")), _by_key(ticked.order_by("pk"))
    own = OwnDate.objects.filter(government=government, year=year, dropped_at=None)
    memo: Memo = {}
    steps = calendar_of(year).steps
    found = [_of_step(step, government, year, moves, marks, memo) for step in steps]
    nobody = not concerned_units(government.pk)
    found = [replace(row, is_nobodys=nobody) if row.is_by_hand else row for row in found]
    if clock is not None:
        found = [
            replace(entry, is_history=entry.moved is None and is_before(entry.due_on, clock))
            for entry in found
        ]
    found += [_of_own(row, moves, marks) for row in own.order_by("pk")]
    return sorted(found, key=lambda entry: (entry.due_on, entry.key))


def _by_key(rows: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.key].append(row)
    return {key: tuple(of_key) for key, of_key in found.items()}


def _is_of_units(entry: Entry) -> bool:
    return entry.is_task and UNIT_TASKS.issuperset(entry.roles)


def is_before(day: date, clock: ReminderClock) -> bool:
    return day < clock.started_on - STANDING_SINCE


def _of_step(
    step: CalendarStep,
    government: Government,
    year: int,
    moves: dict[str, tuple[CalendarDate, ...]],
    marks: dict[str, tuple[CalendarMark, ...]],
    memo: Memo,
) -> Entry:
    moved = moves.get(step.key, ())
    row = moved[-1] if moved else None
    due_on = row.due_on if row else step.due_in(year)
    count = counted(step, government.pk, year, due_on, memo)
    return Entry(
        key=step.key,
        year=year,
        label=str(step.name),
        starts_on=row.starts_on if row else step.starts_in(year),
        due_on=due_on,
        usual_on=step.due_in(year),
        roles=step.roles,
        source=step.source,
        confidence=step.confidence,
        remind_before=step.remind_before,
        escalate_after=_escalate_after(step, row),
        moves=moved,
        marks=marks.get(step.key, ()),
        checked_on=checked(step, government.pk, year) if step.check else None,
        has_check=has_check(step),
        count=count,
        grace=step.grace,
        is_nobodys=count is not None and count.total == 0,
    )


def _escalate_after(step: CalendarStep, row: CalendarDate | None) -> int | None:
    """What is only usual becomes a deadline when the government itself set the day."""
    if step.escalate_after is None and row is not None and step.roles:
        return OWN_ESCALATE_AFTER
    return step.escalate_after


def _of_own(
    row: OwnDate,
    moves: dict[str, tuple[CalendarDate, ...]],
    marks: dict[str, tuple[CalendarMark, ...]],
) -> Entry:
    moved = moves.get(row.key, ())
    now = moved[-1] if moved else None
    return Entry(
        key=row.key,
        year=row.year,
        label=row.title,
        starts_on=now.starts_on if now else row.starts_on,
        due_on=now.due_on if now else row.due_on,
        usual_on=row.due_on,
        roles=(row.role,),
        source=str(_("Own date of the government")),
        confidence=None,
        remind_before=OWN_REMIND_BEFORE,
        escalate_after=OWN_ESCALATE_AFTER,
        moves=moved,
        marks=marks.get(row.key, ()),
        own=row,
    )


def moved_day(government_id: int, year: int, key: str) -> date | None:
    """The last day of a step that this government moved; None while the usual day holds."""
    rows = CalendarDate.objects.filter(government=government_id, year=year, key=key)
    return rows.order_by("-pk").values_list("due_on", flat=True).first()


def moved_days(government_id: int, years: Iterable[int], key: str) -> dict[int, date]:
    """The same for several years, in one query; years whose usual day holds are left out."""
    rows = CalendarDate.objects.filter(government=government_id, year__in=list(years), key=key)
    return dict(rows.order_by("pk").values_list("year", "due_on"))


def entry_of(government: Government, year: int, key: str) -> Entry | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return next((row for row in entries(government, year) if row.key == key), None)


@dataclass(frozen=True)
class Shown:
    """An entry as the page of the year shows it."""

    entry: Entry
    word: str
    tone: str
    whose: list[str]
    # The last working day before a deadline on which no office is open.
    work_by: date | None


@dataclass(frozen=True)
class Month:
    first: date
    rows: list[Shown] = field(default_factory=list)


def by_month(government: Government, year: int, today: date) -> list[Month]:
    """The twelve months with what falls due in each; what moved out of the year stands at its end."""
    found = entries(government, year)
    off = _off(government, [entry.due_on for entry in found])
    months: dict[date, list[Shown]] = {date(year, number, 1): [] for number in range(1, 13)}
    for entry in found:
        months.setdefault(entry.due_on.replace(day=1), []).append(
            shown(entry, government, today, off)
        )
    return [Month(first, months[first]) for first in sorted(months)]


def shown(entry: Entry, government: Government, today: date, off: frozenset[date]) -> Shown:
    word, tone = _state(entry, today)
    open_day = is_working_day(entry.due_on, off)
    return Shown(
        entry,
        str(word),
        tone,
        [Role(role).label_in(government.kind) for role in entry.roles],
        None if open_day else last_working_day(entry.due_on, off),
    )


def shown_entry(entry: Entry, government: Government, today: date) -> Shown:
    return shown(entry, government, today, _off(government, [entry.due_on]))


def units_lacking(entry: Entry, membership: Membership) -> list[Unit]:
    """Units that still owe the step, as far as this person reads units."""
    if entry.count is None or not entry.count.missing:
        return []
    rows = Unit.objects.visible_to(membership).filter(pk__in=entry.count.missing)
    return list(rows.order_by("name", "pk"))


def _off(government: Government, days: list[date]) -> frozenset[date]:
    if not days:
        return frozenset()
    return days_off(
        government.pk, since=min(days) - timedelta(days=30), until=max(days) + timedelta(days=1)
    )


def _state(entry: Entry, today: date) -> tuple[Any, str]:
    if entry.is_done:
        return _("Done"), "good"
    if entry.is_late(today):
        return _("Overdue"), "bad"
    if entry.due_on < today:
        return _("Over"), "info"
    if entry.is_near(today):
        return _("Near"), "warn"
    return "", "info"


def near_and_late(months: list[Month], today: date) -> list[Shown]:
    """What stands on top of the page: overdue first, then the next thirty days."""
    rows = [row for month in months for row in month.rows]
    return [row for row in rows if row.entry.is_late(today)] + [
        row for row in rows if row.entry.is_near(today)
    ]


def own_date_of(government: Government, key: str) -> OwnDate | None:
    number = key.removeprefix("own-")
    if not key.startswith("own-") or not number.isdigit() or len(number) > 18:
        return None
    return OwnDate.objects.filter(government=government, pk=int(number), dropped_at=None).first()
