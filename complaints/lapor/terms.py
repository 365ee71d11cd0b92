"""Systems, states and columns of SP4N-LAPOR!: read once from data/lapor.yaml."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from complaints.enums import AT_COORDINATOR, ENDED, ComplaintState
from complaints.lapor.words import plain
from integrity_portal.core.data_files import DataFile, Wording, load, wording

DATA = Path(__file__).parent.parent / "data"


class Agreement(StrEnum):
    """Our state beside theirs."""

    SAME = "same"
    THERE_AHEAD = "there_ahead"
    HERE_AHEAD = "here_ahead"
    DIFFERENT = "different"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Status:
    """`begins`: what a new row of an export becomes here; `step`: how far it is, 0 to 3."""

    code: str
    words: tuple[str, ...]
    step: int
    agrees: frozenset[str]
    begins: str
    confirmed: bool

    def beside(self, state: str) -> Agreement:
        if state in self.agrees:
            return Agreement.SAME
        ours = step_of(state)
        if self.step == ours:
            return Agreement.DIFFERENT
        return Agreement.THERE_AHEAD if self.step > ours else Agreement.HERE_AHEAD


def step_of(state: str) -> int:
    if state in AT_COORDINATOR:
        return 0
    if state == ComplaintState.VERIFIED:
        return 1
    return 3 if state in ENDED or state == ComplaintState.ANSWERED else 2


@dataclass(frozen=True)
class Column:
    code: str
    text: Wording


@dataclass(frozen=True)
class System:
    code: str
    name: str
    hosts: tuple[str, ...]

    def accepts(self, link: str) -> bool:
        """An address of that system; of a system without known hosts any https address."""
        parts = urlsplit(link)
        if parts.scheme != "https" or not parts.hostname:
            return False
        return not self.hosts or parts.hostname in self.hosts


@dataclass(frozen=True)
class Terms:
    version: int
    statuses: tuple[Status, ...]
    columns: tuple[Column, ...]
    headings: dict[str, str]
    left_out: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    kinds: dict[str, str]
    systems: dict[str, System]
    local: dict[str, System]

    def status(self, words: str) -> Status | None:
        wanted = plain(words)
        return next((row for row in self.statuses if wanted in row.words), None)

    def beside(self, words: str, state: str) -> Agreement:
        """Without a word from there nothing can differ."""
        if not words:
            return Agreement.SAME
        status = self.status(words)
        return status.beside(state) if status else Agreement.UNKNOWN

    def system(self, code: str, government_code: str) -> System:
        if code == "local" and government_code in self.local:
            return self.local[government_code]
        return self.systems[code]

    def systems_of(self, government_code: str) -> list[System]:
        return [self.system(code, government_code) for code in self.systems]


def current() -> Terms:
    """Raises UnableToReadData."""
    return load(DATA / "lapor.yaml", read)


def read(file: DataFile) -> Terms:
    for rows in ("systems", "statuses", "columns"):
        file.refuse_twice(rows)
    file.refuse_twice("local", "government")
    data = file.data
    headings: dict[str, str] = {}
    for number, row in enumerate(data["columns"]):
        for word in row["words"]:
            if headings.setdefault(plain(word), row["code"]) != row["code"]:
                raise file.fault(f"“{word}” heads two columns", "columns", number)
    said: set[str] = set()
    for number, row in enumerate(data["statuses"]):
        words = {plain(word) for word in row["words"]}
        if said & words:
            raise file.fault("a word means two states", "statuses", number)
        said |= words
    return Terms(
        version=data["version"],
        statuses=tuple(
            Status(
                **{
                    **row,
                    "words": tuple(plain(word) for word in row["words"]),
                    "agrees": frozenset(row["agrees"]),
                }
            )
            for row in data["statuses"]
        ),
        columns=tuple(Column(row["code"], wording(row)) for row in data["columns"]),
        headings=headings,
        left_out=frozenset(plain(word) for word in data["left_out"]),
        yes=frozenset(plain(word) for word in data["says_yes"]),
        no=frozenset(plain(word) for word in data["says_no"]) | {""},
        kinds={plain(word): row["kind"] for row in data["kinds"] for word in row["words"]},
        systems={
            row["code"]: System(row["code"], row["name"], tuple(row["hosts"]))
            for row in data["systems"]
        },
        local={
            row["government"]: System("local", row["name"], tuple(row["hosts"]))
            for row in data["local"]
        },
    )
