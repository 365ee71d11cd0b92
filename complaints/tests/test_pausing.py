"""The clock stands still and goes on, and every date follows from what happened."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from complaints import deadlines, sla
from complaints.actions import handling, pausing
from complaints.actions.messages import write_as_citizen
from complaints.deadlines import Happened
from complaints.models import Complaint
from complaints.queries.tracking import timeline
from complaints.tests.factories import FILED, ComplaintFactory
from opd.enums import Role
from opd.transitions import StepRefused
from opd.working_days import add_working_days, working_days_between

DAY = timedelta(days=1)


def again(complaint):
    return Complaint.objects.select_related("government").get(pk=complaint.pk)


@pytest.fixture
def working(cast):
    return ComplaintFactory(
        government=cast.home,
        state="in_progress",
        unit=cast.unit,
        far_late_after=date(2026, 12, 30),
    )


def paused(cast, complaint, reason="citizen", until=date(2026, 11, 12), now=FILED):
    return pausing.pause_complaint(
        complaint=complaint,
        by=cast[Role.LIAISON_OFFICER],
        reason=reason,
        resume_on=until,
        text="Mohon kirim nomor meteran.",
        now=now,
    )


def test_a_pause_gives_the_days_back_when_a_person_ends_it(cast, working):
    paused(cast, working)
    row = again(working)
    assert (row.state, row.due_on, row.paused_on) == ("paused", None, FILED.date())
    assert row.messages.get().kind == "question"
    assert row.first_response_on == FILED.date()

    # Monday to Wednesday of the next week: seven working days.
    pausing.resume_complaint(complaint=row, by=cast[Role.LIAISON_OFFICER], now=FILED + 9 * DAY)

    row = again(working)
    assert (row.state, row.paused_on, row.resume_on, row.pause_reason) == (
        "in_progress", None, None, "",
    )  # fmt: skip
    assert (row.answer_by, row.paused_days) == (date(2026, 12, 1), 7)
    assert row.far_late_after == date(2027, 1, 12)


def test_it_ends_by_itself_on_its_day_where_the_government_is(cast, working):
    paused(cast, working)
    pausing.resume_due(datetime(2026, 11, 11, 16, 59, tzinfo=UTC))
    assert again(working).state == "paused"

    pausing.resume_due(datetime(2026, 11, 11, 17, 1, tzinfo=UTC))
    pausing.resume_due(datetime(2026, 11, 11, 18, 0, tzinfo=UTC))

    row = again(working)
    assert (row.state, row.answer_by) == ("in_progress", date(2026, 12, 2))
    assert row.steps.filter(name="resume", membership=None).count() == 1


@pytest.mark.parametrize(
    ("reason", "after"), [("citizen", "in_progress"), ("institution", "paused")]
)
def test_the_citizens_word_ends_it_when_it_was_waited_for(reason, after, cast, working):
    paused(cast, working, reason=reason)
    write_as_citizen(complaint=again(working), text="A-041", now=FILED + DAY)
    assert again(working).state == after


@pytest.mark.parametrize(
    ("reason", "until", "used"),
    [
        ("citizen", date(2026, 11, 2), 0),
        ("citizen", date(2026, 11, 17), 0),
        ("holiday", date(2026, 11, 4), 0),
        ("examination", date(2026, 11, 6), 58),
        ("citizen", date(2026, 11, 3), 60),
    ],
)
def test_only_so_long_and_for_a_known_reason(reason, until, used, cast, working):
    Complaint.objects.filter(pk=working.pk).update(paused_days=used)
    with pytest.raises(StepRefused):
        paused(cast, working, reason=reason, until=until)
    assert again(working).state == "in_progress"


def test_taken_back_from_a_pause_the_days_stay_given_back(cast, working):
    paused(cast, working)
    coordinator = cast[Role.COMPLAINT_COORDINATOR]
    handling.recall(complaint=again(working), by=coordinator, reason="Diam.", now=FILED + 2 * DAY)
    handling.verify_complaint(
        complaint=again(working), by=coordinator, unit=cast.unit, sla_class="general",
        now=FILED + 2 * DAY,
    )  # fmt: skip
    assert (again(working).paused_days, again(working).answer_by) == (2, date(2026, 11, 24))


@pytest.mark.usefixtures("english")
def test_the_citizen_reads_that_it_stands_still_and_until_when(cast, working):
    paused(cast, working)
    told = timeline(again(working))
    assert told[-2].text.startswith("Waiting for the citizen, until")
    assert told[-1].title == "The clock goes on"


MONDAY = date(2026, 11, 2)
HOLIDAYS = st.frozensets(st.dates(MONDAY, date(2027, 3, 31)), max_size=8)


@settings(max_examples=60, deadline=None)
@given(off=HOLIDAYS, starts=st.lists(st.integers(1, 30), min_size=2, max_size=6))
def test_counted_anew_is_what_the_steps_wrote(off, starts):
    """Whatever the pauses: the dates of the steps and those of the replay are the same."""
    terms, day = sla.current(), MONDAY
    steps = [Happened("verify", day)]
    answer = deadlines.answer_by(terms, "general", MONDAY, off)
    far = deadlines.far_late_after(terms, "general", MONDAY, off)
    for number, days in enumerate(starts[: len(starts) // 2 * 2]):
        since, day = day, day + timedelta(days=days)
        steps.append(Happened("resume" if number % 2 else "pause", day))
        if number % 2:
            stood = working_days_between(since, day, off)
            answer = add_working_days(answer, stood, off)
            far = add_working_days(far, stood, off)

    fresh = deadlines.replay(terms, "general", MONDAY, steps, off)

    assert (fresh.answer_by, fresh.far_late_after) == (answer, far)


@settings(max_examples=60, deadline=None)
@given(off=HOLIDAYS, late=st.integers(1, 12), today=st.dates(MONDAY, date(2027, 3, 1)))
def test_late_since_is_the_newest_day_that_is_late_enough(off, late, today):
    since = deadlines.late_since(today, late, off)
    assert working_days_between(since, today, off) >= late
    assert working_days_between(since + DAY, today, off) < late
