"""The tiers through which a review goes up (data/review-tiers.yaml): data, lowest first."""

from dataclasses import dataclass
from pathlib import Path

from integrity_portal.core.data_files import DataFile, Wording, load, wording

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Tier:
    """`functions` of the TPI hold it; `is_assigned`: only for units assigned to the person;
    `is_inspector`: the Inspektur holds it by his office as well; `signs`: the berita acara."""

    code: str
    name: Wording
    functions: frozenset[str]
    is_assigned: bool
    is_inspector: bool
    signs: bool


def tiers() -> tuple[Tier, ...]:
    """Lowest first; the last one approves. Raises UnableToReadData."""
    return load(DATA / "review-tiers.yaml", _read)


def tier_named(code: str) -> Tier | None:
    return next((row for row in tiers() if row.code == code), None)


def _read(file: DataFile) -> tuple[Tier, ...]:
    file.refuse_twice("tiers")
    return tuple(
        Tier(
            row["code"],
            wording(row),
            frozenset(row["functions"]),
            row["assigned"],
            row["inspector"],
            row["signs"],
        )
        for row in file.data["tiers"]
    )
