"""What a complete work team is. Pure: no ORM, no clock.

PermenPANRB 90/2021, area 1: a team that builds the zone, one pokja per area of change, and agents
of change. Who is who stands in the decree of the unit's head (SK tim kerja).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.enums import AreaOfChange, TeamFunction

CHAIR, COORDINATOR, AGENT = "chair", "coordinator", "agent"


@dataclass(frozen=True)
class Place:
    """One place in a team, as far as the rules ask."""

    function: str
    area: str = ""
    is_agent: bool = False


@dataclass(frozen=True)
class Gap:
    """What a team lacks: `chair`, `coordinator` of an area, or `agent`."""

    code: str
    area: str = ""

    @property
    def anchor(self) -> str:
        """Where it is supplied on the team's page."""
        return f"pokja-{self.area}" if self.area else {CHAIR: "leaders", AGENT: "agents"}[self.code]


def gaps(places: Iterable[Place]) -> list[Gap]:
    """A chair, one coordinator for each of the six pokja, at least one agent of change."""
    rows = list(places)
    found = []
    if all(row.function != TeamFunction.KETUA for row in rows):
        found.append(Gap(CHAIR))
    led = {row.area for row in rows if row.function == TeamFunction.KOORDINATOR}
    found += [Gap(COORDINATOR, area) for area in AreaOfChange.values if area not in led]
    if not any(row.is_agent for row in rows):
        found.append(Gap(AGENT))
    return found


def in_order(function: str, area: str) -> tuple[int, str, int]:
    """Leaders first, then each pokja with its coordinator, then those who are only agents."""
    order = list(TeamFunction)
    place = TeamFunction(function)
    if place.is_of_pokja:
        return (len(order), area, order.index(place))
    if place == TeamFunction.AGEN:
        return (len(order) + 1, "", 0)
    return (order.index(place), "", 0)
