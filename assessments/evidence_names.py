"""Which questions a file's name speaks of: `A.I.1.ii.b SK Tim.pdf`, `1_ii_b undangan.pdf`. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Match:
    """`possible`: a short code that several questions have; a person chooses."""

    codes: tuple[str, ...]
    possible: tuple[str, ...]
    title: str


def match(path: str, codes: Collection[str]) -> Match:
    """By the name; where it says nothing, by the folder around it, the nearest first."""
    place = PurePosixPath(path.replace("\\", "/"))
    stem = place.name.rsplit(".", 1)[0] if "." in place.name else place.name
    own = _read(stem, codes)
    if own.codes or own.possible:
        return own
    for folder in reversed(place.parts[:-1]):
        found = _read(folder, codes)
        if found.codes or found.possible:
            return Match(found.codes, found.possible, own.title)
    return own


def _read(text: str, codes: Collection[str]) -> Match:
    words = [(found.start(), found.group()) for found in re.finditer(r"[^\s._,;+&()\[\]-]+", text)]
    lowered = [word.lower() for _start, word in words]
    full = {tuple(code.lower().split(".")): code for code in codes}
    spoken, taken = _full(lowered, full)
    if spoken:
        return Match(tuple(spoken), (), _rest(text, words, taken))
    for length in (4, 3):
        head = tuple(lowered[:length])
        ends = [code for parts, code in full.items() if len(head) == length and _ends(parts, head)]
        if ends:
            title = _rest(text, words, set(range(length)))
            return Match((ends[0],), (), title) if len(ends) == 1 else Match((), tuple(ends), title)
    return Match((), (), _rest(text, words, set()))


def _ends(parts: tuple[str, ...], head: tuple[str, ...]) -> bool:
    return len(parts) > len(head) and parts[-len(head) :] == head


def _full(lowered: Sequence[str], full: dict[tuple[str, ...], str]) -> tuple[list[str], set[int]]:
    """Whole codes wherever they stand, and which words they are."""
    spoken: list[str] = []
    taken: set[int] = set()
    longest = max((len(parts) for parts in full), default=0)
    place = 0
    while place < len(lowered):
        for length in range(longest, 2, -1):
            code = full.get(tuple(lowered[place : place + length]))
            if code is not None:
                spoken += [code] if code not in spoken else []
                taken |= set(range(place, place + length))
                place += length
                break
        else:
            place += 1
    return spoken, taken


def _rest(text: str, words: Sequence[tuple[int, str]], taken: set[int]) -> str:
    """What is left of the name once the codes are away; the whole when nothing is."""
    left = [word for number, (_start, word) in enumerate(words) if number not in taken]
    if not left:
        return text.strip()
    if not taken:
        return re.sub(r"[\s_]+", " ", text).strip(" .-")
    first = next(number for number in range(len(words)) if number not in taken)
    if taken == set(range(first)):
        return re.sub(r"[\s_]+", " ", text[words[first][0] :]).strip(" .-")
    return " ".join(left)
