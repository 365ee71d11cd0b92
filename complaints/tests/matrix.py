"""The doors of complaints for staff. Public pages: test_public_pages, test_tracking."""

from complaints.tests.factories import ComplaintFactory
from opd.enums import Role
from opd.tests.doors import Door

HANDLERS = frozenset({Role.LIAISON_OFFICER, Role.OPD_HEAD})
FILERS = HANDLERS | {Role.COMPLAINT_COORDINATOR}
READERS = FILERS | {Role.INSPECTORATE, Role.MAYOR, Role.SEKDA}


def _of(cast, unit, **values):
    complaint = ComplaintFactory(
        government=cast.home, state="in_progress", unit=unit, disclosure="known"
    )
    return {"pk": complaint.pk, **values}


MATRIX = [
    Door("complaints:list", allowed=READERS),
    Door("complaints:counter", allowed=FILERS),
    Door("complaints:counter_filed", allowed=FILERS, is_page=False),
    Door(
        "complaints:detail",
        allowed=READERS,
        kwargs=lambda cast: _of(cast, cast.unit),
        elsewhere=lambda cast: _of(cast, cast.other_unit),
    ),
    Door(
        "complaints:identity",
        allowed=HANDLERS,
        kwargs=lambda cast: _of(cast, cast.unit),
        elsewhere=lambda cast: _of(cast, cast.other_unit),
        method="post",
        data={"reason": "Perlu menanyakan nomor antrean."},
    ),
    Door(
        "complaints:step_of",
        allowed=FILERS,
        kwargs=lambda cast: _of(cast, cast.unit, verb="note"),
        elsewhere=lambda cast: _of(cast, cast.other_unit, verb="note"),
        method="post",
        data={"text": "Sudah ditanyakan."},
    ),
]

# Opens for everybody: citizens have no account.
PUBLIC = {
    "complaints:check",
    "complaints:followed",
    "complaints:following",
    "complaints:leave",
    "complaints:not_settled",
    "complaints:privacy",
    "complaints:receipt",
    "complaints:resend",
    "complaints:similar",
    "complaints:step",
    "complaints:suggestion",
    "complaints:track",
    "complaints:write",
}
