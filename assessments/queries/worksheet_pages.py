"""What the pages of a work-sheet show: the tree with what is done, one part, one question."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from assessments import scoring
from assessments.answering import Said
from assessments.enums import Assessor, Audience, WorksheetState
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
from assessments.queries.worksheets import Done, answers_of, done_by_part, given, scores_of
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


@dataclass(frozen=True)
class Standing:
    """Scores and gates of one assessor, for the head of every page of the sheet."""

    assessor: str
    total: Decimal
    answered: int
    unmet: int


def standings(scores: dict[str, WorksheetScore]) -> list[Standing]:
    return [
        Standing(name, scores[name].total, scores[name].answered, len(scores[name].unmet))
        for name in Assessor.values
        if name in scores
    ]


# --- one part ---


@dataclass(frozen=True)
class QuestionRow:
    """One question with everybody's answers; `mine` is the side that this person may write."""

    question: QuestionText
    item: WorksheetItem
    answers: dict[str, Answer]
    mine: str
    proofs: int
    messages: int

    @property
    def answer(self) -> Answer | None:
        return self.answers.get(self.mine or Assessor.UNIT)

    @property
    def writes_for_unit(self) -> bool:
        return self.mine == Assessor.UNIT

    @property
    def value(self) -> Value:
        return value_of(self.question, self.answer)

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
) -> list[QuestionRow]:
    """These questions, in two queries."""
    items = items_with_counts(sheet, membership).filter(code__in=list(codes))
    found = {item.code: item for item in items.order_by("position")}
    answers, shown = answers_of(found.values()), shown_assessors(sheet, membership)
    return [
        QuestionRow(
            question=instrument.questions[code],
            item=item,
            answers={k: v for k, v in answers.get(item.pk, {}).items() if k in shown},
            mine=_may_write(side, sheet, item),
            proofs=item.proofs,  # type: ignore[attr-defined]
            messages=item.said,  # type: ignore[attr-defined]
        )
        for code, item in found.items()
    ]


def shown_assessors(sheet: Worksheet, membership: Membership) -> frozenset[str]:
    """Whose answers this person reads: a unit sees the TPI's once they have been given to it."""
    everybody = frozenset(Assessor.values)
    is_units = membership.role in (Role.OPD_OPERATOR, Role.OPD_HEAD, Role.LIAISON_OFFICER)
    own = is_units and membership.unit_id in sheet.zone.unit.lineage
    if own and sheet.state in (WorksheetState.DRAFT, WorksheetState.SUBMITTED):
        return frozenset({Assessor.UNIT})
    return everybody


def items_with_counts(sheet: Worksheet, membership: Membership):  # type: ignore[no-untyped-def]
    """Items with `proofs` and `said`: messages that this person reads."""
    said = Q(messages__isnull=False)
    if not reads_assessors(membership, sheet):
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


# --- one question ---


@dataclass(frozen=True)
class Page:
    row: QuestionRow
    messages: list[ItemMessage] = field(default_factory=list)
    past: list[Any] = field(default_factory=list)
    before: str = ""
    after: str = ""


def question_page(sheet: Worksheet, code: str, side: str, membership: Membership) -> Page | None:
    instrument = sheet.instrument.instrument
    if code not in instrument.questions:
        return None
    rows = rows_of(sheet, instrument, [code], side, membership)
    if not rows:
        return None
    order = list(instrument.questions)
    place = order.index(code)
    return Page(
        rows[0],
        thread_of(rows[0].item, sheet, membership),
        past_of(rows[0].item, shown_assessors(sheet, membership)),
        order[place - 1] if place else "",
        order[place + 1] if place + 1 < len(order) else "",
    )


def past_of(item: WorksheetItem, shown: Collection[str]) -> list[Any]:
    """How the answers to this question stood before, newest first: who, when, what, why."""
    events: Any = Answer._meta.get_field("history_events").related_model
    events = events.objects.filter(item=item.pk, assessor__in=shown)
    rows = list(events.select_related("changed_by__user").order_by("-pgh_id"))
    newest: set[str] = set()
    past = []
    for row in rows:
        if row.assessor in newest:
            past.append(row)
        newest.add(row.assessor)
    return past


def thread_of(item: WorksheetItem, sheet: Worksheet, membership: Membership) -> list[ItemMessage]:
    rows = item.messages.select_related("by__user", "by__unit").order_by("at", "pk")
    if not reads_assessors(membership, sheet):
        rows = rows.filter(audience=Audience.EVERYBODY)
    return list(rows)


# --- lists ---


@dataclass(frozen=True)
class Totals:
    """What each assessor gives, as far as this person reads it; `best`: the latest of them."""

    unit: WorksheetScore | None = None
    tpi: WorksheetScore | None = None
    tpn: WorksheetScore | None = None

    @property
    def best(self) -> WorksheetScore | None:
        return self.tpn or self.tpi or self.unit


def worksheet_list(membership: Membership, year: int | None) -> list[tuple[Worksheet, Totals]]:
    """Sheets with the totals of all assessors, in two queries."""
    sheets = Worksheet.objects.visible_to(membership).current()
    rows = sheets.with_names().prefetch_related("scores")
    if year is not None:
        rows = rows.filter(year=year)
    return [
        (sheet, Totals(**scores(sheet, membership)))
        for sheet in rows.order_by("-year", "zone__unit__name", "pk")
    ]


def years_of(membership: Membership) -> list[int]:
    rows = Worksheet.objects.visible_to(membership).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


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
