"""A reading as text between its preview and its confirmation, and back."""

import json
from datetime import datetime
from typing import Any

from complaints.lapor.reading import Fault, Reading, Row

MOMENTS = ("filed_at", "answered_at")


def to_text(reading: Reading) -> str:
    return json.dumps(
        {
            "sheet": reading.sheet,
            "columns": reading.columns,
            "left_out": reading.left_out,
            "unknown": reading.unknown,
            "rows": [_row_to_data(row) for row in reading.rows],
        },
        ensure_ascii=False,
    )


def from_text(text: str) -> Reading:
    data = json.loads(text)
    return Reading(
        data["sheet"],
        tuple(_row_from_data(row) for row in data["rows"]),
        tuple(data["columns"]),
        tuple(data["left_out"]),
        tuple(data["unknown"]),
    )


def faults_to_data(faults: list[Fault]) -> list[dict[str, Any]]:
    return [vars(fault) for fault in faults]


def faults_from_data(rows: list[dict[str, Any]]) -> list[Fault]:
    return [Fault(**row) for row in rows]


def _row_to_data(row: Row) -> dict[str, Any]:
    data = row.as_data()
    for name in MOMENTS:
        data[name] = data[name].isoformat() if data[name] else None
    return data


def _row_from_data(data: dict[str, Any]) -> Row:
    values = {**data, "faults": faults_from_data(data["faults"])}
    for name in MOMENTS:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return Row(**values)
