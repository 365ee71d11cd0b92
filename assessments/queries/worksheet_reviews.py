"""What the review page of a work-sheet shows: whose turn it is, exceptions first, its way so far."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from assessments import scoring
from assessments.enums import Assessor, ItemMark, UseVerdict, WorksheetState
from assessments.models import Answer, EvidenceUse, Worksheet, WorksheetItem, WorksheetStep
from assessments.queries.reviewers import holders, tiers_of
from assessments.queries.worksheets import given
from assessments.review_tiers import Tier, tier_named, tiers
from assessments.workflow import WORKSHEET
from integrity_portal.core.workflow import Transition
from opd.models import Membership


@dataclass(frozen=True)
class TierRow:
    code: str
    name: str
    is_held: bool


def tier_rows(sheet: Worksheet) -> list[TierRow]:
    held = holders(sheet)
    return [TierRow(tier.code, str(tier.name), tier.code in held) for tier in tiers()]


@dataclass(frozen=True)
class Exceptional:
    """A question that an assessor should look at himself, and why."""

    code: str
    text: str
    why: list[tuple[str, str]]


def exceptions(sheet: Worksheet) -> tuple[list[Exceptional], list[str]]:
    """Questions that need an eye, and those that can be agreed at once; in four queries.

    An eye is needed where nothing proves an answer above the lowest, a proof was returned, the
    question was returned or repaired, counts are unusual, or the scores already differ.
    """
    questions = sheet.instrument.instrument.questions
    items = list(sheet.items.order_by("position"))
    answers: dict[int, dict[str, Answer]] = {}
    for row in Answer.objects.filter(item__worksheet=sheet):
        answers.setdefault(row.item_id, {})[row.assessor] = row
    uses: dict[int, list[str]] = {}
    for pk, verdict in EvidenceUse.objects.filter(item__worksheet=sheet).values_list(
        "item", "verdict"
    ):
        uses.setdefault(pk, []).append(verdict)
    found, agreeable = [], []
    for item in items:
        given_here, proofs = answers.get(item.pk, {}), uses.get(item.pk, [])
        why = _why(questions[item.code].asked, item, given_here, proofs)
        if why:
            found.append(Exceptional(item.code, str(questions[item.code].text), why))
        elif Assessor.UNIT in given_here and Assessor.TPI not in given_here:
            agreeable.append(item.code)
    return found, agreeable


def _why(
    asked: scoring.Question, item: WorksheetItem, answers: dict[str, Answer], proofs: list[str]
) -> list[tuple[str, str]]:
    why: list[tuple[str, str]] = []
    if item.mark in (ItemMark.RETURNED, ItemMark.UNLOCKED, ItemMark.REPAIRED):
        why.append((str(ItemMark(item.mark).label), ItemMark(item.mark).tone))
    own, tpi = answers.get(Assessor.UNIT), answers.get(Assessor.TPI)
    if own is None:
        return [*why, (_("Not answered"), "bad")]
    value = scoring.value_of(asked, given(own))
    if value.share and not proofs:
        why.append((_("No proof"), "bad"))
    if UseVerdict.RETURNED in proofs:
        why.append((_("Proof returned"), "bad"))
    if value.flag in ("settle", "no_whole", "over", "no_cases"):
        why.append((_("Unusual counts"), "warn"))
    if tpi is not None and scoring.value_of(asked, given(tpi)) != value:
        why.append((_("Scores differ"), "warn"))
    return why


# --- steps ---


@dataclass(frozen=True)
class WayStep:
    row: WorksheetStep
    label: str
    tier: str


def way_of(sheet: Worksheet) -> list[WayStep]:
    """Newest first."""
    rows = sheet.steps.select_related("membership__user", "membership__unit").order_by("-pk")
    return [WayStep(row, str(WORKSHEET.get(row.name).label), _tier_name(row.tier)) for row in rows]


def _tier_name(code: str) -> str:
    tier = tier_named(code)
    return str(tier.name) if tier else code


def turn_of(membership: Membership, sheet: Worksheet, today: date) -> list[Tier]:
    """The tiers that this person holds, when the sheet is with the TPI or approved."""
    if sheet.state not in (
        WorksheetState.SUBMITTED,
        WorksheetState.APPROVED,
        WorksheetState.RETURNED,
    ):
        return []
    return tiers_of(membership, sheet, today)


def steps_for(
    membership: Membership, sheet: Worksheet, mine: Collection[str], held: Sequence[str]
) -> list[Transition]:
    """Steps of the TPI that this person may take now. `mine`: tiers he holds; `held`: all that
    somebody holds, lowest first."""
    found = []
    for step in WORKSHEET.open_to(state=sheet.state, role=membership.role):
        if step.name in ("submit", "withdraw"):
            continue
        turn = held[-1] if step.name == "reopen" else sheet.tier
        ends = {"approve": held[-1:], "pass_down": held[1:], "pass_up": held[:-1]}
        if turn in mine and turn in ends.get(step.name, held):
            found.append(step)
    return found
