"""Figures verified, returned, unlocked, singly and many at once, and who is told."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from assessments.actions.measurements import (
    Judged,
    return_measurement,
    send_measurements,
    unlock_measurement,
    verify_measurement,
    verify_measurements,
    withdraw_measurement,
)
from assessments.editing import Conflict
from assessments.enums import MeasurementState
from assessments.measurement_news import OWN, QUEUE
from assessments.models import Indicator, Measurement, Plan
from assessments.queries.performance import known
from assessments.tests.factories_rpjmd import (
    NOW,
    YEAR,
    give_targets,
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
from opd.models import InboxItem, Membership, Unit
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
STEP_FIELDS = ("name", "from_state", "to_state", "note", "value", "numerator", "is_final")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast)


@pytest.fixture
def index(plan: Plan) -> Indicator:
    return indicator_of(plan, "Indeks contoh")


@pytest.fixture
def operator(cast: Cast) -> Membership:
    return cast[Role.OPD_OPERATOR]


@pytest.fixture
def by(cast: Cast) -> Membership:
    return planner(cast)


def verify(row: Measurement, by: Membership, **more: Any) -> Measurement:
    return verify_measurement(
        **{"measurement": row, "shown": row.version, "by": by, "now": NOW, **more}
    )


def give_back(row: Measurement, by: Membership, message: str = "Periksa lagi") -> Measurement:
    return return_measurement(measurement=row, shown=row.version, message=message, by=by, now=NOW)


def unlock(row: Measurement, by: Membership, reason: str = "Salah ketik") -> Measurement:
    return unlock_measurement(measurement=row, reason=reason, by=by, now=NOW)


class TestVerifying:
    def test_verified_and_locked(
        self, index: Indicator, operator: Membership, by: Membership
    ) -> None:
        row = verify(sent(index, 72, by=operator, is_final=False), by)
        assert (row.state, row.decided_by, row.is_final) == ("verified", by, False)
        assert ledger_of(row) == ["measurement.saved", "measurement.send", "measurement.verify"]
        assert entries_of(row)[-1].codes == {"from": "submitted", "to": "verified"}
        (one,) = known([index])
        assert one.series.figures[YEAR, 1].value == 72

    def test_a_second_press_is_the_first(
        self, index: Indicator, operator: Membership, by: Membership
    ) -> None:
        shown = sent(index, 72, by=operator)
        first, again = verify(shown, by), verify(shown, by)
        assert first == again
        assert ledger_of(first).count("measurement.verify") == 1

    def test_what_the_planner_saw(
        self, cast: Cast, index: Indicator, operator: Membership, by: Membership
    ) -> None:
        shown = sent(index, 72, by=operator)
        row = withdraw_measurement(measurement=shown, by=operator, now=NOW)
        report(index, 99, by=operator)
        now_there = sent(index, 99, by=operator)
        for verb in (verify, give_back):
            with pytest.raises(Conflict) as conflict:
                verb(shown, by)
            assert conflict.value.current.value == 99
        assert row.version < now_there.version
        verify(now_there, by)
        with pytest.raises(Conflict):
            verify(now_there, second_planner(cast))

    @pytest.mark.parametrize(
        "role", [Role.OPD_OPERATOR, Role.OPD_HEAD, Role.INSPECTORATE, Role.MAYOR]
    )
    def test_planners_only(
        self, cast: Cast, index: Indicator, operator: Membership, by: Membership, role: Role
    ) -> None:
        row = sent(index, 72, by=operator)
        for person in (cast[role], cast.away_offices[Role.PLANNER]):
            for verb in (verify, give_back):
                with pytest.raises(PermissionDenied):
                    verb(row, person)
        done = verify(row, by)
        for person in (cast[role], cast.away_offices[Role.PLANNER]):
            with pytest.raises(PermissionDenied):
                unlock(done, person)

    def test_nobody_decides_what_he_sent_himself(
        self, cast: Cast, index: Indicator, by: Membership
    ) -> None:
        """In whatever office he sent it."""
        second_office = MembershipFactory(
            government=cast.home, role=Role.OPD_OPERATOR, unit=cast.unit, user=by.user
        )
        for quarter, sender in ((1, by), (2, second_office)):
            row = sent(index, 72, by=sender, quarter=quarter)
            for verb in (verify, give_back):
                with pytest.raises(StepRefused, match="another planner"):
                    verb(row, by)
            assert verify(row, second_planner(cast)).state == "verified"

    def test_what_was_not_sent_is_not_verified(
        self, index: Indicator, operator: Membership, by: Membership
    ) -> None:
        row = report(index, 72, by=operator)
        for verb in (verify, give_back, unlock):
            with pytest.raises(StepRefused):
                verb(row, by)


class TestBelowZero:
    @pytest.fixture
    def gap(self, cast: Cast, index: Indicator, by: Membership) -> Indicator:
        row = make_indicator(index.node, by=by, name="Selisih", unit=cast.unit)
        give_targets(row, by=by, y2026="-4")
        return row

    def test_the_planner_says_how_much_and_why(
        self, gap: Indicator, operator: Membership, by: Membership
    ) -> None:
        row = sent(gap, "-4.2", by=operator)
        with pytest.raises(StepRefused) as refusal:
            verify(row, by)
        assert [item.anchor for item in refusal.value.missing] == [f"manual-{row.pk}"]
        for judged, sentence in (
            (Judged(Decimal(95), "  "), "how the achievement was determined"),
            (Judged(Decimal(-1), "x"), "from 0 to 999"),
            (Judged(Decimal(1000), "x"), "from 0 to 999"),
            (Judged(Decimal("NaN"), "x"), "from 0 to 999"),
        ):
            with pytest.raises(StepRefused, match=sentence):
                verify(row, by, judged=judged)
        done = verify(row, by, judged=Judged(Decimal(95), " Jarak ke batas "))
        assert (done.manual_percent, done.manual_reason) == (95, "Jarak ke batas")
        (one,) = known([gap])
        assert one.series.achieved(YEAR, on=NOW.date()).percent == 95

    def test_where_there_is_a_formula_it_counts(
        self, index: Indicator, operator: Membership, by: Membership
    ) -> None:
        row = verify(sent(index, 40, by=operator), by, judged=Judged(Decimal(100), "x"))
        assert (row.manual_percent, row.manual_reason) == (None, "")

    def test_unlocked_it_is_said_anew(
        self, gap: Indicator, operator: Membership, by: Membership
    ) -> None:
        row = verify(sent(gap, "-4.2", by=operator), by, judged=Judged(Decimal(95), "x"))
        row = unlock(row, by)
        assert (row.manual_percent, row.manual_reason) == (None, "")
        with pytest.raises(StepRefused):
            verify(sent(gap, "-4.2", by=operator), by)

    def test_many_at_once_do_not_get_around_it(
        self, gap: Indicator, index: Indicator, operator: Membership, by: Membership
    ) -> None:
        rows = [sent(gap, "-4.2", by=operator), sent(index, 70, by=operator)]
        with pytest.raises(StepRefused) as refusal:
            verify_measurements(shown=[(row, row.version) for row in rows], by=by, now=NOW)
        assert refusal.value.missing
        assert not Measurement.objects.filter(state="verified").exists()


class TestReturning:
    def test_back_with_a_message(
        self, index: Indicator, operator: Membership, by: Membership
    ) -> None:
        row = sent(index, 72, by=operator)
        with pytest.raises(StepRefused, match="what must be put right"):
            give_back(row, by, "  ")
        shown = row
        row = give_back(row, by)
        assert (row.state, row.message, row.decided_by) == ("returned", "Periksa lagi", by)
        assert give_back(shown, by) == row
        assert ledger_of(row).count("measurement.return") == 1
        with pytest.raises(Conflict):
            give_back(shown, by, "Lain")
        again = verify(sent(index, 70, by=operator), by)
        assert (again.message, again.value) == ("", 70)
        notes = list(row.steps.order_by("pk").values_list("name", "note", "value"))
        assert notes == [
            ("send", "", 72),
            ("return", "Periksa lagi", 72),
            ("send", "", 70),
            ("verify", "", 70),
        ]


class TestUnlocking:
    def test_what_stood_there_stays_in_its_history(
        self, index: Indicator, operator: Membership, by: Membership
    ) -> None:
        row = verified(index, 72, by=operator, planner=by)
        with pytest.raises(StepRefused, match="why the value is unlocked"):
            unlock(row, by, "  ")
        for _press in (1, 2):
            row = unlock(row, by)
        assert (row.state, row.message, row.submitted_by) == ("draft", "Salah ketik", None)
        assert ledger_of(row).count("measurement.unlock") == 1
        (one,) = known([index])
        assert not one.series.figures
        verify(sent(index, 27, by=operator), by)
        steps = list(row.steps.order_by("pk").values_list("name", "value", "note"))
        assert steps[1:3] == [("verify", 72, ""), ("unlock", 72, "Salah ketik")]
        assert steps[-1] == ("verify", 27, "")

    def test_only_this_one(self, index: Indicator, operator: Membership, by: Membership) -> None:
        rows = [verified(index, 70 + q, by=operator, planner=by, quarter=q) for q in (1, 2)]
        unlock(rows[0], by)
        rows[1].refresh_from_db()
        assert rows[1].state == MeasurementState.VERIFIED


class TestManyAtOnce:
    def rows(self, plan: Plan, operator: Membership, quarter: int) -> list[Measurement]:
        names = ("Indeks contoh", "Warga dilayani")
        return [sent(indicator_of(plan, name), 70, by=operator, quarter=quarter) for name in names]

    def test_the_same_steps_and_the_same_ledger(
        self, plan: Plan, operator: Membership, by: Membership
    ) -> None:
        singly = [verify(row, by) for row in self.rows(plan, operator, 1)]
        many = verify_measurements(
            shown=[(row, row.version) for row in reversed(self.rows(plan, operator, 2))],
            by=by,
            now=NOW,
        )
        assert [row.indicator_id for row in many] == [row.indicator_id for row in singly]
        for one, other in zip(singly, many, strict=True):
            assert list(one.steps.values_list(*STEP_FIELDS).order_by("pk")) == list(
                other.steps.values_list(*STEP_FIELDS).order_by("pk")
            )
            trace = [(entry.verb, entry.codes) for entry in entries_of(one)]
            assert trace[1:] == [(entry.verb, entry.codes) for entry in entries_of(other)][1:]
            assert (one.version, one.state) == (other.version, other.state)

    def test_all_or_none_and_the_conflict_is_named(
        self, plan: Plan, operator: Membership, by: Membership
    ) -> None:
        rows = self.rows(plan, operator, 1)
        shown = [(rows[0], rows[0].version), (rows[1], rows[1].version - 1)]
        with pytest.raises(Conflict) as conflict:
            verify_measurements(shown=shown, by=by, now=NOW)
        assert conflict.value.current == rows[1]
        own = sent(indicator_of(plan, "Persentase dua"), 5, by=by)
        with pytest.raises(StepRefused, match="another planner"):
            verify_measurements(shown=[(row, row.version) for row in (*rows, own)], by=by, now=NOW)
        assert not Measurement.objects.filter(state="verified").exists()
        assert verify_measurements(shown=[], by=by, now=NOW) == []


class TestNews:
    def open(self, link: str, unit: Unit) -> set[tuple[str, str]]:
        rows = InboxItem.objects.filter(kind=link, link_id=str(unit.pk), settled_at=None)
        return set(rows.values_list("sentence", "role"))

    def test_planners_look_until_nothing_waits(
        self, cast: Cast, plan: Plan, operator: Membership, by: Membership
    ) -> None:
        people = indicator_of(plan, "Warga dilayani")
        rows = [
            sent(indicator_of(plan, "Indeks contoh"), 70, by=operator),
            sent(people, 5, by=operator),
        ]
        told = {("figures.sent", Role.PLANNER)}
        assert self.open(QUEUE, cast.unit) == told
        assert InboxItem.objects.filter(kind=QUEUE).count() == 1
        verify(rows[0], by)
        assert self.open(QUEUE, cast.unit) == told
        withdraw_measurement(measurement=rows[1], by=operator, now=NOW)
        assert self.open(QUEUE, cast.unit) == set()
        sent(people, 6, by=operator)
        assert self.open(QUEUE, cast.unit) == told

    def test_the_unit_is_told_until_all_is_repaired(
        self, cast: Cast, plan: Plan, operator: Membership, by: Membership
    ) -> None:
        index, people = indicator_of(plan, "Indeks contoh"), indicator_of(plan, "Warga dilayani")
        for indicator in (index, people):
            give_back(sent(indicator, 70, by=operator), by)
        returned = {("figures.returned", role) for role in (Role.OPD_OPERATOR, Role.OPD_HEAD)}
        assert self.open(OWN, cast.unit) == returned
        assert self.open(QUEUE, cast.unit) == set()
        sent(index, 71, by=operator)
        assert self.open(OWN, cast.unit) == returned
        verify(sent(people, 72, by=operator), by)
        assert self.open(OWN, cast.unit) == set()

    def test_an_unlocked_value_is_told(
        self, cast: Cast, index: Indicator, operator: Membership, by: Membership
    ) -> None:
        row = verified(index, 70, by=operator, planner=by)
        unlock(row, by)
        unlocked = {("figures.unlocked", role) for role in (Role.OPD_OPERATOR, Role.OPD_HEAD)}
        assert self.open(OWN, cast.unit) == unlocked
        sent(index, 71, by=operator)
        assert self.open(OWN, cast.unit) == set()

    def test_each_unit_by_itself(
        self, cast: Cast, plan: Plan, operator: Membership, by: Membership
    ) -> None:
        other = second_planner(cast)
        mine = sent(indicator_of(plan, "Indeks contoh"), 70, by=operator)
        sent(indicator_of(plan, "Persentase dua"), 70, by=other)
        verify_measurements(shown=[(mine, mine.version)], by=by, now=NOW + timedelta(hours=1))
        assert self.open(QUEUE, cast.unit) == set()
        assert self.open(QUEUE, cast.other_unit)


def test_nobody_verifies_what_he_wrote_and_another_sent(cast: Cast) -> None:
    row = indicator_of(plan_in_force(cast), "Warga dilayani")
    written = report(row, 77, by=planner(cast))
    by = cast.offices[Role.OPD_OPERATOR]
    (waiting,) = send_measurements(rows=[written], by=by, now=NOW)
    with pytest.raises(StepRefused, match="wrote this figure yourself"):
        verify_measurement(measurement=waiting, shown=waiting.version, by=planner(cast), now=NOW)
    other = second_planner(cast)
    done = verify_measurement(measurement=waiting, shown=waiting.version, by=other, now=NOW)
    assert done.state == "verified"
