"""No unit begins after something that it did; a closed one keeps its record."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.actions import imports, units
from opd.enums import Role, SuccessionKind
from opd.models import UnitSuccession
from opd.queries import imports as queries
from opd.registry import RegistryRefused
from opd.tests.factories import MembershipFactory, UnitFactory
from opd.tests.factories_services import ChannelMoveFactory

TODAY = date(2026, 11, 21)
ACT = date(2024, 5, 1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("indonesian")]


def edit(by, unit, **values):
    place = {"kind": unit.kind, "code": unit.code, "parent": unit.parent, "active_from": None}
    return units.edit_unit(by=by, unit=unit, today=TODAY, **{**place, **values})


def name_changed(unit):
    unit.names.create(government=unit.government, name="Nama lama", valid_to=ACT)


def took_over(unit, other="successor"):
    ends = {"predecessor": UnitFactory(government=unit.government), "successor": unit}
    if other == "predecessor":
        ends = {"predecessor": unit, "successor": ends["predecessor"]}
    UnitSuccession.objects.create(
        government=unit.government, kind=SuccessionKind.SPLIT, happened_on=ACT, **ends
    )


def gave_parts_away(unit):
    took_over(unit, other="predecessor")


def office_begun(unit):
    MembershipFactory(government=unit.government, unit=unit, role=Role.OPD_OPERATOR, valid_from=ACT)


def service_moved(unit):
    ChannelMoveFactory(service__unit=unit, moved_on=ACT)


@pytest.mark.parametrize(
    "happens", [name_changed, took_over, gave_parts_away, office_begun, service_moved]
)
def test_a_unit_begins_before_its_first_entry(cast, by, happens):
    happens(cast.below)
    with pytest.raises(RegistryRefused, match="1 Mei 2024") as refused:
        edit(by, cast.below, active_from=ACT + timedelta(days=1))
    assert refused.value.field == "active_from"
    assert edit(by, cast.below, active_from=ACT).active_from == ACT


def test_a_month_counts_to_its_end(cast, by):
    ChannelMoveFactory(service__unit=cast.below, moved_on=ACT, moved_on_precision="month")
    assert edit(by, cast.below, active_from=date(2024, 5, 31))
    with pytest.raises(RegistryRefused, match="31 Mei 2024"):
        edit(by, cast.below, active_from=date(2024, 6, 1))


def test_a_list_does_not_move_the_first_day_either(cast, by):
    cast.below.code = "7"
    cast.below.save()
    office_begun(cast.below)
    data = "kode;jenis;nama;berlaku sejak\n7;UPTD;UPTD Satu;01/01/2099\n"
    upload = imports.receive_units(by=by, data=data.encode(), now=timezone.now())
    (line,) = queries.plan_of(upload, today=TODAY).lines
    assert "1 Mei 2024" in " ".join(line.problems)


def rename(by, unit, day, precision=Precision.DAY):
    return units.rename_unit(
        by=by,
        unit=unit,
        name="Nama Baru",
        short_name="",
        changed_on=PartialDate(day, precision),
        basis="",
        today=TODAY,
    )


def test_no_name_changes_before_the_first_day(cast, by):
    cast.unit.active_from = ACT
    cast.unit.save()
    with pytest.raises(RegistryRefused, match="1 Mei 2024") as refused:
        rename(by, cast.unit, ACT - timedelta(days=1))
    assert refused.value.field == "changed_on"
    with pytest.raises(RegistryRefused, match="1 Mei 2024"):
        rename(by, cast.unit, date(2023, 1, 1), Precision.YEAR)
    with pytest.raises(RegistryRefused, match="1 Mei 2024") as refused:
        units.add_former_name(
            by=by,
            unit=cast.unit,
            name="Lama",
            short_name="",
            ended=PartialDate(date(2020, 1, 1)),
            basis="",
            today=TODAY,
        )
    assert refused.value.field == "ended"
    assert rename(by, cast.unit, date(2024, 1, 1), Precision.YEAR).name == "Nama Baru"


@pytest.fixture
def closed(cast):
    cast.below.active_to = date(2024, 12, 31)
    cast.below.save()
    return cast.below


def test_a_closed_unit_gets_no_new_name_or_place(cast, by, closed):
    with pytest.raises(RegistryRefused, match="berakhir pada 31 Desember 2024"):
        rename(by, closed, date(2025, 2, 1))
    with pytest.raises(RegistryRefused, match="berakhir pada 31 Desember 2024"):
        edit(by, closed, parent=cast.other_unit)
    assert edit(by, closed, code="K-9").code == "K-9"
    right = units.correct_unit_name(by=by, unit=closed, name="UPTD Sathu", short_name="")
    assert right.name == "UPTD Sathu"


def test_an_old_tab_of_the_rename_page_gets_the_sentence(cast, by, closed, client_as):
    page = client_as(by).post(
        reverse("opd:unit_rename", args=[closed.pk]),
        {"what": "new", "name": "Nama Baru", "changed_on": "1/2/2025"},
    )
    assert page.status_code == 422
    assert "berakhir pada 31 Desember 2024" in page.content.decode()
    assert "Nama Baru" in page.content.decode()


def test_a_last_day_ahead_still_allows_a_new_name(cast, by):
    cast.below.active_to = TODAY + timedelta(days=9)
    cast.below.save()
    assert rename(by, cast.below, ACT).name == "Nama Baru"


def test_a_unit_that_begins_ahead_is_not_active_yet(cast, by, client_as):
    cast.below.active_from = timezone.localdate() + timedelta(days=9)
    cast.below.save()
    page = client_as(by).get(reverse("opd:unit", args=[cast.below.pk])).content.decode()
    assert "mulai " in page
    assert "Aktif<" not in page
    assert "Dihitung" not in page


def test_a_unit_that_ends_ahead_is_not_closed(cast, by, client_as):
    cast.below.active_to = timezone.localdate() + timedelta(days=9)
    cast.below.save()
    page = client_as(by).get(reverse("opd:unit", args=[cast.below.pk])).content.decode()
    assert "sampai " in page
    assert "Ditutup" not in page
    assert "(ditutup)" not in page
