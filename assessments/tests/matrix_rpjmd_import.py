"""The doors of indicator tables as Excel files."""

from typing import Any

from django.utils import timezone

from assessments.actions.indicator_imports import receive_indicators
from assessments.models import Plan
from assessments.tests.factories_rpjmd import make_plan
from assessments.tests.plan_books import line, table
from opd.enums import Role
from opd.models import Membership
from opd.tests.doors import MEMBERS, Door
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast

PLANNERS = frozenset({Role.PLANNER})


def keeper(cast: Cast) -> Membership:
    """Whose office signs in; of the mirrored cast any planner of its home."""
    own = cast.offices[Role.PLANNER]
    if own.government_id == cast.home.pk:
        return own
    return MembershipFactory(government=cast.home, role=Role.PLANNER, unit=None)


def home(cast: Cast) -> Plan:
    plan = Plan.objects.filter(government=cast.home).first()
    return plan or make_plan(cast, by=keeper(cast))


def waiting(cast: Cast) -> dict[str, Any]:
    """A preview with rows that are new, the same and faulty."""
    plan = home(cast)
    data = table(
        line(
            "Indeks Kepuasan Masyarakat", "3,55", "3,6", "3,65", "3,7", "3,75", unit=cast.unit.name
        ),
        line("Persentase temuan yang ditindaklanjuti", "80-90", "banyak", "1,234.56"),
        line("Opini BPK", "ya", "ya", "ya", "ya", "ya", measure="ya/tidak", unit="Dinas Khayal"),
    )
    upload = receive_indicators(
        plan=plan, data=data, sheet_name="", by=keeper(cast), now=timezone.now()
    )
    return {"pk": plan.pk, "preview": upload.pk}


def door(name: str, method: str = "get", **more: Any) -> Door:
    return Door(
        f"assessments:{name}",
        allowed=more.pop("allowed", PLANNERS),
        method=method,
        kwargs=more.pop("kwargs", lambda cast: {"pk": home(cast).pk}),
        **more,
    )


MATRIX = [
    door("rpjmd_import"),
    door("rpjmd_import", "post", answer={422}),
    door("rpjmd_template", is_page=False),
    # A draft: of the other members nobody knows that it is being written.
    door("rpjmd_table", is_page=False, unseen=MEMBERS - PLANNERS),
    door("rpjmd_import_preview", kwargs=waiting),
    # Sent without what the preview showed: told to look again.
    door("rpjmd_import_preview", "post", kwargs=waiting, answer={409}),
]
