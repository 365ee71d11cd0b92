"""The link of an invitation: its token, and whether it still leads somewhere."""

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from opd.models import Invitation


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def missing_to_accept(invitation: Invitation, now: datetime) -> str:
    """Why this link leads nowhere, as a sentence; empty when it is good."""
    if invitation.accepted_at is not None:
        return _("This invitation was already used. Sign in with your NIP, e-mail or number.")
    if invitation.withdrawn_at is not None:
        return _("This invitation was withdrawn. Ask for a new link.")
    if invitation.expires_at <= now:
        return _("This invitation is older than seven days. Ask for a new link.")
    inviter = invitation.invited_by
    today = timezone.localdate(now, ZoneInfo(invitation.government.time_zone))
    begun_and_not_over = inviter.valid_from <= today and (
        inviter.valid_to is None or inviter.valid_to >= today
    )
    if not begun_and_not_over or not inviter.user.is_active:
        return _("Whoever invited you no longer holds that office. Ask for a new link.")
    if invitation.valid_to is not None and invitation.valid_to < today:
        return _("The office you were invited to is already over. Ask for a new link.")
    return ""
