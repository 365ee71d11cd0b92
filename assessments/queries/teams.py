"""Reads of work teams: the teams of a zone, one team in its order, what it lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments import teams as rules
from assessments.enums import AreaOfChange, PaperState, TeamFunction
from assessments.models import IntegrityZone, Paper, TeamMember, WorkTeam
from opd.models import Membership, Unit
from opd.transitions import Missing

LEADERS = (TeamFunction.PENANGGUNG_JAWAB, TeamFunction.KETUA, TeamFunction.SEKRETARIS)


def zone_for_team(membership: Membership, pk: int) -> IntegrityZone | None:
    return (
        IntegrityZone.objects.visible_to(membership)
        .select_related("unit", "unit__parent", "government")
        .filter(pk=pk)
        .first()
    )


def teams_of(membership: Membership, zone: IntegrityZone) -> list[WorkTeam]:
    """Newest year first, in it the newest version; with members and standing decree."""
    papers = Paper.objects.standing().order_by("pk")
    return list(
        WorkTeam.objects.visible_to(membership)
        .filter(zone=zone)
        .prefetch_related(
            Prefetch("members", TeamMember.objects.order_by("pk")),
            Prefetch("papers", papers, to_attr="standing_papers"),
        )
        .order_by("-year", "-number")
    )


def team_of(membership: Membership, pk: int) -> WorkTeam | None:
    return (
        WorkTeam.objects.visible_to(membership)
        .select_related("zone__unit", "zone__government")
        .filter(pk=pk)
        .first()
    )


def member_of(membership: Membership, pk: int) -> TeamMember | None:
    return (
        TeamMember.objects.filter(team__in=WorkTeam.objects.visible_to(membership))
        .select_related("team__zone__unit")
        .filter(pk=pk)
        .first()
    )


def in_order(members: Sequence[TeamMember]) -> list[TeamMember]:
    return sorted(members, key=lambda row: (*rules.in_order(row.function, row.area), row.pk))


@dataclass(frozen=True)
class Pokja:
    area: str
    name: str
    members: list[TeamMember]

    @property
    def coordinator(self) -> TeamMember | None:
        return next((m for m in self.members if m.function == TeamFunction.KOORDINATOR), None)


@dataclass(frozen=True)
class TeamPage:
    """One team as it is shown: leaders, six pokja, agents, and what it lacks."""

    team: WorkTeam
    leaders: list[TeamMember]
    pokja: list[Pokja]
    agents: list[TeamMember]
    gaps: list[Missing]
    paper: Paper | None


def team_page(team: WorkTeam) -> TeamPage:
    """`team` was read by `teams_of`: no further query."""
    rows = in_order(list(team.members.all()))
    standing: list[Paper] = getattr(team, "standing_papers", [])
    return TeamPage(
        team=team,
        leaders=[row for row in rows if row.function in LEADERS],
        pokja=[
            Pokja(area.value, str(area.label), [row for row in rows if row.area == area])
            for area in AreaOfChange
        ],
        agents=[row for row in rows if row.is_agent],
        gaps=[_missing(gap, team.zone_id) for gap in rules.gaps(_places(rows))],
        paper=standing[0] if standing else None,
    )


def team_gaps(zone: IntegrityZone, year: int) -> list[Missing]:
    """What the newest team of that year lacks to be complete; a missing team is one gap.

    The anchors are addresses of the team's page, so they lead there from every page.
    """
    team = newest_team(zone.pk, year)
    if team is None:
        sentence = _("The unit has no work team for %(year)s yet.") % {"year": str(year)}
        return [Missing(sentence, _address(zone.pk, "year"))]
    return gaps_of(team)


def gaps_of(team: WorkTeam) -> list[Missing]:
    return [_missing(gap, team.zone_id) for gap in rules.gaps(_places(team.members.all()))]


def newest_team(zone_id: int, year: int) -> WorkTeam | None:
    rows = WorkTeam.objects.filter(zone_id=zone_id, year=year).prefetch_related("members")
    return rows.order_by("-number").first()


def signed_decree_of(team: WorkTeam) -> Paper | None:
    """The signed SK of the version that this one replaces."""
    if team.replaces_id is None:
        return None
    rows = Paper.objects.filter(team_id=team.replaces_id, state=PaperState.SIGNED)
    return rows.order_by("-pk").first()


def people_of_branch(unit: Unit, today: date) -> QuerySet[Membership]:
    """Offices of the unit and those below it that are held today."""
    return (
        Membership.objects.valid_on(today)
        .filter(Q(unit__lineage__contains=[unit.pk]), government_id=unit.government_id)
        .exclude(role="tpn_reviewer")
        .select_related("user", "unit")
        .order_by("user__name", "pk")
    )


def _places(members: "Sequence[TeamMember] | QuerySet[TeamMember]") -> list[rules.Place]:
    return [rules.Place(row.function, row.area, row.is_agent) for row in members]


def _missing(gap: rules.Gap, zone_id: int) -> Missing:
    return Missing(_sentence(gap), _address(zone_id, gap.anchor))


def _sentence(gap: rules.Gap) -> str:
    if gap.code == rules.CHAIR:
        return _("The team has no chair (ketua) yet.")
    if gap.code == rules.AGENT:
        return _("The team has no change agent (agen perubahan) yet.")
    name = AreaOfChange(gap.area).label
    return _("Pokja %(number)s, %(area)s, has no coordinator yet.") % {
        "number": gap.area,
        "area": name,
    }


def _address(zone_id: int, anchor: str) -> str:
    return f"{reverse('assessments:team', kwargs={'zone_pk': zone_id})}#{anchor}"
