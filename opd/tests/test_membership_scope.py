"""What a membership reads and writes, on which days, in whose time zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from opd import permissions, queries
from opd.enums import GOVERNMENT_ROLES, GovernmentKind, OfficeStatus, Role, TimeZone
from opd.middleware import valid_memberships
from opd.models import Unit
from opd.tests.factories import GovernmentFactory, MembershipFactory, UnitFactory, UserFactory


@pytest.mark.parametrize("role", sorted(Role.values))
def test_reads_the_own_branch_or_the_whole_government(cast, role):
    whole = role in GOVERNMENT_ROLES
    place = None if whole else cast.unit
    office = MembershipFactory(government=cast.home, role=role, unit=place)

    assert permissions.may_read_unit(office, cast.unit)
    assert permissions.may_read_unit(office, cast.below)
    assert permissions.may_read_unit(office, cast.other_unit) is whole
    assert not permissions.may_read_unit(office, cast.away_unit)
    seen = set(Unit.objects.visible_to(office))
    assert seen == {unit for unit in Unit.objects.all() if permissions.may_read_unit(office, unit)}


@pytest.mark.parametrize("acts_below", [False, True])
def test_writes_its_own_unit_and_below_only_when_it_acts_there(cast, acts_below):
    office = MembershipFactory(
        government=cast.home, role=Role.OPD_HEAD, unit=cast.unit, acts_below=acts_below
    )

    assert permissions.may_write_unit(office, cast.unit)
    assert permissions.may_write_unit(office, cast.below) is acts_below
    assert not permissions.may_write_unit(office, cast.other_unit)
    assert not permissions.may_write_unit(office, cast.away_unit)


def test_a_unit_below_does_not_reach_up(cast):
    office = MembershipFactory(
        government=cast.home, role=Role.OPD_HEAD, unit=cast.below, acts_below=True
    )

    assert not permissions.may_read_unit(office, cast.unit)
    assert not permissions.may_write_unit(office, cast.unit)


def test_an_office_of_the_whole_government_writes_no_unit(cast):
    assert not permissions.may_write_unit(cast[Role.SEKDA], cast.unit)


# Midnight after 20 November 2026, in UTC, where each zone has it.
MIDNIGHT = {
    TimeZone.WIB: "2026-11-20T17:00:00+00:00",
    TimeZone.WITA: "2026-11-20T16:00:00+00:00",
    TimeZone.WIT: "2026-11-20T15:00:00+00:00",
}
SECOND = timedelta(seconds=1)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", list(MIDNIGHT))
def test_an_office_ends_at_the_governments_midnight(zone):
    office = MembershipFactory(
        government=GovernmentFactory(time_zone=zone), valid_to=date(2026, 11, 20)
    )
    midnight = datetime.fromisoformat(MIDNIGHT[zone])

    with time_machine.travel(midnight - SECOND, tick=False):
        assert valid_memberships(office.user_id) == [office]
    with time_machine.travel(midnight, tick=False):
        assert valid_memberships(office.user_id) == []


@pytest.mark.django_db
@pytest.mark.parametrize("zone", list(MIDNIGHT))
def test_an_office_begins_at_the_governments_midnight(zone):
    office = MembershipFactory(
        government=GovernmentFactory(time_zone=zone), valid_from=date(2026, 11, 21)
    )
    midnight = datetime.fromisoformat(MIDNIGHT[zone])

    with time_machine.travel(midnight - SECOND, tick=False):
        assert valid_memberships(office.user_id) == []
    with time_machine.travel(midnight, tick=False):
        assert valid_memberships(office.user_id) == [office]


@pytest.mark.django_db
def test_two_offices_in_two_zones_end_an_hour_apart():
    user = UserFactory()
    west, east = (
        MembershipFactory(
            user=user, government=GovernmentFactory(time_zone=zone), valid_to=date(2026, 11, 20)
        )
        for zone in (TimeZone.WIB, TimeZone.WIT)
    )

    with time_machine.travel("2026-11-20T15:30:00+00:00", tick=False):
        assert valid_memberships(user.pk) == [west]
    with time_machine.travel("2026-11-20T14:30:00+00:00", tick=False):
        assert set(valid_memberships(user.pk)) == {west, east}


def test_a_substitute_acts_exactly_in_the_period(cast, client_as):
    """At 23.59.59 the page opens, at midnight the same session is refused."""
    stand_in = MembershipFactory(
        user=cast[Role.OPD_OPERATOR].user,
        government=cast.home,
        role=Role.ADMINISTRATOR,
        substitutes_for=cast[Role.ADMINISTRATOR],
        office_status=OfficeStatus.PLH,
        valid_from=date(2026, 11, 19),
        valid_to=date(2026, 11, 20),
    )
    wib = ZoneInfo("Asia/Jakarta")
    with time_machine.travel(datetime(2026, 11, 20, 20, tzinfo=wib), tick=False) as clock:
        client = client_as(stand_in)
        assert client.get(reverse("opd:people")).status_code == 200
        clock.move_to(datetime(2026, 11, 20, 23, 59, 59, tzinfo=wib))
        assert client.get(reverse("opd:people")).status_code == 200
        clock.shift(SECOND)
        assert client.get(reverse("opd:people")).status_code == 403
    with time_machine.travel(datetime(2026, 11, 18, 23, 59, 59, tzinfo=wib), tick=False) as clock:
        client = client_as(stand_in)
        assert client.get(reverse("opd:people")).status_code == 403
        clock.shift(SECOND)
        assert client.get(reverse("opd:people")).status_code == 200


def test_an_operator_who_was_moved_yesterday_is_out(cast, client_as):
    office = cast[Role.OPD_OPERATOR]
    client = client_as(office)
    office.valid_to = date(2020, 1, 2)
    office.save()

    page = client.get(reverse("opd:offices"))

    assert page.status_code == 200
    assert page.wsgi_request.membership is None
    assert client.get(reverse("opd:people")).status_code == 403


def test_switching_takes_only_ones_own_valid_offices(cast, client_as):
    person = cast[Role.OPD_HEAD].user
    second = MembershipFactory(user=person, government=cast.away, role=Role.SEKDA)
    over = MembershipFactory(
        user=person, government=cast.home, role=Role.MAYOR, valid_to=date(2020, 1, 2)
    )
    client = client_as(cast[Role.OPD_HEAD])

    def act_in(pk):
        client.post(reverse("opd:membership_switch"), {"membership": pk})
        return client.get(reverse("opd:account")).wsgi_request.membership

    assert act_in(second.pk) == second
    for wrong in (over.pk, cast[Role.MAYOR].pk, "0", "", "x", "9" * 30):
        assert act_in(wrong) == second
    assert act_in(cast[Role.OPD_HEAD].pk) == cast[Role.OPD_HEAD]


def test_switching_does_not_lead_elsewhere(cast, client_as):
    office = cast[Role.OPD_HEAD]

    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        response = client_as(office).post(
            reverse("opd:membership_switch"), {"membership": office.pk, "next": target}
        )
        assert response.url == "/"


def test_all_own_offices_are_listed_and_only_todays_can_be_chosen(cast, client_as):
    person = cast[Role.OPD_HEAD].user
    now = MembershipFactory(user=person, government=cast.away, role=Role.SEKDA, title="Sekda Jauh")
    for title, values in (
        ("Jabatan Lama", {"valid_to": date(2020, 5, 1)}),
        ("Jabatan Nanti", {"valid_from": date(2099, 1, 1)}),
    ):
        MembershipFactory(
            user=person, government=cast.home, role=Role.PLANNER, title=title, **values
        )

    page = client_as(cast[Role.OPD_HEAD]).get(reverse("opd:offices")).content.decode()

    main = page.split("<main", 1)[1]
    assert all(title in main for title in ("Sekda Jauh", "Jabatan Lama", "Jabatan Nanti"))
    assert main.count('name="membership"') == 1
    assert f'value="{now.pk}"' in main


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (GovernmentKind.CITY, "Wali Kota"),
        (GovernmentKind.REGENCY, "Bupati"),
        (GovernmentKind.PROVINCE, "Gubernur"),
    ],
)
def test_the_regional_head_is_called_by_the_kind_of_government(kind, title, client_as):
    government = GovernmentFactory(kind=kind)
    admin = MembershipFactory(government=government, role=Role.ADMINISTRATOR)
    MembershipFactory(government=government, role=Role.MAYOR, title=title)

    assert government.head_title == title
    assert Role.MAYOR.label_in(kind) == title
    page = client_as(admin).get(reverse("opd:people")).content.decode()
    others = {"Wali Kota", "Bupati", "Gubernur"} - {title}
    assert f">{title}</option>" in page
    assert not any(f">{other}</option>" in page for other in others)


def held(government, **values):
    return MembershipFactory(
        **{"government": government, "role": Role.MAYOR, "title": "Bupati Bekasi", **values}
    )


@pytest.mark.django_db
def test_the_holder_prints_as_on_that_day():
    government = GovernmentFactory(kind=GovernmentKind.REGENCY)
    elected = held(government, valid_from=date(2017, 5, 22), valid_to=date(2021, 7, 11))
    acting = held(
        government,
        office_status=OfficeStatus.PJ,
        valid_from=date(2021, 7, 22),
        valid_to=date(2025, 2, 19),
    )
    now = held(government, valid_from=date(2025, 2, 20))
    deputy = held(
        government,
        office_status=OfficeStatus.PLH,
        substitutes_for=now,
        valid_from=date(2026, 3, 1),
        valid_to=date(2026, 3, 7),
    )

    def on(*day):
        found = queries.head_of_government(government, date(*day))
        return found and (found.membership_id, found.printed_title)

    assert on(2017, 5, 21) is None
    assert on(2021, 7, 11) == (elected.pk, "Bupati Bekasi")
    assert on(2021, 7, 15) is None
    assert on(2021, 9, 14) == (acting.pk, "Pj. Bupati Bekasi")
    assert on(2026, 2, 28) == (now.pk, "Bupati Bekasi")
    assert on(2026, 3, 1) == (deputy.pk, "Plh. Bupati Bekasi")
    assert on(2026, 3, 7) == (deputy.pk, "Plh. Bupati Bekasi")
    assert on(2026, 3, 8) == (now.pk, "Bupati Bekasi")


@pytest.mark.django_db
def test_the_head_of_a_unit_is_that_units():
    government = GovernmentFactory()
    first, second = UnitFactory(government=government), UnitFactory(government=government)
    for unit, title in ((first, "Kepala Satu"), (second, "Kepala Dua")):
        MembershipFactory(
            government=government,
            unit=unit,
            role=Role.OPD_HEAD,
            title=title,
            office_status=OfficeStatus.PLT,
            user__name=f"Nama {title}",
        )

    found = queries.office_holder(government, Role.OPD_HEAD, date(2026, 1, 1), unit=second)

    assert (found.name, found.printed_title) == ("Nama Kepala Dua", "Plt. Kepala Dua")
    assert queries.office_holder(GovernmentFactory(), Role.OPD_HEAD, date(2026, 1, 1)) is None
