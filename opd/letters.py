"""Writing mails and WhatsApp messages and sending them later (opd.models.letters)."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from django.core.mail import EmailMessage
from django.db import transaction

from integrity_portal.core import crypto, jobs
from integrity_portal.core.wake import wake
from opd import whatsapp
from opd.enums import MessageChannel
from opd.models import Government, Letter
from opd.reminders import Hours, out_of_quiet

if TYPE_CHECKING:
    from django.db.models import QuerySet

TASK = "opd.send_letter"


@dataclass(frozen=True)
class Message:
    """What a person is told: as a WhatsApp template, as a mail, or as the one when the other fails.

    `phone` and `mail` may be empty; `hours` and `time_zone` keep a second try out of the night.
    """

    phone: str
    template: str
    parameters: list[str]
    mail: str
    subject: str
    body: str
    hours: Hours
    time_zone: str


def post(
    *, to: str, subject: str, body: str, kind: str, now: datetime, government: Government | None
) -> Letter:
    """Put a mail into the outbox of the caller's transaction."""
    text = {"to": to, "subject": " ".join(subject.split()), "body": body}
    return _put(text, channel=MessageChannel.MAIL, kind=kind, now=now, government=government)


def post_message(
    *, message: Message, kind: str, now: datetime, government: Government
) -> Letter | None:
    """By WhatsApp where there is a number and a gateway, otherwise by mail; None: neither."""
    if message.phone and whatsapp.is_configured():
        text = {"message": asdict(message)}
        return _put(
            text, channel=MessageChannel.WHATSAPP, kind=kind, now=now, government=government
        )
    if not message.mail:
        return None
    return _put(
        _as_mail(message), channel=MessageChannel.MAIL, kind=kind, now=now, government=government
    )


def _as_mail(message: Message) -> dict[str, Any]:
    return {
        "to": message.mail,
        "subject": message.subject,
        "body": message.body,
        "hours": asdict(message.hours),
        "time_zone": message.time_zone,
    }


def _put(
    text: dict[str, Any],
    *,
    channel: MessageChannel,
    kind: str,
    now: datetime,
    government: Government | None,
) -> Letter:
    letter = Letter(
        government=government, kind=kind, channel=channel, created_at=now, next_try_at=now
    )
    letter.sealed = _seal(letter, text)
    letter.save()
    wake(TASK, letter.pk)
    return letter


def _seal(letter: Letter, text: dict[str, Any]) -> str:
    return crypto.seal(json.dumps(text), table="opd_letter", column="sealed", row=letter.public_id)


def due(now: datetime) -> list[int]:
    return list(Letter.objects.due(now).order_by("pk").values_list("pk", flat=True)[:200])


def deliver(*, pk: int, now: datetime) -> bool:
    """Send one letter if it is due; False when another worker has it or it has to wait."""
    with transaction.atomic():
        rows = cast("QuerySet[Letter]", Letter.objects.all())
        letter = jobs.claim(rows, pk=pk, now=now)
    if letter is None:
        return False
    text: dict[str, Any] = {}
    try:
        opened = crypto.open_sealed(
            letter.sealed, table="opd_letter", column="sealed", row=letter.public_id
        )
        text = json.loads(opened)
        _send(letter, text)
    except whatsapp.GatewayRefused as refused:
        _by_mail_or_dead(letter, text, refused, now)
        return False
    except (OSError, crypto.UnableToOpen) as error:  # SMTP errors are OSErrors.
        _later(letter, text, error, now)
        return False
    jobs.finish(letter, sealed="")
    return True


def _send(letter: Letter, text: dict[str, Any]) -> None:
    if letter.channel == MessageChannel.MAIL:
        EmailMessage(text["subject"], text["body"], to=[text["to"]]).send()
        return
    if not whatsapp.is_configured():
        raise whatsapp.GatewayRefused("WhatsAppNotConfigured")
    said = text["message"]
    whatsapp.send_template(
        to=said["phone"], template=said["template"], parameters=said["parameters"]
    )


def _later(letter: Letter, text: dict[str, Any], error: Exception, now: datetime) -> None:
    """The usual pause, a longer one where the gateway asks for it, and not in the night."""
    if letter.channel == MessageChannel.WHATSAPP and letter.attempts >= jobs.MAX_ATTEMPTS:
        _by_mail_or_dead(letter, text, error, now)
        return
    wait = timedelta(minutes=2**letter.attempts)
    if isinstance(error, whatsapp.GatewayAway) and error.retry_after:
        wait = max(wait, timedelta(seconds=error.retry_after))
    said = text.get("message", text)
    moment = now + wait
    if "hours" in said:
        moment = out_of_quiet(moment, Hours(**said["hours"]), said["time_zone"])
    jobs.fail(letter, error=error, now=now, next_try_at=moment, last_error=_code(error))


def _by_mail_or_dead(letter: Letter, text: dict[str, Any], error: Exception, now: datetime) -> None:
    """The number does not take it: by mail where there is an address, else the IT page says so."""
    message = Message(**{**text["message"], "hours": Hours(**text["message"]["hours"])})
    if not message.mail:
        jobs.give_up(letter, error=error, last_error=_code(error))
        return
    jobs.start_over(
        letter,
        now=now,
        channel=MessageChannel.MAIL,
        sealed=_seal(letter, _as_mail(message)),
        last_error=_code(error),
    )
    wake(TASK, letter.pk)


def _code(error: Exception) -> str:
    """A code, never the text of an error: it may quote an address."""
    return str(getattr(error, "code", "") or type(error).__name__)[:80]
