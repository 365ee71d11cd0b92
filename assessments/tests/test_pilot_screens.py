"""Pages of choosing pilots: the matrix, a hundred units, opening and deciding."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import PilotDecision, PilotRound
from assessments.queries.pilots import choosable_units, matrix_of
from assessments.tests.factories_preparation import (
    PilotCandidateFactory,
    PilotRoundFactory,
    count_dinas,
    score,
)
from assessments.tests.pilot_pages import TODAY, decide, round_with
from assessments.tests.pilot_screens import THREE, crowd, page_of
from assessments.tests.workplan_pages import SignIn, text_of
from integrity_portal.core.formatting import partial_date
from integrity_portal.core.partial_dates import PartialDate
from opd.enums import Role
from opd.models import Unit
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast

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
        day = TODAY().strftime("%d/%m/%Y")
        data = {"decree_number": "5", "decided": day, "units": [str(three.pk)]}
        page = secretariat.post(page_of("pilot_decide", row), data)
        assert "tidak rawan dan tidak siap" in page.content.decode()
        assert not PilotDecision.objects.exists()
        data["against_reason"] = "Agar wilayah ikut terwakili"
        answer = secretariat.post(page_of("pilot_decide", row), data)
        assert answer.status_code == 302
        text = text_of(secretariat.get(page_of("pilot", row)))
        shown = partial_date(PartialDate(TODAY()))
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
