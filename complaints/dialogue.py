"""The guided dialogue by SMS and WhatsApp. Pure: a state and a message give a state and words.

Nobody has to know a command: who simply writes what happened is asked the rest. What only the
database knows is asked for by `Do`; its answer comes back through `units_found`, `filed` and so on.
"""

import re
import unicodedata
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from complaints.dialogue_texts import Texts

# Longer than any word of a unit's name that somebody would search by: the story goes on.
SEARCH_LENGTH = 60
MOST_STORY = 10_000
MOST_WHERE = 300
SHORT = 15
STORY, UNIT, WHERE, WHO, CHECK, WHICH = "story", "unit", "where", "who", "check", "which"
KINDS = {"report": "complaint", "suggest": "aspiration", "ask": "information"}
_CODE = re.compile(r"\s*[:#]?\s*((?:[0-9][\s.\-]*){16})(?![0-9])(.*)", re.S)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Said:
    """One message, as far as the dialogue needs it."""

    text: str
    id: str = ""
    has_file: bool = False


@dataclass(frozen=True)
class State:
    """`draft_key` and `code` are drawn once for a draft, so that filing it twice is filing it once."""

    stage: str = ""
    kind: str = "complaint"
    story: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[int, str], ...] = ()
    unit: int | None = None
    unit_name: str = ""
    where: str = ""
    is_known: bool = False
    draft_key: str = ""
    code: str = ""

    @property
    def words(self) -> str:
        return "\n".join(text for _id, text in self.story)[:MOST_STORY]

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def load(cls, value: dict[str, Any] | None) -> "State":
        if not value:
            return cls()
        rows = {name: tuple(tuple(row) for row in value[name]) for name in ("story", "options")}
        return cls(**{**value, **rows})


@dataclass(frozen=True)
class Say:
    name: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Do:
    """What the caller has to do: find_units, file, status, add, add_last, settle, reopen."""

    name: str
    code: str = ""
    text: str = ""


@dataclass(frozen=True)
class Turn:
    state: State
    says: tuple[Say, ...] = ()
    do: Do | None = None
    greets: bool = False


@dataclass(frozen=True)
class Fresh:
    """Drawn by the caller, used when a draft begins."""

    draft_key: str
    code: str


def step(state: State, said: Said, *, texts: Texts, fresh: Fresh, has_last: bool = False) -> Turn:
    """`has_last`: a report of this sender was filed a short while ago."""
    text = said.text.strip()[:MOST_STORY]
    command, rest = _command(text, texts)
    if command in ("status", "settled", "unsettled") or (command == "add" and _code(rest)):
        return _about_code(state, command, text.split()[0].upper(), rest)
    if command in ("cancel", "help"):
        return _plain_command(state, command)
    if not command and _code(text) and not (_code(text) or ("", ""))[1]:
        return Turn(state, do=Do("status", code=(_code(text) or ("", ""))[0]))
    if state.stage:
        return _in_draft(state, replace(said, text=text), command, rest, texts)
    return _outside(replace(said, text=text), command, rest, texts, fresh, has_last)


def _plain_command(state: State, command: str) -> Turn:
    if command == "cancel":
        name = "cancelled" if state.stage else "nothing_to_cancel"
        return Turn(State(), (Say(name),))
    return Turn(state, (Say("help"),))


def _about_code(state: State, command: str, word: str, rest: str) -> Turn:
    found = _code(rest)
    if found is None:
        return Turn(state, (Say("need_code", {"word": word}),))
    code, text = found
    if command in ("add", "unsettled") and not text:
        return Turn(state, (Say("need_text", {"word": word}),))
    names = {"status": "status", "add": "add", "settled": "settle", "unsettled": "reopen"}
    return Turn(state, do=Do(names[command], code=code, text=text))


def _outside(
    said: Said, command: str, rest: str, texts: Texts, fresh: Fresh, has_last: bool
) -> Turn:
    """Nothing is being written: a new report, a knock, a thank-you, or more of the last one."""
    empty = State(draft_key=fresh.draft_key, code=fresh.code)
    if command in KINDS:
        return _begun(replace(empty, kind=KINDS[command]), replace(said, text=rest))
    if command == "add":
        return Turn(State(), (Say("need_code", {"word": "TAMBAH"}),))
    if command == "send":
        return Turn(replace(empty, stage=STORY), (Say("ask_story"),))
    if said.has_file and has_last:
        return Turn(State(), do=Do("add_last", text=said.text))
    if not said.has_file and _only(said.text, texts, "courtesy"):
        return Turn(State())
    if not said.has_file and (not said.text or _only(said.text, texts, "greeting")):
        return Turn(State(), (Say("help"),), greets=True)
    if has_last:
        return Turn(replace(empty, stage=WHICH, story=((said.id, said.text),)), (Say("which"),))
    return _begun(empty, said)


def _begun(state: State, said: Said) -> Turn:
    if said.text:
        told = replace(state, stage=UNIT, story=((said.id, said.text),))
        return Turn(told, (Say("ask_unit"),), greets=True)
    ask = "media_first" if said.has_file else "ask_story"
    return Turn(replace(state, stage=STORY), (Say(ask),), greets=True)


def _in_draft(state: State, said: Said, command: str, rest: str, texts: Texts) -> Turn:
    if command == "add" or (command in KINDS and state.stage != STORY):
        return _more(state, replace(said, text=rest))
    if command == "send":
        if not state.story:
            return Turn(replace(state, stage=STORY), (Say("story_first"),))
        return Turn(state, do=Do("file"))
    if said.has_file and not said.text:
        return Turn(state)
    if state.stage == STORY and command in KINDS:
        state, said = replace(state, kind=KINDS[command]), replace(said, text=rest)
    answer = {
        STORY: _story, UNIT: _unit, WHERE: _where, WHO: _who, CHECK: _check, WHICH: _which,
    }[state.stage]  # fmt: skip
    return answer(state, said, texts)


def _story(state: State, said: Said, texts: Texts) -> Turn:
    if not said.text or _only(said.text, texts, "greeting"):
        return Turn(state, (Say("ask_story"),))
    return Turn(
        replace(state, stage=UNIT, story=(*state.story, (said.id, said.text))), (Say("ask_unit"),)
    )


def _unit(state: State, said: Said, texts: Texts) -> Turn:
    plain = _plain(said.text)
    if plain == "0" or plain in texts.words["unknown"]:
        return Turn(replace(state, stage=WHERE, unit=None, options=()), (Say("ask_where"),))
    if plain.isdigit() and len(plain) < 3:
        number = int(plain)
        if not 1 <= number <= len(state.options):
            return Turn(state, (Say("choose_number"),))
        pk, name = state.options[number - 1]
        chosen = replace(state, stage=WHERE, unit=pk, unit_name=name, options=())
        return Turn(chosen, (Say("ask_where"),))
    if len(said.text) > SEARCH_LENGTH:
        return _more(state, said)
    return Turn(state, do=Do("find_units", text=said.text))


def units_found(state: State, found: list[tuple[int, str]]) -> Turn:
    if not found:
        return Turn(replace(state, options=()), (Say("no_unit"),))
    lines = "\n".join(f"{number} = {name}" for number, (_pk, name) in enumerate(found, 1))
    return Turn(replace(state, options=tuple(found)), (Say("choose_unit", {"options": lines}),))


def _where(state: State, said: Said, texts: Texts) -> Turn:
    plain = _plain(said.text)
    nowhere = plain == "0" or plain in texts.words["unknown"]
    where = "" if nowhere else said.text[:MOST_WHERE]
    return Turn(replace(state, stage=WHO, where=where), (Say("ask_who"),))


def _who(state: State, said: Said, texts: Texts) -> Turn:
    plain = _plain(said.text)
    first = plain.split(" ")[0]
    if plain == "1" or texts.means(first, of="yes"):
        return _to_check(replace(state, is_known=True))
    if plain == "2" or texts.means(first, of="no"):
        return _to_check(replace(state, is_known=False))
    return Turn(state, (Say("ask_who_again"),))


def _to_check(state: State) -> Turn:
    return Turn(replace(state, stage=CHECK), (_check_text(state),))


def _check_text(state: State) -> Say:
    return Say("check", {"kind": state.kind, "unit": state.unit_name})


def _check(state: State, said: Said, texts: Texts) -> Turn:
    first = _plain(said.text).split(" ")[0]
    if len(said.text) <= SHORT and (first == "1" or texts.means(first, of="yes")):
        return Turn(state, do=Do("file"))
    if len(said.text) > SEARCH_LENGTH:
        return _more(state, said)
    return Turn(state, (_check_text(state),))


def _which(state: State, said: Said, texts: Texts) -> Turn:
    plain = _plain(said.text)
    if plain == "1" or texts.means(plain.split(" ")[0], of="yes"):
        return Turn(State(), do=Do("add_last", text=state.words))
    if plain == "2" or texts.means(plain.split(" ")[0], of="no"):
        return Turn(replace(state, stage=UNIT), (Say("ask_unit"),), greets=True)
    return Turn(replace(state, story=(*state.story, (said.id, said.text))), (Say("which"),))


def _more(state: State, said: Said) -> Turn:
    """The story goes on; the question that was open is asked again."""
    if not said.text:
        return Turn(state, (Say("need_text", {"word": "TAMBAH"}),))
    told = replace(state, story=(*state.story, (said.id, said.text)))
    if state.stage in (STORY, UNIT):
        return Turn(replace(told, stage=UNIT), (Say("ask_unit_again"),))
    again = {WHERE: Say("ask_where"), WHO: Say("ask_who_again"), CHECK: _check_text(told)}
    return Turn(told, (again.get(state.stage, Say("which")),))


def edited(state: State, said: Said) -> State | None:
    """The sender changed a message that belongs to the draft; None when it does not."""
    if said.id not in {key for key, _text in state.story}:
        return None
    kept = ((key, said.text if key == said.id else text) for key, text in state.story)
    return replace(state, story=tuple((key, text) for key, text in kept if text))


def _command(text: str, texts: Texts) -> tuple[str, str]:
    """The command a message begins with, and what follows it."""
    head, _blank, rest = text.partition(" ") if " " in text.split("\n")[0] else text.partition("\n")
    word = _plain(head)
    for name in texts.words:
        if name in _COMMANDS and texts.means(word, of=name):
            return (name, rest.strip()) if _is_meant(name, text, rest, texts) else ("", text)
    return "", text


_COMMANDS = frozenset({*KINDS, "status", "add", "settled", "unsettled", "send", "cancel", "help"})


def _is_meant(name: str, text: str, rest: str, texts: Texts) -> bool:
    """ "Belum pernah ada petugas di sana" is a story, "BELUM 1234 …" is a command."""
    if name in ("status", "settled", "unsettled", "help", "send", "cancel"):
        return not rest.strip() or _code(rest) is not None or len(text) <= SHORT
    return True


def _code(text: str) -> tuple[str, str] | None:
    """(sixteen digits, what follows) or None."""
    found = _CODE.fullmatch(unicodedata.normalize("NFKC", text))
    if not found:
        return None
    return re.sub(r"[^0-9]", "", found[1]), found[2].strip(" \n\t:,.-")


def _plain(text: str) -> str:
    bare = unicodedata.normalize("NFKC", text).upper().strip()
    return _SPACES.sub(" ", bare).strip(" .,!:;-") or bare


def _only(text: str, texts: Texts, of: str) -> bool:
    words = re.findall(r"[A-Z0-9?]+", _plain(text))
    known = texts.words[of] | texts.words["greeting"] if of == "courtesy" else texts.words[of]
    return (
        bool(words)
        and all(word in known for word in words)
        and any(word in texts.words[of] for word in words)
    )
