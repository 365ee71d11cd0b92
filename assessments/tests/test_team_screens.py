"""The screens of work teams: open, write, refuse, amend."""

import html
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.actions.teams import seal_team
from assessments.enums import TeamFunction
from assessments.models import TeamMember, WorkTeam
from assessments.tests.factories_papers import (
    NOW,
    TeamMemberFactory,
    WorkTeamFactory,
    complete_team,
    zone_of,
)
from opd.enums import Role

pytestmark = pytest.mark.django_db


def page(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:800]
    return html.unescape(response.content.decode())


def url(name: str, *args: int) -> str:
    return reverse(f"assessments:{name}", args=args)


def member(**values: Any) -> dict[str, Any]:
    facts = {
        "form_key": str(uuid4()), "version": 0, "function": "ketua", "area": "",
        "membership": "", "name": "Ani", "title": "Sekretaris Dinas", "nip": "", "agent_of": "",
    }  # fmt: skip
    return {**facts, **values}


def test_from_nothing_to_a_complete_team(cast: Any, operator: Client) -> None:
    zone = zone_of(cast.unit)
    shown = page(operator.get(url("team", zone.pk)))
    assert "Belum ada tim kerja" in shown
    year = timezone.localdate().year
    page(operator.post(url("team_new", zone.pk), {"year": year, "copy_from": ""}), 302)
    team = WorkTeam.objects.get()
    assert "Tim belum punya ketua." in page(operator.get(url("team", zone.pk)))
    add = url("member_new", team.pk)
    page(operator.post(add, member()), 302)
    for area in "123456":
        page(operator.post(add, member(function="koordinator", area=area, name=f"K{area}")), 302)
    shown = page(operator.post(add, member(function="agen", agent_of="Antrean"), follow=True))
    assert "Tim sudah lengkap" in shown
    assert f"kind=sk_tim_kerja&subject={team.pk}" in shown


def test_last_years_team_is_offered_to_copy(cast: Any, operator: Client) -> None:
    year = timezone.localdate().year
    last = complete_team(cast.unit, year - 1)
    shown = page(operator.get(url("team_new", last.zone_id)))
    assert f"tim tahun {year - 1}" in shown
    sent = {"year": year, "copy_from": last.pk}
    page(operator.post(url("team_new", last.zone_id), sent), 302)
    assert WorkTeam.objects.get(year=year).members.count() == 8


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"function": ""}, "Pilih"),
        ({"name": ""}, "Isi nama, atau pilih jabatan"),
        ({"title": ""}, "Isi jabatan, misalnya"),
        ({"function": "koordinator"}, "Pilih area pokjanya"),
        ({"function": "agen"}, "Tulis apa yang diubah"),
        ({"is_agent": "on"}, "Tulis apa yang diubah"),
        ({"agent_of": "Antrean"}, "Centang bahwa orang ini"),
        ({"nip": "12345"}, "18 angka"),
    ],
)
def test_refused_input_keeps_what_was_typed(
    sent: Any, said: str, cast: Any, operator: Client
) -> None:
    team = WorkTeamFactory(zone=zone_of(cast.unit))
    shown = page(operator.post(url("member_new", team.pk), member(**{"title": "Jabatan", **sent})))
    assert said in shown
    assert "Jabatan" in shown
    assert not team.members.exists()


def test_an_office_brings_name_and_title(cast: Any, operator: Client) -> None:
    team, office = WorkTeamFactory(zone=zone_of(cast.unit)), cast[Role.OPD_HEAD]
    sent = member(membership=office.pk, name="", title="", nip="19800101 200501 1 001")
    page(operator.post(url("member_new", team.pk), sent), 302)
    row = TeamMember.objects.get()
    assert (row.membership, row.name, row.title) == (office, office.user.name, office.title)
    assert row.nip == "198001012005011001"


def test_offices_of_other_units_are_not_offered(cast: Any, operator: Client) -> None:
    team, office = WorkTeamFactory(zone=zone_of(cast.unit)), cast.away_offices[Role.OPD_HEAD]
    shown = page(operator.post(url("member_new", team.pk), member(membership=office.pk)))
    assert "Pilih salah satu" in shown
    assert not team.members.exists()


def test_a_place_that_is_taken_is_said_at_the_place(cast: Any, operator: Client) -> None:
    team = complete_team(cast.unit)
    shown = page(operator.post(url("member_new", team.pk), member()))
    assert "Tim sudah punya: Ketua." in shown


def test_two_people_at_once(cast: Any, operator: Client) -> None:
    row = TeamMemberFactory(team__zone=zone_of(cast.unit), function=TeamFunction.KETUA)
    page(operator.post(url("member_edit", row.pk), member(version=1, name="Pertama")), 302)
    sent = member(version=1, name="Kedua")
    shown = page(operator.post(url("member_edit", row.pk), sent), 409)
    assert "Pertama" in shown
    assert "Kedua" in shown
    page(operator.post(url("member_edit", row.pk), {**sent, "version": 2}), 302)


def test_a_sealed_team_offers_a_new_version_and_nothing_else(cast: Any, operator: Client) -> None:
    team = complete_team(cast.unit)
    seal_team(team=team, by=None, now=NOW)
    shown = page(operator.get(url("team", team.zone_id)))
    assert url("team_amend", team.pk) in shown
    assert url("member_new", team.pk) not in shown
    shown = page(operator.post(url("team_amend", team.pk), follow=True))
    fresh = WorkTeam.objects.get(number=2)
    assert url("member_new", fresh.pk) in shown
    former = page(operator.get(f"{url('team', team.zone_id)}?team={team.pk}"))
    assert "Ini versi lama" in former
    assert url("team_amend", team.pk) not in former


def test_a_reader_reads_and_is_offered_nothing(cast: Any, client_as: Any) -> None:
    team = complete_team(cast.unit)
    for role in (Role.SEKDA, Role.TPN_REVIEWER, Role.LIAISON_OFFICER):
        shown = page(client_as(cast[role]).get(url("team", team.zone_id)))
        assert "Ketua Uji" in shown
        assert url("member_new", team.pk) not in shown


def test_two_members_cost_as_much_as_forty(cast: Any, operator: Client) -> None:
    team = WorkTeamFactory(zone=zone_of(cast.unit))
    counts = []
    for more in (2, 38):
        for _ in range(more):
            TeamMemberFactory(team=team)
        operator.get(url("team", team.zone_id))
        with CaptureQueriesContext(connection) as captured:
            page(operator.get(url("team", team.zone_id)))
        counts.append(len(captured))
    assert counts[0] == counts[1]
