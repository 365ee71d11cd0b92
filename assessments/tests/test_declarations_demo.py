"""The demonstration: true facts of Kediri and Bekasi, everything late in Kota Contoh."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assessments.demo import declarations as demo
from assessments.models import Declaration, IntegrityZone, NamingDecree, ZonePredicate
from assessments.queries.coverage import coverage
from assessments.queries.declarations import PIAGAM, missing_to_close
from assessments.tests.test_piagam import pages_of
from integrity_portal.core import ledger
from integrity_portal.core.models import Document
from integrity_portal.testing.sealing import seal_all
from opd.demo import loader
from opd.models import Government


def government(slug: str) -> Government:
    return Government.objects.get(slug=slug)


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("slug", ["kota-kediri", "kab-bekasi"])
def test_the_piagam_of_a_founding_act_is_one_sheet(slug: str) -> None:
    """Nothing of it stands alone on a second page."""
    sheets = pages_of(Declaration.objects.get(government__slug=slug))
    assert len(sheets) == 1
    assert "Sidik naskah (SHA-256)" in sheets[0]


@pytest.mark.usefixtures("demonstration")
class TestKediri:
    def test_the_declaration_of_16_september_2019(self) -> None:
        act = Declaration.objects.get(government__slug="kota-kediri")
        assert (act.held_on, act.held_on_precision, act.state) == (
            date(2019, 9, 16),
            "day",
            "closed",
        )
        assert act.place == "Ruang Kilisuci, Balai Kota Kediri"
        names = [row.printed_name for row in act.units.order_by("position")]
        assert names == [
            "Kecamatan Mojoroto",
            "Kecamatan Pesantren",
            "Kecamatan Kota",
            "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
            "Dinas Kependudukan dan Pencatatan Sipil",
        ]
        places = list(act.signatories.order_by("position"))
        assert [(row.printed_title, row.name) for row in places] == [
            ("Wali Kota Kediri", "Abdullah Abu Bakar"),
            ("Sekretaris Daerah Kota Kediri", ""),
            ("Kepala DPMPTSP", ""),
            ("Camat Pesantren", ""),
        ]
        for row in places:
            assert row.signature is not None
            assert (row.signature.method, row.signature.signed_on) == ("wet", date(2019, 9, 16))
            assert row.signature.scan is None

    def test_seven_units_named_in_2023_one_of_them_declared_before(
        self, demonstration: date
    ) -> None:
        decree = NamingDecree.objects.get(government__slug="kota-kediri")
        assert (decree.number, decree.decided_on.year) == ("188.45/182/419.033/2023", 2023)
        assert decree.units.count() == 7
        found = coverage(government("kota-kediri"), demonstration)
        assert (found.declared, found.named, found.holders) == (5, 7, 1)
        assert found.counted - found.committed == 11

    def test_dpmptsp_holds_wbk_2022(self) -> None:
        row = ZonePredicate.objects.get(government__slug="kota-kediri")
        assert (row.zone.unit.short_name, row.predicate, row.year) == ("DPMPTSP", "wbk", 2022)

    def test_nothing_is_projected_from_records_that_end(self, demonstration: date) -> None:
        assert coverage(government("kota-kediri"), demonstration).forecast.finish is None


@pytest.mark.usefixtures("demonstration")
class TestBekasi:
    def test_known_to_the_month_and_without_requirements(self) -> None:
        act = Declaration.objects.get(government__slug="kab-bekasi")
        assert (act.held_on, act.held_on_precision, act.basis) == (date(2021, 9, 1), "month", "")
        assert [row.printed_title for row in act.signatories.all()] == ["Pj. Bupati Bekasi"]
        assert {row.unit.short_name for row in act.units.all()} == {
            "DPMPTSP",
            "Bappeda",
            "Bapenda",
            "Disdukcapil",
            "RSUD",
        }
        assert "Dasar dan persyaratan: tidak tercatat" in act.text
        assert "Waktu: September 2021" in act.text

    def test_what_was_said_of_the_months_after_and_of_the_other_opd(self) -> None:
        """Facts of the news, not words of the signed act."""
        act = Declaration.objects.get(government__slug="kab-bekasi")
        assert "akan dinilai tim kementerian pada bulan-bulan berikutnya" in act.source
        assert "semua OPD lain diminta bersiap" in act.source
        assert "dinilai tim kementerian" not in act.text


@pytest.mark.usefixtures("demonstration")
class TestContoh:
    def test_every_kind_of_act(self, demonstration: date) -> None:
        rows = Declaration.objects.filter(government__slug="kota-contoh")
        assert sorted(rows.values_list("state", "scope")) == [
            ("closed", "joint"),
            ("closed", "joint"),
            ("closed", "joint"),
            ("closed", "own"),
            ("draft", "joint"),
            ("open", "joint"),
        ]
        late = rows.get(state="open")
        assert late.is_late(demonstration)
        assert len(missing_to_close(late, demonstration)) == 2

    def test_a_merged_unit_and_one_declared_twice_count_once(self, demonstration: date) -> None:
        found = coverage(government("kota-contoh"), demonstration)
        declared = [act.fresh for act in found.acts if act.kind == "declaration"]
        assert sum(declared) == found.declared == 16
        assert found.forecast.finish is not None

    def test_zones_stand_in_different_stages(self) -> None:
        stages = set(
            IntegrityZone.objects.filter(government__slug="kota-contoh").values_list(
                "stage", flat=True
            )
        )
        assert stages == {"declared", "named", "building", "decided", "national_review"}


def test_only_contoh_is_late_or_a_sample(demonstration: date) -> None:
    rows = Declaration.objects.all()
    assert {row.government.slug for row in rows if row.is_sample} == {"kota-contoh"}
    assert {row.government.slug for row in rows if row.state == "open"} == {"kota-contoh"}


@pytest.mark.slow
@pytest.mark.parametrize("today", [date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1)])
def test_loads_on_any_day(today: date, db: Any) -> None:
    loader.load(today)
    demo.load(today)
    assert Declaration.objects.filter(state="closed").exists()


def test_the_ledger_of_the_demonstration_holds(demonstration: date) -> None:
    seal_all()
    assert ledger.verify() > 0


@pytest.mark.usefixtures("demonstration")
def test_the_piagam_asked_for_is_due_at_once_at_whatever_hour(demonstration: date) -> None:
    first_minute = datetime(
        demonstration.year, demonstration.month, demonstration.day, tzinfo=ZoneInfo("Asia/Jakarta")
    )
    asked = Document.objects.filter(kind=PIAGAM)
    assert asked.count() == 2
    assert not asked.filter(requested_at__gt=first_minute).exists()
