"""What is said and understood by SMS and WhatsApp: read once from data/dialogue.yaml."""

import re
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from integrity_portal.core.data_files import DataFile, load

DATA = Path(__file__).parent / "data"
# What may stand in a text: a misspelt name would show in a citizen's SMS.
VALUES = frozenset(
    {"government", "link", "options", "kind", "unit", "code", "day", "word", "state"}
)
# 3GPP TS 23.038, the basic alphabet as far as Indonesian needs it.
GSM = re.compile(r"[A-Za-z0-9 \n@$_!\"#%&'()*+,\-./:;<=>?]*")


@dataclass(frozen=True)
class Texts:
    version: int
    words: dict[str, frozenset[str]]
    texts: dict[str, str]

    def say(self, name: str, **values: str) -> str:
        return self.texts[name].format(**values)

    def means(self, word: str, *, of: str) -> bool:
        return word in self.words[of]


def current() -> Texts:
    """Raises UnableToReadData."""
    return load(DATA / "dialogue.yaml", read)


def read(file: DataFile) -> Texts:
    """Checked: only known values between braces, only the letters of an SMS, no word twice."""
    words = {name: frozenset(_flat(rows)) for name, rows in file.data["words"].items()}
    commands = [word for name in COMMANDS for word in words[name]]
    doubled = {word for word in commands if commands.count(word) > 1}
    if doubled:
        raise file.fault(f"{min(doubled)} means two things", "words")
    for name, text in file.data["texts"].items():
        fields = {field for _said, field, _spec, _how in Formatter().parse(text) if field}
        if not fields <= VALUES:
            raise file.fault(f"nobody fills {min(fields - VALUES)}", "texts", name)
        if name != "lost_part" and not GSM.fullmatch(re.sub(r"\{[a-z]+\}", "", text)):
            raise file.fault("a letter costs a second SMS", "texts", name)
    return Texts(file.data["version"], words, dict(file.data["texts"]))


COMMANDS = (
    "report", "suggest", "ask", "status", "add", "settled", "unsettled", "send", "cancel", "help",
)  # fmt: skip


def _flat(rows: list[Any]) -> list[str]:
    return [word for row in rows for word in (row if isinstance(row, list) else [row])]
