"""Opening an identity with a reason, and erasing what has had its time."""

from datetime import datetime, timedelta

import pgtrigger
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.models import (
    Complaint,
    ComplaintFile,
    ComplaintStep,
    ExternalCase,
    Follower,
    IdentityOpening,
    Message,
    Reporter,
    Satisfaction,
)
from complaints.permissions import may_open_identity
from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from opd.models import Membership
from opd.transitions import Missing, StepRefused

# Said to the citizen on the page before filing (docs/guide/complaints.md).
KEEP_REPORTER = timedelta(days=365)
KEEP_TEXT = timedelta(days=5 * 365)
# A follower's contact was there for news; the last of them has left by then.
KEEP_FOLLOWER_CONTACT = timedelta(days=1)
BATCH = 200


@transaction.atomic
def open_identity(
    *, complaint: Complaint, by: Membership, reason: str, now: datetime
) -> Reporter | None:
    """Who reported, to be shown once; None when there is nothing. The reason is kept."""
    if not may_open_identity(by, complaint):
        raise StepRefused(_("Only the handling unit may see who reported."))
    if not reason:
        sentence = _("Write why you need to know who reported.")
        raise StepRefused(sentence, [Missing(sentence, "reason")])
    opening = IdentityOpening.objects.create(
        complaint=complaint,
        government_id=complaint.government_id,
        membership=by,
        reason=reason,
        opened_at=now,
    )
    ledger.record("reporter.opened", opening, by=by, codes={"complaint": complaint.pk})
    return Reporter.objects.filter(complaint=complaint, for_notice_only=False).first()


def erase_old(now: datetime) -> None:
    """Reporters a year, texts, evidence, position and followers five years after the end; the rows
    stay for the figures.

    Called by the portal's tick; idempotent. Drafts end with their session.
    """
    Session.objects.filter(expire_date__lt=now).delete()
    with transaction.atomic():
        Reporter.objects.filter(complaint__closed_at__lt=now - KEEP_REPORTER).delete()
        Follower.objects.filter(
            complaint__closed_at__lt=now - KEEP_FOLLOWER_CONTACT, contact_index__gt=""
        ).update(contact_sealed="", contact_index="")
        old = list(
            Complaint.objects.filter(closed_at__lt=now - KEEP_TEXT, erased_at=None)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")[:BATCH]
        )
        keys = [complaint.pk for complaint in old]
        Message.objects.filter(complaint__in=keys).update(text="")
        Satisfaction.objects.filter(complaint__in=keys).update(words="")
        Complaint.objects.filter(pk__in=keys).update(
            story="",
            public_title="",
            when_text="",
            where_text="",
            latitude=None,
            longitude=None,
            erased_at=now,
        )
        ExternalCase.objects.filter(complaint__in=keys).update(settled_note="", link="")
        Follower.objects.filter(complaint__in=keys).delete()
        _erase_files(keys)
        _erase_words_of_staff(keys)
        for complaint in old:
            ledger.record(
                "complaint.erased", complaint, by=None, government_id=complaint.government_id
            )


def _erase_files(complaints: list[int]) -> None:
    """The bytes go with the next sweep, also when this machine stops in between."""
    rows = ComplaintFile.objects.filter(complaint__in=complaints)
    stored = list(rows.values_list("file", flat=True))
    rows.delete()
    files.let_go(StoredFile.objects.filter(pk__in=stored))


def _erase_words_of_staff(complaints: list[int]) -> None:
    """Notes and reasons may repeat the story. The one place that touches append-only rows."""
    steps = ComplaintStep.objects.filter(subject__in=complaints).exclude(note="")
    openings = IdentityOpening.objects.filter(complaint__in=complaints).exclude(reason="")
    with pgtrigger.ignore(
        "complaints.ComplaintStep:step_append_only",
        "complaints.IdentityOpening:identity_opening_append_only",
    ):
        steps.update(note="")
        openings.update(reason="")
