"""The registry's forms: what is sent and refused. Roles and foreign objects: the matrix."""

from datetime import date

import pytest

from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.models import Unit, UnitKindRule
from opd.tests.unit_pages import text_of, url


class TestForms:
    def test_add(self, cast, desk):
        page = desk.post(
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
    def test_add_refused(self, cast, desk, data, sentence):
        page = desk.post(url("unit_add"), {**data, "code": "ketikan"})
        assert page.status_code == 422
        assert sentence in text_of(page)
        assert 'value="ketikan"' in text_of(page)
        assert Unit.objects.count() == 4

    def test_the_other_government_is_no_place(self, cast, desk):
        data = {"name": "A", "kind": "dinas", "parent": cast.away_unit.pk}
        assert desk.post(url("unit_add"), data).status_code == 422
        assert str(cast.away_unit) not in text_of(desk.get(url("unit_add")))

    def test_edit(self, cast, desk):
        desk.post(url("unit_edit", cast.below.pk), {"kind": "uptd", "parent": cast.other_unit.pk})
        cast.below.refresh_from_db()
        assert cast.below.parent == cast.other_unit

    def test_rename(self, cast, desk):
        data = {"what": "new", "name": "Bappeda", "changed_on": "2022", "basis": "Perda"}
        desk.post(url("unit_rename", cast.unit.pk), data)
        assert cast.unit.names.get(name="Dinas Satu").ended == PartialDate(
            date(2022, 1, 1), Precision.YEAR
        )
        page = desk.post(url("unit_rename", cast.unit.pk), {**data, "changed_on": ""})
        assert "Isi sejak kapan unit memakai nama baru" in text_of(page)
        data = {"what": "correction", "name": "Bappedda"}
        desk.post(url("unit_rename", cast.unit.pk), data)
        assert cast.unit.names.count() == 2

    def test_close(self, cast, desk):
        data = {"last_day": "31/12/2030", "basis": "SK"}
        page = desk.post(url("unit_close", cast.unit.pk), data)
        assert "Pindahkan atau tutup unit itu dahulu" in text_of(page)
        assert url("unit", cast.below.pk) in text_of(page)
        desk.post(url("unit_close", cast.below.pk), data)
        cast.below.refresh_from_db()
        assert cast.below.active_to == date(2030, 12, 31)

    def test_merge(self, cast, desk):
        start = url("unit_merge") + f"?unit={cast.below.pk}"
        page = text_of(desk.get(start + "&q=dinas dua"))
        assert f"into={cast.other_unit.pk}" in page
        into = f"{start}&into={cast.other_unit.pk}"
        assert "UPTD Satu" in text_of(desk.get(into))
        page = desk.post(into, {"happened_on": "1/1/2026", "basis": "Perda 3"})
        assert page.url == url("unit", cast.other_unit.pk)
        assert "mengambil alih dari" in text_of(desk.get(page.url))
        assert "digabung ke" in text_of(desk.get(url("unit", cast.below.pk)))

    @pytest.mark.parametrize("query", ["?unit=x", "?unit=99999999999999999999", "?into=0&q=%00"])
    def test_merge_odd_addresses(self, cast, desk, query):
        assert desk.get(url("unit_merge") + query.replace("%00", "")).status_code == 200

    def test_merge_units_of_another_government_do_not_exist(self, cast, desk):
        page = text_of(desk.get(url("unit_merge") + f"?unit={cast.away_unit.pk}"))
        assert "Dinas Jauh" not in page

    def test_duties(self, cast, desk):
        page = desk.post(url("unit_duties", cast.unit.pk), {"duties": "Satu\r\n\r\n Dua \nSatu"})
        assert "dua kali" in text_of(page)
        desk.post(url("unit_duties", cast.unit.pk), {"duties": "Satu\r\n\r\n Dua "})
        assert list(cast.unit.duties.order_by("position").values_list("text", flat=True)) == [
            "Satu",
            "Dua",
        ]
        desk.post(url("unit_duties", cast.unit.pk), {"duties": ""})
        assert cast.unit.duties.count() == 0

    def test_facts(self, cast, desk):
        data = {"key": "rb_index", "year": "2024", "value": "61,25", "source": "LHE"}
        assert desk.post(url("fact_add"), data).url == url("fact_list")
        assert "61,25" in text_of(desk.get(url("fact_list")))
        page = desk.post(url("fact_add"), data)
        assert "Fakta ini sudah dicatat untuk tahun itu" in text_of(page)
        page = desk.post(url("fact_add"), {**data, "year": "2023", "value": "61.25"})
        assert "Tulis angka dari 0 sampai 100" in text_of(page)
        desk.post(url("unit_fact_add", cast.unit.pk), {**data, "key": "sakip", "value": "bb"})
        fact = cast.unit.facts.get()
        assert "BB" in text_of(desk.get(url("unit", cast.unit.pk)))
        assert 'value="BB"' in text_of(desk.get(url("fact_edit", fact.pk)))
        assert desk.post(url("fact_remove", fact.pk)).url == url("unit", cast.unit.pk)

    def test_kinds(self, cast, desk):
        desk.post(url("kind_rules"), {"counts_kecamatan": "on", "covers_kecamatan": "on"})
        rule = UnitKindRule.objects.get(government=cast.home, unit_kind="kecamatan")
        assert (rule.counts, rule.covers_below) == (True, True)
        page = desk.post(url("kind_rules"), {"covers_rsud": "on"})
        assert "Hanya jenis yang dihitung" in text_of(page)
