"""Reads of services: a unit's, one with everything, the government's. Constant in queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from opd.enums import ServiceChannel, ServiceLineKind
from opd.models import ChannelMove, Membership, Service, ServiceVolume, Unit
from opd.service_share import (
    Comparison,
    Move,
    Share,
    Volume,
    compare,
    latest_months,
    months_between,
    share_of,
)
from opd.subjects import Subject, numbers


def as_move(row: ChannelMove) -> Move:
    return Move(row.from_channel, row.to_channel, row.moved, row.by_then)


@dataclass(frozen=True)
class ServiceRow:
    """One service with its share of the last twelve whole months."""

    service: Service
    share: Share
    moved: ChannelMove | None


@dataclass(frozen=True)
class UnitRow:
    """The services of one unit, added up; `online` counts those that are online today.

    `share` has the months of `ended` services up to their end too.
    """

    unit: Unit
    rows: list[ServiceRow]
    share: Share
    ended: int = 0

    @property
    def online(self) -> int:
        return sum(row.service.channel == ServiceChannel.ONLINE for row in self.rows)

    @property
    def hybrid(self) -> int:
        return sum(row.service.channel == ServiceChannel.HYBRID for row in self.rows)

    @property
    def with_numbers(self) -> int:
        return sum(bool(row.share.months) for row in self.rows)

    @property
    def is_sample(self) -> bool:
        return any(row.service.is_sample for row in self.rows)


@dataclass(frozen=True)
class Overview:
    """Shown are the services of today; `share` has those that `ended` since, up to their end."""

    units: list[UnitRow]
    share: Share
    months: list[date] = field(default_factory=list)
    ended: int = 0

    @property
    def services(self) -> list[ServiceRow]:
        return [row for unit in self.units for row in unit.rows]

    def count(self, channel: str) -> int:
        return sum(row.service.channel == channel for row in self.services)


def offered_on(day: date) -> Q:
    return Q(ended_on=None) | Q(ended_on__gte=day)


def overview(membership: Membership, *, today: date) -> Overview:
    """All services that the person sees, by unit; three queries however many there are."""
    units = Unit.objects.visible_to(membership)
    return _overview(Service.objects.filter(unit__in=units), today)


def government_overview(government_id: int, *, today: date) -> Overview:
    """The same of a whole government, for figures."""
    return _overview(Service.objects.filter(government_id=government_id), today)


def unit_services(unit: Unit, *, today: date) -> UnitRow:
    """A closed unit keeps what nobody has ended or taken over."""
    found = _overview(Service.objects.filter(unit=unit), today, of_one_unit=True)
    return next(iter(found.units), UnitRow(unit, [], found.share, found.ended))


def _end_of(service: Service, of_one_unit: bool) -> date | None:
    """The last day on which it was offered: its own, or that of its unit."""
    days = [service.ended_on, None if of_one_unit else service.unit.active_to]
    return min((day for day in days if day is not None), default=None)


def _overview(services: "QuerySet[Service]", today: date, *, of_one_unit: bool = False) -> Overview:
    """Of one unit whatever its own days are; else units that have begun, up to their last day."""
    months = latest_months(today)
    if not of_one_unit:
        services = services.filter(Q(unit__active_from=None) | Q(unit__active_from__lte=today))
    rows = list(
        services.filter(offered_on(months[0]))
        .select_related("unit")
        .prefetch_related(Prefetch("moves", ChannelMove.objects.standing(), to_attr="standing"))
        .order_by("unit__name", "unit_id", "name", "pk")
    )
    volumes = _volumes([row.pk for row in rows], months[0], months[-1])
    by_unit: dict[int, list[ServiceRow]] = defaultdict(list)
    former: dict[int, list[Share]] = defaultdict(list)
    for row in rows:
        standing: list[ChannelMove] = row.standing  # type: ignore[attr-defined]
        moves = [as_move(move) for move in standing]
        end = _end_of(row, of_one_unit)
        counted = [month for month in months if end is None or month <= end]
        share = share_of(volumes[row.pk], counted, moves, row.channel)
        if end is not None and end < today:
            former[row.unit_id].append(share)
        else:
            by_unit[row.unit_id].append(ServiceRow(row, share, standing[-1] if moves else None))
    units = []
    for pk, found in by_unit.items():
        ended = former[pk]
        total = sum(ended, sum((row.share for row in found), Share()))
        units.append(UnitRow(found[0].service.unit, found, total, len(ended)))
    gone = [share for pk, shares in former.items() if pk not in by_unit for share in shares]
    return Overview(
        units,
        sum(gone, sum((row.share for row in units), Share())),
        months,
        sum(len(shares) for shares in former.values()),
    )


def _volumes(service_ids: Iterable[int], first: date, last: date) -> dict[int, list[Volume]]:
    found: dict[int, list[Volume]] = defaultdict(list)
    rows = ServiceVolume.objects.filter(
        service__in=list(service_ids), month__gte=first, month__lte=last
    )
    for pk, month, channel, count in rows.values_list("service_id", "month", "channel", "count"):
        found[pk].append(Volume(month, channel, count))
    return found


@dataclass(frozen=True)
class TimelineRow:
    move: ChannelMove
    comparison: Comparison | None


@dataclass(frozen=True)
class ServicePage:
    service: Service
    requirements: list[str]
    steps: list[str]
    timeline: list[TimelineRow]
    volumes: list[Volume]
    months: list[date]
    latest: Share
    has_sample_numbers: bool

    @property
    def newest(self) -> TimelineRow | None:
        return next((row for row in self.timeline if row.comparison is not None), None)


def service_of(membership: Membership, service_id: int) -> Service | None:
    units = Unit.objects.visible_to(membership)
    return (
        Service.objects.filter(pk=service_id, unit__in=units)
        .select_related("unit", "government")
        .first()
    )


def move_of(service: Service, move_id: int) -> ChannelMove | None:
    return service.moves.filter(pk=move_id).select_related("service__unit").first()


def standing_moves(service: Service) -> list[ChannelMove]:
    return list(service.moves.standing())


def lines_of(service: Service) -> tuple[list[str], list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for kind, text in service.lines.order_by("kind", "position").values_list("kind", "text"):
        found[kind].append(text)
    return found[ServiceLineKind.REQUIREMENT], found[ServiceLineKind.STEP]


def service_subjects(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    rows = Service.objects.filter(unit__in=Unit.objects.visible_to(membership))
    return {
        str(row.pk): Subject(
            row.name, reverse("opd:service", kwargs={"service_id": row.pk}), row.unit_id
        )
        for row in rows.filter(pk__in=numbers(ids))
    }


def service_page(service: Service, *, today: date, chart_months: int = 24) -> ServicePage:
    """Three queries: lines, moves, numbers."""
    requirements, steps = lines_of(service)
    moves = list(
        service.moves.select_related("recorded_by", "withdrawn_by").order_by("-moved_on", "-pk")
    )
    standing = [move for move in reversed(moves) if move.withdrawn_at is None]
    rows = list(service.volumes.order_by("month", "channel"))
    volumes = [Volume(row.month, row.channel, row.count) for row in rows]
    pure = [as_move(move) for move in standing]
    compared = {
        move.pk: compare(volumes, pure, number, present=service.channel, today=today)
        for number, move in enumerate(standing)
    }
    return ServicePage(
        service=service,
        requirements=requirements,
        steps=steps,
        timeline=[TimelineRow(move, compared.get(move.pk)) for move in moves],
        volumes=volumes,
        months=_chart_months(volumes, chart_months),
        latest=share_of(volumes, latest_months(today), pure, service.channel),
        has_sample_numbers=any(row.is_sample for row in rows),
    )


def _chart_months(volumes: Sequence[Volume], number: int) -> list[date]:
    """From the first to the last month with a number, at most so many: the newest."""
    if not volumes:
        return []
    return months_between(volumes[0].month, volumes[-1].month)[-number:]


@dataclass(frozen=True)
class Grid:
    """A unit's year: its services, and what is stored."""

    services: list[Service]
    stored: dict[tuple[int, date, str], int]


def volume_grid(unit: Unit, year: int) -> Grid:
    """Services that were offered in the year; two queries."""
    services = list(
        Service.objects.filter(unit=unit)
        .filter(Q(ended_on=None) | Q(ended_on__year__gte=year))
        .order_by("name", "pk")
    )
    rows = ServiceVolume.objects.filter(service__in=services, month__year=year)
    return Grid(
        services,
        {(row.service_id, row.month, row.channel): row.count for row in rows},
    )


def recorded_years(unit: Unit) -> list[int]:
    dates = ServiceVolume.objects.filter(service__unit=unit).dates("month", "year")
    return [day.year for day in dates]


def services_after(unit_ids: list[int], day: date) -> dict[int, int]:
    """How many services of these units go on after a day."""
    rows = Service.objects.filter(Q(ended_on=None) | Q(ended_on__gt=day), unit__in=unit_ids)
    found: dict[int, int] = defaultdict(int)
    for pk in rows.values_list("unit_id", flat=True):
        found[pk] += 1
    return dict(found)
