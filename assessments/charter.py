"""The text of a declaration (piagam): one wording, in Indonesian, whatever language is on screen.

Pure. It is frozen with its SHA-256 when the declaration is opened for signing, so that everybody
signs the same words even when a unit is renamed in between.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

UNKNOWN = "tidak tercatat"


@dataclass(frozen=True)
class SignatoryLine:
    title: str
    name: str = ""
    units: tuple[str, ...] = ()

    def __str__(self) -> str:
        who = f"{self.name}, {self.title}" if self.name else self.title
        return f"{who} (untuk {', '.join(self.units)})" if self.units else who


@dataclass(frozen=True)
class Charter:
    """Everything that is signed. Dates are already written out."""

    government: str
    title: str
    held: str
    place: str
    purpose: str
    basis: str
    units: tuple[str, ...]
    pledges: tuple[str, ...]
    signatories: tuple[SignatoryLine, ...]
    # Acts of the past say of their goal only what their source says, under the purpose.
    is_historic: bool = False

    def text(self) -> str:
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield "PIAGAM PENCANANGAN PEMBANGUNAN ZONA INTEGRITAS"
        yield f"Pemerintah {self.government}"
        yield ""
        yield self.title
        goal = (
            " menuju Wilayah Bebas dari Korupsi (WBK) dan Wilayah Birokrasi Bersih dan Melayani"
            " (WBBM)"
        )
        yield (
            "Unit kerja di bawah ini mencanangkan pembangunan zona integritas"
            f"{'' if self.is_historic else goal}."
        )
        yield f"Waktu: {self.held}"
        yield f"Tempat: {self.place or UNKNOWN}"
        yield f"Tujuan: {self.purpose or UNKNOWN}"
        yield f"Dasar dan persyaratan: {self.basis or UNKNOWN}"
        yield from _numbered("Unit kerja yang mencanangkan:", self.units)
        yield from _numbered("Ikrar:", self.pledges)
        yield from _numbered("Penanda tangan, menurut urutan:", map(str, self.signatories))


def _numbered(heading: str, rows: Iterable[str]) -> Iterator[str]:
    items = list(rows)
    yield ""
    yield heading
    if not items:
        yield f"({UNKNOWN})"
    for number, row in enumerate(items, start=1):
        yield f"{number}. {row}"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
