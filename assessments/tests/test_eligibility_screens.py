"""The pages of eligibility: one unit, all units, another year or set beside it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from assessments.models import RequirementException, ZoneHandover
from assessments.tests.factories import IntegrityZoneFactory
from assessments.tests.factories_journey import ExceptionFactory, PredicateFactory
from opd.enums import Role
from opd.models import StandingFact

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to(NOW)


def fact(cast: Any, key: str, value: str, **more: Any) -> StandingFact:
    return StandingFact.objects.create(
        government=cast.home, **{"year": 2025, "key": key, "value": value, **more}
    )


def page(client: Any, cast: Any, query: str = "") -> str:
    address = reverse("assessments:unit_eligibility", args=[cast.unit.pk])
    return " ".join(client.get(f"{address}?{query}").content.decode().split())


def test_each_state_in_words_with_how_much_is_missing(cast: Any, client_as: Any) -> None:
    fact(cast, "bpk_opinion", "WDP")
    fact(cast, "spip_level", "3")
    fact(cast, "rb_index", "", in_process=True)
    fact(cast, "tlhp_percent", "97.5", unit=cast.unit)
    IntegrityZoneFactory(unit=cast.unit, building_since=date(2026, 1, 1))

    text = page(client_as(cast[Role.SEKDA]), cast)

    for words in (
        "kurang 2 tingkat",
        "Dalam proses",
        "97,5 %",
        "kurang 2,5 poin persen",
        "kurang 8 bulan",
        "tidak tercatat",
        "tanpa bukti",
        "Belum layak",
    ):
        assert words.lower() in text.lower()


def test_the_exception_stands_beside_what_stays_unmet(cast: Any, client_as: Any) -> None:
    ExceptionFactory(unit=cast.unit)
    text = page(client_as(cast[Role.OPD_HEAD]), cast)
    assert "Boleh lanjut sejak 1 Januari 2026" in text
    assert "Belum terpenuhi, boleh lanjut" in text
    assert "Semua syarat terpenuhi" not in text


def test_another_year_and_set_beside_it(cast: Any, client_as: Any) -> None:
    fact(cast, "bpk_opinion", "WTP")
    fact(cast, "bpk_opinion", "WTP", year=2019)
    fact(cast, "bpk_opinion", "WDP", year=2018)
    query = "target=wbk&year=2026&against_year=2019&against_rules=barenlitbang-kediri-2019"
    text = page(client_as(cast[Role.PLANNER]), cast, query)
    assert "Opini BPK" in text
    assert "WDP" in text
    assert "berbeda" in text
    assert "tidak diminta" in text


@pytest.mark.parametrize("query", ["year=abc&target=x&rules=y", "year=99999", "against_year=-1"])
def test_nonsense_in_the_address_falls_back(cast: Any, client_as: Any, query: str) -> None:
    assert "Belum layak" in page(client_as(cast[Role.MAYOR]), cast, query)


def test_recording_and_ending_an_exception_by_form(cast: Any, client_as: Any) -> None:
    client = client_as(cast[Role.ZI_SECRETARIAT])
    new = reverse("assessments:exception_new", args=[cast.unit.pk])
    half = client.post(new, {"service": "one_stop", "since": "1/5/2026", "reason": ""})
    assert half.status_code == 422
    assert "Tuliskan mengapa unit boleh lanjut." in half.content.decode()
    assert "1/5/2026" in half.content.decode()

    client.post(new, {"service": "one_stop", "since": "1/5/2026", "reason": "SAKIP diperbaiki"})
    row = RequirementException.objects.get()
    end = reverse("assessments:exception_end", args=[cast.unit.pk, row.pk])
    late = client.post(end, {"day": "21/5/2026"})
    assert "sampai hari ini" in late.content.decode()
    client.post(end, {"day": "20/5/2026"})
    row.refresh_from_db()
    assert row.until == date(2026, 5, 20)


def test_the_list_puts_the_ready_first_and_names_what_is_missing(cast: Any, client_as: Any) -> None:
    for unit in (cast.unit, cast.other_unit):
        IntegrityZoneFactory(unit=unit)
    ExceptionFactory(unit=cast.other_unit)
    text = client_as(cast[Role.SEKDA]).get(reverse("assessments:eligibility")).content.decode()
    assert text.index(cast.other_unit.name) < text.index(cast.unit.name)
    assert "Opini BPK" in text


def test_a_head_sees_his_branch_only(cast: Any, client_as: Any) -> None:
    for unit in (cast.unit, cast.other_unit):
        IntegrityZoneFactory(unit=unit)
    text = client_as(cast[Role.OPD_HEAD]).get(reverse("assessments:eligibility")).content.decode()
    assert cast.unit.name in text
    assert cast.other_unit.name not in text


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        (None, False),
        ({}, True),
        ({"state": "watched", "reason": "Laporan"}, True),
        ({"state": "revoked", "revoked_on": date(2026, 2, 1), "reason": "Perkara"}, False),
        ({"state": "void", "reason": "Unit lain"}, False),
        ({"predicate": "wbbm"}, False),
    ],
)
def test_wbbm_asks_for_a_wbk_in_force(
    cast: Any, client_as: Any, values: dict[str, Any] | None, holds: bool
) -> None:
    if values is not None:
        PredicateFactory(zone__unit=cast.unit, **values)
    client = client_as(cast[Role.PLANNER])
    asked = "Memegang predikat WBK yang masih berlaku"
    text = page(client, cast, "target=wbbm&year=2026")
    assert asked in text
    assert ("tidak dipegang" in text) is not holds
    assert asked not in page(client, cast, "target=wbk&year=2026")
    assert "tidak dipegang" in page(client, cast, "target=wbbm&year=2024")


def test_the_wbk_of_a_unit_whose_road_goes_on_counts(cast: Any, client_as: Any) -> None:
    before = PredicateFactory(zone__unit=cast.other_unit, zone__closed_on=date(2026, 1, 1)).zone
    ZoneHandover.objects.create(
        government=cast.home, predecessor=before, heir=cast.unit, happened_on=date(2026, 1, 2)
    )
    text = page(client_as(cast[Role.PLANNER]), cast, "target=wbbm&year=2026")
    assert "tidak dipegang" not in text
