"""Every step of a paper from every state by every role; the diagram of the README."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from assessments import workflow
from assessments.actions.paper_signatures import record_signed_paper, sign_paper
from assessments.actions.papers import number_paper, redraft_paper, void_paper
from assessments.enums import PaperKind, PaperState
from assessments.models import Paper
from assessments.tests.factories import stored_pdf
from assessments.tests.factories_papers import DAY, NOW, draft, numbered, signed, voided
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Membership
from opd.transitions import StepRefused

README = Path(__file__).parent.parent / "README.md"
pytestmark = pytest.mark.django_db
# Who takes which step of which kind; signing needs the office under the paper.
UNIT = {Role.OPD_OPERATOR, Role.OPD_HEAD}
STEPS = [(step.name, state) for step in workflow.PAPER.transitions for state in PaperState.values]


def paper_in(state: str, kind: str, cast: Any, signatory: Membership) -> Paper:
    if state == PaperState.DRAFT:
        return draft(kind, cast.unit, signatory=signatory)
    if state == PaperState.SIGNED:
        return signed(kind, cast.unit, signatory, signatory=signatory)
    make = numbered if state == PaperState.NUMBERED else voided
    return make(kind, cast.unit, signatory=signatory)


def take(step: str, paper: Paper, by: Membership) -> Paper:
    common = {"paper": paper, "by": by, "now": NOW}
    if step == "number":
        return number_paper(number="900/1", dated_on=DAY, **common)
    if step == "redraft":
        return redraft_paper(**common)
    if step == "sign":
        return sign_paper(text_sha256=paper.text_sha256, **common)
    if step == "record":
        return record_signed_paper(method="wet", signed_on=DAY, scan=stored_pdf(by), **common)
    return void_paper(reason="Salah", **common)


@pytest.mark.parametrize("kind", [PaperKind.SPTJM, PaperKind.SK_TIM_KERJA, PaperKind.LHE])
@pytest.mark.parametrize(("step", "state"), STEPS)
def test_step_by_every_role(step: str, state: str, kind: PaperKind, cast: Any) -> None:
    keepers, signer = {
        PaperKind.SPTJM: ({Role.ZI_SECRETARIAT}, Role.MAYOR),
        PaperKind.SK_TIM_KERJA: (UNIT, Role.OPD_HEAD),
        PaperKind.LHE: ({Role.INSPECTORATE}, Role.INSPECTORATE),
    }[kind]
    paper = paper_in(state, kind, cast, cast[signer])
    row = workflow.PAPER.get(step)
    # One verb voids: what it is called depends on where the paper stands.
    open_here = state in row.sources or (
        step in ("void", "withdraw") and state != PaperState.VOIDED
    )
    let_in = set()
    for role in Role.values:
        with transaction.atomic():
            try:
                done = take(step, paper, cast[role])
            except StepRefused:
                pass
            else:
                let_in.add(role)
                assert done.state == row.target
                assert done.steps.count() == 1
                assert LedgerEntry.objects.filter(
                    verb__startswith="paper.", subject_id=paper.pk
                ).exists()
            transaction.set_rollback(True)
    expected = {signer} if step == "sign" else keepers
    assert let_in == (expected if open_here else set())


def test_a_step_of_another_government_finds_no_paper(cast: Any) -> None:
    paper = numbered(PaperKind.SPTJM, cast.unit)
    with pytest.raises(Paper.DoesNotExist):
        redraft_paper(paper=paper, by=cast.away_offices[Role.ZI_SECRETARIAT], now=NOW)


def test_the_diagram_of_the_readme_is_that_of_the_table() -> None:
    diagram = f"```mermaid\n{workflow.PAPER.mermaid()}\n```"
    assert diagram in README.read_text(), "put PAPER.mermaid() into README.md"
