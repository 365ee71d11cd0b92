"""The deadline classes: read once from data/sla.yaml, checked whole before anybody uses them.

See docs/adr/0040: a complaint's row keeps class and dates, the file says what comes next.
"""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import get_language

from complaints.enums import ComplaintKind
from integrity_portal.core.data_files import DataFile, load

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class SlaClass:
    code: str
    text_id: str
    text_en: str
    days: int
    first_for: tuple[str, ...]
    offered: bool = True

    @property
    def label(self) -> str:
        return self.text_en if get_language() == "en" else self.text_id


@dataclass(frozen=True)
class PauseReason:
    """`ends_with_message`: what was waited for is a word of the citizen."""

    code: str
    text_id: str
    text_en: str
    days: int
    ends_with_message: bool = False
    offered: bool = True

    @property
    def label(self) -> str:
        return self.text_en if get_language() == "en" else self.text_id


@dataclass(frozen=True)
class EscalationStep:
    level: int
    late_days: int


@dataclass(frozen=True)
class Sla:
    version: int
    source: str
    verify_days: int
    follow_up_days: int
    close_days: int
    far_late_times: int
    outer_days: int
    pause_days: int
    pauses: tuple[PauseReason, ...]
    escalation: tuple[EscalationStep, ...]
    classes: tuple[SlaClass, ...]

    def get(self, code: str) -> SlaClass:
        """Raises KeyError for a class that was never there."""
        return {row.code: row for row in self.classes}[code]

    def first_class(self, kind: str) -> SlaClass:
        """The class a complaint of this kind has until the coordinator decides."""
        return next(row for row in self.classes if kind in row.first_for)

    def offered(self) -> list[SlaClass]:
        return [row for row in self.classes if row.offered]

    def pause(self, code: str) -> PauseReason:
        """Raises KeyError for a reason that was never there."""
        return {row.code: row for row in self.pauses}[code]

    def offered_pauses(self) -> list[PauseReason]:
        return [row for row in self.pauses if row.offered]


def current() -> Sla:
    """Raises UnableToReadData."""
    return load(DATA / "sla.yaml", read)


def read(file: DataFile) -> Sla:
    """The file, checked against itself."""
    file.refuse_twice("classes")
    file.refuse_twice("pauses")
    file.refuse_twice("escalation", "level")
    classes = tuple(
        SlaClass(**{**row, "first_for": tuple(row["first_for"])}) for row in file.data["classes"]
    )
    _refuse_gaps(file, classes)
    steps = tuple(EscalationStep(**row) for row in file.data["escalation"])
    later = [row.late_days for row in sorted(steps, key=lambda row: row.level)]
    if later != sorted(set(later)):
        raise file.fault("a higher level must come later", "escalation")
    pauses = tuple(PauseReason(**row) for row in file.data["pauses"])
    return Sla(**{**file.data, "classes": classes, "escalation": steps, "pauses": pauses})


def _refuse_gaps(file: DataFile, classes: tuple[SlaClass, ...]) -> None:
    for kind in ComplaintKind.values:
        firsts = [row for row in classes if kind in row.first_for and row.offered]
        if len(firsts) != 1:
            raise file.fault(f"{kind} needs exactly one first class", "classes")
