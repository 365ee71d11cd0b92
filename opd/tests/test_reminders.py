"""Reminders and escalation: which, when in which time zone, once, and until when."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given, strategies as st

from integrity_portal.core import wake
from integrity_portal.core.models import LedgerEntry
from opd import reminders, tasks, year_calendar
from opd.actions.reminders import remind, run_reminders
from opd.actions.year_calendar import NewDate, mark_date, move_date
from opd.enums import Role
from opd.models import Escalation, Government, InboxItem, ReminderClock
from opd.queries.inbox import governments_due, late_things, unread_count
from opd.reminders import Due, Owner, is_escalated, next_hour, stage
from opd.tests.factories import GovernmentFactory
from opd.tests.factories_calendar import OwnDateFactory

LONG_AGO = date(2020, 1, 1)


def due(day=date(2026, 5, 31), before=(30, 14, 7, 1), after=1, **more):
    return Due("x", day, (Owner(role=Role.ZI_SECRETARIAT),), before, after, **more)


# --- rules ---


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 4, 30), None),
        (date(2026, 5, 1), "30"),
        (date(2026, 5, 16), "30"),
        (date(2026, 5, 17), "14"),
        (date(2026, 5, 24), "7"),
        (date(2026, 5, 30), "1"),
        (date(2026, 5, 31), "1"),
        (date(2026, 6, 1), "late"),
    ],
)
def test_the_nearest_reminder_that_has_come(today, expected):
    assert stage(due(), today) == expected


def test_escalation_begins_after_the_days_and_may_be_never():
    assert not is_escalated(due(after=3), date(2026, 6, 2))
    assert is_escalated(due(after=3), date(2026, 6, 3))
    assert not is_escalated(due(after=None), date(2099, 1, 1))


@given(
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(-200, 200),
    st.lists(st.integers(0, 120), max_size=6, unique=True),
)
def test_stages_only_come_nearer(day, offset, before):
    """From one day to the next a reminder never goes back to an earlier one."""
    row = due(day, tuple(before))
    order = [None, *(str(n) for n in sorted(before, reverse=True)), "late"]
    today = day + timedelta(days=offset)
    assert order.index(stage(row, today)) <= order.index(stage(row, today + timedelta(days=1)))


def test_the_next_round_is_at_the_full_hour():
    moment = datetime(2026, 1, 1, 23, 59, 59, 7, tzinfo=UTC)
    assert next_hour(moment) == datetime(2026, 1, 2, 0, tzinfo=UTC)
    assert next_hour(next_hour(moment)) == datetime(2026, 1, 2, 1, tzinfo=UTC)


# --- the round ---


@pytest.fixture
def only_own_dates(monkeypatch):
    """The year's own steps stay out of the way; directives are told elsewhere."""
    calendar = year_calendar.calendar_of(2026)
    bare = year_calendar.YearCalendar(calendar.code, 2014, "", (), calendar.sha256)
    monkeypatch.setattr("opd.queries.year_calendar.calendar_of", lambda year: bare)
    monkeypatch.setattr("opd.queries.calendar_duties.calendar_of", lambda year: bare)
    monkeypatch.setattr("opd.queries.inbox.calendar_of", lambda year: bare)


@pytest.fixture
def home(cast):
    ReminderClock.objects.create(government=cast.home, started_on=LONG_AGO)
    return cast.home


def at(year, month, day, hour=9, zone="Asia/Jakarta"):
    return datetime(year, month, day, hour, tzinfo=ZoneInfo(zone))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "midnight"),
    [("Asia/Jakarta", 17), ("Asia/Makassar", 16), ("Asia/Jayapura", 15)],
)
def test_a_day_begins_at_the_governments_midnight(cast, only_own_dates, zone, midnight):
    Government.objects.filter(pk=cast.home.pk).update(time_zone=zone)
    cast.home.refresh_from_db()
    ReminderClock.objects.create(government=cast.home, started_on=LONG_AGO)
    OwnDateFactory(government=cast.home, due_on=date(2026, 8, 3))
    before = datetime(2026, 7, 19, midnight, tzinfo=UTC) - timedelta(seconds=1)

    remind(government=cast.home, now=before)
    assert not InboxItem.objects.exists()

    remind(government=cast.home, now=before + timedelta(seconds=1))
    item = InboxItem.objects.get()
    assert (item.sentence, item.due_on) == ("near", date(2026, 8, 3))


@pytest.mark.django_db
def test_each_reminder_comes_once_and_the_nearer_takes_the_place(cast, home, only_own_dates):
    OwnDateFactory(government=home, due_on=date(2026, 8, 3))
    for now in (at(2026, 7, 20), at(2026, 7, 20, 17), at(2026, 7, 21)):
        remind(government=home, now=now)
    assert InboxItem.objects.count() == 1
    # No server for a week: the seven days' reminder is not lost, and only one line is open.
    remind(government=home, now=at(2026, 7, 30))
    assert InboxItem.objects.count() == 2
    assert unread_count(cast[Role.ZI_SECRETARIAT]) == 1


@pytest.mark.django_db
def test_overdue_goes_up_once_and_stops_when_it_is_done(cast, home, only_own_dates):
    own = OwnDateFactory(government=home, due_on=date(2026, 8, 3))
    remind(government=home, now=at(2026, 8, 9))
    assert not Escalation.objects.exists()
    for day in (10, 11, 25):
        remind(government=home, now=at(2026, 8, day))
    assert Escalation.objects.count() == 1
    assert InboxItem.objects.filter(role=Role.SEKDA, sentence="escalated").count() == 1
    thing = late_things(cast[Role.SEKDA], date(2026, 8, 25))[0]
    assert (thing.days, thing.whose != "", thing.url != "") == (22, True, True)

    mark_date(
        year=2026,
        key=own.key,
        is_done=True,
        note="",
        by=cast[Role.ZI_SECRETARIAT],
        now=at(2026, 8, 26),
    )
    assert late_things(cast[Role.SEKDA], date(2026, 8, 26)) == []
    assert unread_count(cast[Role.SEKDA]) == 0
    remind(government=home, now=at(2026, 8, 27))
    assert Escalation.objects.filter(settled_at=None).count() == 0

    # The tick was wrong: it stands on the list again, but nobody is told a second time.
    mark_date(
        year=2026,
        key=own.key,
        is_done=False,
        note="wrong",
        by=cast[Role.ZI_SECRETARIAT],
        now=at(2026, 8, 28),
    )
    remind(government=home, now=at(2026, 8, 29))
    assert len(late_things(cast[Role.SEKDA], date(2026, 8, 29))) == 1
    assert InboxItem.objects.filter(role=Role.SEKDA).count() == 1
    assert LedgerEntry.objects.filter(verb="escalation.raised").count() == 1


@pytest.mark.django_db
def test_a_moved_deadline_is_reminded_of_anew(cast, home, only_own_dates):
    own = OwnDateFactory(government=home, due_on=date(2026, 8, 3))
    remind(government=home, now=at(2026, 8, 11))
    assert Escalation.objects.filter(settled_at=None).count() == 1
    move_date(
        year=2026,
        key=own.key,
        new=NewDate(None, date(2026, 8, 20), "Letter"),
        form_key=uuid4(),
        by=cast[Role.ZI_SECRETARIAT],
        now=at(2026, 8, 11),
    )
    remind(government=home, now=at(2026, 8, 12))
    assert Escalation.objects.filter(settled_at=None).count() == 0
    open_ones = InboxItem.objects.filter(settled_at=None)
    assert [(row.sentence, row.due_on) for row in open_ones] == [("near", date(2026, 8, 20))]


@pytest.mark.django_db
def test_what_was_over_before_the_portal_began_is_history(cast):
    """A government that joins in August is not told that 31 May is over."""
    run_reminders(government_id=cast.home.pk, now=at(2026, 8, 10))
    assert not Escalation.objects.exists()
    assert not InboxItem.objects.filter(sentence="late").exists()


@pytest.mark.django_db
def test_the_proposal_of_the_year_goes_up_when_nobody_sent_it(cast, home):
    remind(government=home, now=at(2026, 5, 2))
    assert InboxItem.objects.filter(role=Role.ZI_SECRETARIAT, link_id="2026.propose").exists()
    remind(government=home, now=at(2026, 6, 1))
    assert Escalation.objects.filter(link_id="2026.propose").exists()


@pytest.mark.django_db
def test_tasks_of_units_go_to_units_on_the_road_only(cast, home, monkeypatch):
    monkeypatch.setattr(year_calendar, "_concerned", [lambda pk: [cast.unit.pk]])
    remind(government=home, now=at(2026, 5, 20))
    rows = InboxItem.objects.filter(link_id="2026.self_assessment")
    assert {(row.role, row.unit_id) for row in rows} == {
        (Role.OPD_HEAD, cast.unit.pk),
        (Role.OPD_OPERATOR, cast.unit.pk),
    }
    remind(government=home, now=at(2026, 6, 1))
    open_ones = rows.filter(settled_at=None, unit=cast.unit)
    assert set(open_ones.values_list("sentence", flat=True)) == {"late"}
    assert not Escalation.objects.filter(link_id="2026.self_assessment").exists()
    remind(government=home, now=at(2026, 6, 7))
    assert Escalation.objects.get(link_id="2026.self_assessment").unit_id == cast.unit.pk


@pytest.mark.django_db
def test_a_quarter_goes_up_once_it_no_longer_counts_as_on_time(cast, home, monkeypatch):
    """Both units are told, the one that did it no longer, and the Sekda on the fifteenth day."""
    missing = [cast.unit.pk, cast.other_unit.pk]
    monkeypatch.setitem(
        year_calendar._counters,
        "plans_frozen_b03",
        lambda pk, year, due_on, memo: year_calendar.Count(2, tuple(missing)),
    )
    rows = InboxItem.objects.filter(link_id="2026.monev_b03", settled_at=None)

    def sentences(day):
        remind(government=home, now=at(2026, 4, day))
        return set(rows.values_list("sentence", "unit"))

    both = {("near", cast.unit.pk), ("near", cast.other_unit.pk)}
    assert sentences(1) == sentences(14) == both
    missing.remove(cast.other_unit.pk)
    assert sentences(14) == {("near", cast.unit.pk)}
    assert not Escalation.objects.filter(link_id="2026.monev_b03").exists()
    assert sentences(15) == {("late", cast.unit.pk), ("escalated", None)}
    assert Escalation.objects.get(link_id="2026.monev_b03").unit_id == cast.unit.pk
    missing.clear()
    assert sentences(16) == set()
    assert not Escalation.objects.filter(link_id="2026.monev_b03", settled_at=None).exists()


@pytest.mark.django_db
def test_a_day_that_never_becomes_late_is_settled_when_it_is_over(cast, home, monkeypatch):
    usual = Due("7", date(2026, 8, 3), (Owner(role=Role.ZI_SECRETARIAT),), escalate_after=None)
    monkeypatch.setitem(reminders._sources, "usual", lambda government, today: [usual])
    rows = InboxItem.objects.filter(kind="usual", settled_at=None)
    remind(government=home, now=at(2026, 8, 3))
    assert rows.count() == 1
    remind(government=home, now=at(2026, 8, 4))
    assert rows.count() == 0


@pytest.mark.django_db
def test_one_broken_source_does_not_stop_the_others(cast, home, monkeypatch, caplog):
    def broken(government, today):
        raise RuntimeError("Pak Budi 0812")

    monkeypatch.setitem(reminders._sources, "aaa", broken)
    OwnDateFactory(government=home, due_on=date(2026, 8, 3))
    assert remind(government=home, now=at(2026, 7, 21)) >= 1


@pytest.mark.django_db
def test_a_round_comes_once_an_hour(cast):
    now = at(2026, 8, 10, 9)
    assert cast.home.pk in governments_due(now)
    assert run_reminders(government_id=cast.home.pk, now=now)
    assert not run_reminders(government_id=cast.home.pk, now=now + timedelta(minutes=59))
    assert cast.home.pk not in governments_due(now + timedelta(minutes=59))
    assert cast.home.pk in governments_due(now + timedelta(minutes=60))
    assert "opd.remind" in {sweep.task_name for sweep in wake.sweeps()}
    tasks.remind(cast.home.pk)
    assert ReminderClock.objects.get(pk=cast.home.pk).due_at > now


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_tell_once():
    """Both without the clock's lock: even then the same key is written once."""
    home = GovernmentFactory()
    ReminderClock.objects.create(government=home, started_on=LONG_AGO)
    for _number in range(4):
        OwnDateFactory(government=home, due_on=date(2026, 8, 3))
    start = threading.Barrier(2)

    def work(_number):
        try:
            start.wait()
            return remind(government=home, now=at(2026, 8, 12))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(work, range(2)))

    assert Escalation.objects.filter(link_id__startswith="2026.own-").count() == 4
    keys = list(InboxItem.objects.values_list("key", "role", "unit"))
    assert len(keys) == len(set(keys))
    assert sum(found) == len(keys)


@pytest.mark.django_db
def test_a_deadline_just_before_the_first_round_goes_up(cast):
    """The first round comes two days after 31 May, and weeks after an own date."""
    OwnDateFactory(government=cast.home, due_on=date(2026, 4, 1))
    run_reminders(government_id=cast.home.pk, now=at(2026, 6, 2))
    links = set(Escalation.objects.values_list("link_id", flat=True))
    assert "2026.propose" in links
    assert any(link.startswith("2026.own-") for link in links)
    assert InboxItem.objects.filter(role=Role.SEKDA, link_id="2026.propose").exists()


@pytest.mark.django_db
def test_what_stays_overdue_is_told_again_every_week(cast, home, only_own_dates):
    OwnDateFactory(government=home, due_on=date(2026, 8, 3))
    for day in range(1, 30):
        remind(government=home, now=at(2026, 8, 3) + timedelta(days=day))
    late = InboxItem.objects.filter(sentence="late", role=Role.ZI_SECRETARIAT)
    assert late.count() == 5
    assert late.filter(settled_at=None).count() == 1
