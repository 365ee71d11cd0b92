"""The registry's pages: what is seen, sent, refused. Roles and foreign objects: the matrix."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.parsing import NotUnderstood
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.coverage import KindRule, Standing, standing
from opd.enums import FactKey, Role
from opd.facts import FactRefused, clean_value, display_value
from opd.forms.fields import parse_partial_date
from opd.models import Unit, UnitImport, UnitKindRule
from opd.tests.factories import (
    ServiceFactory,
    StandingFactFactory,
    UnitFactory,
    UnitImportFactory,
)


@pytest.fixture
def client(cast, client_as):
    return client_as(cast[Role.ZI_SECRETARIAT])


def url(name, *args):
    return reverse(f"opd:{name}", args=args)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


class TestList:
    def test_tree_says_how_many_count(self, cast, client):
        UnitKindRule.objects.create(government=cast.home, unit_kind="dinas")
        page = text_of(client.get(url("unit_list")))
        assert "3 unit aktif. 2 dihitung dalam “semua unit”." in page
        assert page.index("Dinas Dua") < page.index("Dinas Satu") < page.index("UPTD Satu")
        assert "Dinas Jauh" not in page

    def test_a_former_name_is_said(self, cast, client):
        cast.unit.names.update(valid_to=date(2022, 1, 1))
        cast.unit.name = "Bappeda"
        cast.unit.save()
        cast.unit.names.create(government=cast.home, name="Bappeda")
        assert "dahulu Dinas Satu" in text_of(client.get(url("unit_list"), {"q": "dinas satu"}))
        assert "dahulu Dinas" not in text_of(client.get(url("unit_list"), {"q": "bappeda"}))

    def test_filters(self, cast, client):
        cast.other_unit.active_to = timezone.localdate() - timedelta(days=1)
        cast.other_unit.save()
        closed = text_of(client.get(url("unit_list"), {"state": "closed"}))
        assert "Dinas Dua" in closed
        assert "Dinas Satu" not in closed
        kind = text_of(client.get(url("unit_list"), {"kind": "uptd"}))
        assert "UPTD Satu" in kind
        assert "Dinas Satu</a>" not in kind

    def test_nothing_found_says_what_to_try(self, client):
        page = text_of(client.get(url("unit_list"), {"q": "<script>zzz"}))
        assert "Unit tidak ditemukan" in page
        assert "<script>zzz" not in page

    @pytest.mark.parametrize("query", ["?page=999", "?page=x", "?kind=zzz", "?state=zzz"])
    def test_odd_addresses(self, client, query):
        assert client.get(url("unit_list") + query).status_code == 200

    def test_a_government_without_units(self, cast, client_as):
        Unit.objects.filter(pk=cast.other_unit.pk).update(government=cast.away)
        page = client_as(cast[Role.OPD_HEAD]).get(url("unit_list"))
        assert "UPTD Satu" in text_of(page)

    @pytest.mark.parametrize("query", [{}, {"q": "uji"}, {"state": "all"}])
    def test_costs_the_same(self, cast, client, query):
        asked = []
        for more in (2, 5, 60):
            for _n in range(more):
                UnitFactory(government=cast.home, parent=cast.unit)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url("unit_list"), query).status_code == 200
            asked.append(len(captured))
        assert len(set(asked)) == 1
        assert asked[0] <= 6

    def test_long_lists_have_pages(self, cast, client):
        for _n in range(70):
            UnitFactory(government=cast.home, parent=cast.unit)
        first = text_of(client.get(url("unit_list")))
        second = text_of(client.get(url("unit_list"), {"page": "2"}))
        assert 'aria-current="page">1<' in first
        assert "di bawah Dinas Satu" in second


class TestDetail:
    def test_everything_of_a_unit(self, cast, client):
        cast.unit.duties.create(government=cast.home, position=1, text="Menata arsip")
        ServiceFactory(
            unit=cast.unit,
            name="Penerbitan KTP-el",
            channel="online",
            time_number=3,
            time_unit="working_days",
        )
        StandingFactFactory(government=cast.home, unit=cast.unit, key="rb_index", value="60.37")
        cast.unit.names.create(
            government=cast.home,
            name="Kantor Lama",
            valid_to=date(2021, 9, 1),
            valid_to_precision="month",
            basis="Perda 1",
        )
        page = text_of(client.get(url("unit", cast.unit.pk)))
        for said in (
            "Menata arsip",
            "Penerbitan KTP-el",
            "3 hari kerja",
            "60,37",
            "Kantor Lama",
            "nama sampai September 2021",
            "Perda 1",
            "UPTD Satu",
        ):
            assert said in page

    def test_a_closed_unit_shows_what_still_hangs(self, cast, client):
        yesterday = timezone.localdate() - timedelta(days=1)
        Unit.objects.filter(pk=cast.unit.pk).update(active_to=yesterday, close_basis="SK 9")
        page = text_of(client.get(url("unit", cast.unit.pk)))
        assert "sudah ditutup, dan yang masih ada di sini: 4 jabatan yang masih berlaku" in page
        assert "SK 9" in page

    def test_the_unit_above_is_named_but_not_linked(self, cast, client_as):
        from opd.tests.factories import MembershipFactory

        operator = MembershipFactory(
            government=cast.home, unit=cast.below, role=Role.OPD_OPERATOR, title="Operator"
        )
        page = text_of(client_as(operator).get(url("unit", cast.below.pk)))
        assert "Dinas Satu" in page
        assert url("unit", cast.unit.pk) + '"' not in page
        assert url("unit_edit", cast.below.pk) not in page

    @pytest.mark.parametrize("more", [2, 7])
    def test_costs_the_same(self, cast, client, more):
        for n in range(more):
            UnitFactory(government=cast.home, parent=cast.unit)
            ServiceFactory(unit=cast.unit)
            cast.unit.duties.create(government=cast.home, position=n, text=f"Tugas {n}")
            StandingFactFactory(government=cast.home, unit=cast.unit, year=2010 + n)
        with CaptureQueriesContext(connection) as captured:
            client.get(url("unit", cast.unit.pk))
        assert len(captured) == 11


class TestForms:
    def test_add(self, cast, client):
        page = client.post(
            url("unit_add"),
            {"name": " Dinas  Baru ", "kind": "dinas", "parent": cast.unit.pk, "code": "7"},
        )
        unit = Unit.objects.get(code="7")
        assert page.url == url("unit", unit.pk)
        assert (unit.name, unit.parent) == ("Dinas Baru", cast.unit)

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({}, "Pilih salah satu dari daftar"),
            ({"name": "X" * 151, "kind": "dinas"}, "pendekkan sampai paling banyak 150"),
            ({"name": "Dinas Satu", "kind": "dinas"}, "nama ini sudah ada di tempat yang sama"),
            ({"name": "A", "kind": "zzz"}, "Pilih salah satu dari daftar"),
            ({"name": "A", "kind": "dinas", "parent": "999999"}, "Pilih salah satu dari daftar"),
            ({"name": "A", "kind": "dinas", "active_from": "30 Februari 2026"}, "hari, bulan"),
        ],
    )
    def test_add_refused(self, cast, client, data, sentence):
        page = client.post(url("unit_add"), {**data, "code": "ketikan"})
        assert page.status_code == 422
        assert sentence in text_of(page)
        assert 'value="ketikan"' in text_of(page)
        assert Unit.objects.count() == 4

    def test_the_other_government_is_no_place(self, cast, client):
        data = {"name": "A", "kind": "dinas", "parent": cast.away_unit.pk}
        assert client.post(url("unit_add"), data).status_code == 422
        assert str(cast.away_unit) not in text_of(client.get(url("unit_add")))

    def test_edit(self, cast, client):
        client.post(url("unit_edit", cast.below.pk), {"kind": "uptd", "parent": cast.other_unit.pk})
        cast.below.refresh_from_db()
        assert cast.below.parent == cast.other_unit

    def test_rename(self, cast, client):
        data = {"what": "new", "name": "Bappeda", "changed_on": "2022", "basis": "Perda"}
        client.post(url("unit_rename", cast.unit.pk), data)
        assert cast.unit.names.get(name="Dinas Satu").ended == PartialDate(
            date(2022, 1, 1), Precision.YEAR
        )
        page = client.post(url("unit_rename", cast.unit.pk), {**data, "changed_on": ""})
        assert "Isi sejak kapan unit memakai nama baru" in text_of(page)
        data = {"what": "correction", "name": "Bappedda"}
        client.post(url("unit_rename", cast.unit.pk), data)
        assert cast.unit.names.count() == 2

    def test_close(self, cast, client):
        data = {"last_day": "31/12/2030", "basis": "SK"}
        page = client.post(url("unit_close", cast.unit.pk), data)
        assert "Pindahkan atau tutup unit itu dahulu" in text_of(page)
        assert url("unit", cast.below.pk) in text_of(page)
        client.post(url("unit_close", cast.below.pk), data)
        cast.below.refresh_from_db()
        assert cast.below.active_to == date(2030, 12, 31)

    def test_merge(self, cast, client):
        start = url("unit_merge") + f"?unit={cast.below.pk}"
        page = text_of(client.get(start + "&q=dinas dua"))
        assert f"into={cast.other_unit.pk}" in page
        into = f"{start}&into={cast.other_unit.pk}"
        assert "UPTD Satu" in text_of(client.get(into))
        page = client.post(into, {"happened_on": "1/1/2026", "basis": "Perda 3"})
        assert page.url == url("unit", cast.other_unit.pk)
        assert "mengambil alih dari" in text_of(client.get(page.url))
        assert "digabung ke" in text_of(client.get(url("unit", cast.below.pk)))

    @pytest.mark.parametrize("query", ["?unit=x", "?unit=99999999999999999999", "?into=0&q=%00"])
    def test_merge_odd_addresses(self, cast, client, query):
        assert client.get(url("unit_merge") + query.replace("%00", "")).status_code == 200

    def test_merge_units_of_another_government_do_not_exist(self, cast, client):
        page = text_of(client.get(url("unit_merge") + f"?unit={cast.away_unit.pk}"))
        assert "Dinas Jauh" not in page

    def test_duties(self, cast, client):
        page = client.post(url("unit_duties", cast.unit.pk), {"duties": "Satu\r\n\r\n Dua \nSatu"})
        assert "dua kali" in text_of(page)
        client.post(url("unit_duties", cast.unit.pk), {"duties": "Satu\r\n\r\n Dua "})
        assert list(cast.unit.duties.order_by("position").values_list("text", flat=True)) == [
            "Satu",
            "Dua",
        ]
        client.post(url("unit_duties", cast.unit.pk), {"duties": ""})
        assert cast.unit.duties.count() == 0

    def test_facts(self, cast, client):
        data = {"key": "rb_index", "year": "2024", "value": "61,25", "source": "LHE"}
        assert client.post(url("fact_add"), data).url == url("fact_list")
        assert "61,25" in text_of(client.get(url("fact_list")))
        page = client.post(url("fact_add"), data)
        assert "Fakta ini sudah dicatat untuk tahun itu" in text_of(page)
        page = client.post(url("fact_add"), {**data, "year": "2023", "value": "61.25"})
        assert "Tulis angka dari 0 sampai 100" in text_of(page)
        client.post(url("unit_fact_add", cast.unit.pk), {**data, "key": "sakip", "value": "bb"})
        fact = cast.unit.facts.get()
        assert "BB" in text_of(client.get(url("unit", cast.unit.pk)))
        assert 'value="BB"' in text_of(client.get(url("fact_edit", fact.pk)))
        assert client.post(url("fact_remove", fact.pk)).url == url("unit", cast.unit.pk)

    def test_kinds(self, cast, client):
        client.post(url("kind_rules"), {"counts_kecamatan": "on", "covers_kecamatan": "on"})
        rule = UnitKindRule.objects.get(government=cast.home, unit_kind="kecamatan")
        assert (rule.counts, rule.covers_below) == (True, True)
        page = client.post(url("kind_rules"), {"covers_rsud": "on"})
        assert "Hanya jenis yang dihitung" in text_of(page)


class TestImport:
    def send(self, client, data: bytes):
        return client.post(
            url("unit_import_upload"), {"file": SimpleUploadedFile("unit.csv", data)}
        )

    def test_from_template_to_registry(self, cast, client):
        template = client.get(url("unit_csv")).content.decode("utf-8-sig").strip()
        assert template == "kode;jenis;nama;nama_singkat;induk;berlaku_sejak"
        rows = f"{template}\n9;Dinas;Dinas <b>Baru</b>;;;\n;X;Y;;;\n".encode()
        preview = self.send(client, rows).url
        page = text_of(client.get(preview))
        assert "1 baru, 0 berubah, 0 tetap, 1 ditolak." in page
        assert "Dinas &lt;b&gt;Baru" in page
        assert not Unit.objects.filter(code="9").exists()
        upload = UnitImport.objects.get()
        seen = client.get(preview).context["fingerprint"]
        page = client.post(
            url("unit_import_confirm", upload.pk), {"fingerprint": seen}, follow=True
        )
        assert "1 unit ditambahkan, 0 diubah" in text_of(page)
        assert Unit.objects.filter(code="9").exists()
        refused = client.get(url("unit_import_refused", upload.pk)).content.decode("utf-8-sig")
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
    def test_refused_files(self, client, data, sentence):
        page = self.send(client, data)
        assert page.status_code == 422
        assert UnitImport.objects.count() == 0
        assert sentence.lower() in text_of(page).lower() or b"kosong" in page.content

    def test_no_file(self, client):
        assert client.post(url("unit_import_upload"), {}).status_code in (200, 422)

    def test_confirming_something_else_writes_nothing(self, cast, client):
        upload = UnitImportFactory(government=cast.home, made_by=cast[Role.ZI_SECRETARIAT])
        page = client.post(url("unit_import_confirm", upload.pk), {"fingerprint": "x"}, follow=True)
        assert "berubah sejak pratinjau" in text_of(page)
        assert not Unit.objects.filter(name="Dinas Impor").exists()

    def test_discard(self, cast, client):
        upload = UnitImportFactory(government=cast.home, made_by=cast[Role.ZI_SECRETARIAT])
        client.post(url("unit_import_discard", upload.pk))
        assert "sudah tidak ada" in text_of(client.get(url("unit_import", upload.pk)))

    @pytest.mark.parametrize("count", [2, 300])
    def test_first_days_cost_the_same(self, cast, client, count):
        upload = UnitImportFactory(
            government=cast.home,
            made_by=cast[Role.ZI_SECRETARIAT],
            columns=["name", "kind", "active_from"],
            rows=[[n, [f"Dinas {n}", "Dinas", "1/1/2020"]] for n in range(2, 2 + count)],
        )
        with CaptureQueriesContext(connection) as captured:
            client.get(url("unit_import", upload.pk))
        assert len(captured) <= 12

    @pytest.mark.parametrize("count", [2, 7, 300])
    def test_preview_costs_the_same(self, cast, client, count):
        upload = UnitImportFactory(
            government=cast.home,
            made_by=cast[Role.ZI_SECRETARIAT],
            columns=["name", "kind", "parent"],
            rows=[[n, [f"UPTD {n}", "UPTD", "Dinas Satu"]] for n in range(2, 2 + count)],
        )
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url("unit_import", upload.pk))
        assert len(captured) == 7
        assert page.context["counts"]["new"] == count


class TestRules:
    @pytest.mark.parametrize(
        ("key", "text", "stored", "shown"),
        [
            (FactKey.BPK_OPINION, "wtp", "WTP", "WTP"),
            (FactKey.BPK_OPINION, "WTP - DPP", "WTP-DPP", "WTP-DPP"),
            (FactKey.SAKIP, " bb ", "BB", "BB"),
            (FactKey.RB_INDEX, "59,65", "59.65", "59,65"),
            (FactKey.RB_INDEX, "60", "60", "60"),
            (FactKey.SPIP_LEVEL, "3,124", "3.124", "3,124"),
            (FactKey.TLHP_PERCENT, "100 %", "100", "100\u00a0%"),
            (FactKey.LHKPN_PERCENT, "0", "0", "0\u00a0%"),
        ],
    )
    def test_values(self, key, text, stored, shown):
        assert clean_value(key, text) == stored
        assert display_value(key, stored) == shown

    @pytest.mark.parametrize(
        ("key", "text"),
        [
            (FactKey.BPK_OPINION, "A"),
            (FactKey.SAKIP, ""),
            (FactKey.SAKIP, "WTP"),
            (FactKey.RB_INDEX, "100,01"),
            (FactKey.RB_INDEX, "-1"),
            (FactKey.RB_INDEX, "59.65"),
            (FactKey.RB_INDEX, "nan"),
            (FactKey.SPIP_LEVEL, "0"),
            (FactKey.SPIP_LEVEL, "6"),
            (FactKey.TLHP_PERCENT, "1e1"),
            (FactKey.TLHP_PERCENT, "1,0001"),
        ],
    )
    def test_no_values(self, key, text):
        with pytest.raises(FactRefused):
            clean_value(key, text)

    @pytest.mark.parametrize(
        ("text", "day", "precision"),
        [
            ("2021", date(2021, 1, 1), "year"),
            ("September 2021", date(2021, 9, 1), "month"),
            ("sept. 2021", date(2021, 9, 1), "month"),
            ("09/2021", date(2021, 9, 1), "month"),
            ("2021-09", date(2021, 9, 1), "month"),
            ("16 September 2019", date(2019, 9, 16), "day"),
            ("16/9/2019", date(2019, 9, 16), "day"),
        ],
    )
    def test_partial_dates(self, text, day, precision):
        assert parse_partial_date(text) == PartialDate(day, precision)

    @pytest.mark.parametrize("text", ["13/2021", "0", "0000", "abc", "30/2/2021", "21", "May"])
    def test_no_partial_dates(self, text):
        with pytest.raises(NotUnderstood):
            parse_partial_date(text)

    def test_standing(self):
        rules = {"kecamatan": KindRule(True, True), "kelurahan": KindRule(True)}
        assert standing("kelurahan", [], rules) == Standing(True)
        assert standing("kelurahan", [(7, "kecamatan")], rules) == Standing(False, 7)
        assert standing("kelurahan", [(7, "dinas")], rules) == Standing(True)
        assert standing("dinas", [], rules) == Standing(False)
