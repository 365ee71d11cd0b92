"""A reading as JSON and back: so a preview waits in the database for its confirmation."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from assessments.enums import Consolidation, Direction, NodeLevel, Shape
from assessments.plan_excel.headings import Kind
from assessments.plan_excel.reading import Fault, Reading, Row, Stated
from assessments.plan_excel.tree import NodeRef


def to_json(reading: Reading) -> dict[str, Any]:
    content: dict[str, Any] = _plain(asdict(reading))
    return content


def from_json(content: dict[str, Any]) -> Reading:
    return Reading(
        tuple(content["sheets"]),
        tuple(content.get("others", ())),
        tuple(_row(row) for row in content.get("rows", ())),
        tuple(content.get("remarks", ())),
    )


def faults_to_json(faults: list[Fault]) -> list[dict[str, str]]:
    return [asdict(fault) for fault in faults]


def faults_from_json(content: list[dict[str, str]]) -> list[Fault]:
    return [Fault(**fault) for fault in content]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items() if each not in (None, "", ())}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _row(content: dict[str, Any]) -> Row:
    direction, shape = content.get("direction"), content.get("shape")
    how = content.get("consolidation")
    return Row(
        content["sheet"],
        content["number"],
        content["cell"],
        tuple(
            NodeRef(NodeLevel(n["level"]), n.get("code", ""), n.get("name", ""), n["cell"])
            for n in content.get("path", ())
        ),
        name=content.get("name", ""),
        texts=content.get("texts", {}),
        direction=Direction(direction) if direction else None,
        shape=Shape(shape) if shape else None,
        consolidation=Consolidation(how) if how else None,
        is_iku=content.get("is_iku"),
        base_year=content.get("base_year"),
        base_value=_number(content.get("base_value")),
        stated=tuple(_stated(each) for each in content.get("stated", ())),
        cells=content.get("cells", {}),
        faults=tuple(
            Fault(f["sheet"], f["cell"], f.get("found", ""), f["sentence"])
            for f in content.get("faults", ())
        ),
        remarks=tuple(content.get("remarks", ())),
    )


def _stated(content: dict[str, Any]) -> Stated:
    due = content.get("due_on")
    return Stated(
        Kind(content["kind"]),
        content["year"],
        content["quarter"],
        content["cell"],
        Shape(content["shape"]),
        _number(content.get("low")),
        _number(content.get("high")),
        date.fromisoformat(due) if due else None,
        content.get("text", ""),
        is_typed_day=content.get("is_typed_day", False),
        bound=Direction(content["bound"]) if content.get("bound") else None,
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
