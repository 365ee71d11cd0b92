"""Is a channel well? Pure: facts in, a colour and sentences out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _, ngettext

from integrity_portal.core.formatting import datetime_id

LOOK_BACK = timedelta(days=14)
SILENT = timedelta(days=3)
# Fewer messages in two weeks are no habit that could have broken off.
BUSY = 20
FORGED_IN = timedelta(days=1)
MOST_FORGED = 5
SLOW = timedelta(minutes=15)
MOST_FAILED = 20


@dataclass(frozen=True)
class Facts:
    is_active: bool
    began_at: datetime
    is_allowed: bool = True
    is_reserved: bool = False
    refused_at: datetime | None = None
    last_error: str = ""
    checked_at: datetime | None = None
    forged: int = 0
    forged_at: datetime | None = None
    last_received: datetime | None = None
    received: int = 0
    oldest_waiting: datetime | None = None
    dead: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Health:
    """`reasons` are what is wrong, each with what to do; none means well."""

    word: str
    tone: str
    reasons: list[str] = field(default_factory=list)
    last_received: datetime | None = None

    @property
    def is_red(self) -> bool:
        return self.tone == "bad"


def judge(facts: Facts, now: datetime) -> Health:
    if not facts.is_active:
        return Health(_("Switched off"), "info", [], facts.last_received)
    if facts.is_reserved:
        return Health(_("Reserved for the hotline; keeps nothing"), "info")
    reasons = _reasons(facts, now)
    if reasons:
        return Health(_("Does not work"), "bad", reasons, facts.last_received)
    if facts.checked_at is None and facts.last_received is None:
        return Health(_("Not tried yet"), "info", [], None)
    return Health(_("Works"), "good", [], facts.last_received)


def _reasons(facts: Facts, now: datetime) -> list[str]:
    found = []
    if not facts.is_allowed:
        found.append(_("Unofficial gateways are switched off in the settings of the server."))
    if facts.refused_at:
        found.append(
            _("The provider refuses our token since %(when)s. Put in a new one.")
            % {"when": datetime_id(facts.refused_at)}
        )
    elif facts.last_error:
        found.append(_("The provider cannot be reached (%(code)s).") % {"code": facts.last_error})
    if facts.forged_at and facts.forged >= MOST_FORGED and now - facts.forged_at < FORGED_IN:
        found.append(
            ngettext(
                "%(count)d call with a wrong signature within a day. Compare the secrets.",
                "%(count)d calls with a wrong signature within a day. Compare the secrets.",
                facts.forged,
            )
            % {"count": facts.forged}
        )
    if facts.last_received and facts.received >= BUSY and now - facts.last_received > SILENT:
        found.append(
            _("Nothing came since %(when)s, though it was busy before. Look at the provider.")
            % {"when": datetime_id(facts.last_received)}
        )
    if facts.oldest_waiting and now - facts.oldest_waiting > SLOW:
        found.append(
            _("Messages wait since %(when)s. Look whether the worker runs.")
            % {"when": datetime_id(facts.oldest_waiting)}
        )
    if facts.dead:
        found.append(
            ngettext(
                "%(count)d message could not be worked on.",
                "%(count)d messages could not be worked on.",
                facts.dead,
            )
            % {"count": facts.dead}
        )
    if facts.failed >= MOST_FAILED:
        found.append(_("%(count)d messages of today did not arrive.") % {"count": facts.failed})
    return found
