"""A reading as JSON and back: so a preview waits in the database for its confirmation."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from assessments.excel.layout import Filled
from assessments.excel.reading import Entry, Fault, NodeRow, Reading


def to_json(reading: Reading) -> dict[str, Any]:
    content = asdict(reading)
    for entry in content["entries"].values():
        entry["filled"]["index"] = _text(entry["filled"]["index"])
    for node in content["nodes"]:
        node["weight"], node["value"] = _text(node["weight"]), _text(node["value"])
    return content


def from_json(content: dict[str, Any]) -> Reading:
    return Reading(
        content["sheet"],
        tuple(content["others"]),
        {code: _entry(entry) for code, entry in content["entries"].items()},
        tuple(Fault(**fault) for fault in content["faults"]),
        tuple(
            NodeRow(n["code"], n["row"], _number(n["weight"]), _number(n["value"]))
            for n in content["nodes"]
        ),
        tuple(content["remarks"]),
    )


def _entry(content: dict[str, Any]) -> Entry:
    filled = content["filled"]
    return Entry(
        content["code"],
        content["row"],
        Filled(
            option=filled["option"],
            counts=tuple((key, value) for key, value in filled["counts"]),
            index=_number(filled["index"]),
            zero_as=filled["zero_as"],
            text=filled["text"],
            links=tuple(filled["links"]),
        ),
        tuple(content["remarks"]),
        tuple(content.get("loose", ())),
        content.get("is_guess", False),
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
