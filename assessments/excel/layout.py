"""The rows of a work-sheet in the official order: nodes, questions, the counts below a ratio."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assessments.instrument import Instrument, QuestionText
from assessments.scoring import ScaleKind, ZeroRule

COLUMNS = (
    "Penilaian",
    "Bobot",
    "Penjelasan",
    "Pilihan Jawaban",
    "Jawaban",
    "Nilai",
    "%",
    "Catatan",
    "Link evidence",
)
# Where 0/0 is settled by hand: an extra row below the counts.
ZERO_KEY = "_zero"
ZERO_TEXT = "Bila semua jumlah di atas 0, nilainya"
ZERO_WORDS = {"Penuh": ZeroRule.FULL, "Nol": ZeroRule.NONE}
COUNT_CHOICE = "Jumlah"
TOTAL = "Nilai total"
# The moment of the export, in the properties of the file: answers written later are newer than it.
EXPORTED_AT = "portal_exported_at"


class RowKind(StrEnum):
    NODE = "node"
    QUESTION = "question"
    COUNT = "count"
    TOTAL = "total"


@dataclass(frozen=True)
class Row:
    """`key` names the count; `depth` is how far it is indented."""

    kind: RowKind
    code: str
    text: str
    depth: int
    weight: Decimal | None = None
    key: str = ""


@dataclass(frozen=True)
class Filled:
    """What stands at one question of a sheet. `text` is the column Catatan."""

    option: str = ""
    counts: tuple[tuple[str, str], ...] = ()
    index: Decimal | None = None
    zero_as: str = ""
    text: str = ""
    links: tuple[str, ...] = ()

    @property
    def is_answered(self) -> bool:
        return bool(self.option or self.counts or self.index is not None)


def rows_of(instrument: Instrument) -> Iterator[Row]:
    for code, node in instrument.tree.nodes.items():
        depth = code.count(".")
        title = instrument.titles[code].text_id
        yield Row(RowKind.NODE, code, f"{code} {title}", depth, node.weight)
        for asked in node.questions:
            question = instrument.questions[asked.code]
            text = f"{question.code} {question.text.text_id}"
            yield Row(RowKind.QUESTION, question.code, text, depth + 1)
            yield from _counts(question, depth + 2)
    yield Row(RowKind.TOTAL, "", TOTAL, 0, instrument.tree.total)


def _counts(question: QuestionText, depth: int) -> Iterator[Row]:
    for count in question.counts:
        yield Row(
            RowKind.COUNT, question.code, f"– {count.text.text_id}", depth, None, key=count.key
        )
    if asks_for_zero(question):
        yield Row(RowKind.COUNT, question.code, f"– {ZERO_TEXT}", depth, None, key=ZERO_KEY)


def asks_for_zero(question: QuestionText) -> bool:
    ratio = question.asked.ratio
    return ratio is not None and ratio.zero is ZeroRule.ASK


def choices_of(question: QuestionText) -> str:
    scale = question.scale
    if scale.kind is ScaleKind.OPTIONS:
        return "/".join(scale.options)
    return "%" if scale.kind is ScaleKind.RATIO else f"0–{scale.highest.normalize():f}"


def explanation_of(question: QuestionText) -> str:
    """The criteria of each option; of a ratio what is divided by what."""
    if question.options:
        return "\n".join(f"{each.code}: {each.text.text_id}" for each in question.options)
    if question.asked.ratio is None:
        return question.note.text_id if question.note else ""
    names = {each.key: each.text.text_id for each in question.counts}
    ratio = question.asked.ratio
    return f"{_sum(ratio.part, names)} dibagi {_sum(ratio.whole, names)}"


def _sum(terms: tuple[tuple[str, int], ...], names: dict[str, str]) -> str:
    text = ""
    for key, sign in terms:
        mark = "" if not text else (" + " if sign > 0 else " − ")
        text += f"{mark}“{names[key]}”"
    return f"({text})" if len(terms) > 1 else text
