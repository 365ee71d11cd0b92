"""The way of a work-sheet between unit and TPI: send, pass from tier to tier, return, approve."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from assessments.enums import Assessor, WorksheetState
from assessments.evidence_news import settle_returns
from assessments.models import Answer, Worksheet, WorksheetApproval
from assessments.permissions import can_decide
from assessments.queries.tiers import holders, is_turn_of, tiers_of, turn
from assessments.queries.worksheet_checks import checks, content_of, fingerprint
from assessments.review_tiers import tiers
from assessments.sheet_keeping import locked_sheet
from assessments.sheet_news import tell_step
from assessments.workflow import WORKSHEET
from opd.models import Membership
from opd.transitions import StepRefused, perform

_NOBODY = gettext_lazy(
    "Nobody of the TPI can review this unit now. Ask the ZI secretariat to name its TPI of the year."
)
_ALONE = gettext_lazy(
    "You alone of the TPI have looked at this sheet. Let somebody else score or pass it on first."
)


@transaction.atomic
def submit_worksheet(*, sheet: Worksheet, by: Membership, now: datetime) -> Worksheet:
    """The head sends it to the lowest tier that somebody holds. Raises StepRefused with gaps."""
    row = locked_sheet(sheet.pk)
    held = holders(row, timezone.localdate(now))
    first = next((tier.code for tier in tiers() if tier.code in held), "")
    if not first and _heads_unit(by, row):
        raise StepRefused(str(_NOBODY))
    return _step(
        row,
        "submit",
        by=by,
        now=now,
        may=_heads_unit,
        values={"round": row.round + 1, "tier": first, "submitted_by": by},
    )


@transaction.atomic
def withdraw_worksheet(*, sheet: Worksheet, by: Membership, now: datetime) -> Worksheet:
    """The head takes it back while the TPI has not begun."""
    row = locked_sheet(sheet.pk)
    values = {"round": 0, "tier": "", "submitted_by": None}
    return _step(row, "withdraw", by=by, now=now, may=_heads_unit, values=values)


@transaction.atomic
def pass_worksheet(
    *, sheet: Worksheet, up: bool, note: str, by: Membership, now: datetime
) -> Worksheet:
    """To the next tier that somebody holds, or back to the one before, then with a message."""
    row = locked_sheet(sheet.pk)
    if not up and not note.strip():
        raise StepRefused(_("Write what the other tier should look at again."))
    order, here = _order(row, now)
    place = order.index(here) + (1 if up else -1) if here else 0
    if place == len(order):
        raise StepRefused(_("There is no higher tier: approve it."))
    if place < 0:
        raise StepRefused(_("There is no lower tier: return it to the unit."))
    return _step(
        row,
        "pass_up" if up else "pass_down",
        by=by,
        now=now,
        note=note.strip(),
        may=_holds_tier(now),
        values={"tier": order[place]},
    )


@transaction.atomic
def return_worksheet(*, sheet: Worksheet, note: str, by: Membership, now: datetime) -> Worksheet:
    """To the unit, which repairs the questions that were returned one by one, with a message."""
    row = locked_sheet(sheet.pk)
    values = {"tier": ""}
    return _step(
        row,
        "return",
        by=by,
        now=now,
        note=note.strip(),
        may=_holds_tier(now),
        values=values,
    )


@transaction.atomic
def approve_worksheet(*, sheet: Worksheet, by: Membership, now: datetime) -> Worksheet:
    """By the highest tier; bound to the hash of everything as it stands."""
    row = locked_sheet(sheet.pk)
    order, here = _order(row, now)
    if row.state == WorksheetState.SUBMITTED and order[-1:] != [here]:
        raise StepRefused(_("A higher tier has not seen it yet. Pass it on."))
    if row.state == WorksheetState.SUBMITTED and _is_alone(row, by):
        raise StepRefused(str(_ALONE))
    values = {"tier": "", "approved_by": by}
    approved = _step(row, "approve", by=by, now=now, may=_holds_tier(now), values=values)
    settle_returns(sheet=approved, now=now, is_over=True)
    return approved


@transaction.atomic
def reopen_worksheet(*, sheet: Worksheet, note: str, by: Membership, now: datetime) -> Worksheet:
    """The tier that approved takes it up again, with a reason; the approval stays on record."""
    row = locked_sheet(sheet.pk)
    if not note.strip():
        raise StepRefused(_("Write why it is opened again."))
    order, _here = _order(row, now)
    if not order:
        raise StepRefused(str(_NOBODY))
    last = order[-1]
    values = {"tier": last, "approved_by": None}
    may = _holds_tier(now, last)
    return _step(row, "reopen", by=by, now=now, note=note.strip(), may=may, values=values)


def _is_alone(row: Worksheet, by: Membership) -> bool:
    """Whether nobody else of the TPI has scored or passed it on in this round."""
    scores = Answer.objects.filter(item__worksheet=row, assessor=Assessor.TPI)
    others = scores.exclude(changed_by__user=by.user_id)
    passed = row.steps.filter(name="pass_up", round=row.round)
    return (
        scores.exists()
        and not others.exists()
        and not passed.exclude(membership__user=by.user_id).exists()
    )


def _step(row: Worksheet, name: str, *, values: dict[str, Any], **more: Any) -> Worksheet:
    step_values = {"tier": row.tier or values["tier"], "round": values.get("round", row.round)}
    moved = perform(
        WORKSHEET,
        name,
        row,
        checks=checks(),
        effects={"keep_approval": partial(_keep_approval, approver=more["by"])},
        values=values,
        step_values=step_values,
        **more,
    )
    tell_step(sheet=moved, name=name, now=more["now"])
    return moved


def _heads_unit(membership: Membership, sheet: Worksheet) -> bool:
    return sheet.zone.closed_on is None and can_decide(membership, sheet.zone.unit)


def _order(row: Worksheet, now: datetime) -> tuple[list[str], str]:
    """The tiers that somebody can take up, lowest first, and the one whose turn it is."""
    held = holders(row, timezone.localdate(now))
    return [tier.code for tier in tiers() if tier.code in held], turn(row, held)


def _holds_tier(now: datetime, tier: str = "") -> Callable[[Membership, Worksheet], bool]:
    """Whose turn it is, or who holds this tier; on a stale page any tier, so that the step itself
    answers."""

    def may(membership: Membership, sheet: Worksheet) -> bool:
        today = timezone.localdate(now)
        if tier:
            return tier in {each.code for each in tiers_of(membership, sheet, today)}
        if sheet.state == WorksheetState.SUBMITTED:
            return is_turn_of(membership, sheet, today)
        return bool(tiers_of(membership, sheet, today))

    return may


def _keep_approval(
    sheet: Worksheet, by: Membership | None, now: datetime, *, approver: Membership
) -> None:
    content = content_of(sheet)
    totals = {row.assessor: row.total for row in sheet.scores.all()}
    WorksheetApproval.objects.create(
        government_id=sheet.government_id,
        worksheet=sheet,
        round=sheet.round,
        by=approver,
        at=now,
        content=content,
        sha256=fingerprint(content),
        unit_total=totals.get(Assessor.UNIT, 0),
        tpi_total=totals.get(Assessor.TPI, 0),
    )
