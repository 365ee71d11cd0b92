"""Reads of work-sheets: the sheet, its answers, its scores, the list with what is done."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from assessments import scoring
from assessments.enums import OPEN_MARKS, Assessor, ItemMark, WorksheetState
from assessments.instrument import Instrument, QuestionText
from assessments.models import (
    Answer,
    EvidenceUse,
    InstrumentEdition,
    IntegrityZone,
    TpnLetter,
    Worksheet,
    WorksheetItem,
    WorksheetScore,
)
from assessments.scoring import Given, Sheet
from opd.models import Membership


def sheet_of(membership: Membership, pk: int) -> Worksheet | None:
    return Worksheet.objects.visible_to(membership).with_names().filter(pk=pk).first()


def item_of(membership: Membership, pk: int, code: str) -> WorksheetItem | None:
    """One question of a sheet that this person reads, with the sheet."""
    sheets = Worksheet.objects.visible_to(membership).filter(pk=pk)
    return (
        WorksheetItem.objects.filter(worksheet__in=sheets, code=code)
        .select_related("worksheet__zone__unit", "worksheet__instrument", "worksheet__government")
        .defer("worksheet__instrument__content")
        .first()
    )


def sheets_of_zone(membership: Membership, zone: IntegrityZone) -> list[Worksheet]:
    """That this person reads, newest year first, in two queries."""
    rows = Worksheet.objects.visible_to(membership).with_names().filter(zone=zone)
    return list(rows.prefetch_related("scores").order_by("-year"))


def edition_for(year: int, *, history: bool = False) -> InstrumentEdition | None:
    """The newest edition that was in force at some day of this year."""
    rows = InstrumentEdition.objects.defer("content").filter(
        Q(valid_to=None) | Q(valid_to__year__gte=year), valid_from__year__lte=year
    )
    if not history:
        rows = rows.filter(is_history=False)
    return rows.order_by("-valid_from", "-edition").first()


def newer_edition_for(sheet: Worksheet) -> InstrumentEdition | None:
    """Under which a sheet that is still being filled could go on. At most one query."""
    if sheet.state != WorksheetState.DRAFT:
        return None
    newest = edition_for(sheet.year)
    if newest is None or newest.pk == sheet.instrument_id or sheet.instrument.is_history:
        return None
    return newest


def successor_of(sheet: Worksheet) -> Worksheet | None:
    """The sheet in which a replaced one goes on."""
    if sheet.state != WorksheetState.REPLACED:
        return None
    return sheet.copies.filter(year=sheet.year).first()


def tpn_letters_of(sheet: Worksheet) -> list[TpnLetter]:
    """Newest first."""
    return list(sheet.tpn_letters.select_related("recorded_by__user").order_by("-pk"))


def tpn_letter_of(membership: Membership, pk: int) -> TpnLetter | None:
    sheets = Worksheet.objects.visible_to(membership)
    rows = TpnLetter.objects.filter(worksheet__in=sheets, pk=pk)
    return rows.select_related("scan", "worksheet").first()


# --- answers as the scorer wants them ---


def given(answer: Answer) -> Given:
    return as_given(answer.option, answer.counts, answer.index, answer.zero_as)


def as_given(option: str, counts: Mapping[str, str], index: Decimal | None, zero_as: str) -> Given:
    """Of the columns of an answer."""
    return Given(option, {key: Decimal(value) for key, value in counts.items()}, index, zero_as)


def is_answered(question: QuestionText, answer: Answer | None) -> bool:
    """Whether it counts as answered: its value is there. Words alone are no answer, and neither
    are some of the counts of a ratio."""
    return answer is not None and has_value(question, given(answer))


def has_value(question: QuestionText, said: Given) -> bool:
    return scoring.value_of(question.asked, said).share is not None


def needed_answers(instrument: Instrument) -> int:
    """Of a whole score: all questions but survey indexes, which may come later."""
    kinds = [question.scale.kind for question in instrument.questions.values()]
    return sum(kind is not scoring.ScaleKind.INDEX for kind in kinds)


def givens(answers: Iterable[Answer], codes: Mapping[int, str]) -> dict[str, Given]:
    """By question; `codes` are the questions of the items."""
    return {codes[row.item_id]: given(row) for row in answers}


def answers_of(items: Iterable[WorksheetItem]) -> dict[int, dict[str, Answer]]:
    """By item and assessor, in one query."""
    found: dict[int, dict[str, Answer]] = defaultdict(dict)
    rows = Answer.objects.filter(item__in=[row.pk for row in items])
    for row in rows.select_related("changed_by__user"):
        found[row.item_id][row.assessor] = row
    return found


def scored(instrument: Instrument, sheet: Worksheet, assessor: str) -> Sheet:
    """The whole tree of one assessor, in one query."""
    rows = Answer.objects.filter(item__worksheet=sheet, assessor=assessor)
    values = rows.values_list("item__code", "option", "counts", "index", "zero_as")
    found = {code: as_given(*said) for code, *said in values}
    return scoring.score(instrument.tree, found)


def scores_of(sheet: Worksheet) -> dict[str, WorksheetScore]:
    return {row.assessor: row for row in sheet.scores.all()}


# --- how far a sheet is ---


@dataclass(frozen=True)
class Done:
    """Of one part of the sheet: how many questions there are and how far they are.

    `answered`: the value is there, and it is this year's; `carried`: the value is there, but
    nobody has reviewed it yet. `returned` wait for the unit again, `repaired` for the TPI.
    """

    required: int = 0
    answered: int = 0
    proven: int = 0
    reviewed: int = 0
    carried: int = 0
    returned: int = 0
    repaired: int = 0

    def __add__(self, other: "Done") -> "Done":
        return Done(*(mine + more for mine, more in zip(self.counts, other.counts, strict=True)))

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(getattr(self, each.name) for each in fields(self))


def done_by_part(sheet: Worksheet) -> dict[str, Done]:
    """By sub-aspect, in one query."""
    rows = (
        WorksheetItem.objects.filter(worksheet=sheet)
        .annotate(is_proven=Exists(EvidenceUse.objects.filter(item=OuterRef("pk"))))
        .values_list("code", "sub_aspect", "mark", "is_proven", "answers__assessor", *_SAID)
    )
    questions = sheet.instrument.instrument.questions
    items: dict[str, tuple[str, str, bool]] = {}
    valued: dict[str, set[str]] = defaultdict(set)
    for code, part, mark, is_proven, assessor, *said in rows:
        items[code] = (part, mark, is_proven)
        if assessor and has_value(questions[code], as_given(*said)):
            valued[code].add(assessor)
    done: dict[str, Done] = defaultdict(Done)
    for code, (part, mark, is_proven) in items.items():
        done[part] += _done(mark, is_proven, valued[code])
    return dict(done)


_SAID = ("answers__option", "answers__counts", "answers__index", "answers__zero_as")


def _done(mark: str, is_proven: bool, valued: Collection[str]) -> Done:
    is_there, is_carried = Assessor.UNIT in valued, mark == ItemMark.CARRIED
    return Done(
        required=1,
        answered=int(is_there and not is_carried),
        proven=int(is_proven),
        reviewed=int(Assessor.TPI in valued),
        carried=int(is_there and is_carried),
        returned=int(mark in OPEN_MARKS),
        repaired=int(mark == ItemMark.REPAIRED),
    )


def carried_in(sheet: Worksheet) -> int:
    """Values that came from an earlier sheet and that nobody has reviewed. At most one query."""
    if sheet.copied_from_id is None or sheet.state != WorksheetState.DRAFT:
        return 0
    questions = sheet.instrument.instrument.questions
    rows = Answer.objects.filter(
        item__worksheet=sheet, item__mark=ItemMark.CARRIED, assessor=Assessor.UNIT
    )
    return sum(is_answered(questions[row.item.code], row) for row in rows.select_related("item"))
