"""Writing mails and sending them later (opd.models.letters)."""

import json
from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.core.mail import EmailMessage
from django.db import transaction

from integrity_portal.core import crypto, jobs
from integrity_portal.core.wake import wake
from opd.models import Government, Letter

if TYPE_CHECKING:
    from django.db.models import QuerySet

TASK = "opd.send_letter"


def post(
    *, to: str, subject: str, body: str, kind: str, now: datetime, government: Government | None
) -> Letter:
    """Put a mail into the outbox of the caller's transaction."""
    letter = Letter(government=government, kind=kind, created_at=now, next_try_at=now)
    text = json.dumps({"to": to, "subject": " ".join(subject.split()), "body": body})
    letter.sealed = crypto.seal(text, table="opd_letter", column="sealed", row=letter.public_id)
    letter.save()
    wake(TASK, letter.pk)
    return letter


def due(now: datetime) -> list[int]:
    return list(Letter.objects.due(now).order_by("pk").values_list("pk", flat=True)[:200])


def deliver(*, pk: int, now: datetime) -> bool:
    """Send one letter if it is due; False when another worker has it or it has to wait."""
    with transaction.atomic():
        rows = cast("QuerySet[Letter]", Letter.objects.all())
        letter = jobs.claim(rows, pk=pk, now=now)
    if letter is None:
        return False
    try:
        text = crypto.open_sealed(
            letter.sealed, table="opd_letter", column="sealed", row=letter.public_id
        )
        mail = json.loads(text)
        EmailMessage(mail["subject"], mail["body"], to=[mail["to"]]).send()
    except (OSError, crypto.UnableToOpen) as error:  # SMTP errors are OSErrors.
        jobs.fail(letter, error=error, now=now)
        return False
    jobs.finish(letter, sealed="")
    return True
