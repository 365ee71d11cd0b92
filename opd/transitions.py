"""The one door to each state: `perform` takes a step of a workflow table under a row lock."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from integrity_portal.core.workflow import Transition, Workflow
from opd.models import Membership
from opd.models.transition_rows import TransitionRow

__all__ = ["Missing", "StepRefused", "TransitionRow", "perform"]


@dataclass(frozen=True)
class Missing:
    """Something that must be there first; `anchor` links to the place where it is supplied."""

    sentence: str
    anchor: str = ""


class StepRefused(Exception):
    """The sentence for the person is the message; `missing` lists what must be supplied."""

    def __init__(self, sentence: str, missing: Iterable[Missing] = ()) -> None:
        super().__init__(sentence)
        self.missing = list(missing)


R = TypeVar("R", bound=models.Model)
Check = Callable[[Any], Iterable[Missing]]
Effect = Callable[[Any, Membership | None, datetime], None]


@transaction.atomic
def perform(
    workflow: Workflow,
    name: str,
    row: R,
    *,
    by: Membership | None,
    now: datetime,
    note: str = "",
    state_field: str = "state",
    may: Callable[[Membership, R], bool] | None = None,
    checks: Mapping[str, Check] | None = None,
    effects: Mapping[str, Effect] | None = None,
    values: Mapping[str, Any] | None = None,
    step_values: Mapping[str, Any] | None = None,
) -> R:
    """Lock the row, check role, right, state and what must be present, then write everything.

    `by` is None for steps that the portal takes by itself. `values` are further columns that the
    new state needs, `step_values` such of the step's own row. Writes the state, the step row
    (`row.steps`) and the ledger entry. Raises StepRefused with a sentence, KeyError for an
    unknown step.
    """
    step = workflow.get(name)
    locked = type(row)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    state = getattr(locked, state_field)
    _refuse_wrong_person(step, locked, by, may)
    if state not in step.sources:
        raise StepRefused(_("Somebody has already moved this on. Reload the page."))
    missing = [item for key in step.requires for item in (checks or {})[key](locked)]
    if missing:
        raise StepRefused(_("Something is still missing."), missing)
    changed = {state_field: step.target, **(values or {})}
    for column, value in changed.items():
        setattr(locked, column, value)
    locked.save(update_fields=list(changed))
    _write_step(workflow, step, locked, state, by=by, now=now, note=note, more=step_values or {})
    for key in step.effects:
        (effects or {})[key](locked, by, now)
    return locked


def _write_step(
    workflow: Workflow,
    step: Transition,
    row: models.Model,
    state: str,
    *,
    by: Membership | None,
    now: datetime,
    note: str,
    more: Mapping[str, Any],
) -> None:
    """The step of a row that was in that state: in its own list and in the ledger."""
    row.steps.create(  # type: ignore[attr-defined]
        name=step.name,
        from_state=state,
        to_state=step.target,
        membership=by,
        note=note,
        happened_at=now,
        **more,
    )
    ledger.record(
        f"{workflow.name}.{step.name}",
        row,
        by=by,
        government_id=row.government_id,  # type: ignore[attr-defined]
        codes={"from": state, "to": step.target},
    )


def _refuse_wrong_person(
    step: Transition,
    row: models.Model,
    by: Membership | None,
    may: Callable[[Membership, Any], bool] | None,
) -> None:
    if by is None:
        return
    same_government = row.government_id == by.government_id  # type: ignore[attr-defined]
    if by.role not in step.roles or not same_government or (may and not may(by, row)):
        raise StepRefused(_("Your role does not include this step."))
