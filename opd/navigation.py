"""The menu: each app registers its entries; a person sees those that his office may open."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse

from opd.models import Membership


@dataclass(frozen=True)
class Entry:
    """The first entry a person may see, by `order`, is his start page.

    Unless an entry names his role in `start_for`: then that one is. An entry with a `hub` (the
    url name of another page) stands on that page instead of in the menu, with its `hint`.
    """

    order: int
    label: Any  # lazy text
    url_name: str
    allow: Callable[[Membership], bool]
    start_for: frozenset[str] = frozenset()
    hub: str = ""
    hint: Any = ""  # lazy text: what one finds there
    # How many things wait behind it; asked once per page, when the menu is written.
    badge: Callable[[Membership], int] | None = None


@dataclass(frozen=True)
class Link:
    label: Any
    url: str
    is_current: bool
    hint: Any = ""
    badge: Callable[[], int] | None = None
    order: int = 0


_entries: list[Entry] = []


def register(entry: Entry) -> None:
    if all(entry.url_name != known.url_name for known in _entries):
        _entries.append(entry)
        _entries.sort(key=lambda known: known.order)


def links_for(membership: Membership, path: str) -> list[Link]:
    """The menu. A page that stands on a hub lights the hub up."""
    allowed = [entry for entry in _entries if entry.allow(membership)]
    shown = [(entry, reverse(entry.url_name)) for entry in allowed if not entry.hub]
    known = {entry.url_name: url for entry, url in shown}
    doors = [(url, url) for _, url in shown]
    doors += [
        (reverse(entry.url_name), known[entry.hub]) for entry in allowed if entry.hub in known
    ]
    best = max((door for door in doors if path.startswith(door[0])), default=("", None))[1]
    return [
        Link(entry.label, url, url == best, badge=_once(entry, membership)) for entry, url in shown
    ]


def _once(entry: Entry, membership: Membership) -> Callable[[], int] | None:
    """The menu stands twice on a page (for phones and for desks), the number is counted once."""
    count = entry.badge
    return cache(lambda: count(membership)) if count else None


def hub_links(membership: Membership, hub: str, **kwargs: Any) -> list[Link]:
    """What stands on a hub for this person; `kwargs` are those of every address there."""
    return [
        Link(
            entry.label,
            reverse(entry.url_name, kwargs=kwargs or None),
            False,
            entry.hint,
            order=entry.order,
        )
        for entry in _entries
        if entry.hub == hub and entry.allow(membership)
    ]


def start_url(membership: Membership) -> str | None:
    allowed = [entry for entry in _entries if entry.allow(membership) and not entry.hub]
    # A stable sort: the role's own start page first, the others stay by order.
    allowed.sort(key=lambda entry: membership.role not in entry.start_for)
    return next((reverse(entry.url_name) for entry in allowed), None)
