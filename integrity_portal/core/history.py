"""Row history of the tables that decide something: own context (user id, request id), no paths."""

from collections.abc import Callable, Sequence
from typing import Any

import pghistory
import pghistory.models
from django.db import models


class HistoryEvent(pghistory.models.Event):
    """64-bit ids: the history outgrows its tables."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def track(*, exclude: Sequence[str] = ()) -> Callable[[Any], Any]:
    """Class decorator. `exclude` names encrypted and free-text columns, which never go there."""
    tracker: Callable[[Any], Any] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        base_model=HistoryEvent,
        context_field=pghistory.ContextJSONField(),
        exclude=list(exclude) or None,
        append_only=True,
    )
    return tracker
