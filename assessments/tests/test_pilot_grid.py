"""The grid of scores: saves what it can, in pages, two people at once, what the portal offers."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from assessments.models import PilotRound, PilotScore
from assessments.queries.pilots import figures_for
from assessments.tests.factories_preparation import (
    FACTORS,
    PreparationAnswerFactory,
    count_dinas,
)
from assessments.tests.pilot_pages import TODAY, decide, round_with
from assessments.tests.pilot_screens import THREE, crowd, page_of
from assessments.tests.workplan_pages import SignIn, text_of
from opd.enums import FactKey, Role
from opd.models import ServiceVolume, Unit
from opd.tests.factories import ServiceFactory, StandingFactFactory
from opd.tests.fixtures import Cast


@pytest.fixture(autouse=True)
def _counted(cast: Cast) -> None:
    count_dinas(cast.home, cast.away)


@pytest.fixture
def arena(cast: Cast) -> tuple[PilotRound, list[Unit]]:
    return round_with(cast.home, THREE)


@pytest.fixture
def planner(cast: Cast, client_as: SignIn) -> Client:
    return client_as(cast[Role.PLANNER])


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
