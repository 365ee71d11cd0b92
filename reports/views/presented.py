"""What a page says about a document: state in words, what may be done, how to check it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _, pgettext

from integrity_portal.core.documents import registry
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document

TONES = {JobState.DONE: "good", JobState.DEAD: "bad", JobState.CANCELLED: "warn"}


@dataclass(frozen=True)
class PresentedDocument:
    document: Document
    label: str
    variant: str
    word: str
    tone: str
    sentence: str
    is_moving: bool
    is_done: bool
    may_cancel: bool
    may_retry: bool
    steps: int
    steps_done: int
    verify_address: str


def present(document: Document, membership: Any) -> PresentedDocument:
    kind = registry.get(document.kind)
    state = JobState(document.job_state)
    is_moving = state in (JobState.WAITING, JobState.RUNNING)
    steers = registry.may_steer(membership, document)
    return PresentedDocument(
        document=document,
        label=str(kind.label or document.title),
        variant=str(kind.variant_label(document.variant)),
        word=_word(state),
        tone=TONES.get(state, "info"),
        sentence=_sentence(document, state),
        is_moving=is_moving,
        is_done=state == JobState.DONE,
        may_cancel=steers and is_moving,
        may_retry=steers and state in (JobState.DEAD, JobState.CANCELLED),
        steps=document.chapters_total + 1,
        steps_done=document.chapters_done,
        verify_address=f"{settings.BASE_URL}/verify/{document.public_id}",
    )


def _word(state: JobState) -> str:
    return {
        JobState.WAITING: pgettext("document", "Waiting"),
        JobState.RUNNING: pgettext("document", "Being made"),
        JobState.DONE: pgettext("document", "Ready"),
        JobState.CANCELLED: pgettext("document", "Cancelled"),
        JobState.DEAD: pgettext("document", "Failed"),
    }[state]


def _sentence(document: Document, state: JobState) -> str:
    if state == JobState.RUNNING:
        if document.chapters_total and document.chapters_done == document.chapters_total:
            return _("All chapters are ready; they are being put together.")
        if document.chapters_total:
            return _("%(done)d of %(total)d chapters are ready.") % {
                "done": document.chapters_done,
                "total": document.chapters_total,
            }
        return _("The figures are being collected.")
    if state == JobState.WAITING and document.attempts:
        return _("Something went wrong; the portal tries again by itself in a few minutes.")
    return {
        JobState.WAITING: _("Your request is saved. The portal makes the document shortly."),
        JobState.DONE: _("The document is ready."),
        JobState.CANCELLED: _("Nobody makes this document any more."),
        JobState.DEAD: _(
            "The portal could not make this document. Try again, or tell your IT team."
        ),
    }[state]
