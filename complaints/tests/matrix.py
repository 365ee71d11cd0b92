"""The doors of complaints for staff. Public pages: test_public_pages, test_tracking."""

from complaints.tests.factories import ComplaintFactory
from opd.enums import Role
from opd.tests.doors import FORM, Door

HANDLERS = frozenset({Role.LIAISON_OFFICER, Role.OPD_HEAD})
FILERS = HANDLERS | {Role.COMPLAINT_COORDINATOR}
READERS = FILERS | {Role.INSPECTORATE, Role.MAYOR, Role.SEKDA}


def _of(cast, unit, **values):
    complaint = ComplaintFactory(
        government=cast.home, state="in_progress", unit=unit, disclosure="known"
    )
    return {"pk": complaint.pk, **values}


def _channel(cast):
    from complaints.tests.phones import open_account

    return {"pk": open_account(cast, "gammu").pk}


KEEPERS = frozenset({Role.IT_TEAM, Role.ADMINISTRATOR})
CHANNELS = [
    Door("complaints:channels", allowed=KEEPERS | {Role.COMPLAINT_COORDINATOR}),
    Door("complaints:channel_add", allowed=KEEPERS),
    Door("complaints:channel_add", allowed=KEEPERS, method="post", answer=FORM),
    Door("complaints:channel", allowed=KEEPERS, kwargs=_channel),
    Door("complaints:channel_rotate", allowed=KEEPERS, kwargs=_channel, method="post", answer=FORM),
    Door("complaints:channel_test", allowed=KEEPERS, kwargs=_channel, method="post", answer=FORM),
    Door("complaints:channel_switch", allowed=KEEPERS, kwargs=_channel, method="post"),
]

MATRIX = [
    *CHANNELS,
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
    # Providers have no account; each call proves itself (complaints/channels).
    "complaints:hook",
    "complaints:leave",
    "complaints:not_settled",
    "complaints:privacy",
    "complaints:receipt",
    "complaints:step",
    "complaints:track",
    "complaints:write",
}
