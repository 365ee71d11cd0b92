"""Kinds of document. Each app registers its own in `AppConfig.ready`; the engine renders them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from integrity_portal.core.models import Document


@dataclass(frozen=True)
class ChapterSpec:
    """One chapter: `template` rendered with `context`; the same content is rendered only once."""

    key: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DocumentKind:
    """`chapters(document)` reads the app's queries; `may_read(membership, document)` is a rule."""

    name: str
    chapters: Callable[[Document], list[ChapterSpec]]
    may_read: Callable[[Any, Document], bool]


_kinds: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    _kinds[kind.name] = kind


def get(name: str) -> DocumentKind:
    """Raises KeyError for a kind that no app registered."""
    return _kinds[name]


def readable_by(membership: Any, document: Document) -> bool:
    """False for other governments and for kinds that are gone."""
    kind = _kinds.get(document.kind)
    return (
        kind is not None
        and document.government_id == membership.government_id
        and kind.may_read(membership, document)
    )
