"""Two people at the same figure at the same moment: nothing is lost, nothing stays open."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from assessments.actions.measurements import (
    Realised,
    save_measurement,
    verify_measurement,
    verify_measurements,
)
from assessments.editing import Conflict
from assessments.measurement_news import QUEUE
from assessments.models import Indicator, Measurement, Plan
from assessments.tests.factories_rpjmd import (
    NOW,
    YEAR,
    indicator_of,
    plan_in_force,
    planner,
    second_planner,
    sent,
)
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import InboxItem
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db(transaction=True)


def together(*verbs: Callable[[], Any]) -> list[Any]:
    """Each in its own connection, all from the same moment; what they gave or raised."""
    start = threading.Barrier(len(verbs))

    def work(verb: Callable[[], Any]) -> Any:
        try:
            start.wait()
            return verb()
        except (Conflict, StepRefused) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(work, verbs))


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast)


@pytest.fixture
def index(plan: Plan) -> Indicator:
    return indicator_of(plan, "Indeks contoh")


def test_two_who_enter_the_same_figure(cast: Cast, index: Indicator) -> None:
    """One is written, the other is told what stands there now."""

    def save(role: Role, value: int) -> Any:
        return save_measurement(
            indicator=index,
            year=YEAR,
            quarter=1,
            realised=Realised(value=Decimal(value)),
            version=0,
            by=cast[role],
            now=NOW,
        )

    found = together(lambda: save(Role.OPD_OPERATOR, 5), lambda: save(Role.OPD_HEAD, 6))
    row = Measurement.objects.get()
    (refusal,) = [each for each in found if isinstance(each, Conflict)]
    assert refusal.current.value == row.value
    assert LedgerEntry.objects.filter(verb="measurement.saved").count() == 1


def test_two_who_verify_the_same_figure(cast: Cast, index: Indicator) -> None:
    row = sent(index, 70, by=cast[Role.OPD_OPERATOR])
    planners = [planner(cast), second_planner(cast)]

    def verify(number: int) -> Any:
        return verify_measurement(measurement=row, shown=row.version, by=planners[number], now=NOW)

    found = together(lambda: verify(0), lambda: verify(1))
    assert len([each for each in found if isinstance(each, Conflict)]) == 1
    assert list(row.steps.order_by("pk").values_list("name", flat=True)) == ["send", "verify"]
    row.refresh_from_db()
    assert row.decided_by in planners


def test_a_figure_that_changes_while_it_is_verified(cast: Cast, index: Indicator) -> None:
    """Whoever comes first: what is verified is what the planner saw."""
    operator = cast[Role.OPD_OPERATOR]
    row = sent(index, 70, by=operator)

    def change() -> Any:
        return save_measurement(
            indicator=index,
            year=YEAR,
            quarter=1,
            realised=Realised(value=Decimal(99)),
            version=row.version,
            by=operator,
            now=NOW,
        )

    def verify() -> Any:
        return verify_measurement(measurement=row, shown=row.version, by=planner(cast), now=NOW)

    found = together(change, verify)
    row.refresh_from_db()
    assert (row.state, row.value) == ("verified", 70)
    assert isinstance(found[0], StepRefused)


def test_the_last_two_figures_decided_at_once_leave_nothing_open(cast: Cast, plan: Plan) -> None:
    """Each alone would see the other's still waiting."""
    operator = cast[Role.OPD_OPERATOR]
    names = ("Indeks contoh", "Warga dilayani")
    for quarter in (1, 2):
        rows = [sent(indicator_of(plan, name), 70, by=operator, quarter=quarter) for name in names]
        planners = [planner(cast), second_planner(cast)]
        found = together(
            *(
                lambda row=row, by=by: verify_measurements(
                    shown=[(row, row.version)], by=by, now=NOW
                )
                for row, by in zip(rows, planners, strict=True)
            )
        )
        assert [len(each) for each in found] == [1, 1]
        assert not InboxItem.objects.filter(kind=QUEUE, settled_at=None).exists()
