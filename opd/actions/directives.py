"""Directives: given, acknowledged, reported, finished or returned, withdrawn."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from opd.actions.inbox import notify, settle_items
from opd.enums import DirectiveState, Role
from opd.models import Directive, DirectiveReport, Escalation, InboxItem, Membership, Unit
from opd.permissions import can_give_directives, may_carry_out, may_settle
from opd.queries.directives import is_manned, nearest_head_above
from opd.reminders import Owner
from opd.transitions import Missing, StepRefused, perform
from opd.workflow import DIRECTIVE

KIND = "directive"
NEWS_TO_UNIT = ("directive.given", "directive.returned")
FARTHEST = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Instruction:
    """What a giver writes. `subject` is (kind, id) of what it is about, or empty."""

    unit: Unit
    text: str
    due_on: date
    office_title: str = ""
    subject: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Progress:
    text: str
    percent: Decimal | None = None
    is_done: bool = False
    proof: StoredFile | None = None


@transaction.atomic
def give_directive(
    *, what: Instruction, form_key: UUID, by: Membership, now: datetime, today: date
) -> Directive:
    """Instruct a unit; its head and operators find it in their inbox. Twice is once."""
    if not can_give_directives(by):
        raise PermissionDenied(_("Only the regional head and the Sekda give directives."))
    known = Directive.objects.filter(form_key=form_key, government_id=by.government_id).first()
    if known:
        return known
    unit = Unit.objects.select_for_update(of=("self",), no_key=True).get(
        pk=what.unit.pk, government_id=by.government_id
    )
    _refuse_instruction(what, unit, today)
    row = Directive.objects.create(
        government_id=by.government_id,
        unit=unit,
        office_title=what.office_title,
        text=what.text,
        due_on=what.due_on,
        subject_kind=what.subject[0],
        subject_id=what.subject[1],
        given_by=by,
        given_at=now,
        form_key=form_key,
        is_sample=by.government.is_sample,
    )
    ledger.record(
        "directive.given",
        row,
        by=by,
        codes={
            "unit": unit.pk,
            "due_on": what.due_on.isoformat(),
            "subject": f"{what.subject[0]}:{what.subject[1]}",
        },
    )
    _tell_unit(row, "directive.given", now)
    return row


def _refuse_instruction(what: Instruction, unit: Unit, today: date) -> None:
    if unit.is_closed(today):
        raise StepRefused(_("This unit is closed. Choose the unit that goes on with its work."))
    if not what.text.strip():
        raise StepRefused(_("Write what is to be done."))
    if what.due_on < today:
        raise StepRefused(_("The due date is already over. Choose today or a later day."))
    if what.due_on > today + FARTHEST:
        raise StepRefused(_("The due date lies more than five years ahead."))


@transaction.atomic
def acknowledge_directive(*, directive: Directive, by: Membership, now: datetime) -> Directive:
    """The unit has read it and takes it on."""
    row = _locked(directive)
    if row.state == DirectiveState.ACKNOWLEDGED:
        return row
    row = perform(DIRECTIVE, "acknowledge", row, by=by, now=now, may=may_carry_out)
    _read_by_unit(row, now)
    return row


@transaction.atomic
def report_directive(
    *, directive: Directive, progress: Progress, form_key: UUID, by: Membership, now: datetime
) -> Directive:
    """Progress, or that it is done; then it is the giver's move. Twice is once."""
    row = _locked(directive)
    known = DirectiveReport.objects.filter(form_key=form_key).first()
    if known:
        if known.directive_id != row.pk:
            raise StepRefused(_("This form belongs to another directive. Open it again."))
        return row
    percent = Decimal(100) if progress.is_done else progress.percent
    row = perform(
        DIRECTIVE,
        "report" if progress.is_done else "progress",
        row,
        by=by,
        now=now,
        may=may_carry_out,
        checks={"text": lambda _row: _missing(progress.text, _("Write what was done."))},
        values={} if percent is None else {"percent": percent},
    )
    if progress.proof is not None:
        files.keep(progress.proof)
    DirectiveReport.objects.create(
        government_id=row.government_id,
        directive=row,
        text=progress.text,
        percent=percent,
        is_done=progress.is_done,
        proof=progress.proof,
        form_key=form_key,
        reported_by=by,
        reported_at=now,
    )
    if progress.is_done:
        _pass_to_giver(row, now)
    else:
        _read_by_unit(row, now)
    return row


def _pass_to_giver(row: Directive, now: datetime) -> None:
    """Now it is the giver's move: what waited for the unit, and above it, has gone to him."""
    settle_items(government=row.government, link=(KIND, str(row.pk)), now=now)
    _tell_giver(row, "directive.reported", now)


@transaction.atomic
def finish_directive(
    *, directive: Directive, by: Membership, now: datetime, note: str = ""
) -> Directive:
    """The giver accepts what the unit reported; reminders and escalation stop."""
    row = _locked(directive)
    if row.state == DirectiveState.FINISHED:
        return row
    row = perform(DIRECTIVE, "finish", row, by=by, now=now, note=note, may=may_settle)
    _end(row, "directive.finished", now)
    return row


@transaction.atomic
def return_directive(
    *, directive: Directive, reason: str, by: Membership, now: datetime
) -> Directive:
    """Not enough: the unit goes on, with the reason."""
    row = _locked(directive)
    row = perform(
        DIRECTIVE,
        "return",
        row,
        by=by,
        now=now,
        note=reason,
        may=may_settle,
        checks={"reason": lambda _row: _missing(reason, _("Write what is still missing."))},
        # "Done" did not hold; how far it is, the unit says next time.
        values={"percent": None},
    )
    settle_items(government=row.government, link=(KIND, str(row.pk)), now=now)
    _wait_again(row)
    _tell_unit(row, "directive.returned", now)
    return row


@transaction.atomic
def withdraw_directive(
    *, directive: Directive, reason: str, by: Membership, now: datetime
) -> Directive:
    """The giver takes it back, with a reason that the unit reads."""
    row = _locked(directive)
    if row.state == DirectiveState.WITHDRAWN:
        return row
    row = perform(
        DIRECTIVE,
        "withdraw",
        row,
        by=by,
        now=now,
        note=reason,
        may=may_settle,
        checks={"reason": lambda _row: _missing(reason, _("Write why it is withdrawn."))},
    )
    _end(row, "directive.withdrawn", now)
    return row


def _locked(directive: Directive) -> Directive:
    return (
        Directive.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit", "given_by", "government")
        .get(pk=directive.pk)
    )


def _missing(text: str, sentence: str) -> list[Missing]:
    return [] if text.strip() else [Missing(sentence, "id_text")]


def _end(row: Directive, sentence: str, now: datetime) -> None:
    settle_items(government=row.government, link=(KIND, str(row.pk)), now=now)
    InboxItem.objects.filter(
        government=row.government, key__startswith=f"{KIND}:{row.pk}:", kind="unit", settled_at=None
    ).update(settled_at=now)
    Escalation.objects.filter(
        government=row.government, kind=KIND, link_id=str(row.pk), settled_at=None
    ).update(settled_at=now)
    _tell_unit(row, sentence, now)


def _read_by_unit(row: Directive, now: datetime) -> None:
    """The news is read. What is overdue stays so, for the unit and for who waits above it."""
    InboxItem.objects.filter(
        government=row.government,
        kind=KIND,
        link_id=str(row.pk),
        sentence__in=NEWS_TO_UNIT,
        settled_at=None,
    ).update(settled_at=now)


def _wait_again(row: Directive) -> None:
    """Returned: what had gone up to the Sekda waits there again, nobody is told a second time."""
    if Escalation.objects.filter(
        government=row.government, kind=KIND, link_id=str(row.pk), settled_at=None
    ).exists():
        InboxItem.objects.filter(
            government=row.government, kind=KIND, link_id=str(row.pk), sentence="escalated"
        ).update(settled_at=None)


def _tell_unit(row: Directive, sentence: str, now: datetime) -> None:
    """Head and operators; where nobody holds these offices also who stands above."""
    today = timezone.localdate(now, ZoneInfo(row.government.time_zone))
    if sentence == "directive.given" and not is_manned(row.unit, today):
        above = nearest_head_above(row.unit, today)
        if above is not None:
            _tell(row, Owner(role=Role.OPD_HEAD, unit_id=above), sentence, now)
        else:
            # The secretariat does not read directives: it is led to the unit.
            link = ("unit", str(row.unit_id))
            _tell(row, Owner(role=Role.ZI_SECRETARIAT), "directive.unmanned", now, link)
    for role in (Role.OPD_HEAD, Role.OPD_OPERATOR):
        _tell(row, Owner(role=role, unit_id=row.unit_id), sentence, now)


def _tell_giver(row: Directive, sentence: str, now: datetime) -> None:
    _tell(row, Owner(role=row.given_by.role), sentence, now)


def _tell(
    row: Directive,
    owner: Owner,
    sentence: str,
    now: datetime,
    link: tuple[str, str] | None = None,
) -> None:
    # A directive may be returned and reported several times: each time is news.
    key = f"{KIND}:{row.pk}:{sentence}:{row.steps.count()}"
    notify(
        government=row.government,
        owner=owner,
        key=key,
        link=link or (KIND, str(row.pk)),
        sentence=sentence,
        now=now,
        is_sample=row.is_sample,
    )
