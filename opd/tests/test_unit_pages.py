"""The registry's list and a unit's page: what is seen. Roles and foreign objects: the matrix."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from opd.enums import Role
from opd.models import Unit, UnitKindRule
from opd.tests.factories import (
    ServiceFactory,
    StandingFactFactory,
    UnitFactory,
)
from opd.tests.unit_pages import text_of, url


class TestList:
    def test_tree_says_how_many_count(self, cast, desk):
        UnitKindRule.objects.create(government=cast.home, unit_kind="dinas")
        page = text_of(desk.get(url("unit_list")))
        assert "3 unit aktif. 2 dihitung dalam “semua unit”." in page
        assert page.index("Dinas Dua") < page.index("Dinas Satu") < page.index("UPTD Satu")
        assert "Dinas Jauh" not in page

    def test_a_former_name_is_said(self, cast, desk):
        cast.unit.names.update(valid_to=date(2022, 1, 1))
        cast.unit.name = "Bappeda"
        cast.unit.save()
        cast.unit.names.create(government=cast.home, name="Bappeda")
        assert "dahulu Dinas Satu" in text_of(desk.get(url("unit_list"), {"q": "dinas satu"}))
        assert "dahulu Dinas" not in text_of(desk.get(url("unit_list"), {"q": "bappeda"}))

    def test_filters(self, cast, desk):
        cast.other_unit.active_to = timezone.localdate() - timedelta(days=1)
        cast.other_unit.save()
        closed = text_of(desk.get(url("unit_list"), {"state": "closed"}))
        assert "Dinas Dua" in closed
        assert "Dinas Satu" not in closed
        kind = text_of(desk.get(url("unit_list"), {"kind": "uptd"}))
        assert "UPTD Satu" in kind
        assert "Dinas Satu</a>" not in kind

    def test_nothing_found_says_what_to_try(self, desk):
        page = text_of(desk.get(url("unit_list"), {"q": "<script>zzz"}))
        assert "Unit tidak ditemukan" in page
        assert "<script>zzz" not in page

    @pytest.mark.parametrize("query", ["?page=999", "?page=x", "?kind=zzz", "?state=zzz"])
    def test_odd_addresses(self, desk, query):
        assert desk.get(url("unit_list") + query).status_code == 200

    def test_a_government_without_units(self, cast, client_as):
        Unit.objects.filter(pk=cast.other_unit.pk).update(government=cast.away)
        page = client_as(cast[Role.OPD_HEAD]).get(url("unit_list"))
        assert "UPTD Satu" in text_of(page)

    @pytest.mark.parametrize("query", [{}, {"q": "uji"}, {"state": "all"}])
    def test_costs_the_same(self, cast, desk, query):
        asked = []
        for more in (2, 5, 60):
            for _n in range(more):
                UnitFactory(government=cast.home, parent=cast.unit)
            with CaptureQueriesContext(connection) as captured:
                assert desk.get(url("unit_list"), query).status_code == 200
            asked.append(len(captured))
        assert len(set(asked)) == 1
        assert asked[0] <= 6

    def test_long_lists_have_pages(self, cast, desk):
        for _n in range(70):
            UnitFactory(government=cast.home, parent=cast.unit)
        first = text_of(desk.get(url("unit_list")))
        second = text_of(desk.get(url("unit_list"), {"page": "2"}))
        assert 'aria-current="page">1<' in first
        assert "di bawah Dinas Satu" in second


class TestDetail:
    def test_everything_of_a_unit(self, cast, desk):
        cast.unit.duties.create(government=cast.home, position=1, text="Menata arsip")
        ServiceFactory(
            unit=cast.unit,
            name="Penerbitan KTP-el",
            channel="online",
            time_number=3,
            time_unit="working_days",
        )
        StandingFactFactory(government=cast.home, unit=cast.unit, key="rb_index", value="60.37")
        cast.unit.names.create(
            government=cast.home,
            name="Kantor Lama",
            valid_to=date(2021, 9, 1),
            valid_to_precision="month",
            basis="Perda 1",
        )
        page = text_of(desk.get(url("unit", cast.unit.pk)))
        for said in (
            "Menata arsip",
            "Penerbitan KTP-el",
            "3 hari kerja",
            "60,37",
            "Kantor Lama",
            "nama sampai September 2021",
            "Perda 1",
            "UPTD Satu",
        ):
            assert said in page

    def test_a_closed_unit_shows_what_still_hangs(self, cast, desk):
        yesterday = timezone.localdate() - timedelta(days=1)
        Unit.objects.filter(pk=cast.unit.pk).update(active_to=yesterday, close_basis="SK 9")
        page = text_of(desk.get(url("unit", cast.unit.pk)))
        assert "sudah ditutup, dan yang masih ada di sini: 4 jabatan yang masih berlaku" in page
        assert "SK 9" in page

    def test_the_unit_above_is_named_but_not_linked(self, cast, client_as):
        from opd.tests.factories import MembershipFactory

        operator = MembershipFactory(
            government=cast.home, unit=cast.below, role=Role.OPD_OPERATOR, title="Operator"
        )
        page = text_of(client_as(operator).get(url("unit", cast.below.pk)))
        assert "Dinas Satu" in page
        assert url("unit", cast.unit.pk) + '"' not in page
        assert url("unit_edit", cast.below.pk) not in page

    @pytest.mark.parametrize("more", [2, 7])
    def test_costs_the_same(self, cast, desk, more):
        for n in range(more):
            UnitFactory(government=cast.home, parent=cast.unit)
            ServiceFactory(unit=cast.unit)
            cast.unit.duties.create(government=cast.home, position=n, text=f"Tugas {n}")
            StandingFactFactory(government=cast.home, unit=cast.unit, year=2010 + n)
        with CaptureQueriesContext(connection) as captured:
            desk.get(url("unit", cast.unit.pk))
        assert len(captured) == 11
