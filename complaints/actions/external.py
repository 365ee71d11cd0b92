"""A complaint's numbers in other systems: link, correct, unlink, and bring both together."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from complaints import categories, deadlines, sla
from complaints.enums import Channel, MessageKind
from complaints.external_enums import CaseOrigin, ExternalSystem
from complaints.lapor import terms
from complaints.lapor.words import plain, tracking_id
from complaints.models import Complaint, ExternalCase, Message
from complaints.permissions import keeps_other_systems, may_link_cases
from complaints.queries.clock import days_off_from, local_day
from complaints.stepping import need
from complaints.workflow import COMPLAINT
from integrity_portal.core import ledger
from opd.models import Membership, Unit
from opd.transitions import StepRefused, perform
from opd.working_days import add_working_days

# After these the date of verification, or of the answer, no longer runs from the day of filing.
MOVED_VERIFICATION = frozenset({"give_back", "recall"})
MOVED_ANSWER = frozenset({"reopen", "pause", "resume"})


@dataclass(frozen=True)
class CaseFacts:
    """What stands in the other system; `filed_on` where the citizen filed it there first."""

    tracking_id: str
    origin: str
    seen_on: date
    system: str = ExternalSystem.LAPOR
    status: str = ""
    filed_on: date | None = None
    link: str = ""


@transaction.atomic
def link_case(
    *,
    complaint: Complaint,
    facts: CaseFacts,
    by: Membership,
    now: datetime,
    is_sample: bool = False,
) -> ExternalCase:
    """The same case again is the same row. Raises PermissionDenied and StepRefused."""
    row = _held(complaint, by)
    case = ExternalCase(
        government_id=row.government_id,
        complaint=row,
        added_by=by,
        added_at=now,
        is_sample=is_sample or row.is_sample,
    )
    known = row.external_cases.filter(
        system=facts.system, tracking_id=tracking_id(facts.tracking_id)
    ).first()
    if known is not None:
        return known
    _write_case(case, row, facts, now)
    ledger.record("external_case.linked", case, by=by, codes=_codes(case))
    return case


@transaction.atomic
def correct_case(
    *, case: ExternalCase, facts: CaseFacts, by: Membership, now: datetime
) -> ExternalCase:
    """Raises PermissionDenied and StepRefused."""
    row = _held(case.complaint, by)
    held = _locked(case)
    _write_case(held, row, facts, now)
    ledger.record("external_case.corrected", held, by=by, codes=_codes(held))
    return held


@transaction.atomic
def unlink_case(*, case: ExternalCase, by: Membership, now: datetime) -> None:
    """The link goes, the complaint stays; its clock runs from its own day again."""
    row = _held(case.complaint, by)
    held = _locked(case)
    if row.channel == Channel.LAPOR:
        raise StepRefused(_("This complaint came with this number. Correct it instead."))
    ledger.record("external_case.unlinked", held, by=by, codes=_codes(held))
    held.delete()
    _start_clock(row)


@transaction.atomic
def settle_difference(
    *, case: ExternalCase, note: str, by: Membership, now: datetime
) -> ExternalCase:
    """A person looked at it: both may stay as they are, until one of them changes."""
    _refuse_others(by)
    row = _held(case.complaint, by)
    held = _locked(case)
    need(note, _("Write why both may stay as they are."), "note")
    held.settled_state, held.settled_key = row.state, held.status_key
    held.settled_note, held.settled_by, held.settled_at = note, by, now
    held.save()
    codes: dict[str, ledger.Code] = {"complaint": row.pk, "state": row.state}
    ledger.record("external_case.settled", held, by=by, codes=codes)
    return held


@transaction.atomic
def finish_as_there(
    *,
    case: ExternalCase,
    unit: Unit | None,
    answered_on: date,
    text: str,
    by: Membership,
    now: datetime,
) -> Complaint:
    """Answered there: here too, on the day of the answer.

    Only for what was filed there: a citizen of ours holds a code and is answered here. Raises
    PermissionDenied and StepRefused.
    """
    _refuse_others(by)
    row = _held(case.complaint, by)
    if row.channel != Channel.LAPOR:
        raise StepRefused(
            _("This citizen filed here and follows it with a code: answer it here too.")
        )
    zone = ZoneInfo(row.government.time_zone)
    at = max(datetime.combine(answered_on, time(12), zone), row.filed_at)
    need(answered_on <= local_day(row.government, now), _("This day has not come yet."), "day")
    need(answered_on >= row.filed_on, _("That is before the day of filing."), "day")
    return settle_there(complaint=row, unit=unit, at=min(at, now), text=text, by=by)


def settle_there(
    *, complaint: Complaint, unit: Unit | None, at: datetime, text: str, by: Membership
) -> Complaint:
    """The step itself, inside the caller's transaction: closed on the day of the answer there."""
    _refuse_others(by)
    answers = complaint.unit or unit
    need(
        answers is not None and answers.government_id == complaint.government_id,
        _("Choose the unit that answered."),
        "unit",
    )
    day = local_day(complaint.government, at)
    moved = perform(
        COMPLAINT,
        "settle_there",
        complaint,
        by=None,
        now=at,
        values={
            "unit": answers,
            "answered_at": at,
            "answered_on": day,
            "close_on": deadlines.close_on(
                sla.current(), day, days_off_from(complaint.government, day)
            ),
            "closed_at": at,
            "paused_on": None,
            "resume_on": None,
            "pause_reason": "",
        },
    )
    if text:
        message = Message.objects.create(
            complaint=moved,
            government_id=moved.government_id,
            kind=MessageKind.ANSWER,
            membership=by,
            text=text,
            sent_at=at,
        )
        codes: dict[str, ledger.Code] = {"complaint": moved.pk, "kind": "answer"}
        ledger.record("message.copied", message, by=by, codes=codes)
    return moved


@transaction.atomic
def set_category(
    *, complaint: Complaint, category: str, by: Membership, now: datetime
) -> Complaint:
    """For figures alone; empty takes it away. Raises PermissionDenied and StepRefused."""
    _refuse_others(by)
    row = _held(complaint, by)
    offered = {each.code for each in categories.current().offered()} | {"", row.category}
    need(category in offered, _("Choose a category from the list."), "category")
    if row.category != category:
        codes: dict[str, ledger.Code] = {"before": row.category, "after": category}
        row.category = category
        row.save(update_fields=["category"])
        ledger.record("complaint.category_set", row, by=by, codes=codes)
    return row


# --- what they share ---


def _held(complaint: Complaint, by: Membership) -> Complaint:
    rows = Complaint.objects.select_related("government", "unit")
    row = rows.select_for_update(of=("self",), no_key=True).get(pk=complaint.pk)
    if not may_link_cases(by, row):
        raise PermissionDenied(_("Coordinator and handling unit keep numbers of other systems."))
    return row


def _locked(case: ExternalCase) -> ExternalCase:
    rows = ExternalCase.objects.select_related("government")
    found = rows.select_for_update(of=("self",), no_key=True).filter(pk=case.pk).first()
    if found is None:
        raise StepRefused(_("Somebody has already moved this on. Reload the page."))
    return found


def _refuse_others(by: Membership) -> None:
    if not keeps_other_systems(by):
        raise PermissionDenied(_("Only the complaint coordinator brings both systems together."))


def _write_case(case: ExternalCase, complaint: Complaint, facts: CaseFacts, now: datetime) -> None:
    today = local_day(complaint.government, now)
    number = tracking_id(facts.tracking_id)
    need(number and len(number) <= 40, _("Enter the number that the other system gave."), "number")
    days = [day for day in (facts.filed_on, facts.seen_on) if day is not None]
    need(all(day <= today for day in days), _("This day has not come yet."), "day")
    system = terms.current().system(facts.system, complaint.government.code)
    need(
        not facts.link or system.accepts(facts.link),
        _("Copy the address from %(system)s; it begins with https://.") % {"system": system.name},
        "link",
    )
    _refuse_taken(case, complaint, facts.system, number)
    case.system, case.tracking_id, case.origin = facts.system, number, facts.origin
    case.status, case.status_key = facts.status[:60], plain(facts.status[:60])
    case.filed_on = facts.filed_on if facts.origin == CaseOrigin.THERE else None
    case.seen_on, case.link = facts.seen_on, facts.link
    try:
        case.full_clean(exclude=["government", "complaint", "added_by", "settled_by"])
    except ValidationError as error:
        raise StepRefused(" ".join(error.messages)) from error
    case.save()
    _start_clock(complaint)


def _refuse_taken(case: ExternalCase, complaint: Complaint, system: str, number: str) -> None:
    rows = ExternalCase.objects.filter(
        government_id=complaint.government_id, system=system, tracking_id=number
    )
    other = rows.exclude(pk=case.pk).select_related("complaint").first()
    if other is not None:
        raise StepRefused(
            _("This number is linked to complaint %(number)s already.")
            % {"number": other.complaint.number}
        )


def _start_clock(complaint: Complaint) -> None:
    """One clock for both systems: it runs from the first day on which the citizen filed."""
    rows = complaint.external_cases.filter(origin=CaseOrigin.THERE)
    told = [day for day in rows.values_list("filed_on", flat=True) if day is not None]
    government = complaint.government
    day = min([local_day(government, complaint.filed_at), *told])
    if day == complaint.filed_on:
        return
    terms_of_time, off = sla.current(), days_off_from(government, day)
    taken = set(complaint.steps.values_list("name", flat=True))
    complaint.filed_on = day
    if not taken & MOVED_VERIFICATION:
        complaint.verify_by = add_working_days(day, terms_of_time.verify_days, off)
    if not taken & MOVED_ANSWER:
        complaint.answer_by = deadlines.answer_by(terms_of_time, complaint.sla_class, day, off)
    complaint.save(update_fields=["filed_on", "verify_by", "answer_by"])


def _codes(case: ExternalCase) -> dict[str, ledger.Code]:
    return {"complaint": case.complaint_id, "system": case.system, "origin": case.origin}
