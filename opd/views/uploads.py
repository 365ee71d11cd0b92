"""One proof beside a form: what has arrived stays, whatever else is refused."""

import re
from typing import Any

from integrity_portal.core.files import EVIDENCE, FileRefused, FileRule, receive
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest
from opd.queries.uploads import pending_upload

PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")


def arrived(
    request: PortalRequest, form: Any, kind: str, rule: FileRule = EVIDENCE
) -> StoredFile | None:
    """The new file, or the one that arrived with an earlier try of the same form."""
    upload = request.FILES.get("proof")
    if upload is not None and "proof" not in form.errors:
        try:
            stored = receive(
                upload,
                rule=rule,
                kind=kind,
                government_id=request.government.pk,
                by_user_id=request.user.pk,
            )
        except FileRefused as refused:
            form.add_error("proof", str(refused))
            return None
        form.remember(stored)
        return stored
    name = request.POST.get("kept", "")
    found = pending_upload(request.membership, kind, name) if PUBLIC_ID.fullmatch(name) else None
    if found is not None:
        form.show_arrived(found)
    return found
