"""Uploads that resume after a broken line: the core of tus 1.0 (https://tus.io/protocols), with creation.

Pieces are stored as they arrive and belong to one person; the last one makes the file, which is
checked like every other upload and waits to be kept by the form. What nobody goes on with is swept.
"""

import tempfile
from datetime import datetime, timedelta
from typing import BinaryIO, cast

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import ResumableUpload
from assessments.queries.evidence import ARCHIVE, ARCHIVE_KIND, KIND, LARGE
from integrity_portal.core.files import FileRefused, receive
from integrity_portal.core.models import StoredFile
from opd.models import Membership

# What may come in pieces, by the kind of file that it becomes.
RULES = {KIND: LARGE, ARCHIVE_KIND: ARCHIVE}
STALE = timedelta(hours=24)
# Open at once, by one person.
MOST_OPEN = 20
PIECE_BYTES = 5 * 1024 * 1024


class AnotherOffset(Exception):
    """The piece belongs elsewhere; `offset` is how much has arrived."""

    def __init__(self, offset: int) -> None:
        super().__init__(str(offset))
        self.offset = offset


@transaction.atomic
def begin(
    *, name: str, size: int, by: Membership, now: datetime, kind: str = KIND
) -> ResumableUpload:
    """Raises FileRefused with a sentence."""
    if size < 1:
        raise FileRefused(_("The file is empty. Choose a file that has content."))
    if size > RULES[kind].max_bytes:
        limit = RULES[kind].max_bytes // (1024 * 1024)
        sentence = _("The file is larger than %(limit)d MB. Make it smaller or split it.")
        raise FileRefused(sentence % {"limit": limit})
    open_ones = ResumableUpload.objects.filter(by__user_id=by.user_id, stored=None)
    if open_ones.count() >= MOST_OPEN:
        raise FileRefused(_("Too many uploads are under way. Finish one, or wait until tomorrow."))
    return ResumableUpload.objects.create(
        government_id=by.government_id,
        by=by,
        kind=kind,
        name=name[:200],
        size=size,
        touched_at=now,
    )


def find(by: Membership, public_id: str) -> ResumableUpload | None:
    """Only the very person's, in the same office."""
    rows = ResumableUpload.objects.filter(government_id=by.government_id, by=by)
    return rows.select_related("stored").filter(public_id=public_id).first()


@transaction.atomic
def append(*, upload: ResumableUpload, offset: int, data: bytes, now: datetime) -> ResumableUpload:
    """One piece more; the last one makes the file.

    Raises AnotherOffset, FileRefused when the piece is too long.
    """
    row = ResumableUpload.objects.select_for_update().get(pk=upload.pk)
    if offset != row.offset:
        raise AnotherOffset(row.offset)
    if row.offset + len(data) > row.size:
        raise FileRefused(_("More has arrived than the file has. Send it again."))
    if data:
        key = f"{row.government_id}/pieces/{row.public_id}-{row.offset}"
        # What a broken transaction left there.
        default_storage.delete(key)
        row.pieces = [*row.pieces, default_storage.save(key, ContentFile(data))]
        row.offset += len(data)
    row.touched_at = now
    row.save(update_fields=["pieces", "offset", "touched_at"])
    return row


def complete(*, upload: ResumableUpload) -> StoredFile:
    """Join, check and store; the pieces go, whatever becomes of it. Raises FileRefused."""
    if upload.stored is not None:
        return upload.stored
    with tempfile.TemporaryFile() as whole:
        for key in upload.pieces:
            with default_storage.open(key) as piece:
                for chunk in piece.chunks():
                    whole.write(chunk)
        try:
            stored = receive(
                UploadedFile(cast(BinaryIO, whole), upload.name, size=upload.size),
                rule=RULES[upload.kind],
                kind=upload.kind,
                government_id=upload.government_id,
                by_user_id=upload.by.user_id,
            )
        except FileRefused:
            _forget(upload)
            raise
    upload.stored = stored
    upload.save(update_fields=["stored"])
    _delete_pieces(upload)
    return stored


def sweep(now: datetime) -> None:
    """What was begun and not gone on with for a day, and what is finished."""
    for row in ResumableUpload.objects.filter(touched_at__lt=now - STALE).order_by("pk")[:200]:
        _forget(row)


def _forget(row: ResumableUpload) -> None:
    _delete_pieces(row)
    row.delete()


def _delete_pieces(row: ResumableUpload) -> None:
    for key in row.pieces:
        default_storage.delete(key)
