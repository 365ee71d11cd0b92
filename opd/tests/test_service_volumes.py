"""Services: the numbers of each month."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.models import LedgerEntry
from opd.actions import services as actions
from opd.actions.services import Cell
from opd.enums import Role
from opd.models import ServiceVolume
from opd.registry import RegistryRefused
from opd.service_share import add_months, first_of_month
from opd.tests.factories import ServiceFactory
from opd.tests.factories_services import ServiceVolumeFactory

TODAY = timezone.localdate()
JAN = date(2025, 1, 1)


@pytest.fixture
def by(cast):
    return cast[Role.OPD_OPERATOR]


@pytest.fixture
def client(cast, client_as):
    return client_as(cast[Role.OPD_OPERATOR])


def url(name, *args):
    return reverse(f"opd:{name}", args=args)


def grid(row, **numbers):
    """`c1="1.234"`: the counter in January."""
    ways = {"c": "counter", "o": "online"}
    return {f"n-{row.pk}-{name[1:]}-{ways[name[0]]}": value for name, value in numbers.items()}


class TestVolumes:
    @pytest.fixture
    def row(self, cast):
        return ServiceFactory(unit=cast.unit, name="KTP", channel="hybrid")

    @pytest.fixture
    def page(self, cast):
        return url("volumes", cast.unit.pk, 2025)

    def stored(self, row):
        return {(volume.month.month, volume.channel): volume.count for volume in row.volumes.all()}

    def test_numbers_as_people_write_them(self, cast, client, row, page):
        client.post(page, grid(row, c1="1.234", o1="0", c2=" 12 ", o2="", c3="-"))
        assert self.stored(row) == {(1, "counter"): 1234, (1, "online"): 0, (2, "counter"): 12}
        shown = client.get(page).content.decode()
        assert 'value="1.234"' in shown
        assert 'value="0"' in shown
        assert LedgerEntry.objects.get(verb="unit.volumes_saved").codes == {
            "year": 2025,
            "cells": 3,
        }

    def test_an_empty_cell_takes_the_number_away_and_zero_does_not(self, client, row, page):
        client.post(page, grid(row, c1="5", c2="6"))
        seen = f"{row.pk}:1:counter=5;{row.pk}:2:counter=6"
        client.post(page, {**grid(row, c1="", c2="0"), "seen": seen})
        assert self.stored(row) == {(2, "counter"): 0}

    def test_a_partly_bad_grid_keeps_everything_and_names_the_cells(self, client, row, page):
        typed = grid(row, c1="100", o1="dua", c2="1,5", o2="1,234.5", c3="-4")
        answer = client.post(page, typed)
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert self.stored(row) == {}
        for value in typed.values():
            assert f'value="{value}"' in shown
        for cell in (
            "KTP, Januari 2025, daring",
            "KTP, Februari 2025, di loket",
            "KTP, Maret 2025",
        ):
            assert cell in shown
        assert "KTP, Januari 2025, di loket:" not in shown

    def test_a_pasted_column_is_laid_down_and_shown_before_it_is_saved(self, client, row, page):
        answer = client.post(page, grid(row, c1="1.234\t1.300\n1.400", o1="7"))
        shown = answer.content.decode()
        assert "Belum ada yang disimpan" in shown
        assert self.stored(row) == {}
        assert shown.count("is-filled") == 3
        for number in ("1.234", "1.300", "1.400"):
            assert f'value="{number}"' in shown

    def test_a_pasted_column_that_does_not_fit_is_named(self, client, row, page):
        answer = client.post(page, grid(row, c11="1 2 3", c1="4 5", c2="9"))
        assert answer.status_code == 422
        assert "2 angka ditempel" in answer.content.decode()
        assert "3 angka ditempel" in answer.content.decode()
        assert self.stored(row) == {}

    def test_what_somebody_else_changed_is_not_overwritten_unseen(self, client, row, page):
        ServiceVolumeFactory(service=row, month=JAN, count=77)
        answer = client.post(page, {**grid(row, c1="5", c2="6"), "seen": ""})
        shown = answer.content.decode()
        assert "Orang lain sudah mengubah" in shown
        assert "yang tersimpan sekarang 77" in shown
        assert 'value="5"' in shown
        assert self.stored(row) == {(1, "counter"): 77}
        again = {**grid(row, c1="5", c2="6"), "seen": f"{row.pk}:1:counter=77"}
        assert client.post(page, again).status_code == 302
        assert self.stored(row) == {(1, "counter"): 5, (2, "counter"): 6}

    def test_months_ahead_have_no_cell_and_other_services_are_refused(self, cast, by, row):
        for cell in (
            Cell(row.pk, add_months(TODAY, 1), "counter", 5),
            Cell(ServiceFactory(unit=cast.other_unit).pk, first_of_month(TODAY), "counter", 5),
        ):
            with pytest.raises((RegistryRefused, PermissionDenied)):
                actions.save_volumes(
                    by=by,
                    unit=cast.unit,
                    year=cell.month.year,
                    cells=[cell],
                    seen={},
                    today=TODAY,
                )
        assert not ServiceVolume.objects.exists()

    def test_years_that_nobody_can_fill_do_not_exist(self, cast, client):
        for year in (2014, TODAY.year + 1):
            assert client.get(url("volumes", cast.unit.pk, year)).status_code == 404
