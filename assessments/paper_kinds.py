"""Kinds of official papers: read once from data/papers.yaml, checked whole before use.

The wording there is only what a draft begins with. What was numbered keeps its own text and hash,
so a changed file changes no paper.
"""

import string
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assessments.enums import PaperKind
from integrity_portal.core.data_files import DataFile, Wording, load, wording

DATA = Path(__file__).parent / "data"
# What the wording may speak of.
PLACEHOLDERS = {"government", "head", "year", "unit", "unit_head", "replaced"}
# And of units that may proceed: the rule that lets them, and the title of their list.
PROCEEDING = {"source", "list"}


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


def catalogue() -> Catalogue:
    """Raises UnableToReadData."""
    return load(DATA / "papers.yaml", read)


def kind_of(code: str) -> Kind:
    """Raises KeyError for an unknown kind."""
    return catalogue().kinds[code]


def read(file: DataFile) -> Catalogue:
    """The file, checked against itself."""
    data = file.data
    if sorted(row["code"] for row in data["kinds"]) != sorted(PaperKind.values):
        raise file.fault("every kind stands there once", "kinds")
    kinds = []
    for number, row in enumerate(data["kinds"]):
        _check_blocks(file, number)
        kinds.append(_kind(row, data["basis"]))
        _check(file, number, kinds[-1])
    return Catalogue(
        version=data["version"],
        source=data["source"],
        kinds={kind.code: kind for kind in kinds},
        sha256=file.sha256,
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
        hint=wording(row, "hint"),
        blocks=tuple(_block(row["form"], block, basis) for block in row["blocks"]),
        proceeding=_proceeding(row.get("proceeding")),
    )


def _proceeding(row: dict[str, Any] | None) -> Proceeding | None:
    return Proceeding(row["after"], tuple(row["lines"]), row["title"]) if row else None


def _block(form: str, row: dict[str, Any], basis: dict[str, str]) -> BlockKind:
    end = ";" if form == "decree" else "."
    lines = [Line(f"{basis[code]}{end}") for code in row.get("basis", [])]
    lines += [
        Line(line) if isinstance(line, str) else Line(line["text"], line["when"])
        for line in row.get("lines", [])
    ]
    return BlockKind(
        code=row["code"],
        heading=row["heading"],
        style=row["style"],
        label=wording(row, "label"),
        is_optional=row.get("optional", False),
        lines=tuple(lines),
    )


def _check_blocks(file: DataFile, kind: int) -> None:
    codes = set()
    for number, block in enumerate(file.data["kinds"][kind]["blocks"]):
        place = ("kinds", kind, "blocks", number)
        if block["code"] in codes:
            raise file.fault("a block stands there twice", *place)
        if unknown := set(block.get("basis", [])) - file.data["basis"].keys():
            raise file.fault(f"no such basis: {sorted(unknown)}", *place, "basis")
        codes.add(block["code"])


def _check(file: DataFile, number: int, kind: Kind) -> None:
    if (kind.attachment == "none") == bool(kind.attachment_title):
        raise file.fault("an attachment needs its title, and only it", "kinds", number)
    texts = [kind.title, kind.about, kind.issuer, kind.addressee]
    texts += [line.text for block in kind.blocks for line in block.lines]
    _check_placeholders(file, number, texts, PLACEHOLDERS)
    if kind.proceeding is None:
        return
    _check_placeholders(file, number, kind.proceeding.lines, PLACEHOLDERS | PROCEEDING)
    codes = [block.code for block in kind.blocks]
    if kind.subject != "proposal" or kind.proceeding.after not in codes:
        place = ("kinds", number, "proceeding", "after")
        raise file.fault(f"nothing comes after {kind.proceeding.after}", *place)


def _check_placeholders(
    file: DataFile, number: int, texts: Iterable[str], allowed: set[str]
) -> None:
    for text in texts:
        named = {name for _before, name, _spec, _conversion in string.Formatter().parse(text)}
        if not named - {None} <= allowed:
            raise file.fault(f"unknown placeholder in “{text[:60]}”", "kinds", number)
