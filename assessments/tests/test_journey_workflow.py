"""Every step of proposals and predicates, from every state, by every role."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from assessments import workflow
from assessments.enums import PredicateState, ProposalState
from assessments.tests.factories_journey import PredicateFactory, ProposalFactory
from integrity_portal.core.models import LedgerEntry
from integrity_portal.core.workflow import Workflow
from opd.enums import Role
from opd.transitions import StepRefused, perform

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


def every(table: Workflow) -> list[tuple[str, str]]:
    return [(step.name, state) for step in table.transitions for state in table.states.values]  # type: ignore[attr-defined]


def let_in(table: Workflow, row: Any, step: str, cast: Any, values: dict[str, Any]) -> set[str]:
    """Who gets through; each try leaves a step and a ledger entry, or nothing at all."""
    found = set()
    nothing = {name: lambda row: [] for each in table.transitions for name in each.requires}
    for role in Role.values:
        with transaction.atomic():
            try:
                with transaction.atomic():
                    options = {"by": cast[role], "now": NOW, "checks": nothing, "values": values}
                    perform(table, step, row, **options)
                found.add(role)
            except StepRefused:
                pass
            verb = f"{table.name}.{step}"
            written = LedgerEntry.objects.filter(verb=verb, subject_id=row.pk).count()
            assert row.steps.count() == written == int(role in found)
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize(("step", "state"), every(workflow.PROPOSAL))
def test_proposal_by_every_role(step: str, state: str, cast: Any) -> None:
    sent = {"sent": True} if state == ProposalState.SENT else {"state": state}
    row = ProposalFactory(government=cast.home, **sent)
    values: dict[str, Any] = {}
    if step == "send":
        values = {"sent_on": date(2026, 5, 20), "rule_set_sha256": "0" * 64}
    allowed = workflow.PROPOSAL.get(step)
    expected = set(allowed.roles) if state in allowed.sources else set()
    assert let_in(workflow.PROPOSAL, row, step, cast, values) == expected


@pytest.mark.parametrize(("step", "state"), every(workflow.PREDICATE))
def test_predicate_by_every_role(step: str, state: str, cast: Any) -> None:
    revoked = date(2026, 2, 1) if state == PredicateState.REVOKED else None
    reason = "" if state == PredicateState.ACTIVE else "Perkara"
    row = PredicateFactory(zone__unit=cast.unit, state=state, revoked_on=revoked, reason=reason)
    values: dict[str, Any] = {"reason": "Perkara"}
    if step == "revoke":
        values["revoked_on"] = date(2026, 3, 1)
    allowed = workflow.PREDICATE.get(step)
    expected = set(allowed.roles) if state in allowed.sources else set()
    assert let_in(workflow.PREDICATE, row, step, cast, values) == expected
