"""Scores of the TPN from an Excel file: by the invited reviewer, or by the inspectorate under the
ministry's letter; the same preview and the same doors as every other answer."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from assessments.actions.worksheet_imports import apply_worksheet_import, receive_worksheet
from assessments.enums import Assessor
from assessments.excel.plan import Outcome
from assessments.models import Answer, EvidenceUse, Worksheet, WorksheetImport
from assessments.queries.worksheet_files import plan_of, workbook_of
from assessments.queries.worksheets import scores_of
from assessments.tests.excel_books import HEADER, book, row
from assessments.tests.factories_worksheets import NOW, in_state, item, make_sheet, tpn_letter
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
LINK = "https://contoh.go.id/sk"


@pytest.fixture
def sheet(cast: Cast) -> Worksheet:
    """Approved, with one answer of the unit that the TPI has left as it was."""
    sheet = make_sheet(cast)
    for assessor in ("unit", "tpi"):
        Answer.objects.create(
            government=sheet.government,
            item=item(sheet, "A.I.1.i.a"),
            assessor=assessor,
            option="Ya",
            changed_by=cast[Role.ZI_SECRETARIAT],
            changed_at=NOW,
        )
    return in_state(sheet, "approved")


def side_by_side(*lines: tuple[str, str, str, str]) -> bytes:
    """As the ministry sends it back: question, the unit's answer, the TPN's, the TPN's reason."""
    rows = [[code, None, own, None, tpn, why or None, LINK] for code, own, tpn, why in lines]
    head = ["Penilaian", "Bobot", "Jawaban", "Catatan", "Jawaban TPN", "Catatan TPN", "Link"]
    return book(("LKE", [head, *rows]))


def receive(sheet: Worksheet, by: Membership, data: bytes) -> WorksheetImport:
    return receive_worksheet(sheet=sheet, data=data, sheet_name="", by=by, now=LATER)


def confirm(upload: WorksheetImport, sheet: Worksheet, by: Membership) -> WorksheetImport:
    seen = plan_of(upload, sheet).fingerprint
    return apply_worksheet_import(upload=upload, seen=seen, take=(), by=by, now=LATER)


def stands(sheet: Worksheet, assessor: str) -> dict[str, tuple[str, str, int | None]]:
    rows = Answer.objects.filter(item__worksheet=sheet, assessor=assessor)
    return {a.item.code: (a.option, a.reason, a.letter_id) for a in rows.select_related("item")}


FILE = side_by_side(
    ("A.I.1.i.a", "Ya", "Tidak", "SK tidak berlaku"), ("A.I.1.i.b", "A", "C", "Tiga orang saja")
)


class TestReviewer:
    def test_his_column_becomes_his_scores(self, sheet: Worksheet, cast: Cast) -> None:
        reviewer = cast[Role.TPN_REVIEWER]
        upload = receive(sheet, reviewer, FILE)
        assert (upload.assessor, upload.letter) == (Assessor.TPN, None)
        done = confirm(upload, sheet, reviewer)
        assert (done.written, done.refused) == (2, 0)
        assert stands(sheet, Assessor.TPN) == {
            "A.I.1.i.a": ("Tidak", "SK tidak berlaku", None),
            "A.I.1.i.b": ("C", "Tiga orang saja", None),
        }
        assert stands(sheet, Assessor.UNIT) == {"A.I.1.i.a": ("Ya", "", None)}
        assert scores_of(sheet)["tpn"].answered == 2

    def test_a_score_that_differs_in_silence_is_refused_in_the_preview(
        self, sheet: Worksheet, cast: Cast
    ) -> None:
        upload = receive(
            sheet, cast[Role.TPN_REVIEWER], side_by_side(("A.I.1.i.a", "Ya", "Tidak", ""))
        )
        (line,) = plan_of(upload, sheet).lines
        assert line.outcome is Outcome.REFUSED

    def test_links_of_the_file_become_no_evidence(self, sheet: Worksheet, cast: Cast) -> None:
        reviewer = cast[Role.TPN_REVIEWER]
        done = confirm(receive(sheet, reviewer, FILE), sheet, reviewer)
        assert not EvidenceUse.objects.exists()
        assert [link for _code, link, _why in done.content["links"]] == [LINK, LINK]

    def test_not_before_the_tpi_has_approved_and_not_of_another_unit(
        self, sheet: Worksheet, cast: Cast
    ) -> None:
        for other in (
            make_sheet(cast, year=2025),
            in_state(make_sheet(cast, cast.below), "approved"),
        ):
            with pytest.raises(PermissionDenied):
                receive(other, cast[Role.TPN_REVIEWER], FILE)

    def test_the_units_sheet_of_our_own_file_is_never_taken_for_his(
        self, sheet: Worksheet, cast: Cast
    ) -> None:
        data = workbook_of(sheet, Assessor.values, now=NOW)
        with pytest.raises(StepRefused, match="TPN"):
            receive(sheet, cast[Role.TPN_REVIEWER], data)


class TestReviewersScreens:
    def test_downloaded_filled_sent_back_and_all_of_it_on_record(
        self, sheet: Worksheet, cast: Cast, client_as: Any
    ) -> None:
        client = client_as(cast[Role.TPN_REVIEWER])
        response = client.get(reverse("assessments:worksheet_export", args=[sheet.pk]))
        opened = load_workbook(io.BytesIO(response.content))
        assert opened.sheetnames == ["Unit", "TPI", "TPN", "Skala"]
        for cells in opened["TPN"].iter_rows(min_row=7):
            if str(cells[0].value).startswith("A.I.1.i.a "):
                assert cells[4].value is None
                cells[4].value, cells[7].value = "Tidak", "SK tidak berlaku"
        target = io.BytesIO()
        opened.save(target)
        page = reverse("assessments:worksheet_import", args=[sheet.pk])
        assert "“TPN”" in client.get(page).content.decode()
        file = SimpleUploadedFile("lke.xlsx", target.getvalue())
        there = client.post(page, {"file": file})["Location"]
        preview = client.get(there)
        assert preview.context["reading"].sheet == "TPN"
        sent = {"do": "confirm", "fingerprint": preview.context["plan"].fingerprint}
        assert client.post(there, sent).status_code == 302
        assert stands(sheet, Assessor.TPN) == {"A.I.1.i.a": ("Tidak", "SK tidak berlaku", None)}
        read = LedgerEntry.objects.filter(verb="worksheet.read").order_by("pk")
        assert [entry.codes["page"] for entry in read] == [
            "export",
            "import",
            "import",
            "import_preview",
            "import_preview",
        ]

    def test_letters_and_minutes_are_on_record_as_well(
        self, sheet: Worksheet, cast: Cast, client_as: Any
    ) -> None:
        client = client_as(cast[Role.TPN_REVIEWER])
        letter = tpn_letter(sheet)
        for name, pk in (
            ("worksheet_tpn", sheet.pk),
            ("tpn_letter_file", letter.pk),
            ("worksheet_minutes", sheet.pk),
        ):
            response = client.get(reverse(f"assessments:{name}", args=[pk]))
            assert response.status_code == 200
            assert response.getvalue()
        read = LedgerEntry.objects.filter(verb="worksheet.read").order_by("pk")
        assert [entry.codes["page"] for entry in read] == ["tpn", "tpn_letter", "minutes"]

    def test_a_download_of_others_leaves_no_trace(
        self, sheet: Worksheet, cast: Cast, client_as: Any
    ) -> None:
        for role in (Role.INSPECTORATE, Role.OPD_HEAD, Role.MAYOR):
            page = reverse("assessments:worksheet_export", args=[sheet.pk])
            assert client_as(cast[role]).get(page).status_code == 200
        assert not LedgerEntry.objects.filter(verb="worksheet.read").exists()


class TestLetter:
    def test_every_score_names_the_letter_with_which_the_file_came(
        self, sheet: Worksheet, cast: Cast
    ) -> None:
        inspector, letter = cast[Role.INSPECTORATE], tpn_letter(sheet)
        upload = receive(sheet, inspector, FILE)
        assert upload.letter == letter
        entry = LedgerEntry.objects.get(verb="worksheet_import.received")
        assert entry.codes["letter"] == letter.pk
        assert confirm(upload, sheet, inspector).written == 2
        assert {found[2] for found in stands(sheet, Assessor.TPN).values()} == {letter.pk}

    def test_no_letter_no_file(self, sheet: Worksheet, cast: Cast, client_as: Any) -> None:
        with pytest.raises(StepRefused, match="surat TPN"):
            receive(sheet, cast[Role.INSPECTORATE], FILE)
        page = reverse("assessments:worksheet_import", args=[sheet.pk])
        response = client_as(cast[Role.INSPECTORATE]).get(page)
        assert response.status_code == 403
        assert "surat TPN" in response.content.decode()

    def test_a_newer_letter_stops_it(self, sheet: Worksheet, cast: Cast) -> None:
        inspector = cast[Role.INSPECTORATE]
        tpn_letter(sheet)
        upload = receive(sheet, inspector, FILE)
        tpn_letter(sheet, "B/13/TPN/2026")
        with pytest.raises(StepRefused, match="Surat TPN lain"):
            confirm(upload, sheet, inspector)
        assert stands(sheet, Assessor.TPN) == {}

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.ZI_SECRETARIAT, Role.PLANNER])
    def test_only_the_inspectorate(self, role: str, sheet: Worksheet, cast: Cast) -> None:
        tpn_letter(sheet)
        with pytest.raises(PermissionDenied):
            receive(sheet, cast[role], FILE)

    def test_from_the_page_of_the_letter_to_the_scores(
        self, sheet: Worksheet, cast: Cast, client_as: Any
    ) -> None:
        letter = tpn_letter(sheet)
        client = client_as(cast[Role.INSPECTORATE])
        page = reverse("assessments:worksheet_import", args=[sheet.pk])
        there = reverse("assessments:worksheet_tpn", args=[sheet.pk])
        assert page in client.get(there).content.decode()
        assert letter.number in client.get(page).content.decode()
        file = SimpleUploadedFile("lke.xlsx", FILE)
        preview = client.get(client.post(page, {"file": file})["Location"])
        text = preview.content.decode()
        assert letter.number in text
        assert reverse("assessments:tpn_letter_file", args=[letter.pk]) in text
        assert "Jawaban TPN" in text
        assert "hanya unit" in text

    def test_an_answer_that_stands_is_chosen_per_row(self, sheet: Worksheet, cast: Cast) -> None:
        inspector = cast[Role.INSPECTORATE]
        letter = tpn_letter(sheet)
        confirm(receive(sheet, inspector, FILE), sheet, inspector)
        again = receive(
            sheet, inspector, book(("TPN", [HEADER, row("A.I.1.i.b", "B", "Lima orang")]))
        )
        assert confirm(again, sheet, inspector).kept == 1
        assert stands(sheet, Assessor.TPN)["A.I.1.i.b"] == ("C", "Tiga orang saja", letter.pk)
