"""The pages of an import: from the template to the registry."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from opd.enums import Role
from opd.models import Unit, UnitImport
from opd.tests.factories import (
    UnitImportFactory,
)
from opd.tests.unit_pages import text_of, url


class TestImport:
    def send(self, desk, data: bytes):
        return desk.post(url("unit_import_upload"), {"file": SimpleUploadedFile("unit.csv", data)})

    def test_from_template_to_registry(self, cast, desk):
        template = desk.get(url("unit_csv")).content.decode("utf-8-sig").strip()
        assert template == "kode;jenis;nama;nama_singkat;induk;berlaku_sejak"
        rows = f"{template}\n9;Dinas;Dinas <b>Baru</b>;;;\n;X;Y;;;\n".encode()
        preview = self.send(desk, rows).url
        page = text_of(desk.get(preview))
        assert "1 baru, 0 berubah, 0 tetap, 1 ditolak." in page
        assert "Dinas &lt;b&gt;Baru" in page
        assert not Unit.objects.filter(code="9").exists()
        upload = UnitImport.objects.get()
        seen = desk.get(preview).context["fingerprint"]
        page = desk.post(url("unit_import_confirm", upload.pk), {"fingerprint": seen}, follow=True)
        assert "1 unit ditambahkan, 0 diubah" in text_of(page)
        assert Unit.objects.filter(code="9").exists()
        refused = desk.get(url("unit_import_refused", upload.pk)).content.decode("utf-8-sig")
        assert refused.startswith("kode;jenis;nama;nama_singkat;induk;berlaku_sejak;baris;alasan")
        assert ";3;Tulis salah satu jenis ini" in refused

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "Berkas ini kosong"),
            (b"PK\x03\x04xx", "buku kerja Excel"),
            (b"a;b\n1;2\n", "di antaranya “nama”"),
        ],
    )
    def test_refused_files(self, desk, data, sentence):
        page = self.send(desk, data)
        assert page.status_code == 422
        assert UnitImport.objects.count() == 0
        assert sentence.lower() in text_of(page).lower() or b"kosong" in page.content

    def test_no_file(self, desk):
        assert desk.post(url("unit_import_upload"), {}).status_code in (200, 422)

    def test_confirming_something_else_writes_nothing(self, cast, desk):
        upload = UnitImportFactory(government=cast.home, made_by=cast[Role.ZI_SECRETARIAT])
        page = desk.post(url("unit_import_confirm", upload.pk), {"fingerprint": "x"}, follow=True)
        assert "berubah sejak pratinjau" in text_of(page)
        assert not Unit.objects.filter(name="Dinas Impor").exists()

    def test_discard(self, cast, desk):
        upload = UnitImportFactory(government=cast.home, made_by=cast[Role.ZI_SECRETARIAT])
        desk.post(url("unit_import_discard", upload.pk))
        assert "sudah tidak ada" in text_of(desk.get(url("unit_import", upload.pk)))

    @pytest.mark.parametrize("count", [2, 300])
    def test_first_days_cost_the_same(self, cast, desk, count):
        upload = UnitImportFactory(
            government=cast.home,
            made_by=cast[Role.ZI_SECRETARIAT],
            columns=["name", "kind", "active_from"],
            rows=[[n, [f"Dinas {n}", "Dinas", "1/1/2020"]] for n in range(2, 2 + count)],
        )
        with CaptureQueriesContext(connection) as captured:
            desk.get(url("unit_import", upload.pk))
        assert len(captured) <= 12

    @pytest.mark.parametrize("count", [2, 7, 300])
    def test_preview_costs_the_same(self, cast, desk, count):
        upload = UnitImportFactory(
            government=cast.home,
            made_by=cast[Role.ZI_SECRETARIAT],
            columns=["name", "kind", "parent"],
            rows=[[n, [f"UPTD {n}", "UPTD", "Dinas Satu"]] for n in range(2, 2 + count)],
        )
        with CaptureQueriesContext(connection) as captured:
            page = desk.get(url("unit_import", upload.pk))
        assert len(captured) == 7
        assert page.context["counts"]["new"] == count
