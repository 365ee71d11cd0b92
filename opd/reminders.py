"""What falls due and who is told when. Sources register; `opd.actions.reminders` does the work."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from opd.models import Government

DEFAULT_BEFORE = (14, 7, 1)
DEFAULT_ESCALATION = 3
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Owner:
    """One office, or every office of a role in a unit (or of the government)."""

    role: str = ""
    unit_id: int | None = None
    membership_id: int | None = None


@dataclass(frozen=True)
class Due:
    """Something that is not done yet. The first owner is whose move it is.

    Without `escalate_after` the day is only usual: nobody is told that it is overdue.
    """

    link_id: str
    due_on: date
    owners: tuple[Owner, ...]
    remind_before: tuple[int, ...] = DEFAULT_BEFORE
    escalate_after: int | None = DEFAULT_ESCALATION
    is_sample: bool = False
    # Who asked for it: told once when it is overdue.
    watchers: tuple[Owner, ...] = ()
    # A step of every year that nobody entered here.
    is_standing: bool = False
    # So many days after the day it still counts as on time.
    grace: int = 0


Source = Callable[["Government", date], Iterable[Due]]
_sources: dict[str, Source] = {}


def register_reminders(kind: str, due: Source) -> None:
    """`due(government, today)`: everything of this kind that is open and has a date.

    `kind` is also the kind of its links (opd.subjects). What is no longer given is settled.
    """
    _sources[kind] = due


def sources() -> dict[str, Source]:
    return dict(_sources)


LATE = "late"
# So often what stays overdue is told anew; and so old may a step of the year be that was overdue
# before the first round. Older ones are history.
LATE_EVERY = 7
STANDING_SINCE = timedelta(days=30)
# Codes of sentences; the thing itself is named by its link, under the reader's own rights.
SENTENCES: dict[str, Any] = {
    "near": _("Falls due soon"),
    "late": _("Is overdue"),
    "waiting": _("You asked for it, and it is overdue"),
    "escalated": _("Is overdue, and nothing has happened"),
    "directive.given": _("A directive for your unit"),
    "directive.unmanned": _(
        "A directive for this unit, where nobody holds an office in the portal yet"
    ),
    "directive.reported": _("The unit reports it as done: accept or return it"),
    "directive.returned": _("Returned: read why, and go on"),
    "directive.withdrawn": _("Withdrawn: nothing is left to do"),
    "directive.finished": _("Accepted as finished"),
}


def register_sentence(code: str, sentence: Any) -> None:
    """What an app of its own tells through the inbox: a lazy text without a name in it."""
    SENTENCES[code] = sentence


def stage(due: Due, today: date) -> str | None:
    """Which reminder is due by now: `30`, `14` … or `late`; None while it is too early.

    The nearest one that has come, so that a day without a server loses none.
    """
    if today > due.due_on + timedelta(days=due.grace):
        return LATE
    left = (due.due_on - today).days
    reached = [days for days in due.remind_before if left <= days]
    return str(min(reached)) if reached else None


def occasion(due: Due, stage: str, today: date) -> str:
    """What is told once: each stage, and every further week of being late."""
    weeks = ((today - due.due_on).days - 1) // LATE_EVERY if stage == LATE else 0
    return f"{stage}{weeks}" if weeks > 0 else stage


def is_history(due: Due, first_round: date) -> bool:
    """Over before the portal began; what somebody entered here is never history."""
    return due.is_standing and due.due_on < first_round - STANDING_SINCE


def is_over(due: Due, today: date) -> bool:
    """A day that is only usual has passed: nothing is told any more, what was told is settled."""
    return due.escalate_after is None and stage(due, today) == LATE


def is_escalated(due: Due, today: date) -> bool:
    if due.escalate_after is None:
        return False
    return today >= due.due_on + timedelta(days=due.escalate_after)


@dataclass(frozen=True)
class Hours:
    """When a person may be disturbed, by the clock of the government."""

    digest: int = 7
    quiet_from: int = 20
    quiet_until: int = 6

    def is_quiet(self, hour: int) -> bool:
        if self.quiet_from == self.quiet_until:
            return False
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= hour < self.quiet_until
        return hour >= self.quiet_from or hour < self.quiet_until

    def may_send(self, hour: int) -> bool:
        """The digest's hour has come and it is not quiet now."""
        return hour >= self.digest and not self.is_quiet(hour)


def out_of_quiet(moment: datetime, hours: Hours, time_zone: str) -> datetime:
    """The moment itself, or the first full hour after it that is not quiet."""
    zone = ZoneInfo(time_zone)
    if not hours.is_quiet(moment.astimezone(zone).hour):
        return moment
    later = next_hour(moment)
    while hours.is_quiet(later.astimezone(zone).hour):
        later += HOUR
    return later


def next_hour(moment: datetime) -> datetime:
    """Indonesia's zones are whole hours: a new day there begins at a full hour of UTC."""
    return moment.replace(minute=0, second=0, microsecond=0) + HOUR
