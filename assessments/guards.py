"""What every verb over acts asks first: is it the secretariat, is the row locked, is it a draft?"""

from collections.abc import Collection, Iterable
from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from assessments.enums import DeclarationState, WorksheetState
from assessments.models import Declaration, Worksheet
from assessments.permissions import can_manage_acts, decides_pilots
from assessments.queries.attempts import first_day_to_build
from assessments.queries.presence import absent_sentences
from assessments.queries.tiers import is_turn_of, reviewers_of, tiers_of
from assessments.queries.zones import zones_on_decrees
from integrity_portal.core.formatting import date_id
from integrity_portal.core.partial_dates import PartialDate
from opd.models import Membership, Unit
from opd.transitions import StepRefused


def refuse_undeciding(by: Membership) -> None:
    if not decides_pilots(by):
        raise StepRefused(_("Only the ZI secretariat opens and closes a choice of pilots."))


class UnitsAbsent(StepRefused):
    """Units that did not exist on the day of the act."""


class UnitBuilds(StepRefused):
    """Units that build by the decree from which they were to be struck."""


class BuildsEarlier(StepRefused):
    """Units that were building before the day that a decree is to bear."""


def refuse_absent(units: Iterable[Unit], known: PartialDate | None) -> None:
    sentences = absent_sentences(units, known)
    if sentences:
        raise UnitsAbsent(" ".join(sentences))


def refuse_early_building(unit_ids: Iterable[int], government_id: int, today: date) -> None:
    """After a decree took another day: nobody on it may have been building before."""
    for zone in zones_on_decrees(unit_ids, government_id):
        bound = first_day_to_build(zone, today)
        if bound and zone.building_since and zone.building_since < bound[0]:
            sentence = _(
                "%(unit)s builds since %(since)s, before that day. "
                "First correct since when it builds."
            )
            values = {"unit": zone.unit.name, "since": date_id(zone.building_since)}
            raise BuildsEarlier(sentence % values)


def refuse_others(by: Membership) -> None:
    if not can_manage_acts(by):
        raise StepRefused(_("Only the ZI secretariat manages declarations and decrees."))


def locked_draft(pk: int, by: Membership) -> Declaration:
    """The locked row. Raises StepRefused when somebody else's, or no longer a draft."""
    refuse_others(by)
    row = locked(pk, by.government_id)
    if row.state != DeclarationState.DRAFT:
        raise StepRefused(_("This declaration is being signed or closed; only drafts are edited."))
    return row


def locked(pk: int, government_id: int) -> Declaration:
    return Declaration.objects.select_for_update(of=("self",), no_key=True).get(
        pk=pk, government_id=government_id
    )


def refuse_other_assessors(
    sheet: Worksheet, by: Membership, today: date, *, states: Collection[str]
) -> None:
    """Only the TPI of this unit, in these states, and under review only the tier whose turn it is.

    Raises PermissionDenied and StepRefused.
    """
    if not tiers_of(by, sheet, today):
        raise PermissionDenied(_("Only the TPI of this unit does that."))
    if sheet.zone.closed_on is not None:
        raise StepRefused(_("This zone has ended; nothing is scored on it any more."))
    if sheet.state not in states:
        raise StepRefused(_("The work-sheet is not with the TPI now."))
    if sheet.state == WorksheetState.SUBMITTED and not is_turn_of(by, sheet, today):
        raise PermissionDenied(_("It is another tier's turn to score this unit."))


def refuse_lower_tiers(sheet: Worksheet, by: Membership, today: date) -> None:
    """What was approved is opened by the tier that approves. Raises PermissionDenied."""
    last = reviewers_of([sheet], today).last(sheet)
    if last not in {tier.code for tier in tiers_of(by, sheet, today)}:
        raise PermissionDenied(_("Only the tier that approves opens what was approved."))
