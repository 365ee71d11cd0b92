"""The text of an official paper, always in Indonesian. Pure: no ORM, no clock.

`Content` is everything that the paper says. Numbering freezes it with its plain text and the
SHA-256 of that; screen and PDF show the frozen content, so nobody signs other words than these.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from assessments.charter import sha256
from assessments.paper_kinds import Kind

__all__ = [
    "Block",
    "Content",
    "Table",
    "is_head",
    "of_json",
    "plain",
    "prefilled",
    "sha256",
    "words_for",
]

DICTUM = (
    "KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA", "KEENAM", "KETUJUH", "KEDELAPAN",
    "KESEMBILAN", "KESEPULUH", "KESEBELAS", "KEDUA BELAS", "KETIGA BELAS", "KEEMPAT BELAS",
    "KELIMA BELAS", "KEENAM BELAS", "KETUJUH BELAS", "KEDELAPAN BELAS", "KESEMBILAN BELAS",
    "KEDUA PULUH",
)  # fmt: skip
STAND_INS = ("pj", "pjs", "plt", "plh")
NO_NUMBER = "(nomor belum diberikan)"
NO_DAY = "(tanggal belum ditetapkan)"


@dataclass(frozen=True)
class Block:
    """`marks` stand before the lines: a., 1., KESATU; empty for paragraphs."""

    heading: str
    style: str
    marks: tuple[str, ...]
    lines: tuple[str, ...]

    @property
    def rows(self) -> list[tuple[str, str]]:
        return list(zip(self.marks, self.lines, strict=True))


@dataclass(frozen=True)
class Table:
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Content:
    """What a paper says. Dates are already written out; `office` is the signatory's title."""

    form: str
    title: str
    about: str
    number: str
    dated: str
    addressee: tuple[str, ...]
    blocks: tuple[Block, ...]
    facts: tuple[tuple[str, str], ...]
    conclusion: str
    attachment: str
    tables: tuple[Table, ...]
    place: str
    office: str
    name: str
    nip: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def is_head(title: str, head: str) -> bool:
    """Whether a title is the regional head's; one who stands in carries Pj., Plt. … before it."""
    return "".join(without_stand_ins(title)).startswith("".join(head.casefold().split()))


def is_inspector(title: str) -> bool:
    """Whether a title is that of the head of the inspectorate, not of an Inspektur Pembantu."""
    words = without_stand_ins(title)
    return words[:1] == ["inspektur"] and words[1:2] != ["pembantu"]


def without_stand_ins(title: str) -> list[str]:
    """The words of a title in small letters, without Pj., Plt. … before it."""
    words = title.casefold().split()
    while words and words[0].rstrip(".") in STAND_INS:
        words = words[1:]
    return words


def of_json(data: Mapping[str, Any]) -> Content:
    """What `as_json` wrote, after it lay in the database."""
    return Content(
        **{
            **data,
            "addressee": tuple(data["addressee"]),
            "blocks": tuple(
                Block(row["heading"], row["style"], tuple(row["marks"]), tuple(row["lines"]))
                for row in data["blocks"]
            ),
            "facts": tuple((name, value) for name, value in data["facts"]),
            "tables": tuple(
                Table(row["title"], tuple(row["head"]), tuple(map(tuple, row["rows"])))
                for row in data["tables"]
            ),
        }
    )


def words_for(text: str, words: Mapping[str, str]) -> str:
    return text.format_map(words)


def prefilled(kind: Kind, words: Mapping[str, str]) -> dict[str, list[str]]:
    """The lines of every block with which a draft begins."""
    return {
        block.code: [
            words_for(line.text, words)
            for line in block.lines
            if not line.when or (line.when == "replaces" and words.get("replaced"))
        ]
        for block in kind.blocks
    }


def blocks_of(
    kind: Kind, lines: Mapping[str, Iterable[str]], *, proceeding: Iterable[str] = ()
) -> tuple[Block, ...]:
    """Blocks without a line are left out.

    `proceeding`: what is said of units that go along with unmet requirements. It is no block of
    the draft, so that no draft can leave it out.
    """
    found = []
    said = tuple(proceeding)
    for block in kind.blocks:
        texts = tuple(lines.get(block.code, ()))
        if texts:
            found.append(Block(block.heading, block.style, _marks(block.style, len(texts)), texts))
        if said and kind.proceeding is not None and kind.proceeding.after == block.code:
            found.append(Block("", "paragraphs", ("",) * len(said), said))
    return tuple(found)


def _marks(style: str, count: int) -> tuple[str, ...]:
    if style == "lettered":
        return tuple(f"{_letter(place)}." for place in range(count))
    if style == "numbered":
        return tuple(f"{place}." for place in range(1, count + 1))
    if style == "dictum":
        return tuple(DICTUM[place] if place < len(DICTUM) else "" for place in range(count))
    return ("",) * count


def _letter(place: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return letters[place % 26] * (place // 26 + 1)


def recommendation(*, unit: str, target: str, year: int, recommends: bool | None) -> str:
    """The conclusion of an evaluation report."""
    if recommends is None:
        return ""
    word = "direkomendasikan" if recommends else "belum direkomendasikan"
    return (
        f"Berdasarkan hasil evaluasi, {unit} {word} untuk diusulkan kepada Tim Penilai Nasional "
        f"menuju {target} pada Tahun {year}."
    )


def total(enabler: Decimal | None, result: Decimal | None) -> Decimal | None:
    """Of 60 and 40; only when both are known: empty is not zero."""
    return None if enabler is None or result is None else enabler + result


def plain(content: Content) -> str:
    """Everything that is signed, line by line."""
    return "\n".join(_lines(content)) + "\n"


def _lines(content: Content) -> Iterator[str]:
    yield from _head(content)
    for block in content.blocks:
        yield ""
        if block.heading:
            yield f"{block.heading}:"
        yield from (f"{mark} {line}".strip() for mark, line in block.rows)
    yield from (f"{name}: {value}" for name, value in content.facts)
    if content.conclusion:
        yield ""
        yield content.conclusion
    yield ""
    yield f"{content.place}, {content.dated}"
    nip = f"NIP {content.nip}" if content.nip else ""
    yield from (line for line in (content.office, content.name, nip) if line)
    for table in content.tables:
        yield ""
        yield f"Lampiran: {table.title}"
        yield from (" | ".join(row) for row in table.rows)


def _head(content: Content) -> Iterator[str]:
    if content.form == "letter":
        yield content.title
        yield f"Nomor: {content.number}"
        yield f"Tanggal: {content.dated}"
        yield f"Hal: {content.about}"
        yield from content.addressee
        return
    yield content.title.upper()
    yield f"Nomor: {content.number}"
    yield f"Tentang: {content.about}"
    if content.form == "statement":
        yield ""
        yield "Yang bertanda tangan di bawah ini:"
        yield f"Nama: {content.name or '-'}"
        yield f"Jabatan: {content.office}"
