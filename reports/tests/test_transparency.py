"""The public page: true, no names, no small counts, light, cacheable, in two languages."""

import gzip
import json
import re
from datetime import date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st

from assessments.models import ZonePredicate
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
)
from complaints.actions import handling
from complaints.queries.public_figures import answered_in_time, year_to_last_month
from complaints.tests.factories import ComplaintFactory
from integrity_portal.tests.test_budgets import linked
from opd.enums import Role
from opd.service_share import add_months
from opd.tests.factories import ServiceFactory, UnitFactory
from opd.tests.factories_services import ServiceVolumeFactory
from reports.suppression import SMALL, Protected, protect
from reports.transparency import share

# A busy machine is no fault of a rule.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TODAY = timezone.localdate()


class TestSuppression:
    @pytest.mark.parametrize(
        ("parts", "shown", "total"),
        [
            ([10, 20], [10, 20], 30),
            ([10, 0], [10, 0], 10),
            ([0, 0], [0, 0], 0),
            # One hidden part would follow from the sum.
            ([10, 3], [10, None], None),
            # Two hidden parts that are together fewer than five.
            ([10, 2, 1], [10, None, None], None),
            # Only one way to share out: both four, or all one.
            ([10, 4, 4], [10, None, None], None),
            ([9, 1, 1, 1, 1, 1], [9, None, None, None, None, None], None),
            # Enough is left open.
            ([10, 4, 3], [10, None, None], 17),
            ([4, 3], [None, None], 7),
            ([1], [None], None),
        ],
    )
    def test_table(self, parts, shown, total):
        found = protect({str(number): part for number, part in enumerate(parts)})
        assert (list(found.parts.values()), found.total) == (shown, total)

    @unhurried
    @given(st.lists(st.integers(0, 9), min_size=1, max_size=5))
    def test_nothing_hidden_follows_from_what_is_shown(self, parts):
        """Somebody who knows the rule tries every table that would be shown like this one."""
        found = protect({str(number): part for number, part in enumerate(parts)})
        hidden = [number for number, part in enumerate(found.parts.values()) if part is None]
        assert all(0 < parts[number] < SMALL for number in hidden)
        assert found.total is None or not 0 < found.total < SMALL
        possible = []
        for tried in product(range(1, SMALL), repeat=len(hidden)):
            table = [*parts]
            for number, value in zip(hidden, tried, strict=True):
                table[number] = value
            if found.total is None or sum(table) == found.total:
                possible.append(tried)
        for place in range(len(hidden)):
            assert len({tried[place] for tried in possible}) > 1
        if found.total is not None and hidden:
            assert sum(parts[number] for number in hidden) >= SMALL

    @unhurried
    @given(st.dictionaries(st.text(max_size=3), st.integers(0, 10**6), max_size=6))
    def test_what_is_shown_is_true_and_large_numbers_stay(self, parts):
        found = protect(parts)
        for name, value in found.parts.items():
            assert value is None or value == parts[name]
        if all(value == 0 or value >= SMALL for value in parts.values()):
            assert found == Protected(dict(parts), sum(parts.values()))

    def test_no_percentage_beside_a_hidden_part(self):
        assert share(protect({"a": 90, "b": 3}), "a", ("a", "b")) is None
        assert share(protect({"a": 0, "b": 0}), "a", ("a", "b")) is None
        assert share(protect({"a": 50, "b": 0}), "a", ("a", "b")) == 100
        assert share(protect({"a": 5, "b": 35}), "a", ("a", "b")) == 13


def complaints(government, number, **values):
    since, _until = year_to_last_month(TODAY)
    day = since + timedelta(days=3)
    for _number in range(number):
        ComplaintFactory(
            government=government,
            **{"filed_on": day, "answer_by": day + timedelta(days=20), **values},
        )


def answered(after):
    since, _until = year_to_last_month(TODAY)
    day = since + timedelta(days=3 + after)
    return {
        "state": "answered",
        "answered_on": day,
        "answered_at": timezone.now(),
        "close_on": day + timedelta(days=10),
    }


class TestComplaints:
    def test_in_time_late_waiting_elsewhere(self, cast):
        unit = {"unit": cast.unit}
        complaints(cast.home, 2, **answered(5), **unit)
        complaints(cast.home, 1, **answered(20), **unit)
        complaints(cast.home, 3, **answered(21), **unit)
        complaints(cast.home, 1)
        complaints(cast.home, 1, answer_by=TODAY + timedelta(days=60))
        complaints(cast.home, 1, state="rejected", closed_at=timezone.now() - timedelta(days=200))
        complaints(cast.away, 4)
        complaints(cast.home, 1, filed_on=TODAY)
        found = answered_in_time(cast.home.pk, today=TODAY)
        assert found.parts == {"in_time": 3, "late": 4, "waiting": 1, "elsewhere": 1}

    def test_what_is_reopened_later_changes_nothing(self, cast):
        """Answered in time last month, reopened today: the shown numbers are those of last month."""
        _since, until = year_to_last_month(TODAY)
        zone = ZoneInfo(cast.home.time_zone)
        filed = until - timedelta(days=10)
        at = datetime.combine(until - timedelta(days=4), time(10), zone)
        rows = []
        for _number in range(2):
            row = ComplaintFactory(
                government=cast.home,
                state="verified",
                unit=cast.unit,
                filed_on=filed,
                answer_by=filed + timedelta(days=20),
            )
            row.steps.create(
                name="verify",
                from_state="received",
                to_state="verified",
                membership=cast[Role.COMPLAINT_COORDINATOR],
                happened_at=at - timedelta(days=1),
            )
            row = handling.take_on(complaint=row, by=cast[Role.OPD_HEAD], now=at)
            rows.append(
                handling.answer_complaint(
                    complaint=row, by=cast[Role.OPD_HEAD], text="Sudah", now=at
                )
            )
        before = answered_in_time(cast.home.pk, today=TODAY)
        assert before.parts == {"in_time": 2, "late": 0, "waiting": 0, "elsewhere": 0}
        handling.reopen(complaint=rows[0], text="Belum", now=timezone.now())
        assert answered_in_time(cast.home.pk, today=TODAY) == before

    def test_the_months_are_whole_ones(self):
        assert year_to_last_month(date(2026, 3, 15)) == (date(2025, 3, 1), date(2026, 2, 28))
        assert year_to_last_month(date(2024, 2, 29)) == (date(2023, 2, 1), date(2024, 1, 31))


@pytest.fixture
def facts(cast):
    act = DeclarationFactory(
        government=cast.home, closed=True, held_on=date(2021, 9, 1), held_on_precision="month"
    )
    DeclarationUnitFactory(declaration=act, unit=cast.unit, printed_name="Dinas Satu Lama")
    zone = IntegrityZoneFactory(unit=cast.unit)
    for year, revoked in ((2022, None), (2020, date(2021, 1, 1))):
        ZonePredicate.objects.create(
            government=cast.home,
            zone=zone,
            predicate="wbk",
            year=year,
            state="revoked" if revoked else "active",
            reason="Perkara" if revoked else "",
            revoked_on=revoked,
        )
    month = add_months(TODAY, -2)
    online = ServiceFactory(unit=cast.unit, channel="online", name="Layanan Daring")
    ServiceVolumeFactory(service=online, month=month, channel="online", count=75)
    ServiceVolumeFactory(service=ServiceFactory(unit=cast.unit), month=month, count=25)
    complaints(cast.home, 9, **answered(5), unit=cast.unit)
    complaints(cast.home, 3, **answered(21), unit=cast.unit)


def get(cast, name="transparency", **query):
    return Client().get(reverse(f"reports:{name}", args=[cast.home.slug]), query)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_page_says_the_facts(cast, facts):
    page = words(get(cast))
    for said in (
        "Dinas Satu Lama September 2021",
        "Dinas Satu: WBK , 2022",
        "75 % dari 100 permohonan",
        "dijawab tepat waktu",
        "tidak ditampilkan",
    ):
        assert said in page
    assert "2020" not in page
    assert "12 pengaduan" not in page


def test_no_small_count_and_nothing_that_gives_it_away(cast, facts):
    table = re.search(r"<tbody>(.*?)</tbody>", get(cast).content.decode(), re.DOTALL)[1]
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", table)
    assert cells == ["9", "tidak ditampilkan", "0", "0", "tidak ditampilkan"]
    data = json.loads(get(cast, "transparency_data").content)
    assert data["complaints"]["late"] is None
    assert data["complaints"]["total"] is None
    assert data["complaints"]["percent_in_time"] is None
    assert data["services"]["percent_without_face_to_face"] == 75
    assert data["declared_units"][0]["precision"] == "month"


def test_no_person_is_named(cast, facts):
    page = get(cast).content.decode() + get(cast, "transparency_data").content.decode()
    for office in cast.offices.values():
        assert office.user.name not in page
        assert office.title not in page


@pytest.mark.parametrize("name", ["transparency", "transparency_data"])
@pytest.mark.parametrize("query", [{}, {"lang": "en"}, {"lang": "xx"}])
def test_caches_may_keep_it_and_no_cookie_is_set(cast, name, query):
    response = get(cast, name, **query)
    assert response.status_code == 200
    assert response.cookies == {}
    assert response.headers["Cache-Control"] == "public, max-age=300"


def test_the_language_is_that_of_the_address(cast):
    assert "Transparency of" in get(cast, lang="en").content.decode()
    client = Client()
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(reverse("reports:transparency", args=[cast.home.slug]))
    assert page.headers["Content-Language"] == "id"
    assert "Transparansi" in page.content.decode()
    assert get(cast, lang="en").headers["Content-Language"] == "en"


def test_it_is_light_and_needs_no_script(cast, facts):
    act = DeclarationFactory(government=cast.home, closed=True)
    for number in range(100):
        DeclarationUnitFactory(
            declaration=act,
            unit=UnitFactory(government=cast.home),
            printed_name=f"Dinas Kependudukan dan Pencatatan Sipil {number}",
        )
    page = get(cast).content
    assert b"<script" not in page
    client = Client()
    total = len(gzip.compress(page)) + sum(
        len(gzip.compress(client.get(address).getvalue())) for address in linked(page.decode())
    )
    assert total <= 15 * 1024


def test_empty_governments_have_a_page(cast):
    page = words(get(cast))
    assert "Belum ada" in page
    assert "Belum ada layanan yang tercatat" in page or "Belum ada layanan" in page


def test_it_costs_the_same_for_much(cast, facts):
    get(cast)
    with CaptureQueriesContext(connection) as few:
        get(cast)
    for _number in range(5):
        ServiceVolumeFactory(
            service=ServiceFactory(unit=cast.other_unit), month=add_months(TODAY, -1)
        )
        act = DeclarationFactory(government=cast.home, closed=True)
        DeclarationUnitFactory(declaration=act, unit=UnitFactory(government=cast.home))
    with CaptureQueriesContext(connection) as many:
        get(cast)
    assert len(few) == len(many) <= 8


def test_samples_are_marked_and_the_front_page_leads_there(cast, facts):
    assert "Contoh" not in words(get(cast))
    ServiceFactory(unit=cast.unit, is_sample=True)
    assert "Contoh" in words(get(cast))
    home = Client().get(reverse("government", args=[cast.home.slug])).content.decode()
    assert reverse("reports:transparency", args=[cast.home.slug]) in home
