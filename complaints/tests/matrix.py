"""The doors of complaints for staff. Public pages: test_public_pages, test_tracking."""

from io import BytesIO

from complaints.models import AnswerTemplate, ComplaintFile
from complaints.tests import matrix_lapor
from complaints.tests.factories import FILED, ComplaintFactory
from integrity_portal.core.files import store_made
from opd.enums import Role
from opd.tests.doors import FORM, Door

HANDLERS = frozenset({Role.LIAISON_OFFICER, Role.OPD_HEAD})
STEPPERS = HANDLERS | {Role.COMPLAINT_COORDINATOR}
FILERS = STEPPERS | {Role.OPD_OPERATOR}
READERS = STEPPERS | {Role.INSPECTORATE, Role.MAYOR, Role.SEKDA}


def _of(cast, unit, **values):
    complaint = ComplaintFactory(
        government=cast.home, state="in_progress", unit=unit, disclosure="known"
    )
    return {"pk": complaint.pk, **values}


def _file_of(cast, unit):
    values = _of(cast, unit)
    stored = store_made(
        BytesIO(b"%PDF-1.7"), size=8, name="bukti.pdf", kind="complaint", government_id=cast.home.pk
    )
    row = ComplaintFile.objects.create(
        complaint_id=values["pk"], government=cast.home, file=stored, added_at=FILED
    )
    return {**values, "file_pk": row.pk}


def _template_of(cast, unit):
    row = AnswerTemplate.objects.create(
        government=cast.home, unit=unit, title="Terima kasih", text="Terima kasih."
    )
    return {"pk": row.pk}


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
    Door("complaints:export", allowed=READERS, is_page=False),
    Door("complaints:bulk", allowed=FILERS, is_page=False),
    Door("complaints:templates", allowed=FILERS),
    Door("complaints:template_new", allowed=FILERS),
    Door(
        "complaints:template_edit",
        allowed=HANDLERS,
        kwargs=lambda cast: _template_of(cast, cast.unit),
        elsewhere=lambda cast: _template_of(cast, cast.other_unit),
    ),
    Door(
        "complaints:template_end",
        allowed=HANDLERS,
        kwargs=lambda cast: _template_of(cast, cast.unit),
        elsewhere=lambda cast: _template_of(cast, cast.other_unit),
        method="post",
    ),
    Door(
        "complaints:evidence",
        allowed=READERS,
        kwargs=lambda cast: _file_of(cast, cast.unit),
        elsewhere=lambda cast: _file_of(cast, cast.other_unit),
        is_page=False,
    ),
    Door(
        "complaints:hide_evidence",
        allowed=FILERS,
        kwargs=lambda cast: _file_of(cast, cast.unit),
        elsewhere=lambda cast: _file_of(cast, cast.other_unit),
        method="post",
        data={"reason": "Suara pelapor terdengar."},
    ),
    Door("complaints:counter", allowed=FILERS),
    Door("complaints:counter_filed", allowed=FILERS, is_page=False),
    Door("complaints:counter_slips", allowed=FILERS, is_page=False),
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
        allowed=STEPPERS,
        kwargs=lambda cast: _of(cast, cast.unit, verb="note"),
        elsewhere=lambda cast: _of(cast, cast.other_unit, verb="note"),
        method="post",
        data={"text": "Sudah ditanyakan."},
    ),
    *matrix_lapor.MATRIX,
]

# Opens for everybody: citizens have no account.
PUBLIC = {
    "complaints:answer_file",
    "complaints:contentment",
    "complaints:check",
    "complaints:followed",
    "complaints:following",
    # Providers have no account; each call proves itself (complaints/channels).
    "complaints:hook",
    "complaints:leave",
    "complaints:not_settled",
    "complaints:privacy",
    "complaints:receipt",
    "complaints:resend",
    "complaints:similar",
    "complaints:step",
    "complaints:sticker",
    "complaints:suggestion",
    "complaints:track",
    "complaints:write",
}
