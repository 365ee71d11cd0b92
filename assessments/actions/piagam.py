"""The piagam as a PDF: made once for what it shows, made again when that has changed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.documents import piagam_shows
from assessments.guards import locked
from assessments.models import Declaration
from assessments.queries import declarations as queries
from integrity_portal.core.documents.actions import request_document
from integrity_portal.core.models import Document
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def request_piagam(*, declaration: Declaration, by: Membership, now: datetime) -> Document:
    """The finished one that shows the present, or the one that is being made, or a new one.

    Everybody who asks waits for the lock, so that two presses, also of two people, make one.
    """
    locked(declaration.pk, by.government_id)
    act = queries.declaration_of(by, declaration.pk)
    if act is None:
        raise StepRefused(_("You cannot read this declaration."))
    state = queries.piagam_state(act, piagam_shows(act))
    if state.unfinished is not None:
        return state.unfinished
    if state.is_current and state.document is not None:
        return state.document
    return request_document(
        kind=queries.PIAGAM,
        params={"declaration": act.pk},
        title=_("Piagam: %(title)s") % {"title": act.title},
        by=by,
        now=now,
        is_sample=act.is_sample,
    )
