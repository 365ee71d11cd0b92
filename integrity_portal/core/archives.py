"""Reading a ZIP that somebody sent: nothing is unpacked to a path, nothing is believed.

Names are only looked at; bytes are read up to a limit whatever the archive says about itself.
"""

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
NESTED = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
SIGNATURES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
# What systems put beside the files of people.
LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
# More than this is no paper: a page of nothing but the same byte.
MOST_RATIO = 200


class ArchiveRefused(Exception):
    """The sentence for the person is the message."""


@dataclass(frozen=True)
class Limits:
    files: int = 100
    each: int = 10 * MEGABYTE
    total: int = 300 * MEGABYTE


@dataclass(frozen=True)
class Entry:
    path: str
    data: bytes


def entries(archive: BinaryIO, limits: Limits) -> Iterator[Entry]:
    """The files inside, one at a time. Raises ArchiveRefused, for the whole before the first."""
    try:
        with zipfile.ZipFile(archive) as opened:
            rows = [row for row in opened.infolist() if not row.is_dir() and not _is_litter(row)]
            _refuse(rows, limits)
            total = 0
            for row in rows:
                data = _read(opened, row, limits)
                total += len(data)
                if total > limits.total:
                    raise _too_large(limits)
                yield Entry(row.filename, data)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise ArchiveRefused(
            _("The ZIP cannot be opened. Make it again, without a password, then send it.")
        ) from error


def _is_litter(row: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(row.filename).parts
    name = parts[-1].lower() if parts else ""
    return "__MACOSX" in parts or name in LITTER or name.startswith(("~$", "._"))


def _refuse(rows: list[zipfile.ZipInfo], limits: Limits) -> None:
    if not rows:
        raise ArchiveRefused(_("The ZIP is empty. Choose one with files inside."))
    if len(rows) > limits.files:
        sentence = _("The ZIP holds %(count)d files; at most %(limit)d can come at once. Split it.")
        raise ArchiveRefused(sentence % {"count": len(rows), "limit": limits.files})
    for row in rows:
        _refuse_one(row, limits)
    if sum(row.file_size for row in rows) > limits.total:
        raise _too_large(limits)


def _refuse_one(row: zipfile.ZipInfo, limits: Limits) -> None:
    path = PurePosixPath(row.filename.replace("\\", "/"))
    unsafe = path.is_absolute() or ".." in path.parts or ":" in path.parts[0]
    if unsafe or "\x00" in row.filename or stat.S_ISLNK(row.external_attr >> 16):
        raise ArchiveRefused(
            _("The ZIP holds a file that points outside of it. Make it again from a plain folder.")
        )
    if row.flag_bits & 0x1:
        raise ArchiveRefused(
            _("The ZIP is protected by a password. Make it without one, then send it again.")
        )
    if path.suffix.lower() in NESTED:
        raise _nested(path.name)
    if row.file_size > limits.each:
        sentence = _("“%(name)s” in the ZIP is larger than %(limit)d MB. Make it smaller.")
        raise ArchiveRefused(sentence % {"name": path.name, "limit": limits.each // MEGABYTE})
    if row.file_size > MEGABYTE and row.file_size > MOST_RATIO * max(row.compress_size, 1):
        raise ArchiveRefused(
            _("“%(name)s” in the ZIP unpacks to far more than a document has. Send it by itself.")
            % {"name": path.name}
        )


def _read(opened: zipfile.ZipFile, row: zipfile.ZipInfo, limits: Limits) -> bytes:
    with opened.open(row) as inside:
        data = inside.read(limits.each + 1)
    if len(data) > limits.each:
        raise _too_large(limits)
    if data.startswith(SIGNATURES):
        raise _nested(PurePosixPath(row.filename).name)
    return data


def _nested(name: str) -> ArchiveRefused:
    sentence = _("“%(name)s” in the ZIP is an archive itself. Unpack it, then make the ZIP again.")
    return ArchiveRefused(sentence % {"name": name})


def _too_large(limits: Limits) -> ArchiveRefused:
    sentence = _("The ZIP unpacks to more than %(limit)d MB. Split it into several.")
    return ArchiveRefused(sentence % {"limit": limits.total // MEGABYTE})
