"""What somebody wants to stand at a question of a work-sheet: pure, before anything is checked."""

from dataclasses import dataclass, field
from decimal import Decimal

# The highest count that is a number of people, cases or services.
MOST = 1_000_000


@dataclass(frozen=True)
class Said:
    """What somebody wants to stand there; columns that the scale does not use stay empty."""

    option: str = ""
    counts: dict[str, str] = field(default_factory=dict)
    index: Decimal | None = None
    zero_as: str = ""
    note: str = ""
    reason: str = ""
