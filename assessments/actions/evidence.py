"""Evidence of a unit: documents, their revisions, and at which questions they stand."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.editing import write
from assessments.enums import UseVerdict, WorksheetState
from assessments.evidence_news import settle_returns
from assessments.models import (
    Evidence,
    EvidenceHealth,
    EvidenceRevision,
    EvidenceUse,
    SmallerCopy,
    Worksheet,
    WorksheetItem,
)
from assessments.permissions import can_write_plan
from assessments.queries.evidence import newest_revision, reusable, same_content
from assessments.queries.reviewers import unit_may_write, writes_for_unit
from assessments.sheet_keeping import locked_sheet
from integrity_portal.core import files, ledger
from integrity_portal.core.fetching import UnableToFetch, refuse_unsafe
from integrity_portal.core.models import StoredFile
from integrity_portal.core.wake import wake
from opd.models import Membership, Unit
from opd.transitions import StepRefused

LOOK = "assessments.look_at_evidence"
SHRINK = "assessments.make_smaller"
# From here on a PDF is offered in a smaller copy.
BIG_BYTES = 5 * 1024 * 1024
MOST_USES = 20


class EvidenceRefused(StepRefused):
    """The sentence belongs to this field of the form."""

    def __init__(self, field_name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field_name


class AlreadyThere(EvidenceRefused):
    """The very same content stands in the unit's register as `evidence`."""

    def __init__(self, evidence: Evidence, field_name: str) -> None:
        sentence = _("The same content is already in your register: “%(title)s”. Choose it there.")
        super().__init__(field_name, sentence % {"title": evidence.title})
        self.evidence = evidence


@dataclass(frozen=True)
class EvidenceTexts:
    """What the document says about itself."""

    title: str
    number: str = ""
    dated_on: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Source:
    """A file that has arrived, or an address."""

    stored: StoredFile | None = None
    url: str = ""

    @property
    def field(self) -> str:
        return "proof" if self.stored else "url"


@dataclass(frozen=True)
class Place:
    """A question at which a document stands, and the pages that matter there."""

    item: WorksheetItem
    pages: str = ""


@transaction.atomic
def add_evidence(
    *,
    unit: Unit,
    texts: EvidenceTexts,
    source: Source,
    form_key: UUID,
    by: Membership,
    now: datetime,
    place: Place | None = None,
    is_sample: bool = False,
) -> Evidence:
    """A document of the unit with its first revision; with `place` it stands there at once.

    A second sending of the same form adds nothing. Raises PermissionDenied, EvidenceRefused naming
    the field, AlreadyThere, StepRefused when the question is closed to the unit.
    """
    _refuse_writer(by, unit)
    sheet, item = _open_item(place.item, by) if place else (None, None)
    if sheet is not None and sheet.zone.unit_id != unit.pk:
        raise StepRefused(_("This document belongs to another unit."))
    standing = Evidence.objects.filter(form_key=form_key).first()
    if standing is not None:
        return _same_form(standing, unit)
    _refuse_texts(texts)
    _refuse_source(source)
    if known := same_content(unit, source.stored, source.url):
        raise AlreadyThere(known, source.field)
    evidence = Evidence.objects.create(
        government_id=unit.government_id,
        unit=unit,
        added_by=by,
        added_at=now,
        form_key=form_key,
        is_sample=is_sample,
        **asdict(texts),
    )
    _new_revision(evidence, source, 1, by, now)
    ledger.record(
        "evidence.added", evidence, by=by, codes={"unit": unit.pk, "link": not source.stored}
    )
    if item is not None and place is not None:
        _stand(item, evidence, place.pages, by, now)
    return evidence


@transaction.atomic
def edit_evidence(
    *, evidence: Evidence, texts: EvidenceTexts, version: int, by: Membership, now: datetime
) -> Evidence:
    """Over the version that the person saw. Raises Conflict, EvidenceRefused, PermissionDenied."""
    row = _locked(evidence)
    _refuse_writer(by, row.unit)
    _refuse_texts(texts)
    if changed := write(row, asdict(texts), version):
        codes: dict[str, ledger.Code] = dict.fromkeys(changed, True)
        ledger.record("evidence.edited", row, by=by, codes=codes)
    return row


@transaction.atomic
def revise_evidence(
    *, evidence: Evidence, source: Source, by: Membership, now: datetime
) -> EvidenceRevision:
    """A new state of the document; the older ones stay. Verdicts on sheets that are not settled
    wait again. The same content once more is no new revision.

    Raises StepRefused while only an assessor may open the question where it stands.
    """
    sheets = set(evidence.uses.values_list("item__worksheet", flat=True))
    for pk in sorted(sheets):
        locked_sheet(pk)
    row = _locked(evidence)
    _refuse_writer(by, row.unit)
    _refuse_source(source)
    last = newest_revision(row)
    if last and _is_same(last, source):
        return last
    _refuse_closed_uses(row)
    revision = _new_revision(row, source, last.number + 1 if last else 1, by, now)
    waiting = [
        use
        for use in row.uses.select_related("item__worksheet").exclude(verdict=UseVerdict.WAITING)
        if _is_open(use.item) or use.item.worksheet.state != WorksheetState.APPROVED
    ]
    for use in waiting:
        _wait_again(use)
    for held in {use.item.worksheet for use in waiting}:
        settle_returns(sheet=held, now=now)
    codes: dict[str, ledger.Code] = {"number": revision.number, "waiting": len(waiting)}
    ledger.record("evidence.revised", row, by=by, codes=codes)
    return revision


@transaction.atomic
def attach_evidence(
    *, item: WorksheetItem, evidence: Evidence, pages: str, by: Membership, now: datetime
) -> EvidenceUse:
    """A document that the unit already has proves this question as well, or on other pages."""
    sheet, row = _open_item(item, by)
    proof = reusable(sheet).filter(pk=evidence.pk).select_for_update(of=("self",), no_key=True)
    found = proof.first()
    if found is None:
        raise StepRefused(_("This document belongs to another unit."))
    return _stand(row, found, pages, by, now)


@transaction.atomic
def detach_evidence(*, use: EvidenceUse, by: Membership, now: datetime) -> None:
    """The document no longer stands at the question; it stays in the unit's register."""
    sheet, item = _open_item(use.item, by)
    row = EvidenceUse.objects.select_for_update(of=("self",)).get(pk=use.pk, item=item)
    if row.examples.exists():
        raise StepRefused(
            _("This document was released as an example from here, so it stays at the question.")
        )
    codes: dict[str, ledger.Code] = {"evidence": row.evidence_id, "code": item.code}
    ledger.record("evidence.detached", row, by=by, codes=codes)
    row.delete()
    settle_returns(sheet=sheet, now=now)


# --- who may, and when ---


def _refuse_writer(by: Membership, unit: Unit) -> None:
    if not can_write_plan(by, unit):
        raise PermissionDenied(_("Only the operator and the head of the unit keep its evidence."))


def _open_item(item: WorksheetItem, by: Membership) -> tuple[Worksheet, WorksheetItem]:
    """The question under the lock of its sheet, when the unit may write there."""
    sheet = locked_sheet(item.worksheet_id)
    row = WorksheetItem.objects.get(pk=item.pk, worksheet=sheet)
    if not writes_for_unit(by, sheet):
        raise PermissionDenied(_("Only the operator and the head of the unit answer here."))
    if not unit_may_write(sheet, row):
        raise StepRefused(_("The TPI has this question. Ask there to open it."))
    return sheet, row


def _is_open(item: WorksheetItem) -> bool:
    return unit_may_write(item.worksheet, item)


def _refuse_closed_uses(evidence: Evidence) -> None:
    """A document that the TPI is looking at is not exchanged behind its back."""
    by_sheet: dict[int, list[WorksheetItem]] = {}
    for use in evidence.uses.select_related("item__worksheet"):
        by_sheet.setdefault(use.item.worksheet_id, []).append(use.item)
    for items in by_sheet.values():
        settled = items[0].worksheet.state == WorksheetState.APPROVED
        if not settled and not any(_is_open(item) for item in items):
            raise StepRefused(
                _(
                    "The TPI is looking at this document (question %(code)s). Ask there to open "
                    "the question, or add the new state as a document of its own."
                )
                % {"code": items[0].code}
            )


def _same_form(standing: Evidence, unit: Unit) -> Evidence:
    if standing.unit_id != unit.pk:
        raise StepRefused(_("This form belongs to another page. Open it again."))
    return standing


# --- what may stand there ---


def _refuse_texts(texts: EvidenceTexts) -> None:
    if not texts.title.strip():
        raise EvidenceRefused("title", _("Write what the document is called."))
    if texts.valid_from and texts.valid_until and texts.valid_from > texts.valid_until:
        sentence = _("The end of validity lies before its beginning.")
        raise EvidenceRefused("valid_until", sentence)


def _refuse_source(source: Source) -> None:
    if (source.stored is None) == (not source.url):
        raise EvidenceRefused(source.field, _("Choose a file or enter a link, not both."))
    if source.url:
        try:
            refuse_unsafe(source.url)
        except UnableToFetch:
            sentence = _("Enter a web address that begins with https:// or http://.")
            raise EvidenceRefused("url", sentence) from None


def _is_same(revision: EvidenceRevision, source: Source) -> bool:
    if source.stored is None or revision.stored is None:
        # A link whose content changed is confirmed by a revision of its own.
        changed = EvidenceHealth.objects.filter(revision=revision, result="changed").exists()
        return revision.url == source.url and source.stored is None and not changed
    return revision.stored.sha256 == source.stored.sha256


# --- writing ---


def _locked(evidence: Evidence) -> Evidence:
    rows = Evidence.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("unit").get(pk=evidence.pk)


def _new_revision(
    evidence: Evidence, source: Source, number: int, by: Membership, now: datetime
) -> EvidenceRevision:
    if source.stored is not None:
        files.keep(source.stored)
    revision = EvidenceRevision.objects.create(
        government_id=evidence.government_id,
        evidence=evidence,
        number=number,
        stored=source.stored,
        url=source.url,
        by=by,
        at=now,
    )
    health = EvidenceHealth.objects.create(
        government_id=evidence.government_id, revision=revision, next_try_at=now
    )
    wake(LOOK, health.pk)
    _offer_smaller(revision, by, now)
    return revision


def _offer_smaller(revision: EvidenceRevision, by: Membership, now: datetime) -> None:
    """A worker makes a smaller copy of a big PDF; nothing changes until a person chooses it."""
    stored = revision.stored
    if stored is None or stored.content_type != "application/pdf" or stored.size <= BIG_BYTES:
        return
    if SmallerCopy.objects.filter(stored=stored).exists():
        return
    copy = SmallerCopy.objects.create(
        government_id=revision.government_id,
        revision=revision,
        asked_by=by,
        asked_at=now,
        next_try_at=now,
    )
    wake(SHRINK, copy.pk)


def _stand(
    item: WorksheetItem, evidence: Evidence, pages: str, by: Membership, now: datetime
) -> EvidenceUse:
    codes: dict[str, ledger.Code] = {"evidence": evidence.pk, "code": item.code}
    standing = EvidenceUse.objects.filter(item=item, evidence=evidence).first()
    if standing is None:
        if item.uses.count() >= MOST_USES:
            sentence = _("At most %(limit)d documents can stand at one question.")
            raise StepRefused(sentence % {"limit": MOST_USES})
        use = EvidenceUse.objects.create(
            government_id=item.government_id,
            item=item,
            evidence=evidence,
            pages=pages.strip(),
            added_by=by,
            added_at=now,
        )
        ledger.record("evidence.attached", use, by=by, codes=codes)
        return use
    if standing.pages != pages.strip():
        standing.pages = pages.strip()
        standing.save(update_fields=["pages"])
        _wait_again(standing)
        ledger.record("evidence.pages_changed", standing, by=by, codes=codes)
    return standing


def _wait_again(use: EvidenceUse) -> None:
    """What the TPI said stays in the history; the new state has not been looked at."""
    use.verdict = UseVerdict.WAITING
    use.verdict_by, use.verdict_revision, use.verdict_at = None, None, None
    use.save(update_fields=["verdict", "verdict_by", "verdict_revision", "verdict_at"])
