"""The doors of the TPI's team."""

from typing import Any

from opd.enums import Role
from opd.tests.doors import FORM, Door
from opd.tests.fixtures import Cast

READERS = frozenset(
    {Role.ADMINISTRATOR, Role.INSPECTORATE, Role.ZI_SECRETARIAT, Role.SEKDA, Role.MAYOR}
)
ASSIGNERS = frozenset({Role.ADMINISTRATOR, Role.INSPECTORATE})


def team(cast: Cast) -> dict[str, Any]:
    from opd.models import TpiTeam
    from opd.tests.factories_services import TpiTeamFactory, stored_pdf

    row = TpiTeam.objects.filter(government=cast.home).first()
    return {"pk": (row or TpiTeamFactory(government=cast.home, scan=stored_pdf(cast.home.pk))).pk}


def member(cast: Cast) -> dict[str, Any]:
    from opd.tests.factories_services import TpiMemberFactory

    return {"pk": TpiMemberFactory(team_id=team(cast)["pk"], government=cast.home).pk}


def assessed(cast: Cast) -> dict[str, Any]:
    """A unit that somebody assesses this year already, so it stands on the page."""
    from django.utils import timezone

    from opd.models import TpiAssignment

    TpiAssignment.objects.get_or_create(
        government=cast.home,
        membership=cast[Role.SEKDA],
        unit=cast.unit,
        year=timezone.localdate().year,
    )
    return {"unit_id": cast.unit.pk}


TPI = [
    Door("opd:tpi_year", allowed=READERS),
    Door("opd:tpi_decree_file", allowed=READERS, kwargs=team, is_page=False),
    *(
        Door(f"opd:{name}", allowed=ASSIGNERS, kwargs=kwargs, method=method, answer=FORM)
        for name, kwargs in (("tpi_team_edit", None), ("tpi_member_add", team))
        for method in ("get", "post")
    ),
    Door("opd:tpi_member_remove", allowed=ASSIGNERS, kwargs=member, method="post"),
    Door("opd:tpi_assign", allowed=ASSIGNERS, kwargs=assessed, method="post"),
]
