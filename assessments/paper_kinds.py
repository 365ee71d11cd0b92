"""Kinds of official papers: read once from data/papers.yaml, checked whole before use.

The wording there is only what a draft begins with. What was numbered keeps its own text and hash,
so a changed file changes no paper.
"""

import hashlib
import json
import string
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from assessments.enums import PaperKind
from assessments.requirement_sets import DATA, Wording

# What the wording may speak of.
PLACEHOLDERS = {"government", "head", "year", "unit", "unit_head", "replaced"}
# And of units that may proceed: the rule that lets them, and the title of their list.
PROCEEDING = {"source", "list"}


class UnableToReadPapers(Exception):
    """The file breaks a rule; the message names the place."""


@dataclass(frozen=True)
class Line:
    text: str
    when: str = ""


@dataclass(frozen=True)
class BlockKind:
    """One editable block. `style`: paragraphs, lettered (a.), numbered (1.), dictum (KESATU)."""

    code: str
    heading: str
    style: str
    label: Wording
    is_optional: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Proceeding:
    """What a paper says, after the block `after`, of units that go along with unmet requirements;
    they are listed under `title` in the attachment."""

    after: str
    lines: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class Kind:
    """`signer`: regional_head, unit_head, inspector. `subject`: year, proposal, team, zone."""

    code: str
    form: str
    signer: str
    subject: str
    title: str
    about: str
    issuer: str
    addressee: str
    attachment: str
    attachment_title: str
    hint: Wording
    blocks: tuple[BlockKind, ...]
    proceeding: Proceeding | None = None

    @property
    def label(self) -> Any:
        return PaperKind(self.code).label


@dataclass(frozen=True)
class Catalogue:
    version: str
    source: str
    kinds: dict[str, Kind]
    sha256: str


@cache
def catalogue() -> Catalogue:
    """Raises UnableToReadPapers."""
    schema = json.loads((DATA / "papers.schema.json").read_text())
    return read((DATA / "papers.yaml").read_bytes(), schema)


def kind_of(code: str) -> Kind:
    """Raises KeyError for an unknown kind."""
    return catalogue().kinds[code]


def read(content: bytes, schema: dict[str, Any]) -> Catalogue:
    """The file, checked by the schema and against itself."""
    data = yaml.safe_load(content)
    for error in Draft202012Validator(schema).iter_errors(data):
        raise UnableToReadPapers(f"{'/'.join(map(str, error.path))}: {error.message}")
    kinds = [_kind(row, data["basis"]) for row in data["kinds"]]
    if sorted(kind.code for kind in kinds) != sorted(PaperKind.values):
        raise UnableToReadPapers("every kind stands there once")
    for kind in kinds:
        _check(kind)
    return Catalogue(
        version=data["version"],
        source=data["source"],
        kinds={kind.code: kind for kind in kinds},
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _kind(row: dict[str, Any], basis: dict[str, str]) -> Kind:
    return Kind(
        code=row["code"],
        form=row["form"],
        signer=row["signer"],
        subject=row["subject"],
        title=row["title"],
        about=row["about"],
        issuer=row.get("issuer", ""),
        addressee="\n".join(row.get("addressee", [])),
        attachment=row["attachment"],
        attachment_title=row.get("attachment_title", ""),
        hint=Wording(row["hint_id"], row["hint_en"]),
        blocks=tuple(_block(row, block, basis) for block in row["blocks"]),
        proceeding=_proceeding(row.get("proceeding")),
    )


def _proceeding(row: dict[str, Any] | None) -> Proceeding | None:
    return Proceeding(row["after"], tuple(row["lines"]), row["title"]) if row else None


def _block(kind: dict[str, Any], row: dict[str, Any], basis: dict[str, str]) -> BlockKind:
    unknown = set(row.get("basis", [])) - basis.keys()
    if unknown:
        raise UnableToReadPapers(f"{kind['code']}/{row['code']}: no such basis: {sorted(unknown)}")
    end = ";" if kind["form"] == "decree" else "."
    lines = [Line(f"{basis[code]}{end}") for code in row.get("basis", [])]
    lines += [
        Line(line) if isinstance(line, str) else Line(line["text"], line["when"])
        for line in row.get("lines", [])
    ]
    return BlockKind(
        code=row["code"],
        heading=row["heading"],
        style=row["style"],
        label=Wording(row["label_id"], row["label_en"]),
        is_optional=row.get("optional", False),
        lines=tuple(lines),
    )


def _check(kind: Kind) -> None:
    codes = [block.code for block in kind.blocks]
    if len(set(codes)) != len(codes):
        raise UnableToReadPapers(f"{kind.code}: a block stands there twice")
    if (kind.attachment == "none") == bool(kind.attachment_title):
        raise UnableToReadPapers(f"{kind.code}: an attachment needs its title, and only it")
    texts = [kind.title, kind.about, kind.issuer, kind.addressee]
    texts += [line.text for block in kind.blocks for line in block.lines]
    _check_placeholders(kind.code, texts, PLACEHOLDERS)
    if kind.proceeding is None:
        return
    _check_placeholders(kind.code, kind.proceeding.lines, PLACEHOLDERS | PROCEEDING)
    if kind.subject != "proposal" or kind.proceeding.after not in codes:
        raise UnableToReadPapers(f"{kind.code}: nothing comes after {kind.proceeding.after}")


def _check_placeholders(code: str, texts: Iterable[str], allowed: set[str]) -> None:
    for text in texts:
        named = {name for _before, name, _spec, _conversion in string.Formatter().parse(text)}
        if not named - {None} <= allowed:
            raise UnableToReadPapers(f"{code}: unknown placeholder in “{text[:60]}”")
