"""Papers in which indicators stand: Renstra, Renja, performance agreements."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments.actions.plan_papers import (
    PaperTexts,
    add_plan_paper,
    edit_plan_paper,
    remove_plan_paper,
)
from assessments.editing import Conflict
from assessments.enums import NodeLevel, PlanDocumentKind
from assessments.models import Indicator, Plan, PlanDocument
from assessments.tests.factories_papers import stored
from assessments.tests.factories_rpjmd import (
    indicator_of,
    make_indicator,
    make_node,
    make_plan,
    plan_in_force,
    planner,
)
from assessments.tests.rpjmd_verbs import entries_of, ledger_of
from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

PK = PaperTexts(PlanDocumentKind.PK, "Perjanjian Kinerja", year=2026)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return plan_in_force(cast)


@pytest.fixture
def by(cast: Cast) -> Membership:
    return planner(cast)


@pytest.fixture
def index(plan: Plan) -> Indicator:
    return indicator_of(plan, "Indeks contoh")


def add(plan: Plan, by: Membership, texts: PaperTexts = PK, **more: Any) -> PlanDocument:
    given = {"indicators": [], "form_key": uuid4(), **more}
    return add_plan_paper(plan=plan, texts=texts, by=by, **given)


def edit(paper: PlanDocument, by: Membership, **more: Any) -> PlanDocument:
    given = {"texts": PK, "indicators": [], "version": paper.version, **more}
    return edit_plan_paper(paper=paper, by=by, **given)


def test_a_second_press_adds_nothing(
    cast: Cast, plan: Plan, by: Membership, index: Indicator
) -> None:
    key, file = uuid4(), stored(cast.home)
    papers = [add(plan, by, form_key=key, indicators=[index], stored=file) for _press in (1, 2)]
    assert papers[0] == papers[1]
    assert papers[0].indicators.get() == index
    file.refresh_from_db()
    assert file.state == StoredFile.State.STORED
    assert ledger_of(papers[0]) == ["plan_paper.added"]
    assert entries_of(papers[0])[0].codes == {"kind": "pk", "indicators": 1}


def test_edited_with_its_list_and_its_file(
    cast: Cast, plan: Plan, by: Membership, index: Indicator
) -> None:
    paper = add(plan, by)
    dated = replace(PK, dated=date(2026, 1, 5), unit=cast.unit)
    paper = edit(paper, by, texts=dated, indicators=[index], stored=stored(cast.home))
    assert (paper.unit, paper.stored is not None) == (cast.unit, True)
    same = edit(paper, by, texts=dated, indicators=[index], version=1)
    assert same.version == paper.version
    assert ledger_of(paper) == ["plan_paper.added", "plan_paper.edited"]
    with pytest.raises(Conflict):
        edit(paper, by, version=1)
    edit(paper, by, texts=dated, indicators=[])
    assert not paper.indicators.exists()
    assert ledger_of(paper)[-1] == "plan_paper.edited"


def test_removed_it_leaves_its_indicators(plan: Plan, by: Membership, index: Indicator) -> None:
    paper = add(plan, by, indicators=[index])
    remove_plan_paper(paper=paper, by=by)
    assert not plan.documents.exists()
    index.refresh_from_db()
    assert ledger_of(paper)[-1] == "plan_paper.removed"


def test_what_does_not_belong_together(
    cast: Cast, plan: Plan, by: Membership, index: Indicator
) -> None:
    foreign = make_indicator(
        make_node(make_plan(cast, title="Lain"), None, NodeLevel.GOAL, "1", by=by), by=by
    )
    for texts, more, sentence in (
        (replace(PK, unit=cast.away_unit), {}, "unit of this government"),
        (replace(PK, year=None), {}, "2025–2029"),
        (replace(PK, year=2030), {}, "2025–2029"),
        (PaperTexts(PlanDocumentKind.RENSTRA, "x", year=2026), {}, "covers the whole plan"),
        (PK, {"indicators": [index, foreign]}, "indicators of this plan"),
    ):
        with pytest.raises(StepRefused, match=sentence):
            add(plan, by, texts, **more)
    paper = add(plan, by, indicators=[index])
    with pytest.raises(StepRefused, match="indicators of this plan"):
        edit(paper, by, indicators=[foreign])
    assert paper.indicators.get() == index
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanDocument.objects.filter(pk=paper.pk).update(year=None)


@pytest.mark.parametrize("role", [Role.OPD_OPERATOR, Role.OPD_HEAD, Role.ADMINISTRATOR])
def test_planners_only(cast: Cast, plan: Plan, by: Membership, role: Role) -> None:
    paper = add(plan, by)
    for office, refusal in (
        (cast[role], PermissionDenied),
        (cast.away_offices[Role.PLANNER], Plan.DoesNotExist),
    ):
        for verb in (add, edit, remove_paper):
            with pytest.raises(refusal):
                verb(plan if verb is add else paper, office)  # type: ignore[operator]


def remove_paper(paper: PlanDocument, by: Membership) -> None:
    remove_plan_paper(paper=paper, by=by)
