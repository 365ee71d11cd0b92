"""What a command says about a file: every node with its score, every question, every error."""

from decimal import Decimal
from typing import Any

from assessments.excel.plan import Line, Plan, differences, scored
from assessments.excel.reading import Reading
from assessments.instrument import Instrument
from assessments.scoring import Scored, Sheet

# Enough to compare to the cent and beyond; unrounded thirds would only look exact.
PLACES = Decimal("1e-10")


def report_of(
    instrument: Instrument, reading: Reading, plan: Plan | None, written: int | None
) -> dict[str, Any]:
    """`nodes` are the scores of what the file says; `written` is None when nothing was confirmed."""
    sheet = scored(instrument, {code: each.filled for code, each in reading.entries.items()})
    lines = {line.code: line for line in plan.lines} if plan else {}
    return {
        "instrument": instrument.code,
        "edition": instrument.edition,
        "sheet": reading.sheet,
        "other_sheets": list(reading.others),
        "total": _scored(sheet.total),
        "nodes": [
            {"code": code, "title": instrument.titles[code].text_id, **_scored(node)}
            for code, node in sheet.nodes.items()
        ],
        "questions": [
            _question(code, reading, sheet, lines.get(code))
            for code in instrument.questions
            if code in reading.entries
        ],
        "errors": _errors(reading, lines),
        "differences": [
            {
                "code": row.code,
                "row": row.row,
                "what": row.what,
                "in_file": _number(row.in_file),
                "in_portal": _number(row.in_portal),
            }
            for row in differences(reading, instrument)
        ],
        "remarks": list(reading.remarks),
        "counts": plan.count() if plan else None,
        "confirmed": written is not None,
        "written": written or 0,
    }


def _scored(node: Scored) -> dict[str, Any]:
    return {
        "weight": _number(node.weight),
        "score": _number(node.value),
        "percent": _number(node.percent),
        "answered": node.answered,
        "required": node.required,
    }


def _question(code: str, reading: Reading, sheet: Sheet, line: Line | None) -> dict[str, Any]:
    entry, filled = reading.entries[code], reading.entries[code].filled
    value = sheet.values[code]
    answer: Any = filled.option or dict(filled.counts) or None
    if filled.index is not None:
        answer = _number(filled.index)
    return {
        "code": code,
        "row": entry.row,
        "answer": answer,
        "value": None if value.share is None else _number(value.share),
        "flag": value.flag,
        "note": filled.text,
        "links": list(filled.links),
        "remarks": list(entry.remarks),
        "outcome": line.outcome.value if line else None,
    }


def _errors(reading: Reading, lines: dict[str, Line]) -> list[dict[str, Any]]:
    found = [
        {
            "place": fault.place,
            "row": int("".join(letter for letter in fault.place if letter.isdigit())),
            "code": fault.code,
            "found": fault.found,
            "remedy": fault.remedy,
        }
        for fault in reading.faults
    ]
    refused = [
        {
            "place": "",
            "row": line.row,
            "code": line.code,
            "found": "",
            "remedy": line.problem,
        }
        for line in lines.values()
        if line.problem
    ]
    return sorted([*found, *refused], key=lambda error: error["row"])


def _number(value: Decimal) -> float:
    return float(value.quantize(PLACES))


def text_of(report: dict[str, Any]) -> str:
    """The same for people at a terminal."""
    lines = [f"{report['file']} · {report['sheet']} · {report['instrument']}"]
    lines += [_text_of_node(node["code"], node) for node in report["nodes"]]
    lines.append(_text_of_node("Total", report["total"]))
    lines += [
        f"! {error['place'] or error['row']} {error['code']} “{error['found']}”: {error['remedy']}"
        for error in report["errors"]
    ]
    if report["counts"]:
        lines.append(", ".join(f"{name} {count}" for name, count in report["counts"].items()))
    written = f"{report['written']} written." if report["confirmed"] else "Nothing was written."
    return "\n".join([*lines, written])


def _text_of_node(name: str, node: dict[str, Any]) -> str:
    done = f"{node['answered']}/{node['required']}"
    points = f"{node['score']:>7.2f} / {node['weight']:>6.2f}"
    return f"{name:<12} {points} {node['percent']:>7.2f} % {done:>9}"
