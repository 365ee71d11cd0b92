"""Many documents at once: names matched to questions, previewed, then written together."""

import io
import zipfile
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.actions.evidence_bulk import Row, add_many
from assessments.enums import ItemMark
from assessments.evidence_names import match
from assessments.models import Evidence, EvidenceUse
from assessments.queries.evidence_bulk import Arrived, preview
from assessments.tests.factories_evidence import (
    CODE,
    NOW,
    OTHER,
    arrived,
    make_sheet,
    pdf,
    upload,
    with_tpi,
)
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.transitions import StepRefused

pytestmark = pytest.mark.usefixtures("english")
CODES = ("A.I.1.i.a", "A.I.1.i.b", "A.I.1.ii.b", "A.I.1.iv.d", "A.II.1.i.a", "B.I.a.a", "B.II.a.a")


@pytest.mark.parametrize(
    ("path", "codes", "title"),
    [
        ("A.I.1.ii.b SK Tim.pdf", ("A.I.1.ii.b",), "SK Tim"),
        ("1.ii.b SK Tim.pdf", ("A.I.1.ii.b",), "SK Tim"),
        ("a_i_1_ii_b_SK_Tim.pdf", ("A.I.1.ii.b",), "SK Tim"),
        ("A-I-1-ii-b - SK Tim v1.2.pdf", ("A.I.1.ii.b",), "SK Tim v1.2"),
        ("A.I.1.ii.b.pdf", ("A.I.1.ii.b",), "A.I.1.ii.b"),
        ("SK Tim (A.I.1.i.a, A.I.1.i.b).pdf", ("A.I.1.i.a", "A.I.1.i.b"), "SK Tim"),
        ("B.II.a.a SPKP.pdf", ("B.II.a.a",), "SPKP"),
        ("ZI/A.I.1.ii.b/Foto rapat.jpg", ("A.I.1.ii.b",), "Foto rapat"),
        ("C:\\ZI\\a.i.1.i.a\\Notulen.pdf", ("A.I.1.i.a",), "Notulen"),
        ("ZI/A.I.1.ii/b/SK Tim.pdf", ("A.I.1.ii.b",), "SK Tim"),
        ("A/I/1/ii/b/SK Tim.pdf", ("A.I.1.ii.b",), "SK Tim"),
        ("1.ii/b/2026/SK Tim.pdf", ("A.I.1.ii.b",), "SK Tim"),
        ("A.I.1.ii/b. SK Tim.pdf", ("A.I.1.ii.b",), "SK Tim"),
        ("A.I.1.ii/b.pdf", ("A.I.1.ii.b",), "b"),
        ("A.I.1.ii.b/A.I.1.i.a/Notulen.pdf", ("A.I.1.i.a",), "Notulen"),
        ("A.I.1.ii.b/A.I.1.i.a Notulen.pdf", ("A.I.1.i.a",), "Notulen"),
        ("A.I.1.ii/Surat/b.pdf", (), "b"),
        ("a/" * 250 + "SK.pdf", (), "SK"),
        ("Laporan 2026.pdf", (), "Laporan 2026"),
        ("A.I.1.pdf", (), "A.I.1"),
        ("", (), ""),
    ],
)
def test_names_speak_of_questions(path: str, codes: tuple[str, ...], title: str) -> None:
    found = match(path, CODES)
    assert (found.codes, found.title) == (codes, title)


def test_a_short_code_of_several_questions_is_not_guessed() -> None:
    found = match("1.i.a undangan.pdf", CODES)
    assert (found.codes, found.possible) == ((), ("A.I.1.i.a", "A.II.1.i.a"))


@pytest.fixture
def sheet(cast):
    return make_sheet(cast)


@pytest.fixture
def operator(cast):
    return cast[Role.OPD_OPERATOR]


def write(sheet, rows, by, key=None):
    return add_many(sheet=sheet, rows=rows, form_key=key or uuid4(), by=by, now=NOW)


def test_files_are_written_together(sheet, operator) -> None:
    rows = [
        Row(arrived(operator, "satu"), "SK", (CODE, OTHER)),
        Row(arrived(operator, "dua"), "Notulen", (CODE,)),
    ]
    written = write(sheet, rows, operator)
    assert (written.added, written.known, written.places) == (2, 0, 3)
    places = EvidenceUse.objects.order_by("pk").values_list("evidence__title", "item__code")
    assert list(places) == [("SK", CODE), ("SK", OTHER), ("Notulen", CODE)]
    entry = LedgerEntry.objects.get(verb="evidence.added_many")
    assert entry.codes == {"added": 2, "known": 0, "places": 3}


def test_a_second_press_writes_nothing_new(sheet, operator) -> None:
    key, rows = uuid4(), [Row(arrived(operator, "satu"), "SK", (CODE,))]
    write(sheet, rows, operator, key)
    assert write(sheet, rows, operator, key).added == 0
    assert (Evidence.objects.count(), EvidenceUse.objects.count()) == (1, 1)


def test_the_same_content_is_one_document(sheet, operator) -> None:
    twice = [
        Row(arrived(operator, "satu"), "SK", (CODE,)),
        Row(arrived(operator, "satu"), "SK lagi", (OTHER,)),
    ]
    assert write(sheet, twice, operator).known == 1
    assert Evidence.objects.get().uses.count() == 2


def test_one_closed_question_stops_all(cast, sheet, operator) -> None:
    rows = [
        Row(arrived(operator, "satu"), "SK", (CODE,)),
        Row(arrived(operator, "dua"), "SK", (OTHER,)),
    ]
    with_tpi(cast, sheet)
    sheet.items.filter(code=CODE).update(mark=ItemMark.RETURNED)
    with pytest.raises(StepRefused) as refused:
        write(sheet, rows, operator)
    assert [item.sentence for item in refused.value.missing] == [f"The TPI has question {OTHER}."]
    assert not Evidence.objects.exists()


def test_only_the_unit_writes_many(cast, sheet, operator) -> None:
    rows = [Row(arrived(operator, "satu"), "SK", (CODE,))]
    with pytest.raises(PermissionDenied):
        write(sheet, rows, cast[Role.ZI_SECRETARIAT])


def test_the_preview_names_what_is_known_and_what_came_twice(sheet, operator) -> None:
    write(sheet, [Row(arrived(operator, "satu"), "SK lama", (CODE,))], operator)
    rows = preview(
        sheet,
        [
            Arrived(arrived(operator, "satu"), f"{CODE} a.pdf"),
            Arrived(arrived(operator, "dua"), f"{OTHER} b.pdf"),
            Arrived(arrived(operator, "dua"), "c.pdf"),
        ],
    )
    assert [(row.known_as, row.twice, row.codes) for row in rows] == [
        ("SK lama", "", (CODE,)),
        ("", "", (OTHER,)),
        ("", f"{OTHER} b.pdf", ()),
    ]


# --- the screens ---


@pytest.fixture
def desk(operator, client_as):
    client = client_as(operator)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def address(sheet) -> str:
    return reverse("assessments:evidence_bulk", args=[sheet.pk])


def archive(**files: bytes) -> SimpleUploadedFile:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return SimpleUploadedFile("bukti.zip", kept.getvalue(), "application/zip")


def typed(response, **changes) -> dict[str, str]:
    """The preview as a browser would send it back."""
    head = response.context["head"]
    data = {name: head[name].value() for name in ("form_key", "version", "count")}
    for _row, line in response.context["lines"]:
        for name in ("stored", "path", "codes", "title"):
            data[line.add_prefix(name)] = line[name].value() or ""
    return {**data, **changes, "write": "1"}


def test_a_zip_is_previewed_then_written(sheet, desk) -> None:
    sent = archive(
        **{
            f"ZI/{CODE} SK Tim.pdf": pdf("a"),
            f"ZI/{OTHER}/Undangan.pdf": pdf("b"),
            "ZI/Lain.pdf": pdf("c"),
            "__MACOSX/._x": b"x",
            "ZI/rusak.pdf": b"not a pdf",
        }
    )
    response = desk.post(address(sheet), {"archive": sent})
    text = response.content.decode()
    assert "3 files have arrived. Nothing is written yet." in text
    assert "ZI/rusak.pdf" in text
    assert not Evidence.objects.exists()
    done = desk.post(address(sheet), typed(response))
    assert done.status_code == 302
    places = EvidenceUse.objects.values_list("item__code", "evidence__title")
    assert set(places) == {(CODE, "SK Tim"), (OTHER, "Undangan")}


def test_several_files_and_corrections_in_the_preview(sheet, desk) -> None:
    files = [upload("1.i.a SK.pdf", "a"), upload("Foto.pdf", "b")]
    response = desk.post(address(sheet), {"files": files})
    assert "Possible:" in response.content.decode()
    wrong = desk.post(address(sheet), typed(response, **{"row0-codes": "A.9.z"}))
    assert "There is no question A.9.z" in wrong.content.decode()
    data = typed(response, **{"row0-codes": CODE.lower(), "row1-codes": f"{CODE}, {OTHER}"})
    desk.post(address(sheet), data)
    assert EvidenceUse.objects.count() == 3


def test_nothing_with_a_question_writes_nothing(sheet, desk) -> None:
    response = desk.post(address(sheet), {"files": [upload("Foto.pdf")]})
    again = desk.post(address(sheet), typed(response))
    assert "No file has a question yet" in again.content.decode()
    assert desk.post(address(sheet), {}).status_code == 422


def test_a_file_that_is_gone_is_named_and_the_rest_stays(sheet, desk) -> None:
    files = [upload(f"{CODE} a.pdf", "a"), upload(f"{OTHER} b.pdf", "b")]
    response = desk.post(address(sheet), {"files": files})
    changes = {"row0-stored": "x" * 22, "row1-title": "Judul saya"}
    again = desk.post(address(sheet), typed(response, **changes))
    text = again.content.decode()
    assert "is no longer there" in text
    assert "Judul saya" in text
    desk.post(address(sheet), typed(again))
    assert EvidenceUse.objects.get().evidence.title == "Judul saya"


def test_uploads_of_others_are_not_taken(cast, sheet, desk) -> None:
    theirs = arrived(cast[Role.OPD_HEAD], "milik kepala")
    response = desk.post(address(sheet), {"files": [upload(f"{CODE} a.pdf")]})
    desk.post(address(sheet), typed(response, **{"row0-stored": theirs.public_id}))
    assert not Evidence.objects.exists()
