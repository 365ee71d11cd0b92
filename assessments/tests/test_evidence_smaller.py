"""Smaller copies of big scans: made by a worker, chosen by a person."""

import io
from uuid import uuid4

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from assessments.actions.evidence import BIG_BYTES, EvidenceTexts, Source, add_evidence
from assessments.actions.evidence_smaller import keep_scan, make_smaller, use_smaller
from assessments.models import SmallerCopy
from assessments.queries.evidence import KIND, LARGE, newest_revision
from assessments.queries.evidence_links import copies_due, status_part
from assessments.tests.factories_evidence import NOW, document, pdf
from integrity_portal.core.files import receive
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import LedgerEntry, StoredFile
from integrity_portal.core.shrinking import smaller_pdf
from opd.enums import Role
from opd.transitions import StepRefused

pytestmark = pytest.mark.usefixtures("english")


def scan(side: int = 1700, *, signed: bool = False) -> bytes:
    """A page of noise, as scanners write it: 8.6 MB of raw colours."""
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(595, 842))
    noise = Image.effect_noise((side, side), 40).convert("RGB").tobytes()
    picture = made.make_stream(noise)
    picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    picture.Width = picture.Height = side
    picture.ColorSpace, picture.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    page.Contents = made.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")
    if signed:
        made.Root.AcroForm = pikepdf.Dictionary(SigFlags=3, Fields=[])
    kept = io.BytesIO()
    made.save(kept, compress_streams=False)
    return kept.getvalue()


@pytest.fixture(scope="module")
def paper() -> bytes:
    return scan()


@pytest.fixture
def operator(cast):
    return cast[Role.OPD_OPERATOR]


def added(cast, by, data: bytes):
    upload = SimpleUploadedFile("pindaian.pdf", data, "application/pdf")
    stored = receive(
        upload, rule=LARGE, kind=KIND, government_id=by.government_id, by_user_id=by.user_id
    )
    return add_evidence(
        unit=cast.unit,
        texts=EvidenceTexts("Pindaian"),
        source=Source(stored),
        form_key=uuid4(),
        by=by,
        now=NOW,
    )


@pytest.fixture
def offered(cast, operator, paper):
    """A scan whose smaller copy waits."""
    added(cast, operator, paper)
    copy = make_smaller(pk=copies_due(NOW)[0], now=NOW)
    copy.refresh_from_db()
    return copy


def test_a_scan_becomes_smaller_and_stays_whole(paper) -> None:
    assert len(paper) > BIG_BYTES
    made = smaller_pdf(io.BytesIO(paper), len(paper))
    assert made is not None
    assert len(made) < len(paper) * 0.5
    with pikepdf.open(io.BytesIO(made)) as again:
        picture = again.pages[0].Resources.XObject.Im0
        assert (picture.Width, str(picture.Filter)) == (1700, "/DCTDecode")
        assert pikepdf.PdfImage(picture).as_pil_image().size == (1700, 1700)


def test_a_signature_is_never_broken() -> None:
    data = scan(300, signed=True)
    assert smaller_pdf(io.BytesIO(data), len(data)) is None


def test_where_nothing_is_gained_nothing_is_made() -> None:
    data = pdf("teks saja")
    assert smaller_pdf(io.BytesIO(data), len(data)) is None


def test_big_pdfs_alone_are_offered_a_copy(cast, operator, paper) -> None:
    document(cast)
    assert copies_due(NOW) == []
    proof = added(cast, operator, paper)
    assert copies_due(NOW) == [SmallerCopy.objects.get(revision__evidence=proof).pk]


def test_the_scan_stays_until_somebody_chooses(offered) -> None:
    assert offered.job_state == JobState.DONE
    assert offered.stored.size < offered.revision.stored.size
    assert newest_revision(offered.revision.evidence) == offered.revision
    assert LedgerEntry.objects.filter(verb="evidence.smaller_made").exists()
    assert copies_due(NOW) == []


def test_the_chosen_copy_is_the_next_revision(operator, offered) -> None:
    revision = use_smaller(copy=offered, by=operator, now=NOW)
    assert (revision.number, revision.stored) == (2, offered.stored)
    assert offered.revision.stored.state == StoredFile.State.STORED
    with pytest.raises(StepRefused):
        use_smaller(copy=offered, by=operator, now=NOW)
    assert SmallerCopy.objects.count() == 1


def test_a_copy_that_nobody_wants_goes(operator, offered) -> None:
    made = offered.stored
    keep_scan(copy=offered, by=operator, now=NOW)
    made.refresh_from_db()
    assert made.state == StoredFile.State.PENDING
    assert newest_revision(offered.revision.evidence).number == 1
    with pytest.raises(StepRefused):
        keep_scan(copy=offered, by=operator, now=NOW)


def test_only_the_unit_chooses(cast, offered) -> None:
    for choose in (use_smaller, keep_scan):
        with pytest.raises(PermissionDenied):
            choose(copy=offered, by=cast[Role.INSPECTORATE], now=NOW)


def test_what_cannot_be_read_is_given_up(cast, operator, paper) -> None:
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage

    proof = added(cast, operator, paper)
    key = proof.revisions.get().stored.key
    default_storage.delete(key)
    default_storage.save(key, ContentFile(b"%PDF-1.7 broken"))
    copy = make_smaller(pk=copies_due(NOW)[0], now=NOW)
    copy.refresh_from_db()
    assert copy.job_state == JobState.DEAD
    assert copy.stored is None


def test_the_offer_stands_at_the_document(client_as, operator, offered) -> None:
    client, pk = client_as(operator), offered.revision.evidence_id
    client.cookies["language"] = "en"
    page = reverse("assessments:evidence_document", args=[pk])
    choose = reverse("assessments:evidence_choose", args=[pk])
    assert choose in client.get(page).content.decode()
    file = client.get(reverse("assessments:evidence_smaller", args=[pk]))
    assert len(file.getvalue()) == offered.stored.size
    client.post(choose, {"use": "1"})
    assert newest_revision(offered.revision.evidence).number == 2
    assert choose not in client.get(page).content.decode()
    assert client.post(choose, {"use": "1"}).status_code == 404


def test_copies_that_were_given_up_are_named_to_the_it_team(cast, operator, paper) -> None:
    assert status_part(NOW).lines == []
    evidence = added(cast, operator, paper)
    SmallerCopy.objects.update(job_state=JobState.DEAD, last_error="PdfError")
    revision = newest_revision(evidence)
    assert status_part(NOW).lines == [
        "1 smaller copy was given up; the scan itself is there. "
        f"Revision: {revision.pk} (PdfError)."
    ]
    assert not status_part(NOW).is_bad
