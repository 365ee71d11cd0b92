"""First word, three times late, telling upwards, days off that are declared later."""

from datetime import date, timedelta

import pytest

from complaints.actions import handling
from complaints.actions.dates import recount_dates, recount_due
from complaints.actions.escalating import escalate, escalate_due
from complaints.actions.messages import write_note, write_to_citizen
from complaints.models import Complaint, ComplaintCounter
from complaints.queries import desk, figures
from complaints.tests.factories import FILED, ComplaintFactory
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Holiday, InboxItem
from opd.tests.factories import UnitFactory

DAY = timedelta(days=1)
COORDINATOR, LIAISON, HEAD = Role.COMPLAINT_COORDINATOR, Role.LIAISON_OFFICER, Role.OPD_HEAD


def again(row):
    return Complaint.objects.select_related("government").get(pk=row.pk)


@pytest.fixture
def passed_on(cast):
    complaint = ComplaintFactory(government=cast.home)
    return handling.verify_complaint(
        complaint=complaint, by=cast[COORDINATOR], unit=cast.unit, sla_class="general", now=FILED
    )


def test_three_five_ten(cast, passed_on):
    row = again(passed_on)
    assert (row.respond_by, row.answer_by) == (date(2026, 11, 9), date(2026, 11, 20))
    assert row.due_on == date(2026, 11, 9)
    assert row.far_late_after == date(2027, 1, 4)

    write_note(complaint=row, by=cast[LIAISON], text="Catatan", now=FILED)
    assert again(row).first_response_on is None
    handling.take_on(complaint=row, by=cast[LIAISON], now=FILED + DAY)
    write_to_citizen(complaint=row, by=cast[LIAISON], text="Kapan?", now=FILED + 2 * DAY)

    row = again(row)
    assert (row.first_response_at, row.first_response_on) == (FILED + DAY, date(2026, 11, 3))
    assert row.due_on == date(2026, 11, 20)


def test_a_word_before_taking_on_is_the_first_response(cast, passed_on):
    write_to_citizen(complaint=passed_on, by=cast[LIAISON], text="Kapan?", now=FILED + DAY)
    assert again(passed_on).first_response_on == date(2026, 11, 3)


def test_three_times_late_as_filter_and_count(cast):
    values = {"government": cast.home, "far_late_after": date(2026, 11, 20)}
    far = ComplaintFactory(state="verified", unit=cast.unit, **values)
    waiting = ComplaintFactory(state="paused", unit=cast.unit, **values)
    today = date(2026, 11, 23)
    rows = desk.complaints_for(cast[COORDINATOR], desk.Filters(mark="far_late"), today)
    assert list(rows) == [far]
    assert figures.counts_for(cast[COORDINATOR], today).far_late == 1
    assert far.is_far_late_on(today)
    assert not far.is_far_late_on(date(2026, 11, 20))
    assert not waiting.is_far_late_on(today)


def told(complaint):
    rows = InboxItem.objects.filter(link_id=str(complaint.pk), sentence="complaint.late")
    return [(row.role, row.unit_id) for row in rows.order_by("pk")]


@pytest.mark.parametrize(
    ("day", "levels"),
    [(20, 0), (23, 1), (26, 1), (27, 2)],
)
def test_each_level_is_told_once_and_when_it_is_reached(day, levels, cast):
    """Due on Friday the 20th: one working day late on Monday, five on Friday the 27th."""
    complaint = ComplaintFactory(government=cast.home, state="in_progress", unit=cast.unit)
    now = FILED.replace(day=day)
    escalate_due(now)
    escalate_due(now)
    expected = [(HEAD, cast.unit.pk), (Role.SEKDA, None)]
    assert told(complaint) == expected[:levels]
    assert again(complaint).escalation == levels
    assert LedgerEntry.objects.filter(verb="complaint.escalated").count() == (1 if levels else 0)


def test_ten_days_or_three_times_go_to_the_regional_head(cast):
    ten = ComplaintFactory(government=cast.home, state="in_progress", unit=cast.unit)
    escalate_due(FILED.replace(month=12, day=4))
    assert told(ten)[-1] == (Role.MAYOR, None)
    short = ComplaintFactory(
        government=cast.home, state="verified", unit=cast.unit,
        far_late_after=date(2026, 11, 21), answer_by=date(2026, 11, 20),
    )  # fmt: skip
    row = escalate(complaint=short, today=date(2026, 11, 23), now=FILED.replace(day=23))
    assert row.escalation == 3


def test_what_moves_on_is_settled_and_a_reopened_one_begins_anew(cast):
    complaint = ComplaintFactory(government=cast.home, state="in_progress", unit=cast.unit)
    now = FILED.replace(day=27)
    escalate_due(now)
    handling.answer_complaint(complaint=again(complaint), by=cast[HEAD], text="Ya.", now=now)
    assert not InboxItem.objects.filter(settled_at=None, sentence="complaint.late").exists()
    handling.reopen(complaint=again(complaint), text="Belum.", now=now + DAY)
    assert again(complaint).escalation == 0
    escalate_due(now + 11 * DAY)
    assert again(complaint).escalation == 1


def test_at_the_coordinator_the_coordinator_is_told_first(cast):
    complaint = ComplaintFactory(government=cast.home)
    escalate_due(FILED.replace(day=6))
    assert told(complaint) == [(COORDINATOR, None)]


def test_of_an_accused_officer_inspectorate_and_who_does_not_sit_there_are_told(cast):
    inspectorate = UnitFactory(government=cast.home, name="Inspektorat", kind="inspektorat")
    secretariat = UnitFactory(government=cast.home, name="Setda", kind="sekretariat_daerah")
    late = FILED.replace(month=12, day=4)
    expected = {
        cast.other_unit: [Role.INSPECTORATE, Role.SEKDA, Role.MAYOR],
        inspectorate: [Role.SEKDA, Role.MAYOR],
        secretariat: [Role.INSPECTORATE, Role.MAYOR],
    }
    rows = {
        unit: ComplaintFactory(
            government=cast.home, state="in_progress", unit=cast.unit, named_unit=unit,
            accuses_officer=True,
        )
        for unit in expected
    }  # fmt: skip
    escalate_due(late)
    for unit, roles in expected.items():
        assert [role for role, _unit in told(rows[unit])] == roles, unit.name


def test_a_day_off_declared_later_moves_open_dates_and_only_backwards_in_time(cast, passed_on):
    by_hand = date(2026, 12, 15)
    early = ComplaintFactory(government=cast.home, verify_by=by_hand)
    ended = ComplaintFactory(government=cast.home, state="closed", unit=cast.unit)
    answered = ComplaintFactory(government=cast.home, state="answered", unit=cast.unit)
    ComplaintCounter.take(cast.home.pk)
    recount_due(FILED)
    before = {row.pk: again(row).answer_by for row in (passed_on, early, ended)}
    count = LedgerEntry.objects.filter(verb="complaint.dates_moved").count()
    Holiday.objects.create(government=cast.home, day=date(2026, 11, 4), name="Cuti bersama")
    Holiday.objects.create(government=cast.away, day=date(2026, 11, 5), name="Cuti bersama")

    recount_due(FILED + DAY)
    recount_due(FILED + DAY)

    row = again(passed_on)
    assert (row.answer_by, row.respond_by) == (date(2026, 11, 23), date(2026, 11, 10))
    assert again(early).verify_by == by_hand
    assert again(answered).close_on == date(2026, 11, 17)
    assert again(ended).answer_by == before[ended.pk]
    moved = LedgerEntry.objects.filter(verb="complaint.dates_moved")
    assert moved.count() == count + 3
    Holiday.objects.all().delete()
    assert recount_dates(government=cast.home, now=FILED) == 0
    assert again(passed_on).answer_by == date(2026, 11, 23)


def test_nobody_becomes_late_by_a_recount(cast, passed_on):
    """A date that somebody was promised by other rules stays when counting gives an earlier one."""
    Complaint.objects.filter(pk=passed_on.pk).update(answer_by=date(2027, 1, 8))
    recount_dates(government=cast.home, now=FILED)
    assert again(passed_on).answer_by == date(2027, 1, 8)
