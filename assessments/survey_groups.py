"""Which groups of respondents may be shown. Pure.

A group of fewer than `smallest` people could point at somebody, so it is hidden; nobody at all
points at nobody. The total always stands beside the groups, so whoever subtracts what is shown
from it must not learn what is hidden: then the smallest shown group is hidden too, until at least
two are hidden, together at least `smallest` people, with more than one way to share them out.
"""

from collections.abc import Mapping


def hidden(parts: Mapping[str, int], smallest: int) -> frozenset[str]:
    """Names of the groups that are not shown, beside a total that is."""
    total = sum(parts.values())
    inhabited = {name: number for name, number in parts.items() if number}
    if total < smallest:
        return frozenset(parts)
    kept = {name for name, number in inhabited.items() if number < smallest}
    spare = inhabited.keys() - kept
    while kept and spare and _tells([inhabited[name] for name in kept], smallest):
        # All of the same number together: which of them was taken would tell something.
        least = min(inhabited[name] for name in spare)
        kept |= {name for name in spare if inhabited[name] == least}
        spare = inhabited.keys() - kept
    if len(kept) == len(inhabited):
        return frozenset(parts)  # then not even which groups are empty
    return frozenset(kept)


def _tells(numbers: list[int], smallest: int) -> bool:
    """Whether the sum of what is hidden, which anybody can work out, says too much."""
    number, together = len(numbers), sum(numbers)
    if number == 1 or together < smallest:
        return True
    one_way = together in (number, number * (smallest - 1))
    return one_way and max(numbers) < smallest
