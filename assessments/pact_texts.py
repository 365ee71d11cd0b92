"""The wordings of the pakta integritas: read once from data/pakta-integritas.yaml, checked whole."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from assessments.enums import PactWording
from integrity_portal.core.data_files import DataFile, load, newest_on

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class PactText:
    """One wording. `sha256` is over the Indonesian one, line by line: that is what is signed."""

    code: str
    wording: str
    opening: tuple[str, str]
    promises: tuple[tuple[str, str], ...]
    closing: tuple[str, str]

    @property
    def lines(self) -> list[str]:
        return [self.opening[0], *(text for text, _en in self.promises), self.closing[0]]

    @property
    def sha256(self) -> str:
        return hashlib.sha256("\n".join(self.lines).encode()).hexdigest()

    @property
    def in_english(self) -> list[str]:
        """Only to help reading; empty where Indonesian is read."""
        if get_language() != "en":
            return []
        return [self.opening[1], *(text for _id, text in self.promises), self.closing[1]]


@dataclass(frozen=True)
class PactVersion:
    code: str
    valid_from: date
    source: str
    texts: dict[str, PactText]


def versions() -> tuple[PactVersion, ...]:
    """Newest first. Raises UnableToReadData."""
    return load(DATA / "pakta-integritas.yaml", read)


def read(file: DataFile) -> tuple[PactVersion, ...]:
    file.refuse_twice("versions")
    found = [_version(row) for row in file.data["versions"]]
    return tuple(sorted(found, key=lambda row: row.valid_from, reverse=True))


def _version(row: dict[str, Any]) -> PactVersion:
    return PactVersion(
        code=row["code"],
        valid_from=date.fromisoformat(row["valid_from"]),
        source=row["source"],
        texts={
            wording: _text(row["code"], wording, row[wording]) for wording in PactWording.values
        },
    )


def _text(code: str, wording: str, row: dict[str, Any]) -> PactText:
    return PactText(
        code=code,
        wording=wording,
        opening=(row["opening_id"], row["opening_en"]),
        promises=tuple((line["text_id"], line["text_en"]) for line in row["promises"]),
        closing=(row["closing_id"], row["closing_en"]),
    )


def text_in_force(wording: str, day: date) -> PactText:
    """The newest valid on this day, else the oldest there is."""
    return newest_on(versions(), day).texts[wording]


def text_of(code: str, wording: str) -> PactText | None:
    """The wording that an old pact was signed on; None when its file is gone."""
    version = next((row for row in versions() if row.code == code), None)
    return version.texts[wording] if version else None
