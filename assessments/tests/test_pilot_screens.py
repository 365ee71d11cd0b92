"""Pages of choosing pilots: the grid that saves what it can, the matrix, a hundred units."""

import random
import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import PilotDecision, PilotRound, PilotScore
from assessments.queries.pilots import choosable_units, figures_for, matrix_of
from assessments.tests.factories_preparation import (
    FACTORS,
    PilotCandidateFactory,
    PilotRoundFactory,
    PreparationAnswerFactory,
    count_dinas,
    score,
)
from assessments.tests.pilot_pages import GOOD, STRONG, TODAY, WEAK, decide, round_with
from assessments.tests.workplan_pages import SignIn, text_of
from integrity_portal.core.formatting import partial_date
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.enums import FactKey, Role
from opd.models import Government, ServiceVolume, Unit
from opd.tests.factories import ServiceFactory, StandingFactFactory, UnitFactory
from opd.tests.fixtures import Cast

THREE = {"Dinas Kuat": STRONG, "Dinas Baik": GOOD, "Dinas Lemah": WEAK}
MATRIX_BUDGET = 15


@pytest.fixture(autouse=True)
def _counted(cast: Cast) -> None:
    count_dinas(cast.home, cast.away)


@pytest.fixture
def arena(cast: Cast) -> tuple[PilotRound, list[Unit]]:
    return round_with(cast.home, THREE)


@pytest.fixture
def secretariat(cast: Cast, client_as: SignIn) -> Client:
    return client_as(cast[Role.ZI_SECRETARIAT])


@pytest.fixture
def planner(cast: Cast, client_as: SignIn) -> Client:
    return client_as(cast[Role.PLANNER])


def page_of(name: str, row: PilotRound, *more: Any) -> str:
    return reverse(f"assessments:{name}", args=[row.pk, *more])


def crowd(government: Government, count: int) -> PilotRound:
    row, draw = PilotRoundFactory(government=government), random.Random(count)  # noqa: S311
    for number in range(count):
        unit = UnitFactory(government=government)
        digits = "".join(str(draw.randint(1, 5)) for _place in range(12))
        candidate = PilotCandidateFactory(round=row, unit=unit)
        score(candidate, digits if number % 10 else f"{WEAK[:9]}---")
    return row


def asked(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


class TestTheMatrix:
    def test_units_by_place_with_their_reasons(self, planner: Client, arena: Any) -> None:
        row, _units = arena
        content = planner.get(page_of("pilot", row)).content.decode()
        found = re.findall(r'units/\d+/">(Dinas [^<]+)</a>', content)
        assert found == ["Dinas Kuat", "Dinas Baik", "Dinas Lemah"]
        assert "Rawan karena uang yang dikelola (5) dan izin dan layanan" in content
        assert "2 unit rawan dan sekaligus siap." in content
        assert "Portal menjelaskan, rapat yang memutuskan." in content

    def test_the_picture_says_what_the_list_says(self, planner: Client, arena: Any) -> None:
        row, _units = arena
        content = planner.get(page_of("pilot", row)).content.decode()
        desc = re.search(r"<desc>([^<]+)</desc>", content)
        assert desc
        for each in matrix_of(row).rows:
            assert f"{each.name}: " in desc[1]
        assert "Dinas Kuat: 100,0, 100,0, Rawan dan siap, 1" in desc[1]
        assert "Dinas Lemah: 25,0, 25,0, Kurang rawan, belum siap, 3" in desc[1]

    def test_incomplete_units_are_listed_not_drawn(self, planner: Client, arena: Any) -> None:
        row, _units = arena
        unit = UnitFactory(government=row.government, name="Dinas Separuh")
        score(PilotCandidateFactory(round=row, unit=unit), "5555555555--")
        content = planner.get(page_of("pilot", row)).content.decode()
        assert "1 unit belum lengkap dan tidak digambar." in content
        assert "Belum ada skor untuk: SAKIP unit, sistem dan petugas TI." in content
        assert "Dinas Separuh" not in re.findall(r"<desc>([^<]+)</desc>", content)[0]

    def test_nothing_scored_yet_is_no_error(self, planner: Client, cast: Cast) -> None:
        candidate = PilotCandidateFactory(
            round=PilotRoundFactory(government=cast.home), unit=cast.unit
        )
        page = planner.get(page_of("pilot", candidate.round))
        assert "Belum ada unit yang dinilai lengkap." in text_of(page)

    def test_a_hundred_units_in_at_most_fifteen_queries(
        self, planner: Client, secretariat: Client, cast: Cast
    ) -> None:
        row = crowd(cast.home, 100)
        assert asked(planner, page_of("pilot", row)) <= MATRIX_BUDGET
        decide(row, cast[Role.ZI_SECRETARIAT])
        assert asked(secretariat, page_of("pilot", row)) <= MATRIX_BUDGET
        content = planner.get(page_of("pilot", row)).content.decode()
        assert content.count("<circle") >= 60
        assert content.count('scope="row" data-label="Unit"') >= 100

    @pytest.mark.parametrize("name", ["pilot", "pilot_factor", "pilot_decide"])
    def test_it_costs_the_same_for_many(self, secretariat: Client, cast: Cast, name: str) -> None:
        more = ["money"] if name == "pilot_factor" else []
        few = asked(secretariat, page_of(name, crowd(cast.home, 2), *more))
        assert asked(secretariat, page_of(name, crowd(cast.home, 7), *more)) == few <= 12

    def test_a_changed_file_of_factors_is_told(self, planner: Client, cast: Cast) -> None:
        row = PilotRoundFactory(government=cast.home, factor_set_sha256="0" * 64)
        assert "Berkas faktor berubah" in text_of(planner.get(page_of("pilot", row)))
        gone = PilotRoundFactory(government=cast.home, factor_set="hilang")
        assert "sudah tidak ada" in text_of(planner.get(page_of("pilot", gone)))

    def test_units_do_not_read_scores(self, cast: Cast, client_as: SignIn, arena: Any) -> None:
        assert client_as(cast[Role.OPD_HEAD]).get(page_of("pilot", arena[0])).status_code == 403


class TestTheGrid:
    def send(self, client: Client, row: PilotRound, typed: dict[Unit, str], **more: Any) -> Any:
        url = page_of("pilot_factor", row, "money")
        shown = re.search(r'name="shown" value="([^"]*)"', client.get(url).content.decode())
        assert shown
        cells = {f"v-{unit.pk}-money": text for unit, text in typed.items()}
        return client.post(url, {"shown": shown[1], **cells, **more})

    def values(self) -> list[int | None]:
        rows = PilotScore.objects.filter(factor="money").order_by("unit")
        return list(rows.values_list("value", flat=True))

    def test_a_whole_column_at_once(self, planner: Client, arena: Any) -> None:
        row, (one, two, three) = arena
        answer = self.send(planner, row, {one: "1", two: " 2 ", three: ""})
        assert answer.status_code == 302
        assert self.values() == [1, 2, None]

    def test_the_good_ones_are_saved_and_the_bad_ones_named(
        self, planner: Client, arena: Any
    ) -> None:
        row, (one, two, three) = arena
        page = self.send(planner, row, {one: "1", two: "7", three: "tinggi"})
        assert page.status_code == 422
        assert self.values() == [1, 4, 2]
        text = text_of(page)
        assert "Ada 2 hal yang perlu diperbaiki" in text
        assert "Dinas Baik: “7” bukan skor" in text
        assert "Dinas Lemah: “tinggi” bukan skor" in text
        assert "1 skor tersimpan." in text
        content = page.content.decode()
        assert 'value="tinggi"' in content
        assert f'href="#id-v-{two.pk}-money"' in content

    def test_two_people_at_once(self, cast: Cast, client_as: SignIn, arena: Any) -> None:
        row, (one, two, _three) = arena
        url = page_of("pilot_factor", row, "money")
        planner, inspector = client_as(cast[Role.PLANNER]), client_as(cast[Role.INSPECTORATE])
        seen = re.search(r'name="shown" value="([^"]*)"', planner.get(url).content.decode())
        assert seen
        self.send(inspector, row, {one: "3", two: "2"})
        page = planner.post(
            url, {"shown": seen[1], f"v-{one.pk}-money": "1", f"v-{two.pk}-money": "4"}
        )
        assert page.status_code == 422
        assert "orang lain menulis 3" in text_of(page)
        # What the planner did not touch stays as the inspector wrote it.
        assert self.values() == [3, 2, 2]
        again = re.search(r'name="shown" value="([^"]*)"', page.content.decode())
        assert again
        planner.post(url, {"shown": again[1], f"v-{one.pk}-money": "1"})
        assert self.values()[0] == 1

    def test_on_to_the_next_factor(self, planner: Client, arena: Any) -> None:
        row, (one, *_rest) = arena
        answer = self.send(planner, row, {one: "1"}, next="1")
        assert answer.url == page_of("pilot_factor", row, "face_to_face")

    def test_many_units_come_in_pages_and_each_is_saved_before_the_next(
        self, cast: Cast, planner: Client
    ) -> None:
        row = crowd(cast.home, 120)
        url = page_of("pilot_factor", row, "money")
        boxes = r'name="v-(\d+)-money"'
        pages = [
            re.findall(boxes, planner.get(f"{url}?page={n}").content.decode()) for n in (1, 2, 3)
        ]
        assert [len(units) for units in pages] == [50, 50, 20]
        assert len({unit for units in pages for unit in units}) == 120
        second = planner.get(f"{url}?page=2")
        assert "Unit 51 sampai 100 dari 120" in text_of(second)
        shown = re.search(r'name="shown" value="([^"]*)"', second.content.decode())
        assert shown
        unit = pages[1][0]
        before = PilotScore.objects.get(round=row, unit=unit, factor="money").value
        typed = "1" if before != 1 else "2"
        cells = {"shown": shown[1], f"v-{unit}-money": typed, "to_page": "3"}
        refused = planner.post(f"{url}?page=2", {**cells, f"v-{pages[1][1]}-money": "sembilan"})
        assert refused.status_code == 422
        content = refused.content.decode()
        assert 'value="sembilan"' in content
        assert re.findall(boxes, content) == pages[1]
        assert PilotScore.objects.get(round=row, unit=unit, factor="money").value == int(typed)
        answer = planner.post(f"{url}?page=2", cells)
        assert answer.url == f"{url}?page=3"

    @pytest.mark.parametrize("wrong", ["0", "9", "x", "²"])
    def test_a_page_that_is_not_there_leads_back(
        self, planner: Client, arena: Any, wrong: str
    ) -> None:
        row, (one, *_rest) = arena
        assert self.send(planner, row, {one: "1"}, to_page=wrong).url == page_of("pilot", row)

    @pytest.mark.parametrize("shown", ["", "x", "1-money:9 -:- ²-money:1", "a" * 500])
    def test_a_mangled_form_overwrites_nothing(
        self, planner: Client, arena: Any, shown: str
    ) -> None:
        row, (one, *_rest) = arena
        url = page_of("pilot_factor", row, "money")
        page = planner.post(url, {"shown": shown, f"v-{one.pk}-money": "1"})
        assert page.status_code == 422
        assert self.values() == [5, 4, 2]

    def test_an_empty_sending_changes_nothing(self, planner: Client, arena: Any) -> None:
        row, _units = arena
        assert planner.post(page_of("pilot_factor", row, "money"), {}).status_code == 302
        assert self.values() == [5, 4, 2]

    def test_one_unit_with_notes(self, planner: Client, arena: Any) -> None:
        row, (one, *_rest) = arena
        url = page_of("pilot_unit", row, one.pk)
        shown = re.search(r'name="shown" value="([^"]*)"', planner.get(url).content.decode())
        assert shown
        data = {
            "shown": shown[1],
            f"v-{one.pk}-money": "5",
            f"n-{one.pk}-money": "Anggaran terbesar",
            f"sn-{one.pk}-money": "",
            f"v-{one.pk}-volume": "2",
            f"n-{one.pk}-volume": "x" * 301,
        }
        page = planner.post(url, data)
        assert page.status_code == 422
        assert "lebih panjang dari 300" in text_of(page)
        saved = PilotScore.objects.get(unit=one, factor="money")
        assert (saved.value, saved.note) == (5, "Anggaran terbesar")
        assert PilotScore.objects.get(unit=one, factor="volume").value == 5

    @pytest.mark.parametrize("name", ["pilot_factor", "pilot_unit"])
    def test_what_is_not_of_the_round_is_not_there(
        self, planner: Client, arena: Any, cast: Cast, name: str
    ) -> None:
        other = "horoscope" if name == "pilot_factor" else cast.unit.pk
        assert planner.get(page_of(name, arena[0], other)).status_code == 404

    def test_a_closed_round_shows_its_scores_without_a_button(
        self, cast: Cast, planner: Client, arena: Any
    ) -> None:
        row, (one, *_rest) = arena
        decide(row, cast[Role.ZI_SECRETARIAT])
        url = page_of("pilot_factor", row, "money")
        content = planner.get(url).content.decode()
        assert "skornya tetap seperti semula" in content
        assert "disabled" in content
        planner.post(url, {"shown": f"{one.pk}-money:5", f"v-{one.pk}-money": "1"})
        assert self.values() == [5, 4, 2]


class TestWhatThePortalOffers:
    def offer(self, cast: Cast, code: str) -> dict[int, str]:
        factor = FACTORS.factor(code)
        assert factor is not None
        return figures_for(factor, [cast.unit.pk, cast.other_unit.pk], cast.home.pk, TODAY())

    def test_services(self, cast: Cast) -> None:
        service = ServiceFactory(
            unit=cast.unit, time_number=3, time_unit="working_days", fee_kind="free"
        )
        for month, count in ((1, 1000), (2, 1400)):
            ServiceVolume.objects.create(
                government=cast.home,
                service=service,
                month=date(2026, month, 1),
                channel="counter",
                count=count,
            )
        ServiceFactory(unit=cast.unit, channel="online")
        assert self.offer(cast, "face_to_face") == {cast.unit.pk: "1 dari 2 layanan di loket"}
        assert self.offer(cast, "volume") == {cast.unit.pk: "1.200 permohonan sebulan"}
        assert self.offer(cast, "standards") == {cast.unit.pk: "1 dari 2 berstandar, 1 daring"}

    def test_facts_and_preparation(self, cast: Cast) -> None:
        for year, value in ((TODAY().year - 1, "80"), (TODAY().year, "95.5")):
            StandingFactFactory(
                government=cast.home,
                unit=cast.unit,
                key=FactKey.LHKPN_PERCENT,
                year=year,
                value=value,
            )
        PreparationAnswerFactory(unit=cast.unit)
        assert self.offer(cast, "lhkpn") == {cast.unit.pk: f"95,50\u00a0% ({TODAY().year})"}
        assert self.offer(cast, "preparation") == {cast.unit.pk: "1 langkah selesai"}
        assert self.offer(cast, "money") == {}


class TestOpeningAndDeciding:
    def test_open_by_form(self, secretariat: Client, cast: Cast) -> None:
        page = secretariat.get(reverse("assessments:pilot_new"))
        content = page.content.decode()
        key = re.search(r'name="form_key" value="([^"]+)"', content)
        assert key
        assert f'value="{TODAY().year}"' in content
        data = {
            "form_key": key[1],
            "title": "Tahap dua",
            "year": "2027",
            "scored": "with",
            "units": [str(cast.unit.pk)],
        }
        answer = secretariat.post(reverse("assessments:pilot_new"), data)
        row = PilotRound.objects.get()
        assert answer.url == page_of("pilot", row)
        assert secretariat.post(reverse("assessments:pilot_new"), data).url == answer.url

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"title": ""}, "Tulis"),
            ({"units": []}, "Pilih sekurangnya satu unit"),
            ({"units": ["x"]}, "Pilih unit dari daftar"),
            ({"year": "26"}, "2012"),
            ({"form_key": "x"}, ""),
        ],
    )
    def test_bad_input_keeps_what_was_typed(
        self, secretariat: Client, cast: Cast, changed: dict, said: str
    ) -> None:
        data = {
            "form_key": "0f6f4b6e-6b1c-4d3a-9c53-0c9a7d1d5a11",
            "title": "Tahap dua",
            "year": "2027",
            "scored": "with",
            "units": [str(cast.unit.pk)],
            **changed,
        }
        page = secretariat.post(reverse("assessments:pilot_new"), data)
        assert page.status_code == 200
        assert said in page.content.decode()
        assert not PilotRound.objects.exists()

    def test_who_has_declared_is_told_and_not_ticked(self, cast: Cast) -> None:
        rows = choosable_units(cast.home, TODAY())
        assert [row.unit.name for row in rows] == ["Dinas Dua", "Dinas Satu"]
        assert not any(row.has_declared or row.builds for row in rows)

    def test_against_the_order_the_reason_is_asked_for(
        self, secretariat: Client, arena: Any
    ) -> None:
        row, (_one, _two, three) = arena
        month = TODAY().strftime("%m/%Y")
        data = {"decree_number": "5", "decided": month, "units": [str(three.pk)]}
        page = secretariat.post(page_of("pilot_decide", row), data)
        assert "tidak rawan dan tidak siap" in page.content.decode()
        assert not PilotDecision.objects.exists()
        data["against_reason"] = "Agar wilayah ikut terwakili"
        answer = secretariat.post(page_of("pilot_decide", row), data)
        assert answer.status_code == 302
        text = text_of(secretariat.get(page_of("pilot", row)))
        shown = partial_date(PartialDate(TODAY().replace(day=1), Precision.MONTH))
        assert f"Diputuskan: {shown}" in text
        assert "Agar wilayah ikut terwakili" in text
        assert "dengan alasan khusus" in text

    def test_a_correction_shows_both(self, cast: Cast, secretariat: Client, arena: Any) -> None:
        row, (one, *_rest) = arena
        decide(row, cast[Role.ZI_SECRETARIAT])
        page = secretariat.get(page_of("pilot_correct", row))
        assert "188.45/7/2026" in page.content.decode()
        data = {
            "decree_number": "188.45/8/2026",
            "decided": TODAY().strftime("%d/%m/%Y"),
            "units": [str(one.pk)],
            "reason": "Nomor keliru",
        }
        assert secretariat.post(page_of("pilot_correct", row), data).status_code == 302
        text = text_of(secretariat.get(page_of("pilot", row)))
        assert "Nomor keliru" in text
        assert "Keputusan 1, sudah dikoreksi" in text
        assert "188.45/7/2026" in text

    def test_discarded_by_a_button(self, secretariat: Client, arena: Any) -> None:
        row, _units = arena
        secretariat.post(page_of("pilot_discard", row))
        row.refresh_from_db()
        assert row.state == "discarded"
        page = secretariat.post(page_of("pilot_discard", row), follow=True)
        assert "sudah memindahkan" in text_of(page) or "Muat ulang" in text_of(page)

    def test_a_decision_without_scores_says_so(self, cast: Cast, secretariat: Client) -> None:
        row = PilotRoundFactory(government=cast.home, scored=False)
        PilotCandidateFactory(round=row, unit=cast.unit)
        text = text_of(secretariat.get(page_of("pilot", row)))
        assert "Skor tidak tercatat." in text
        assert (
            "against_reason" not in secretariat.get(page_of("pilot_decide", row)).content.decode()
        )
        assert secretariat.get(page_of("pilot_factor", row, "money")).status_code == 404
