"""What the status page and the inbox say of the channels: labels and codes, never a text."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from complaints.models import ChannelAccount
from complaints.permissions import can_read_channels
from complaints.queries import channels
from integrity_portal.core.formatting import datetime_id
from opd.models import Membership
from opd.status_parts import StatusPart
from opd.subjects import Subject, numbers

WORD = gettext_lazy("Channel (SMS, WhatsApp)")
RED = gettext_lazy("Does not work: look at what is wrong and repair it")


def subjects(membership: Membership, ids: list[str]) -> dict[str, Subject]:
    if not can_read_channels(membership):
        return {}
    rows = channels.accounts_for(membership).filter(pk__in=numbers(ids))
    return {
        str(row.pk): Subject(row.label, reverse("complaints:channel", args=[row.pk]))
        for row in rows
    }


def status_part(now: datetime) -> StatusPart:
    """As the tick last judged them (`red_since`): one query for any number of channels."""
    accounts = list(ChannelAccount.objects.in_use().select_related("government").order_by("pk"))
    red = [account for account in accounts if account.red_since]
    sentence = ngettext(
        "%(count)d channel in use, %(red)d of them red.",
        "%(count)d channels in use, %(red)d of them red.",
        len(accounts),
    ) % {"count": len(accounts), "red": len(red)}
    lines = [
        _("%(government)s, %(label)s: red since %(since)s")
        % {
            "government": account.government,
            "label": account.label,
            "since": datetime_id(account.red_since),
        }
        for account in red[:20]
    ]
    return StatusPart(_("SMS and WhatsApp"), sentence, lines, bool(red))
