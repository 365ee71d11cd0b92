"""Services: the standard, moves that are corrected in the open, numbers of each month."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrity_portal.core.models import LedgerEntry
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.actions import services as actions
from opd.actions.services import Cell, MoveFacts, SavedMeanwhile, Standard
from opd.enums import Role
from opd.models import ChannelMove, Service, ServiceVolume
from opd.queries import services as queries
from opd.registry import RegistryRefused
from opd.service_share import Share, add_months, first_of_month
from opd.tests.factories import MembershipFactory, ServiceFactory, UnitFactory
from opd.tests.factories_services import ChannelMoveFactory, ServiceVolumeFactory
from opd.tests.unit_pages import url

TODAY = timezone.localdate()
NOW = timezone.now
JAN = date(2025, 1, 1)


@pytest.fixture
def by(cast):
    return cast[Role.OPD_OPERATOR]


@pytest.fixture
def client(cast, client_as):
    return client_as(cast[Role.OPD_OPERATOR])


def entries(row):
    rows = LedgerEntry.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    return list(rows.order_by("pk").values_list("verb", flat=True))


def facts(*ways, day=JAN, precision="day", **values):
    return MoveFacts(*ways, PartialDate(day, precision), **values)


class TestStandard:
    def test_everything_is_saved_and_recorded(self, cast, by):
        standard = Standard(
            name="KTP-el",
            time_number=3,
            time_unit="working_days",
            fee_kind="amount",
            fee_amount=Decimal(25000),
            requirements=["Kartu Keluarga", "Surat pengantar"],
            steps=["Datang", "Foto", "Ambil"],
        )
        row = actions.save_service(by=by, unit=cast.unit, standard=standard, today=TODAY)
        assert queries.lines_of(row) == (
            ["Kartu Keluarga", "Surat pengantar"],
            ["Datang", "Foto", "Ambil"],
        )
        again = Standard(name="KTP", fee_kind="free", steps=["Datang"])
        actions.save_service(
            by=by, unit=cast.unit, service=row, standard=again, version=1, today=TODAY
        )
        row.refresh_from_db()
        assert (row.name, row.version, row.time_number, row.fee_amount) == ("KTP", 2, None, None)
        assert queries.lines_of(row) == ([], ["Datang"])
        assert entries(row) == ["service.added", "service.edited"]

    def test_who_saves_second_is_told(self, cast, by):
        row = ServiceFactory(unit=cast.unit, version=4)
        with pytest.raises(SavedMeanwhile, match="Orang lain sudah menyimpan"):
            actions.save_service(
                by=by,
                unit=cast.unit,
                service=row,
                standard=Standard(name="X"),
                version=3,
                today=TODAY,
            )

    @pytest.mark.parametrize(
        ("standard", "sentence"),
        [
            (Standard(name="Lama"), "layanan dengan nama itu"),
            (Standard(name="A", time_number=3), "angka beserta satuannya"),
            (Standard(name="A", fee_kind="amount"), "jumlah biaya"),
            (Standard(name="A", ended_on=date(2199, 1, 1)), "belum tiba"),
            (Standard(name="A", steps=["x"] * 41), "paling banyak 40 baris"),
        ],
    )
    def test_refused(self, cast, by, standard, sentence):
        ServiceFactory(unit=cast.unit, name="Lama")
        with pytest.raises(RegistryRefused, match=sentence):
            actions.save_service(by=by, unit=cast.unit, standard=standard, today=TODAY)
        assert cast.unit.services.count() == 1

    def test_only_the_unit_itself_and_the_managers_write(self, cast):
        for role in (Role.LIAISON_OFFICER, Role.SEKDA, Role.PLANNER, Role.INSPECTORATE):
            with pytest.raises(PermissionDenied):
                actions.save_service(
                    by=cast[role], unit=cast.unit, standard=Standard(name="A"), today=TODAY
                )
        with pytest.raises(PermissionDenied):
            actions.save_service(
                by=cast[Role.OPD_HEAD], unit=cast.below, standard=Standard(name="A"), today=TODAY
            )
        camat = MembershipFactory(
            government=cast.home, role=Role.OPD_HEAD, unit=cast.unit, acts_below=True
        )
        for by, unit in ((camat, cast.below), (cast[Role.ZI_SECRETARIAT], cast.other_unit)):
            assert actions.save_service(by=by, unit=unit, standard=Standard(name="A"), today=TODAY)

    def test_only_what_holds_nothing_is_removed(self, cast, by):
        row = actions.save_service(
            by=by, unit=cast.unit, standard=Standard(name="A", steps=["x"]), today=TODAY
        )
        kept = ServiceVolumeFactory(service=ServiceFactory(unit=cast.unit)).service
        with pytest.raises(RegistryRefused, match="hari terakhirnya"):
            actions.remove_service(by=by, service=kept)
        actions.remove_service(by=by, service=row)
        assert not Service.objects.filter(pk=row.pk).exists()
        assert LedgerEntry.objects.filter(verb="service.removed").count() == 1


class TestMoves:
    def test_the_newest_move_says_the_channel(self, cast, by):
        row = ServiceFactory(unit=cast.unit)
        first = actions.record_move(
            by=by, service=row, facts=facts("counter", "hybrid"), now=NOW(), today=TODAY
        )
        actions.record_move(
            by=by,
            service=row,
            facts=facts("hybrid", "online", day=date(2025, 6, 1), precision="month"),
            now=NOW(),
            today=TODAY,
        )
        row.refresh_from_db()
        assert row.channel == "online"
        actions.save_service(
            by=by,
            unit=cast.unit,
            service=row,
            standard=Standard(name="X", channel="counter"),
            today=TODAY,
        )
        row.refresh_from_db()
        assert row.channel == "online"
        assert entries(first) == ["service.moved"]

    def test_a_wrong_entry_stays_readable_with_its_reason(self, cast, by):
        row = ServiceFactory(unit=cast.unit)
        wrong = actions.record_move(
            by=by, service=row, facts=facts("counter", "online"), now=NOW(), today=TODAY
        )
        right = actions.correct_move(
            by=by,
            move=wrong,
            facts=facts("counter", "hybrid", day=date(2025, 2, 1)),
            reason="Salah tanggal",
            now=NOW(),
            today=TODAY,
        )
        row.refresh_from_db()
        wrong.refresh_from_db()
        assert (row.channel, wrong.withdrawal_reason) == ("hybrid", "Salah tanggal")
        assert list(row.moves.standing()) == [right]
        assert entries(right) == ["service.move_corrected"]
        actions.withdraw_move(by=by, move=right, reason="Tidak terjadi", now=NOW())
        row.refresh_from_db()
        assert row.channel == "counter"
        assert entries(right)[-1] == "service.move_withdrawn"
        with pytest.raises(RegistryRefused, match="sudah memperbaiki"):
            actions.withdraw_move(by=by, move=right, reason="Lagi", now=NOW())

    @pytest.mark.parametrize(
        ("wanted", "sentence"),
        [
            (facts("online", "online"), "dua cara yang berbeda"),
            (facts("online", "counter", day=date(2199, 1, 1)), "masih di depan"),
            (facts("counter", "hybrid", day=date(2025, 3, 1)), "tidak bersambung"),
        ],
    )
    def test_refused(self, cast, by, wanted, sentence):
        row = ChannelMoveFactory(service__unit=cast.unit).service
        with pytest.raises(RegistryRefused, match=sentence), transaction.atomic():
            actions.record_move(by=by, service=row, facts=wanted, now=NOW(), today=TODAY)
        assert row.moves.count() == 1

    def test_the_database_keeps_what_was_recorded(self, cast):
        move = ChannelMoveFactory(service__unit=cast.unit)
        with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
            move.delete()
        with (
            pytest.raises(IntegrityError, match="channel_move_moves"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("UPDATE opd_channelmove SET to_channel = from_channel")

    def test_the_page_says_before_and_after(self, cast, client):
        moved = first_of_month(add_months(TODAY, -10))
        row = ChannelMoveFactory(service__unit=cast.unit, moved_on=moved).service
        for number in range(1, 13):
            ServiceVolumeFactory(service=row, month=add_months(moved, -number))
        for number in range(1, 5):
            ServiceVolumeFactory(service=row, month=add_months(moved, number), channel="online")
        page = client.get(url("service", row.pk)).content.decode()
        assert "Dari loket ke daring" in page
        assert "Sebelum berpindah 0,0\xa0% permohonan" in page
        assert "sejak itu 100,0\xa0%" in page
        assert "12 bulan berisi angka dari 12 bulan sebelumnya" in page
        assert "4 bulan berisi angka" in page
        assert "<svg" in page

    def test_too_little_is_said(self, cast, client):
        row = ChannelMoveFactory(service__unit=cast.unit).service
        page = client.get(url("service", row.pk)).content.decode()
        assert "Angkanya terlalu sedikit" in page

    def test_forms(self, cast, client):
        row = ServiceFactory(unit=cast.unit)
        data = {"from_channel": "counter", "to_channel": "online", "moved": "September 2021"}
        assert client.post(url("move_add", row.pk), data).url == url("service", row.pk)
        move = row.moves.get()
        assert move.moved == PartialDate(date(2021, 9, 1), Precision.MONTH)
        wrong = client.post(url("move_correct", row.pk, move.pk), {**data, "reason": ""})
        assert wrong.status_code == 422
        client.post(
            url("move_correct", row.pk, move.pk), {**data, "never": "on", "reason": "Salah"}
        )
        assert not row.moves.standing().exists()
        assert "Salah" in client.get(url("service", row.pk)).content.decode()


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


class TestReads:
    def test_shares_of_service_unit_and_government_add_up(self, cast):
        month = add_months(TODAY, -2)
        one = ServiceFactory(unit=cast.unit, channel="online")
        two = ServiceFactory(unit=cast.unit)
        other = ServiceFactory(unit=cast.other_unit, channel="hybrid")
        ServiceVolumeFactory(service=one, month=month, channel="online", count=30)
        ServiceVolumeFactory(service=two, month=month, count=10)
        ServiceVolumeFactory(service=other, month=month, channel="online", count=5)
        found = queries.overview(cast[Role.SEKDA], today=TODAY)
        assert {unit.unit.name: unit.share for unit in found.units} == {
            "Dinas Satu": Share(30, 40, 2),
            "Dinas Dua": Share(partial=1),
        }
        assert found.share == Share(30, 40, 2, 1)
        assert len(queries.overview(cast[Role.OPD_HEAD], today=TODAY).units) == 1
        assert queries.government_overview(cast.home.pk, today=TODAY).share == found.share

    @pytest.mark.parametrize("name", ["service_overview", "unit_services", "volumes"])
    def test_two_or_seven_cost_the_same(self, cast, client_as, name):
        client = client_as(cast[Role.ZI_SECRETARIAT])
        args = {"unit_services": [cast.unit.pk], "volumes": [cast.unit.pk, 2025]}.get(name, [])

        def add():
            row = ServiceFactory(unit=cast.unit)
            away = ServiceFactory(unit=UnitFactory(government=cast.home))
            for each in (row, away):
                ChannelMoveFactory(service=each)
                ServiceVolumeFactory(service=each, month=add_months(TODAY, -3))

        def cost():
            client.get(url(name, *args))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url(name, *args)).status_code == 200
            return len(captured)

        add()
        first = cost()
        for _number in range(6):
            add()
        assert cost() == first

    def test_service_page_costs_the_same_for_many_moves(self, cast, client):
        row = ServiceFactory(unit=cast.unit)
        client.get(url("service", row.pk))
        with CaptureQueriesContext(connection) as few:
            client.get(url("service", row.pk))
        for number in range(7):
            ways = ("counter", "hybrid") if number % 2 == 0 else ("hybrid", "counter")
            ChannelMoveFactory(
                service=row,
                from_channel=ways[0],
                to_channel=ways[1],
                moved_on=add_months(JAN, number),
            )
        with CaptureQueriesContext(connection) as many:
            client.get(url("service", row.pk))
        assert len(few) == len(many)

    def test_an_ended_service_leaves_the_lists_and_keeps_its_page(self, cast, client):
        row = ServiceFactory(unit=cast.unit, name="Layanan Usai", ended_on=date(2025, 1, 31))
        assert "Layanan Usai" not in client.get(url("unit_services", cast.unit.pk)).content.decode()
        assert "Berakhir 31 Januari 2025" in client.get(url("service", row.pk)).content.decode()
        assert ChannelMove.objects.count() == 0


def test_the_form_keeps_what_was_typed_and_says_each_fault(cast, client):
    data = {
        "name": "KTP",
        "channel": "counter",
        "time_number": "3",
        "fee_kind": "free",
        "fee_amount": "Rp 25.000",
        "requirements": "Satu\n\nDua",
    }
    answer = client.post(url("service_add", cast.unit.pk), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Rp 25.000" in page
    assert "angka beserta satuannya" in page
    client.post(
        url("service_add", cast.unit.pk),
        {**data, "time_unit": "days", "fee_kind": "amount"},
    )
    row = cast.unit.services.get()
    assert (row.fee_amount, row.time_number) == (25000, 3)
    assert queries.lines_of(row)[0] == ["Satu", "Dua"]
    stale = client.post(url("service_edit", row.pk), {**data, "fee_amount": "", "time_number": ""})
    assert "Orang lain sudah menyimpan" in stale.content.decode()
    assert 'name="version" value="1"' in stale.content.decode()
