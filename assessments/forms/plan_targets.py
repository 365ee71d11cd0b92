"""The grid of targets of one indicator: years and their quarters, each cell as text of its shape."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessments.actions.indicators import TargetRow
from assessments.enums import Consolidation, IndicatorKind, Shape
from assessments.figure_words import number_text
from assessments.models import Indicator, Target
from assessments.series import QUARTERS, WHOLE_YEAR, Period
from integrity_portal.core.formatting import date_id
from integrity_portal.core.parsing import EnglishNumber, NotUnderstood, parse_date, parse_number

BOUNDS = re.compile(r"(.+?)\s*(?:–|—|-|s\.?d\.?|sampai|to)\s*(.+)\Z")
YES_WORDS, NO_WORDS = {"ya", "yes", "1", "✓"}, {"tidak", "no", "0"}
# More digits than a column holds are no target.
MOST = Decimal(10) ** 17


def target_text(shape: str, target: Target | None) -> str:
    """As the grid writes it, and reads it again."""
    if target is None:
        return ""
    if shape == Shape.DATE:
        return date_id(target.due_on)
    if shape == Shape.YES_NO:
        return _("yes") if target.low else _("no")
    low = number_text(target.low)
    return f"{low} – {number_text(target.high)}" if shape == Shape.RANGE else low


def read_target(shape: str, text: str) -> dict[str, Decimal | date | None]:
    """Raises ValidationError with the sentence for the cell."""
    clean = " ".join(text.split())
    if not clean:
        return {"low": None, "high": None, "due_on": None}
    if shape == Shape.DATE:
        try:
            return {"due_on": parse_date(clean)}
        except NotUnderstood:
            raise ValidationError(_("Enter a day, such as 31 December 2026.")) from None
    if shape == Shape.YES_NO:
        word = clean.casefold()
        if word in YES_WORDS | NO_WORDS:
            return {"low": Decimal(word in YES_WORDS)}
        raise ValidationError(_("Write yes or no."))
    if shape == Shape.RANGE:
        found = BOUNDS.match(clean)
        if found is None:
            raise ValidationError(_("Enter both bounds, such as 80 - 90."))
        return {"low": _number(found[1]), "high": _number(found[2])}
    return {"low": _number(clean.removesuffix("%"))}


def _number(text: str) -> Decimal:
    try:
        number = parse_number(text.removeprefix("Rp").strip())
    except EnglishNumber:
        raise ValidationError(
            _("Write a comma before the decimals and dots between thousands, for example 1.234,56.")
        ) from None
    except NotUnderstood:
        raise ValidationError(_("Write a number with digits only, for example 1.234,56.")) from None
    exponent = number.normalize().as_tuple().exponent
    if abs(number) > MOST or (isinstance(exponent, int) and -exponent > 6):
        raise ValidationError(_("Write at most 17 digits and six after the comma."))
    return number


def quarters_of(indicator: Indicator) -> tuple[int, ...]:
    """What is entered once a year has no quarters."""
    if indicator.consolidation == Consolidation.MANUAL:
        return (WHOLE_YEAR,)
    return (WHOLE_YEAR, *QUARTERS)


class TargetsForm(forms.Form):
    """One box for each cell, and the version that stood there."""

    def __init__(
        self, data: Any = None, *, indicator: Indicator, targets: Mapping[Period, Target]
    ) -> None:
        super().__init__(data)
        self.indicator = indicator
        self.periods = [
            (year, quarter)
            for year in indicator.node.plan.all_years
            for quarter in quarters_of(indicator)
        ]
        for period in self.periods:
            self._add(period, targets.get(period))

    def _add(self, period: Period, target: Target | None) -> None:
        year, quarter = period
        label = str(year) if not quarter else f"{year}, {_('quarter')} {quarter}"
        self.fields[_name(period)] = forms.CharField(
            label=label,
            required=False,
            max_length=60,
            initial=target_text(self.indicator.shape, target),
            widget=forms.TextInput(
                attrs={
                    "class": "form-control compact",
                    "autocomplete": "off",
                    "data-portal-column": str(quarter),
                    "aria-label": label,
                }
            ),
        )
        self.fields[f"v_{_name(period)}"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, initial=target.version if target else 0
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.rows = []
        for period in self.periods:
            name = _name(period)
            try:
                read: dict[str, Any] = read_target(self.indicator.shape, data.get(name) or "")
            except ValidationError as error:
                self.add_error(name, error)
                continue
            version = data.get(f"v_{name}") or None
            self.rows.append(TargetRow(*period, version=version, **read))
        return data

    def refuse(self, faults: Mapping[Period, str]) -> None:
        for period, sentence in faults.items():
            self.add_error(_name(period) if period in self.periods else None, sentence)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Of the template: a year with its cells."""
        wanted = quarters_of(self.indicator)
        return [
            {
                "year": year,
                "cells": [
                    {"box": self[_name((year, each))], "version": self[f"v_{_name((year, each))}"]}
                    for each in wanted
                ],
            }
            for year in self.indicator.node.plan.all_years
        ]

    @property
    def is_money(self) -> bool:
        return self.indicator.kind == IndicatorKind.BUDGET


def _name(period: Period) -> str:
    return f"y{period[0]}q{period[1]}"
