"""Evidence for tests: files, links, documents at questions, sheets in the hands of the TPI."""

import io
from typing import Any
from uuid import uuid4

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.actions.evidence import (
    EvidenceTexts,
    Source,
    add_evidence,
    attach_evidence,
)
from assessments.actions.evidence_verdicts import judge_use
from assessments.enums import WorksheetState
from assessments.models import Evidence, EvidenceUse, Worksheet
from assessments.queries.evidence import KIND, newest_revision
from assessments.tests.factories_worksheets import NOW, item, make_sheet, tpi_member
from integrity_portal.core.files import EVIDENCE, receive
from integrity_portal.core.models import StoredFile
from opd.enums import Role, TpiFunction
from opd.models import Membership

CODE = "A.I.1.i.a"
OTHER = "A.I.1.i.b"


def pdf(words: str = "SK Tim Kerja", pages: int = 3) -> bytes:
    """A small PDF; other words make another file."""
    made, kept = pikepdf.new(), io.BytesIO()
    for _number in range(pages):
        page = made.add_blank_page(page_size=(200, 200))
        page.Contents = made.make_stream(f"% {words}".encode())
    made.docinfo["/Title"] = words
    made.save(kept, deterministic_id=True)
    return kept.getvalue()


def upload(name: str = "SK Tim.pdf", words: str = "SK Tim Kerja") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pdf(words), "application/pdf")


def arrived(
    by: Membership, words: str = "SK Tim Kerja", kind: str = KIND, **more: Any
) -> StoredFile:
    """A file that is with the portal and that nothing keeps yet."""
    return receive(
        upload(words=words, **more),
        rule=EVIDENCE,
        kind=kind,
        government_id=by.government_id,
        by_user_id=by.user_id,
    )


def document(cast: Any, title: str = "SK Tim Kerja ZI", unit: Any = None, **more: Any) -> Evidence:
    """Of the cast's unit, with a file of its own unless `url` says otherwise."""
    by = more.pop("by", cast[Role.OPD_OPERATOR])
    url = more.pop("url", "")
    source = Source(url=url) if url else Source(arrived(by, words=f"{title} {uuid4()}"))
    return add_evidence(
        unit=unit or cast.unit,
        texts=EvidenceTexts(title, **more),
        source=source,
        form_key=uuid4(),
        by=by,
        now=NOW,
    )


def proven(
    cast: Any, sheet: Worksheet, code: str = CODE, pages: str = "3", **more: Any
) -> EvidenceUse:
    """A document of the unit at a question of its sheet."""
    proof = document(cast, **more)
    by = more.get("by", cast[Role.OPD_OPERATOR])
    return attach_evidence(item=item(sheet, code), evidence=proof, pages=pages, by=by, now=NOW)


def with_tpi(cast: Any, sheet: Worksheet) -> Membership:
    """The sheet is under review; the member of the TPI whose turn it is."""
    member = tpi_member(sheet, TpiFunction.ANGGOTA)
    Worksheet.objects.filter(pk=sheet.pk).update(
        state=WorksheetState.SUBMITTED, tier="anggota", round=1, submitted_by=cast[Role.OPD_HEAD]
    )
    sheet.refresh_from_db()
    return member


def approved(cast: Any, sheet: Worksheet) -> Worksheet:
    Worksheet.objects.filter(pk=sheet.pk).update(
        state=WorksheetState.APPROVED,
        tier="",
        round=1,
        submitted_by=cast[Role.OPD_HEAD],
        approved_by=cast[Role.INSPECTORATE],
    )
    sheet.refresh_from_db()
    return sheet


def judged(
    use: EvidenceUse, by: Membership, *, accepted: bool = True, note: str = ""
) -> EvidenceUse:
    revision = newest_revision(use.evidence)
    assert revision is not None
    return judge_use(use=use, revision=revision, accepted=accepted, note=note, by=by, now=NOW)


__all__ = ["NOW", "item", "make_sheet"]
