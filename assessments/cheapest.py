"""The cheapest picks that meet every demand: an integer program, solved by HiGHS, judged exactly.

The solver counts in floating point, so it is asked a little less than is needed, and a judge that
counts exactly looks at what it found. What the judge refuses is forbidden by a row that loses no
true answer: some pick of the failed demand must go higher. So the first accepted answer is the
cheapest, whatever floating point said on the way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import gcd
from typing import Any, NamedTuple

# Less than the smallest difference between two sums of points that matters to the solver.
SLACK = 1e-6
ROUNDS = 50
SECONDS = 10.0


class UnableToPlan(Exception):
    """The solver found no answer in its time."""


class Step(NamedTuple):
    """A level of a group above the one on which it stands: its whole cost and its whole gain."""

    cost: int
    gain: Decimal


@dataclass(frozen=True)
class Demand:
    """These groups together must gain at least this."""

    groups: frozenset[int]
    needed: Decimal


Picks = list[int]


def cheapest(
    groups: Sequence[Sequence[Step]],
    demands: Sequence[Demand],
    failed: Callable[[Picks], Sequence[int]],
) -> Picks:
    """Of each group the number of the picked step from 1 on, 0: it stays as it is.

    Steps of a group go upwards. `failed` names the demands that picks do not meet; all highest
    steps together must meet every one. Raises UnableToPlan.
    """
    program = _Program(groups, demands)
    for _round in range(ROUNDS):
        picks = program.solve()
        wrong = failed(picks)
        if not wrong:
            return picks
        for number in wrong:
            program.higher(demands[number].groups, picks)
    raise UnableToPlan


class _Program:
    """One 0/1 column per step, at most one of a group; one row per demand."""

    def __init__(self, groups: Sequence[Sequence[Step]], demands: Sequence[Demand]) -> None:
        # Some 70 MB of libraries: only who plans loads them.
        import highspy
        import numpy

        self.numpy, self.highspy = numpy, highspy
        self.columns = [
            (number, level) for number, g in enumerate(groups) for level in range(len(g))
        ]
        self.of_group: dict[int, list[int]] = {}
        for column, (number, _level) in enumerate(self.columns):
            self.of_group.setdefault(number, []).append(column)
        steps = [groups[number][level] for number, level in self.columns]
        self.count = len(groups)
        self.model = self._model([float(step.cost) for step in steps])
        for columns in self.of_group.values():
            self._row(columns, [1.0] * len(columns), -highspy.kHighsInf, 1.0)
        for demand in demands:
            columns = self._columns(demand.groups)
            gains = [float(steps[column].gain) for column in columns]
            self._row(columns, gains, float(demand.needed) - SLACK, highspy.kHighsInf)

    def _model(self, costs: list[float]) -> Any:
        model = self.highspy.Highs()
        shared = gcd(*(int(cost) for cost in costs)) or 1
        options = {
            "output_flag": False,
            "threads": 1,
            "time_limit": SECONDS,
            "mip_rel_gap": 0.0,
            # Costs are whole multiples of this: nearer to the best than that is the best.
            "mip_abs_gap": shared - 0.01,
        }
        for name, value in options.items():
            model.setOptionValue(name, value)
        total, every = len(costs), self.numpy.arange(len(costs), dtype=self.numpy.int32)
        model.addVars(total, self.numpy.zeros(total), self.numpy.ones(total))
        model.changeColsCost(total, every, self.numpy.array(costs))
        whole = self.numpy.array([self.highspy.HighsVarType.kInteger] * total)
        model.changeColsIntegrality(total, every, whole)
        return model

    def _columns(self, groups: frozenset[int]) -> list[int]:
        return [column for number in sorted(groups) for column in self.of_group.get(number, [])]

    def _row(self, columns: list[int], values: list[float], low: float, high: float) -> None:
        places = self.numpy.array(columns, dtype=self.numpy.int32)
        self.model.addRow(low, high, len(columns), places, self.numpy.array(values))

    def solve(self) -> Picks:
        self.model.run()
        if self.model.getModelStatus() != self.highspy.HighsModelStatus.kOptimal:
            raise UnableToPlan
        picks = [0] * self.count
        for column, value in enumerate(self.model.getSolution().col_value):
            if value > 0.5:
                number, level = self.columns[column]
                picks[number] = level + 1
        return picks

    def higher(self, groups: frozenset[int], picks: Picks) -> None:
        """At least one of these groups goes above what was picked."""
        columns = [
            column
            for column in self._columns(groups)
            if self._level(column) > self._pick(column, picks)
        ]
        self._row(columns, [1.0] * len(columns), 1.0, self.highspy.kHighsInf)

    def _level(self, column: int) -> int:
        return self.columns[column][1] + 1

    def _pick(self, column: int, picks: Picks) -> int:
        return picks[self.columns[column][0]]
