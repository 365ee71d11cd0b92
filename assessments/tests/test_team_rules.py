"""What a complete team is: a chair, six coordinators, an agent of change."""

import pytest

from assessments.enums import AreaOfChange, TeamFunction
from assessments.teams import AGENT, CHAIR, COORDINATOR, Gap, Place, gaps, in_order

CHAIR_PLACE = Place(TeamFunction.KETUA)
SIX = [Place(TeamFunction.KOORDINATOR, area) for area in AreaOfChange.values]
AN_AGENT = Place(TeamFunction.AGEN, is_agent=True)


def test_a_complete_team_lacks_nothing() -> None:
    assert gaps([CHAIR_PLACE, *SIX, AN_AGENT]) == []


def test_an_empty_team_lacks_everything_in_order() -> None:
    assert gaps([]) == [Gap(CHAIR), *(Gap(COORDINATOR, a) for a in "123456"), Gap(AGENT)]


@pytest.mark.parametrize("area", AreaOfChange.values)
def test_each_pokja_needs_its_own_coordinator(area: str) -> None:
    led = [place for place in SIX if place.area != area]
    member = Place(TeamFunction.ANGGOTA, area)
    assert gaps([CHAIR_PLACE, *led, member, AN_AGENT]) == [Gap(COORDINATOR, area)]


def test_a_coordinator_may_be_the_agent_of_change() -> None:
    agent = Place(TeamFunction.KOORDINATOR, "6", is_agent=True)
    assert gaps([CHAIR_PLACE, *SIX[:5], agent]) == []


def test_who_answers_for_the_team_is_no_chair() -> None:
    rows = [Place(TeamFunction.PENANGGUNG_JAWAB), Place(TeamFunction.SEKRETARIS), *SIX, AN_AGENT]
    assert gaps(rows) == [Gap(CHAIR)]


def test_anchors_lead_to_the_place() -> None:
    found = [Gap(CHAIR).anchor, Gap(COORDINATOR, "3").anchor, Gap(AGENT).anchor]
    assert found == ["leaders", "pokja-3", "agents"]


def test_leaders_then_each_pokja_with_its_coordinator_then_agents() -> None:
    rows = [
        ("agen", ""), ("anggota", "1"), ("koordinator", "2"), ("koordinator", "1"),
        ("sekretaris", ""), ("ketua", ""),
    ]  # fmt: skip
    assert sorted(rows, key=lambda row: in_order(*row)) == [
        ("ketua", ""), ("sekretaris", ""), ("koordinator", "1"), ("anggota", "1"),
        ("koordinator", "2"), ("agen", ""),
    ]  # fmt: skip
