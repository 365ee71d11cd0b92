"""The requirement sets: read once from data/requirements-*.yaml, checked whole before use.

A new regulation is a new file. What is decided by a set keeps its code and content hash, so a
file that was used can be told from one that was changed.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from assessments.eligibility import Level, Requirement, Rule, Scale
from assessments.enums import Predicate
from integrity_portal.core.data_files import DataFile, Wording, load_versions, wording

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class RequirementSet:
    """`propose_until` is (month, day) of every year unless the government's calendar moves it;
    `grace_years`: how many years a result may be older than the year that is asked."""

    code: str
    name: Wording
    note: Wording
    source: str
    # What somebody said to ask for is compared with, but proposes nobody.
    is_regulation: bool
    valid_from: date
    valid_to: date | None
    propose_until: tuple[int, int] | None
    grace_years: int
    scales: dict[str, Scale]
    requirements: tuple[Requirement, ...]
    words: dict[str, Wording]
    proceeding_services: dict[str, Wording]
    # The kinds of unit (opd.UnitKind) that run such a service.
    proceeding_kinds: dict[str, frozenset[str]]
    proceeding_source: str
    sha256: str

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def requirement_sets() -> dict[str, RequirementSet]:
    """By code, newest first. Raises UnableToReadData."""
    return load_versions(DATA / "requirements.schema.json", "requirements-*.yaml", read)


def set_in_force(day: date) -> RequirementSet:
    """The newest that is valid on this day, else the oldest there is."""
    every = list(requirement_sets().values())
    return next((row for row in every if row.is_valid_on(day)), every[-1])


def read(file: DataFile) -> RequirementSet:
    """One file, checked against itself."""
    data = file.data
    file.refuse_twice("requirements")
    rows = tuple(_requirement(row) for row in data["requirements"])
    scales = _scales(file)
    for number, row in enumerate(rows):
        _check_least(file, number, row, scales)
    proceed = data.get("may_proceed", {"source": "", "services": []})
    return RequirementSet(
        code=data["code"],
        name=wording(data),
        note=Wording(data.get("note_id", ""), data.get("note_en", "")),
        source=data["source"],
        is_regulation=data["regulation"],
        valid_from=date.fromisoformat(data["valid_from"]),
        valid_to=date.fromisoformat(data["valid_to"]) if data.get("valid_to") else None,
        propose_until=_month_and_day(file, "propose_until"),
        grace_years=data["grace_years"],
        scales=scales,
        requirements=rows,
        words={row["code"]: wording(row) for row in data["requirements"]},
        proceeding_services={row["code"]: wording(row) for row in proceed["services"]},
        proceeding_kinds={row["code"]: frozenset(row["unit_kinds"]) for row in proceed["services"]},
        proceeding_source=proceed["source"],
        sha256=file.sha256,
    )


def _requirement(row: dict[str, Any]) -> Requirement:
    least = {
        target: value if isinstance(value, bool | str) else Decimal(str(value))
        for target, value in row["least"].items()
    }
    return Requirement(
        code=row["code"],
        level=Level(row["level"]),
        fact=row["fact"],
        rule=Rule(row["rule"]),
        least=least,
        years=row.get("years", 1),
        grace_years=row.get("grace_years"),
    )


def _scales(file: DataFile) -> dict[str, Scale]:
    bands = file.data.get("bands", {})
    scales = {}
    for fact, grades in file.data["scales"].items():
        above = {grade: Decimal(str(bound)) for grade, bound in bands.get(fact, {}).items()}
        if above and list(above) != grades:
            raise file.fault("the bands are not the grades", "bands", fact)
        if sorted(above.values(), reverse=True) != list(above.values()):
            raise file.fault("the bands do not descend", "bands", fact)
        scales[fact] = Scale(tuple(grades), tuple(above.items()))
    return scales


def _check_least(file: DataFile, number: int, row: Requirement, scales: dict[str, Scale]) -> None:
    place = ("requirements", number, "least")
    for least in row.least.values():
        if row.rule == Rule.GRADE and (
            row.fact not in scales or least not in scales[row.fact].grades
        ):
            raise file.fault(f"{row.code} asks for an unknown grade", *place)
        if row.rule in (Rule.NUMBER, Rule.MONTHS) and not isinstance(least, Decimal):
            raise file.fault(f"{row.code} needs a number", *place)
        if row.rule == Rule.PREDICATE and least not in Predicate.values:
            raise file.fault(f"{row.code} asks for an unknown predicate", *place)
        if row.rule == Rule.YES and least is not True:
            raise file.fault(f"{row.code} can only ask for yes", *place)


def _month_and_day(file: DataFile, key: str) -> tuple[int, int] | None:
    text = file.data[key]
    if text is None:
        return None
    month, day = map(int, text.split("-"))
    try:
        date(2024, month, day)
    except ValueError as error:
        raise file.fault(str(error), key) from error
    return month, day
