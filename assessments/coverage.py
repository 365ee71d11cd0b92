"""How far "all units" has come: who counts as declared, and when the last one will be. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WINDOW = timedelta(days=730)
SHORTEST = timedelta(days=90)


def behind(
    unit_ids: Iterable[int], *, counted: Collection[int], heirs: Mapping[int, Sequence[int]]
) -> set[int]:
    """The counted units behind these ids.

    A unit stands for itself as long as it counts; one that no longer does is represented by the
    unit into which it was merged, and so on. Two ids may lead to the same unit: it counts once.
    """
    found: set[int] = set()
    seen: set[int] = set()
    waiting = list(unit_ids)
    while waiting:
        unit = waiting.pop()
        if unit in seen:
            continue
        seen.add(unit)
        if unit in counted:
            found.add(unit)
        else:
            waiting += heirs.get(unit, ())
    return found


@dataclass(frozen=True)
class Partition:
    """Every counted unit once: where it stands by the strongest that is recorded of it."""

    declared: frozenset[int]
    named_only: frozenset[int]
    holders_only: frozenset[int]
    committed: frozenset[int]


def partition(
    counted: Iterable[int],
    *,
    declared: Collection[int],
    named: Collection[int],
    holders: Collection[int],
) -> Partition:
    """Declared before named before a predicate alone; committed is whoever none of them has."""
    every = frozenset(counted)
    done = every & frozenset(declared)
    only_named = every & frozenset(named) - done
    only_held = every & frozenset(holders) - done - only_named
    return Partition(done, only_named, only_held, every - done - only_named - only_held)


@dataclass(frozen=True)
class Roads:
    """Where the counted units stand; `stages` is of the open zones of units that still exist.

    One definition for every page: who stands at no later stage and was reached by no act is
    committed by the regional head's promise.
    """

    counted: Collection[int]
    reached: Collection[int]  # declared, named or awarded
    stages: Mapping[int, str]
    committed_stage: str
    decided_stage: str

    @property
    def begun(self) -> set[int]:
        return {unit for unit, stage in self.stages.items() if stage != self.committed_stage}

    @property
    def on_the_road(self) -> set[int]:
        return {
            unit
            for unit in self.begun & set(self.counted)
            if self.stages[unit] != self.decided_stage
        }

    @property
    def committed(self) -> set[int]:
        return set(self.counted) - set(self.reached) - self.begun

    @property
    def without_zone(self) -> set[int]:
        """Reached by an act, but no zone of theirs is open."""
        return (set(self.counted) & set(self.reached)) - self.begun

    @property
    def uncounted(self) -> set[int]:
        """On the road though they do not count towards "all units"."""
        return self.begun - set(self.counted)


@dataclass(frozen=True)
class Forecast:
    """`finish` is None while there is no pace to speak of."""

    remaining: int
    pace_per_year: int
    finish: date | None

    def is_late(self, target_year: int | None) -> bool:
        if self.finish is None or target_year is None:
            return False
        return self.finish.year > target_year


def forecast(*, total: int, first_days: Sequence[date], today: date) -> Forecast:
    """The day of the last unit if units go on declaring as in the last 24 months.

    `first_days` holds for each declared unit the day of its first act. A programme younger than
    24 months is measured by its own age, at least 90 days.
    """
    remaining = max(total - len(first_days), 0)
    if not remaining:
        return Forecast(0, 0, None)
    recent = [day for day in first_days if today - WINDOW < day <= today]
    if not recent:
        return Forecast(remaining, 0, None)
    age = today - min(first_days)
    span = max(min(age, WINDOW), SHORTEST).days
    days = -(-remaining * span // len(recent))
    finish = today + timedelta(days=days) if days < 365 * 500 else None
    return Forecast(remaining, round(len(recent) * 365 / span), finish)
