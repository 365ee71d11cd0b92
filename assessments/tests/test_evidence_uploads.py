"""Uploads that resume: tus 1.0 on the server, and in a browser whose line breaks."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from assessments import resumable
from assessments.models import EvidenceUse, ResumableUpload
from assessments.tests.evidence_door import TUS, create, send
from assessments.tests.factories_evidence import CODE, NOW, make_sheet, pdf
from integrity_portal.core.files import FileRefused
from integrity_portal.core.models import StoredFile
from opd.enums import Role

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def desk(cast, client_as):
    return client_as(cast[Role.OPD_OPERATOR])


def test_the_server_says_what_it_speaks(desk) -> None:
    answer = desk.options(reverse("assessments:evidence_upload_new"))
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation"
    assert answer.headers["Tus-Max-Size"] == str(200 * 1024 * 1024)


def test_a_file_arrives_in_pieces_and_is_kept_by_the_form(cast, desk) -> None:
    data = pdf("pecahan", pages=9)
    made = create(desk, len(data))
    assert made.status_code == 201
    here = made.headers["Location"]
    assert send(desk, here, 0, data[:300]).headers["Upload-Offset"] == "300"
    head = desk.head(here, headers=TUS)
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("300", str(len(data)))
    assert head.headers["Cache-Control"] == "no-store"
    last = send(desk, here, 300, data[300:])
    assert last.status_code == 204
    stored = StoredFile.objects.get(public_id=last.headers["Portal-File"])
    assert (stored.size, stored.name, stored.state) == (len(data), "SK Tim.pdf", "pending")
    with default_storage.open(stored.key) as kept:
        assert kept.read() == data
    assert desk.head(here, headers=TUS).headers["Portal-File"] == stored.public_id
    assert default_storage.listdir(f"{cast.home.pk}/pieces")[1] == []
    sheet = make_sheet(cast)
    add = reverse("assessments:evidence_add", args=[sheet.pk, CODE])
    desk.post(add, {"form_key": uuid4(), "version": 0, "kept": stored.public_id, "title": "SK"})
    assert EvidenceUse.objects.get().evidence.revisions.get().stored == stored


def test_a_piece_at_the_wrong_place_is_told_where_to_go_on(desk) -> None:
    here = create(desk, 100).headers["Location"]
    send(desk, here, 0, b"x" * 40)
    for offset in (0, 41):
        answer = send(desk, here, offset, b"x" * 10)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "40")
    assert ResumableUpload.objects.get().offset == 40


def test_more_than_was_said_is_refused(desk) -> None:
    here = create(desk, 10).headers["Location"]
    assert send(desk, here, 0, b"x" * 11).status_code == 422
    assert ResumableUpload.objects.get().offset == 0


def test_what_is_no_paper_is_refused_with_a_sentence_and_leaves_nothing(cast, desk) -> None:
    here = create(desk, 20).headers["Location"]
    answer = send(desk, here, 0, b"not a paper at all !")
    assert answer.status_code == 422
    assert "PDF" in answer.json()["sentence"]
    assert not ResumableUpload.objects.exists()
    assert not StoredFile.objects.exists()
    assert default_storage.listdir(f"{cast.home.pk}/pieces")[1] == []


def test_what_cannot_begin(desk) -> None:
    assert create(desk, 0).status_code == 422
    assert create(desk, 60 * 1024 * 1024).status_code == 413
    assert create(desk, "many").status_code == 400
    assert create(desk, 5, **{"Tus-Resumable": "0.2.2"}).status_code == 412
    assert not ResumableUpload.objects.exists()


def test_the_words_of_the_protocol_are_needed(desk) -> None:
    here = create(desk, 10).headers["Location"]
    assert desk.head(here).status_code == 412
    plain = desk.patch(here, b"x", content_type="text/plain", headers={**TUS, "Upload-Offset": "0"})
    assert plain.status_code == 415
    assert send(desk, here, "x", b"x").status_code == 400


def test_an_upload_is_its_persons_alone(cast, desk, client_as) -> None:
    here = create(desk, 10).headers["Location"]
    for other in (cast[Role.OPD_HEAD], cast.away_offices[Role.OPD_OPERATOR]):
        client = client_as(other)
        assert client.head(here, headers=TUS).status_code == 404
        assert send(client, here, 0, b"x").status_code == 404


def test_a_person_has_so_many_under_way(cast) -> None:
    by = cast[Role.OPD_OPERATOR]
    for _number in range(resumable.MOST_OPEN):
        resumable.begin(name="a", size=1, by=by, now=NOW)
    with pytest.raises(FileRefused, match="Too many"):
        resumable.begin(name="a", size=1, by=by, now=NOW)


def test_what_nobody_goes_on_with_is_swept_with_its_pieces(cast) -> None:
    by = cast[Role.OPD_OPERATOR]
    old = resumable.begin(name="a", size=5, by=by, now=NOW)
    resumable.append(upload=old, offset=0, data=b"abc", now=NOW)
    later = NOW + timedelta(hours=25)
    fresh = resumable.begin(name="b", size=5, by=by, now=later)
    resumable.sweep(later)
    assert list(ResumableUpload.objects.all()) == [fresh]
    assert default_storage.listdir(f"{cast.home.pk}/pieces")[1] == []


@pytest.mark.e2e
def test_a_broken_line_costs_nothing(cast, browser_page, tmp_path) -> None:
    """The second piece is cut off; the browser asks how far it came and goes on from there."""
    sheet = make_sheet(cast)
    paper = tmp_path / "A.I.1.i.a SK besar.pdf"
    paper.write_bytes(pdf("besar") + b"\n%" + b"0" * 1_200_000 + b"\n")
    page = browser_page(cast[Role.OPD_OPERATOR])
    pieces: list[str] = []

    def line(route, request) -> None:
        if request.method == "PATCH":
            pieces.append(request.headers["upload-offset"])
            if len(pieces) == 2:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route(re.compile(r"/lke/evidence/uploads/.+"), line)
    page.goto(reverse("assessments:evidence_add", args=[sheet.pk, CODE]))
    page.set_input_files("#id_proof", str(paper))
    page.wait_for_selector("[name=kept]:not([value=''])[value]", state="attached", timeout=20000)
    assert pieces == ["0", "524288", "524288", "1048576"]
    page.fill("#id_pages", "2")
    page.click("text=Tambahkan dokumen")
    page.wait_for_url(re.compile("questions"))
    use = EvidenceUse.objects.get()
    assert use.evidence.revisions.get().stored.size == paper.stat().st_size
    assert use.evidence.title == "A.I.1.i.a SK besar"


@pytest.mark.e2e
def test_a_form_sent_too_early_waits_for_its_file(cast, browser_page, tmp_path) -> None:
    sheet = make_sheet(cast)
    paper = tmp_path / "SK.pdf"
    paper.write_bytes(pdf("awal") + b"\n%" + b"0" * 900_000 + b"\n")
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(reverse("assessments:evidence_add", args=[sheet.pk, CODE]))
    page.set_input_files("#id_proof", str(paper))
    page.click("text=Tambahkan dokumen")
    page.wait_for_url(re.compile("questions"))
    assert EvidenceUse.objects.get().evidence.title == "SK"
    assert ResumableUpload.objects.get().stored is not None
