"""Realisations of the demonstration: entered by the unit, decided by the planner."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from assessments.actions.measurements import (
    Judged,
    Realised,
    return_measurement,
    save_measurement,
    send_measurements,
    verify_measurement,
)
from assessments.demo.workplans import moment, office
from assessments.enums import Shape
from assessments.models import Indicator, Measurement
from assessments.series import last_day
from opd.enums import Role
from opd.models import Membership, Unit

VERIFIED, RETURNED, WAITING = "v", "r", "s"


class Figures:
    """`said`: a value and a mark (v verified, s sent, r returned, d not sent; p preliminary)."""

    def __init__(self, planner: Membership, today: date) -> None:
        self.planner, self.today = planner, today
        self.waiting: list[tuple[Measurement, str, Mapping[str, Any]]] = []

    def report(
        self, indicator: Indicator, year: int, quarter: int, said: str, more: Mapping[str, Any]
    ) -> None:
        value, mark = said.split()
        by = self._reporter(indicator.unit)
        day = min(last_day(year, quarter) + timedelta(days=9), self.today)
        final = "p" not in mark and more.get("final", True)
        realised = Realised(
            **self._figure(indicator, year, value),
            is_final=final,
            obstacle=more.get("obstacle", ""),
            follow_up=more.get("follow_up", ""),
            follow_up_by=more.get("by", ""),
            follow_up_due=self.today + timedelta(days=more["days"]) if "days" in more else None,
        )
        kept = save_measurement(
            indicator=indicator,
            year=year,
            quarter=quarter,
            realised=realised,
            version=0,
            by=by,
            now=moment(day, 2),
        )
        if mark[0] != "d":
            rows = [kept.measurement]
            (sent,) = send_measurements(rows=rows, by=by, now=moment(day, 3))
            self.waiting.append((sent, mark[0], more))

    def settle(self) -> None:
        """What the planner decides; the rest goes on waiting."""
        for row, mark, more in self.waiting:
            now = moment(min(row.quarter_ends() + timedelta(days=14), self.today), 4)
            if mark == VERIFIED:
                judged = more.get("judged")
                verify_measurement(
                    measurement=row,
                    shown=row.version,
                    by=self.planner,
                    now=now,
                    judged=Judged(Decimal(judged[0]), judged[1]) if judged else None,
                )
            elif mark == RETURNED:
                return_measurement(
                    measurement=row,
                    shown=row.version,
                    message=more["message"],
                    by=self.planner,
                    now=now,
                )
        self.waiting = []

    def _figure(self, indicator: Indicator, year: int, value: str) -> dict[str, Any]:
        if indicator.shape == Shape.DATE:
            return {"done_on": date.fromisoformat(f"{year}-{value}")}
        if "/" in value:
            numerator, denominator = value.split("/")
            return {"numerator": Decimal(numerator), "denominator": Decimal(denominator)}
        return {"value": Decimal(value)}

    def _reporter(self, unit: Unit | None) -> Membership:
        return office(unit, Role.OPD_OPERATOR) if unit else self.planner
