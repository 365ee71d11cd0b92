"""Pages of preparation and phases: filters, forms that lose nothing, spreadsheets, many units."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.enums import ZoneStage
from assessments.models import PhasePlan, PreparationAnswer
from assessments.queries.preparation import Filters, preparation_list
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
)
from assessments.tests.factories_preparation import (
    CHECKLIST,
    PhasePlanFactory,
    PreparationAnswerFactory,
    count_dinas,
)
from assessments.tests.workplan_pages import SignIn, pdf, text_of
from opd.enums import Role, SuccessionKind
from opd.models import Government, Unit, UnitSuccession
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast

TODAY = timezone.localdate
LIST = "assessments:preparation"


@pytest.fixture(autouse=True)
def _counted(cast: Cast) -> None:
    count_dinas(cast.home, cast.away)


@pytest.fixture
def secretariat(cast: Cast, client_as: SignIn) -> Client:
    return client_as(cast[Role.ZI_SECRETARIAT])


@pytest.fixture
def operator(cast: Cast, client_as: SignIn) -> Client:
    return client_as(cast[Role.OPD_OPERATOR])


def prepare(unit: Unit, number: int, state: str = "done") -> None:
    day = date(2026, 3, 2) if state == "done" else None
    for code in CHECKLIST.codes[:number]:
        PreparationAnswerFactory(unit=unit, step=code, state=state, happened_on=day)


def names(page: Any) -> list[str]:
    return re.findall(r'<a href="/app/preparation/units/\d+/">([^<]+)</a>', page.content.decode())


def asked(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def town(government: Government, number: int) -> list[Unit]:
    units = UnitFactory.create_batch(number, government=government)
    for place, unit in enumerate(units):
        prepare(unit, place % 4)
        if place % 3:
            PhasePlanFactory(unit=unit, year=2026 + place % 3)
    return units


class TestTheList:
    def test_by_planned_phase_and_the_readiest_first(self, cast: Cast, secretariat: Client) -> None:
        late = UnitFactory(government=cast.home, name="Dinas Tiga")
        PhasePlanFactory(unit=late, year=2030)
        PhasePlanFactory(unit=cast.unit, year=2027)
        PhasePlanFactory(unit=cast.other_unit, year=2027)
        prepare(cast.other_unit, 4)
        UnitFactory(government=cast.home, name="Dinas Empat")
        page = secretariat.get(reverse(LIST))
        assert names(page) == ["Dinas Dua", "Dinas Satu", "Dinas Tiga", "Dinas Empat"]
        assert "4/10" in text_of(page)

    def test_declared_and_building_units_are_not_waited_for(
        self, cast: Cast, secretariat: Client
    ) -> None:
        closed = DeclarationFactory(government=cast.home, closed=True)
        DeclarationUnitFactory(declaration=closed, unit=cast.unit)
        IntegrityZoneFactory(unit=cast.other_unit, stage=ZoneStage.BUILDING)
        UnitFactory(government=cast.home, name="Dinas Tiga")
        assert names(secretariat.get(reverse(LIST))) == ["Dinas Tiga"]
        both = names(secretariat.get(reverse(LIST) + "?declared=1"))
        assert sorted(both) == ["Dinas Satu", "Dinas Tiga"]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("done=ready", ["Dinas Siap"]),
            ("done=some", ["Dinas Dua"]),
            ("done=none", ["Dinas Satu"]),
            ("year=2027", ["Dinas Dua"]),
            ("year=none", ["Dinas Siap", "Dinas Satu"]),
            ("step=team", ["Dinas Satu"]),
            ("kind=badan", []),
            ("kind=dinas&done=ready", ["Dinas Siap"]),
            (
                "done=%27;drop&year=99999999&page=nonsense",
                ["Dinas Dua", "Dinas Siap", "Dinas Satu"],
            ),
        ],
    )
    def test_filters(
        self, cast: Cast, secretariat: Client, query: str, expected: list[str]
    ) -> None:
        ready = UnitFactory(government=cast.home, name="Dinas Siap")
        prepare(ready, 10)
        prepare(cast.other_unit, 3)
        PhasePlanFactory(unit=cast.other_unit, year=2027)
        if "99999999" in query:
            query = query.replace("99999999", "")
        assert names(secretariat.get(f"{reverse(LIST)}?{query}")) == expected

    def test_a_unit_sees_only_its_own_branch(self, cast: Cast, operator: Client) -> None:
        assert names(operator.get(reverse(LIST))) == ["Dinas Satu"]

    def test_the_spreadsheet_holds_the_same_and_no_formula(
        self, cast: Cast, secretariat: Client
    ) -> None:
        UnitFactory(government=cast.home, name="=1+1 Dinas Rumus")
        prepare(cast.unit, 10)
        answer = secretariat.get(reverse("assessments:preparation_csv") + "?done=none")
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert lines[0].startswith("Unit;Jenis;Tahun rencana")
        assert [line.split(";")[0] for line in lines[1:]] == ["'=1+1 Dinas Rumus", "Dinas Dua"]
        assert "Tim persiapan dibentuk" in lines[1]

    def test_it_costs_the_same_for_many(self, cast: Cast, secretariat: Client) -> None:
        town(cast.home, 2)
        few = asked(secretariat, reverse(LIST))
        town(cast.home, 7)
        assert asked(secretariat, reverse(LIST)) == few <= 12

    def test_an_empty_government_says_so(self, cast: Cast, secretariat: Client) -> None:
        Unit.objects.filter(government=cast.home).update(active_to=TODAY() - timedelta(days=1))
        assert "Tidak ada unit di sini" in text_of(secretariat.get(reverse(LIST)))

    def test_the_figures_are_those_of_the_coverage(self, cast: Cast) -> None:
        prepare(cast.unit, 2)
        found = preparation_list(cast[Role.SEKDA], cast.home, TODAY(), Filters())
        assert [(row.unit, row.readiness.done) for row in found.rows] == [
            (cast.unit, 2),
            (cast.other_unit, 0),
        ]


class TestOneUnit:
    def page(self, client: Client, unit: Unit) -> Any:
        return client.get(reverse("assessments:preparation_unit", args=[unit.pk]))

    def step(self, unit: Unit, code: str = "team") -> str:
        return reverse("assessments:preparation_step", args=[unit.pk, code])

    def test_ten_steps_with_what_the_portal_sees_beside(self, cast: Cast, operator: Client) -> None:
        prepare(cast.unit, 2)
        text = text_of(self.page(operator, cast.unit))
        assert "2 dari 10 langkah selesai" in text
        assert "Unit ini punya pejabat penghubung." in text
        assert "Ini mendukung “selesai”." in text
        assert "Belum ada layanan unit ini yang tercatat" in text

    def test_the_unit_confirms_what_the_portal_sees(self, cast: Cast, operator: Client) -> None:
        page = operator.get(self.step(cast.unit, "complaints") + "?use=portal")
        content = page.content.decode()
        assert re.search(r'value="done"[^>]*checked', content)
        assert "Unit ini punya pejabat penghubung." in content
        assert not PreparationAnswer.objects.exists()

    def test_saving_with_a_proof(self, cast: Cast, operator: Client) -> None:
        answer = operator.post(
            self.step(cast.unit),
            {
                "version": "0",
                "state": "done",
                "happened_on": "2 Maret 2026",
                "note": "SK 5",
                "proof": pdf(),
            },
        )
        assert answer.status_code == 302
        saved = PreparationAnswer.objects.get()
        assert (saved.state, saved.proof.name) == ("done", "bukti.pdf")
        text = text_of(self.page(operator, cast.unit))
        assert "2 Maret 2026" in text
        proof = reverse("assessments:preparation_proof", args=[saved.changes.get().pk])
        assert b"".join(operator.get(proof)).startswith(b"%PDF")

    def test_a_refused_form_loses_neither_text_nor_file(self, cast: Cast, operator: Client) -> None:
        page = operator.post(
            self.step(cast.unit),
            {"version": "0", "state": "done", "happened_on": "", "note": "SK 5", "proof": pdf()},
        )
        content = page.content.decode()
        assert "Tulis tanggal langkah ini selesai." in content
        assert "SK 5" in content
        arrived = re.search(r'name="arrived" value="([^"]{22})"', content)
        assert arrived
        assert "Berkas bukti.pdf sudah sampai" in text_of(page)
        operator.post(
            self.step(cast.unit),
            {
                "version": "0",
                "state": "done",
                "happened_on": "2/3/2026",
                "note": "SK 5",
                "arrived": arrived[1],
            },
        )
        assert PreparationAnswer.objects.get().proof.name == "bukti.pdf"

    def test_no_program_becomes_a_proof(self, cast: Cast, operator: Client) -> None:
        from django.core.files.uploadedfile import SimpleUploadedFile

        page = operator.post(
            self.step(cast.unit),
            {
                "version": "0",
                "state": "in_progress",
                "proof": SimpleUploadedFile("bukti.pdf", b"MZ\x90\x00" * 40),
            },
        )
        assert page.status_code == 200
        assert "invalid-feedback" in page.content.decode()
        assert not PreparationAnswer.objects.exists()

    def test_two_tabs_both_texts_on_one_page(self, cast: Cast, operator: Client) -> None:
        data = {"version": "0", "state": "in_progress", "note": "Yang pertama"}
        operator.post(self.step(cast.unit), data)
        page = operator.post(self.step(cast.unit), {**data, "note": "Yang kedua"})
        assert page.status_code == 409
        text = text_of(page)
        assert "Yang pertama" in text
        assert "Yang kedua" in page.content.decode()
        assert 'name="version" value="1"' in page.content.decode()
        operator.post(self.step(cast.unit), {**data, "note": "Yang kedua", "version": "1"})
        assert PreparationAnswer.objects.get().note == "Yang kedua"

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"state": "selesai"}, "Pilih salah satu jawaban"),
            ({"happened_on": "31/02/2026"}, "Tulis tanggal"),
            ({"happened_on": "1 Januari 2099"}, "Tanggal paling akhir"),
            ({"version": "abc"}, ""),
            ({"note": "x" * 1001}, "1.001"),
        ],
    )
    def test_bad_input_has_its_sentence(
        self, cast: Cast, operator: Client, changed: dict, said: str
    ) -> None:
        data = {"version": "0", "state": "done", "happened_on": "2/3/2026", "note": "", **changed}
        page = operator.post(self.step(cast.unit), data)
        assert page.status_code == 200
        assert said in page.content.decode()
        assert not PreparationAnswer.objects.exists()

    def test_an_unknown_step_is_not_there(self, cast: Cast, operator: Client) -> None:
        assert operator.get(self.step(cast.unit, "horoscope")).status_code == 404

    def test_once_it_builds_it_is_only_read(self, cast: Cast, operator: Client) -> None:
        IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.BUILDING)
        page = self.page(operator, cast.unit)
        assert "rencana kerjanya yang melanjutkan" in text_of(page)
        assert self.step(cast.unit) not in page.content.decode()
        assert operator.get(self.step(cast.unit)).status_code == 302

    def test_it_costs_the_same_with_a_long_history(self, cast: Cast, operator: Client) -> None:
        url = reverse("assessments:preparation_unit", args=[cast.unit.pk])
        prepare(cast.unit, 2)
        few = asked(operator, url)
        for code in CHECKLIST.codes[2:]:
            PreparationAnswerFactory(unit=cast.unit, step=code)
        assert asked(operator, url) == few <= 12

    def test_the_page_of_the_unit_leads_there(self, cast: Cast, operator: Client) -> None:
        page = operator.get(reverse("opd:unit", args=[cast.unit.pk]))
        link = reverse("assessments:preparation_unit", args=[cast.unit.pk])
        assert f'href="{link}"' in page.content.decode()


class TestPhases:
    URL = "assessments:phases"

    def move(self, client: Client, units: list[str], **data: Any) -> Any:
        return client.post(reverse("assessments:phases_move"), {"units": units, **data})

    def test_ticked_units_go_into_a_year(self, cast: Cast, secretariat: Client) -> None:
        boxes = [f"{cast.unit.pk}-0", f"{cast.other_unit.pk}-0"]
        answer = self.move(secretariat, boxes, year="2027", note="Tahap dua")
        assert answer.status_code == 302
        assert set(PhasePlan.objects.values_list("year", flat=True)) == {2027}
        page = secretariat.get(reverse(self.URL))
        assert "2 unit kini pada tahun 2027." in text_of(page)
        assert "2027 sesudah tahun target pemerintah daerah, 2026." in text_of(page)
        assert "2 unit yang belum mencanangkan direncanakan sesudah tahun target" in text_of(page)

    @pytest.mark.parametrize(
        ("units", "data", "said"),
        [
            (False, {"year": "2027"}, "Centang sekurangnya satu unit."),
            (True, {"year": ""}, "Tulis tahun tujuan"),
            (True, {"year": "1999"}, "2012"),
            (True, {"year": "tahun depan"}, "empat angka"),
            (True, {"year": "20,5"}, "2012"),
        ],
    )
    def test_what_makes_no_sense_keeps_the_ticks(
        self, cast: Cast, secretariat: Client, units: bool, data: dict, said: str
    ) -> None:
        boxes = [f"{cast.unit.pk}-0"] if units else []
        page = self.move(secretariat, boxes, **data)
        assert page.status_code == 422
        assert said in page.content.decode()
        assert page.content.decode().count(" checked") == len(boxes)
        assert not PhasePlan.objects.exists()

    @pytest.mark.parametrize("value", ["x", "1-", "-1", "999999999999-0", "1-0-0", "٣-0", "²-0"])
    def test_invented_boxes_move_nothing(self, cast: Cast, secretariat: Client, value: str) -> None:
        assert self.move(secretariat, [value], year="2027").status_code == 422
        assert not PhasePlan.objects.exists()

    def test_another_governments_unit_cannot_be_ticked(
        self, cast: Cast, secretariat: Client
    ) -> None:
        answer = self.move(secretariat, [f"{cast.away_unit.pk}-0"], year="2027")
        assert answer.status_code == 422
        assert not PhasePlan.objects.exists()

    def test_somebody_faster_is_named(self, cast: Cast, secretariat: Client) -> None:
        PhasePlanFactory(unit=cast.unit, year=2028, version=2)
        self.move(secretariat, [f"{cast.unit.pk}-1"], year="2027")
        assert "orang lain memindahkan unit berikut" in text_of(secretariat.get(reverse(self.URL)))

    def test_out_of_the_plan(self, cast: Cast, secretariat: Client) -> None:
        PhasePlanFactory(unit=cast.unit, year=2028)
        self.move(secretariat, [f"{cast.unit.pk}-1"], year="2027", out="1")
        assert PhasePlan.objects.get().year is None
        assert "2 unit yang belum mencanangkan belum punya tahap." in text_of(
            secretariat.get(reverse(self.URL))
        )

    def test_a_unit_that_ended_hands_its_year_on(self, cast: Cast, secretariat: Client) -> None:
        ended = UnitFactory(
            government=cast.home, name="Badan Lama", active_to=TODAY() - timedelta(days=9)
        )
        lost = UnitFactory(
            government=cast.home, name="Badan Hilang", active_to=TODAY() - timedelta(days=9)
        )
        for unit in (ended, lost):
            PhasePlanFactory(unit=unit, year=2027)
        UnitSuccession.objects.create(
            government=cast.home,
            predecessor=ended,
            successor=cast.unit,
            kind=SuccessionKind.MERGED,
            happened_on=TODAY() - timedelta(days=8),
        )
        text = text_of(secretariat.get(reverse(self.URL)))
        assert "2027 meneruskan Badan Lama" in text
        assert "1 unit dalam rencana tidak dihitung lagi" in text
        assert "Badan Hilang" in text

    def test_the_chart_says_what_the_table_says(self, cast: Cast, secretariat: Client) -> None:
        closed = DeclarationFactory(government=cast.home, closed=True, held_on=date(2025, 5, 1))
        DeclarationUnitFactory(declaration=closed, unit=cast.unit)
        PhasePlanFactory(unit=cast.unit, year=2025)
        PhasePlanFactory(unit=cast.other_unit, year=TODAY().year + 1)
        content = secretariat.get(reverse(self.URL)).content.decode()
        desc = re.search(r"<desc>([^<]+)</desc>", content)
        assert desc
        assert desc[1].startswith("2025: 1, 1;")
        assert desc[1].endswith(f"{TODAY().year + 1}: –, 2")

    @pytest.mark.parametrize(
        "query", ["?kind=dinas", "?year=none", "?year=2027&declared=1", "?year=x&kind=%27"]
    )
    def test_filters_do_not_break(self, cast: Cast, secretariat: Client, query: str) -> None:
        PhasePlanFactory(unit=cast.unit, year=2027)
        assert secretariat.get(reverse(self.URL) + query).status_code == 200

    def test_readers_get_no_boxes(self, cast: Cast, operator: Client) -> None:
        content = operator.get(reverse(self.URL)).content.decode()
        assert 'name="units"' not in content

    def test_it_costs_the_same_for_many(self, cast: Cast, secretariat: Client) -> None:
        town(cast.home, 2)
        few = asked(secretariat, reverse(self.URL))
        town(cast.home, 7)
        assert asked(secretariat, reverse(self.URL)) == few <= 12
