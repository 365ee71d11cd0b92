"""Verbs of work teams: what they write, refuse and record."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from assessments.actions.teams import (
    MemberConflict,
    MemberFacts,
    add_member,
    amend_team,
    edit_member,
    open_team,
    remove_member,
    seal_team,
)
from assessments.enums import TeamFunction
from assessments.models import TeamMember, WorkTeam
from assessments.queries.teams import newest_team, team_gaps
from assessments.tests.factories_papers import (
    NOW,
    TeamMemberFactory,
    WorkTeamFactory,
    complete_team,
    zone_of,
)
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


def chair(**values: Any) -> MemberFacts:
    facts = {"function": TeamFunction.KETUA, "name": "Ani", "title": "Sekretaris Dinas"}
    return MemberFacts(**{**facts, **values})


def verbs() -> list[str]:
    rows = LedgerEntry.objects.filter(verb__startswith="work_team.") | LedgerEntry.objects.filter(
        verb__startswith="team_member."
    )
    return list(rows.order_by("pk").values_list("verb", flat=True))


def test_open_finds_the_team_of_the_first_press(cast: Any) -> None:
    zone, by = zone_of(cast.unit), cast[Role.OPD_OPERATOR]
    team = open_team(zone=zone, year=2026, by=by)
    assert open_team(zone=zone, year=2026, by=by) == team
    assert verbs() == ["work_team.opened"]
    codes = LedgerEntry.objects.get(verb="work_team.opened").codes
    assert codes == {"zone": zone.pk, "year": 2026, "copied_from": None, "members": 0}


def test_last_years_team_is_copied_and_stays(cast: Any) -> None:
    last = complete_team(cast.unit, 2025)
    by = cast[Role.OPD_HEAD]
    team = open_team(zone=last.zone, year=2026, by=by, copy_from=last)
    assert team.members.count() == last.members.count() == 8
    assert team.members.get(function="agen").agent_of == "Antrean bernomor"
    assert team_gaps(team.zone, 2026) == []


def test_another_units_team_is_not_copied(cast: Any) -> None:
    other = complete_team(cast.other_unit, 2025)
    with pytest.raises(StepRefused, match="unit yang sama"):
        open_team(zone=zone_of(cast.unit), year=2026, by=cast[Role.OPD_OPERATOR], copy_from=other)


@pytest.mark.parametrize("role", Role.values)
def test_only_operator_and_head_write(role: str, cast: Any) -> None:
    zone = zone_of(cast.unit)
    if role in (Role.OPD_OPERATOR, Role.OPD_HEAD):
        assert open_team(zone=zone, year=2026, by=cast[role]).zone == zone
        return
    with pytest.raises(PermissionDenied):
        open_team(zone=zone, year=2026, by=cast[role])


def test_a_closed_zone_gets_no_team(cast: Any) -> None:
    zone = zone_of(cast.unit)
    zone.closed_on = NOW.date()
    zone.save()
    with pytest.raises(StepRefused, match="ditutup"):
        open_team(zone=zone, year=2026, by=cast[Role.OPD_HEAD])


def test_a_member_is_added_once(cast: Any) -> None:
    team, key, by = WorkTeamFactory(zone=zone_of(cast.unit)), uuid4(), cast[Role.OPD_OPERATOR]
    row = add_member(team=team, facts=chair(), form_key=key, by=by)
    assert add_member(team=team, facts=chair(), form_key=key, by=by) == row
    assert verbs() == ["team_member.added"]
    entry = LedgerEntry.objects.get(verb="team_member.added")
    assert "Ani" not in str(entry.codes)
    other = WorkTeamFactory(zone=zone_of(cast.unit), year=2027)
    with pytest.raises(StepRefused, match="tim lain"):
        add_member(team=other, facts=chair(), form_key=key, by=by)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (chair(name="Budi"), "Ketua"),
        (chair(function=TeamFunction.KOORDINATOR, area="1"), "koordinator"),
        (chair(function=TeamFunction.KOORDINATOR), "area"),
    ],
)
def test_a_place_is_filled_once(facts: MemberFacts, said: str, cast: Any) -> None:
    team = complete_team(cast.unit)
    with pytest.raises(StepRefused, match=said):
        add_member(team=team, facts=facts, form_key=uuid4(), by=cast[Role.OPD_OPERATOR])
    assert team.members.count() == 8


def test_edit_says_when_somebody_was_faster(cast: Any) -> None:
    member = TeamMemberFactory(team__zone=zone_of(cast.unit), function=TeamFunction.KETUA)
    by = cast[Role.OPD_HEAD]
    edited = edit_member(member=member, facts=chair(), version=1, by=by)
    assert (edited.name, edited.version) == ("Ani", 2)
    assert edit_member(member=member, facts=chair(), version=1, by=by) == edited
    with pytest.raises(MemberConflict):
        edit_member(member=member, facts=chair(name="Budi"), version=1, by=by)
    assert verbs() == ["team_member.edited"]


def test_an_office_of_another_unit_is_refused(cast: Any) -> None:
    team, by = WorkTeamFactory(zone=zone_of(cast.unit)), cast[Role.OPD_OPERATOR]
    for office in (cast[Role.SEKDA], cast.away_offices[Role.OPD_HEAD]):
        with pytest.raises(StepRefused, match="bukan milik unit"):
            add_member(team=team, facts=chair(membership=office), form_key=uuid4(), by=by)
    row = add_member(team=team, facts=chair(membership=by), form_key=uuid4(), by=by)
    assert row.membership == by


def test_remove_twice_is_remove_once(cast: Any) -> None:
    member = TeamMemberFactory(team__zone=zone_of(cast.unit))
    by = cast[Role.OPD_OPERATOR]
    remove_member(member=TeamMember.objects.get(pk=member.pk), by=by)
    remove_member(member=member, by=by)
    assert verbs() == ["team_member.removed"]


class TestSealed:
    @pytest.fixture
    def team(self, cast: Any) -> WorkTeam:
        team = complete_team(cast.unit)
        seal_team(team=team, by=None, now=NOW)
        team.refresh_from_db()
        return team

    def test_it_is_not_written_any_more(self, team: WorkTeam, cast: Any) -> None:
        by, member = cast[Role.OPD_OPERATOR], team.members.all()[0]
        facts = chair(function=TeamFunction.SEKRETARIS)
        with pytest.raises(StepRefused, match="versi baru"):
            add_member(team=team, facts=facts, form_key=uuid4(), by=by)
        with pytest.raises(StepRefused, match="versi baru"):
            edit_member(member=member, facts=facts, version=1, by=by)
        with pytest.raises(StepRefused, match="versi baru"):
            remove_member(member=member, by=by)

    def test_the_database_holds_it_too(self, team: WorkTeam) -> None:
        attempts = (
            lambda: TeamMember.objects.filter(team=team).update(name="Lain"),
            lambda: TeamMember.objects.filter(team=team).delete(),
            lambda: TeamMemberFactory(team=team),
            lambda: WorkTeam.objects.filter(pk=team.pk).update(sealed_at=None),
        )
        for attempt in attempts:
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()

    def test_amend_makes_the_next_version_once(self, team: WorkTeam, cast: Any) -> None:
        by = cast[Role.OPD_HEAD]
        fresh = amend_team(team=team, by=by)
        assert (fresh.number, fresh.replaces, fresh.members.count()) == (2, team, 8)
        assert amend_team(team=team, by=by) == fresh
        assert newest_team(team.zone_id, 2026) == fresh
        assert verbs() == ["work_team.sealed", "work_team.amended"]

    def test_opening_the_year_again_finds_the_newest(self, team: WorkTeam, cast: Any) -> None:
        fresh = amend_team(team=team, by=cast[Role.OPD_HEAD])
        assert open_team(zone=team.zone, year=2026, by=cast[Role.OPD_HEAD]) == fresh


def test_an_open_team_needs_no_new_version(cast: Any) -> None:
    with pytest.raises(StepRefused, match="masih dapat diubah"):
        amend_team(team=complete_team(cast.unit), by=cast[Role.OPD_HEAD])


def test_gaps_lead_to_the_page_of_the_team(cast: Any) -> None:
    zone = zone_of(cast.unit)
    assert [item.sentence for item in team_gaps(zone, 2026)] == [
        "Unit belum punya tim kerja tahun 2026."
    ]
    TeamMemberFactory(team__zone=zone, function=TeamFunction.KETUA)
    found = team_gaps(zone, 2026)
    assert len(found) == 7
    assert found[0].anchor == f"/app/teams/zones/{zone.pk}/#pokja-1"
    assert found[-1].anchor.endswith("#agents")
