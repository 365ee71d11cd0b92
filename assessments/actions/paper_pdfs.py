"""A paper as a PDF: made once for what it shows, made again when that has changed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.locking import held_paper
from assessments.models import Paper
from assessments.paper_documents import paper_shows
from assessments.queries import papers as queries
from integrity_portal.core.documents.actions import request_document
from integrity_portal.core.models import Document
from opd.models import Membership
from opd.transitions import StepRefused


@transaction.atomic
def request_paper_pdf(*, paper: Paper, by: Membership, now: datetime) -> Document:
    """The finished one that shows the present, or the one being made, or a new one."""
    held_paper(paper, by)
    row = queries.paper_of(by, paper.pk)
    if row is None:
        raise StepRefused(_("You cannot read this paper."))
    state = queries.pdf_state(row, paper_shows(row))
    if state.unfinished is not None:
        return state.unfinished
    if state.is_current and state.document is not None:
        return state.document
    title = f"{row.get_kind_display()} {row.number or row.year}"
    return request_document(
        kind=queries.DOCUMENT,
        params={"paper": row.pk},
        title=f"{title}: {row.unit.name}" if row.unit else title,
        by=by,
        now=now,
        is_sample=row.is_sample,
    )
