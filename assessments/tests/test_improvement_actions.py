"""The unit's estimates and the way of improvements into the work plan."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from assessments.actions.improvements import Effort, Wish, set_efforts, take_into_plan
from assessments.actions.workplans import drop_activity
from assessments.enums import ActivityState
from assessments.models import Activity, WorkPlan, Worksheet
from assessments.queries.planning import known_activities
from assessments.tests.factories_worksheets import NOW, item, make_sheet
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.usefixtures("english")
CODE, OTHER = "A.I.1.i.a", "A.I.1.i.b"


@pytest.fixture
def sheet(cast: Cast) -> Worksheet:
    return make_sheet(cast)


def effort(sheet: Worksheet, code: str = CODE) -> int | None:
    return item(sheet, code).effort


class TestEfforts:
    def test_row_by_row(self, cast: Cast, sheet: Worksheet) -> None:
        operator = cast[Role.OPD_OPERATOR]
        rows = [Effort(CODE, 3, None), Effort(OTHER, None, None)]
        assert set_efforts(sheet=sheet, rows=rows, by=operator).changed == 1
        assert (effort(sheet), effort(sheet, OTHER)) == (3, None)
        assert set_efforts(sheet=sheet, rows=[Effort(CODE, None, 3)], by=operator).changed == 1
        assert effort(sheet) is None

    def test_what_somebody_else_saved_meanwhile_stays(self, cast: Cast, sheet: Worksheet) -> None:
        operator, head = cast[Role.OPD_OPERATOR], cast[Role.OPD_HEAD]
        set_efforts(sheet=sheet, rows=[Effort(CODE, 3, None)], by=head)
        rows = [Effort(CODE, 8, None), Effort(OTHER, 2, None)]
        saved = set_efforts(sheet=sheet, rows=rows, by=operator)
        assert (saved.changed, saved.conflicts) == (1, {CODE: 3})
        assert (effort(sheet), effort(sheet, OTHER)) == (3, 2)
        assert set_efforts(sheet=sheet, rows=[Effort(CODE, 8, 3)], by=operator).changed == 1

    def test_who_did_not_touch_a_row_overwrites_nothing(self, cast: Cast, sheet: Worksheet) -> None:
        set_efforts(sheet=sheet, rows=[Effort(CODE, 3, None)], by=cast[Role.OPD_HEAD])
        saved = set_efforts(
            sheet=sheet, rows=[Effort(CODE, None, None)], by=cast[Role.OPD_OPERATOR]
        )
        assert (saved.changed, saved.conflicts, effort(sheet)) == (0, {}, 3)

    @pytest.mark.parametrize("days", [0, -1, 251])
    def test_days_that_are_none(self, cast: Cast, sheet: Worksheet, days: int) -> None:
        with pytest.raises(StepRefused, match="from 1 to 250"):
            set_efforts(sheet=sheet, rows=[Effort(CODE, days, None)], by=cast[Role.OPD_HEAD])

    @pytest.mark.parametrize("role", [Role.ZI_SECRETARIAT, Role.INSPECTORATE, Role.LIAISON_OFFICER])
    def test_only_the_unit_estimates(self, cast: Cast, sheet: Worksheet, role: str) -> None:
        with pytest.raises(PermissionDenied):
            set_efforts(sheet=sheet, rows=[Effort(CODE, 3, None)], by=cast[role])

    def test_the_ledger_counts_and_names_nothing(self, cast: Cast, sheet: Worksheet) -> None:
        operator = cast[Role.OPD_OPERATOR]
        set_efforts(sheet=sheet, rows=[Effort(CODE, 3, None)], by=operator)
        set_efforts(sheet=sheet, rows=[Effort(CODE, 3, 3)], by=operator)
        entry = LedgerEntry.objects.get(verb="worksheet.effort_estimated")
        assert entry.codes == {"count": 1}


def wish(code: str = CODE, goal: str = "Ya") -> Wish:
    return Wish(code, goal, "1", f"LKE {code}", "Sudah ada")


def take(sheet: Worksheet, by: Any, *wishes: Wish, due_on: date = date(2026, 9, 30)) -> Any:
    return take_into_plan(
        sheet=sheet, wishes=wishes, due_on=due_on, responsible="Ketua Pokja 1", by=by, now=NOW
    )


class TestIntoTheWorkPlan:
    def test_into_the_plan_of_the_year_which_is_opened_for_it(
        self, cast: Cast, sheet: Worksheet
    ) -> None:
        taken = take(sheet, cast[Role.OPD_OPERATOR], wish(), wish(OTHER, "A"))
        plan = WorkPlan.objects.get(zone=sheet.zone)
        assert (taken.plan, taken.added, taken.known, plan.year) == (plan, 2, 0, sheet.year)
        rows = plan.activities.order_by("pk").values_list("area", "title", "due_on", "responsible")
        assert rows[0] == ("1", f"LKE {CODE}", date(2026, 9, 30), "Ketua Pokja 1")

    def test_once(self, cast: Cast, sheet: Worksheet) -> None:
        operator = cast[Role.OPD_OPERATOR]
        take(sheet, operator, wish())
        again = take(sheet, operator, wish(), wish(OTHER, "B"))
        assert (again.added, again.known) == (1, 1)
        assert Activity.objects.count() == 2
        # A higher goal is another improvement.
        assert take(sheet, operator, wish(OTHER, "A")).added == 1

    def test_a_dropped_one_can_be_taken_again_and_again(self, cast: Cast, sheet: Worksheet) -> None:
        operator = cast[Role.OPD_OPERATOR]
        for number in (1, 2, 3):
            assert take(sheet, operator, wish(), wish(OTHER)).added == (2 if number == 1 else 1)
            again = take(sheet, operator, wish(), wish(OTHER))
            assert (again.added, again.known) == (0, 2)
            standing = known_activities(sheet, {CODE: "Ya", OTHER: "Ya"})
            assert standing[CODE].state != ActivityState.DROPPED
            drop_activity(activity=standing[CODE], reason="Tidak jadi", by=operator, now=NOW)
            assert set(known_activities(sheet, {CODE: "Ya", OTHER: "Ya"})) == {OTHER}
        assert Activity.objects.count() == 4

    def test_one_of_another_year_stands_in_nobodys_way(self, cast: Cast, sheet: Worksheet) -> None:
        operator = cast[Role.OPD_OPERATOR]
        older = make_sheet(cast, year=2025)
        take(older, operator, wish(), due_on=date(2025, 9, 30))
        assert known_activities(sheet, {CODE: "Ya"}) == {}
        taken = take(sheet, operator, wish())
        assert (taken.added, taken.plan.year) == (1, 2026)

    def test_into_a_plan_that_is_there(self, cast: Cast, sheet: Worksheet) -> None:
        first = take(sheet, cast[Role.OPD_OPERATOR], wish())
        second = take(sheet, cast[Role.OPD_HEAD], wish(OTHER))
        assert first.plan == second.plan

    def test_nothing_ticked_and_a_day_of_another_year(self, cast: Cast, sheet: Worksheet) -> None:
        operator = cast[Role.OPD_OPERATOR]
        with pytest.raises(StepRefused, match="Tick at least one"):
            take(sheet, operator)
        with pytest.raises(StepRefused, match="must lie in 2026"):
            take(sheet, operator, wish(), due_on=date(2027, 1, 1))
        assert not Activity.objects.exists()

    @pytest.mark.parametrize("role", [Role.ZI_SECRETARIAT, Role.INSPECTORATE, Role.MAYOR])
    def test_only_the_unit(self, cast: Cast, sheet: Worksheet, role: str) -> None:
        with pytest.raises(PermissionDenied):
            take(sheet, cast[role], wish())

    def test_the_ledger_names_the_plan(self, cast: Cast, sheet: Worksheet) -> None:
        taken = take(sheet, cast[Role.OPD_OPERATOR], wish())
        entry = LedgerEntry.objects.get(verb="worksheet.improvements_planned")
        assert entry.codes == {"plan": taken.plan.pk, "count": 1}
