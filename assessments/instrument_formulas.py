"""Formulas of ratios in instruments: read, and refused where no count could ever move the score."""

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from assessments.scoring import Ratio, ZeroRule

Fault = Callable[..., Exception]
Terms = tuple[tuple[str, int], ...]


def ratio_of(row: dict[str, Any], fault: Fault, *place: str | int) -> Ratio:
    """Of a question's counts, formula and rule for zero. Raises what `fault` makes."""
    try:
        ratio = Ratio(*_sides(row["formula"]), ZeroRule(row["zero"]))
    except (SyntaxError, ValueError) as error:
        raise fault(f"the formula cannot be read: {error}", *place, "formula") from error
    keys = [each["key"] for each in row["counts"]]
    if unknown := ratio.keys - set(keys):
        raise fault(f"the formula names no count: {', '.join(sorted(unknown))}", *place, "formula")
    if len(set(keys)) != len(keys):
        raise fault("a count stands there twice", *place, "counts")
    part, whole = _net(ratio.part), _net(ratio.whole)
    if not any(sign > 0 for sign in whole.values()):
        raise fault("the whole can never be above 0", *place, "formula")
    if not any(sign > 0 for sign in part.values()):
        raise fault("the part can never be above 0", *place, "formula")
    if part == whole:
        raise fault("part and whole are the same", *place, "formula")
    return ratio


def _sides(text: str) -> tuple[Terms, Terms]:
    formula = ast.parse(text, mode="eval").body
    if not isinstance(formula, ast.BinOp) or not isinstance(formula.op, ast.Div):
        raise ValueError("it is no fraction")
    return tuple(_terms(formula.left)), tuple(_terms(formula.right))


def _terms(node: ast.expr, sign: int = 1) -> Iterator[tuple[str, int]]:
    """`a + b - c` as (key, sign); nothing else is a formula."""
    if isinstance(node, ast.Name):
        yield node.id, sign
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        yield from _terms(node.left, sign)
        yield from _terms(node.right, sign if isinstance(node.op, ast.Add) else -sign)
    else:
        raise ValueError("only sums and differences of counts are known")


def _net(terms: Iterable[tuple[str, int]]) -> dict[str, int]:
    """What is left of each count once signs have cancelled."""
    found: Counter[str] = Counter()
    for key, sign in terms:
        found[key] += sign
    return {key: sign for key, sign in found.items() if sign}
