"""Reads of instruments: public regulation, the same for every government."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from assessments.instrument import Instrument
from assessments.models import InstrumentEdition, Worksheet


@dataclass(frozen=True)
class Edition:
    row: InstrumentEdition
    instrument: Instrument
    # Its words and weights can no longer change.
    is_used: bool

    @property
    def doubts(self) -> int:
        return sum(len(question.doubts) for question in self.instrument.questions.values())


def editions() -> list[Edition]:
    """Newest first, in one query once they have been read."""
    return [_edition(row) for row in _rows().order_by("-valid_from", "code", "-edition")]


def edition_of(pk: int) -> Edition | None:
    row = _rows().filter(pk=pk).first()
    return _edition(row) if row else None


def _rows() -> "QuerySet[InstrumentEdition]":
    used = Worksheet.objects.filter(instrument=OuterRef("pk"))
    return InstrumentEdition.objects.defer("content").annotate(is_used=Exists(used))


def _edition(row: InstrumentEdition) -> Edition:
    return Edition(row, row.instrument, row.is_used)  # type: ignore[attr-defined]
