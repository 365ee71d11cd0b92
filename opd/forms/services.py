"""Forms of services: the standard, moves between channels, the grid of monthly numbers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext, gettext_lazy as _

from integrity_portal.core.formatting import number_id
from integrity_portal.core.forms import (
    DateField,
    DecimalField,
    LongTextField,
    PortalFormHelper,
    RadioField,
    RupiahField,
    ShortTextField,
)
from integrity_portal.core.parsing import EnglishNumber, NotUnderstood, fold, parse_number
from opd.actions.services import Cell, MoveFacts, Standard
from opd.enums import FeeKind, ServiceChannel, TimeUnit, VolumeChannel
from opd.forms.fields import PartialDateField
from opd.models import ChannelMove, Service

LINE_LIMIT = 400
MOST = 100_000_000


class TextLinesField(LongTextField):
    """One entry on each line; the cleaned value is a list."""

    default_error_messages = {
        "line": _("Line %(number)s has more than %(limit)s characters. Shorten it."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"limit": 8000, "required": False, **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        lines = [line for line in (" ".join(row.split()) for row in text.split("\n")) if line]
        for number, line in enumerate(lines, start=1):
            if len(line) > LINE_LIMIT:
                raise ValidationError(
                    self.error_messages["line"],
                    code="line",
                    params={"number": number, "limit": LINE_LIMIT},
                )
        return lines


class ServiceForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    name = ShortTextField(label=_("Service"), limit=150)
    channel = RadioField(label=_("How people reach it"), choices=ServiceChannel.choices)
    product = ShortTextField(
        label=_("Product of the service"),
        limit=300,
        required=False,
        help_text=_("What the applicant receives, for example: Kartu Keluarga."),
    )
    requirements = TextLinesField(
        label=_("Requirements, one on each line"), help_text=_("At most 400 characters each.")
    )
    steps = TextLinesField(
        label=_("Steps, one on each line, in their order"),
        help_text=_("At most 400 characters each."),
    )
    time_number = DecimalField(
        label=_("Time needed"), places=0, minimum=1, maximum=999, required=False
    )
    time_unit = RadioField(
        label=_("The time is counted in"),
        choices=[("", _("not said")), *TimeUnit.choices],
        required=False,
    )
    fee_kind = RadioField(
        label=_("Fee"), choices=[("", _("not said")), *FeeKind.choices], required=False
    )
    fee_amount = RupiahField(label=_("Amount of the fee"), required=False)
    fee_text = ShortTextField(
        label=_("About the fee"),
        limit=300,
        required=False,
        help_text=_("Where the amount differs: for example, as in the regional regulation."),
    )
    legal_basis = LongTextField(label=_("Legal basis"), limit=2000, rows=3, required=False)
    published = ShortTextField(
        label=_("Published where"),
        limit=300,
        required=False,
        help_text=_("Where citizens can read the standard: website, board, booklet."),
    )
    ended_on = DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave this empty while the service is offered."),
    )

    def __init__(self, *args: Any, follows_moves: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if follows_moves:
            del self.fields["channel"]
        self.helper = PortalFormHelper(self, form_tag=False)

    @staticmethod
    def initial_of(service: Service, lines: tuple[list[str], list[str]]) -> dict[str, Any]:
        names = (
            "version", "name", "channel", "product", "time_number", "time_unit", "fee_kind",
            "fee_amount", "fee_text", "legal_basis", "published", "ended_on",
        )  # fmt: skip
        values = {name: getattr(service, name) for name in names}
        return {**values, "requirements": lines[0], "steps": lines[1]}

    def clean(self) -> dict[str, Any]:
        clean: dict[str, Any] = super().clean() or {}
        if bool(clean.get("time_number")) != bool(clean.get("time_unit")):
            self.add_error(
                "time_number", _("Write the time as a number with its unit, or neither.")
            )
        kind = clean.get("fee_kind")
        if kind != FeeKind.AMOUNT and clean.get("fee_amount"):
            self.add_error("fee_kind", _("There is an amount: choose “with a fee”, or clear it."))
        if kind == FeeKind.AMOUNT and not (clean.get("fee_amount") or clean.get("fee_text")):
            self.add_error("fee_amount", _("Write the amount of the fee, or choose “free”."))
        return clean

    def standard(self) -> Standard:
        clean = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        number = clean["time_number"]
        return Standard(**{**clean, "time_number": int(number) if number else None})

    def show_version(self, version: int) -> None:
        data = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data


class MoveForm(forms.Form):
    from_channel = RadioField(label=_("Reached until then"), choices=ServiceChannel.choices)
    to_channel = RadioField(label=_("Reached since then"), choices=ServiceChannel.choices)
    moved = PartialDateField(
        label=_("Since when"),
        help_text=_("The day, only the month or only the year: 21/11/2021, November 2021 or 2021."),
    )
    by_then = forms.BooleanField(
        label=_("The day is not recorded: it had happened by then"), required=False
    )
    basis = ShortTextField(
        label=_("Basis"),
        limit=200,
        required=False,
        help_text=_("The decree or announcement, if there is one."),
    )
    note = ShortTextField(label=_("Note"), limit=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, form_tag=False)

    @staticmethod
    def initial_of(move: ChannelMove) -> dict[str, Any]:
        names = ("from_channel", "to_channel", "moved", "by_then", "basis", "note")
        return {name: getattr(move, name) for name in names}

    def facts(self) -> MoveFacts:
        clean = self.cleaned_data
        return MoveFacts(**{name: clean[name] for name in MoveFacts.__dataclass_fields__})


class CorrectMoveForm(MoveForm):
    never = forms.BooleanField(
        label=_("This move never happened: take the entry away"), required=False
    )
    reason = ShortTextField(
        label=_("What was wrong?"),
        limit=400,
        help_text=_("The wrong entry stays readable with this reason."),
    )


# --- the grid of a unit's year ---

TOKEN = re.compile(r"\d+:\d{1,2}:(?:counter|online)=\d{1,9}")


@dataclass(frozen=True)
class Box:
    """One cell as the page shows it."""

    name: str
    label: str
    value: str
    error: str = ""
    is_filled: bool = False


def box_name(service_id: int, month: int, channel: str) -> str:
    return f"n-{service_id}-{month}-{channel}"


class VolumeForm(forms.Form):
    """Months down, ways across, a block for each service; read cell by cell.

    A column that was copied in a spreadsheet arrives in one cell with blanks between its numbers:
    it is laid down the months below and shown once more before anything is written.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        services: Sequence[Service],
        stored: Mapping[tuple[int, date, str], int],
        year: int,
        today: date,
    ) -> None:
        super().__init__(data)
        self.services, self.year = services, year
        self.months = [
            month for number in range(1, 13) if (month := date(year, number, 1)) <= today
        ]
        self.stored = stored
        self.was_spread = False
        self.typed: dict[str, str] = {}
        self.wrong: dict[str, str] = {}
        self.filled: set[str] = set()
        for _service, month, channel, name in self._places():
            key = (_service.pk, month, channel)
            self.fields[name] = forms.CharField(required=False, label=self._label(*key, _service))
            known = stored.get(key)
            self.typed[name] = f"{known:,}".replace(",", ".") if known is not None else ""
        if data is not None:
            self.typed = {
                name: str(data.get(name, ""))[:4000] if name in data else "" for name in self.typed
            }
            self._spread()

    def _places(self) -> Iterator[tuple[Service, date, str, str]]:
        for service in self.services:
            for channel in VolumeChannel.values:
                for month in self.months:
                    yield service, month, channel, box_name(service.pk, month.month, channel)

    def _label(self, pk: int, month: date, channel: str, service: Service) -> str:
        way = VolumeChannel(channel).label
        return f"{service.name}, {format_date(month, 'F Y')}, {str(way).lower()}"

    def _spread(self) -> None:
        """Lay pasted columns down; one that does not fit stays where it is and is named."""
        for service in self.services:
            for channel in VolumeChannel.values:
                names = [box_name(service.pk, month.month, channel) for month in self.months]
                for place, name in enumerate(names):
                    numbers = fold(self.typed[name]).split(" ")
                    if len(numbers) > 1:
                        self._lay_down(numbers, names[place:])

    def _lay_down(self, numbers: list[str], names: list[str]) -> None:
        in_the_way = [name for name in names[1 : len(numbers)] if self.typed[name].strip()]
        if len(numbers) > len(names) or in_the_way:
            self.wrong[names[0]] = gettext(
                "%(cell)s: %(count)s numbers were pasted here and do not fit below. Empty the "
                "cells below, or paste fewer; within a number write a dot, not a blank."
            ) % {"cell": self.fields[names[0]].label, "count": len(numbers)}
            return
        for name, number in zip(names, numbers, strict=False):
            self.typed[name] = number
            self.filled.add(name)
        self.was_spread = True

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.cells: list[Cell] = []
        for service, month, channel, name in self._places():
            if name not in self.wrong:
                try:
                    self.cells.append(
                        Cell(service.pk, month, channel, self._number(self.typed[name]))
                    )
                except ValueError as error:
                    self.wrong[name] = f"{self.fields[name].label}: {error}"
        for name, sentence in self.wrong.items():
            self.add_error(name, sentence)
        return {}

    def _number(self, text: str) -> int | None:
        if not text.strip() or text.strip() in ("-", "–"):
            return None
        try:
            number = parse_number(text)
        except EnglishNumber:
            raise ValueError(
                gettext("write the number the Indonesian way, for example 1.234.")
            ) from None
        except NotUnderstood:
            raise ValueError(gettext("write a number with digits, for example 1.234.")) from None
        if number != number.to_integral_value() or number < 0:
            raise ValueError(gettext("write a whole number, 0 or more."))
        if number > MOST:
            raise ValueError(gettext("this number is too big to be true."))
        return int(number)

    def blocks(self) -> list[dict[str, Any]]:
        """What the template draws: services, their months, a box for each way."""
        return [
            {
                "service": service,
                "rows": [
                    {
                        "month": format_date(month, "F"),
                        "boxes": [self._box(service, month, way) for way in VolumeChannel.values],
                    }
                    for month in self.months
                ],
            }
            for service in self.services
        ]

    def _box(self, service: Service, month: date, channel: str) -> Box:
        name = box_name(service.pk, month.month, channel)
        label = str(self.fields[name].label)
        return Box(name, label, self.typed[name], self.wrong.get(name, ""), name in self.filled)

    def seen_text(self) -> str:
        """What is stored as the page is drawn, in one hidden box."""
        shown = {service.pk for service in self.services}
        return ";".join(
            f"{pk}:{month.month}:{channel}={count}"
            for (pk, month, channel), count in sorted(self.stored.items())
            if pk in shown
        )

    def say_what_changed(self, seen: Mapping[tuple[int, date, str], int]) -> None:
        """At each cell that somebody else has changed since: what is stored there now."""
        for service, month, channel, name in self._places():
            key = (service.pk, month, channel)
            if self.stored.get(key) != seen.get(key):
                there = number_id(self.stored.get(key), 0)
                sentence = gettext("%(cell)s: now stored is %(number)s.") % {
                    "cell": self.fields[name].label,
                    "number": there,
                }
                self.wrong[name] = sentence
                self.add_error(name, sentence)

    def seen(self, text: str) -> dict[tuple[int, date, str], int]:
        """What stood there when the page was opened; what cannot be read was not seen."""
        found = {}
        for token in text.split(";"):
            if TOKEN.fullmatch(token):
                key, _equals, count = token.partition("=")
                pk, month, channel = key.split(":")
                if 1 <= int(month) <= 12:
                    found[(int(pk), date(self.year, int(month), 1), channel)] = int(count)
        return found
