"""Public meetings, their promises, and what earlier meetings of the series left open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from opd.enums import PromiseState
from opd.models import Government, Membership, Promise, PublicMeeting
from opd.queries.directives import PublicPromise, kept_promises


def meetings(membership: Membership) -> QuerySet[PublicMeeting]:
    """Newest first, each with how many promises were made and kept."""
    rows = PublicMeeting.objects.of(membership.government_id)
    return rows.annotate(
        made=Count("promises"),
        kept=Count("promises", filter=Q(promises__state=PromiseState.KEPT)),
    ).order_by("-held_on", "-pk")


def meeting_of(membership: Membership, pk: int) -> PublicMeeting | None:
    rows = PublicMeeting.objects.of(membership.government_id).select_related("government")
    return rows.filter(pk=pk).first()


def meeting_by_public_id(government_id: int, public_id: str) -> PublicMeeting | None:
    rows = PublicMeeting.objects.of(government_id).select_related("government")
    return rows.filter(public_id=public_id).first()


def meetings_of_days(government_id: int, *, today: date, days: int = 30) -> list[PublicMeeting]:
    """Held lately: for the counter, where somebody types what was said there."""
    rows = PublicMeeting.objects.of(government_id)
    rows = rows.filter(held_on__gt=today - timedelta(days=days), held_on__lte=today)
    return list(rows.order_by("-held_on", "-pk"))


def series_names(government_id: int) -> list[str]:
    rows = PublicMeeting.objects.of(government_id).exclude(series="")
    return sorted(set(rows.values_list("series", flat=True)))


def promises_at(meeting: PublicMeeting) -> list[Promise]:
    return list(meeting.promises.select_related("unit").order_by("pk"))  # type: ignore[attr-defined]


def carried_over(meeting: PublicMeeting) -> list[Promise]:
    """Still open from earlier meetings of the same series, the oldest first: to be answered for."""
    if not meeting.series:
        return []
    rows = Promise.objects.filter(
        meeting__government=meeting.government_id,
        meeting__series=meeting.series,
        meeting__held_on__lt=meeting.held_on,
        state=PromiseState.OPEN,
    )
    return list(rows.select_related("unit", "meeting").order_by("due_on", "pk"))


@dataclass(frozen=True)
class PromiseCount:
    """How promises stand: `kept` + `broken` + `late` + `open` are all of them."""

    series: str
    kept: int
    broken: int
    late: int
    open: int

    @property
    def total(self) -> int:
        return self.kept + self.broken + self.late + self.open


def counted(series: str, rows: Sequence[PublicPromise]) -> PromiseCount:
    kept = sum(row.state == PromiseState.KEPT for row in rows)
    broken = sum(row.state == PromiseState.BROKEN for row in rows)
    late = sum(row.is_past_due for row in rows)
    return PromiseCount(series, kept, broken, late, len(rows) - kept - broken - late)


def by_series(rows: Sequence[PublicPromise]) -> list[PromiseCount]:
    """ "7 of 12 kept" for each series of meetings that promised something."""
    names = sorted({row.series for row in rows} - {""})
    return [counted(name, [row for row in rows if row.series == name]) for name in names]


def public_promises(
    meeting: PublicMeeting, government: Government, *, today: date
) -> tuple[list[PublicPromise], list[PublicPromise]]:
    """For everybody: made at this meeting; of earlier ones of the series what is still open."""
    here = kept_promises(government, today, meetings=[meeting.pk])
    if not meeting.series:
        return here, []
    earlier = PublicMeeting.objects.of(government.pk).filter(
        series=meeting.series, held_on__lt=meeting.held_on
    )
    keys = list(earlier.values_list("pk", flat=True))
    rows = kept_promises(government, today, meetings=keys) if keys else []
    return here, [row for row in rows if row.state == PromiseState.OPEN]
