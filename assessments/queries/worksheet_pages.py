"""What the pages of a work-sheet show: the tree with what is done, the questions of a part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, prefetch_related_objects
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.answering import Said
from assessments.enums import (
    OPEN_MARKS,
    Assessor,
    Audience,
    MessageKind,
    WorksheetState,
)
from assessments.instrument import Instrument, QuestionText
from assessments.models import Answer, ItemMessage, Worksheet, WorksheetItem, WorksheetScore
from assessments.permissions import can_write_plan, may_assess
from assessments.queries.reviewers import (
    records_for_tpn,
    tpn_may_write,
    unit_may_write,
    writes_for_unit,
)
from assessments.queries.tiers import is_turn_of
from assessments.queries.worksheets import (
    Done,
    answers_of,
    done_by_part,
    given,
    needed_answers,
    scores_of,
)
from assessments.scoring import Value
from integrity_portal.core.formatting import number_id
from opd.enums import Role
from opd.models import Membership, TpiMember


@dataclass(frozen=True)
class Branch:
    """A row of the tree: what it weighs, what each assessor gives it, how far it is filled."""

    code: str
    title: str
    depth: int
    weight: Decimal
    done: Done
    points: dict[str, Decimal]
    is_part: bool

    @property
    def unit(self) -> Decimal | None:
        return self.points.get(Assessor.UNIT)

    @property
    def tpi(self) -> Decimal | None:
        return self.points.get(Assessor.TPI)

    @property
    def tpn(self) -> Decimal | None:
        return self.points.get(Assessor.TPN)

    @property
    def missed(self) -> Decimal:
        return self.weight - (self.unit or Decimal(0))

    @property
    def is_filled(self) -> bool:
        return self.done.answered >= self.done.required

    def waits_for(self, side: str, state: str) -> bool:
        """Whether something is left to do here: for the TPI, or else for the unit."""
        if side == Assessor.TPI:
            return self.done.reviewed < self.done.required or self.done.repaired > 0
        is_open = state == WorksheetState.DRAFT and not self.is_filled
        return is_open or self.done.returned > 0


def tree_of(sheet: Worksheet, scores: dict[str, WorksheetScore]) -> list[Branch]:
    """Every node in reading order, in one query besides the scores."""
    instrument = sheet.instrument.instrument
    parts = done_by_part(sheet)
    done: dict[str, Done] = {}
    for code, node in reversed(list(instrument.tree.nodes.items())):
        own = parts.get(code, Done()) if node.questions else done.get(code, Done())
        done[code] = own
        if node.parent is not None:
            done[node.parent] = done.get(node.parent, Done()) + own
    return [
        Branch(
            code=code,
            title=str(instrument.titles[code]),
            depth=code.count("."),
            weight=node.weight,
            done=done[code],
            points={name: Decimal(row.nodes.get(code, "0")) for name, row in scores.items()},
            is_part=bool(node.questions),
        )
        for code, node in instrument.tree.nodes.items()
    ]


def only_to_do(branches: list[Branch], side: str, state: str) -> list[Branch]:
    """The parts where something is left to do, with what stands above them."""
    waiting = [row.code for row in branches if row.is_part and row.waits_for(side, state)]
    return [
        row
        for row in branches
        if any(code == row.code or code.startswith(f"{row.code}.") for code in waiting)
    ]


def carried_of(branches: list[Branch]) -> int:
    return sum(row.done.carried for row in branches if row.is_part)


@dataclass(frozen=True)
class Standing:
    """Scores and gates of one assessor, for the head of every page of the sheet.

    `carried`: values of an earlier sheet that nobody has reviewed; they are not `answered` yet.
    """

    assessor: str
    total: Decimal
    answered: int
    unmet: int
    carried: int = 0


def standings(scores: dict[str, WorksheetScore], carried: int = 0) -> list[Standing]:
    return [
        _standing(name, scores[name], carried if name == Assessor.UNIT else 0)
        for name in Assessor.values
        if name in scores
    ]


def _standing(name: str, row: WorksheetScore, carried: int) -> Standing:
    return Standing(name, row.total, row.answered - carried, len(row.unmet), carried)


# --- one part ---


@dataclass(frozen=True)
class QuestionRow:
    """One question with everybody's answers; `mine` is the side that this person may write,
    `would_be` the one on which he would. `asked`: with what it was returned or unlocked."""

    question: QuestionText
    item: WorksheetItem
    answers: dict[str, Answer]
    mine: str
    would_be: str
    proofs: int
    messages: int
    asked: ItemMessage | None = None

    @property
    def answer(self) -> Answer | None:
        return self.answers.get(self.mine or Assessor.UNIT)

    @property
    def writes_for_unit(self) -> bool:
        return self.mine == Assessor.UNIT

    @property
    def may_hand_back(self) -> bool:
        return self.writes_for_unit and self.item.mark in OPEN_MARKS

    @property
    def value(self) -> Value:
        return value_of(self.question, self.answer)

    @property
    def lacks_counts(self) -> bool:
        return lacks_counts(self.answer, self.value)

    @property
    def points(self) -> Decimal:
        return self.question.worth * (self.value.share or Decimal(0))

    @property
    def others(self) -> list[tuple[str, Answer, Value]]:
        """The answers of the other sides, as far as there are any."""
        return [
            (
                str(Assessor(name).label),
                self.answers[name],
                value_of(self.question, self.answers[name]),
            )
            for name in Assessor.values
            if name in self.answers and name != self.mine
        ]


def value_of(question: QuestionText, answer: Answer | None) -> Value:
    return scoring.value_of(question.asked, given(answer)) if answer else scoring.NOT_ANSWERED


def lacks_counts(answer: Answer | None, value: Value) -> bool:
    """Some counts of a ratio stand there, but not all that its formula needs."""
    return answer is not None and bool(answer.counts) and value.share is None


def side_that_writes(membership: Membership, sheet: Worksheet, today: date) -> str:
    """Which of the three answers this person gives on this sheet now; empty: he only reads."""
    if writes_for_unit(membership, sheet):
        return Assessor.UNIT
    if tpn_may_write(membership, sheet):
        return Assessor.TPN
    if records_for_tpn(membership, sheet):
        return Assessor.TPN if sheet.tpn_letters.exists() else ""
    if sheet.state == WorksheetState.SUBMITTED and is_turn_of(membership, sheet, today):
        return Assessor.TPI
    return ""


def side_to_try(membership: Membership, sheet: Worksheet) -> Assessor:
    """On which side this person would write; whether he may, the action says. No query."""
    if can_write_plan(membership, sheet.zone.unit):
        return Assessor.UNIT
    is_tpns = membership.role == Role.TPN_REVIEWER or records_for_tpn(membership, sheet)
    return Assessor.TPN if is_tpns else Assessor.TPI


def rows_of(
    sheet: Worksheet,
    instrument: Instrument,
    codes: Iterable[str],
    side: str,
    membership: Membership,
    reads_all: bool | None = None,
) -> list[QuestionRow]:
    """These questions, in two queries; in three when some were returned or unlocked. `reads_all`:
    whether this person reads the messages of assessors, where that is known already."""
    if reads_all is None:
        reads_all = reads_assessors(membership, sheet)
    items = items_with_counts(sheet, reads_all).filter(code__in=list(codes))
    found = {item.code: item for item in items.order_by("position")}
    answers, shown = answers_of(found.values()), shown_assessors(sheet, membership)
    asked, would_be = _asked(found.values()), side_to_try(membership, sheet)
    return [
        QuestionRow(
            question=instrument.questions[code],
            item=item,
            answers={k: v for k, v in answers.get(item.pk, {}).items() if k in shown},
            mine=_may_write(side, sheet, item),
            would_be=would_be,
            asked=asked.get(item.pk),
            proofs=item.proofs,  # type: ignore[attr-defined]
            messages=item.said,  # type: ignore[attr-defined]
        )
        for code, item in found.items()
    ]


def _asked(items: Iterable[WorksheetItem]) -> dict[int, ItemMessage]:
    """The message with which each of them was returned or unlocked last."""
    rows = [item.pk for item in items if item.mark in OPEN_MARKS]
    if not rows:
        return {}
    kinds = [MessageKind.RETURNED, MessageKind.UNLOCKED]
    messages = ItemMessage.objects.filter(
        item__in=rows, kind__in=kinds, audience=Audience.EVERYBODY
    ).select_related("by__user", "by__unit")
    return {row.item_id: row for row in messages.order_by("at", "pk")}


def shown_assessors(sheet: Worksheet, membership: Membership) -> frozenset[str]:
    """Whose answers this person reads: a unit sees the TPI's once they have been given to it, and
    the TPN's once they are whole."""
    everybody = frozenset(Assessor.values)
    is_units = membership.role in (Role.OPD_OPERATOR, Role.OPD_HEAD, Role.LIAISON_OFFICER)
    own = is_units and membership.unit_id in sheet.zone.unit.lineage
    if own and sheet.state in (WorksheetState.DRAFT, WorksheetState.SUBMITTED):
        return frozenset({Assessor.UNIT})
    if own and not _is_whole(sheet, Assessor.TPN):
        return everybody - {Assessor.TPN}
    return everybody


def _is_whole(sheet: Worksheet, assessor: Assessor) -> bool:
    """By its score, which is read once for all that ask."""
    prefetch_related_objects([sheet], "scores")
    score = scores_of(sheet).get(assessor)
    return score is not None and score.answered >= needed_answers(sheet.instrument.instrument)


def items_with_counts(sheet: Worksheet, reads_all: bool):  # type: ignore[no-untyped-def]
    """Items with `proofs` and `said`: messages that somebody reads who reads all, or not."""
    said = Q(messages__isnull=False)
    if not reads_all:
        said &= Q(messages__audience=Audience.EVERYBODY)
    return (
        sheet.items.select_related("assignee__user")
        .annotate(proofs=Count("uses", distinct=True))
        .annotate(said=Count("messages", filter=said, distinct=True))
    )


def reads_assessors(membership: Membership, sheet: Worksheet) -> bool:
    """Messages of the TPI among itself: its members, but for whoever belongs to the unit."""
    if membership.role == Role.INSPECTORATE:
        return True
    is_own = membership.unit_id is not None and membership.unit_id in sheet.zone.unit.lineage
    if is_own or not may_assess(membership):
        return False
    members = TpiMember.objects.filter(government=sheet.government_id, team__year=sheet.year)
    return members.filter(membership__user=membership.user_id).exists()


def _may_write(side: str, sheet: Worksheet, item: WorksheetItem) -> str:
    if side == Assessor.UNIT and not unit_may_write(sheet, item):
        return ""
    return side


# --- scores and answers for reading ---


def scores(sheet: Worksheet, membership: Membership) -> dict[str, WorksheetScore]:
    """Of the assessors that this person reads."""
    shown = shown_assessors(sheet, membership)
    return {name: row for name, row in scores_of(sheet).items() if name in shown}


def differing(question: QuestionText, saved: Answer, typed: Said) -> list[dict[str, str]]:
    """Field by field what stands there and what was typed, where they differ."""
    rows: list[tuple[str, str, str]] = [
        (str(_("Answer")), saved.option, typed.option),
        (str(_("Index or score")), _number(saved.index), _number(typed.index)),
        (str(_("Explanation")), saved.note, typed.note),
        (str(_("Why the score differs")), saved.reason, typed.reason),
    ]
    rows += [
        (str(count.text), saved.counts.get(count.key, ""), typed.counts.get(count.key, ""))
        for count in question.counts
    ]
    return [
        {"label": label, "saved": mine, "typed": other}
        for label, mine, other in rows
        if mine != other
    ]


def _number(value: Decimal | None) -> str:
    return "" if value is None else number_id(value, 2)
