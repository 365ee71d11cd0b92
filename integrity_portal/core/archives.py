"""Reading a ZIP that somebody sent: nothing is unpacked to a path, nothing is believed.

Names are only looked at; bytes are read up to a limit whatever the archive says about itself. A
single file that cannot be taken is left out with the reason; what points outside, is locked or is
too much refuses the whole.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
NESTED = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz")
# Archives by their make; people know them as documents.
OFFICE = (".docx", ".docm", ".xlsx", ".xlsm", ".pptx", ".pptm", ".odt", ".ods", ".odp")
# What zipfile raises for one file inside; another may still be read.
DAMAGED = (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError)
SIGNATURES = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
# What systems put beside the files of people.
LITTER = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
# More than this is no paper: a page of nothing but the same byte.
MOST_RATIO = 200
# Names of files that are left out are shown; more of them nobody reads.
MOST_NAMES = 2000


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


@dataclass(frozen=True)
class LeftOut:
    """A file inside that cannot be taken, and the sentence that says why and what to do."""

    path: str
    sentence: str


def entries(archive: BinaryIO, limits: Limits) -> Iterator[Entry | LeftOut]:
    """The files inside, one at a time. Raises ArchiveRefused, for the whole before the first."""
    try:
        with zipfile.ZipFile(archive) as opened:
            rows = [row for row in opened.infolist() if not row.is_dir() and not _is_litter(row)]
            reasons = _refuse(rows, limits)
            total = 0
            for row in rows:
                found = reasons.get(row.filename) or _read(opened, row, limits)
                if isinstance(found, str):
                    yield LeftOut(row.filename, found)
                    continue
                total += len(found)
                if total > limits.total:
                    raise _too_large(limits)
                yield Entry(row.filename, found)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise ArchiveRefused(
            _("The ZIP cannot be opened. Make it again, without a password, then send it.")
        ) from error


def _is_litter(row: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(row.filename).parts
    name = parts[-1].lower() if parts else ""
    return "__MACOSX" in parts or name in LITTER or name.startswith(("~$", "._"))


def _refuse(rows: list[zipfile.ZipInfo], limits: Limits) -> dict[str, str]:
    """Why single files are left out, by their path."""
    if not rows:
        raise ArchiveRefused(_("The ZIP is empty. Choose one with files inside."))
    for row in rows:
        _refuse_unsafe(row)
    reasons = {row.filename: reason for row in rows if (reason := _reason(row, limits))}
    taken = [row for row in rows if row.filename not in reasons]
    if len(taken) > limits.files or len(rows) > MOST_NAMES:
        sentence = _("The ZIP holds %(count)d files; at most %(limit)d can come at once. Split it.")
        raise ArchiveRefused(sentence % {"count": len(rows), "limit": limits.files})
    if sum(row.file_size for row in taken) > limits.total:
        raise _too_large(limits)
    return reasons


def _refuse_unsafe(row: zipfile.ZipInfo) -> None:
    path = PurePosixPath(row.filename.replace("\\", "/"))
    first = path.parts[0] if path.parts else ".."
    unsafe = path.is_absolute() or ".." in path.parts or ":" in first or first == ".."
    if unsafe or "\x00" in row.filename or stat.S_ISLNK(row.external_attr >> 16):
        raise ArchiveRefused(
            _("The ZIP holds a file that points outside of it. Make it again from a plain folder.")
        )
    if row.flag_bits & 0x1:
        raise ArchiveRefused(
            _("The ZIP is protected by a password. Make it without one, then send it again.")
        )


def _reason(row: zipfile.ZipInfo, limits: Limits) -> str:
    """Why this file is left out; empty: as far as its name and size say, it can be taken."""
    ending = PurePosixPath(row.filename).suffix.lower()
    if ending in NESTED:
        return _nested()
    if ending in OFFICE:
        return _("It is no PDF and no picture. Save it as PDF, then send that.")
    if row.file_size > limits.each:
        sentence = _("It is larger than %(limit)d MB. Send it by itself, without the ZIP.")
        return sentence % {"limit": limits.each // MEGABYTE}
    if row.file_size > MEGABYTE and row.file_size > MOST_RATIO * max(row.compress_size, 1):
        return _("It unpacks to far more than a document has. Send it by itself.")
    return ""


def _read(opened: zipfile.ZipFile, row: zipfile.ZipInfo, limits: Limits) -> bytes | str:
    """The bytes, or why the file is left out."""
    try:
        with opened.open(row) as inside:
            data = inside.read(limits.each + 1)
    except DAMAGED:
        return _("It is damaged in the ZIP. Send it by itself.")
    if len(data) > limits.each:
        raise _too_large(limits)
    if data.startswith(SIGNATURES):
        return _nested()
    return data


def _nested() -> str:
    return _("It is an archive itself. Unpack it, then send what is in it.")


def _too_large(limits: Limits) -> ArchiveRefused:
    sentence = _("The ZIP unpacks to more than %(limit)d MB. Split it into several.")
    return ArchiveRefused(sentence % {"limit": limits.total // MEGABYTE})
