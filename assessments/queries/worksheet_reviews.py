"""What the review page of a work-sheet shows: whose turn it is, exceptions first, its way so far."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.enums import OPEN_MARKS, Assessor, ItemMark, UseVerdict, WorksheetState
from assessments.models import Answer, Worksheet, WorksheetItem, WorksheetStep
from assessments.queries.tiers import tiers_of, turn
from assessments.queries.worksheet_checks import fingerprint
from assessments.queries.worksheets import given, is_answered
from assessments.review_tiers import Tier, tier_named, tiers
from assessments.workflow import WORKSHEET
from integrity_portal.core.workflow import Transition
from opd.models import Membership


@dataclass(frozen=True)
class TierRow:
    code: str
    name: str
    is_held: bool


def tier_rows(held: Collection[str]) -> list[TierRow]:
    return [TierRow(tier.code, str(tier.name), tier.code in held) for tier in tiers()]


@dataclass(frozen=True)
class Exceptional:
    """A question that an assessor should look at himself, and why."""

    code: str
    text: str
    why: list[tuple[str, str]]


@dataclass(frozen=True)
class Weighed:
    """A sheet before an assessor: questions that need an eye, those that can be agreed at once,
    what keeps the sheet from going on, and a stamp of all answers as they were seen."""

    exceptional: list[Exceptional]
    agreeable: list[str]
    unscored: list[str]
    silent: list[str]
    still_open: list[str]
    unseen: list[str]
    stamp: str

    @property
    def is_ready(self) -> bool:
        return not (self.unscored or self.silent or self.still_open or self.unseen)


def weighed(sheets: Sequence[Worksheet]) -> dict[int, Weighed]:
    """Many sheets in two queries.

    An eye is needed where nothing proves an answer above the lowest, a proof was returned, the
    question was returned or repaired, counts are unusual, or the scores already differ.
    """
    items: dict[int, list[WorksheetItem]] = {sheet.pk: [] for sheet in sheets}
    rows = WorksheetItem.objects.filter(worksheet__in=sheets).order_by("position")
    for item in rows.annotate(verdicts=ArrayAgg("uses__verdict", filter=Q(uses__isnull=False))):
        items[item.worksheet_id].append(item)
    answers: dict[int, dict[str, Answer]] = {}
    for row in Answer.objects.filter(item__worksheet__in=sheets):
        answers.setdefault(row.item_id, {})[row.assessor] = row
    return {sheet.pk: _weigh(sheet, items[sheet.pk], answers) for sheet in sheets}


def _weigh(
    sheet: Worksheet,
    items: list[WorksheetItem],
    answers: dict[int, dict[str, Answer]],
) -> Weighed:
    questions = sheet.instrument.instrument.questions
    found = Weighed([], [], [], [], [], [], _stamp(sheet, items, answers))
    for item in items:
        given_here, question = answers.get(item.pk, {}), questions[item.code]
        why = _why(question.asked, item, given_here, _verdicts(item))
        own, tpi = given_here.get(Assessor.UNIT), given_here.get(Assessor.TPI)
        if why:
            found.exceptional.append(Exceptional(item.code, str(question.text), why))
        elif own is not None and tpi is None:
            found.agreeable.append(item.code)
        is_survey = question.scale.kind is scoring.ScaleKind.INDEX
        if not is_answered(question, tpi):
            if not is_survey:
                found.unscored.append(item.code)
        elif own and tpi and not tpi.reason and _differ(question.asked, own, tpi):
            found.silent.append(item.code)
        if item.mark in OPEN_MARKS:
            found.still_open.append(item.code)
        if item.mark == ItemMark.REPAIRED:
            found.unseen.append(item.code)
    return found


def _verdicts(item: WorksheetItem) -> list[str]:
    return item.verdicts or []  # type: ignore[attr-defined]


def _stamp(
    sheet: Worksheet,
    items: list[WorksheetItem],
    answers: dict[int, dict[str, Answer]],
) -> str:
    """Changes with every answer, mark, proof and step."""
    said = [
        [item.mark, _versions(answers.get(item.pk, {})), sorted(_verdicts(item))] for item in items
    ]
    return fingerprint([sheet.state, sheet.tier, sheet.round, said])[:16]


def _versions(given_here: dict[str, Answer]) -> list[str]:
    return [f"{name} {row.version}" for name, row in sorted(given_here.items())]


def _differ(asked: scoring.Question, one: Answer, other: Answer) -> bool:
    return scoring.value_of(asked, given(one)) != scoring.value_of(asked, given(other))


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
    if tpi is not None and _differ(asked, own, tpi):
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
    here = turn(sheet, held)
    for step in WORKSHEET.open_to(state=sheet.state, role=membership.role):
        if step.name in ("submit", "withdraw"):
            continue
        whose = (held[-1] if held else "") if step.name == "reopen" else here
        ends = {"approve": held[-1:], "pass_down": held[1:], "pass_up": held[:-1]}
        if whose in mine and whose in ends.get(step.name, held):
            found.append(step)
    return found
