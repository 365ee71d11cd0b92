"""Which node or question a row speaks of: by its full number, by its letter under what stands above
it, by the title, and at last by the order of the sheet."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from assessments.excel.cells import plain
from assessments.instrument import Instrument, QuestionText

# A number in front of a text: A.I.1.ii.b, ii, 1, a, with or without a dot or bracket behind it.
_TOKEN = re.compile(
    r"[\s\-–•*(]*"
    r"((?:[A-Z]|[IVX]{1,5}|\d{1,2})(?:\s*\.\s*(?:[A-Z]|[IVX]{1,5}|\d{1,2}))*)"
    r"\s*[.):\]]*(?:\s+|\Z)",
    re.IGNORECASE,
)
# Of which a title may lack its weight: “Penyusunan Tim Kerja (0,50)”.
_WEIGHT = re.compile(r"\(?\s*\d+(?:[.,]\d+)?\s*%?\s*\)?\s*\Z")
ALIKE = 0.8
# Of a count: alike enough where nothing else speaks, and so alike that a number in front is ignored.
ALIKE_COUNT, SURE_COUNT = 0.5, 0.85
FILLERS = frozenset({"jumlah", "yang", "dan", "atau", "dengan"})
SAME_WORD = {
    "telah": "sudah",
    "harus": "wajib",
    "diwajibkan": "wajib",
    "melaporkan": "menyampaikan",
    "satuan": "unit",
}


@dataclass(frozen=True)
class Piece:
    """A number and the text behind it; either may be missing."""

    token: str
    text: str


def split(cell: str) -> Piece:
    match = _TOKEN.match(cell)
    if match is None:
        return Piece("", cell.strip(" \t\n-–•*"))
    return Piece(re.sub(r"\s", "", match[1]), cell[match.end() :].strip())


class Places:
    """Walks down a sheet; `here` is where it is."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.order = _reading_order(instrument)
        self._folded = {code.casefold(): code for code in self.order}
        self._titles = [
            (set(plain(title.text_id).split()), code) for code, title in instrument.titles.items()
        ]
        self._questions = list(instrument.questions)
        self.here = ""
        self.seen: set[str] = set()
        # Was the last one found only because of where it stands?
        self.is_guess = False

    def pieces(self, cells: list[str]) -> list[Piece]:
        """The label cells of a row: numbers joined where they make one, texts to their numbers."""
        found: list[Piece] = []
        for piece in (split(cell) for cell in cells):
            last = found[-1] if found else None
            if last is not None and not last.text and last.token:
                joined = f"{last.token}.{piece.token}"
                if not piece.token:
                    found[-1] = Piece(last.token, piece.text)
                    continue
                if joined.casefold() in self._folded:
                    found[-1] = Piece(joined, piece.text)
                    continue
            elif last is not None and not piece.token:
                found[-1] = Piece(last.token, f"{last.text} {piece.text}")
                continue
            found.append(piece)
        return [piece for piece in found if piece.token or piece.text]

    def find(self, piece: Piece) -> str | None:
        """The code of a node or question, and go there; None: it is neither."""
        self.is_guess = False
        code = self._full(piece.token) or self._titled(piece)
        if code is None and piece.token:
            code = self._near(piece.token)
        if code is None and piece.token:
            code = self._next(piece.token)
            self.is_guess = code is not None
        if code is not None:
            self.here = code
            self.seen.add(code)
        return code

    def _full(self, token: str) -> str | None:
        """`A.I.1.ii.b`, and from the place where we are also `ii.b`."""
        if "." not in token:
            return None
        found = self._folded.get(token.casefold())
        if found is not None:
            return found
        for above in _path(self.here):
            found = self._folded.get(f"{above}.{token}".casefold())
            if found is not None:
                return found
        return None

    def _titled(self, piece: Piece) -> str | None:
        """By the title of a node; the same title twice: the next one from here."""
        words = set(plain(_WEIGHT.sub("", piece.text)).split())
        if not words or "." in piece.token:
            return None
        found = [code for title, code in self._titles if _alike(words, title)]
        if piece.token:
            found = [c for c in found if _last(c).casefold() == piece.token.casefold()]
        place = self.order.get(self.here, -1)
        ahead = [code for code in found if self.order[code] > place]
        return next(iter(ahead or found), None)

    def _near(self, token: str) -> str | None:
        """A letter or number below where we are, or below something above it."""
        part = self._sub_aspect()
        letter = f"{part}.{token.lower()}" if part else ""
        if letter in self.instrument.questions and letter not in self.seen:
            if token == token.lower() or f"{part}.{token}" not in self.order:
                return letter
        place = self.order.get(self.here, -1)
        for above in [*_path(self.here), ""]:
            code = f"{above}.{token}" if above else token
            if code in self.order and self.order[code] > place:
                return code
        return None

    def _next(self, token: str) -> str | None:
        """A missing row above: what would come next in the sheet, when its number fits."""
        later = [c for c in self._questions if self.order[c] > self.order.get(self.here, -1)]
        if not later:
            return None
        passed = set(_path(self.here))
        way = [code for code in reversed(_path(later[0])) if code not in passed]
        return next((code for code in way if _last(code) == token), None)

    def _sub_aspect(self) -> str:
        if self.here in self.instrument.questions:
            return self.instrument.questions[self.here].sub_aspect
        return self.here if self.here in self.instrument.sub_aspects else ""

    @property
    def question(self) -> QuestionText | None:
        return self.instrument.questions.get(self.here)

    @property
    def only_question(self) -> str:
        """Of a sub-aspect with a single question: sheets often answer in its own row."""
        node = self.instrument.tree.nodes.get(self.here)
        if node is None or len(node.questions) != 1:
            return ""
        return node.questions[0].code


def match_counts(question: QuestionText, labels: list[str]) -> dict[str, int]:
    """Count → place of the row that is called most like it; the surest pairs first."""
    pairs = sorted(
        (-likeness(label, count.text.text_id), abs(place - order), count.key, place)
        for place, label in enumerate(labels)
        for order, count in enumerate(question.counts)
    )
    found: dict[str, int] = {}
    for alike, _distance, key, place in pairs:
        if -alike >= ALIKE_COUNT and key not in found and place not in found.values():
            found[key] = place
    return found


def is_surely_a_count(question: QuestionText, label: str) -> bool:
    return any(likeness(label, each.text.text_id) >= SURE_COUNT for each in question.counts)


def likeness(label: str, text: str) -> float:
    """From 0 to 1. What must be done is never what was done, however alike the words."""
    one, other = _words(split(label).text), _words(text)
    if not one or not other:
        return 0.0
    letters = SequenceMatcher(None, " ".join(one), " ".join(other)).ratio()
    shared = len(set(one) & set(other)) / min(len(set(one)), len(set(other)))
    found = letters if one == other else max(letters, shared * 0.8)
    return found * (1.0 if ("sudah" in one) == ("sudah" in other) else 0.4)


def _words(text: str) -> list[str]:
    return [SAME_WORD.get(word, word) for word in plain(text).split() if word not in FILLERS]


def _reading_order(instrument: Instrument) -> dict[str, int]:
    codes: list[str] = []
    for code, node in instrument.tree.nodes.items():
        codes.append(code)
        codes += [question.code for question in node.questions]
    return {code: place for place, code in enumerate(codes)}


def _path(code: str) -> list[str]:
    """The code itself, then everything above it."""
    found = []
    while code:
        found.append(code)
        code = code.rpartition(".")[0]
    return found


def _last(code: str) -> str:
    return code.rpartition(".")[2]


def _alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) / len(one | other) >= ALIKE
