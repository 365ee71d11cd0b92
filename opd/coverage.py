"""Which units count towards "all units", by the rules of their kinds. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class KindRule:
    """Of one kind in one government; a kind without a rule neither counts nor covers."""

    counts: bool = False
    covers_below: bool = False


@dataclass(frozen=True)
class Standing:
    """`covered_by` is the unit above through which this one is counted, never separately."""

    counts: bool
    covered_by: int | None = None


def standing(
    kind: str, above: Iterable[tuple[int, str]], rules: Mapping[str, KindRule]
) -> Standing:
    """`above`: (id, kind) of the active units above, from the top down."""
    for unit_id, above_kind in above:
        if rules.get(above_kind, KindRule()).covers_below:
            return Standing(counts=False, covered_by=unit_id)
    return Standing(counts=rules.get(kind, KindRule()).counts)
