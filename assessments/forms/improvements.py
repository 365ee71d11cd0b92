"""Forms of plan, effort and what-if: plain boxes in tables, read here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from textwrap import shorten
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from assessments.actions.improvements import MOST_DAYS, Effort
from assessments.answering import MOST
from assessments.instrument import QuestionText
from assessments.scoring import Given, ScaleKind
from integrity_portal.core.formatting import number_id
from integrity_portal.core.forms import DateField, PortalFormHelper, ShortTextField
from integrity_portal.core.parsing import NotUnderstood, parse_number


class TakeForm(forms.Form):
    """Until when the chosen improvements are done, and by whom."""

    due_on = DateField(label=gettext_lazy("Done by"))
    responsible = ShortTextField(
        label=gettext_lazy("Who answers for it"), required=False, limit=150
    )

    def __init__(self, data: Any = None, *, year: int) -> None:
        super().__init__(data, initial={"due_on": date(year, 12, 31)})
        self.fields["due_on"].earliest = date(year, 1, 1)  # type: ignore[attr-defined]
        self.fields["due_on"].latest = date(year, 12, 31)  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, form_tag=False)


# --- effort ---


@dataclass
class EffortBox:
    """One row of the table: what stands there, what was typed, what is wrong with it."""

    question: QuestionText
    standing: int | None
    typed: str
    default: int
    error: str = ""

    @property
    def name(self) -> str:
        return f"days.{self.question.code}"

    @property
    def seen_name(self) -> str:
        return f"seen.{self.question.code}"

    @property
    def seen(self) -> str:
        return "" if self.standing is None else str(self.standing)


def effort_boxes(
    questions: Iterable[QuestionText], efforts: Mapping[str, int], defaults: Mapping[Any, int]
) -> list[EffortBox]:
    return [
        EffortBox(
            row,
            efforts.get(row.code),
            str(efforts.get(row.code, "")),
            defaults[row.scale.kind],
        )
        for row in questions
    ]


def read_efforts(boxes: Iterable[EffortBox], data: Mapping[str, str]) -> list[Effort]:
    """Rows that were sent and can be read; the others keep what was typed with a sentence."""
    rows = []
    for box in boxes:
        if box.name not in data:
            continue
        box.typed = data[box.name].strip()
        days = _days(box.typed)
        if days is False:
            box.error = _("Enter whole working days from 1 to %(most)d.") % {"most": MOST_DAYS}
            continue
        seen = _days(data.get(box.seen_name, "").strip())
        rows.append(Effort(box.question.code, days, None if seen is False else seen))
    return rows


def _days(text: str) -> Any:
    """A number of days, None for nothing, False for what is neither."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MOST_DAYS:
        return False
    return int(text)


# --- what-if ---


@dataclass
class WhatIfBox:
    """One question with the boxes in which another answer can be tried."""

    question: QuestionText
    given: Given
    typed: dict[str, str]
    tried: Given | None = None
    error: str = ""

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """(code, code with its words as far as a list has room for them, whether it is tried)."""
        chosen = self.typed.get(self.question.code, "")
        return [
            (row.code, _option_words(row.code, str(row.text)), row.code == chosen)
            for row in self.question.options
        ]

    @property
    def counts(self) -> list[tuple[str, str, str, str]]:
        """(name of the box, what is counted, what stands there, what was typed)."""
        return [
            (
                f"{self.question.code}.{row.key}",
                str(row.text),
                str(self.given.counts.get(row.key, "")),
                self.typed.get(f"{self.question.code}.{row.key}", ""),
            )
            for row in self.question.counts
            if row.is_needed
        ]

    @property
    def is_index(self) -> bool:
        return self.question.scale.kind is ScaleKind.INDEX

    @property
    def index(self) -> str:
        return self.typed.get(self.question.code, "")


def _option_words(code: str, text: str) -> str:
    return code if text == code else shorten(f"{code}: {text}", 70, placeholder="…")


def to_try(question: QuestionText, share: Decimal, option: str, given: Given) -> dict[str, str]:
    """What to type for a question to stand there: name of the box → text; empty where several
    counts would do."""
    if option:
        return {question.code: option}
    if question.scale.kind is ScaleKind.INDEX:
        return {question.code: number_id(share * question.scale.highest)}
    ratio = question.asked.ratio
    if ratio is None or len(ratio.part) != 1:
        return {}
    whole = sum((sign * given.counts.get(key, Decimal(0)) for key, sign in ratio.whole), Decimal(0))
    key, sign = ratio.part[0]
    if sign < 0 or whole <= 0 or key in dict(ratio.whole):
        return {}
    return {f"{question.code}.{key}": str((share * whole).to_integral_value(ROUND_CEILING))}


def what_if_boxes(
    questions: Iterable[QuestionText], answers: Mapping[str, Given], data: Mapping[str, str]
) -> list[WhatIfBox]:
    """Every question with what was tried; nothing typed: as it stands."""
    return [_what_if(row, answers.get(row.code, Given()), data) for row in questions]


def _what_if(question: QuestionText, standing: Given, data: Mapping[str, str]) -> WhatIfBox:
    names = [question.code, *(f"{question.code}.{row.key}" for row in question.counts)]
    box = WhatIfBox(
        question, standing, {n: data[n].strip() for n in names if data.get(n, "").strip()}
    )
    if not box.typed:
        return box
    kind = question.scale.kind
    if kind is ScaleKind.OPTIONS:
        _try_option(box)
    elif kind is ScaleKind.INDEX:
        _try_index(box)
    else:
        _try_counts(box)
    return box


def _try_option(box: WhatIfBox) -> None:
    option = box.typed.get(box.question.code, "")
    if option in box.question.scale.options:
        box.tried = Given(option)
    else:
        box.error = _("Choose one of the answers of this question.")


def _try_index(box: WhatIfBox) -> None:
    highest = box.question.scale.highest
    try:
        index = parse_number(box.typed.get(box.question.code, ""))
    except NotUnderstood:
        index = Decimal(-1)
    if 0 <= index <= highest:
        box.tried = Given(index=index)
    else:
        sentence = _("Enter a number from 0 to %(highest)s.")
        box.error = sentence % {"highest": highest.normalize()}


def _try_counts(box: WhatIfBox) -> None:
    counts = dict(box.given.counts)
    for row in box.question.counts:
        text = box.typed.get(f"{box.question.code}.{row.key}")
        if text is None:
            continue
        if not text.isascii() or not text.isdigit() or int(text[:9]) > MOST:
            box.error = _("Enter a whole number, for example 12.")
            return
        counts[row.key] = Decimal(text)
    box.tried = Given(counts=counts, zero_as=box.given.zero_as)
