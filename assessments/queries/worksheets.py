"""Reads of work-sheets: the sheet, its answers, its scores, the list with what is done."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from assessments import scoring
from assessments.enums import Assessor, ItemMark, WorksheetState
from assessments.instrument import Instrument, QuestionText
from assessments.models import (
    Answer,
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
    counts = {key: Decimal(value) for key, value in answer.counts.items()}
    return Given(answer.option, counts, answer.index, answer.zero_as)


def is_answered(question: QuestionText, answer: Answer | None) -> bool:
    """Whether it counts as answered: its value is there. Words alone are no answer, and neither
    are some of the counts of a ratio."""
    return answer is not None and has_value(question, given(answer))


def has_value(question: QuestionText, said: Given) -> bool:
    return scoring.value_of(question.asked, said).share is not None


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
    found = {
        code: Given(option, {key: Decimal(value) for key, value in counts.items()}, index, zero_as)
        for code, option, counts, index, zero_as in values
    }
    return scoring.score(instrument.tree, found)


def scores_of(sheet: Worksheet) -> dict[str, WorksheetScore]:
    return {row.assessor: row for row in sheet.scores.all()}


# --- how far a sheet is ---


@dataclass(frozen=True)
class Done:
    """Of one part of the sheet: how many questions there are, answered, proven, reviewed."""

    required: int = 0
    answered: int = 0
    proven: int = 0
    reviewed: int = 0
    marked: int = 0

    def __add__(self, other: "Done") -> "Done":
        return Done(
            self.required + other.required,
            self.answered + other.answered,
            self.proven + other.proven,
            self.reviewed + other.reviewed,
            self.marked + other.marked,
        )


def done_by_part(sheet: Worksheet) -> dict[str, Done]:
    """By sub-aspect, in one query."""
    by_unit = Q(answers__assessor=Assessor.UNIT)
    by_tpi = Q(answers__assessor=Assessor.TPI)
    rows = (
        WorksheetItem.objects.filter(worksheet=sheet)
        .values("sub_aspect")
        .annotate(
            required=Count("pk", distinct=True),
            answered=Count("pk", filter=by_unit, distinct=True),
            reviewed=Count("pk", filter=by_tpi, distinct=True),
            proven=Count("pk", filter=Q(uses__isnull=False), distinct=True),
            marked=Count("pk", filter=~Q(mark=ItemMark.NONE), distinct=True),
        )
    )
    return {row.pop("sub_aspect"): Done(**row) for row in rows}
