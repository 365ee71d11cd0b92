"""Realisations entered by units: who, when, what, and what meets what on the way."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.actions.measurements import (
    FigureRefused,
    Kept,
    Realised,
    save_measurement,
    send_measurements,
    withdraw_measurement,
)
from assessments.actions.plans import close_plan
from assessments.editing import Conflict
from assessments.enums import Consolidation, MeasurementState, Shape
from assessments.models import Indicator, Measurement, Plan
from assessments.tests.factories_papers import stored
from assessments.tests.factories_rpjmd import (
    NOW,
    YEAR,
    indicator_of,
    make_indicator,
    plan_in_force,
    planner,
    report,
    second_planner,
    sent,
    verified,
)
from assessments.tests.rpjmd_verbs import entries_of, ledger_of
from opd.enums import Role
from opd.models import Membership
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast)


@pytest.fixture
def index(plan: Plan) -> Indicator:
    return indicator_of(plan, "Indeks contoh")


@pytest.fixture
def operator(cast: Cast) -> Membership:
    return cast[Role.OPD_OPERATOR]


def save(
    indicator: Indicator,
    by: Membership,
    *,
    year: int = YEAR,
    quarter: int = 1,
    version: int = 0,
    files: Any = (),
    now: datetime = NOW,
    **said: Any,
) -> Kept:
    numbers = {"value", "numerator", "denominator"}
    figures = {k: Decimal(v) if k in numbers and v is not None else v for k, v in said.items()}
    return save_measurement(
        indicator=indicator,
        year=year,
        quarter=quarter,
        realised=Realised(**figures),
        version=version,
        by=by,
        now=now,
        files=files,
    )


class TestWho:
    @pytest.mark.parametrize("role", [Role.OPD_OPERATOR, Role.OPD_HEAD, Role.PLANNER])
    def test_the_unit_and_planners(self, cast: Cast, index: Indicator, role: Role) -> None:
        row = save(index, cast[role], value=70).measurement
        assert (row.entered_by, row.state, row.version) == (cast[role], "draft", 2)
        assert ledger_of(row) == ["measurement.saved"]
        assert entries_of(row)[0].codes == {"year": YEAR, "quarter": 1, "files": 0}

    @pytest.mark.parametrize(
        "role",
        [each for each in Role if each not in (Role.OPD_OPERATOR, Role.OPD_HEAD, Role.PLANNER)],
    )
    def test_nobody_else(self, cast: Cast, index: Indicator, role: Role) -> None:
        with pytest.raises(PermissionDenied):
            save(index, cast[role], value=70)

    def test_not_for_another_unit_or_government(self, cast: Cast, plan: Plan) -> None:
        other = indicator_of(plan, "Persentase dua")
        for stranger in (
            cast[Role.OPD_OPERATOR],
            cast.away_offices[Role.OPD_OPERATOR],
            cast.away_offices[Role.PLANNER],
        ):
            with pytest.raises(PermissionDenied):
                save(other, stranger, value=70)

    def test_a_unit_above_only_when_it_acts_for_those_below(self, cast: Cast, plan: Plan) -> None:
        node = indicator_of(plan, "Warga dilayani").node
        below = make_indicator(node, by=planner(cast), name="UPTD", unit=cast.below)
        above = cast[Role.OPD_OPERATOR]
        with pytest.raises(PermissionDenied):
            save(below, above, value=1)
        above.acts_below = True
        assert save(below, above, value=1).changed
        below_it = MembershipFactory(
            government=cast.home, role=Role.OPD_OPERATOR, unit=cast.below, acts_below=True
        )
        with pytest.raises(PermissionDenied):
            save(indicator_of(plan, "Indeks contoh"), below_it, value=1)

    def test_without_a_unit_only_planners(self, cast: Cast, plan: Plan) -> None:
        node = indicator_of(plan, "Warga dilayani").node
        orphan = make_indicator(node, by=planner(cast), name="Tanpa unit")
        with pytest.raises(PermissionDenied):
            save(orphan, cast[Role.OPD_OPERATOR], value=1)
        row = sent(orphan, 1, by=planner(cast))
        assert row.state == MeasurementState.SUBMITTED


class TestWhen:
    @pytest.mark.parametrize(
        ("year", "quarter"), [(2026, 4), (2027, 1), (2029, 0), (2030, 1), (2014, 1), (2026, 5)]
    )
    def test_no_time_to_come_and_no_other_plan(
        self, index: Indicator, operator: Membership, year: int, quarter: int
    ) -> None:
        with pytest.raises(StepRefused):
            save(index, operator, year=year, quarter=quarter, value=1)

    def test_a_quarter_begins_with_its_first_second(
        self, cast: Cast, index: Indicator, operator: Membership
    ) -> None:
        """In the government's own zone: Jakarta is seven hours ahead of UTC."""
        timezone.activate("Asia/Jakarta")
        before = datetime(2026, 9, 30, 16, 59, 59, tzinfo=UTC)
        with pytest.raises(StepRefused, match="has not begun"):
            save(index, operator, quarter=4, value=1, now=before)
        first = datetime(2026, 9, 30, 17, tzinfo=UTC)
        assert save(index, operator, quarter=4, value=1, now=first).changed

    def test_years_before_the_plan_are_where_it_starts(
        self, index: Indicator, operator: Membership
    ) -> None:
        assert save(index, operator, year=2024, quarter=0, value=60).changed

    def test_what_is_entered_once_a_year_has_no_quarters(
        self, cast: Cast, index: Indicator, operator: Membership
    ) -> None:
        texts = {"consolidation": Consolidation.MANUAL, "unit": cast.unit}
        yearly = make_indicator(index.node, by=planner(cast), **texts)
        with pytest.raises(StepRefused, match="once for the whole year"):
            save(yearly, operator, value=1)
        assert save(yearly, operator, quarter=0, value=1).changed

    def test_nothing_into_a_closed_plan_or_a_draft(
        self, cast: Cast, plan: Plan, index: Indicator, operator: Membership
    ) -> None:
        row = report(index, 70, by=operator)
        close_plan(plan=plan, by=planner(cast), now=NOW)
        for verb in (
            lambda: save(index, operator, quarter=2, value=1),
            lambda: send_measurements(rows=[row], by=operator, now=NOW),
            lambda: withdraw_measurement(measurement=row, by=operator, now=NOW),
        ):
            with pytest.raises(StepRefused, match="not in force"):
                verb()


class TestWhat:
    def test_empty_is_not_zero(self, index: Indicator, operator: Membership) -> None:
        nothing = save(index, operator)
        assert (nothing.changed, nothing.measurement.pk) == (False, None)
        assert not Measurement.objects.exists()
        zero = save(index, operator, value=0).measurement
        assert zero.says_something
        words = save(index, operator, quarter=2, obstacle="Banjir").measurement
        assert not words.says_something
        assert [
            row.quarter for row in send_measurements(rows=[zero, words], by=operator, now=NOW)
        ] == [1]
        words.refresh_from_db()
        assert words.state == MeasurementState.DRAFT

    def test_a_figure_is_emptied_again(self, index: Indicator, operator: Membership) -> None:
        row = save(index, operator, value=5).measurement
        row = save(index, operator, version=row.version).measurement
        assert (row.value, row.says_something) == (None, False)

    def test_a_ratio_is_computed(self, cast: Cast, index: Indicator, operator: Membership) -> None:
        labels = {"numerator_label": "a", "denominator_label": "b"}
        ratio = make_indicator(
            index.node, by=planner(cast), factor=Decimal(100), unit=cast.unit, **labels
        )
        row = save(ratio, operator, numerator=1, denominator=3, value=99).measurement
        assert row.value == Decimal("33.333333")
        again = save(ratio, operator, numerator=1, denominator=3, version=1)
        assert not again.changed
        none = save(ratio, operator, quarter=2, numerator=0, denominator=0).measurement
        assert (none.value, none.says_something) == (None, True)
        assert len(send_measurements(rows=[none], by=operator, now=NOW)) == 1
        for said, field in (
            ({"numerator": 1}, "denominator"),
            ({"numerator": 1, "denominator": -1}, "denominator"),
            ({"numerator": 10**17, "denominator": "0.000001"}, "denominator"),
        ):
            with pytest.raises(FigureRefused) as refusal:
                save(ratio, operator, quarter=3, **said)
            assert refusal.value.field == field

    @pytest.mark.parametrize(
        ("shape", "said", "field"),
        [
            (Shape.VALUE, {"done_on": date(2026, 1, 5)}, "done_on"),
            (Shape.VALUE, {"numerator": 1, "denominator": 2}, "value"),
            (Shape.VALUE, {"value": "1e18"}, "value"),
            (Shape.VALUE, {"value": "Infinity"}, "value"),
            (Shape.VALUE, {"value": "NaN"}, "value"),
            (Shape.YES_NO, {"value": 2}, "value"),
            (Shape.YES_NO, {"value": "0.5"}, "value"),
            (Shape.DATE, {"value": 1}, "value"),
            (Shape.DATE, {"done_on": date(2026, 7, 11)}, "done_on"),
        ],
    )
    def test_what_does_not_fit_names_its_field(
        self,
        cast: Cast,
        index: Indicator,
        operator: Membership,
        shape: Shape,
        said: dict[str, Any],
        field: str,
    ) -> None:
        made = make_indicator(index.node, by=planner(cast), shape=shape, unit=cast.unit)
        with pytest.raises(FigureRefused) as refusal:
            save(made, operator, **said)
        assert refusal.value.field == field
        assert not Measurement.objects.exists()

    def test_more_digits_than_are_kept_are_no_change_a_second_time(
        self, index: Indicator, operator: Membership
    ) -> None:
        first = save(index, operator, value="83.39999999999999")
        assert first.measurement.value == Decimal("83.4")
        assert not save(index, operator, value="83.39999999999999").changed

    def test_preliminary_and_words_stay_until_they_are_written(
        self, index: Indicator, operator: Membership
    ) -> None:
        words = {
            "obstacle": "Hujan",
            "follow_up": "Jemput bola",
            "follow_up_by": "Camat",
            "follow_up_due": date(2026, 8, 1),
        }
        row = save(index, operator, value=1, is_final=False, **words).measurement
        row = save(index, operator, value=2, version=row.version).measurement
        row.refresh_from_db()
        assert not row.is_final
        assert {name: getattr(row, name) for name in words} == words
        emptied = {**words, "follow_up_due": None, "obstacle": ""}
        row = save(
            index, operator, value=2, version=row.version, is_final=True, **emptied
        ).measurement
        row.refresh_from_db()
        assert (row.is_final, row.obstacle, row.follow_up_due) == (True, "", None)


class TestVersions:
    def test_a_second_press_changes_nothing(self, index: Indicator, operator: Membership) -> None:
        first = save(index, operator, value=5)
        again = save(index, operator, value=5)
        assert (first.changed, again.changed) == (True, False)
        assert first.measurement == again.measurement
        assert len(ledger_of(first.measurement)) == 1

    def test_two_people_meet(self, cast: Cast, index: Indicator, operator: Membership) -> None:
        save(index, operator, value=5)
        with pytest.raises(Conflict) as conflict:
            save(index, cast[Role.OPD_HEAD], value=6)
        assert conflict.value.current.value == 5
        with pytest.raises(StepRefused, match="no longer stands"):
            save(index, operator, quarter=2, value=6, version=3)

    def test_locked_while_it_waits_and_once_it_is_verified(
        self, cast: Cast, index: Indicator, operator: Membership
    ) -> None:
        row = sent(index, 70, by=operator)
        assert not save(index, operator, value=70, version=1).changed
        with pytest.raises(StepRefused, match="take it back"):
            save(index, operator, value=71, version=row.version)
        row = verified(index, 70, by=operator, planner=planner(cast), quarter=2)
        for said in ({"value": 71}, {"value": None}, {"value": 70, "obstacle": "x"}):
            with pytest.raises(StepRefused, match="ask the planner to unlock"):
                save(index, operator, quarter=2, version=row.version, **said)
        with pytest.raises(StepRefused, match="ask the planner to unlock"):
            save(index, operator, quarter=2, value=70, files=[stored(cast.home)])
        assert not row.files.exists()

    def test_proof_comes_with_it(self, cast: Cast, index: Indicator, operator: Membership) -> None:
        file = stored(cast.home)
        row = save(index, operator, value=5, files=[file]).measurement
        assert row.files.get().stored == file
        again = save(index, operator, value=5, version=row.version, files=[file])
        assert not again.changed
        assert entries_of(row)[0].codes["files"] == 1
        assert save(index, operator, quarter=2, files=[file]).measurement.files.count() == 1


class TestSending:
    def test_sent_taken_back_sent_again(
        self, cast: Cast, index: Indicator, operator: Membership
    ) -> None:
        row = sent(index, 70, by=operator)
        assert (row.submitted_by, row.submitted_at) == (operator, NOW)
        assert send_measurements(rows=[row], by=operator, now=NOW) == []
        for _press in (1, 2):
            row = withdraw_measurement(measurement=row, by=cast[Role.OPD_HEAD], now=NOW)
        assert (row.state, row.submitted_by) == ("draft", None)
        assert save(index, operator, value=71, version=row.version).changed
        assert ledger_of(row) == [
            "measurement.saved",
            "measurement.send",
            "measurement.withdraw",
            "measurement.saved",
        ]

    def test_a_planner_takes_back_only_what_he_sent(
        self, cast: Cast, index: Indicator, operator: Membership
    ) -> None:
        row = sent(index, 70, by=operator)
        with pytest.raises(PermissionDenied, match="a planner returns it"):
            withdraw_measurement(measurement=row, by=planner(cast), now=NOW)
        own = sent(index, 70, by=planner(cast), quarter=2)
        with pytest.raises(PermissionDenied):
            withdraw_measurement(measurement=own, by=second_planner(cast), now=NOW)
        assert withdraw_measurement(measurement=own, by=planner(cast), now=NOW).state == "draft"

    def test_not_for_another_unit(self, cast: Cast, plan: Plan, operator: Membership) -> None:
        other = report(indicator_of(plan, "Persentase dua"), 5, by=planner(cast))
        own = report(indicator_of(plan, "Indeks contoh"), 5, by=operator)
        with pytest.raises(PermissionDenied):
            send_measurements(rows=[own, other], by=operator, now=NOW)
        own.refresh_from_db()
        assert own.state == MeasurementState.DRAFT
        foreign = cast.away_offices[Role.PLANNER]
        with pytest.raises(PermissionDenied):
            send_measurements(rows=[own], by=foreign, now=NOW)
        with pytest.raises(PermissionDenied):
            withdraw_measurement(measurement=own, by=foreign, now=NOW)


def test_a_year_is_not_entered_while_its_quarters_run(cast: Cast) -> None:
    row = indicator_of(plan_in_force(cast), "Warga dilayani")
    by = cast.offices[Role.OPD_OPERATOR]
    with pytest.raises(StepRefused, match="when the year is over"):
        report(row, 55, by=by, year=YEAR, quarter=0)
    assert report(row, 55, by=by, year=YEAR - 1, quarter=0).value == 55
