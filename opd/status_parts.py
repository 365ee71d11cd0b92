"""What other apps show on the IT team's page; they register in AppConfig.ready."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class StatusPart:
    """`lines` name what somebody must look at: ids and codes, never texts of people."""

    heading: str
    sentence: str
    lines: Sequence[str] = ()
    is_bad: bool = False


Read = Callable[[datetime], StatusPart]
_parts: dict[str, Read] = {}


def register_status_part(name: str, read: Read) -> None:
    _parts[name] = read


def parts(now: datetime) -> list[StatusPart]:
    return [read(now) for read in _parts.values()]
