"""Services: lists, shares and what they cost."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from opd.enums import Role
from opd.models import ChannelMove, Unit
from opd.queries import services as queries
from opd.service_share import Share, add_months
from opd.tests.factories import ServiceFactory, UnitFactory
from opd.tests.factories_services import ChannelMoveFactory, ServiceVolumeFactory

TODAY = timezone.localdate()
JAN = date(2025, 1, 1)


@pytest.fixture
def client(cast, client_as):
    return client_as(cast[Role.OPD_OPERATOR])


def url(name, *args):
    return reverse(f"opd:{name}", args=args)


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

    def test_months_before_a_service_ended_still_count(self, cast, client_as):
        """Its own end, or that of its unit; months after the end do not."""
        months = [add_months(TODAY, -number) for number in (5, 4, 3)]
        services = {
            "ended": ServiceFactory(unit=cast.unit, ended_on=months[1] + timedelta(days=9)),
            "closed": ServiceFactory(unit=cast.other_unit),
            "today": ServiceFactory(unit=cast.unit, channel="online"),
        }
        for month in months:
            for row in services.values():
                way = "online" if row.channel == "online" else "counter"
                ServiceVolumeFactory(service=row, month=month, channel=way, count=10)
        Unit.objects.filter(pk=cast.other_unit.pk).update(active_to=months[0] + timedelta(days=5))
        found = queries.overview(cast[Role.SEKDA], today=TODAY)
        assert [row.service for row in found.services] == [services["today"]]
        assert [unit.share for unit in found.units] == [Share(30, 50, 5)]
        assert (found.share, found.ended) == (Share(30, 60, 6), 2)
        assert queries.government_overview(cast.home.pk, today=TODAY).share == found.share
        assert queries.unit_services(cast.unit, today=TODAY).share == Share(30, 50, 5)
        page = client_as(cast[Role.SEKDA]).get(url("service_overview")).content.decode()
        assert "2 layanan yang telah berakhir" in page

    def test_what_ended_before_the_twelve_months_is_out(self, cast):
        row = ServiceFactory(unit=cast.unit, ended_on=add_months(TODAY, -12) - timedelta(days=1))
        ServiceVolumeFactory(service=row, month=add_months(TODAY, -13))
        found = queries.overview(cast[Role.SEKDA], today=TODAY)
        assert (found.units, found.share, found.ended) == ([], Share(), 0)

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
