"""What a survey of the unit proposes for a result question of its work-sheet. Writes nothing.

What counts is the external survey that the ministry accepts; until then this is provisional.
"""

from dataclasses import dataclass
from decimal import Decimal

from assessments.models import SurveyRound, Worksheet
from assessments.queries.surveys import index_kept, period_text
from assessments.survey_instruments import surveys
from integrity_portal.core.formatting import half_up, number_id

PLACES = 2


@dataclass(frozen=True)
class Proposal:
    """`value` as it would be written: rounded as the index is shown."""

    round: SurveyRound
    index_name: str
    value: Decimal
    number: int

    @property
    def period(self) -> str:
        return period_text(self.round.year, self.round.quarter)

    @property
    def source(self) -> str:
        """Official Indonesian: it becomes the explanation of the answer."""
        return (
            f"{self.index_name} {number_id(self.value)} dari {self.round.survey} unit, "
            f"{self.period}, {self.number} responden. Sementara: yang dihitung adalah survei "
            "eksternal yang diterima TPN."
        )


def feeding(code: str) -> str:
    """The survey whose index answers this question; empty where none does."""
    found = (key for key, row in surveys().contents.items() if row.get("feeds") == code)
    return next(found, "")


def proposals_of(sheet: Worksheet) -> list[tuple[str, Proposal]]:
    """Of every question of the sheet that a survey feeds, by code."""
    codes = sorted(row["feeds"] for row in surveys().contents.values() if row.get("feeds"))
    asked = [code for code in codes if code in sheet.instrument.instrument.questions]
    found = ((code, proposal_for(sheet, code)) for code in asked)
    return [(code, proposal) for code, proposal in found if proposal is not None]


def proposal_for(sheet: Worksheet, code: str) -> Proposal | None:
    """The newest closed round of the sheet's year, or of the year before."""
    survey = feeding(code)
    if not survey:
        return None
    rows = SurveyRound.objects.filter(
        unit=sheet.zone.unit_id,
        survey=survey,
        year__in=[sheet.year - 1, sheet.year],
        result__index__isnull=False,
    ).counted()
    round = rows.exclude(result__index=None).order_by("-year", "-quarter").first()
    if round is None:
        return None
    return _proposal(round)


def _proposal(round: SurveyRound) -> Proposal | None:
    index = index_kept(round)
    if index is None:
        return None
    name = surveys().survey(round.survey).index
    return Proposal(round, name, half_up(index, PLACES), (round.result or {})["number"])
