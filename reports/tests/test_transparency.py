"""The public page: true, no names, no small counts, light, cacheable, in two languages."""

import gzip
import json
import re
from datetime import date, datetime, time, timedelta
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
from complaints.queries.public_figures import Quarter, answered_in_time, ripe_quarter
from complaints.tests.factories import ComplaintFactory
from integrity_portal.tests.test_budgets import linked
from opd.enums import Role
from opd.service_share import add_months
from opd.tests.factories import ServiceFactory, UnitFactory
from opd.tests.factories_services import ServiceVolumeFactory
from reports.queries.transparency import facts_of
from reports.transparency import in_tens

# A busy machine is no fault of a rule.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TODAY = timezone.localdate()


def complaints(government, number, **values):
    day = ripe_quarter(TODAY).since + timedelta(days=3)
    for _number in range(number):
        ComplaintFactory(
            government=government,
            **{"filed_on": day, "answer_by": day + timedelta(days=20), **values},
        )


def answered(after):
    day = ripe_quarter(TODAY).since + timedelta(days=3 + after)
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
        """Answered in time then, reopened today: the shown numbers are those of that day."""
        until = ripe_quarter(TODAY).until
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

    @pytest.mark.parametrize(
        ("today", "since", "until", "as_of"),
        [
            ("2026-11-22", "2026-04-01", "2026-06-30", "2026-09-30"),
            ("2026-10-01", "2026-04-01", "2026-06-30", "2026-09-30"),
            ("2026-09-30", "2026-01-01", "2026-03-31", "2026-06-30"),
            ("2026-02-28", "2025-07-01", "2025-09-30", "2025-12-31"),
            ("2024-04-30", "2023-10-01", "2023-12-31", "2024-03-31"),
        ],
    )
    def test_a_quarter_is_looked_at_when_the_next_one_is_over(self, today, since, until, as_of):
        wanted = Quarter(*(date.fromisoformat(day) for day in (since, until, as_of)))
        assert ripe_quarter(date.fromisoformat(today)) == wanted

    @unhurried
    @given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 400))
    def test_two_looks_share_no_complaint(self, day, later):
        """So nothing can be subtracted: not a month, not a week, not in the first year either."""
        one, two = ripe_quarter(day), ripe_quarter(day + timedelta(days=later))
        assert one == two or one.until < two.since
        assert one.since <= one.until < one.as_of < day

    def test_a_month_in_the_first_year_does_not_follow_from_two_looks(self, cast):
        """Six in the first month, two in the second: the look of each month shows no difference."""
        quarter = ripe_quarter(TODAY)
        second = add_months(quarter.since, 1)
        for number, day in ((6, quarter.since), (2, second)):
            complaints(cast.home, number, filed_on=day, answer_by=day + timedelta(days=20))
        looks = [
            facts_of(cast.home, today=quarter.as_of + timedelta(days=days)).complaints
            for days in (1, 20, 40, 80)
        ]
        assert len({str(look) for look in looks}) == 1
        assert looks[0].total == 8


class TestClassThatChanged:
    """Verified twice: counted with the class it had when it was answered."""

    def played(self, cast, steps, answered_after=None, kind="general"):
        filed = ripe_quarter(TODAY).since + timedelta(days=3)
        coordinator, head = cast[Role.COMPLAINT_COORDINATOR], cast[Role.OPD_HEAD]
        row = ComplaintFactory(government=cast.home, filed_on=filed, sla_class=kind)

        def at(days):
            zone = ZoneInfo(cast.home.time_zone)
            return datetime.combine(filed + timedelta(days=days), time(10), zone)

        for number, (days, chosen) in enumerate(steps):
            if number:
                row = handling.recall(
                    complaint=row, by=coordinator, reason="Unit lain", now=at(days)
                )
            row = handling.verify_complaint(
                complaint=row, by=coordinator, unit=cast.unit, sla_class=chosen, now=at(days)
            )
        if answered_after is not None:
            row = handling.take_on(complaint=row, by=head, now=at(answered_after))
            handling.answer_complaint(complaint=row, by=head, text="Ya", now=at(answered_after))
        return row

    def outcome(self, cast):
        return [
            name
            for name, count in answered_in_time(cast.home.pk, today=TODAY).parts.items()
            if count
        ]

    def test_the_step_keeps_the_class_it_chose(self, cast):
        row = self.played(cast, [(1, "information"), (2, "supervision")])
        steps = row.steps.filter(name="verify").order_by("pk")
        assert [step.sla_class for step in steps] == ["information", "supervision"]

    def test_a_longer_class_in_time_counts(self, cast):
        self.played(cast, [(1, "information"), (2, "supervision")], answered_after=40)
        assert self.outcome(cast) == ["in_time"]

    def test_a_longer_class_after_the_day_had_passed_does_not(self, cast):
        self.played(cast, [(1, "information"), (30, "supervision")], answered_after=40)
        assert self.outcome(cast) == ["late"]

    def test_a_shorter_class_counts(self, cast):
        self.played(cast, [(1, "supervision"), (2, "information")], answered_after=40)
        assert self.outcome(cast) == ["late"]

    def test_a_class_changed_after_the_look_changes_nothing(self, cast):
        """Today's class is not the one it had then."""
        row = self.played(cast, [(1, "information")])
        before = answered_in_time(cast.home.pk, today=TODAY)
        assert self.outcome(cast) == ["late"]
        coordinator = cast[Role.COMPLAINT_COORDINATOR]
        row = handling.recall(complaint=row, by=coordinator, reason="Unit lain", now=timezone.now())
        handling.verify_complaint(
            complaint=row,
            by=coordinator,
            unit=cast.unit,
            sla_class="supervision",
            now=timezone.now(),
        )
        assert answered_in_time(cast.home.pk, today=TODAY) == before

    def test_the_page_says_so(self, cast):
        page = words(get(cast))
        assert "kelas saat pengaduan dijawab" in page
        assert "Satu triwulan dihitung satu kali" in page


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (4, 4), (5, 10), (14, 10), (15, 20), (104, 100), (105, 110)]
)
def test_applications_are_counted_in_tens(count, shown):
    """The twelve months roll on: an exact sum would give the newest month away."""
    assert in_tens(count) == shown


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
    ServiceVolumeFactory(service=online, month=month, channel="online", count=80)
    ServiceVolumeFactory(service=ServiceFactory(unit=cast.unit), month=month, count=20)
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
        "Sekitar 80 % dari 100 permohonan",
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
    assert data["services"]["percent_without_face_to_face"] == 80
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
    assert len(few) == len(many) <= 9


def test_samples_are_marked_and_the_front_page_leads_there(cast, facts):
    assert "Contoh" not in words(get(cast))
    ServiceFactory(unit=cast.unit, is_sample=True)
    assert "Contoh" in words(get(cast))
    home = Client().get(reverse("government", args=[cast.home.slug])).content.decode()
    assert reverse("reports:transparency", args=[cast.home.slug]) in home
