"""Filing: from a citizen's draft, or typed by staff for somebody at the counter."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints import deadlines, sla
from complaints.codes import code_hash, new_code
from complaints.enums import Channel, ComplaintState, Disclosure
from complaints.models import (
    Complaint,
    ComplaintCounter,
    ComplaintFile,
    ComplaintStep,
    Reporter,
)
from complaints.permissions import can_file_for_citizen, may_file_about
from complaints.queries.clock import days_off_from, local_day
from integrity_portal.core import files, ledger, sounds
from integrity_portal.core.models import StoredFile
from opd.models import Government, Membership, Place, PublicMeeting, Unit
from opd.transitions import StepRefused


@dataclass(frozen=True)
class Filing:
    """What the citizen told us. `draft_key` makes sending it twice harmless."""

    draft_key: str
    code: str
    kind: str
    story: str
    when_text: str = ""
    where_text: str = ""
    unit: Unit | None = None
    disclosure: str = Disclosure.ANONYMOUS
    name: str = ""
    contact: str = ""
    # Anonymous, but told without any content that there is an answer.
    is_contact_for_notice: bool = False
    channel: str = Channel.WEB
    region: Unit | None = None
    # (latitude, longitude) in degrees of WGS 84.
    position: tuple[Decimal, Decimal] | None = None
    place: Place | None = None
    meeting: PublicMeeting | None = None
    accuses_officer: bool = False
    is_quarantined: bool = False
    files: tuple[StoredFile, ...] = ()


@dataclass(frozen=True)
class Filed:
    """`code` opens the tracking page; only the citizen keeps it."""

    complaint: Complaint
    code: str


class SentDifferently(StepRefused):
    """The draft was saved before with other words; `complaint` is what was saved."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(
            _(
                "The first version was already saved as complaint %(number)s; what you changed is "
                "not in it. Add the rest there as an internal note, or let the citizen send it as "
                "a message with the code."
            )
            % {"number": complaint.number}
        )
        self.complaint = complaint


def file_complaint(
    *,
    government: Government,
    filing: Filing,
    now: datetime,
    by: Membership | None = None,
    is_sample: bool = False,
) -> Filed:
    """Write the complaint once, whatever the number of sends.

    Raises StepRefused when `by` may not file for citizens, the unit is another government's, or
    the draft was sent before with another code than this one; SentDifferently when it was sent
    before with other words.
    """
    if by and not (can_file_for_citizen(by) and by.government_id == government.pk):
        raise StepRefused(_("Your role does not include filing for citizens."))
    if by and not may_file_about(by, filing.unit):
        raise StepRefused(_("Choose your own unit, or let the coordinator file it."))
    _refuse_strangers(government, filing)
    code = filing.code
    while True:
        known = Complaint.objects.filter(draft_key=filing.draft_key).first()
        if known is not None:
            return _sent_before(known, filing)
        try:
            with transaction.atomic():
                return Filed(_write(government, filing, code, now, by, is_sample), code)
        except IntegrityError as error:
            if "draft_key" not in str(error) and "code_hash" not in str(error):
                raise
            # The same draft was sent at the same time, or the code is taken: look again.
            code = new_code() if "code_hash" in str(error) else code


def _refuse_strangers(government: Government, filing: Filing) -> None:
    chosen = (filing.unit, filing.region, filing.place, filing.meeting)
    if any(row is not None and row.government_id != government.pk for row in chosen):
        raise StepRefused(_("Choose a unit of this government."))


def _sent_before(known: Complaint, filing: Filing) -> Filed:
    if not _says_the_same(known, filing):
        raise SentDifferently(known)
    if known.code_hash != code_hash(filing.code):
        raise StepRefused(_("This report was already sent."))
    return Filed(known, filing.code)


def _says_the_same(known: Complaint, filing: Filing) -> bool:
    saved = (known.kind, known.story, known.when_text, known.where_text, known.named_unit_id)
    unit = filing.unit.pk if filing.unit else None
    sent = (filing.kind, filing.story, filing.when_text, filing.where_text, unit)
    how = (known.disclosure, known.channel) == (filing.disclosure, filing.channel)
    return saved == sent and how and _same_reporter(known, filing)


def _same_reporter(known: Complaint, filing: Filing) -> bool:
    if filing.disclosure != Disclosure.KNOWN:
        return True
    saved = Reporter.objects.filter(complaint=known).first()
    told = (saved.name_with_pii(), saved.contact_with_pii()) if saved else ("", "")
    return told == (filing.name, filing.contact)


def _write(
    government: Government,
    filing: Filing,
    code: str,
    now: datetime,
    by: Membership | None,
    is_sample: bool,
) -> Complaint:
    complaint = _in_words(government, filing, code, now)
    complaint.filed_by = by
    complaint.is_sample = is_sample
    ComplaintStep.objects.create(
        subject=complaint,
        name="file",
        from_state="",
        to_state=ComplaintState.RECEIVED,
        membership=by,
        happened_at=now,
    )
    _keep_reporter(complaint, filing)
    _keep_files(complaint, filing, now)
    codes: dict[str, Any] = {"kind": filing.kind, "channel": filing.channel}
    ledger.record("complaint.filed", complaint, by=by, government_id=government.pk, codes=codes)
    # Last of all, because the number makes others of this government wait: what points to the
    # complaint is there already, its foreign keys are looked at when the transaction ends.
    complaint.number = ComplaintCounter.take(government.pk)
    complaint.save(force_insert=True)
    return complaint


def _in_words(government: Government, filing: Filing, code: str, now: datetime) -> Complaint:
    """What was told and by when it is answered; not saved, without a number."""
    today = local_day(government, now)
    terms = sla.current()
    dates = deadlines.at_filing(terms, filing.kind, today, days_off_from(government, today))
    return Complaint(
        pk=Complaint.objects.next_id(),
        government=government,
        named_unit=filing.unit,
        kind=filing.kind,
        sla_class=terms.first_class(filing.kind).code,
        sla_version=terms.version,
        story=filing.story,
        when_text=filing.when_text,
        where_text=filing.where_text,
        disclosure=filing.disclosure,
        channel=filing.channel,
        region=filing.region,
        latitude=filing.position[0] if filing.position else None,
        longitude=filing.position[1] if filing.position else None,
        place=filing.place,
        meeting=filing.meeting,
        accuses_officer=filing.accuses_officer,
        is_quarantined=filing.is_quarantined,
        code_hash=code_hash(code),
        draft_key=filing.draft_key,
        filed_at=now,
        filed_on=today,
        verify_by=dates.verify_by,
        answer_by=dates.answer_by,
        far_late_after=dates.far_late_after,
    )


def _keep_reporter(complaint: Complaint, filing: Filing) -> None:
    """Of somebody anonymous nothing, or a contact for notices that no screen shows."""
    known = filing.disclosure == Disclosure.KNOWN
    name = filing.name if known else ""
    contact = filing.contact if known or filing.is_contact_for_notice else ""
    if not (name or contact):
        return
    reporter = Reporter(
        complaint=complaint, government_id=complaint.government_id, for_notice_only=not known
    )
    reporter.seal(name=name, contact=contact)
    reporter.save(force_insert=True)


def _keep_files(complaint: Complaint, filing: Filing, now: datetime) -> None:
    for row in filing.files:
        files.keep(row)
    ComplaintFile.objects.bulk_create(
        ComplaintFile(
            complaint=complaint,
            government_id=complaint.government_id,
            file=row,
            # A voice tells who speaks.
            is_hidden=filing.disclosure != Disclosure.KNOWN and row.content_type in sounds.TYPES,
            added_at=now,
        )
        for row in filing.files
    )
