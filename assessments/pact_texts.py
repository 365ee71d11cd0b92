"""The wordings of the pakta integritas: read once from data/pakta-integritas.yaml, checked whole."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language
from jsonschema import Draft202012Validator

from assessments.enums import PactWording

DATA = Path(__file__).parent / "data"


class UnableToReadPacts(Exception):
    """The file breaks a rule; the message names the place."""


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


@cache
def versions() -> tuple[PactVersion, ...]:
    """Newest first. Raises UnableToReadPacts."""
    return read((DATA / "pakta-integritas.yaml").read_text(encoding="utf-8"))


def read(text: str) -> tuple[PactVersion, ...]:
    schema = json.loads((DATA / "pakta-integritas.schema.json").read_text(encoding="utf-8"))
    facts: Any = yaml.safe_load(text)
    for fault in Draft202012Validator(schema).iter_errors(facts):
        raise UnableToReadPacts(f"{fault.json_path}: {fault.message}")
    found = [_version(row) for row in facts["versions"]]
    if len({row.code for row in found}) != len(found):
        raise UnableToReadPacts("$.versions: a code stands twice")
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
    every = versions()
    version = next((row for row in every if row.valid_from <= day), every[-1])
    return version.texts[wording]


def text_of(code: str, wording: str) -> PactText | None:
    """The wording that an old pact was signed on; None when its file is gone."""
    version = next((row for row in versions() if row.code == code), None)
    return version.texts[wording] if version else None
