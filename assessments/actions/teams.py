"""Work teams: open, copy from another year, write members, amend what a signed decree sealed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from assessments import locking
from assessments.enums import TeamFunction
from assessments.models import IntegrityZone, TeamMember, WorkTeam
from assessments.permissions import can_write_plan
from integrity_portal.core import ledger
from opd.models import Membership
from opd.transitions import StepRefused


class MemberConflict(Exception):
    """Somebody saved something else meanwhile; `current` is what stands there now."""

    def __init__(self, current: TeamMember) -> None:
        super().__init__("version")
        self.current = current


@dataclass(frozen=True)
class MemberFacts:
    """A place and who fills it. `agent_of` says what a change agent changes; empty for others."""

    function: str
    name: str
    title: str
    area: str = ""
    membership: Membership | None = None
    nip: str = ""
    agent_of: str = ""


@transaction.atomic
def open_team(
    *, zone: IntegrityZone, year: int, by: Membership, copy_from: WorkTeam | None = None
) -> WorkTeam:
    """The team of a year, empty or with the members of another year of the same zone.

    A second press finds the team of the first.
    """
    zone = locking.writable_zone(zone, by)
    if copy_from is not None and copy_from.zone_id != zone.pk:
        raise StepRefused(_("Choose a team of the same unit to copy from."))
    existing = WorkTeam.objects.filter(zone=zone, year=year).order_by("-number").first()
    if existing:
        return existing
    team = WorkTeam.objects.create(
        government_id=zone.government_id,
        zone=zone,
        year=year,
        copied_from=copy_from,
        is_sample=zone.is_sample,
    )
    copied = _copy(copy_from, team) if copy_from else 0
    codes: dict[str, ledger.Code] = {
        "zone": zone.pk,
        "year": year,
        "copied_from": copy_from.pk if copy_from else None,
        "members": copied,
    }
    ledger.record("work_team.opened", team, by=by, codes=codes)
    return team


@transaction.atomic
def amend_team(*, team: WorkTeam, by: Membership) -> WorkTeam:
    """A new version of a team whose decree is signed; its own decree will replace that one.

    A second press finds the version of the first.
    """
    row = _writable(team, by)
    newest = WorkTeam.objects.filter(zone_id=row.zone_id, year=row.year).order_by("-number").first()
    if newest is not None and newest.pk != row.pk:
        return newest
    if row.sealed_at is None:
        raise StepRefused(_("This team can still be changed; it needs no new version."))
    fresh = WorkTeam.objects.create(
        government_id=row.government_id,
        zone_id=row.zone_id,
        year=row.year,
        number=row.number + 1,
        replaces=row,
        is_sample=row.is_sample,
    )
    copied = _copy(row, fresh)
    codes: dict[str, ledger.Code] = {"replaces": row.pk, "version": fresh.number, "members": copied}
    ledger.record("work_team.amended", fresh, by=by, codes=codes)
    return fresh


def _copy(source: WorkTeam, team: WorkTeam) -> int:
    rows = [
        TeamMember(
            government_id=team.government_id,
            team=team,
            function=old.function,
            area=old.area,
            membership_id=old.membership_id,
            name=old.name,
            title=old.title,
            nip=old.nip,
            is_agent=old.is_agent,
            agent_of=old.agent_of,
            form_key=uuid4(),
        )
        for old in source.members.order_by("pk")
    ]
    return len(TeamMember.objects.bulk_create(rows))


@transaction.atomic
def add_member(*, team: WorkTeam, facts: MemberFacts, form_key: UUID, by: Membership) -> TeamMember:
    """A second press of the same form finds the first one's member."""
    row = _open(_writable(team, by))
    _refuse_stranger(row, facts)
    existing = TeamMember.objects.filter(form_key=form_key).first()
    if existing:
        if existing.team_id != row.pk:
            raise StepRefused(_("This form belongs to another team. Open it again."))
        return existing
    member = TeamMember(government_id=row.government_id, team=row, form_key=form_key)
    _write(member, facts)
    ledger.record("team_member.added", member, by=by, codes=_codes(member))
    return member


@transaction.atomic
def edit_member(
    *, member: TeamMember, facts: MemberFacts, version: int, by: Membership
) -> TeamMember:
    """Over the version that the person saw. Raises MemberConflict when somebody was faster."""
    _refuse_stranger(_open(_writable(member.team, by)), facts)
    row = TeamMember.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
    if _facts_of(row) == facts:
        return row
    if row.version != version:
        raise MemberConflict(row)
    row.version += 1
    _write(row, facts)
    ledger.record("team_member.edited", row, by=by, codes=_codes(row))
    return row


@transaction.atomic
def remove_member(*, member: TeamMember, by: Membership) -> None:
    """From a team whose decree is not signed: nothing was promised yet. The history keeps it."""
    _open(_writable(member.team, by))
    row = TeamMember.objects.filter(pk=member.pk).first()
    if row is None:
        return
    ledger.record("team_member.removed", row, by=by, codes=_codes(row))
    row.delete()


@transaction.atomic
def seal_team(*, team: WorkTeam, by: Membership | None, now: datetime) -> None:
    """Effect of signing its decree: what the decree lists stays as it is."""
    row = WorkTeam.objects.select_for_update(of=("self",), no_key=True).get(pk=team.pk)
    if row.sealed_at is None:
        row.sealed_at = now
        row.save(update_fields=["sealed_at"])
        ledger.record(
            "work_team.sealed",
            row,
            by=by,
            government_id=row.government_id,
            codes={"version": row.number},
        )


def _refuse_stranger(team: WorkTeam, facts: MemberFacts) -> None:
    """An office of the portal is one of the unit or below it; others are written by name."""
    place = facts.membership.unit if facts.membership else None
    if facts.membership is not None and (place is None or team.zone.unit_id not in place.lineage):
        raise StepRefused(_("This office does not belong to the unit. Write its holder by name."))


def _facts_of(row: TeamMember) -> MemberFacts:
    return MemberFacts(
        function=row.function,
        name=row.name,
        title=row.title,
        area=row.area,
        membership=row.membership,
        nip=row.nip,
        agent_of=row.agent_of,
    )


def _write(row: TeamMember, facts: MemberFacts) -> None:
    row.function, row.area = facts.function, facts.area
    row.membership = facts.membership
    row.name, row.title, row.nip = facts.name, facts.title, facts.nip
    row.agent_of, row.is_agent = facts.agent_of, bool(facts.agent_of)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise StepRefused(_taken(str(error), facts)) from None


def _taken(error: str, facts: MemberFacts) -> str:
    if "team_one_of_each_office" in error:
        return _("The team already has: %(place)s. Change or remove that one first.") % {
            "place": TeamFunction(facts.function).label
        }
    if "team_one_coordinator_per_pokja" in error:
        return _("This pokja already has a coordinator. Change or remove that one first.")
    return _("This place is not complete: a pokja needs its area, an agent what he changes.")


def _writable(team: WorkTeam, by: Membership) -> WorkTeam:
    """The locked team, for somebody who writes for the unit of a zone that is open."""
    row = (
        WorkTeam.objects.select_for_update(of=("self",), no_key=True)
        .select_related("zone__unit")
        .get(pk=team.pk)
    )
    if not can_write_plan(by, row.zone.unit):
        raise PermissionDenied(_("Only the operator and the head of the unit write its work team."))
    if row.zone.closed_on is not None:
        raise StepRefused(_("The integrity zone of this unit is closed; its teams can be read."))
    return row


def _open(team: WorkTeam) -> WorkTeam:
    if team.sealed_at is not None:
        raise StepRefused(
            _("The decree of this team is signed. Begin a new version to change the team.")
        )
    return team


def _codes(member: TeamMember) -> dict[str, ledger.Code]:
    return {
        "team": member.team_id,
        "function": member.function,
        "area": member.area,
        "office": member.membership_id,
        "agent": member.is_agent,
    }
