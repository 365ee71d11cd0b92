"""Complaints in public: true, small counts hidden in all tables together, no cookie, light."""

import gzip
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st

from complaints.actions.external import CaseFacts, link_case
from complaints.queries.public_figures import answered_in_time, filed_in_quarter, ripe_quarter
from complaints.tests.factories import ComplaintFactory
from integrity_portal.tests.test_budgets import linked
from opd.enums import Role
from reports.complaint_figures import protected
from reports.queries.complaint_figures import public_complaints

TODAY = timezone.localdate()
QUARTER = ripe_quarter(TODAY)


def file(government, number=1, *, after=3, **values):
    day = QUARTER.since + timedelta(days=after)
    return [
        ComplaintFactory(
            government=government,
            **{"filed_on": day, "answer_by": day + timedelta(days=20), **values},
        )
        for _number in range(number)
    ]


parts = st.lists(st.integers(0, 8), min_size=3, max_size=3)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(parts, parts, st.randoms())
def test_no_table_gives_away_what_another_hides(outcomes, months, chance):
    """All tables have one total: it stands everywhere, or nowhere and then alone."""
    kinds = list(months)
    chance.shuffle(kinds)
    first, by_month, by_kind = protected(
        *({str(n): count for n, count in enumerate(row)} for row in (outcomes, months, kinds))
    )
    for table in (by_month, by_kind):
        if table is not None:
            assert first.total is not None
            assert table.total is not None
    if first.total is None:
        assert by_month is by_kind is None


def test_counted_by_month_and_kind_of_the_same_reports(cast, django_assert_max_num_queries):
    file(cast.home, 7)
    file(cast.home, 6, after=40, kind="information")
    file(cast.home, 5, after=70, kind="aspiration")
    file(cast.away, 9)
    file(cast.home, 1, filed_on=TODAY)
    with django_assert_max_num_queries(5):
        outcomes, found = public_complaints(cast.home, today=TODAY)
    assert sum(outcomes.parts.values()) == 18
    assert found.months is not None
    assert list(found.months.parts.values()) == [7, 6, 5]
    assert found.kinds.parts == {"complaint": 7, "aspiration": 5, "information": 6}
    assert found.median_hours is None


def test_a_small_count_is_withheld_with_what_would_tell_it(cast):
    """The sum stands with the outcomes; it would tell the one request for information."""
    file(cast.home, 7)
    file(cast.home, 6, after=40)
    file(cast.home, 1, after=40, kind="information")
    _outcomes, found = public_complaints(cast.home, today=TODAY)
    assert found.outcomes.total == 14
    assert found.kinds is None


def test_what_an_export_brings_later_joins_no_figure_that_was_shown(cast):
    rows = file(cast.home, 6)
    before = answered_in_time(cast.home.pk, today=TODAY)
    facts = CaseFacts("1", "there", QUARTER.as_of, filed_on=QUARTER.since + timedelta(days=3))
    link_case(
        complaint=rows[0], facts=facts, by=cast[Role.COMPLAINT_COORDINATOR], now=timezone.now()
    )
    after = answered_in_time(cast.home.pk, today=TODAY)
    assert sum(before.parts.values()) == 6
    assert sum(after.parts.values()) == 5
    assert sum(filed_in_quarter(cast.home, today=TODAY).kinds.values()) == 5


def test_words_after_the_day_of_the_look_change_nothing(cast):
    zone = timezone.get_default_timezone()
    early = datetime.combine(QUARTER.since + timedelta(days=4), datetime.min.time(), zone)
    rows = file(cast.home, 12, filed_at=early - timedelta(days=1))

    def say(row, at):
        row.messages.create(
            government=cast.home,
            kind="question",
            membership=cast[Role.OPD_HEAD],
            text="?",
            sent_at=at,
        )

    for row in rows[:10]:
        say(row, early + timedelta(hours=9))
    before = filed_in_quarter(cast.home, today=TODAY)
    assert before.with_words == 10
    assert public_complaints(cast.home, today=TODAY)[1].median_hours is not None
    for row in rows[10:]:
        say(row, timezone.now())
    assert filed_in_quarter(cast.home, today=TODAY) == before


def test_joined_reports_count_once(cast):
    rows = file(cast.home, 6)
    end = datetime.combine(QUARTER.until, datetime.min.time(), timezone.get_default_timezone())
    file(cast.home, 2, state="merged", merged_into=rows[0], closed_at=end)
    assert sum(answered_in_time(cast.home.pk, today=TODAY).parts.values()) == 6


def test_while_the_clock_stood_still_nobody_was_late(cast):
    (row,) = file(cast.home, state="in_progress", unit=cast.unit, answer_by=QUARTER.as_of)
    zone = timezone.get_default_timezone()
    stopped = datetime.combine(QUARTER.as_of - timedelta(days=30), datetime.min.time(), zone)
    row.steps.create(name="pause", from_state="in_progress", to_state="paused", happened_at=stopped)
    assert answered_in_time(cast.home.pk, today=TODAY).parts["waiting"] == 1


@pytest.mark.parametrize("query", ["", "?lang=en"])
def test_the_page_is_light_and_sets_no_cookie(cast, query):
    file(cast.home, 7)
    file(cast.home, 6, after=40)
    client = Client()
    response = client.get(reverse("reports:complaint_figures", args=[cast.home.slug]) + query)
    page = response.content.decode()
    assert response.cookies == {}
    assert "max-age=300" in response["Cache-Control"]
    total = len(gzip.compress(response.content)) + sum(
        len(gzip.compress(client.get(address).getvalue())) for address in linked(page)
    )
    assert total <= 15 * 1024


def test_the_front_door_leads_there(cast):
    page = Client().get(reverse("government", args=[cast.home.slug])).content.decode()
    assert reverse("reports:complaint_figures", args=[cast.home.slug]) in page
