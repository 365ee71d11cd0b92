"""Many files by the resumable door: one by one, with their paths, also a folder that is dropped."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import Evidence, EvidenceUse, ResumableUpload
from assessments.queries.evidence import ARCHIVE_KIND, KIND
from assessments.queries.evidence_bulk import MOST
from assessments.tests.evidence_door import create, send
from assessments.tests.evidence_pages import reading
from assessments.tests.factories_evidence import CODE, OTHER, arrived, make_sheet, pdf
from integrity_portal.core.models import StoredFile
from opd.enums import Role

pytestmark = pytest.mark.usefixtures("english")
HEAD, LETTER = CODE.rsplit(".", 1)


@pytest.fixture
def sheet(cast):
    return make_sheet(cast)


@pytest.fixture
def desk(cast, client_as):
    return reading(client_as(cast[Role.OPD_OPERATOR]))


def address(sheet) -> str:
    return reverse("assessments:evidence_bulk", args=[sheet.pk])


def zipped(**files: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return kept.getvalue()


def pieced(client, data: bytes, name: str, purpose: str = "") -> str:
    """By the door; the name under which the form keeps it."""
    here = create(client, len(data), name, purpose=purpose).headers["Location"]
    return send(client, here, 0, data).headers["Portal-File"]


def seen(response) -> dict[str, tuple[str, ...]]:
    return {row.path: row.codes for row, _form in response.context["lines"]}


def test_what_came_by_the_door_is_previewed_with_its_path(sheet, desk) -> None:
    path = f"ZI 2026/{HEAD}/{LETTER}/SK Tim.pdf"
    kept = [pieced(desk, pdf(word), "SK Tim.pdf") for word in ("a", "b")]
    data = {"kept": kept, "path": [path, f"{OTHER}/Undangan.pdf"]}
    assert seen(desk.post(address(sheet), data)) == {
        path: (CODE,),
        f"{OTHER}/Undangan.pdf": (OTHER,),
    }
    assert not Evidence.objects.exists()


def test_a_zip_comes_by_the_door_and_is_unpacked(sheet, desk) -> None:
    data = zipped(**{f"{CODE} SK.pdf": pdf("a"), f"{HEAD}/{LETTER}/Foto.pdf": pdf("b")})
    name = pieced(desk, data, "bukti.zip", purpose="archive")
    assert StoredFile.objects.get(public_id=name).kind == ARCHIVE_KIND
    found = seen(desk.post(address(sheet), {"kept": [name], "path": ["bukti.zip"]}))
    assert found == {f"{CODE} SK.pdf": (CODE,), f"{HEAD}/{LETTER}/Foto.pdf": (CODE,)}
    # The ZIP itself is no paper: it cannot be written as one.
    preview = {"form_key": "5a0f5f0e-7f0e-4a7f-9c3e-111111111111", "version": 0, "count": 1}
    row = {"row0-stored": name, "row0-path": "x", "row0-codes": CODE, "row0-title": "x"}
    again = desk.post(address(sheet), {**preview, **row, "write": "1"})
    assert "is no longer there" in again.content.decode()
    assert not Evidence.objects.exists()


def test_what_is_no_zip_is_refused_at_the_door(desk) -> None:
    here = create(desk, 9, "bukti.zip", purpose="archive").headers["Location"]
    answer = send(desk, here, 0, b"not a zip")
    assert answer.json()["sentence"].startswith("This is no ZIP")
    assert create(desk, 60 * 1024 * 1024, "a.zip", purpose="archive").status_code == 201
    assert create(desk, 201 * 1024 * 1024, "a.zip", purpose="archive").status_code == 413
    assert create(desk, 60 * 1024 * 1024, "a.zip").status_code == 413


def test_what_others_sent_or_what_is_gone_is_named(cast, sheet, desk) -> None:
    theirs = arrived(cast[Role.OPD_HEAD], "milik kepala")
    mine = pieced(desk, pdf("a"), "SK.pdf")
    data = {"kept": [theirs.public_id, mine], "path": ["kepala.pdf", f"{CODE} SK.pdf"]}
    response = desk.post(address(sheet), data)
    assert list(seen(response)) == [f"{CODE} SK.pdf"]
    assert "“kepala.pdf” is no longer there" in response.content.decode()
    # A pair that does not fit together is nobody's form.
    assert desk.post(address(sheet), {"kept": [mine], "path": []}).status_code == 422


def test_more_than_one_can_look_through_is_named_and_left_out(cast, sheet, desk) -> None:
    by = cast[Role.OPD_OPERATOR]
    row = {"government_id": by.government_id, "kind": KIND, "created_by_id": by.user_id, "size": 1}
    stored = StoredFile.objects.bulk_create(
        StoredFile(**row, key=f"k{n}", name=f"{n}.pdf", sha256=f"{n:064}") for n in range(MOST)
    )
    last = pieced(desk, zipped(**{"A lagi.pdf": pdf("z")}), "a.zip", purpose="archive")
    kept = [one.public_id for one in stored] + [last]
    response = desk.post(address(sheet), {"kept": kept, "path": [f"{n}.pdf" for n in kept]})
    assert len(response.context["lines"]) == MOST
    assert "at most 0" not in response.content.decode()
    assert "Not kept: " in response.content.decode()


def test_too_many_files_of_a_plain_form_hear_a_sentence(sheet, client_as, cast) -> None:
    client = client_as(cast[Role.OPD_OPERATOR])
    client.raise_request_exception = False
    files = [SimpleUploadedFile(f"{n}.pdf", b"x") for n in range(101)]
    response = client.post(address(sheet), {"files": files})
    assert response.status_code == 413
    assert "paling banyak 100 berkas" in response.content.decode()


# --- in a browser ---


@pytest.fixture
def tree(tmp_path) -> Path:
    """A folder as people keep it, with what a system put beside."""
    root = tmp_path / "Bukti ZI"
    inside = root / HEAD / LETTER
    inside.mkdir(parents=True)
    (inside / "SK Tim.pdf").write_bytes(pdf("SK") + b"\n%" + b"0" * 900_000 + b"\n")
    (root / f"{OTHER} Undangan.pdf").write_bytes(pdf("Undangan"))
    (root / "Thumbs.db").write_bytes(b"x")
    (root / "catatan.txt").write_text("bukan bukti")
    return root


def wait_ready(page, count: int) -> None:
    page.wait_for_function(
        "count => document.querySelector('[data-portal-many-state]').textContent"
        ".startsWith(`${count} dari ${count} `)",
        arg=count,
        timeout=20000,
    )


def placed() -> set[tuple[str, str]]:
    return set(EvidenceUse.objects.values_list("item__code", "evidence__title"))


def written(page) -> None:
    page.click("button[name=look]")
    page.click("button[name=write]")
    page.wait_for_url(re.compile(r"\d+/evidence/$"))


def drop(page, *paths: Path) -> None:
    """As from the desktop: real files and folders, not objects made by a script."""
    spot = page.locator("h1").bounding_box()
    client = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"x": spot["x"] + 5, "y": spot["y"] + 5}
        client.send("Input.dispatchDragEvent", {"type": kind, "data": data, **place})


@pytest.mark.e2e
def test_a_dropped_folder_goes_by_the_door_with_its_paths(
    cast, sheet, browser_page, tree, tmp_path
) -> None:
    (tmp_path / "lain.zip").write_bytes(zipped(**{f"{OTHER}/Notulen.pdf": pdf("Notulen")}))
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(address(sheet))
    drop(page, tree, tmp_path / "lain.zip")
    wait_ready(page, 3)
    assert "Bukti ZI/catatan.txt" in page.inner_text("[data-portal-many-refused]")
    assert "Thumbs" not in page.inner_text("main")
    written(page)
    assert placed() == {(CODE, "SK Tim"), (OTHER, "Undangan"), (OTHER, "Notulen")}


@pytest.mark.e2e
def test_a_chosen_folder_goes_on_after_the_page_was_closed(cast, sheet, browser_page, tree) -> None:
    page = browser_page(cast[Role.OPD_OPERATOR])
    pieces: list[str] = []
    cut = True

    def line(route, request) -> None:
        if request.method == "PATCH" and "upload-offset" in request.headers:
            pieces.append(request.headers["upload-offset"])
            if cut and request.headers["upload-offset"] != "0":
                route.abort("connectionreset")
                return
        route.continue_()

    page.route(re.compile(r"/lke/evidence/uploads/.+"), line)
    page.goto(address(sheet))
    page.set_input_files("#id_folder", str(tree))
    page.wait_for_function(
        "() => document.querySelector('[data-portal-many-state]').textContent.includes('putus')"
    )
    cut = False
    began = len(pieces)
    page.reload()
    page.set_input_files("#id_folder", str(tree))
    page.click("button[name=look]")
    page.wait_for_selector("text=Belum ada yang disimpan.")
    # The small one is known to have arrived; the big one goes on where it stopped.
    assert set(pieces[began:]) == {"524288"}
    assert ResumableUpload.objects.count() == 2
    page.click("button[name=write]")
    page.wait_for_url(re.compile(r"\d+/evidence/$"))
    assert placed() == {(CODE, "SK Tim"), (OTHER, "Undangan")}


@pytest.mark.e2e
def test_too_many_files_are_refused_before_one_is_sent(cast, sheet, browser_page, tmp_path) -> None:
    folder = tmp_path / "banyak"
    folder.mkdir()
    for number in range(MOST + 1):
        (folder / f"{number}.pdf").write_bytes(b"x")
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(address(sheet))
    page.set_input_files("#id_folder", str(folder))
    page.wait_for_selector(f"text=Paling banyak {MOST} berkas sekaligus; ini akan menjadi 201")
    assert not ResumableUpload.objects.exists()


@pytest.mark.e2e
def test_what_the_door_does_not_take_goes_with_the_form(cast, sheet, browser_page, tree) -> None:
    page = browser_page(cast[Role.OPD_OPERATOR])
    door = re.compile(r"/lke/evidence/uploads/")
    page.route(door, lambda route: route.fulfill(status=403, body=""))
    page.goto(address(sheet))
    page.set_input_files("#id_folder", str(tree))
    page.wait_for_selector("text=tidak sampai dengan cara bertahap")
    written(page)
    assert placed() == {(CODE, "SK Tim"), (OTHER, "Undangan")}


@pytest.mark.e2e
def test_without_javascript_the_plain_form_sends_them(cast, sheet, browser_page, tmp_path) -> None:
    paper = tmp_path / f"{CODE} SK Tim.pdf"
    paper.write_bytes(pdf("SK"))
    page = browser_page(cast[Role.OPD_OPERATOR], java_script_enabled=False)
    page.goto(address(sheet))
    assert not page.is_visible("[data-portal-many-with]")
    page.set_input_files("#id_files", str(paper))
    written(page)
    assert placed() == {(CODE, "SK Tim")}
