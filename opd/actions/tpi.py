"""The internal assessment team of a year: its decree, its members and their functions."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from opd import permissions
from opd.models import Membership, TpiMember, TpiTeam
from opd.transitions import StepRefused


@transaction.atomic
def save_tpi_team(
    *,
    by: Membership,
    year: int,
    decree_number: str,
    decided_on: date,
    scan: StoredFile | None,
    version: int | None,
    today: date,
) -> TpiTeam:
    """The decree of a year's team; a new scan takes the place of the old one."""
    _may(by)
    if decided_on > today:
        raise StepRefused(_("The day of the decree lies ahead."))
    team = (
        TpiTeam.objects.select_for_update(of=("self",), no_key=True)
        .filter(government_id=by.government_id, year=year)
        .first()
    )
    if team is not None and version is not None and team.version != version:
        raise StepRefused(
            _(
                "Somebody else has saved this decree since you opened it. Look at it, then save again."
            )
        )
    is_new = team is None
    team = team or TpiTeam(
        government_id=by.government_id, year=year, version=0, is_sample=by.government.is_sample
    )
    team.decree_number, team.decided_on = decree_number, decided_on
    if scan is not None:
        files.keep(scan)
        team.scan = scan
    team.version += 1
    _check(team)
    team.save()
    codes: dict[str, ledger.Code] = {"year": year, "scan": team.scan_id is not None}
    ledger.record("tpi_team.recorded" if is_new else "tpi_team.edited", team, by=by, codes=codes)
    return team


@transaction.atomic
def add_tpi_member(
    *, by: Membership, team: TpiTeam, member: Membership, function: str
) -> TpiMember:
    """Somebody of any unit takes a function. What he assesses is assigned apart."""
    team = _locked(by, team)
    if member.government_id != by.government_id:
        raise PermissionDenied(_("This person belongs to another government."))
    known = team.members.filter(membership__user_id=member.user_id)
    if known.exists():
        raise StepRefused(_("This person already stands in the team."))
    row = TpiMember(
        government_id=team.government_id, team=team, membership=member, function=function
    )
    _check(row)
    row.save()
    ledger.record(
        "tpi_member.added",
        row,
        by=by,
        codes={"team": team.pk, "member": member.pk, "function": function},
    )
    return row


@transaction.atomic
def remove_tpi_member(*, by: Membership, row: TpiMember) -> None:
    """Whoever still assesses units in that year is released from them first."""
    team = _locked(by, row.team)
    tasks = row.membership.tpi_assignments.filter(year=team.year).count()
    if tasks:
        raise StepRefused(
            _("This member still assesses %(count)s units. Take these back first.")
            % {"count": tasks}
        )
    codes: dict[str, ledger.Code] = {
        "team": team.pk,
        "member": row.membership_id,
        "function": row.function,
    }
    ledger.record("tpi_member.removed", row, by=by, codes=codes)
    row.delete()


def _may(by: Membership) -> None:
    if not permissions.can_assign_tpi(by):
        raise PermissionDenied(_("Your role does not assign members of the TPI."))


def _locked(by: Membership, team: TpiTeam) -> TpiTeam:
    _may(by)
    return TpiTeam.objects.select_for_update(of=("self",), no_key=True).get(
        pk=team.pk, government_id=by.government_id
    )


def _check(row: TpiTeam | TpiMember) -> None:
    try:
        row.validate_constraints()
    except ValidationError as error:
        raise StepRefused(next(iter(error.message_dict.values()))[0]) from error
