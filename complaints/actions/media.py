"""Photos, PDF and recordings from the channels: fetched safely, kept as evidence."""

import mimetypes
from datetime import datetime
from typing import Any, cast

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from complaints.actions import outbound
from complaints.actions.replies import say
from complaints.channels.base import GatewayAway, GatewayRefused, Media, MediaGone, TokenRefused
from complaints.dialogue import WHICH, State
from complaints.enums import Disclosure
from complaints.models import ChannelMedia, Complaint, ComplaintFile, Conversation
from complaints.queries import channels
from complaints.queries.channel_work import MOST_FILES, is_hidden
from integrity_portal.core import crypto, files, jobs, ledger, sounds
from integrity_portal.core.files import FileRefused
from integrity_portal.core.jobs import JobQuerySet
from integrity_portal.core.models import StoredFile
from integrity_portal.core.wake import wake

FETCH = "complaints.fetch_channel_media"
KIND = "complaint_file"
# Which sentence a code means for the citizen.
SENTENCES = {
    "MediaExpired": "media_expired",
    "MediaTooLarge": "media_large",
    "TooLarge": "media_large",
    "MediaAltered": "media_altered",
    "Kind": "media_kind",
    "Many": "media_many",
}


@transaction.atomic
def note_media(
    *, conversation: Conversation, told: dict[str, Any], now: datetime
) -> ChannelMedia | None:
    """A file that has to be fetched, for the draft that is being written or the last report."""
    state = State.load(conversation.opened("state_sealed"))
    draft = state.draft_key if conversation.stage not in ("", WHICH) else ""
    if not draft and conversation.complaint_id is None:
        return None
    media = ChannelMedia(
        government_id=conversation.government_id,
        conversation=conversation,
        draft_key=draft,
        complaint=None if draft else conversation.complaint,
        created_at=now,
        next_try_at=now,
    )
    media.put("sealed", told)
    media.save(force_insert=True)
    ledger.record("channel_media.noted", media, by=None, government_id=conversation.government_id)
    wake(FETCH, media.pk)
    return media


def fetch(*, pk: int, now: datetime) -> bool:
    """Fetch one file and put it where it belongs; what cannot be taken is said to the sender."""
    rows = ChannelMedia.objects.select_related(
        "conversation__account__government", "conversation__government", "complaint"
    )
    media = jobs.claim(cast("JobQuerySet[ChannelMedia]", rows), pk=pk, now=now)
    if media is None:
        return False
    try:
        stored = _stored(media)
    except (MediaGone, GatewayRefused) as gone:
        _refused(media, gone.code, now)
        return False
    except FileRefused:
        _refused(media, "Kind", now)
        return False
    except TokenRefused as refused:
        outbound.note_refused_token(account=media.conversation.account, code=refused.code, now=now)
        jobs.fail(media, error=refused, now=now, last_error=refused.code)
        return False
    except (GatewayAway, OSError, crypto.UnableToOpen) as error:
        _again_or_refused(media, error, now)
        return False
    keep_media(media=media, stored=stored, now=now)
    return True


def _stored(media: ChannelMedia) -> StoredFile:
    told = Media(**(media.opened("sealed") or {}))
    if told.mime.startswith("video/"):
        raise MediaGone("Kind")
    same = ChannelMedia.objects.filter(conversation=media.conversation_id, stored__isnull=False)
    same = same.filter(draft_key=media.draft_key, complaint=media.complaint_id)
    if same.count() >= MOST_FILES:
        raise MediaGone("Many")
    data = channels.gateway_for(media.conversation.account).fetch_media(told)
    name = told.name or f"kiriman{mimetypes.guess_extension(told.mime.split(';')[0]) or ''}"
    return files.receive(
        SimpleUploadedFile(name, data),
        rule=files.TESTIMONY,
        kind=KIND,
        government_id=media.government_id,
        by_user_id=None,
    )


@transaction.atomic
def keep_media(*, media: ChannelMedia, stored: StoredFile, now: datetime) -> None:
    """Beside the draft until it is filed, or at the report that was filed meanwhile."""
    locked = ChannelMedia.objects.select_for_update(of=("self",)).get(pk=media.pk)
    if not jobs.finish(media, sealed="", stored=stored):
        return
    ledger.record(
        "channel_media.kept", locked, by=None, government_id=locked.government_id,
        codes={"type": stored.content_type.replace("+", "-")[:60]},
    )  # fmt: skip
    if locked.complaint_id is not None:
        complaint = Complaint.objects.get(pk=locked.complaint_id)
        files.keep(stored)
        ComplaintFile.objects.create(
            complaint=complaint,
            government_id=complaint.government_id,
            file=stored,
            is_hidden=is_hidden(complaint, stored),
            added_at=now,
        )
        say(conversation=media.conversation, names=[("media_kept", {})], now=now)


@transaction.atomic
def bind_media(*, draft_key: str, complaint: Complaint) -> None:
    """The draft was filed: what is still on its way goes to the report, voices are hidden."""
    ChannelMedia.objects.filter(draft_key=draft_key).update(draft_key="", complaint=complaint)
    if complaint.disclosure == Disclosure.ANONYMOUS:
        voices = ComplaintFile.objects.filter(
            complaint=complaint, file__content_type__in=sounds.TYPES
        )
        voices.update(is_hidden=True)
    ledger.record("channel_media.bound", complaint, by=None, government_id=complaint.government_id)


def _again_or_refused(media: ChannelMedia, error: Exception, now: datetime) -> None:
    if media.attempts >= jobs.MAX_ATTEMPTS:
        _refused(media, "MediaExpired", now)
        return
    code = str(getattr(error, "code", "") or type(error).__name__)[:80]
    jobs.fail(media, error=error, now=now, last_error=code)


@transaction.atomic
def _refused(media: ChannelMedia, code: str, now: datetime) -> None:
    """Nothing is kept of it but why."""
    if not jobs.finish(media, sealed="", refused=code[:20]):
        return
    name = SENTENCES.get(code, "media_expired")
    say(conversation=media.conversation, names=[(name, {})], now=now)
    ledger.record(
        "channel_media.refused", media, by=None, government_id=media.government_id,
        codes={"why": code[:20]},
    )  # fmt: skip
