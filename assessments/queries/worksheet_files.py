"""Work-sheets as files: what an export holds, what an import would change."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import OuterRef

from assessments.answering import Said
from assessments.enums import Assessor, SheetImportState
from assessments.excel import keeping
from assessments.excel.layout import Filled
from assessments.excel.plan import Plan, Standing, make_plan, scored
from assessments.excel.writing import Head, Part, workbook
from assessments.models import (
    Answer,
    EvidenceRevision,
    EvidenceUse,
    Worksheet,
    WorksheetImport,
    WorksheetItem,
)
from assessments.queries.reviewers import unit_may_write
from assessments.queries.worksheet_pages import side_that_writes
from assessments.queries.worksheets import given
from opd.enums import IdentifierKind
from opd.models import Membership

SHOWN_WAITING = 5


def import_of(membership: Membership, pk: int, import_pk: int) -> WorksheetImport | None:
    """An import that this person has sent himself, into a sheet that he still reads."""
    sheets = Worksheet.objects.visible_to(membership).filter(pk=pk)
    rows = WorksheetImport.objects.filter(worksheet__in=sheets, made_by__user=membership.user_id)
    rows = rows.select_related("letter")
    return rows.filter(pk=import_pk, government=membership.government_id).first()


def waiting_imports(
    membership: Membership, sheet: Worksheet, now: datetime
) -> list[WorksheetImport]:
    """Previews of this person that nobody has confirmed yet, newest first."""
    rows = WorksheetImport.objects.filter(
        worksheet=sheet,
        made_by__user=membership.user_id,
        state=SheetImportState.PENDING,
        expires_at__gte=now,
    )
    return list(rows.defer("content").order_by("-made_at", "-pk")[:SHOWN_WAITING])


def filled_of(answer: Answer, links: tuple[str, ...] = ()) -> Filled:
    """An answer as a row of a sheet: an assessor's reason stands in the column Catatan."""
    return Filled(
        option=answer.option,
        counts=tuple(sorted(answer.counts.items())),
        index=answer.index,
        zero_as=answer.zero_as,
        text=answer.reason or answer.note,
        links=links,
    )


def said_of(filled: Filled, standing: Answer | None, assessor: Assessor) -> Said:
    """A row of a sheet as an answer; what the sheet has no column for stays as it stands."""
    note, reason = (standing.note, standing.reason) if standing else ("", "")
    if assessor == Assessor.UNIT:
        note = filled.text
    elif filled.text != (reason or note):
        reason = filled.text
    return Said(
        option=filled.option,
        counts=dict(filled.counts),
        index=filled.index,
        zero_as=filled.zero_as,
        note=note,
        reason=reason,
    )


# --- export ---


def workbook_of(
    sheet: Worksheet, assessors: Collection[str], *, now: datetime, side: str = Assessor.UNIT
) -> bytes:
    """The unit's answers, and those of the TPI and TPN once they have scored; an empty sheet for
    the side that is to fill it. Two queries."""
    instrument = sheet.instrument.instrument
    found: dict[str, dict[str, Filled]] = {Assessor.UNIT: {}, side or Assessor.UNIT: {}}
    proofs = _proofs(sheet)
    rows = Answer.objects.filter(item__worksheet=sheet, assessor__in=assessors)
    for answer in rows.select_related("item").order_by("item__position"):
        filled = filled_of(answer, proofs.get(answer.item.code, ()))
        found.setdefault(answer.assessor, {})[answer.item.code] = filled
    parts = []
    for assessor in Assessor:
        if assessor in found:
            answers = {
                **{code: Filled(links=links) for code, links in proofs.items()},
                **found[assessor],
            }
            parts.append(Part(str(TITLES[assessor]), answers, scored(instrument, answers)))
    unit = sheet.zone.unit
    head = Head(unit.name, sheet.government.official_name, sheet.year)
    return workbook(instrument, head, parts, now=now)


# Names of the sheets: official and the same in every language.
TITLES = {Assessor.UNIT: "Unit", Assessor.TPI: "TPI", Assessor.TPN: "TPN"}


def _proofs(sheet: Worksheet) -> dict[str, tuple[str, ...]]:
    """By question: the address of a link, the title and number of a document."""
    newest = EvidenceRevision.objects.filter(evidence=OuterRef("evidence")).order_by("-number")
    uses = EvidenceUse.objects.filter(item__worksheet=sheet).annotate(url=newest.values("url")[:1])
    found: dict[str, list[str]] = defaultdict(list)
    for use in uses.select_related("item", "evidence").order_by("item__position", "pk"):
        title = use.evidence.title
        if use.evidence.number:
            title = f"{title} ({use.evidence.number})"
        found[use.item.code].append(use.url or title)
    return {code: tuple(lines) for code, lines in found.items()}


# --- import ---


def standing_of(sheet: Worksheet, assessor: Assessor) -> dict[str, Standing]:
    """What stands at every question for this side; three queries."""
    proofs = _proofs(sheet)
    rows = Answer.objects.filter(item__worksheet=sheet, assessor__in={assessor, Assessor.UNIT})
    by_item: dict[int, dict[str, Answer]] = defaultdict(dict)
    for answer in rows:
        by_item[answer.item_id][answer.assessor] = answer
    return {
        item.code: _standing(sheet, item, by_item[item.pk], assessor, proofs.get(item.code, ()))
        for item in WorksheetItem.objects.filter(worksheet=sheet)
    }


def _standing(
    sheet: Worksheet,
    item: WorksheetItem,
    answers: dict[str, Answer],
    assessor: Assessor,
    links: tuple[str, ...],
) -> Standing:
    is_open = assessor != Assessor.UNIT or unit_may_write(sheet, item)
    own = answers.get(Assessor.UNIT) if assessor != Assessor.UNIT else None
    answer = answers.get(assessor)
    if answer is None:
        return Standing(Filled(links=links), is_open=is_open, own=given(own) if own else None)
    return Standing(
        filled_of(answer, links),
        answer.version,
        answer.changed_at,
        is_open,
        given(own) if own else None,
    )


def plan_of(upload: WorksheetImport, sheet: Worksheet) -> Plan:
    """Against the answers as they are now."""
    assessor = Assessor(upload.assessor)
    return make_plan(
        sheet.instrument.instrument,
        keeping.from_json(upload.content).entries,
        standing_of(sheet, assessor),
        exported_at=upload.exported_at,
        is_assessor=assessor != Assessor.UNIT,
    )


# --- for commands ---


def sheets_named(unit: str, year: int) -> list[Worksheet]:
    """By the unit's code or short name, in every government."""
    rows = Worksheet.objects.current().with_names().filter(year=year)
    found = rows.filter(zone__unit__code=unit) if unit else rows.none()
    return list(found or rows.filter(zone__unit__short_name=unit))


def sheet_by_id(pk: int) -> Worksheet | None:
    return Worksheet.objects.with_names().filter(pk=pk).first()


def offices_of(
    kind: IdentifierKind, login: str, sheet: Worksheet, *, today: date
) -> list[Membership]:
    """Offices of the person who signs in with this, in which he answers this sheet now."""
    rows = Membership.objects.valid_on(today).filter(
        user__identifiers__kind=kind,
        user__identifiers__value=login,
        government=sheet.government_id,
    )
    found = rows.select_related("government", "unit", "user").order_by("pk")
    return [office for office in found if side_that_writes(office, sheet, today)]
