"""Forms of choosing pilots: opening a round, the grid of scores, the decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _, gettext_lazy

from assessments.actions.pilot_decisions import DecisionFacts
from assessments.actions.pilots import Cell
from assessments.forms.fields import PartialDateField, UnitsField
from assessments.forms.preparation import YearField
from assessments.models import PilotDecision, PilotScore
from assessments.pilots import LEAST, MOST
from integrity_portal.core.forms import (
    LongTextField,
    PortalFormHelper,
    RadioField,
    ShortTextField,
)
from integrity_portal.core.parsing import clean_text
from integrity_portal.core.summaries import ErrorEntry

NOTE_LIMIT = 300
WITH, WITHOUT = "with", "without"


class RoundForm(forms.Form):
    form_key = forms.UUIDField(widget=forms.HiddenInput)
    title = ShortTextField(
        label=gettext_lazy("Title"),
        limit=200,
        help_text=gettext_lazy("For example: Choosing pilots of the second phase."),
    )
    year = YearField(label=gettext_lazy("Year"))
    scored = RadioField(
        label=gettext_lazy("Scores"),
        choices=[
            (WITH, gettext_lazy("The units are scored in the portal")),
            (WITHOUT, gettext_lazy("Only the decision is recorded; its scores are not known")),
        ],
        initial=WITH,
    )
    units = UnitsField(label=gettext_lazy("Candidates"))

    def __init__(self, *args: Any, choices: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = choices  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(submit=gettext_lazy("Open the choice of pilots"))

    @classmethod
    def blank(cls, *, choices: Sequence[Any], year: int, ticked: Iterable[int]) -> "RoundForm":
        initial = {
            "form_key": uuid4(),
            "year": year,
            "scored": WITH,
            "units": [str(pk) for pk in ticked],
        }
        return cls(initial=initial, choices=choices)


@dataclass
class CellRow:
    """One box of the grid: what is shown, what is wrong with it."""

    key: tuple[int, str]
    label: str
    typed: str
    note: str
    seen_note: str = ""
    error: str = ""
    hint: str = ""
    source: str = ""
    scale: Sequence[Any] = ()

    @property
    def name(self) -> str:
        return f"v-{self.key[0]}-{self.key[1]}"

    @property
    def note_name(self) -> str:
        return f"n-{self.key[0]}-{self.key[1]}"


@dataclass
class ScoreGrid:
    """Many cells at once; the good ones are saved even where some are wrong.

    What the person saw travels along, so that an untouched cell never overwrites anything.
    """

    rows: list[CellRow]
    with_notes: bool = False
    cells: dict[tuple[int, str], Cell] = field(default_factory=dict)
    # The value (0: none) of every cell as it is shown now.
    shown: str = ""

    @property
    def errors(self) -> list[ErrorEntry]:
        return [
            ErrorEntry(f"{row.label}: {row.error}", f"id-{row.name}")
            for row in self.rows
            if row.error
        ]

    @classmethod
    def showing(
        cls,
        labels: Mapping[tuple[int, str], str],
        scores: Mapping[tuple[int, str], PilotScore],
        *,
        with_notes: bool = False,
    ) -> "ScoreGrid":
        rows = [
            CellRow(key, label, _text(scores.get(key)), scores[key].note if key in scores else "")
            for key, label in labels.items()
        ]
        grid = cls(rows, with_notes)
        grid.remember(scores)
        return grid

    def remember(self, scores: Mapping[tuple[int, str], PilotScore]) -> None:
        """From now on these are what the person has seen."""
        seen = (f"{row.key[0]}-{row.key[1]}:{_text(scores.get(row.key)) or 0}" for row in self.rows)
        self.shown = " ".join(seen)
        for row in self.rows:
            row.seen_note = scores[row.key].note if row.key in scores else ""

    def read(self, data: QueryDict, scores: Mapping[tuple[int, str], PilotScore]) -> None:
        """Fill the grid with what was typed; `cells` holds those that make sense."""
        seen = _seen(data.get("shown", ""))
        for row in self.rows:
            if row.name not in data:
                continue
            row.typed = clean_text(str(data[row.name]), lines=False)[:20]
            note = None
            if self.with_notes and row.note_name in data:
                note = row.note = clean_text(str(data[row.note_name]), lines=False)
            value = _value(row.typed)
            if value is None and row.typed:
                row.error = _("“%(typed)s” is no score; write 1 to 5, or leave it empty.") % {
                    "typed": row.typed
                }
            elif note is not None and len(note) > NOTE_LIMIT:
                row.error = _("The note is longer than %(limit)s characters. Shorten it.") % {
                    "limit": NOTE_LIMIT
                }
            else:
                seen_note = clean_text(data.get(f"s{row.note_name}", ""), lines=False)
                self.cells[row.key] = Cell(value, seen.get(row.key), note, seen_note)

    def name_conflicts(self, conflicts: Mapping[tuple[int, str], PilotScore]) -> None:
        for row in self.rows:
            if row.key in conflicts:
                theirs = conflicts[row.key]
                row.error = _(
                    "Somebody else wrote %(value)s meanwhile. Yours is still in the box; save it "
                    "again if it shall stand."
                ) % {"value": _text(theirs) or _("nothing")}


def _text(score: PilotScore | None) -> str:
    return "" if score is None or score.value is None else str(score.value)


def _value(text: str) -> int | None:
    if len(text) == 1 and text in "12345":
        return int(text)
    return None


def _seen(text: str) -> dict[tuple[int, str], int | None]:
    """What `shown` carried; anything unreadable was not seen."""
    found: dict[tuple[int, str], int | None] = {}
    for part in text.split():
        key, _colon, value = part.rpartition(":")
        unit, _dash, factor = key.partition("-")
        if unit.isdecimal() and len(unit) < 19 and value.isdecimal() and len(value) == 1:
            number = int(value)
            found[int(unit), factor] = number if LEAST <= number <= MOST else None
    return found


class DecisionForm(forms.Form):
    decree_number = ShortTextField(
        label=gettext_lazy("Number of the decree or of the minutes"), limit=80, required=False
    )
    decided = PartialDateField(label=gettext_lazy("Date of the decision"))
    units = UnitsField(label=gettext_lazy("Chosen units, in the order of the list"))
    against_reason = LongTextField(
        label=gettext_lazy("Why not in the order of the list"),
        limit=1000,
        rows=3,
        required=False,
        help_text=gettext_lazy(
            "When a unit was chosen that the order does not put among the first, or that is "
            "neither vulnerable nor ready. The meeting decides; its reason stays with the decision."
        ),
    )

    statement = ShortTextField(
        label=gettext_lazy("What was said about the choice"), limit=300, required=False
    )
    source = ShortTextField(
        label=gettext_lazy("Source"),
        limit=200,
        required=False,
        help_text=gettext_lazy("Where it can be read, for a decision of the past."),
    )

    def __init__(
        self, *args: Any, choices: Sequence[Any], today: date, scored: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decided"].latest = today  # type: ignore[attr-defined]
        self.fields["units"].choices = choices  # type: ignore[attr-defined]
        if not scored:
            del self.fields["against_reason"]
            self.fields["units"].label = gettext_lazy("Chosen units")
        self.helper = PortalFormHelper(submit=gettext_lazy("Record the decision"))

    def facts(self) -> DecisionFacts:
        values = self.cleaned_data
        return DecisionFacts(
            decree_number=values["decree_number"],
            decided_on=values["decided"].date,
            precision=values["decided"].precision,
            unit_ids=values["units"],
            against_reason=values.get("against_reason", ""),
            statement=values["statement"],
            source=values["source"],
        )


class CorrectionForm(DecisionForm):
    reason = LongTextField(
        label=gettext_lazy("Why is it corrected?"),
        limit=400,
        rows=3,
        help_text=gettext_lazy("The earlier decision stays readable beside it."),
        error_messages={"required": gettext_lazy("Write the reason of the correction.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(submit=gettext_lazy("Save the correction"))

    @staticmethod
    def initial_of(row: PilotDecision) -> dict[str, Any]:
        return {
            "decree_number": row.decree_number,
            "decided": row.decided,
            "units": [str(chosen.unit_id) for chosen in row.units.all()],
            "against_reason": row.against_reason,
            "statement": row.statement,
            "source": row.source,
        }
