"""Which counts of a public table may be shown. Pure.

A count of one to four people could point at somebody, so it is not shown. A zero points at nobody.
Where the sum would tell what is hidden, the sum is not shown either: when a single part is hidden,
when the hidden parts together are fewer than five, and when only one way is left to share them out
(all of them one, or all of them four, because everybody may know this rule).
"""

from collections.abc import Mapping
from dataclasses import dataclass

SMALL = 5


@dataclass(frozen=True)
class Protected:
    """What may be shown; None is "not shown"."""

    parts: dict[str, int | None]
    total: int | None

    @property
    def hides_something(self) -> bool:
        return self.total is None or None in self.parts.values()


def is_small(count: int) -> bool:
    return 0 < count < SMALL


def protect(parts: Mapping[str, int]) -> Protected:
    """One row of counts that add up. Nothing hidden follows from what is shown."""
    hidden = [count for count in parts.values() if is_small(count)]
    total = sum(parts.values())
    shown = {name: None if is_small(count) else count for name, count in parts.items()}
    return Protected(shown, None if _tells(hidden) or is_small(total) else total)


def _tells(hidden: list[int]) -> bool:
    """Whether their sum, which anybody can work out from a total, says too much."""
    if not hidden:
        return False
    number, together = len(hidden), sum(hidden)
    if number == 1 or together < SMALL:
        return True
    return together in (number, number * (SMALL - 1))
