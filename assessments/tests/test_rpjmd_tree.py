"""The tree of a plan, its fiches and targets: added, changed, dropped; what stays readable."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from assessments.actions.indicators import (
    drop_indicator,
)
from assessments.actions.plan_nodes import NodeTexts, Owners, add_node, drop_node, edit_node
from assessments.actions.plans import discard_revision
from assessments.editing import Conflict
from assessments.enums import NodeLevel
from assessments.models import Plan, PlanNode
from assessments.queries.plan_board import plan_board
from assessments.tests.factories_rpjmd import (
    NOW,
    TODAY,
    indicator_of,
    make_indicator,
    make_node,
    make_plan,
    plan_in_force,
    planner,
    sent,
)
from assessments.tests.rpjmd_verbs import (
    adopt,
    edit,
    entries_of,
    ledger_of,
    rename,
    revise,
)
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def by(cast: Cast) -> Membership:
    return planner(cast)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast)


@pytest.fixture
def programme(plan: Plan) -> PlanNode:
    return PlanNode.objects.get(plan=plan, level=NodeLevel.PROGRAMME)


class TestNodes:
    def test_a_second_press_adds_nothing(self, cast: Cast, by: Membership) -> None:
        plan, key = make_plan(cast), uuid4()
        rows = [
            add_node(
                plan=plan,
                parent=None,
                texts=NodeTexts(NodeLevel.VISION, "V", "Visi"),
                form_key=key,
                by=by,
                owners=Owners([cast.unit], cast.unit),
            )
            for _press in (1, 2)
        ]
        assert rows[0] == rows[1]
        assert rows[0].lineage == [rows[0].pk]
        assert ledger_of(rows[0]) == ["plan_node.added"]
        assert rows[0].owner_rows.get().is_lead

    def test_what_cannot_stand_there(self, cast: Cast, plan: Plan, programme: PlanNode) -> None:
        by = planner(cast)
        with pytest.raises(StepRefused, match="Tujuan cannot stand under Program"):
            make_node(plan, programme, NodeLevel.GOAL, "9", by=by)
        with pytest.raises(StepRefused, match="already stands in the same place"):
            make_node(plan, programme.parent, NodeLevel.PROGRAMME, "1.02.02", by=by)
        with pytest.raises(StepRefused, match="units of this government"):
            make_node(plan, None, NodeLevel.MISSION, "7", by=by, owners=(cast.away_unit,))
        other = make_plan(cast, title="Lain")
        with pytest.raises(StepRefused, match="not part of this plan"):
            make_node(other, programme, NodeLevel.ACTIVITY, "1", by=by)
        copy = PlanNode.objects.get(pk=programme.pk)
        copy.pk, copy.form_key = None, uuid4()
        with pytest.raises(IntegrityError), transaction.atomic():
            copy.save(force_insert=True)

    @pytest.mark.parametrize("role", [Role.OPD_OPERATOR, Role.OPD_HEAD, Role.ADMINISTRATOR])
    def test_planners_only(self, cast: Cast, plan: Plan, programme: PlanNode, role: Role) -> None:
        with pytest.raises(PermissionDenied):
            make_node(plan, programme, NodeLevel.ACTIVITY, "1", by=cast[role])
        with pytest.raises(PermissionDenied):
            rename(programme, cast[role], name="x")
        with pytest.raises(PermissionDenied):
            drop_node(node=programme, by=cast[role])
        with pytest.raises(Plan.DoesNotExist):
            drop_node(node=programme, by=cast.away_offices[Role.PLANNER])

    def test_what_it_was_called_stays_readable(
        self, cast: Cast, by: Membership, programme: PlanNode
    ) -> None:
        edited = rename(programme, by, name="Program baru", code="1.02.03")
        former = programme.former_names.get()
        assert (former.code, former.name, former.changed_at) == ("1.02.02", programme.name, NOW)
        assert entries_of(programme)[-1].codes == {"code": True, "name": True}
        assert rename(programme, by).version == edited.version
        assert ledger_of(programme).count("plan_node.edited") == 1
        rename(programme, by, owners=Owners([cast.unit], None))
        assert entries_of(programme)[-1].codes == {"owners": True}
        with pytest.raises(Conflict):
            edit_node(
                node=programme,
                texts=NodeTexts(NodeLevel.PROGRAMME, "1", "x"),
                owners=Owners(),
                version=1,
                by=by,
                now=NOW,
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            programme.former_names.update(name="lain")

    def test_a_level_fits_what_hangs_below(self, plan: Plan, by: Membership) -> None:
        goal = PlanNode.objects.get(plan=plan, level=NodeLevel.GOAL)
        with pytest.raises(StepRefused, match="stand on a higher level"):
            rename(goal, by, level=NodeLevel.PROGRAMME)

    def test_in_a_draft_it_is_removed_from_the_leaves(self, cast: Cast, by: Membership) -> None:
        plan = make_plan(cast)
        top = make_node(plan, None, NodeLevel.MISSION, "1", by=by)
        leaf = make_node(plan, top, NodeLevel.GOAL, "1.1", by=by)
        rename(leaf, by, name="Nama lain")
        with pytest.raises(StepRefused, match="hang below it"):
            drop_node(node=top, by=by)
        drop_node(node=leaf, by=by)
        drop_node(node=top, by=by)
        assert not plan.nodes.exists()
        assert ledger_of(leaf)[-1] == "plan_node.removed"

    def test_in_force_only_a_revision_drops_it(
        self, plan: Plan, by: Membership, programme: PlanNode
    ) -> None:
        with pytest.raises(StepRefused, match="open a revision"):
            drop_node(node=programme, by=by)
        revision = revise(plan, by)
        for _press in (1, 2):
            drop_node(node=PlanNode.objects.get(pk=programme.pk), by=by)
        assert ledger_of(programme).count("plan_node.dropped") == 1
        codes = [row.node.code for row in plan_board(plan, year=2027, on=TODAY).rows]
        assert "1.02.02" in codes
        adopt(revision, by)
        counts = {year: len(plan_board(plan, year=year, on=TODAY).rows) for year in (2026, 2027)}
        assert counts == {2026: 5, 2027: 4}
        with pytest.raises(StepRefused, match="not part of this plan any more"):
            make_node(plan, programme, NodeLevel.ACTIVITY, "1", by=by)
        with pytest.raises(StepRefused, match="dropped this line"):
            make_indicator(PlanNode.objects.get(pk=programme.pk), by=by)

    def test_a_dropped_line_is_not_taken_back_by_a_later_revision(
        self, plan: Plan, by: Membership, programme: PlanNode
    ) -> None:
        people = indicator_of(plan, "Warga dilayani")
        first = revise(plan, by)
        drop_indicator(indicator=people, by=by)
        drop_node(node=programme, by=by)
        adopt(first, by)
        revise(plan, by, 2028)
        drop_indicator(indicator=people, by=by)
        drop_node(node=PlanNode.objects.get(pk=programme.pk), by=by)
        people.refresh_from_db()
        programme.refresh_from_db()
        assert people.until == programme.until == first

    def test_what_a_revision_adds_counts_from_its_year(
        self, cast: Cast, plan: Plan, by: Membership, programme: PlanNode
    ) -> None:
        revision = revise(plan, by)
        node = make_node(plan, programme, NodeLevel.ACTIVITY, "1.02.02.1", by=by)
        added = make_indicator(node, by=by, name="Baru", unit=cast.unit)
        rename(node, by, name="Nama lain")
        edit(added, by, definition="Penjelasan")
        assert not node.former_names.exists()
        assert len(plan_board(plan, year=2027, on=TODAY).rows) == 5
        assert len(plan_board(plan, year=2026, on=TODAY, with_open=True).rows) == 6
        with pytest.raises(StepRefused, match="not part of the plan in that year"):
            sent(added, 5, by=cast[Role.OPD_OPERATOR])
        with pytest.raises(StepRefused, match="has added rows"):
            discard_revision(revision=revision, by=by)
        drop_indicator(indicator=added, by=by)
        drop_node(node=node, by=by)
        make_node(plan, programme, NodeLevel.ACTIVITY, "1.02.02.2", by=by)
        adopt(revision, by)
        counts = {year: len(plan_board(plan, year=year, on=TODAY).rows) for year in (2026, 2027)}
        assert counts == {2026: 5, 2027: 6}

    def test_a_revision_whose_place_was_taken_is_not_thrown_away(
        self, plan: Plan, by: Membership, programme: PlanNode
    ) -> None:
        twin = make_node(plan, programme.parent, NodeLevel.PROGRAMME, "2", by=by)
        revision = revise(plan, by)
        drop_node(node=programme, by=by)
        rename(twin, by, code="1.02.02")
        with pytest.raises(StepRefused, match="taken the place"):
            discard_revision(revision=revision, by=by)
        rename(twin, by, code="3")
        discard_revision(revision=revision, by=by)
        assert PlanNode.objects.standing().filter(plan=plan, code="1.02.02").exists()
