"""Fields that several forms share: a date as far as it is known, and one entry per line."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.formatting import partial_date
from integrity_portal.core.forms import DateField, LongTextField
from integrity_portal.core.parsing import MONTHS, NotUnderstood, fold, parse_date
from integrity_portal.core.partial_dates import PartialDate, Precision

_YEAR = re.compile(r"(\d{4})\Z")
_MONTH = re.compile(r"([a-z]+)\.?\s+(\d{4})\Z")
_MONTH_NUMBER = re.compile(r"(\d{1,2})[/.\-](\d{4})\Z")


class PartialDateField(DateField):
    """`16 September 2019`, `September 2021` or `2021`: the cleaned value is a PartialDate."""

    default_error_messages = {
        "required": _("Enter the date as far as it is known: 16 September 2019, or only 2019."),
        "invalid": _(
            "Write the date as far as it is known: 16 September 2019, September 2019 or 2019."
        ),
    }

    def prepare_value(self, value: Any) -> Any:
        return partial_date(value) if isinstance(value, PartialDate) else value

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, PartialDate):
            return value
        text = fold(str(value)).lower()
        if not text:
            return None
        try:
            return _understood(text)
        except (NotUnderstood, ValueError):
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def validate(self, value: Any) -> None:
        super().validate(value.date if value is not None else None)


def _understood(text: str) -> PartialDate:
    if match := _YEAR.match(text):
        return PartialDate(date(int(match[1]), 1, 1), Precision.YEAR)
    if (match := _MONTH.match(text)) and match[1] in MONTHS:
        return PartialDate(date(int(match[2]), MONTHS[match[1]], 1), Precision.MONTH)
    if match := _MONTH_NUMBER.match(text):
        return PartialDate(date(int(match[2]), int(match[1]), 1), Precision.MONTH)
    return PartialDate(parse_date(text), Precision.DAY)


class LinesField(LongTextField):
    """One entry per line; empty lines do not count. The cleaned value is a list."""

    default_error_messages = {
        "line": _("Line %(number)s is longer than %(limit)s characters. Shorten it."),
        "many": _("Write at most %(limit)s lines."),
    }

    def __init__(self, *, line_limit: int, lines: int = 100, **kwargs: Any) -> None:
        self.line_limit, self.lines = line_limit, lines
        super().__init__(**{"limit": line_limit * lines, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        rows = [line.strip() for line in super().clean(value).split("\n")]
        rows = [line for line in rows if line]
        if len(rows) > self.lines:
            raise ValidationError(
                self.error_messages["many"], code="many", params={"limit": self.lines}
            )
        for number, line in enumerate(rows, start=1):
            if len(line) > self.line_limit:
                params = {"number": number, "limit": self.line_limit}
                raise ValidationError(self.error_messages["line"], code="line", params=params)
        return rows


class UnitsField(forms.MultipleChoiceField):
    """Check boxes, grouped by kind of unit."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {
        "required": _("Choose at least one unit."),
        "invalid_choice": _("Choose units from the list."),
    }

    def clean(self, value: Any) -> Any:
        return [int(pk) for pk in super().clean(value)]
