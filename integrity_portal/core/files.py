"""Uploads: checked by content, hashed, size-limited; refused with one sentence.

Photos are written anew without what the camera put into them; everything else stays as it came.
`receive` stores the bytes under a pending row, outside the action's transaction; the action
`keep`s the file with its own change. What nobody kept is swept away after a day.
"""

import hashlib
import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any, BinaryIO, cast

import magic
import pikepdf
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _, gettext_lazy

from integrity_portal.core import photos, sounds
from integrity_portal.core.models import StoredFile

MEGABYTE = 1024 * 1024


class FileRefused(Exception):
    """The sentence for the person is the message."""


NO_PAPER = gettext_lazy(
    "This kind of file is not accepted. Send a PDF or a photo (JPEG, PNG, WebP)."
)


@dataclass(frozen=True)
class FileRule:
    """What one place accepts. `types` are media types found in the content, not claimed names."""

    types: frozenset[str]
    max_bytes: int
    # What is said of another kind.
    other: Any = NO_PAPER


EVIDENCE = FileRule(frozenset({"application/pdf", *photos.FORMATS}), 10 * MEGABYTE)
# What citizens show: recordings too.
TESTIMONY = FileRule(
    EVIDENCE.types | sounds.TYPES,
    10 * MEGABYTE,
    gettext_lazy(
        "This kind of file is not accepted. Send a photo (JPEG, PNG, WebP), a PDF or a sound "
        "recording (MP3, M4A, AAC, OGG, WAV, AMR)."
    ),
)
SUFFIX = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "application/zip": ".zip",
    **sounds.SUFFIX,
}


def receive(
    upload: UploadedFile,
    *,
    rule: FileRule,
    kind: str,
    government_id: int,
    by_user_id: int | None,
) -> StoredFile:
    """Check, hash and store. Raises FileRefused; nothing is left behind then.

    The size, the hash and the bytes are those of what is stored: of a photo, the bare one.
    """
    content_type = _check(upload, rule)
    data: BinaryIO = cast(BinaryIO, upload)
    if content_type in photos.FORMATS:
        try:
            data = photos.upright_and_bare(data, content_type)
        except photos.PhotoRefused as refused:
            raise FileRefused(str(refused)) from refused
    size = data.seek(0, 2)
    row = StoredFile.objects.create(
        government_id=government_id,
        kind=kind,
        key=f"{government_id}/{kind}/{uuid.uuid4().hex}",
        name=safe_name(upload.name or "", content_type),
        content_type=content_type,
        size=size,
        sha256=_digest(data),
        created_by_id=by_user_id,
    )
    default_storage.save(row.key, File(data))
    return row


def _digest(data: BinaryIO) -> str:
    """SHA-256 of the whole, which afterwards stands at its start again."""
    digest = hashlib.sha256()
    data.seek(0)
    for chunk in iter(lambda: data.read(MEGABYTE), b""):
        digest.update(chunk)
    data.seek(0)
    return digest.hexdigest()


def keep(row: StoredFile) -> None:
    """Called by the action that refers to the file, inside its transaction."""
    row.state = StoredFile.State.STORED
    row.save(update_fields=["state"])


def discard(row: StoredFile) -> None:
    """An upload that was taken back before anything kept it: its bytes and row, at once."""
    default_storage.delete(row.key)
    row.delete()


def let_go(rows: QuerySet[StoredFile]) -> None:
    """What has had its time: nothing refers to it any more, the next sweep removes bytes and row."""
    rows.update(state=StoredFile.State.PENDING)


def store_made(
    data: BinaryIO,
    *,
    size: int,
    name: str,
    kind: str,
    government_id: int,
    content_type: str = "application/pdf",
) -> StoredFile:
    """A file that the portal made itself, mostly a PDF; the caller keeps it."""
    row = StoredFile.objects.create(
        government_id=government_id,
        kind=kind,
        key=f"{government_id}/{kind}/{uuid.uuid4().hex}",
        name=name,
        content_type=content_type,
        size=size,
        sha256=_digest(data),
    )
    default_storage.save(row.key, File(data))
    return row


def sweep_orphans(*, now: datetime) -> int:
    """Remove bytes and rows of uploads that no action kept within a day."""
    swept = 0
    for row in StoredFile.objects.orphans(now - timedelta(days=1))[:500]:
        discard(row)
        swept += 1
    return swept


def safe_name(name: str, content_type: str) -> str:
    """The name of an upload, safe in a header, on a disk and in a list; without its folders, and
    the ending follows the content."""
    stem = unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).name)
    return _named(stem.rsplit(".", 1)[0] if "." in stem else stem, content_type)


def name_from_title(title: str, content_type: str) -> str:
    """The name of a document that the portal made: every word of its title stays."""
    words = unicodedata.normalize("NFC", re.sub(r"[/\\]+", "-", title))
    return _named(re.sub(r"\s+", " ", words), content_type)


def _named(stem: str, content_type: str) -> str:
    stem = re.sub(r"[^\w .()-]", "", stem).strip(" .")
    return f"{stem[:100] or 'berkas'}{SUFFIX.get(content_type, '.bin')}"


def _check(upload: UploadedFile, rule: FileRule) -> str:
    limit = rule.max_bytes // MEGABYTE
    if not upload.size:
        raise FileRefused(_("The file is empty. Choose a file that has content."))
    if upload.size > rule.max_bytes:
        raise FileRefused(
            _("The file is larger than %(limit)d MB. Make it smaller or split it.")
            % {"limit": limit}
        )
    upload.seek(0)
    found = magic.from_buffer(upload.read(8192), mime=True)
    upload.seek(0)
    if rule.types & sounds.TYPES:
        found = sounds.sound_in(cast(BinaryIO, upload), found)
    if found in photos.NOT_READ and rule.types & photos.FORMATS.keys():
        raise FileRefused(str(photos.not_read()))
    if found not in rule.types:
        raise FileRefused(str(rule.other))
    if found == "application/pdf":
        _parse_pdf(upload)
        upload.seek(0)
    return found


def _parse_pdf(upload: UploadedFile) -> None:
    try:
        with pikepdf.open(cast(BinaryIO, upload)) as pdf:
            if pdf.is_encrypted:
                raise FileRefused(
                    _("The PDF is protected. Save it without a password, then send it again.")
                )
            if not len(pdf.pages):
                raise FileRefused(_("The PDF has no pages. Send the complete document."))
            if _is_active(pdf):
                raise FileRefused(
                    _(
                        "The PDF carries a program or other files inside. Print it to PDF and send that."
                    )
                )
    except pikepdf.PasswordError as error:
        raise FileRefused(
            _("The PDF is protected. Save it without a password, then send it again.")
        ) from error
    except pikepdf.PdfError as error:
        raise FileRefused(_("The PDF cannot be opened. Save it again, then send it.")) from error


# What a reader would do by itself, or unpack. ISO 32000-1, 12.6.4 (actions) and 7.11.4 (files).
_ACTIONS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE"}


def _is_active(pdf: pikepdf.Pdf) -> bool:
    names = pdf.Root.get("/Names", pikepdf.Dictionary())
    if "/JavaScript" in names or "/EmbeddedFiles" in names:
        return True
    doors = [pdf.Root.get("/OpenAction"), *pdf.Root.get("/AA", pikepdf.Dictionary()).values()]
    return any(
        isinstance(door, pikepdf.Dictionary) and str(door.get("/S", "")) in _ACTIONS
        for door in doors
    )
