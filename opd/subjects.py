"""Links upwards as (kind, id): what a directive is about, where an inbox item leads.

Each app registers its kinds in AppConfig.ready. What the reader may not see is not resolved: its
label and address stay unknown to him.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from opd.models import Membership


@dataclass(frozen=True)
class Subject:
    """`unit_id` is the unit that a directive about it would go to."""

    label: str
    url: str
    unit_id: int | None = None


Resolve = Callable[[Membership, list[str]], dict[str, Subject]]


@dataclass(frozen=True)
class SubjectKind:
    name: str
    word: Any  # lazy text: "Activity"
    resolve: Resolve


_kinds: dict[str, SubjectKind] = {}


def register_subject(name: str, word: Any, resolve: Resolve) -> None:
    """`resolve(membership, ids)`: those that the person may see; one query for any number."""
    _kinds[name] = SubjectKind(name, word, resolve)


def is_known(kind: str) -> bool:
    return kind in _kinds


def word_of(kind: str) -> str:
    """What the thing is called, for readers who may not see which one it is."""
    known = _kinds.get(kind)
    return str(known.word) if known else ""


def resolve(membership: Membership, links: Iterable[tuple[str, str]]) -> dict[Any, Subject]:
    """By (kind, id), only what the person may see; a query per kind."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for kind, pk in links:
        if kind in _kinds:
            wanted[kind].add(pk)
    return {
        (kind, pk): subject
        for kind, ids in wanted.items()
        for pk, subject in _kinds[kind].resolve(membership, sorted(ids)).items()
    }


def find(membership: Membership, kind: str, pk: str) -> Subject | None:
    return resolve(membership, [(kind, pk)]).get((kind, pk))


def numbers(ids: Collection[str]) -> list[int]:
    """The ids that are row numbers; anything else is nobody's."""
    return [int(pk) for pk in ids if pk.isascii() and pk.isdigit() and len(pk) < 19]
