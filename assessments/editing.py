"""What every text that two people may edit has in common, and proof that comes with it."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from integrity_portal.core import files
from integrity_portal.core.models import StoredFile
from opd.transitions import StepRefused

MAX_FILES = 10


class Conflict(Exception):
    """Somebody saved something else meanwhile; `current` is what stands there now."""

    def __init__(self, current: Any) -> None:
        super().__init__("version")
        self.current = current


def write(
    row: Any, wanted: dict[str, Any], version: int, *, also: dict[str, Any] | None = None
) -> list[str]:
    """Write over the version that the person saw; the names of what changed, none on a repeat.

    `row` is locked; `also` is written with a change, but is none by itself. Raises Conflict; the
    same texts once more are no conflict.
    """
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    if not changed:
        return []
    if row.version != version:
        raise Conflict(row)
    for name in changed:
        setattr(row, name, wanted[name])
    for name, value in (also or {}).items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changed, "version", *(also or {})])
    return changed


def attach(link: type[models.Model], owner: str, row: Any, stored: Iterable[StoredFile]) -> int:
    """Keep files that have arrived as `link` rows of `row`; the same content is attached once."""
    links: Any = link._default_manager
    there = set(links.filter(**{owner: row}).values_list("stored__sha256", flat=True))
    fresh = {one.sha256: one for one in stored if one.sha256 not in there}
    if len(there) + len(fresh) > MAX_FILES:
        raise StepRefused(
            _("At most %(limit)d files can stand here; there are %(count)d already.")
            % {"limit": MAX_FILES, "count": len(there)}
        )
    for one in fresh.values():
        files.keep(one)
        links.create(**{owner: row, "government_id": row.government_id, "stored": one})
    return len(fresh)
