"""Workflows as tables: who may take which step from where, and what must be present.

Pure: no ORM, no clock. `opd.transitions.perform` is the one door that executes a step.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Transition:
    name: str
    label: Any  # lazy text: the button
    sources: frozenset[str]
    target: str
    roles: frozenset[str]
    requires: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    produces: Any = ""  # lazy text: what there is afterwards


@dataclass(frozen=True)
class Workflow:
    name: str
    states: type  # TextChoices
    transitions: tuple[Transition, ...]

    def __post_init__(self) -> None:
        names = [t.name for t in self.transitions]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.name}: a transition name stands twice")
        known = set(self.states.values)  # type: ignore[attr-defined]
        for step in self.transitions:
            if not {*step.sources, step.target} <= known:
                raise ValueError(f"{self.name}.{step.name}: unknown state")

    def get(self, name: str) -> Transition:
        """Raises KeyError for a name that the table does not have."""
        for step in self.transitions:
            if step.name == name:
                return step
        raise KeyError(name)

    def open_to(self, *, state: str, role: str) -> list[Transition]:
        return [t for t in self.transitions if state in t.sources and role in t.roles]

    def mermaid(self) -> str:
        """The state diagram of the app's README."""
        lines = ["stateDiagram-v2"]
        lines += [
            f"    {source} --> {step.target}: {step.name}"
            for step in self.transitions
            for source in sorted(step.sources)
        ]
        return "\n".join(lines)


def table(
    *rows: tuple[str, Any, Iterable[str], str, Iterable[str]],
) -> tuple[Transition, ...]:
    """Short form for (name, label, sources, target, roles)."""
    return tuple(Transition(n, label, frozenset(s), t, frozenset(r)) for n, label, s, t, r in rows)
