"""The pages of zones: filters, history, next step, earlier predicates."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.enums import ZoneStage
from assessments.tests.act_pages import page, url
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    NamedUnitFactory,
    NamingDecreeFactory,
)
from opd.enums import Role

pytestmark = pytest.mark.django_db


class TestZones:
    def test_filters(self, cast: Any, desk: Any) -> None:
        IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.NAMED)
        IntegrityZoneFactory(unit=cast.other_unit, stage=ZoneStage.BUILDING)
        named = page(desk.get(url("zones"), {"stage": "named"}))
        assert "Dinas Satu" in named
        assert "Dinas Dua" not in named
        found = page(desk.get(url("zones"), {"q": "dua"}))
        assert "Dinas Dua" in found
        assert "Dinas Satu" not in found
        assert "Dinas Satu" in page(desk.get(url("zones"), {"stage": "'", "page": "x"}))

    def test_history_acts_and_next_step(self, cast: Any, client_as: Any) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.NAMED)
        act = DeclarationFactory(government=cast.home, closed=True, title="Pencanangan kita")
        DeclarationUnitFactory(declaration=act, unit=cast.unit)
        NamedUnitFactory(
            decree=NamingDecreeFactory(government=cast.home, number="SK 7"), unit=cast.unit
        )
        head = client_as(cast[Role.OPD_HEAD])
        today = f"{timezone.localdate():%d/%m/%Y}"
        shown = page(head.get(url("zone", zone.pk)))
        assert "Pencanangan kita" in shown
        assert "SK 7" in shown
        shown = page(head.post(url("zone_build", zone.pk), {"since": today}, follow=True))
        assert "Mulai membangun" in shown
        zone.refresh_from_db()
        assert zone.stage == ZoneStage.BUILDING

    def test_earlier_predicate(self, cast: Any, desk: Any) -> None:
        facts = {"unit": cast.unit.pk, "predicate": "wbk", "year": "2022", "source": "Arsip"}
        shown = page(desk.post(url("predicate_new"), facts, follow=True))
        assert "WBK 2022" in shown
        assert "sudah dicatat" in page(desk.post(url("predicate_new"), facts))

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [({"year": "2090"}, "belum tiba"), ({"unit": "0"}, "Pilih"), ({"year": "WBK"}, "angka")],
    )
    def test_bad_predicate(self, wrong: dict, sentence: str, cast: Any, desk: Any) -> None:
        facts = {
            "unit": cast.unit.pk,
            "predicate": "wbk",
            "year": "2022",
            "source": "Arsip",
        } | wrong
        assert sentence in page(desk.post(url("predicate_new"), facts))


def test_a_building_zone_asks_a_few_times_more_however_much_it_lacks(
    cast: Any, desk: Any, django_assert_max_num_queries: Any
) -> None:
    """Twelve for the page, one each for deadline, requirements, exceptions, papers of its step."""
    zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.BUILDING)
    page = reverse("assessments:zone", args=[zone.pk])
    desk.get(page)
    with django_assert_max_num_queries(16):
        text = desk.get(page).content.decode()
    assert "Opini BPK" in text
