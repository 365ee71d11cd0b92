"""Telling a reporter that there is news, without any of it, and sending a new code.

The contact is the one that the reporter left and nobody else's; no screen shows it here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import dialogue_texts
from complaints.actions.outbound import WindowClosed, queue_message
from complaints.channel_enums import Event, Route
from complaints.channels.numbers import can_be_answered, normalise_number
from complaints.codes import code_hash, grouped, new_code
from complaints.enums import ENDED, Channel
from complaints.models import (
    Complaint,
    Conversation,
    ExtraCode,
    Follower,
    Message,
    Notice,
    Reporter,
)
from complaints.models.reporters import contact_index
from complaints.queries import channels
from complaints.queries.followers import followers_to_tell
from complaints.queries.merging import answered_with
from integrity_portal.core import crypto, ledger, ratelimit
from integrity_portal.core.ratelimit import TooManyRequests
from opd import letters
from opd.enums import TimeZone
from opd.models import Government
from opd.reminders import Hours, out_of_quiet

NOTICE_TEMPLATE = "portal_kabar_laporan"
CODE_TEMPLATE = "portal_kode_laporan"
CODES_A_DAY = 3
MOST_REPORTS = 3
DAY = timedelta(days=1)
CLOSING_SOON = timedelta(days=3)


@dataclass(frozen=True)
class Way:
    """What is sent: the same words by every way, with the template where words are refused."""

    name: str
    template: str
    parameters: tuple[str, ...]
    values: dict[str, str]
    purpose: str


@transaction.atomic
def tell_reporter(
    *, complaint: Complaint, event: str, now: datetime, about: str = ""
) -> Notice | None:
    """Once for each event; None when it was told before or nobody left a contact.

    Called inside the transaction of what happened. `about` tells a second answer from the first;
    by default it is the newest message to the citizen. Invented reporters are not written to.
    """
    reporter = Reporter.objects.filter(complaint=complaint).first()
    if complaint.is_sample or reporter is None or not reporter.contact_sealed:
        return None
    return _tell_once(complaint, reporter, event, about or _newest(complaint), now)


@transaction.atomic
def tell_followers(*, complaint: Complaint, event: str, now: datetime) -> None:
    """Whoever follows it and left a contact for this."""
    about = _newest(complaint)
    for follower in [] if complaint.is_sample else followers_to_tell(complaint):
        _tell_once(complaint, follower, event, f"{about}/{follower.pk}", now)


def _tell_once(
    complaint: Complaint, holder: Reporter | Follower, event: str, about: str, now: datetime
) -> Notice | None:
    government = complaint.government
    notice = Notice(
        government=government,
        complaint=complaint,
        event=Event(event),
        about=about,
        route=Route.NONE,
        reason="unsent",
        created_at=now,
    )
    Notice.objects.bulk_create([notice], ignore_conflicts=True)
    written = Notice.objects.select_for_update().get(complaint=complaint, event=event, about=about)
    if written.created_at != now or written.reason != "unsent":
        return None
    link = channels.public_link(government, "track")
    values = {"government": government.official_name, "link": link}
    way = Way("notice", NOTICE_TEMPLATE, tuple(values.values()), values, "notice")
    written.route, written.reason = _send(complaint, holder, way, now)
    written.save(update_fields=["route", "reason"])
    ledger.record(
        "reporter.told", complaint, by=None, government_id=government.pk,
        codes={"event": str(event), "route": written.route, "reason": written.reason},
    )  # fmt: skip
    return written


@transaction.atomic
def tell_everybody(*, complaint: Complaint, event: str, now: datetime) -> None:
    """Whoever reported it, whose report was joined with it, and who follows one of them."""
    about = _newest(complaint)
    for row in answered_with(complaint):
        tell_reporter(complaint=row, event=event, now=now, about=about)
        tell_followers(complaint=row, event=event, now=now)


def tell_closing(*, now: datetime) -> None:
    """Who has an answer hears once more before it is closed. Called by the tick; idempotent."""
    for zone in TimeZone.values:
        today = now.astimezone(ZoneInfo(zone)).date()
        soon = Complaint.objects.to_close_on(today + CLOSING_SOON, zone).filter(
            reporter__isnull=False, close_on__gte=today
        )
        # Not on the day of the answer itself, when the calendar leaves so little time.
        rows = soon.exclude(answered_on__gte=today).select_related("government")
        for complaint in rows.exclude(notices__event=Event.CLOSING).order_by("pk")[:200]:
            tell_reporter(
                complaint=complaint,
                event=Event.CLOSING,
                now=now,
                about=f"{complaint.close_on:%Y-%m-%d}",
            )


def resend_code(*, government: Government, contact: str, now: datetime) -> None:
    """A new code to the contact that a reporter left, for each report that is not ended.

    Says nothing about whether the contact is known, and takes about as long when it is not. Older
    codes stay valid. At most three times a day for a contact.
    """
    with transaction.atomic():
        ledger.record("code.asked", government, by=None, government_id=government.pk)
    spelt = _spelt(contact)
    index = contact_index(spelt)
    try:
        ratelimit.hit("complaints.resend", index, limit=CODES_A_DAY, window=DAY, now=now)
    except TooManyRequests:
        return
    rows = Reporter.objects.select_related("complaint__government").filter(
        government=government, contact_index__in={index, contact_index(contact.strip())}
    )
    open_ones = rows.exclude(complaint__state__in=sorted(ENDED)).order_by("-pk")
    for reporter in open_ones[:MOST_REPORTS]:
        _send_code(reporter, now)


@transaction.atomic
def _send_code(reporter: Reporter, now: datetime) -> None:
    complaint, code = reporter.complaint, new_code()
    row = ExtraCode.objects.create(
        complaint=complaint,
        government_id=complaint.government_id,
        code_hash=code_hash(code),
        made_at=now,
    )
    government = complaint.government
    values = {"government": government.official_name, "code": grouped(code)}
    way = Way("code_again", CODE_TEMPLATE, tuple(values.values()), values, "code")
    route, reason = _send(complaint, reporter, way, now)
    ledger.record(
        "extra_code.made", row, by=None, government_id=government.pk,
        codes={"complaint": complaint.pk, "route": route, "reason": reason},
    )  # fmt: skip


def _send(
    complaint: Complaint, holder: Reporter | Follower, way: Way, now: datetime
) -> tuple[str, str]:
    """(by which way, why by none)."""
    try:
        contact = holder.contact_with_pii()
    except crypto.UnableToOpen:
        return Route.NONE, "sealed"
    if "@" in contact:
        return _by_mail(complaint.government, contact, way, now), ""
    number = normalise_number(contact) or contact
    if not can_be_answered(number):
        return Route.NONE, "no_contact"
    return _by_phone(complaint, number, way, now)


def _by_phone(complaint: Complaint, number: str, way: Way, now: datetime) -> tuple[str, str]:
    """Where the person writes to us; else by SMS; else by WhatsApp with a registered template."""
    talk = channels.conversation_with(complaint.government_id, contact_index(number))
    if talk and talk.is_open_at(now) and _queue(complaint, number, way, now, talk=talk):
        return (Route.WHATSAPP if talk.account.kind.is_whatsapp else Route.SMS), ""
    came_by_whatsapp = complaint.channel == Channel.WHATSAPP or bool(
        talk and talk.account.kind.is_whatsapp
    )
    for by_whatsapp in (True, False) if came_by_whatsapp else (False, True):
        if _queue(complaint, number, way, now, by_whatsapp=by_whatsapp):
            return (Route.WHATSAPP if by_whatsapp else Route.SMS), ""
    return Route.NONE, "no_channel"


def _queue(
    complaint: Complaint,
    number: str,
    way: Way,
    now: datetime,
    *,
    talk: Conversation | None = None,
    by_whatsapp: bool = False,
) -> bool:
    account = (
        talk.account
        if talk
        else channels.account_to_send(complaint.government_id, by_whatsapp=by_whatsapp)
    )
    if account is None or not (number.startswith("+") or talk):
        return False
    has_templates = channels.gateway_for(account).has_templates
    quiet = out_of_quiet(now, Hours(), complaint.government.time_zone)
    try:
        queue_message(
            account=account,
            to=number,
            text=dialogue_texts.current().say(way.name, **way.values),
            purpose=way.purpose,
            now=now,
            conversation=talk,
            complaint=complaint,
            template=way.template if has_templates else "",
            parameters=way.parameters,
            not_before=quiet if way.purpose == "notice" else None,
        )
    except WindowClosed:
        return False
    return True


def _by_mail(government: Government, contact: str, way: Way, now: datetime) -> str:
    subject = _("News about your report to %(government)s")
    letters.post(
        to=contact,
        subject=subject % {"government": government.official_name},
        body=dialogue_texts.current().say(way.name, **way.values),
        kind=f"reporter_{way.purpose}",
        now=now,
        government=government,
    )
    return Route.MAIL


def _newest(complaint: Complaint) -> str:
    last = Message.objects.filter(complaint=complaint, membership__isnull=False).for_citizen()
    key = last.order_by("-pk").values_list("pk", flat=True).first()
    return str(key or "")


def _spelt(contact: str) -> str:
    """As it is stored: mails as typed, numbers in one spelling."""
    bare = contact.strip()
    return bare if "@" in bare else normalise_number(bare) or bare
