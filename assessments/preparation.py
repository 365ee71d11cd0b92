"""How ready a unit is to declare: done steps of its checklist, nothing else. Pure.

A step in progress counts nothing: half a decree is no decree. What nobody answered is not begun.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

DONE = "done"
NOT_STARTED = "not_started"


@dataclass(frozen=True)
class Readiness:
    """`missing` holds the codes that are not done, in the order of the checklist."""

    done: int
    of: int
    begun: int
    missing: tuple[str, ...]

    @property
    def is_ready(self) -> bool:
        return self.done == self.of

    @property
    def has_begun(self) -> bool:
        return self.done + self.begun > 0


def readiness(codes: Sequence[str], states: Mapping[str, str]) -> Readiness:
    """Of one unit: `states` by step; steps of another checklist say nothing here."""
    known = [states.get(code, NOT_STARTED) for code in codes]
    done = known.count(DONE)
    return Readiness(
        done=done,
        of=len(codes),
        begun=len(known) - done - known.count(NOT_STARTED),
        missing=tuple(code for code, state in zip(codes, known, strict=True) if state != DONE),
    )


@dataclass(frozen=True)
class Tally:
    """Units that have not declared. `further` are those that build or hold a predicate already:
    nobody waits for their preparation. The four add up to `undeclared`."""

    undeclared: int
    ready: int
    under_way: int
    not_begun: int
    further: int

    @property
    def is_empty(self) -> bool:
        """Nobody has recorded anything: then nothing can be said."""
        return self.ready + self.under_way == 0


def tally(
    undeclared: Iterable[int], *, further: Iterable[int], done: Mapping[int, int], of: int
) -> Tally:
    """`done` holds the number of done steps of every unit that has begun at least one."""
    every = set(undeclared)
    beyond = every & set(further)
    waiting = every - beyond
    ready = {unit for unit in waiting if done.get(unit, 0) >= of}
    begun = {unit for unit in waiting - ready if unit in done}
    return Tally(
        undeclared=len(every),
        ready=len(ready),
        under_way=len(begun),
        not_begun=len(waiting) - len(ready) - len(begun),
        further=len(beyond),
    )
