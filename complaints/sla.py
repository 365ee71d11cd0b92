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
class Sla:
    version: int
    source: str
    verify_days: int
    follow_up_days: int
    close_days: int
    classes: tuple[SlaClass, ...]

    def get(self, code: str) -> SlaClass:
        """Raises KeyError for a class that was never there."""
        return {row.code: row for row in self.classes}[code]

    def first_class(self, kind: str) -> SlaClass:
        """The class a complaint of this kind has until the coordinator decides."""
        return next(row for row in self.classes if kind in row.first_for)

    def offered(self) -> list[SlaClass]:
        return [row for row in self.classes if row.offered]


def current() -> Sla:
    """Raises UnableToReadData."""
    return load(DATA / "sla.yaml", read)


def read(file: DataFile) -> Sla:
    """The file, checked against itself."""
    file.refuse_twice("classes")
    classes = tuple(
        SlaClass(**{**row, "first_for": tuple(row["first_for"])}) for row in file.data["classes"]
    )
    _refuse_gaps(file, classes)
    return Sla(**{**file.data, "classes": classes})


def _refuse_gaps(file: DataFile, classes: tuple[SlaClass, ...]) -> None:
    for kind in ComplaintKind.values:
        firsts = [row for row in classes if kind in row.first_for and row.offered]
        if len(firsts) != 1:
            raise file.fault(f"{kind} needs exactly one first class", "classes")
