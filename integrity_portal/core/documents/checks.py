"""Is this PDF what an archive and a reader may expect? Used by tests and by `check_pdf`'s command."""

from collections.abc import Iterator
from io import BytesIO

import pikepdf


def check_pdf(data: bytes) -> list[str]:
    """The faults found, as sentences; an empty list is a good document."""
    try:
        pdf = pikepdf.open(BytesIO(data))
    except pikepdf.PdfError as error:
        return [f"cannot be opened: {type(error).__name__}"]
    with pdf:
        return [
            *_identity(pdf),
            *_colours(pdf),
            *_metadata(pdf),
            *_outline(pdf),
            *_fonts(pdf),
            *_actions(pdf),
        ]


def _identity(pdf: pikepdf.Pdf) -> Iterator[str]:
    if pdf.is_encrypted:
        yield "is encrypted"
    if len(pdf.trailer.get("/ID", [])) != 2 or not bytes(pdf.trailer.ID[0]):
        yield "has no document ID"
    if "/Lang" not in pdf.Root:
        yield "does not say its language"


def _colours(pdf: pikepdf.Pdf) -> Iterator[str]:
    intents = list(pdf.Root.get("/OutputIntents", []))
    if not any(
        intent.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in intent for intent in intents
    ):
        yield "has no PDF/A OutputIntent with a colour profile"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
        if about.get("pdfaid:part") != "3" or about.get("pdfaid:conformance") != "B":
            yield "does not claim PDF/A-3b in its XMP packet"
        title = str(about.get("dc:title", ""))
        if not title:
            yield "has no title in its XMP packet"
        if not about.get("dc:language"):
            yield "has no language in its XMP packet"
    told = str(pdf.trailer.get("/Info", pikepdf.Dictionary()).get("/Title", title))
    if told != title:
        yield "has two different titles"


def _outline(pdf: pikepdf.Pdf) -> Iterator[str]:
    with pdf.open_outline() as outline:
        entries = list(outline.root)
        if not entries:
            yield "has no outline"
        known = {page.obj.objgen for page in pdf.pages}
        for entry in entries:
            target = entry.destination
            page = target[0] if isinstance(target, pikepdf.Array) else None
            if page is None or page.objgen not in known:
                yield f"outline entry {entry.title!r} leads nowhere"


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Every font that any page or form uses has its glyphs inside the file."""
    seen = 0
    for number in range(1, len(pdf.objects)):
        thing = pdf.objects[number]
        if not isinstance(thing, pikepdf.Dictionary) or thing.get("/Type") != "/Font":
            continue
        if thing.get("/Subtype") == "/Type0":
            continue  # its descendant, a font of its own, carries the glyphs
        seen += 1
        described = thing.get("/FontDescriptor", pikepdf.Dictionary())
        if not any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield f"font {thing.get('/BaseFont')} is not embedded"
    if not seen:
        yield "has no fonts at all"


def _actions(pdf: pikepdf.Pdf) -> Iterator[str]:
    if any(key in pdf.Root for key in ("/OpenAction", "/AA", "/AcroForm")):
        yield "acts by itself when opened"
    for page in pdf.pages:
        for note in page.get("/Annots", []):
            action = note.get("/A")
            if action is not None and action.get("/S") not in ("/URI", "/GoTo"):
                yield "has a link that does more than lead somewhere"
