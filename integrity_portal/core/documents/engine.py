"""How a worker makes a document: freeze, write the chapters' HTML, render what is new, merge.

A chapter is found by the hash of everything it shows, so a document that was interrupted, or
differs in one answer, renders only what is missing. A second worker may help: chapters are taken
under an advisory lock that falls with its owner. (docs/adr/0045)
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from integrity_portal.core import files, jobs, wake
from integrity_portal.core.documents import actions, merge, queries, registry, render
from integrity_portal.core.documents.merge import Part
from integrity_portal.core.models import Chapter, Document
from integrity_portal.core.snapshots import one_instant

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]
HELPER = "core.render_chapters"
WAIT = "5s"


class Superseded(Exception):
    """The document was cancelled, or another worker took it over."""


@dataclass(frozen=True)
class Leaf:
    """A chapter as HTML, before it is rendered."""

    key: str
    title: str
    html: str
    content_hash: str


def lease() -> timedelta:
    return timedelta(seconds=settings.DOCUMENT_LEASE_SECONDS)


def language_of(document: Document) -> str:
    return str(document.params.get("language", "id"))


def produce(document: Document, *, clock: Clock) -> None:
    """From a claimed row to a stored PDF. Raises Superseded when somebody else decides."""
    kind = registry.get(document.kind)
    if kind.prepare is not None:
        kind.prepare(document, clock())
    frame = kind.frame(document)
    with translation.override(language_of(document)), timezone.override(ZoneInfo(frame.time_zone)):
        leaves = write_leaves(document, frame, clock())
        parts = _parts(document, leaves, clock)
        content = content_of(leaves)
        closing = None if kind.is_bare else _closing(document, frame, content, clock())
        cover = merge.Cover(
            title=document.title,
            language=language_of(document),
            frame=frame,
            paper=kind.paper,
            made_at=clock(),
            identifier=hashlib.sha256(document.public_id.encode()).digest(),
        )
        merged = merge.merge(parts, closing, cover)
    _store(document, merged, content, clock)


def write_leaves(document: Document, frame: registry.Frame, now: datetime) -> list[Leaf]:
    """All chapters' HTML from one instant of the database."""
    with one_instant():
        if document.figures_at is None:
            document.figures_at = now
        specs = registry.get(document.kind).chapters(document)
        return [_leaf(document, frame, spec, number) for number, spec in enumerate(specs, start=1)]


def content_of(leaves: Sequence[Leaf]) -> str:
    """Two documents that show the same have the same."""
    return hashlib.sha256("".join(leaf.content_hash for leaf in leaves).encode()).hexdigest()


def would_show(
    document: Document, frame: registry.Frame, specs: Sequence[registry.ChapterSpec]
) -> str:
    """The `content_hash` that `document` would get from these chapters; nothing is rendered."""
    with translation.override(language_of(document)), timezone.override(ZoneInfo(frame.time_zone)):
        return content_of(
            [_leaf(document, frame, spec, number) for number, spec in enumerate(specs, start=1)]
        )


def _leaf(
    document: Document, frame: registry.Frame, spec: registry.ChapterSpec, number: int
) -> Leaf:
    html = render_to_string(
        spec.template,
        {
            **spec.context,
            "chapter": spec,
            "number": number,
            "frame": frame,
            "paper": registry.paper_of(document),
            "document": document,
            "language": language_of(document),
        },
    )
    return Leaf(spec.key, spec.title, html, render.content_hash(html))


def _parts(document: Document, leaves: Sequence[Leaf], clock: Clock) -> list[Part]:
    """Every chapter's PDF, in order; progress is saved after each."""
    hashes = {leaf.content_hash for leaf in leaves}
    known = _known(document.government_id, hashes)
    _progress(document, len(leaves), known, leaves, clock)
    if len(hashes - known) > 1:
        with transaction.atomic():
            wake.wake(HELPER, document.pk)
    waiting = [leaf for leaf in leaves if leaf.content_hash not in known]
    patient = False
    while waiting:
        left = []
        for leaf in waiting:
            if make_chapter(document.government_id, leaf, now=clock(), wait=patient):
                known.add(leaf.content_hash)
            else:
                left.append(leaf)
            _progress(document, len(leaves), known, leaves, clock)
        waiting, patient = left, True
    return _collect(document.government_id, leaves)


def make_chapter(government_id: int, leaf: Leaf, *, now: datetime, wait: bool) -> bool:
    """Render and keep one chapter unless it is there; False while another worker has it."""
    try:
        with transaction.atomic():
            if not _take(f"chapter:{government_id}:{leaf.content_hash}", wait=wait):
                return False
            if not _known(government_id, {leaf.content_hash}):
                part = merge.part_of(leaf.key, leaf.title, leaf.html)
                Chapter.objects.create(
                    government_id=government_id,
                    content_hash=leaf.content_hash,
                    pages=part.pages,
                    pdf=part.pdf,
                    made_at=now,
                )
    except OperationalError as error:
        if not wait or connection.in_atomic_block or "lock timeout" not in str(error):
            raise
        return False
    return True


def _take(name: str, *, wait: bool) -> bool:
    """The lock falls with the transaction, so a killed worker holds nothing."""
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])


def _known(government_id: int, hashes: set[str]) -> set[str]:
    rows = Chapter.objects.filter(government_id=government_id, content_hash__in=hashes)
    return set(rows.values_list("content_hash", flat=True))


def _progress(
    document: Document, total: int, known: set[str], leaves: Sequence[Leaf], clock: Clock
) -> None:
    mine = jobs.extend(
        document,
        now=clock(),
        lease=lease(),
        chapters_total=total,
        chapters_done=sum(leaf.content_hash in known for leaf in leaves),
        figures_at=document.figures_at,
    )
    if not mine:
        raise Superseded


def _collect(government_id: int, leaves: Sequence[Leaf]) -> list[Part]:
    rows = Chapter.objects.filter(
        government_id=government_id, content_hash__in={leaf.content_hash for leaf in leaves}
    )
    by_hash = {row.content_hash: row for row in rows}
    return [
        Part(
            leaf.key,
            leaf.title,
            bytes(by_hash[leaf.content_hash].pdf),
            by_hash[leaf.content_hash].pages,
        )
        for leaf in leaves
    ]


def _closing(document: Document, frame: registry.Frame, content: str, now: datetime) -> Part:
    """The last page: what it shows, when it was made, and how to see whether it is genuine."""
    head = queries.ledger_head()
    address = f"{settings.BASE_URL}/verify/{document.public_id}"
    html = render_to_string(
        "documents/closing.html",
        {
            "document": document,
            "frame": frame,
            "paper": registry.paper_of(document),
            "language": language_of(document),
            "figures_at": document.figures_at,
            "made_at": now,
            "fingerprint": in_groups(content),
            "ledger_size": head.tree_size if head else 0,
            "ledger_root": in_groups(bytes(head.root_hash).hex()) if head else "",
            "address": address,
            "code": square_code(address),
        },
    )
    return merge.part_of("closing", str(translation.gettext("About this document")), html)


def in_groups(digest: str) -> str:
    """A whole hash in groups, as people compare them: `9f2c 41d7 …`; the spaces let it wrap."""
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def square_code(address: str, *, error: str = "m") -> SafeString:
    """The address as a QR code, drawn as SVG; `error="q"` for what hangs in sun and rain."""
    code = segno.make(address, error=error, micro=False)
    drawn = code.svg_inline(border=2, dark="#14232c", omitsize=True, svgclass=None, lineclass=None)
    return mark_safe(drawn)  # made from our own address alone


def _store(document: Document, merged: merge.Merged, content: str, clock: Clock) -> None:
    if not jobs.extend(document, now=clock(), lease=lease()):
        raise Superseded
    stored = files.store_made(
        BytesIO(merged.pdf),
        size=len(merged.pdf),
        name=files.name_from_title(document.title, "application/pdf"),
        kind="document",
        government_id=document.government_id,
    )
    kept = actions.finish_document(
        document=document,
        stored=stored,
        pages=merged.pages,
        content_hash=content,
        now=clock(),
    )
    if not kept:
        raise Superseded


def help_with(document: Document, *, clock: Clock) -> None:
    """A second worker renders from the back, until it meets the first."""
    kind = registry.get(document.kind)
    frame = kind.frame(document)
    with translation.override(language_of(document)), timezone.override(ZoneInfo(frame.time_zone)):
        leaves = write_leaves(document, frame, clock())
        for leaf in reversed(leaves):
            make_chapter(document.government_id, leaf, now=clock(), wait=False)
