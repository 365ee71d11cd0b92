"""A redacted copy as readers get it: under a neutral name, without what a PDF says of its maker."""

import io
from typing import BinaryIO, cast

import pikepdf
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from integrity_portal.core import files
from integrity_portal.core.models import StoredFile

PDF = "application/pdf"
# What a page or a picture knows of programs and people, beside what it shows.
TALKATIVE = ("/Metadata", "/PieceInfo", "/LastModified")


class NotReadable(Exception):
    """The sentence for the person is the message."""


def name_for(code: str, content_type: str) -> str:
    """“Contoh A.I.1.ii.b.pdf”: of the question, not of the unit; the same in every language."""
    return files.name_from_title(f"Contoh {code}", content_type)


def same_paper(one: StoredFile, other: StoredFile) -> bool:
    """The same bytes, or the same PDF but for what it says of its maker."""
    if one.sha256 == other.sha256:
        return True
    are_papers = one.content_type == PDF and other.content_type == PDF
    # What is bigger than any example can be is not read a second time.
    if not are_papers or other.size > files.EVIDENCE.max_bytes:
        return False
    return bare_pdf(one) == bare_pdf(other)


def neutral_copy(arrived: StoredFile, code: str) -> StoredFile:
    """The copy that others get; what arrived goes with the orphans of the day.

    A photo was written anew when it came (core.photos), so its bytes are bare already.
    """
    name = name_for(code, arrived.content_type)
    if arrived.content_type != PDF:
        arrived.name = name
        arrived.save(update_fields=["name"])
        return arrived
    data = bare_pdf(arrived)
    return files.store_made(
        io.BytesIO(data),
        size=len(data),
        name=name,
        kind=arrived.kind,
        government_id=arrived.government_id,
    )


def bare_pdf(stored: StoredFile) -> bytes:
    """Without title, author, programs, dates and what earlier savings left; the same every time."""
    kept = io.BytesIO()
    try:
        with (
            default_storage.open(stored.key) as data,
            pikepdf.open(cast(BinaryIO, data)) as pdf,
        ):
            for name in ("/Info", "/ID"):
                if name in pdf.trailer:
                    del pdf.trailer[name]
            for one in pdf.objects:
                if isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
                    _silence(one)
            pdf.save(kept, deterministic_id=True)
    except pikepdf.PdfError as error:
        raise NotReadable(_("The PDF cannot be opened. Save it again, then send it.")) from error
    return kept.getvalue()


def _silence(one: pikepdf.Object) -> None:
    for name in TALKATIVE:
        if name in one:
            del one[name]
    # Who wrote a remark; the name of a field to be filled in is no person.
    is_remark = str(one.get("/Type", "")) == "/Annot" and str(one.get("/Subtype", "")) != "/Widget"
    if is_remark and "/T" in one:
        del one["/T"]
