"""What the database itself refuses, and every step × state × role of plans and figures."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from assessments.enums import MeasurementState, PlanState
from assessments.models import Indicator, Measurement, MeasurementStep, Plan, PlanStep
from assessments.tests.factories_rpjmd import (
    NOW,
    YEAR,
    indicator_of,
    make_plan,
    plan_in_force,
    planner,
    report,
    sent,
    verified,
)
from assessments.workflow import MEASUREMENT, PLAN
from opd.enums import Role
from opd.models import Membership
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused, perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def index(cast: Cast) -> Indicator:
    return indicator_of(plan_in_force(cast), "Indeks contoh")


@pytest.fixture
def operator(cast: Cast) -> Membership:
    return cast[Role.OPD_OPERATOR]


def change(row: Measurement, **values: Any) -> None:
    """By raw SQL, as somebody with the database's password would."""
    columns = ", ".join(f"{name} = %s" for name in values)
    sql = f"UPDATE assessments_measurement SET {columns} WHERE id = %s"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [*values.values(), row.pk])


CHANGES: list[dict[str, Any]] = [
    {"value": 99},
    {"value": None},
    {"numerator": 1},
    {"denominator": 1},
    {"done_on": "2026-01-01"},
    {"is_final": False},
    {"year": 2027},
    {"quarter": 3},
    {"indicator_id": 1},
]


class TestFigures:
    @pytest.mark.parametrize("values", CHANGES, ids=str)
    def test_what_was_sent_stays(
        self, cast: Cast, index: Indicator, operator: Membership, values: dict[str, Any]
    ) -> None:
        waiting = sent(index, 70, by=operator)
        done = verified(index, 70, by=operator, planner=planner(cast), quarter=2)
        for row in (waiting, done):
            with pytest.raises(DatabaseError, match="Cannot update"):
                change(row, **values)
            with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
                Measurement.objects.filter(pk=row.pk).update(**values)

    def test_a_draft_may_change(self, index: Indicator, operator: Membership) -> None:
        row = report(index, 70, by=operator)
        change(row, value=71)
        row.refresh_from_db()
        assert row.value == 71

    def test_none_is_deleted(self, index: Indicator, operator: Membership) -> None:
        row = report(index, 70, by=operator)
        with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
            Measurement.objects.filter(pk=row.pk).delete()

    def test_the_verdict_stays(self, cast: Cast, index: Indicator, operator: Membership) -> None:
        row = verified(index, 70, by=operator, planner=planner(cast))
        other = MembershipFactory(government=cast.home, role=Role.PLANNER, unit=None)
        for values in (
            {"manual_percent": 120, "manual_reason": "x"},
            {"manual_reason": "x"},
            {"decided_by_id": other.pk},
        ):
            with pytest.raises(DatabaseError, match="Cannot update"):
                change(row, **values)

    def test_two_offices_of_one_account_are_one_person(
        self, cast: Cast, index: Indicator, operator: Membership
    ) -> None:
        row = sent(index, 70, by=operator)
        second = MembershipFactory(
            government=cast.home, role=Role.PLANNER, unit=None, user=operator.user
        )
        for office in (operator, second):
            with pytest.raises(IntegrityError, match="four_eyes"):
                change(row, state="verified", decided_by_id=office.pk, decided_at=NOW)
        change(row, state="verified", decided_by_id=planner(cast).pk, decided_at=NOW)

    @pytest.mark.parametrize(
        "values",
        [
            {"state": "submitted"},
            {"state": "submitted", "submitted_at": NOW},
            {"state": "verified", "submitted_at": NOW, "decided_at": NOW},
            {"decided_at": NOW},
            {"state": "returned"},
            {"manual_percent": 5},
            {"manual_reason": "x"},
            {"manual_percent": -5, "manual_reason": "x"},
            {"quarter": 5},
        ],
        ids=str,
    )
    def test_impossible_rows_are_refused(
        self, index: Indicator, operator: Membership, values: dict[str, Any]
    ) -> None:
        row = report(index, 70, by=operator)
        with pytest.raises(IntegrityError):
            change(row, **values)

    def test_nothing_is_sent_empty(self, index: Indicator, operator: Membership) -> None:
        row = report(index, None, by=operator, obstacle="Hujan")
        with pytest.raises(IntegrityError, match="says_something"):
            change(row, state="submitted", submitted_by_id=operator.pk, submitted_at=NOW)

    def test_one_figure_for_each_quarter(self, index: Indicator, operator: Membership) -> None:
        row = report(index, 70, by=operator)
        with pytest.raises(IntegrityError, match="measurement_once"), transaction.atomic():
            Measurement.objects.create(
                government=row.government,
                indicator=index,
                year=YEAR,
                quarter=1,
                entered_by=operator,
                entered_at=NOW,
            )

    def test_steps_are_only_added(self, index: Indicator, operator: Membership) -> None:
        row = sent(index, 70, by=operator)
        for verb in (
            lambda: MeasurementStep.objects.filter(subject=row).update(value=1),
            lambda: MeasurementStep.objects.filter(subject=row).delete(),
            lambda: PlanStep.objects.update(note="x"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                verb()


def there(_row: Any) -> list[Any]:
    return []


CHECKS = dict.fromkeys(("figure", "achievement", "message", "reason"), there)
FIGURES = [
    (step.name, state, role)
    for step in MEASUREMENT.transitions
    for state in MeasurementState.values
    for role in Role.values
]


@pytest.mark.parametrize(("step", "state", "role"), FIGURES)
def test_figures_follow_the_table(
    cast: Cast, index: Indicator, step: str, state: str, role: str
) -> None:
    """Every step × state × role: what the table allows happens, all else is refused."""
    sender = MembershipFactory(government=cast.home, role=Role.OPD_OPERATOR, unit=cast.unit)
    decider = MembershipFactory(government=cast.home, role=Role.PLANNER, unit=None)
    given: dict[str, Any] = {"value": Decimal(5), "message": "Periksa"}
    if state != MeasurementState.DRAFT:
        given |= {"submitted_by": sender, "submitted_at": NOW}
    if state in (MeasurementState.RETURNED, MeasurementState.VERIFIED):
        given |= {"decided_by": decider, "decided_at": NOW}
    row = Measurement.objects.create(
        government=cast.home,
        indicator=index,
        year=YEAR,
        quarter=1,
        state=state,
        entered_by=sender,
        entered_at=NOW,
        **given,
    )
    nobody = {"submitted_by": None, "submitted_at": None, "decided_by": None, "decided_at": None}
    values = {
        "send": {**nobody, "submitted_by": sender, "submitted_at": NOW},
        "withdraw": nobody,
        "verify": {"decided_by": decider, "decided_at": NOW},
        "return": {"decided_by": decider, "decided_at": NOW},
        "unlock": nobody,
    }[step]
    rule = MEASUREMENT.get(step)
    more = {"by": cast[role], "now": NOW, "checks": CHECKS, "values": values}
    if state in rule.sources and role in rule.roles:
        assert perform(MEASUREMENT, step, row, **more).state == rule.target
        assert row.steps.get().name == step
    else:
        with pytest.raises(StepRefused):
            perform(MEASUREMENT, step, row, **more)
        assert not row.steps.exists()


PLANS = [
    (step.name, state, role)
    for step in PLAN.transitions
    for state in PlanState.values
    for role in Role.values
]


@pytest.mark.parametrize(("step", "state", "role"), PLANS)
def test_plans_follow_the_table(cast: Cast, step: str, state: str, role: str) -> None:
    plan = make_plan(cast)
    Plan.objects.filter(pk=plan.pk).update(state=state)
    rule = PLAN.get(step)
    checks = dict.fromkeys(("legal_basis", "indicators"), there)
    more = {"by": cast[role], "now": NOW, "checks": checks}
    if state in rule.sources and role in rule.roles:
        assert perform(PLAN, step, plan, **more).state == rule.target
    else:
        with pytest.raises(StepRefused):
            perform(PLAN, step, plan, **more)
        assert not plan.steps.exists()
