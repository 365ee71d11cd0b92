"""Chapters become one PDF/A-3b: contents, links, outline, "Halaman n dari m", metadata, identity.

The merge starts from the first chapter's PDF, whose OutputIntent and XMP packet it keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _, pgettext

from integrity_portal.core.documents.registry import A4, Frame, Paper
from integrity_portal.core.documents.render import pdf_of

LINK = "chapter:"
CONTENTS_FROM = 7


@dataclass(frozen=True)
class Part:
    """A chapter that is ready: `pdf` stands alone and has `pages` pages."""

    key: str
    title: str
    pdf: bytes
    pages: int


@dataclass(frozen=True)
class Cover:
    """What is said about the whole document."""

    title: str
    language: str
    frame: Frame
    made_at: datetime
    identifier: bytes
    paper: Paper = A4


@dataclass(frozen=True)
class Merged:
    pdf: bytes
    pages: int


@dataclass(frozen=True)
class _Entry:
    key: str
    title: str
    page: int


@dataclass
class _Book:
    parts: list[Part]
    starts: dict[str, int] = field(default_factory=dict)  # first page of each part, from 0

    def __post_init__(self) -> None:
        page = 0
        for part in self.parts:
            self.starts[part.key] = page
            page += part.pages
        self.pages = page


def part_of(key: str, title: str, html: str) -> Part:
    pdf = pdf_of(html)
    with pikepdf.open(BytesIO(pdf)) as opened:
        return Part(key, title, pdf, len(opened.pages))


def merge(chapters: Sequence[Part], closing: Part | None, cover: Cover) -> Merged:
    """Without `closing` a bare document: nothing but its own pages."""
    book = _with_contents([*chapters, closing], cover) if closing else _Book([*chapters])
    with pikepdf.open(BytesIO(book.parts[0].pdf)) as pdf:
        for part in book.parts[1:]:
            with pikepdf.open(BytesIO(part.pdf)) as source:
                pdf.add_pages_from(source, forms="strip")
        _link(pdf, book)
        _outline(pdf, book)
        if closing:
            _stamp(pdf, cover)
        _describe(pdf, cover)
        made = BytesIO()
        pdf.remove_unreferenced_resources()
        pdf.save(
            made,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            deterministic_id=False,
            static_id=False,
            fix_metadata_version=True,
        )
        return Merged(made.getvalue(), len(pdf.pages))


def _with_contents(parts: list[Part], cover: Cover) -> _Book:
    """A contents page behind the first chapter, once there are enough chapters to need one."""
    if len(parts) - 1 < CONTENTS_FROM:
        return _Book(parts)
    length = 1
    while True:
        first = parts[0]
        placeholder = Part("contents", _("Contents"), b"", length)
        book = _Book([first, placeholder, *parts[1:]])
        contents = part_of("contents", _("Contents"), _contents_html(book, cover))
        if contents.pages == length:
            return _Book([first, contents, *parts[1:]])
        length = contents.pages


def _contents_html(book: _Book, cover: Cover) -> str:
    entries = [
        _Entry(part.key, part.title, book.starts[part.key] + 1)
        for part in book.parts
        if part.key != "contents"
    ]
    return render_to_string(
        "documents/contents.html",
        {
            "entries": entries,
            "frame": cover.frame,
            "paper": cover.paper,
            "language": cover.language,
        },
    )


def _link(pdf: pikepdf.Pdf, book: _Book) -> None:
    """`chapter:<key>` becomes a jump; one that leads nowhere stops being a link."""
    for page in pdf.pages:
        annotations = page.get("/Annots")
        if annotations is None:
            continue
        kept = [note for note in annotations if _resolve(pdf, book, note)]
        if kept:
            page["/Annots"] = pikepdf.Array(kept)
        else:
            del page["/Annots"]


def _resolve(pdf: pikepdf.Pdf, book: _Book, note: pikepdf.Object) -> bool:
    action = note.get("/A")
    address = str(action.get("/URI", "")) if action is not None else ""
    if not address.startswith(LINK):
        return True
    start = book.starts.get(address[len(LINK) :])
    if start is None:
        return False
    del note["/A"]
    note["/Dest"] = _top_of(pdf, start)
    return True


def _top_of(pdf: pikepdf.Pdf, page: int) -> pikepdf.Array:
    return pikepdf.Array([pdf.pages[page].obj, pikepdf.Name.Fit])


def _outline(pdf: pikepdf.Pdf, book: _Book) -> None:
    with pdf.open_outline() as outline:
        outline.root.clear()
        outline.root.extend(
            pikepdf.OutlineItem(part.title, book.starts[part.key]) for part in book.parts
        )
    pdf.Root.PageMode = pikepdf.Name.UseOutlines


def _stamp(pdf: pikepdf.Pdf, cover: Cover) -> None:
    # A small sheet has no room for the issuer as well: its cover says it.
    told = (cover.title, "" if cover.paper.is_small else cover.frame.issuer)
    html = render_to_string(
        "documents/stamps.html",
        {
            "paper": cover.paper,
            "language": cover.language,
            "pages": range(len(pdf.pages)),
            "left": _css_text(" · ".join(text for text in told if text)),
            "page_word": _css_text(pgettext("page number", "Page") + " "),
            "of_word": _css_text(" " + pgettext("page number", "of") + " "),
            "top": _css_text(_("Sample").upper()) if cover.frame.is_sample else "",
        },
    )
    with pikepdf.open(BytesIO(pdf_of(html))) as stamps:
        for page, stamp in zip(pdf.pages, stamps.pages, strict=True):
            page.add_overlay(stamp, None)


def _css_text(text: str) -> SafeString:
    """A CSS string that no character can leave; a plain space after an escape would be eaten."""
    inside = "".join(c if c.isalnum() else f"\\{ord(c):06x}" for c in text)
    return mark_safe(f'"{inside}"')  # every other character is escaped above


def _describe(pdf: pikepdf.Pdf, cover: Cover) -> None:
    made = cover.made_at.astimezone(UTC)
    pdf.Root.Lang = pikepdf.String(cover.language)
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    with pdf.open_metadata(set_pikepdf_as_editor=False) as about:
        about["dc:title"] = cover.title
        about["dc:language"] = {cover.language}
        about["xmp:CreateDate"] = made.isoformat(timespec="seconds")
        about["xmp:ModifyDate"] = made.isoformat(timespec="seconds")
        if cover.frame.issuer:
            about["dc:creator"] = [cover.frame.issuer]
    identity = pikepdf.String(cover.identifier[:16])
    pdf.trailer.ID = pikepdf.Array([identity, identity])
