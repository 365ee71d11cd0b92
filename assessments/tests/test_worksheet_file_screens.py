"""The screens of a work-sheet as a file, and the two commands for the IT team."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from assessments.actions.answers import Said, save_answer
from assessments.enums import Assessor, WorksheetState
from assessments.models import Answer, EvidenceUse, Worksheet, WorksheetImport
from assessments.tests.excel_books import HEADER, book, instrument, row
from assessments.tests.factories_worksheets import NOW, item, make_sheet, tpi_member
from assessments.tests.test_excel_export import everything, exported
from opd.enums import IdentifierKind, Role, TpiFunction
from opd.models import LoginIdentifier
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db
NIP = "198001012005011001"


@pytest.fixture
def sheet(cast: Cast) -> Worksheet:
    return make_sheet(cast)


@pytest.fixture
def operator(cast: Cast, client_as: Any) -> Client:
    return client_as(cast[Role.OPD_OPERATOR])


def url(name: str, sheet: Worksheet, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=[sheet.pk, *args])


def send(
    client: Client, target: Worksheet, data: bytes, name: str = "lke.xlsx", **more: str
) -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post(url("worksheet_import", target), {"file": file, **more})


def filled(*rows: list[Any]) -> bytes:
    return book(("LKE", [HEADER, *rows]))


def save(sheet: Worksheet, code: str, by: Any, **said: Any) -> Answer:
    return save_answer(
        item=item(sheet, code),
        assessor=Assessor.UNIT,
        said=Said(**said),
        version=0,
        by=by,
        now=NOW,
    ).answer


class TestDownload:
    def test_it_is_a_workbook_with_the_answers(
        self, sheet: Worksheet, cast: Cast, operator: Client
    ) -> None:
        save(sheet, "A.I.1.i.a", cast[Role.OPD_OPERATOR], option="Ya")
        response = operator.get(url("worksheet_export", sheet))
        assert "attachment" in response["Content-Disposition"]
        assert "2026.xlsx" in response["Content-Disposition"]
        opened = load_workbook(io.BytesIO(response.content), data_only=True)
        assert opened.sheetnames == ["Unit", "Skala"]
        totals = [r for r in opened["Unit"].iter_rows(values_only=True) if r[0] == "Nilai total"]
        assert totals[0][5] == pytest.approx(0.25)

    def test_the_tpis_sheet_only_for_who_reads_it(
        self, sheet: Worksheet, cast: Cast, operator: Client, client_as: Any
    ) -> None:
        save(sheet, "A.I.1.i.a", cast[Role.OPD_OPERATOR], option="Ya")
        member = tpi_member(sheet, TpiFunction.ANGGOTA)
        Worksheet.objects.filter(pk=sheet.pk).update(
            state=WorksheetState.SUBMITTED, tier="anggota", submitted_by=cast[Role.OPD_HEAD]
        )
        save_answer(
            item=item(sheet, "A.I.1.i.a"),
            assessor=Assessor.TPI,
            said=Said(option="Ya"),
            version=0,
            by=member,
            now=NOW,
        )
        names = {}
        for who, client in (("unit", operator), ("tpi", client_as(member))):
            content = client.get(url("worksheet_export", sheet)).content
            names[who] = load_workbook(io.BytesIO(content)).sheetnames
        assert names == {"unit": ["Unit", "Skala"], "tpi": ["Unit", "TPI", "Skala"]}


class TestUpload:
    def test_from_the_file_to_the_answers(
        self, sheet: Worksheet, cast: Cast, operator: Client
    ) -> None:
        save(sheet, "A.I.1.i.b", cast[Role.OPD_OPERATOR], option="A")
        data = filled(
            row("A.I.1.i.a", "Ya"),
            row("A.I.1.i.b", "C"),
            row("A.I.1.ii.a", "Barangkali"),
            row("A.I.1.ii.b", "A", "", "https://contoh.go.id/bukti"),
        )
        there = send(operator, sheet, data)
        assert there.status_code == 302
        page = operator.get(there["Location"])
        text = page.content.decode()
        assert "E4" in text
        assert "Barangkali" in text
        assert "Pilihan itu tidak ada. Tulis salah satu: Ya, Tidak." in text
        assert "menjadi bukti dukung" in text
        assert "https://contoh.go.id/bukti" in text
        assert Answer.objects.count() == 1
        fingerprint = page.context["plan"].fingerprint
        sent = {"do": "confirm", "fingerprint": fingerprint, "choice-A.I.1.i.b": "file"}
        for _time in (1, 2):
            assert operator.post(there["Location"], sent).status_code == 302
        found = dict(Answer.objects.values_list("item__code", "option"))
        assert found == {"A.I.1.i.a": "Ya", "A.I.1.i.b": "C", "A.I.1.ii.b": "A"}
        done = operator.get(there["Location"]).content.decode()
        assert "Jawaban sudah disimpan" in done
        assert "Barangkali" in done
        assert EvidenceUse.objects.get().item.code == "A.I.1.ii.b"

    def test_a_conflict_keeps_the_portals_answer_unless_it_is_chosen(
        self, sheet: Worksheet, cast: Cast, operator: Client
    ) -> None:
        save(sheet, "A.I.1.i.b", cast[Role.OPD_OPERATOR], option="A")
        there = send(operator, sheet, filled(row("A.I.1.i.b", "C")))["Location"]
        (shown,) = operator.get(there).context["rows"]
        assert (shown["asks"], shown["chosen"]) == (True, "portal")

    @pytest.mark.parametrize(
        ("choice", "after"),
        [
            ({"choice-A.I.1.i.a": "portal"}, {"A.I.1.i.b": "A"}),
            ({"all": "portal"}, {"A.I.1.i.b": "A"}),
            ({"all": "file"}, {"A.I.1.i.a": "Ya", "A.I.1.i.b": "C"}),
            ({}, {"A.I.1.i.a": "Ya", "A.I.1.i.b": "A"}),
        ],
    )
    def test_rows_are_left_out_or_taken_one_by_one_or_all_at_once(
        self,
        sheet: Worksheet,
        cast: Cast,
        operator: Client,
        choice: dict[str, str],
        after: dict[str, str],
    ) -> None:
        save(sheet, "A.I.1.i.b", cast[Role.OPD_OPERATOR], option="A")
        there = send(operator, sheet, filled(row("A.I.1.i.a", "Ya"), row("A.I.1.i.b", "C")))
        page = operator.get(there["Location"])
        sent = {f"choice-{each['line'].code}": each["chosen"] for each in page.context["rows"]}
        sent |= {"do": "confirm", "fingerprint": page.context["plan"].fingerprint, **choice}
        assert operator.post(there["Location"], sent).status_code == 302
        assert dict(Answer.objects.values_list("item__code", "option")) == after

    def test_a_stale_preview_says_so_and_keeps_what_was_chosen(
        self, sheet: Worksheet, cast: Cast, operator: Client
    ) -> None:
        save(sheet, "A.I.1.i.b", cast[Role.OPD_OPERATOR], option="A")
        there = send(operator, sheet, filled(row("A.I.1.i.b", "C")))["Location"]
        sent = {"do": "confirm", "fingerprint": "alt", "choice-A.I.1.i.b": "file"}
        response = operator.post(there, sent)
        assert response.status_code == 409
        assert response.context["rows"][0]["chosen"] == "file"
        assert "Ada jawaban yang berubah" in response.content.decode()

    def test_who_left_the_preview_finds_it_again(
        self, sheet: Worksheet, cast: Cast, operator: Client, client_as: Any
    ) -> None:
        there = send(operator, sheet, filled(row("A.I.1.i.a", "Ya")))["Location"]
        page = url("worksheet_import", sheet)
        assert there in operator.get(page).content.decode()
        assert there not in client_as(cast[Role.OPD_HEAD]).get(page).content.decode()
        operator.post(there, {"do": "discard"})
        assert there not in operator.get(page).content.decode()

    def test_an_unsafe_link_is_named_before_and_after(
        self, sheet: Worksheet, operator: Client
    ) -> None:
        unsafe = "https://nama:sandi@b.go.id/x"
        there = send(operator, sheet, filled(row("A.I.1.i.a", "Ya", "", unsafe)))["Location"]
        page = operator.get(there)
        assert "tidak aman" in page.content.decode()
        assert page.context["links"] == []
        operator.post(there, {"do": "confirm", "fingerprint": page.context["plan"].fingerprint})
        assert unsafe in operator.get(there).content.decode()
        assert not EvidenceUse.objects.exists()

    def test_thrown_away(self, sheet: Worksheet, operator: Client) -> None:
        there = send(operator, sheet, filled(row("A.I.1.i.a", "Ya")))["Location"]
        assert operator.post(there, {"do": "discard"}).status_code == 302
        assert "sudah tidak ada" in operator.get(there).content.decode()
        assert not Answer.objects.exists()

    @pytest.mark.parametrize(
        ("name", "data", "sentence"),
        [
            ("lke.xlsx", b"%PDF-1.4 bukan excel", "PDF"),
            ("lke.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "Excel lama"),
            ("gaji.xlsx", book(("Gaji", [["Nama"], ["Budi"]])), "berkolom LKE"),
            ("kosong.xlsx", b"", "kosong"),
        ],
    )
    def test_a_wrong_file_is_answered_with_one_sentence(
        self, name: str, data: bytes, sentence: str, sheet: Worksheet, operator: Client
    ) -> None:
        response = send(operator, sheet, data, name)
        assert response.status_code == 422
        assert sentence in response.content.decode()
        assert not WorksheetImport.objects.exists()

    def test_nobody_else_sees_a_preview(
        self, sheet: Worksheet, cast: Cast, operator: Client, client_as: Any
    ) -> None:
        there = send(operator, sheet, filled(row("A.I.1.i.a", "Ya")))["Location"]
        assert client_as(cast[Role.OPD_HEAD]).get(there).status_code == 404
        assert Client().get(there).status_code == 302

    def test_text_of_the_file_is_text_on_the_page(self, sheet: Worksheet, operator: Client) -> None:
        data = filled(row("A.I.1.i.a", "<script>alert(1)</script>"), row("A.I.1.i.b", "A"))
        text = operator.get(send(operator, sheet, data)["Location"]).content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;" in text

    def test_two_sheets_and_the_name_of_one(self, sheet: Worksheet, operator: Client) -> None:
        data = book(
            ("Rapat", [HEADER, row("A.I.1.i.a", "Ya")]),
            ("Akhir", [HEADER, row("A.I.1.i.a", "Tidak")]),
        )
        there = send(operator, sheet, data, sheet="akhir")["Location"]
        assert operator.get(there).context["reading"].sheet == "Akhir"
        assert send(operator, sheet, data, sheet="Lain").status_code == 422


class TestCommands:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "lke.xlsx"
        path.write_bytes(exported(everything()))
        return path

    @pytest.fixture
    def login(self, cast: Cast) -> str:
        LoginIdentifier.objects.create(
            user=cast[Role.OPD_OPERATOR].user, kind=IdentifierKind.NIP, value=NIP
        )
        return NIP

    def run(self, *args: Any) -> tuple[dict[str, Any], int]:
        out, code = io.StringIO(), 0
        try:
            call_command("import_worksheet", *args, "--json", stdout=out)
        except SystemExit as stop:
            code = int(stop.code or 0)
        return json.loads(out.getvalue()), code

    def test_the_scores_of_a_file_alone(self, file: Path) -> None:
        report, code = self.run(str(file))
        assert code == 0
        assert len(report["nodes"]) == len(instrument().tree.nodes)
        by_code = {node["code"]: node for node in report["nodes"]}
        node = by_code["A.I.1.ii"]
        assert set(node) >= {"code", "weight", "score", "percent", "answered", "required"}
        assert (node["weight"], node["required"]) == (1.0, 3)
        assert report["total"]["score"] == pytest.approx(
            by_code["A"]["score"] + by_code["B"]["score"]
        )
        assert report["errors"] == []
        assert report["questions"][0]["code"] == "A.I.1.i.a"
        assert (report["confirmed"], report["worksheet"]) == (False, None)

    def test_every_error_and_exit_code_one(self, tmp_path: Path) -> None:
        path = tmp_path / "salah.xlsx"
        path.write_bytes(filled(row("A.I.1.i.a", "Entah"), row("A.I.1.ii.b", "A"), row("?", "B")))
        report, code = self.run(str(path))
        assert code == 1
        assert [(e["place"], e["row"], e["code"]) for e in report["errors"]] == [
            ("E2", 2, "A.I.1.i.a"),
            ("E4", 4, ""),
        ]

    def test_without_confirm_nothing_is_written(
        self, sheet: Worksheet, file: Path, login: str
    ) -> None:
        report, code = self.run(str(file), "--worksheet", str(sheet.pk), "--as", login)
        assert code == 0
        assert report["counts"]["new"] == 113
        assert not Answer.objects.exists()
        assert not WorksheetImport.objects.exists()

    def test_confirmed_and_exported_again(
        self, sheet: Worksheet, file: Path, login: str, cast: Cast, tmp_path: Path
    ) -> None:
        unit = cast.unit
        unit.code = "1.02"
        unit.save()
        report, code = self.run(
            str(file), "--unit", "1.02", "--year", "2026", "--as", login, "--confirm"
        )
        assert (code, report["written"], report["confirmed"]) == (0, 113, True)
        copy = tmp_path / "salinan.xlsx"
        call_command("export_worksheet", str(sheet.pk), str(copy), stdout=io.StringIO())
        again, code = self.run(str(copy), "--worksheet", str(sheet.pk), "--as", login, "--confirm")
        assert (code, again["written"], again["counts"]["same"]) == (0, 0, 113)
        assert again["total"] == report["total"]

    def test_a_conflict_is_kept_unless_overwrite_is_said(
        self, sheet: Worksheet, login: str, cast: Cast, tmp_path: Path
    ) -> None:
        save(sheet, "A.I.1.i.b", cast[Role.OPD_OPERATOR], option="A")
        path = tmp_path / "lke.xlsx"
        path.write_bytes(filled(row("A.I.1.i.b", "C")))
        common = [str(path), "--worksheet", str(sheet.pk), "--as", login, "--confirm"]
        assert self.run(*common)[0]["written"] == 0
        assert self.run(*common, "--overwrite")[0]["written"] == 1

    def test_what_is_not_named_or_not_there(
        self, sheet: Worksheet, file: Path, login: str, tmp_path: Path
    ) -> None:
        for args, word in (
            ((str(file), "--confirm"), "--worksheet"),
            ((str(file), "--confirm", "--worksheet", str(sheet.pk)), "--as"),
            ((str(file), "--worksheet", "0"), "no work-sheet"),
            ((str(file), "--unit", "9.99", "--year", "2026"), "--worksheet"),
            ((str(file), "--unit", "9.99"), "--year"),
            ((str(file), "--worksheet", str(sheet.pk), "--as", "081234567890"), "Nobody"),
            ((str(tmp_path / "tiada.xlsx"),), "cannot be read"),
        ):
            with pytest.raises(CommandError, match=word):
                call_command("import_worksheet", *args)

    def test_a_file_that_is_no_workbook(self, tmp_path: Path) -> None:
        path = tmp_path / "lke.xlsx"
        path.write_bytes(b"%PDF-1.4")
        with pytest.raises(CommandError, match="PDF"):
            call_command("import_worksheet", str(path))
        report, code = self.run(str(path))
        assert code == 1
        assert "PDF" in report["errors"][0]["remedy"]

    def test_a_table_for_people(self, file: Path) -> None:
        out = io.StringIO()
        call_command("import_worksheet", str(file), stdout=out)
        assert "A.I.1.ii " in out.getvalue()
        assert "Nothing was written." in out.getvalue()
