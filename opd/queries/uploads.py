"""Uploads that wait for the action that keeps them."""

from integrity_portal.core.models import StoredFile
from opd.models import Membership


def pending_upload(membership: Membership, kind: str, public_id: str) -> StoredFile | None:
    """This person's own upload of this kind that no action has kept yet."""
    return StoredFile.objects.filter(
        government_id=membership.government_id,
        kind=kind,
        state=StoredFile.State.PENDING,
        created_by_id=membership.user_id,
        public_id=public_id,
    ).first()
