"""The menu: each app registers its entries; a person sees those that his office may open."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from opd.models import Membership


@dataclass(frozen=True)
class Entry:
    """The first entry a person may see, by `order`, is his start page.

    Unless an entry names his role in `start_for`: then that one is.
    """

    order: int
    label: Any  # lazy text
    url_name: str
    allow: Callable[[Membership], bool]
    start_for: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Link:
    label: Any
    url: str
    is_current: bool


_entries: list[Entry] = []


def register(entry: Entry) -> None:
    if all(entry.url_name != known.url_name for known in _entries):
        _entries.append(entry)
        _entries.sort(key=lambda known: known.order)


def links_for(membership: Membership, path: str) -> list[Link]:
    links = [(entry, reverse(entry.url_name)) for entry in _entries if entry.allow(membership)]
    best = max((url for _, url in links if path.startswith(url)), key=len, default=None)
    return [Link(entry.label, url, url == best) for entry, url in links]


def start_url(membership: Membership) -> str | None:
    allowed = [entry for entry in _entries if entry.allow(membership)]
    # A stable sort: the role's own start page first, the others stay by order.
    allowed.sort(key=lambda entry: membership.role not in entry.start_for)
    return next((reverse(entry.url_name) for entry in allowed), None)
