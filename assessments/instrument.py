"""Instruments (LKE) as data: a file of instruments/*.yaml, checked whole, with its texts.

`read` makes an `Instrument` of a file or raises UnableToReadData naming the place; `of_content`
makes it of what the database kept when the file was loaded. The arithmetic is in scoring.py.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from assessments import scoring
from assessments.instrument_formulas import ratio_of
from assessments.scoring import Gate, Node, Question, Scale, ScaleKind
from integrity_portal.core.data_files import DataFile, Wording, load_versions, wording

DATA = Path(__file__).parent / "instruments"
SCHEMA = DATA / "lke.schema.json"
# What a unit can reach; without a gate it would be reached by an empty sheet.
PREDICATES = ("wbk", "wbbm")

Fault = Callable[..., Exception]
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class OptionText:
    code: str
    value: Decimal
    text: Wording


@dataclass(frozen=True)
class CountText:
    key: str
    text: Wording
    # Part of the formula; otherwise supporting data that nobody has to fill.
    is_needed: bool


@dataclass(frozen=True)
class Doubt:
    """What the sources leave open; `suggest`: the option that is suggested."""

    text: Wording
    suggest: str


@dataclass(frozen=True)
class QuestionText:
    """A question as people read it. `position` counts from 1 through the whole instrument."""

    code: str
    sub_aspect: str
    position: int
    text: Wording
    asked: Question
    options: tuple[OptionText, ...]
    counts: tuple[CountText, ...]
    evidence: tuple[Wording, ...]
    note: Wording | None
    doubts: tuple[Doubt, ...]
    # Points at stake: its share of the sub-aspect's weight.
    worth: Decimal

    @property
    def scale(self) -> Scale:
        return self.asked.scale


@dataclass(frozen=True)
class Reading:
    code: str
    is_default: bool
    text: Wording


@dataclass(frozen=True)
class Instrument:
    code: str
    edition: int
    title: Wording
    short: str
    regulation: Wording
    source: str
    note: Wording
    valid_from: date
    valid_to: date | None
    # Only to record what was reached under it; no unit fills it anew.
    is_history: bool
    tree: scoring.Instrument
    titles: dict[str, Wording]
    questions: dict[str, QuestionText]
    readings: tuple[Reading, ...]
    gate_titles: dict[str, Wording]
    # Gates whose minimum no primary source confirms.
    unconfirmed: frozenset[str]
    content: dict[str, Any]
    sha256: str

    @cached_property
    def sub_aspects(self) -> tuple[str, ...]:
        """In the order in which they are filled: one page each."""
        return tuple(code for code, node in self.tree.nodes.items() if node.questions)

    def area_of(self, code: str) -> str:
        """The node right above a sub-aspect."""
        return self.tree.nodes[code].parent or code

    def questions_of(self, sub_aspect: str) -> tuple[QuestionText, ...]:
        return tuple(self.questions[row.code] for row in self.tree.nodes[sub_aspect].questions)

    @property
    def default_reading(self) -> str:
        return next((row.code for row in self.readings if row.is_default), "")


def instrument_files() -> dict[str, Instrument]:
    """Every file there is, by code, newest first. Raises UnableToReadData."""
    return load_versions(SCHEMA, "lke-*.yaml", read)


def read(file: DataFile) -> Instrument:
    return _build(file.data, file.sha256, file.fault)


def of_content(content: dict[str, Any], sha256: str) -> Instrument:
    """Of what was checked when it was loaded. Raises ValueError when it was changed since."""

    def fault(message: str, *place: str | int) -> Exception:
        return ValueError(f"{place}: {message}")

    return _build(content, sha256, fault)


def _build(data: dict[str, Any], sha256: str, fault: Fault) -> Instrument:
    scales = _scales(data["scales"], fault)
    nodes = _nodes(data, scales, fault)
    _check_weights(nodes, Decimal(data["total"]), fault)
    questions = _questions(data["sub_aspects"], nodes)
    if len(questions) != data["question_count"]:
        raise fault(f"there are {len(questions)} questions", "question_count")
    _check_questions_below(data["nodes"], nodes, fault)
    gates = _gates(data, nodes, fault)
    valid_from, valid_to = _validity(data, fault)
    rows = [*data["nodes"], *data["sub_aspects"]]
    return Instrument(
        code=data["code"],
        edition=data["edition"],
        title=wording(data, "title"),
        short=data["short"],
        regulation=wording(data, "regulation"),
        source=data["source"],
        note=Wording(data.get("note_id", ""), data.get("note_en", "")),
        valid_from=valid_from,
        valid_to=valid_to,
        is_history=data["is_history"],
        tree=scoring.Instrument(nodes, gates),
        titles={row["code"]: wording(row, "title") for row in rows},
        questions=questions,
        readings=_readings(data["readings"], fault),
        gate_titles={row["code"]: wording(row) for row in data["gates"]},
        unconfirmed=frozenset(row["code"] for row in data["gates"] if not row["confirmed"]),
        content=data,
        sha256=sha256,
    )


def _validity(data: dict[str, Any], fault: Fault) -> tuple[date, date | None]:
    begins = _day(data["valid_from"], fault, "valid_from")
    ends = _day(data["valid_to"], fault, "valid_to") if data["valid_to"] else None
    if ends is not None and ends < begins:
        raise fault("it ends before it begins", "valid_to")
    return begins, ends


def _day(text: str, fault: Fault, key: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise fault(str(error), key) from error


# --- scales ---


def _scales(rows: Rows, fault: Fault) -> dict[str, Scale]:
    found: dict[str, Scale] = {}
    for number, row in enumerate(rows):
        place = ("scales", number)
        if row["code"] in found:
            raise fault(f"“{row['code']}” stands there twice", *place)
        options = {each["code"]: Decimal(each["value"]) for each in row.get("options", [])}
        values = list(options.values())
        if len(options) != len(row.get("options", [])):
            raise fault("an option stands there twice", *place, "options")
        if options and (values[0] != 1 or values[-1] != 0 or sorted(values)[::-1] != values):
            raise fault("the options do not go from 1 down to 0", *place, "options")
        if len(set(values)) != len(values):
            raise fault("two options have the same value", *place, "options")
        highest = Decimal(row.get("highest", "1"))
        if highest <= 0:
            raise fault("an index needs a highest value above 0", *place, "highest")
        found[row["code"]] = Scale(row["code"], ScaleKind(row["kind"]), options, highest)
    return found


# --- the tree ---


def _nodes(data: dict[str, Any], scales: dict[str, Scale], fault: Fault) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for number, row in enumerate(data["nodes"]):
        place = ("nodes", number)
        if row["code"] in found:
            raise fault(f"“{row['code']}” stands there twice", *place)
        if row["parent"] is not None and row["parent"] not in found:
            raise fault(f"its parent {row['parent']} does not stand before it", *place)
        found[row["code"]] = Node(row["code"], row["parent"], Decimal(row["weight"]))
    upper = frozenset(found)
    inner = {node.parent for node in found.values()}
    for number, row in enumerate(data["sub_aspects"]):
        place = ("sub_aspects", number)
        parent = row["code"].rpartition(".")[0]
        if row["code"] in found:
            raise fault(f"“{row['code']}” stands there twice", *place)
        if parent not in upper or parent in inner:
            raise fault(f"{parent} is no node of the lowest level", *place, "code")
        questions = tuple(
            _question(each, row["code"], scales, fault, *place, "questions", index)
            for index, each in enumerate(row["questions"])
        )
        if len({each.code for each in questions}) != len(questions):
            raise fault("a question stands there twice", *place, "questions")
        found[row["code"]] = Node(row["code"], parent, Decimal(row["weight"]), questions)
    return _parents_first(found)


def _parents_first(nodes: dict[str, Node]) -> dict[str, Node]:
    """In reading order: each node, then what stands below it."""
    below: dict[str | None, list[Node]] = {}
    for node in nodes.values():
        below.setdefault(node.parent, []).append(node)

    def walk(parent: str | None) -> Iterator[tuple[str, Node]]:
        for node in below.get(parent, []):
            yield node.code, node
            yield from walk(node.code)

    return dict(walk(None))


def _question(
    row: dict[str, Any], node: str, scales: dict[str, Scale], fault: Fault, *place: str | int
) -> Question:
    code, scale = row["code"], scales.get(row["scale"])
    if code.rpartition(".")[0] != node:
        raise fault(f"{code} does not belong to {node}", *place, "code")
    if scale is None:
        raise fault(f"there is no scale {row['scale']}", *place, "scale")
    asked = [each["code"] for each in row.get("options", [])]
    if asked != list(scale.options):
        raise fault(f"its options are not those of {scale.code}", *place, "options")
    is_ratio = scale.kind is ScaleKind.RATIO
    if any((key in row) is not is_ratio for key in ("counts", "formula", "zero")):
        raise fault("counts, formula and zero belong to a ratio, all three", *place)
    for each in row.get("doubts", []):
        if each.get("suggest") and each["suggest"] not in scale.options:
            raise fault(f"there is no option {each['suggest']}", *place, "doubts")
    return Question(code, node, scale, ratio_of(row, fault, *place) if is_ratio else None)


def _check_weights(nodes: dict[str, Node], total: Decimal, fault: Fault) -> None:
    below: dict[str | None, Decimal] = {}
    for node in nodes.values():
        below[node.parent] = below.get(node.parent, Decimal(0)) + node.weight
    if below[None] != total:
        raise fault(f"the components weigh {below[None]} together", "total")
    for node in nodes.values():
        if node.questions:
            continue
        if node.code not in below:
            raise fault(f"{node.code} has nothing below it", "nodes")
        if below[node.code] != node.weight:
            raise fault(f"what is below {node.code} weighs {below[node.code]}", "nodes")


def _check_questions_below(rows: Rows, nodes: dict[str, Node], fault: Fault) -> None:
    """A node may say how many questions stand below it; then so many have to."""
    found = Counter(
        above
        for node in nodes.values()
        for above in _above(nodes, node.code)
        for _question in node.questions
    )
    for number, row in enumerate(rows):
        count = found[row["code"]]
        if row.get("questions", count) != count:
            raise fault(f"there are {count} questions below it", "nodes", number, "questions")


def _questions(rows: Rows, nodes: dict[str, Node]) -> dict[str, QuestionText]:
    found: dict[str, QuestionText] = {}
    texts = {each["code"]: each for row in rows for each in row["questions"]}
    for node in nodes.values():
        for question in node.questions:
            row = texts[question.code]
            found[question.code] = _text(row, question, len(found) + 1, node)
    return found


def _text(row: dict[str, Any], question: Question, position: int, node: Node) -> QuestionText:
    needed = question.ratio.keys if question.ratio else frozenset()
    return QuestionText(
        code=question.code,
        sub_aspect=question.node,
        position=position,
        text=wording(row),
        asked=question,
        options=tuple(
            OptionText(each["code"], question.scale.options[each["code"]], wording(each))
            for each in row.get("options", [])
        ),
        counts=tuple(
            CountText(each["key"], wording(each), each["key"] in needed)
            for each in row.get("counts", [])
        ),
        evidence=tuple(wording(each) for each in row.get("evidence", [])),
        note=wording(row, "note") if "note_id" in row else None,
        doubts=tuple(
            Doubt(wording(each), each.get("suggest", "")) for each in row.get("doubts", [])
        ),
        worth=node.weight / len(node.questions),
    )


# --- gates ---


def _above(nodes: dict[str, Node], code: str) -> Iterator[str]:
    while (parent := nodes[code].parent) is not None:
        yield parent
        code = parent


def _readings(rows: Rows, fault: Fault) -> tuple[Reading, ...]:
    found = tuple(Reading(row["code"], row["is_default"], wording(row)) for row in rows)
    for number, row in enumerate(found):
        if row.code in {other.code for other in found[:number]}:
            raise fault(f"“{row.code}” stands there twice", "readings", number)
    if found and sum(row.is_default for row in found) != 1:
        raise fault("exactly one reading is the usual one", "readings")
    return found


def _gates(data: dict[str, Any], nodes: dict[str, Node], fault: Fault) -> tuple[Gate, ...]:
    readings = {row["code"] for row in data["readings"]}
    found: dict[str, Gate] = {}
    for number, row in enumerate(data["gates"]):
        place, codes = ("gates", number), tuple(row["nodes"])
        if row["code"] in found:
            raise fault(f"“{row['code']}” stands there twice", *place)
        if unknown := [code for code in codes if code not in nodes]:
            raise fault(f"there is no node {unknown[0]}", *place, "nodes")
        if any(above in codes for code in codes for above in _above(nodes, code)):
            raise fault("one of its nodes stands inside another", *place, "nodes")
        if row.get("reading") and row["reading"] not in readings:
            raise fault(f"there is no reading {row['reading']}", *place, "reading")
        minimum, is_percent = Decimal(row["minimum"]), row["unit"] == "percent"
        weight = sum((nodes[code].weight for code in codes), Decimal(0))
        if minimum > (100 if is_percent else weight):
            raise fault(f"nobody can reach {minimum}", *place, "minimum")
        found[row["code"]] = Gate(
            row["code"], row["predicate"], codes, minimum, is_percent, row.get("reading", "")
        )
    for predicate in () if data["is_history"] else PREDICATES:
        if all(gate.predicate != predicate for gate in found.values()):
            raise fault(f"there is no gate of {predicate}", "gates")
    return tuple(found.values())
