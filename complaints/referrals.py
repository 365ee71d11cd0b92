"""Where a citizen is sent to: read once from data/referrals.yaml, checked whole before its use."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import get_language

from integrity_portal.core.data_files import DataFile, load

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Institution:
    code: str
    text_id: str
    text_en: str
    # Its address for citizens, as people say it; empty where it depends on the place.
    where: str
    offered: bool = True

    @property
    def label(self) -> str:
        return self.text_en if get_language() == "en" else self.text_id


def institutions() -> tuple[Institution, ...]:
    """Raises UnableToReadData."""
    return load(DATA / "referrals.yaml", read)


def read(file: DataFile) -> tuple[Institution, ...]:
    file.refuse_twice("institutions")
    return tuple(Institution(**row) for row in file.data["institutions"])


def offered() -> list[Institution]:
    return [row for row in institutions() if row.offered]


def institution(code: str) -> Institution | None:
    return next((row for row in institutions() if row.code == code), None)
