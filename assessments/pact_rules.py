"""Who is to sign the pakta integritas of a year, and how many have. Pure.

Who works in a unit on the counting day is asked for his pact: a new employee from his first day,
a moved one where he is now (what he signed before stays signed), a retired one no more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessments.enums import PactWording
from assessments.papers import is_head, is_inspector, without_stand_ins
from opd.enums import Role, UnitKind

# How the title of whoever leads a unit begins, by the unit's kind.
HEAD_TITLES: dict[UnitKind, tuple[str, ...]] = {
    UnitKind.SEKRETARIAT_DAERAH: ("sekretaris daerah", "sekda"),
    UnitKind.BAGIAN: ("kepala bagian", "kabag"),
    UnitKind.SEKRETARIAT_DPRD: ("sekretaris dprd", "sekretaris dewan", "sekwan"),
    UnitKind.DINAS: ("kepala dinas", "kadis"),
    UnitKind.BADAN: ("kepala badan", "kepala pelaksana", "kaban"),
    UnitKind.SATPOL_PP: ("kepala satuan", "kepala satpol", "kasatpol"),
    UnitKind.KECAMATAN: ("camat",),
    UnitKind.KELURAHAN: ("lurah",),
    UnitKind.RSUD: ("direktur",),
    UnitKind.PUSKESMAS: ("kepala puskesmas", "kepala upt", "kapus"),
    UnitKind.UPTD: ("kepala upt",),
    UnitKind.SEKOLAH: ("kepala sekolah",),
}


@dataclass(frozen=True)
class PactCount:
    """`expected` people work there on the counting day; `signed` of them have signed."""

    expected: int = 0
    signed: int = 0

    @property
    def missing(self) -> int:
        return self.expected - self.signed

    @property
    def percent(self) -> Decimal | None:
        """Unrounded; None without employees on record: that is not 0 %."""
        return Decimal(100) * self.signed / self.expected if self.expected else None

    @property
    def is_complete(self) -> bool:
        """Nobody is missing; said of the number, because 99,96 % would round to 100."""
        return self.expected > 0 and self.missing == 0

    def __add__(self, other: "PactCount") -> "PactCount":
        return PactCount(self.expected + other.expected, self.signed + other.signed)


def counting_day(year: int, today: date) -> date:
    """Today in the running year, the last day of a year that is over."""
    return min(today, date(year, 12, 31))


def wording_for(role: str) -> str:
    """Heads of units promise for those whom they lead as well."""
    return PactWording.HEAD if role == Role.OPD_HEAD else PactWording.EMPLOYEE


def leads(title: str, *, kind: str, names: Iterable[str], regional_head: str) -> bool:
    """Whether a title on the roster is that of the unit's head, or of the regional head.

    `names` are the unit's own: Kepala Bappeda, Kepala SMP Negeri 1.
    """
    if is_head(title, regional_head):
        return True
    if kind == UnitKind.INSPEKTORAT:
        return is_inspector(title)
    words = " ".join(without_stand_ins(title))
    begins = [*HEAD_TITLES[UnitKind(kind)]]
    begins += [f"kepala {name.casefold()}" for name in names if name]
    return words == "kepala" or f"{words} ".startswith(tuple(f"{begin} " for begin in begins))


def first_year(today: date) -> int:
    """How far back the lists can be looked at."""
    return today.year - 4
