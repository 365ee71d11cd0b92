"""Fields that the registry's forms share."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from integrity_portal.core.formatting import partial_date
from integrity_portal.core.forms import LocalText
from integrity_portal.core.parsing import MONTHS, NotUnderstood, fold, parse_date
from integrity_portal.core.partial_dates import PartialDate, Precision

_YEAR = re.compile(r"(\d{4})\Z")
_MONTH = re.compile(r"(?:(\d{1,2})[/.\-]|([a-z]+)\.?\s+)(\d{4})\Z")
_ISO_MONTH = re.compile(r"(\d{4})-(\d{1,2})\Z")


def parse_partial_date(text: str) -> PartialDate:
    """`2021`, `September 2021`, `09/2021` or a whole day. Raises NotUnderstood."""
    clean = fold(text).lower()
    if match := _YEAR.match(clean):
        return _partial(text, int(match[1]), 1, Precision.YEAR)
    if match := _ISO_MONTH.match(clean):
        return _partial(text, int(match[1]), int(match[2]), Precision.MONTH)
    if (match := _MONTH.match(clean)) and (match[1] or match[2] in MONTHS):
        month = int(match[1]) if match[1] else MONTHS[match[2]]
        return _partial(text, int(match[3]), month, Precision.MONTH)
    return PartialDate(parse_date(text))


def _partial(text: str, year: int, month: int, precision: str) -> PartialDate:
    try:
        return PartialDate(date(year, month, 1), precision)
    except ValueError as error:
        raise NotUnderstood(text) from error


class PartialDateField(forms.Field):
    """A day of the past, or only its month or year where no more is known."""

    widget = LocalText(attrs={"class": "short", "inputmode": "text"}, numeric=False)
    default_error_messages = {
        "required": _("Enter the day, the month or the year, for example 2021."),
        "invalid": _(
            "Write the day, the month or the year, for example 21/11/2021, November 2021 or 2021."
        ),
        "range": _("Enter a year from 1900 to 2199."),
    }

    def prepare_value(self, value: Any) -> Any:
        return partial_date(value) if isinstance(value, PartialDate) else value

    def to_python(self, value: Any) -> PartialDate | None:
        if value is None or isinstance(value, PartialDate):
            return value
        if not str(value).strip():
            return None
        try:
            found = parse_partial_date(str(value))
        except NotUnderstood:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        if not 1900 <= found.date.year <= 2199:
            raise ValidationError(self.error_messages["range"], code="range")
        return found


class OptionalSelect(forms.TypedChoiceField):
    """A choice among rows given at construction: key → row; empty is None."""

    default_error_messages = {"invalid_choice": _("Choose one from the list.")}

    def __init__(self, *, rows: list[Any], empty: Any, **kwargs: Any) -> None:
        by_key = {str(row.pk): row for row in rows}
        choices = [("", empty), *((key, self.label_of(row)) for key, row in by_key.items())]
        super().__init__(
            **{
                "choices": choices,
                "coerce": by_key.__getitem__,
                "empty_value": None,
                "required": False,
                **kwargs,
            }
        )

    @staticmethod
    def label_of(row: Any) -> str:
        return str(row.name)


class Rewritable(forms.Form):
    """A bound form of which hidden fields are written anew while everything typed is kept."""

    def overwrite(self, **values: Any) -> None:
        data = self.data.copy()  # type: ignore[attr-defined]
        for name, value in values.items():
            data[name] = str(value)
        self.data = data
