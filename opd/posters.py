"""Kinds of poster, as data, and the addresses that are printed on them for ever."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from integrity_portal.core import photos
from integrity_portal.core.data_files import DataFile, Wording, load, wording
from integrity_portal.core.files import MEGABYTE, FileRule

DATA = Path(__file__).parent / "data" / "posters.yaml"
GENERAL = "general"
# The proof that a poster hangs: a photo, kept without what the camera put into it.
PHOTO = FileRule(frozenset(photos.FORMATS), 10 * MEGABYTE, _("Send a photo: JPEG, PNG or WebP."))
PHOTO_KIND = "poster_photo"


@dataclass(frozen=True)
class PosterKind:
    code: str
    label: Wording
    recheck_days: int
    counts_scans: bool

    def recheck_after(self, day: date) -> date:
        return day + timedelta(days=self.recheck_days)


def kinds() -> dict[str, PosterKind]:
    """By code. Raises UnableToReadData."""
    return load(DATA, _read)


def kind(code: str) -> PosterKind:
    """Raises KeyError for a code that the file does not have."""
    return kinds()[code]


def _read(file: DataFile) -> dict[str, PosterKind]:
    file.refuse_twice("kinds")
    return {
        row["code"]: PosterKind(
            row["code"], wording(row, "label"), row["recheck_days"], row["counts_scans"]
        )
        for row in file.data["kinds"]
    }


def place_address(token: str) -> str:
    """What the QR code holds: opaque, and never given to another place."""
    return f"{settings.BASE_URL}/p/{token}"


def domain() -> str:
    """What must stand in the browser's address bar."""
    return urlsplit(settings.BASE_URL).netloc


def short(address: str) -> str:
    """As people type it, without https://."""
    return address.removeprefix("https://").removeprefix("http://")
