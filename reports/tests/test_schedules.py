"""The reader of a report decides when it arrives; no week gets two, and none goes missing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse

from integrity_portal.core.models import Document, LedgerEntry
from opd.enums import Role
from opd.models import Government
from reports import actions
from reports.actions.figures import freeze_figures
from reports.actions.reports import ask_for_week
from reports.calendar import next_due
from reports.enums import Variant
from reports.models import FigureSet, ReportSchedule
from reports.tests.factories import DocumentFactory, ReportScheduleFactory

MONDAY, TUESDAY, WEDNESDAY, FRIDAY, SUNDAY = 1, 2, 3, 5, 7
LIST = "reports:documents"


def at(text: str) -> datetime:
    """A moment of November 2026 by the clock in Jakarta; the 23rd is a Monday, of week 48."""
    return datetime.fromisoformat(f"2026-11-{text}+07:00").astimezone(UTC)


@pytest.fixture
def running(cast: Any) -> ReportSchedule:
    """Sundays at 18.00, and the report of week 47 is there."""
    row: ReportSchedule = ReportScheduleFactory(government=cast.home, starts_at=at("20T00:00:00"))
    actions.make_due_reports(at("22T18:00:00"))
    assert weeks() == ["2026-W47"]
    return row


def weeks(variant: str = Variant.MAYOR) -> list[str]:
    return list(
        Document.objects.filter(variant=variant).order_by("pk").values_list("period", flat=True)
    )


def tick_every_hour(since: datetime, days: int) -> None:
    for hour in range(days * 24):
        actions.make_due_reports(since + timedelta(hours=hour))


def change(cast: Any, weekday: int, hour: int, moment: str) -> bool:
    done = actions.set_schedule(by=cast["mayor"], weekday=weekday, hour=hour, now=at(moment))
    return done.made_now


def test_from_monday_to_sunday_the_week_has_no_second_report(
    cast: Any, running: ReportSchedule
) -> None:
    assert not change(cast, MONDAY, 6, "22T20:00:00")
    actions.make_due_reports(at("23T06:00:00"))
    assert weeks() == ["2026-W47", "2026-W48"]

    assert not change(cast, SUNDAY, 18, "25T09:00:00")
    tick_every_hour(at("25T09:00:00"), 4)
    assert weeks() == ["2026-W47", "2026-W48"]
    actions.make_due_reports(at("29T18:00:00") + timedelta(days=7))
    assert weeks()[2:] == ["2026-W49"]


def test_from_sunday_to_monday_the_week_in_between_is_made_at_once(
    cast: Any, running: ReportSchedule
) -> None:
    assert change(cast, MONDAY, 6, "25T09:00:00")
    assert weeks() == ["2026-W47", "2026-W48"]
    tick_every_hour(at("25T09:00:00"), 6)
    assert weeks() == ["2026-W47", "2026-W48", "2026-W49"]


def test_what_was_due_and_not_yet_made_is_not_lost(cast: Any, running: ReportSchedule) -> None:
    """The tick was away on Sunday evening; the mayor changes, or pauses, before it is back."""
    evening = at("29T19:00:00")
    actions.set_schedule(by=cast["mayor"], weekday=FRIDAY, hour=6, now=evening)
    assert weeks() == ["2026-W47", "2026-W48"]
    actions.make_due_reports(evening)
    assert weeks() == ["2026-W47", "2026-W48"]


def test_pausing_first_asks_for_what_was_due(cast: Any, running: ReportSchedule) -> None:
    actions.pause_schedule(by=cast["mayor"], now=at("29T19:00:00"))
    assert weeks() == ["2026-W47", "2026-W48"]


def test_a_week_is_asked_for_once(cast: Any, running: ReportSchedule) -> None:
    for _ in range(2):
        ask_for_week(schedule=running, period="2026-W48", now=at("29T18:00:00"))
    assert weeks() == ["2026-W47", "2026-W48"]


def test_a_change_makes_nothing_for_weeks_long_past(cast: Any) -> None:
    """Begun on a Thursday with Mondays; then Fridays: last Friday was never promised."""
    ReportScheduleFactory(government=cast.home, weekday=MONDAY, hour=6, starts_at=at("19T09:00:00"))
    actions.make_due_reports(at("23T06:00:00"))
    assert not change(cast, FRIDAY, 6, "25T09:00:00")
    actions.make_due_reports(at("25T09:01:00"))
    assert weeks() == ["2026-W48"]


@pytest.mark.parametrize(("old", "new"), [(1, 7), (7, 1), (2, 5), (5, 2), (6, 7), (4, 3), (1, 1)])
def test_every_change_on_every_day_leaves_one_report_a_week(cast: Any, old: int, new: int) -> None:
    """Seven changes, each on another day of the week; afterwards each week has its report."""
    begin = at("16T00:00:00")
    row = ReportScheduleFactory(government=cast.home, weekday=old, hour=6, starts_at=begin)
    for day in range(9 * 7):
        now = begin + timedelta(days=day, hours=9)
        actions.make_due_reports(now)
        if day % 8 == 0:
            row.refresh_from_db()
            other = new if row.weekday == old else old
            actions.set_schedule(by=cast["mayor"], weekday=other, hour=6, now=now)
            actions.make_due_reports(now)
    assert weeks() == [f"2026-W{week}" for week in range(47, 54)] + ["2027-W01", "2027-W02"]


def test_weeks_that_come_due_while_paused_have_none_and_none_is_made_up(
    cast: Any, running: ReportSchedule
) -> None:
    actions.pause_schedule(by=cast["mayor"], now=at("25T09:00:00"))
    tick_every_hour(at("25T09:00:00"), 9)
    later = at("25T09:00:00") + timedelta(days=9)
    actions.resume_schedule(by=cast["mayor"], now=later)
    actions.make_due_reports(later)
    assert weeks() == ["2026-W47"]
    tick_every_hour(later, 3)
    assert weeks() == ["2026-W47", "2026-W49"]


def test_a_change_while_paused_stays_paused(cast: Any, running: ReportSchedule) -> None:
    actions.pause_schedule(by=cast["mayor"], now=at("25T09:00:00"))
    assert not change(cast, MONDAY, 6, "26T09:00:00")
    tick_every_hour(at("26T09:00:00"), 14)
    assert weeks() == ["2026-W47"]
    running.refresh_from_db()
    assert (running.weekday, running.is_active) == (MONDAY, False)


@pytest.mark.django_db(transaction=True)
def test_a_tick_and_a_change_at_the_same_moment_make_one_report(cast: Any) -> None:
    ReportScheduleFactory(government=cast.home, starts_at=at("20T00:00:00"))
    now, start = at("22T18:00:30"), Barrier(6)

    def run(place: int) -> None:
        try:
            start.wait(timeout=30)
            if place % 2:
                actions.make_due_reports(now)
            else:
                actions.set_schedule(by=cast["mayor"], weekday=MONDAY, hour=6 + place, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as people:
        list(people.map(run, range(6)))
    assert weeks() == ["2026-W47"]


@pytest.mark.parametrize(
    ("zone", "moment", "words"),
    [
        ("Asia/Jakarta", "2026-11-22T22:59:00", "06.00 WIB"),
        ("Asia/Makassar", "2026-11-22T21:59:00", "06.00 WITA"),
        ("Asia/Jayapura", "2026-11-22T20:59:00", "06.00 WIT"),
    ],
)
def test_the_next_one_is_told_by_the_governments_clock(
    zone: str, moment: str, words: str, cast: Any, client_as: Callable[..., Any]
) -> None:
    Government.objects.filter(pk=cast.home.pk).update(time_zone=zone)
    ReportScheduleFactory(government=cast.home, weekday=MONDAY, hour=6)
    with time_machine.travel(f"{moment}+00:00", tick=False):
        page = text(client_as(cast["mayor"]).get(reverse(LIST)))
    assert f"Setiap Senin pukul {words}" in page
    assert f"Berikutnya: Senin, 23 November 2026, {words}" in page
    due = next_due(
        weekday=MONDAY,
        hour=6,
        time_zone=zone,
        now=datetime.fromisoformat(moment).replace(tzinfo=UTC) + timedelta(minutes=1),
    )
    assert due.period == "2026-W49"


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_week_that_has_its_report_is_not_announced_again(
    cast: Any, client_as: Callable[..., Any]
) -> None:
    ReportScheduleFactory(government=cast.home)
    DocumentFactory(government_id=cast.home.pk, period="2026-W47")
    with time_machine.travel("2026-11-20T03:00:00+00:00", tick=False):
        page = text(client_as(cast["mayor"]).get(reverse(LIST)))
    assert "Berikutnya: Minggu, 29 November 2026, 18.00 WIB" in page


def test_the_reader_changes_pauses_and_resumes(cast: Any, client_as: Callable[..., Any]) -> None:
    ReportScheduleFactory(government=cast.home, variant=Variant.SEKDA)
    others = ReportScheduleFactory(government=cast.home, variant=Variant.MAYOR)
    with time_machine.travel("2026-11-22T14:00:00+00:00", tick=False):
        client = client_as(cast["sekda"])
        actions.make_due_reports(at("22T18:00:00"))
        page = client.post(reverse("reports:schedule"), {"weekday": "1", "hour": "6"}, follow=True)
        assert "Laporan mingguan berikutnya: Senin, 23 November 2026, 06.00 WIB" in text(page)
        paused = client.post(reverse("reports:schedule_pause"), follow=True)
        assert "Dijeda" in text(paused)
        assert "Berikutnya: " not in text(paused)
        client.post(reverse("reports:schedule_pause"))
        resumed = client.post(reverse("reports:schedule_resume"), follow=True)
        assert "Berikutnya: Senin, 23 November 2026, 06.00 WIB" in text(resumed)
        client.post(reverse("reports:schedule"), {"weekday": "1", "hour": "6"})

    row = ReportSchedule.objects.get(variant=Variant.SEKDA)
    assert (row.weekday, row.hour, row.is_active) == (1, 6, True)
    others.refresh_from_db()
    assert (others.weekday, others.hour) == (7, 18)
    told = LedgerEntry.objects.filter(verb__startswith="schedule.").order_by("pk")
    assert [(e.verb, e.membership_id) for e in told] == [
        (f"schedule.{verb}", cast["sekda"].pk) for verb in ("changed", "paused", "resumed")
    ]
    assert told[0].codes == {"variant": "sekda", "weekday": 1, "hour": 6}
    history = row.history_events.order_by("pgh_id")
    assert [(e.weekday, e.is_active) for e in history] == [
        (7, True),
        (1, True),
        (1, False),
        (1, True),
    ]


def test_a_week_made_at_once_is_said_so(cast: Any, client_as: Callable[..., Any]) -> None:
    ReportScheduleFactory(government=cast.home, starts_at=at("20T00:00:00"))
    with time_machine.travel("2026-11-25T02:00:00+00:00", tick=False):
        page = client_as(cast["mayor"]).post(
            reverse("reports:schedule"), {"weekday": "1", "hour": "6"}, follow=True
        )
    assert "belum punya laporan: sekarang sedang dibuat" in text(page)
    assert "Senin, 30 November 2026, 06.00 WIB" in text(page)


def test_the_first_schedule_of_a_government(cast: Any, client_as: Callable[..., Any]) -> None:
    with time_machine.travel("2026-11-25T02:00:00+00:00", tick=False):
        client = client_as(cast["mayor"])
        assert "Belum ada laporan yang datang sendiri" in text(client.get(reverse(LIST)))
        client.post(reverse("reports:schedule"), {"weekday": "2", "hour": "0"})
        actions.make_due_reports(at("25T09:00:00"))
    row = ReportSchedule.objects.get()
    assert (row.government, row.variant, row.weekday, row.hour) == (cast.home, "mayor", TUESDAY, 0)
    assert LedgerEntry.objects.filter(verb="schedule.set").count() == 1
    assert weeks() == []


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Pilih hari"),
        ({"weekday": "8", "hour": "6"}, "Pilih hari"),
        ({"weekday": "1", "hour": "24"}, "Pilih jam dari daftar"),
        ({"weekday": "1", "hour": "-1"}, "Pilih jam dari daftar"),
        ({"weekday": "", "hour": "7"}, "Pilih hari"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(
    sent: dict[str, str], sentence: str, cast: Any, client_as: Callable[..., Any]
) -> None:
    ReportScheduleFactory(government=cast.home)
    page = client_as(cast["mayor"]).post(reverse("reports:schedule"), sent)
    assert page.status_code == 200
    assert sentence in text(page)
    row = ReportSchedule.objects.get()
    assert (row.weekday, row.hour) == (7, 18)
    assert not LedgerEntry.objects.filter(verb__startswith="schedule.").exists()


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.MAYOR, Role.SEKDA}))
def test_nobody_else_decides(role: str, cast: Any, client_as: Callable[..., Any]) -> None:
    ReportScheduleFactory(government=cast.home)
    now = at("25T09:00:00")
    with pytest.raises(PermissionDenied):
        actions.set_schedule(by=cast[role], weekday=1, hour=6, now=now)
    with pytest.raises(PermissionDenied):
        actions.pause_schedule(by=cast[role], now=now)
    with pytest.raises(PermissionDenied):
        actions.resume_schedule(by=cast[role], now=now)
    assert "Laporan mingguan" not in text(client_as(cast[role]).get(reverse(LIST)))


def test_another_governments_mayor_changes_only_his_own(cast: Any) -> None:
    ReportScheduleFactory(government=cast.home)
    by = cast.away_offices["mayor"]
    actions.set_schedule(by=by, weekday=1, hour=6, now=at("25T09:00:00"))
    assert ReportSchedule.objects.get(government=cast.home).weekday == SUNDAY
    assert ReportSchedule.objects.get(government=cast.away).weekday == MONDAY


def test_who_reads_on_another_day_gets_the_figures_of_that_day(cast: Any) -> None:
    """Monday for the mayor, Sunday for the Sekda: one week, two sets; on one day one set."""
    week = "2026-W47"
    monday = freeze_figures(government=cast.home, now=at("16T06:00:00"), period=week)
    evening = freeze_figures(government=cast.home, now=at("16T23:59:00"), period=week)
    late = freeze_figures(
        government=cast.home, now=at("17T09:00:00"), period=week, asked_at=at("16T06:00:00")
    )
    assert late == monday
    sunday = freeze_figures(government=cast.home, now=at("22T18:00:00"), period=week)
    assert monday == evening != sunday
    assert (sunday.period, sunday.taken_at) == ("", at("22T18:00:00"))
    assert FigureSet.objects.get(period=week) == monday
