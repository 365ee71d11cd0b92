"""Rows of a work-sheet folded by area: `A.I.1.i` and its questions stand in `A.I.1`. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Area(Generic[T]):
    code: str
    title: str
    rows: tuple[T, ...]


def by_area(
    rows: Iterable[T], part: Callable[[T], str], titles: Mapping[str, object]
) -> list[Area[T]]:
    """`part` gives the sub-aspect of a row; rows come in the order of the sheet."""

    def area(row: T) -> str:
        return part(row).rpartition(".")[0] or part(row)

    return [
        Area(code, str(titles.get(code, "")), tuple(found)) for code, found in groupby(rows, area)
    ]
