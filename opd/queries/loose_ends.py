"""What still hangs on a unit that ends. Nothing of it moves by itself; the pages show it.

Each app registers what it keeps for units in its AppConfig.ready.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

Count = Callable[[list[int], date], dict[int, int]]


@dataclass(frozen=True)
class Kind:
    order: int
    label: Any  # lazy text
    count: Count


@dataclass(frozen=True)
class LooseEnd:
    label: Any
    count: int


_kinds: list[Kind] = []


def register(order: int, label: Any, count: Count) -> None:
    """`count(unit_ids, day)`: how many each unit has that go on after that day."""
    if all(kind.count is not count for kind in _kinds):
        _kinds.append(Kind(order, label, count))
        _kinds.sort(key=lambda kind: kind.order)


def loose_ends(unit_ids: list[int], *, after: date) -> dict[int, list[LooseEnd]]:
    """Per unit, only what is there; one query for each registered kind."""
    found: dict[int, list[LooseEnd]] = {pk: [] for pk in unit_ids}
    for kind in _kinds:
        for pk, count in kind.count(unit_ids, after).items():
            found[pk].append(LooseEnd(kind.label, count))
    return found
