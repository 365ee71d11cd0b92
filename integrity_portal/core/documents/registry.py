"""Kinds of document. Each app registers its own in `AppConfig.ready`; the engine renders them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrity_portal.core.models import Document


@dataclass(frozen=True)
class ChapterSpec:
    """One chapter: `template` rendered with `context`; the same content is rendered only once.

    A chapter starts on a new page and never says a page number; `href="chapter:<key>"` leads to
    the first page of another chapter.
    """

    key: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Paper:
    """Sheet and margins in CSS's words; `is_small`: letters and blocks shrink to a pocket's size."""

    size: str = "A4"
    margin: str = "24mm 20mm 22mm 24mm"
    is_small: bool = False


A4 = Paper()
A4_LANDSCAPE = Paper("A4 landscape", "16mm 16mm 16mm 16mm")
A6 = Paper("A6", "11mm 10mm 13mm 10mm", is_small=True)


@dataclass(frozen=True)
class Frame:
    """Who issues the document: printed in the letterhead and on every page, never on screen."""

    issuer: str = ""
    programme: str = ""
    address: str = ""
    time_zone: str = "Asia/Jakarta"
    primary_colour: str = "#0b4f6c"
    accent_colour: str = "#e0a100"
    is_sample: bool = False


def _nobody(membership: Any, variant: str) -> bool:
    return False


def _anybody(membership: Any) -> bool:
    return True


def _no_frame(document: Document) -> Frame:
    return Frame()


def _stands(document: Document) -> datetime | None:
    return None


@dataclass(frozen=True)
class DocumentKind:
    """`chapters(document)` reads the app's queries; `may_read(membership, document)` is a rule.

    Everything else may be left out. `prepare` freezes what the document shows, before anything is
    read; it runs in the worker, may write and must be idempotent. `audience` says who may ever
    read one of this kind, `may_request(membership, variant)` who may ask for one. The public page
    tells a confidential document's kind and length to nobody. `void_since` says when what it shows
    was declared void; that page tells it to everybody.
    """

    name: str
    chapters: Callable[[Document], list[ChapterSpec]]
    may_read: Callable[[Any, Document], bool]
    label: Any = ""  # lazy text
    variants: Mapping[str, Any] = field(default_factory=dict)
    may_request: Callable[[Any, str], bool] = _nobody
    # The app's action behind the general form: `ask(by=…, variant=…, now=…)`.
    ask: Callable[..., Document] | None = None
    audience: Callable[[Any], bool] = _anybody
    # For lists, where `may_read` asks the database: the readable ones of many, in one query.
    readable: Callable[[Any, list[Document]], list[Document]] | None = None
    frame: Callable[[Document], Frame] = _no_frame
    prepare: Callable[[Document, datetime], None] | None = None
    is_confidential: bool = True
    void_since: Callable[[Document], datetime | None] = _stands
    paper: Paper = A4
    # A sheet that hangs on a wall or stands on a table: no contents, no numbers of pages, no page
    # about the document.
    is_bare: bool = False

    def variant_label(self, variant: str) -> Any:
        return self.variants.get(variant, "")


_kinds: dict[str, DocumentKind] = {}


def register(kind: DocumentKind) -> None:
    _kinds[kind.name] = kind


def get(name: str) -> DocumentKind:
    """Raises KeyError for a kind that no app registered."""
    return _kinds[name]


def find(name: str) -> DocumentKind | None:
    """For rows whose kind may be gone."""
    return _kinds.get(name)


def paper_of(document: Document) -> Paper:
    """A4 for kinds that are gone."""
    kind = _kinds.get(document.kind)
    return kind.paper if kind is not None else A4


def kinds() -> list[DocumentKind]:
    return list(_kinds.values())


def readable_by(membership: Any, document: Document) -> bool:
    """False for other governments and for kinds that are gone."""
    kind = _kinds.get(document.kind)
    return (
        kind is not None
        and document.government_id == membership.government_id
        and kind.may_read(membership, document)
    )


def readable_among(membership: Any, documents: list[Document]) -> list[Document]:
    """Those of one government's documents that this person reads, in their order."""
    allowed: set[int] = set()
    for kind in _kinds.values():
        rows = [row for row in documents if row.kind == kind.name]
        if kind.readable is not None:
            allowed |= {row.pk for row in kind.readable(membership, rows)} if rows else set()
        else:
            allowed |= {row.pk for row in rows if kind.may_read(membership, row)}
    return [row for row in documents if row.pk in allowed]


def may_steer(membership: Any, document: Document) -> bool:
    """Cancel and retry: whoever may ask for such a document and read this one."""
    return readable_by(membership, document) and get(document.kind).may_request(
        membership, document.variant
    )


def offers(membership: Any) -> list[tuple[DocumentKind, str]]:
    """Every (kind, variant) that this person may ask for on the general form."""
    return [
        (kind, variant)
        for kind in _kinds.values()
        for variant in kind.variants
        if kind.ask is not None and kind.may_request(membership, variant)
    ]


def ask(name: str, *, variant: str, by: Any, now: datetime) -> Document:
    """What the general form does. Raises LookupError for kinds that are not offered there."""
    action = get(name).ask
    if action is None:
        raise LookupError(name)
    return action(by=by, variant=variant, now=now)


def has_audience(membership: Any) -> bool:
    return any(kind.audience(membership) for kind in _kinds.values())
