"""Sheets whose turn it is with one member of the TPI, those with exceptions first."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from assessments.enums import Assessor, WorksheetState
from assessments.models import Worksheet, WorksheetScore
from assessments.permissions import may_assess
from assessments.queries.tiers import reviewers_of, tiers_by_sheet, turn
from assessments.queries.worksheet_reviews import Weighed, weighed
from assessments.queries.worksheets import scores_of
from assessments.review_tiers import tiers
from opd.enums import Role
from opd.models import Membership, TpiMember


@dataclass(frozen=True)
class Waiting:
    """`next_tier`: to whom it goes on; empty: this person approves it."""

    sheet: Worksheet
    weighed: Weighed
    scores: dict[str, WorksheetScore]
    next_tier: str

    @property
    def unit(self) -> WorksheetScore | None:
        return self.scores.get(Assessor.UNIT)

    @property
    def tpi(self) -> WorksheetScore | None:
        return self.scores.get(Assessor.TPI)

    @property
    def why(self) -> list[tuple[str, str]]:
        """Reasons to look with the number of questions and a tone, the most first."""
        words = Counter(each for row in self.weighed.exceptional for each in row.why)
        return [(f"{word} · {count}", tone) for (word, tone), count in words.most_common()]

    @property
    def step(self) -> str:
        return "pass_up" if self.next_tier else "approve"


def is_reviewer(membership: Membership) -> bool:
    """Whether sheets may wait for this person at all. At most one query."""
    if membership.role == Role.INSPECTORATE:
        return True
    rows = TpiMember.objects.filter(government=membership.government_id)
    return may_assess(membership) and rows.filter(membership__user=membership.user_id).exists()


def my_turns(membership: Membership, today: date) -> list[Waiting]:
    """The same number of queries however many they are: what keeps a sheet first, then by exceptions."""
    rows = Worksheet.objects.visible_to(membership).filter(
        state=WorksheetState.SUBMITTED, zone__closed_on=None
    )
    sheets = list(rows.with_names().prefetch_related("scores").order_by("year", "pk"))
    reviewers = reviewers_of(sheets, today)
    mine = tiers_by_sheet(membership, sheets, reviewers)
    everybody = {sheet.pk: reviewers.held(sheet) for sheet in sheets}
    held = [sheet for sheet in sheets if turn(sheet, everybody[sheet.pk]) in mine[sheet.pk]]
    found = weighed(held)
    waiting = [
        Waiting(sheet, found[sheet.pk], scores_of(sheet), _next_tier(sheet, everybody[sheet.pk]))
        for sheet in held
    ]
    return sorted(waiting, key=_order)


def _next_tier(sheet: Worksheet, held: set[str]) -> str:
    """The name of the next tier that somebody holds; empty above the last."""
    rows = [tier for tier in tiers() if tier.code in held]
    place = [tier.code for tier in rows].index(turn(sheet, held))
    return str(rows[place + 1].name) if place + 1 < len(rows) else ""


def _order(row: Waiting) -> tuple[bool, int, str]:
    return row.weighed.is_ready, -len(row.weighed.exceptional), row.sheet.zone.unit.name
