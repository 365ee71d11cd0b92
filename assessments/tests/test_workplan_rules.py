"""Progress, lateness, lights and whose move: pure rules."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from assessments.enums import ActivityState, Light, ReportState, WhoseMove
from assessments.progress import (
    ActivityFacts,
    is_late,
    light,
    plan_progress,
    same_day,
    whose_move,
)

TODAY = date(2026, 11, 21)
PERCENTS = st.none() | st.decimals(0, 100, places=2)
SENT = ["", ReportState.SUBMITTED, ReportState.CONFIRMED, ReportState.RETURNED]
FACTS = st.builds(
    ActivityFacts,
    state=st.sampled_from(ActivityState.values),
    due_on=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    confirmed=PERCENTS,
    newest=st.sampled_from(SENT),
)


def facts(
    confirmed: str | None = None,
    *,
    newest: str = "",
    days: int = 30,
    state: str = ActivityState.ACTIVE,
) -> ActivityFacts:
    percent = None if confirmed is None else Decimal(confirmed)
    return ActivityFacts(state, TODAY + timedelta(days=days), percent, newest)


@settings(deadline=None)
@given(st.lists(FACTS, max_size=30))
def test_progress_lies_between_the_least_and_the_most(rows: list[ActivityFacts]) -> None:
    percents = [row.confirmed or Decimal(0) for row in rows if row.counts]
    progress = plan_progress(rows)
    if not percents:
        assert progress is None
    else:
        assert progress is not None
        slack = Decimal("1e-20")
        assert min(percents) - slack <= progress <= max(percents) + slack


@settings(deadline=None)
@given(st.lists(FACTS, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_activities_does_not_matter(rows: list[ActivityFacts], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert plan_progress(shuffled) == plan_progress(rows)


@settings(deadline=None)
@given(st.lists(FACTS, max_size=12), FACTS)
def test_dropped_activities_change_nothing(rows: list[ActivityFacts], row: ActivityFacts) -> None:
    dropped = ActivityFacts(ActivityState.DROPPED, row.due_on, row.confirmed, row.newest)
    assert plan_progress([*rows, dropped]) == plan_progress(rows)


@settings(deadline=None)
@given(st.lists(FACTS, min_size=1, max_size=12), st.decimals(0, 100, places=2))
def test_confirming_more_never_lowers_the_plan(rows: list[ActivityFacts], more: Decimal) -> None:
    first = rows[0]
    raised = max(first.confirmed or Decimal(0), more)
    better = ActivityFacts(first.state, first.due_on, raised, first.newest)
    before, after = plan_progress(rows), plan_progress([better, *rows[1:]])
    assert before is None or (after is not None and after >= before)


@settings(deadline=None)
@given(FACTS)
def test_late_means_that_somebody_must_move(row: ActivityFacts) -> None:
    if is_late(row, today=TODAY):
        assert whose_move(row) != WhoseMove.NOBODY
        assert light(row, today=TODAY) == Light.LATE


@settings(deadline=None)
@given(FACTS)
def test_every_activity_has_a_light_with_a_word(row: ActivityFacts) -> None:
    shown = light(row, today=TODAY)
    assert str(shown.label)
    assert shown.tone in {"good", "warn", "bad", "info"}


def test_a_plan_without_activities_has_no_progress_which_is_not_zero() -> None:
    assert plan_progress([]) is None
    assert plan_progress([facts("80", state=ActivityState.DROPPED)]) is None
    assert plan_progress([facts(None)]) == 0


def test_progress_is_not_rounded() -> None:
    assert plan_progress([facts("100"), facts(), facts()]) == Decimal(100) / 3


@pytest.mark.parametrize(
    ("row", "late"),
    [
        (facts("99.99", days=-1), True),
        (facts("100", days=-1), False),
        (facts(None, days=-1), True),
        (facts("99.99", days=0), False),
        (facts(None, days=1), False),
        (facts("0", days=-1, state=ActivityState.DROPPED), False),
        (facts("50", days=-1, newest=ReportState.SUBMITTED), True),
    ],
)
def test_late_is_after_the_day_and_below_a_hundred(row: ActivityFacts, late: bool) -> None:
    assert is_late(row, today=TODAY) is late


@pytest.mark.parametrize(
    ("row", "move"),
    [
        (facts(None), WhoseMove.OPERATOR),
        (facts(None, newest=ReportState.SUBMITTED), WhoseMove.HEAD),
        (facts("60", newest=ReportState.CONFIRMED), WhoseMove.OPERATOR),
        (facts("60", newest=ReportState.RETURNED), WhoseMove.OPERATOR),
        (facts("100", newest=ReportState.CONFIRMED), WhoseMove.NOBODY),
        (facts("100", newest=ReportState.SUBMITTED), WhoseMove.HEAD),
        (
            facts(None, newest=ReportState.SUBMITTED, state=ActivityState.DROPPED),
            WhoseMove.NOBODY,
        ),
    ],
)
def test_whose_move(row: ActivityFacts, move: WhoseMove) -> None:
    assert whose_move(row) == move


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (facts("100"), Light.DONE),
        (facts("50", days=15), Light.ON_TIME),
        (facts("50", days=14), Light.DUE_SOON),
        (facts("50", days=0), Light.DUE_SOON),
        (facts("50", days=-1), Light.LATE),
        (facts("50", newest=ReportState.SUBMITTED), Light.WAITING),
        (facts("50", newest=ReportState.RETURNED), Light.RETURNED),
        (facts("50", state=ActivityState.DROPPED, days=-9), Light.DROPPED),
    ],
)
def test_light(row: ActivityFacts, shown: Light) -> None:
    assert light(row, today=TODAY) == shown


def test_the_29th_of_february_becomes_the_28th() -> None:
    assert same_day(date(2024, 2, 29), 2025) == date(2025, 2, 28)
    assert same_day(date(2024, 2, 29), 2028) == date(2028, 2, 29)
    assert same_day(date(2026, 12, 31), 2027) == date(2027, 12, 31)
