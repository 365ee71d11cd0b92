"""Which questions a file's name speaks of: `A.I.1.ii.b SK Tim.pdf`, `1_ii_b undangan.pdf`. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

WORD = re.compile(r"[^\s._,;+&()\[\]-]+")
# Of a deep tree, so many folders around the file.
MOST_FOLDERS = 6


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
    folders = place.parts[:-1][-MOST_FOLDERS:]
    return _completed(folders, stem, codes) or _around(folders, own, codes) or own


def _completed(folders: Sequence[str], stem: str, codes: Collection[str]) -> Match | None:
    """`A.I.1.ii/b. SK Tim.pdf`: the name's beginning completes the code of its folder."""
    for start in reversed(range(len(folders))):
        before = _words(" ".join(folders[start:]))
        words = [*before, *_words(stem)]
        spoken, taken = _full(words, _by_words(codes))
        own = taken - set(range(len(before)))
        if len(spoken) == 1 and own and min(taken) < len(before):
            left = {number - len(before) for number in own}
            return Match(tuple(spoken), (), _rest(stem, _placed(stem), left))
    return None


def _around(folders: Sequence[str], own: Match, codes: Collection[str]) -> Match | None:
    """The nearest folder that speaks, by itself or with those around it: `A.I.1.ii/b/…`."""
    for end in range(len(folders), 0, -1):
        for start in reversed(range(end)):
            found = _read(" ".join(folders[start:end]), codes)
            if found.codes or found.possible:
                return Match(found.codes, found.possible, own.title)
    return None


def _placed(text: str) -> list[tuple[int, str]]:
    return [(found.start(), found.group()) for found in WORD.finditer(text)]


def _words(text: str) -> list[str]:
    return [word.lower() for _start, word in _placed(text)]


def _by_words(codes: Collection[str]) -> dict[tuple[str, ...], str]:
    return {tuple(code.lower().split(".")): code for code in codes}


def _read(text: str, codes: Collection[str]) -> Match:
    words = _placed(text)
    lowered = [word.lower() for _start, word in words]
    full = _by_words(codes)
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
