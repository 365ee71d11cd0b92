"""Every step from every state by every role, for declarations and for zones; the diagrams."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from assessments import workflow
from assessments.actions.declarations import take_step
from assessments.actions.zones import start_building
from assessments.enums import DeclarationState, ZoneStage
from assessments.models import Declaration, IntegrityZone
from assessments.queries.zones import checks_on, lacks_closed_declaration, lacks_decree
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    NamedUnitFactory,
    NamingDecreeFactory,
    SignatoryFactory,
    SignatureFactory,
)
from integrity_portal.core.models import LedgerEntry
from integrity_portal.core.workflow import Workflow
from opd.enums import UNIT_ROLES, Role
from opd.transitions import StepRefused, perform

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
README = Path(__file__).parent.parent / "README.md"
pytestmark = pytest.mark.django_db


def every(table: Workflow) -> list[tuple[str, str]]:
    """(step, state): with all roles the whole cube, not only what is allowed."""
    states = table.states.values  # type: ignore[attr-defined]
    return [(step.name, state) for step in table.transitions for state in states]


def ready(state: str, step: str, cast: Any) -> Declaration:
    """An act in this state that lacks nothing for this step."""
    trait = {"open": {"open": True}, "closed": {"closed": True}}.get(state, {})
    act = DeclarationFactory(government=cast.home, **(trait or {"state": state}))
    DeclarationUnitFactory(declaration=act, unit=cast.unit)
    place = SignatoryFactory(declaration=act)
    if step == "close":
        SignatureFactory(signatory=place)
    return act


def passes(act: Any) -> bool:
    """Whether the step went through."""
    try:
        act()
    except StepRefused:
        return False
    return True


@pytest.mark.parametrize(("step", "state"), every(workflow.DECLARATION))
def test_declaration_by_every_role(step: str, state: str, cast: Any) -> None:
    act = ready(state, step, cast)
    row = workflow.DECLARATION.get(step)
    let_in = set()
    for role in Role.values:
        with transaction.atomic():
            by = cast[role]
            taken = {"name": step, "by": by, "now": NOW, "note": "Tanggal keliru"}
            if passes(lambda: take_step(declaration=act, **taken)):  # noqa: B023
                let_in.add(role)
            allowed = role in let_in
            assert Declaration.objects.get(pk=act.pk).state == (row.target if allowed else state)
            verb = LedgerEntry.objects.filter(verb=f"declaration.{step}", subject_id=act.pk)
            assert act.steps.count() == verb.count() == int(allowed)
            transaction.set_rollback(True)

    assert let_in == (set(row.roles) if state in row.sources else set())


@pytest.mark.parametrize(("step", "state"), every(workflow.ZONE))
def test_zone_by_every_role(step: str, state: str, cast: Any) -> None:
    zone = IntegrityZoneFactory(unit=cast.unit, stage=state)
    row = workflow.ZONE.get(step)
    nothing = {name: lambda row: [] for name in checks_on(NOW.date())}
    let_in = set()
    for role in Role.values:
        with transaction.atomic():
            options = {"by": cast[role], "now": NOW, "state_field": "stage", "checks": nothing}
            if passes(lambda: perform(workflow.ZONE, step, zone, **options)):  # noqa: B023
                let_in.add(role)
            stage = IntegrityZone.objects.get(pk=zone.pk).stage
            assert stage == (row.target if role in let_in else state)
            transaction.set_rollback(True)

    assert let_in == (set(row.roles) if state in row.sources else set())


@pytest.mark.parametrize("role", sorted(UNIT_ROLES))
def test_only_the_own_head_starts_building(role: str, cast: Any) -> None:
    own = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.NAMED)
    other = IntegrityZoneFactory(unit=cast.other_unit, stage=ZoneStage.NAMED)
    NamedUnitFactory(unit=cast.unit)
    NamedUnitFactory(unit=cast.other_unit)

    with pytest.raises(StepRefused, match=r"[Pp]eran|[Rr]ole"):
        start_building(zone=other, by=cast[role], now=NOW)
    if role == Role.OPD_HEAD:
        start_building(zone=own, by=cast[role], now=NOW)
    else:
        with pytest.raises(StepRefused):
            start_building(zone=own, by=cast[role], now=NOW)

    own.refresh_from_db()
    assert own.stage == (ZoneStage.BUILDING if role == Role.OPD_HEAD else ZoneStage.NAMED)


def test_a_step_of_another_government_is_refused(cast: Any) -> None:
    act = ready(DeclarationState.DRAFT, "open", cast)
    stranger = cast.away_offices[Role.ZI_SECRETARIAT]
    with pytest.raises(StepRefused):
        take_step(declaration=act, name="open", by=stranger, now=NOW)


def test_declare_and_name_ask_for_their_act(cast: Any) -> None:
    zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.COMMITTED)
    assert [item.anchor for item in lacks_closed_declaration(zone, NOW.date())] == ["declarations"]
    assert [item.anchor for item in lacks_decree(zone, NOW.date())] == ["decrees"]

    DeclarationUnitFactory(declaration=DeclarationFactory(government=cast.home), unit=cast.unit)
    assert lacks_closed_declaration(zone, NOW.date()), "a draft is not a declaration"
    closed = DeclarationFactory(government=cast.home, closed=True)
    DeclarationUnitFactory(declaration=closed, unit=cast.unit)
    NamedUnitFactory(decree=NamingDecreeFactory(government=cast.home), unit=cast.unit)
    assert lacks_closed_declaration(zone, NOW.date()) == []
    assert lacks_decree(zone, NOW.date()) == []


def test_the_diagrams_of_the_readme_are_those_of_the_tables() -> None:
    text = README.read_text()
    for name in ("DECLARATION", "ZONE", "PROPOSAL", "PREDICATE"):
        table: Workflow = getattr(workflow, name)
        assert f"```mermaid\n{table.mermaid()}\n```" in text, f"put {name}.mermaid() into README.md"
