"""When a weekly report is due, by the clock of the government's office."""

from datetime import UTC, datetime, timedelta

import pytest

from integrity_portal.core.models import Document
from opd.models import Government
from opd.tests.factories import GovernmentFactory
from reports import actions
from reports.calendar import latest_due, week_of
from reports.tests.factories import ReportScheduleFactory

SUNDAY, MONDAY = 7, 1


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Asia/Jakarta", "2026-11-22T10:59:59", "2026-11-22T11:00:00"),
        ("Asia/Makassar", "2026-11-22T09:59:59", "2026-11-22T10:00:00"),
        ("Asia/Jayapura", "2026-11-22T08:59:59", "2026-11-22T09:00:00"),
    ],
)
def test_sunday_six_in_the_evening_in_three_time_zones(zone: str, before: str, after: str) -> None:
    due = {"weekday": SUNDAY, "hour": 18, "time_zone": zone}
    assert latest_due(**due, now=at(before)).period == "2026-W46"
    assert latest_due(**due, now=at(after)).period == "2026-W47"
    assert latest_due(**due, now=at(after)).moment == at(after)


def test_monday_begins_while_it_is_still_sunday_in_utc() -> None:
    """00:00 WIT on Monday is 15:00 UTC on Sunday: the week is that of Jayapura."""
    due = latest_due(
        weekday=MONDAY, hour=0, time_zone="Asia/Jayapura", now=at("2026-11-22T15:00:00")
    )
    assert due.period == "2026-W48"


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        ("2026-12-31T12:00:00", "2026-W53"),
        ("2027-01-01T12:00:00", "2026-W53"),
        ("2027-01-03T12:00:00", "2026-W53"),
        ("2027-01-04T12:00:00", "2027-W01"),
        ("2024-12-30T12:00:00", "2025-W01"),
    ],
)
def test_the_turn_of_the_year_has_no_gap_and_no_double(moment: str, week: str) -> None:
    assert week_of(at(moment)) == week


@pytest.fixture
def government(db: None) -> Government:
    return GovernmentFactory()


def documents() -> list[tuple[str, str]]:
    return list(Document.objects.order_by("pk").values_list("variant", "period"))


def test_two_beats_make_one_document(government: Government) -> None:
    ReportScheduleFactory(government=government)
    ReportScheduleFactory(government=government, variant="sekda")
    now = at("2026-11-22T11:00:00")
    actions.make_due_reports(now)
    actions.make_due_reports(now + timedelta(seconds=30))
    assert documents() == [("mayor", "2026-W47"), ("sekda", "2026-W47")]
    actions.make_due_reports(now + timedelta(days=7))
    assert len(documents()) == 4


def test_nothing_is_made_for_weeks_before_it_was_switched_on(government: Government) -> None:
    ReportScheduleFactory(government=government, starts_at=at("2026-11-20T00:00:00"))
    actions.make_due_reports(at("2026-11-21T11:00:00"))
    assert documents() == []


def test_a_week_in_which_the_portal_was_away_is_made_up_for(government: Government) -> None:
    ReportScheduleFactory(government=government)
    actions.make_due_reports(at("2026-11-24T03:00:00"))
    assert documents() == [("mayor", "2026-W47")]


def test_a_schedule_that_is_switched_off_makes_nothing(government: Government) -> None:
    ReportScheduleFactory(government=government, is_active=False)
    actions.make_due_reports(at("2026-11-22T12:00:00"))
    assert documents() == []


def test_many_governments_cost_the_same_reading(
    db: None, django_assert_num_queries: object
) -> None:
    now = at("2026-11-22T12:00:00")
    for _ in range(2):
        ReportScheduleFactory()
    actions.make_due_reports(now)
    with django_assert_num_queries(2):  # type: ignore[operator]
        actions.make_due_reports(now)
    for _ in range(5):
        ReportScheduleFactory()
    actions.make_due_reports(now)
    with django_assert_num_queries(2):  # type: ignore[operator]
        actions.make_due_reports(now)
