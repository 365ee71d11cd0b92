"""Pages of preparation: filters, forms that lose nothing, spreadsheets, many units."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.enums import ZoneStage
from assessments.models import PreparationAnswer
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
from assessments.tests.preparation_pages import TODAY, asked, prepare, town
from assessments.tests.workplan_pages import SignIn, pdf, text_of
from opd.enums import Role
from opd.models import Unit
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast

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


def names(page: Any) -> list[str]:
    return re.findall(r'<a href="/app/preparation/units/\d+/">([^<]+)</a>', page.content.decode())


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
