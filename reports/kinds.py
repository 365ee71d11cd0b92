"""Registers the app's kinds of document with the engine; called when Django is ready."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from integrity_portal.core.documents import registry
from integrity_portal.core.documents.registry import DocumentKind
from integrity_portal.core.models import Document
from opd.documents import frame_of
from opd.queries.governments import government_by_id
from reports import actions, documents, permissions
from reports.enums import Variant


def freeze(document: Document, now: datetime) -> None:
    """Before anything is read: the figures of the week, or of this moment, once for ever."""
    if documents.FROZEN in document.params:
        return
    government = government_by_id(document.government_id)
    if government is None:
        raise LookupError("government")
    row = actions.freeze_figures(
        government=government, now=now, period=document.period, asked_at=document.requested_at
    )
    document.params = {**document.params, documents.FROZEN: row.pk}
    document.figures_at = row.taken_at
    document.save(update_fields=["params", "figures_at"])


def ask(*, by: Any, variant: str, now: datetime) -> Document:
    return actions.ask_for_progress(by=by, variant=variant, now=now)


def register() -> None:
    registry.register(
        DocumentKind(
            name=documents.NAME,
            label=_("Integrity zone progress report"),
            variants={variant.value: variant.label for variant in Variant},
            chapters=documents.chapters,
            prepare=freeze,
            frame=frame_of,
            may_read=permissions.may_read_progress,
            may_request=permissions.may_ask_for_progress,
            audience=permissions.is_progress_reader,
            ask=ask,
            is_confidential=True,
        )
    )
