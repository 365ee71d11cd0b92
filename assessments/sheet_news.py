"""What unit and TPI are told of a work-sheet: whose turn it is, what came back, what is settled."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from assessments.enums import WorksheetState
from assessments.models import Worksheet
from assessments.queries.tiers import reviewers_of, turn
from assessments.telling import tell_owners
from opd.actions.inbox import settle_items
from opd.enums import Role
from opd.reminders import Owner

# Links of the inbox: the review page of a work-sheet, by its key.
KIND = "worksheet_review"
WAITS, RETURNED, OPENED, REPAIRED, APPROVED = (
    f"worksheet.{word}" for word in ("waits", "returned", "opened", "repaired", "approved")
)


@transaction.atomic
def tell_step(*, sheet: Worksheet, name: str, now: datetime) -> int:
    """After a step: what was told before is settled, and whoever is to act now is told."""
    settle_items(government=sheet.government, link=(KIND, str(sheet.pk)), now=now)
    if sheet.state == WorksheetState.SUBMITTED:
        return tell(sheet, tier_owners(sheet, now), WAITS, now)
    sentence = {"return": RETURNED, "approve": APPROVED}.get(name)
    return tell(sheet, unit_owners(sheet), sentence, now) if sentence else 0


@transaction.atomic
def tell_opened(*, sheet: Worksheet, now: datetime) -> int:
    """A question was unlocked for the unit while the sheet lies elsewhere."""
    return tell(sheet, unit_owners(sheet), OPENED, now)


@transaction.atomic
def tell_repaired(*, sheet: Worksheet, now: datetime) -> int:
    """The unit handed a question back; what it was told of it is over once nothing is open."""
    if not sheet.items.filter(mark__in=["returned", "unlocked"]).exists():
        settle_items(government=sheet.government, link=(KIND, str(sheet.pk)), now=now)
    if sheet.state not in (WorksheetState.SUBMITTED, WorksheetState.APPROVED):
        return 0
    return tell(sheet, tier_owners(sheet, now), REPAIRED, now)


def unit_owners(sheet: Worksheet) -> list[Owner]:
    unit = sheet.zone.unit_id
    return [Owner(role=role, unit_id=unit) for role in (Role.OPD_OPERATOR, Role.OPD_HEAD)]


def tier_owners(sheet: Worksheet, now: datetime) -> list[Owner]:
    """Offices of the tier whose turn it is; of an approved sheet those that may open it."""
    reviewers = reviewers_of([sheet], timezone.localdate(now))
    held = reviewers.held(sheet)
    tier = turn(sheet, held) if sheet.tier else reviewers.last(sheet)
    return [Owner(membership_id=office.pk) for office in reviewers.offices_of(tier, sheet)]


def tell(
    sheet: Worksheet, owners: Iterable[Owner], sentence: str, now: datetime, *, kind: str = KIND
) -> int:
    """How many were told, with a link of this kind by the sheet's key. While the same stands
    unread, nothing new is said."""
    return tell_owners(
        government=sheet.government,
        owners=owners,
        sentence=sentence,
        link=(kind, str(sheet.pk)),
        now=now,
        is_sample=sheet.is_sample,
    )
