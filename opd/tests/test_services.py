"""Services: the standard, moves that are corrected in the open."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from integrity_portal.core.models import LedgerEntry
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.actions import services as actions
from opd.actions.services import MoveFacts, SavedMeanwhile, Standard
from opd.enums import Role
from opd.models import Service
from opd.queries import services as queries
from opd.registry import RegistryRefused
from opd.service_share import add_months, first_of_month
from opd.tests.factories import MembershipFactory, ServiceFactory
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
