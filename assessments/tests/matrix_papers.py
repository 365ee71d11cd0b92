"""The doors of work teams and official papers."""

from collections.abc import Callable
from typing import Any

from assessments.enums import PaperKind
from assessments.models import Paper
from assessments.permissions import PLAN_READERS, PLAN_WRITERS
from assessments.tests.factories_papers import (
    TeamMemberFactory,
    WorkTeamFactory,
    draft,
    numbered,
    signed,
    zone_of,
)
from opd.enums import Role
from opd.models import Unit
from opd.tests.doors import Door
from opd.tests.fixtures import Cast

KEEPERS = frozenset({Role.ZI_SECRETARIAT, Role.INSPECTORATE, *PLAN_WRITERS})
INSPECTORS = frozenset({Role.INSPECTORATE})
MAYORS = frozenset({Role.MAYOR})
NO_PART = frozenset(set(Role.values) - PLAN_READERS)


def key(paper: Paper) -> dict[str, Any]:
    return {"pk": paper.pk}


def team_paper(make: Callable[..., Paper]) -> Callable[[Cast], dict[str, Any]]:
    return lambda cast: key(make(PaperKind.SK_TIM_KERJA, cast.unit))


def team_paper_elsewhere(make: Callable[..., Paper]) -> Callable[[Cast], dict[str, Any]]:
    return lambda cast: key(make(PaperKind.SK_TIM_KERJA, cast.other_unit))


def decree_signed(cast: Cast, unit: Unit) -> dict[str, Any]:
    return key(signed(PaperKind.LHE, unit, cast[Role.INSPECTORATE]))


def own_decree(name: str, make: Callable[..., Paper], method: str = "get") -> Door:
    """A step of a unit's own decree: central keepers are told that it is not theirs."""
    return Door(
        f"assessments:{name}",
        allowed=PLAN_WRITERS,
        method=method,
        kwargs=team_paper(make),
        elsewhere=team_paper_elsewhere(make),
        unseen=frozenset({Role.TPN_REVIEWER}) & KEEPERS,
    )


def mayors_letter(cast: Cast) -> dict[str, Any]:
    office = cast[Role.MAYOR]
    return key(numbered(PaperKind.SURAT_PENGAJUAN, cast.unit, signatory=office))


DOORS = [
    Door("assessments:papers", allowed=PLAN_READERS),
    Door(
        "assessments:zone_papers",
        allowed=PLAN_READERS,
        kwargs=lambda cast: {"zone_pk": zone_of(cast.unit).pk},
        elsewhere=lambda cast: {"zone_pk": zone_of(cast.other_unit).pk},
    ),
    Door("assessments:paper_new", allowed=KEEPERS),
    Door(
        "assessments:paper",
        allowed=PLAN_READERS,
        kwargs=lambda cast: decree_signed(cast, cast.unit),
        elsewhere=lambda cast: decree_signed(cast, cast.other_unit),
    ),
    Door(
        "assessments:paper_pdf",
        allowed=PLAN_READERS,
        method="post",
        kwargs=lambda cast: decree_signed(cast, cast.unit),
        elsewhere=lambda cast: decree_signed(cast, cast.other_unit),
    ),
    Door(
        "assessments:paper_file",
        allowed=PLAN_READERS,
        kwargs=lambda cast: decree_signed(cast, cast.unit),
        elsewhere=lambda cast: decree_signed(cast, cast.other_unit),
        is_page=False,
    ),
    own_decree("paper_edit", draft),
    own_decree("paper_number", draft),
    own_decree("paper_redraft", numbered, "post"),
    own_decree("paper_record", numbered),
    own_decree("paper_void", numbered),
    Door(
        "assessments:paper_sign",
        allowed=MAYORS,
        kwargs=mayors_letter,
        # A head of unit does not see what is not signed yet.
        unseen=frozenset({Role.OPD_HEAD}),
        is_page=False,
    ),
    Door(
        "assessments:team",
        allowed=PLAN_READERS,
        kwargs=lambda cast: {"zone_pk": zone_of(cast.unit).pk},
        elsewhere=lambda cast: {"zone_pk": zone_of(cast.other_unit).pk},
    ),
    Door(
        "assessments:team_new",
        allowed=PLAN_WRITERS,
        kwargs=lambda cast: {"zone_pk": zone_of(cast.unit).pk},
        elsewhere=lambda cast: {"zone_pk": zone_of(cast.other_unit).pk},
    ),
    Door(
        "assessments:member_new",
        allowed=PLAN_WRITERS,
        kwargs=lambda cast: key(WorkTeamFactory(zone=zone_of(cast.unit))),
        elsewhere=lambda cast: key(WorkTeamFactory(zone=zone_of(cast.other_unit))),
    ),
    Door(
        "assessments:team_amend",
        allowed=PLAN_WRITERS,
        method="post",
        kwargs=lambda cast: key(WorkTeamFactory(zone=zone_of(cast.unit))),
        elsewhere=lambda cast: key(WorkTeamFactory(zone=zone_of(cast.other_unit))),
    ),
    Door(
        "assessments:member_edit",
        allowed=PLAN_WRITERS,
        kwargs=lambda cast: key(TeamMemberFactory(team__zone=zone_of(cast.unit))),
        elsewhere=lambda cast: key(TeamMemberFactory(team__zone=zone_of(cast.other_unit))),
    ),
    Door(
        "assessments:member_remove",
        allowed=PLAN_WRITERS,
        method="post",
        kwargs=lambda cast: key(TeamMemberFactory(team__zone=zone_of(cast.unit))),
        elsewhere=lambda cast: key(TeamMemberFactory(team__zone=zone_of(cast.other_unit))),
    ),
]
