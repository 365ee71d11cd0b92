"""What one visit keeps: sealed in the database session of this browser, gone with it.

A draft, the code on the receipt page, the report that is being followed. The value opens only in
the session it was sealed for; without a cookie nothing is kept at all.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from integrity_portal.core.crypto import UnableToOpen, open_sealed, seal

REPORT_MARK = {"table": "citizen_text", "column": "report"}

LIFETIME = timedelta(hours=3)
TABLE = "django_session"
# What is kept: the unsent draft, the code on the receipt page, which report is being followed, and
# a text that could not be sent because the page had closed.
DRAFT, RECEIPT, FOLLOWED, UNSENT = "draft", "receipt", "followed", "unsent"
# For staff: the code to hand over; what was filed in a row, with the codes on its slips.
HANDED, IN_A_ROW = "handed", "in_a_row"
# Somebody else's report that is followed.
FOLLOWING = "following"


def keep(
    request: HttpRequest,
    name: str,
    value: dict[str, Any],
    *,
    now: datetime,
    lifetime: timedelta = LIFETIME,
) -> None:
    session = request.session
    if not session.session_key:
        session.create()
    if not request.user.is_authenticated:
        session.set_expiry(int(LIFETIME.total_seconds()))
    text = json.dumps({"until": (now + lifetime).timestamp(), "value": value})
    key = _key(request, name)
    session[key] = seal(text, table=TABLE, column=key, row=str(session.session_key))


def read(request: HttpRequest, name: str, *, now: datetime) -> dict[str, Any] | None:
    """The value, or None when it was never there, is too old, or belongs to another session."""
    key = _key(request, name)
    sealed = request.session.get(key)
    if sealed is None:
        return None
    try:
        text = open_sealed(sealed, table=TABLE, column=key, row=str(request.session.session_key))
    except UnableToOpen:
        return None
    kept = json.loads(text)
    return kept["value"] if kept["until"] > now.timestamp() else None


def forget(request: HttpRequest, *names: str) -> None:
    for name in names:
        request.session.pop(_key(request, name), None)


def mark_of(request: HttpRequest, report: int) -> str:
    """For a form: which report it was opened for, readable only here."""
    return seal(str(report), row=_government(request), **REPORT_MARK)


def report_of(request: HttpRequest, mark: str) -> int | None:
    try:
        return int(open_sealed(mark, row=_government(request), **REPORT_MARK))
    except UnableToOpen:
        return None


def _key(request: HttpRequest, name: str) -> str:
    """A draft for one government is none for another."""
    return f"complaints_{name}_{_government(request)}"


def _government(request: HttpRequest) -> str:
    return str(request.government.pk)  # type: ignore[attr-defined]
