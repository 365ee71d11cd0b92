"""The periods at whose end a plan is frozen: read once from data/monev-periods.yaml, checked whole."""

from datetime import date
from pathlib import Path
from typing import Any

from assessments.monev import Calendar, Period
from integrity_portal.core.data_files import DataFile, load, wording

DATA = Path(__file__).parent / "data"


def calendar() -> Calendar:
    """Raises UnableToReadData."""
    return load(DATA / "monev-periods.yaml", read)


def read(file: DataFile) -> Calendar:
    """The file, checked against itself."""
    file.refuse_twice("periods")
    periods = tuple(_period(file, number) for number in range(len(file.data["periods"])))
    ends = [(row.month, row.day) for row in periods]
    if ends != sorted(set(ends)):
        raise file.fault("the periods are not in the order of the year", "periods")
    return Calendar(
        code=file.data["code"],
        periods=periods,
        opens_days_before=file.data["opens_days_before"],
        on_time_days_after=file.data["on_time_days_after"],
        sha256=file.sha256,
    )


def _period(file: DataFile, number: int) -> Period:
    row: dict[str, Any] = file.data["periods"][number]
    month, day = map(int, row["ends"].split("-"))
    try:
        # A common year: a period never ends on a day that most years lack.
        date(2026, month, day)
    except ValueError as error:
        raise file.fault(str(error), "periods", number, "ends") from error
    return Period(row["code"], month, day, wording(row))
