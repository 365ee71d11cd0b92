"""Plans as a whole: written, put in force, closed, opened again, revised."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments.actions.indicators import TargetRow, set_targets
from assessments.actions.plan_nodes import drop_node
from assessments.actions.plans import (
    PlanTexts,
    adopt_plan,
    adopt_revision,
    close_plan,
    create_plan,
    discard_plan,
    discard_revision,
    edit_plan,
    open_revision,
    reopen_plan,
)
from assessments.editing import Conflict
from assessments.enums import NodeLevel, PlanState
from assessments.models import Plan, PlanRevision
from assessments.queries.performance import known
from assessments.queries.plan_board import plan_board, plans_of
from assessments.tests.factories_rpjmd import (
    BANDS,
    NOW,
    TODAY,
    give_targets,
    indicator_of,
    make_indicator,
    make_node,
    make_plan,
    plan_in_force,
    planner,
    sent,
)
from assessments.tests.rpjmd_verbs import adopt, entries_of, ledger_of, revise
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TEXTS = PlanTexts("RPJMD", 2025, 2029, BANDS, legal_basis="Perda 1/2025")


@pytest.fixture
def by(cast: Cast) -> Membership:
    return planner(cast)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast)


def low(plan: Plan, name: str, year: int, *, with_open: bool = False) -> str:
    (one,) = known([indicator_of(plan, name)], with_open=with_open)
    aim = one.series.aim(year)
    return str(aim.low.normalize()) if aim and aim.low is not None else ""


class TestDraft:
    def test_it_begins_with_revision_0(self, by: Membership) -> None:
        key = uuid4()
        plan = create_plan(texts=TEXTS, form_key=key, by=by)
        assert (plan.state, plan.revisions.get().number) == (PlanState.DRAFT, 0)
        assert create_plan(texts=TEXTS, form_key=key, by=by) == plan
        assert ledger_of(plan) == ["plan.created"]
        assert entries_of(plan)[0].codes == {"from": 2025, "to": 2029}

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.PLANNER])
    def test_only_planners_keep_it(self, cast: Cast, role: Role) -> None:
        with pytest.raises(PermissionDenied):
            create_plan(texts=TEXTS, form_key=uuid4(), by=cast[role])
        plan = make_plan(cast)
        with pytest.raises(PermissionDenied):
            edit_plan(plan=plan, texts=TEXTS, version=plan.version, by=cast[role])
        with pytest.raises(PermissionDenied):
            adopt_plan(plan=plan, on=TODAY, by=cast[role], now=NOW)
        with pytest.raises(PermissionDenied):
            close_plan(plan=plan, by=cast[role], now=NOW)
        assert plans_of(cast[role]) == []

    def test_planners_elsewhere_do_not_find_it(self, cast: Cast, plan: Plan) -> None:
        stranger = cast.away_offices[Role.PLANNER]
        for verb in (
            lambda: edit_plan(plan=plan, texts=TEXTS, version=plan.version, by=stranger),
            lambda: adopt_plan(plan=plan, on=TODAY, by=stranger, now=NOW),
            lambda: close_plan(plan=plan, by=stranger, now=NOW),
            lambda: reopen_plan(plan=plan, by=stranger, now=NOW),
            lambda: revise(plan, stranger),
        ):
            with pytest.raises(Plan.DoesNotExist):
                verb()

    def test_editing_names_the_columns_and_meets_other_editors(
        self, cast: Cast, by: Membership
    ) -> None:
        plan = make_plan(cast)
        texts = replace(TEXTS, title="RPJMD baru", first_year=2024)
        edited = edit_plan(plan=plan, texts=texts, version=1, by=by)
        assert entries_of(plan)[-1].codes == {"first_year": True, "title": True}
        assert edited.revisions.get().from_year == 2024
        assert edit_plan(plan=plan, texts=texts, version=1, by=by).version == edited.version
        with pytest.raises(Conflict):
            edit_plan(plan=plan, texts=TEXTS, version=1, by=by)

    def test_years_with_targets_stay_covered(self, plan: Plan, by: Membership) -> None:
        with pytest.raises(StepRefused, match="There are targets for 2029"):
            edit_plan(plan=plan, texts=replace(TEXTS, last_year=2028), version=plan.version, by=by)

    @pytest.mark.parametrize(
        "texts",
        [
            {"last_year": 2024},
            {"last_year": 2035},
            {"first_year": 1999, "last_year": 2005},
            {"cap": 99},
            {"cap": 201},
            {"report_days": 91},
        ],
        ids=str,
    )
    def test_impossible_plans_are_refused(self, by: Membership, texts: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            create_plan(texts=replace(TEXTS, **texts), form_key=uuid4(), by=by)


class TestStates:
    def test_adopting_asks_for_the_regulation_and_an_indicator(
        self, cast: Cast, by: Membership
    ) -> None:
        plan = make_plan(cast, legal_basis="")
        with pytest.raises(StepRefused) as refusal:
            adopt_plan(plan=plan, on=TODAY, by=by, now=NOW)
        assert [item.anchor for item in refusal.value.missing] == ["edit", "tree"]
        with pytest.raises(StepRefused, match="future"):
            adopt_plan(plan=plan, on=date(2026, 7, 11), by=by, now=NOW)

    def test_adopted_closed_opened_again(self, plan: Plan, by: Membership) -> None:
        assert adopt_plan(plan=plan, on=TODAY, by=by, now=NOW).pk == plan.pk
        first = plan.revisions.get()
        assert (first.adopted_on, first.basis) == (date(2025, 8, 20), "Perda 1/2025")
        for _press in (1, 2):
            assert close_plan(plan=plan, by=by, now=NOW).state == PlanState.CLOSED
        for _press in (1, 2):
            assert reopen_plan(plan=plan, by=by, now=NOW).state == PlanState.IN_FORCE
        assert ledger_of(plan) == ["plan.created", "plan.adopt", "plan.close", "plan.reopen"]
        assert list(plan.steps.order_by("pk").values_list("name", flat=True)) == [
            "adopt",
            "close",
            "reopen",
        ]

    def test_a_closed_plan_is_not_changed(self, plan: Plan, by: Membership) -> None:
        indicator = indicator_of(plan, "Indeks contoh")
        plan = close_plan(plan=plan, by=by, now=NOW)
        refused = pytest.raises(StepRefused, match="This plan is closed")
        with refused:
            edit_plan(plan=plan, texts=replace(TEXTS, title="x"), version=plan.version, by=by)
        with refused:
            make_node(plan, None, NodeLevel.MISSION, "9", by=by)
        with refused:
            make_indicator(indicator.node, by=by)
        with refused:
            set_targets(indicator=indicator, rows=[TargetRow(2026, low=None)], by=by)
        with pytest.raises(StepRefused, match="Only a plan in force is revised"):
            revise(plan, by)
        with pytest.raises(StepRefused, match="already moved this on"):
            adopt_plan(plan=plan, on=TODAY, by=by, now=NOW)

    def test_it_is_not_closed_over_figures_that_wait(
        self, cast: Cast, plan: Plan, by: Membership
    ) -> None:
        sent(indicator_of(plan, "Indeks contoh"), 70, by=cast[Role.OPD_OPERATOR])
        with pytest.raises(StepRefused, match="still wait or were unlocked: 1"):
            close_plan(plan=plan, by=by, now=NOW)

    def test_in_force_it_keeps_its_regulation(self, plan: Plan, by: Membership) -> None:
        texts = replace(TEXTS, title=plan.title, legal_basis=" ")
        with pytest.raises(StepRefused, match="Write the regulation"):
            edit_plan(plan=plan, texts=texts, version=plan.version, by=by)


class TestRevisions:
    def test_what_it_says_counts_from_its_year_once_it_is_adopted(
        self, plan: Plan, by: Membership
    ) -> None:
        revision = revise(plan, by)
        index = indicator_of(plan, "Indeks contoh")
        give_targets(index, by=by, y2027="99", y2028="100")
        assert low(plan, "Indeks contoh", 2027) == "85"
        assert low(plan, "Indeks contoh", 2027, with_open=True) == "99"
        adopt(revision, by)
        assert [low(plan, "Indeks contoh", year) for year in (2026, 2027, 2028, 2029)] == [
            "8E+1",
            "99",
            "1E+2",
            "95",
        ]
        # What the plan said before stays on its row.
        assert index.targets.get(year=2027, revision__number=0).low == 85
        assert ledger_of(revision) == ["plan_revision.opened", "plan_revision.adopted"]

    def test_the_newest_one_counts(self, plan: Plan, by: Membership) -> None:
        for number, value in ((1, "90"), (2, "91")):
            revision = revise(plan, by, 2027 - number + 1)
            assert revision.number == number
            give_targets(indicator_of(plan, "Indeks contoh"), by=by, y2027=value)
            adopt(revision, by)
        assert low(plan, "Indeks contoh", 2027) == "91"
        assert low(plan, "Indeks contoh", 2026) == "8E+1"

    def test_one_at_a_time(self, plan: Plan, by: Membership) -> None:
        revision = revise(plan, by)
        assert revise(plan, by) == revision
        with pytest.raises(StepRefused, match="already being written"):
            revise(plan, by, 2028)
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanRevision.objects.create(
                government=plan.government, plan=plan, number=7, from_year=2028, opened_by=by
            )
        assert ledger_of(revision) == ["plan_revision.opened"]

    @pytest.mark.parametrize("year", [2024, 2030])
    def test_only_years_of_the_plan(self, plan: Plan, by: Membership, year: int) -> None:
        with pytest.raises(StepRefused, match="2025–2029"):
            revise(plan, by, year)

    def test_a_draft_is_not_revised(self, cast: Cast, by: Membership) -> None:
        with pytest.raises(StepRefused, match="Only a plan in force is revised"):
            open_revision(plan=make_plan(cast), from_year=2026, reason="x", by=by)

    def test_adopting_asks_for_the_regulation_and_a_day(self, plan: Plan, by: Membership) -> None:
        revision = revise(plan, by)
        with pytest.raises(StepRefused, match="Write the regulation that adopts"):
            adopt_revision(revision=revision, basis="  ", on=TODAY, by=by, now=NOW)
        with pytest.raises(StepRefused, match="future"):
            adopt_revision(revision=revision, basis="x", on=date(2026, 7, 11), by=by, now=NOW)
        assert adopt(adopt(revision, by), by).basis == "Perda 2/2026"
        with pytest.raises(StepRefused, match="it stays"):
            discard_revision(revision=revision, by=by)
        with pytest.raises(IntegrityError), transaction.atomic():
            PlanRevision.objects.filter(pk=revision.pk).update(basis="")

    @pytest.mark.parametrize("role", [Role.OPD_OPERATOR, Role.ADMINISTRATOR, Role.MAYOR])
    def test_planners_only(self, cast: Cast, plan: Plan, by: Membership, role: Role) -> None:
        revision = revise(plan, by)
        with pytest.raises(PermissionDenied):
            revise(plan, cast[role])
        with pytest.raises(PermissionDenied):
            adopt(revision, cast[role])
        with pytest.raises(PermissionDenied):
            discard_revision(revision=revision, by=cast[role])
        with pytest.raises(Plan.DoesNotExist):
            discard_revision(revision=revision, by=cast.away_offices[Role.PLANNER])

    def test_thrown_away_it_leaves_everything_as_it_was(self, plan: Plan, by: Membership) -> None:
        revision = revise(plan, by)
        index = indicator_of(plan, "Indeks contoh")
        give_targets(index, by=by, y2027="99", y2028="98")
        drop_node(node=indicator_of(plan, "Persentase dua").node, by=by)
        entry_of = entries_of(revision)
        discard_revision(revision=revision, by=by)
        assert len(entry_of) == 1
        assert low(plan, "Indeks contoh", 2027) == "85"
        assert len(plan_board(plan, year=2028, on=TODAY).indicators) == 3
        assert plan.revisions.count() == 1
        assert revise(plan, by).number == 1

    def test_the_plan_as_enacted_is_not_thrown_away(self, plan: Plan, by: Membership) -> None:
        with pytest.raises(StepRefused, match="it stays"):
            discard_revision(revision=plan.revisions.get(), by=by)


def test_a_year_that_was_over_keeps_its_targets(cast: Cast) -> None:
    plan = plan_in_force(cast)
    revision = open_revision(plan=plan, from_year=2025, reason="Uji", by=planner(cast))
    with pytest.raises(StepRefused, match="a year that was over"):
        adopt_revision(
            revision=revision, basis="Perda", on=date(2026, 3, 1), by=planner(cast), now=NOW
        )


def test_a_draft_opened_by_mistake_is_thrown_away(cast: Cast) -> None:
    by = planner(cast)
    plan = make_plan(cast)
    top = make_node(plan, None, NodeLevel.GOAL, "1", by=by, owners=(cast.unit,))
    node = make_node(plan, top, NodeLevel.OBJECTIVE, "1.1", by=by)
    give_targets(make_indicator(node, by=by, unit=cast.unit), by=by, y2026="5")
    discard_plan(plan=plan, by=by)
    assert entries_of(plan)[-1].verb == "plan.discarded"
    assert not Plan.objects.exists()
    standing = plan_in_force(cast)
    with pytest.raises(StepRefused, match="Only a draft"):
        discard_plan(plan=standing, by=by)
