"""Files that have arrived and that no form has kept yet."""

import re
from collections.abc import Iterable

from integrity_portal.core.models import StoredFile
from opd.models import Membership

PUBLIC_ID = re.compile(r"[A-Za-z0-9_-]{22}")


def pending(membership: Membership, kind: str, public_ids: Iterable[str]) -> list[StoredFile]:
    """Uploads that a form names again: only what this very person sent for this kind of form."""
    named = [name for name in public_ids if PUBLIC_ID.fullmatch(name)][:50]
    rows = StoredFile.objects.filter(
        government_id=membership.government_id,
        kind=kind,
        state=StoredFile.State.PENDING,
        created_by_id=membership.user_id,
        public_id__in=named,
    )
    return list(rows.order_by("pk"))
