"""Key and code of a form that files at once: sending it twice files one complaint."""

import json
import secrets

from complaints.codes import new_code
from integrity_portal.core.crypto import UnableToOpen, open_sealed, seal

MARK = {"table": "counter", "column": "ticket"}


def new_ticket(row: str) -> str:
    """Readable only here, and only for `row`: an office, a place."""
    return seal(json.dumps({"key": secrets.token_hex(16), "code": new_code()}), row=row, **MARK)


def open_ticket(row: str, sealed: str) -> dict[str, str] | None:
    try:
        return dict(json.loads(open_sealed(sealed, row=row, **MARK)))
    except UnableToOpen:
        return None
