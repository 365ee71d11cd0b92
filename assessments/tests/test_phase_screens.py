"""The page of phases: units moved between years, two people at once, the picture."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import PhasePlan
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
)
from assessments.tests.factories_preparation import (
    PhasePlanFactory,
    count_dinas,
)
from assessments.tests.preparation_pages import TODAY, asked, town
from assessments.tests.workplan_pages import SignIn, text_of
from opd.enums import Role, SuccessionKind
from opd.models import UnitSuccession
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast


@pytest.fixture(autouse=True)
def _counted(cast: Cast) -> None:
    count_dinas(cast.home, cast.away)


@pytest.fixture
def secretariat(cast: Cast, client_as: SignIn) -> Client:
    return client_as(cast[Role.ZI_SECRETARIAT])


@pytest.fixture
def operator(cast: Cast, client_as: SignIn) -> Client:
    return client_as(cast[Role.OPD_OPERATOR])


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
