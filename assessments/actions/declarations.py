"""Drafting a declaration and taking it through its states. Everything but steps: only in draft."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import charter
from assessments.actions.zones import declare_units, take_zones_back
from assessments.enums import AttendeeKind, DeclarationScope
from assessments.guards import locked, locked_draft, refuse_absent, refuse_others
from assessments.models import (
    Attendee,
    Declaration,
    DeclarationUnit,
    FormerText,
    Pledge,
    Signatory,
    SignatoryUnit,
)
from assessments.queries import declarations as queries
from assessments.workflow import DECLARATION
from integrity_portal.core import ledger
from integrity_portal.core.partial_dates import Precision
from opd.enums import OfficeStatus
from opd.models import Membership, Unit
from opd.transitions import StepRefused, perform


@dataclass(frozen=True)
class DeclarationFacts:
    title: str
    scope: str = DeclarationScope.JOINT
    phase_number: int | None = None
    phase_label: str = ""
    held_on: date | None = None
    held_on_precision: str = Precision.DAY
    place: str = ""
    purpose: str = ""
    basis: str = ""
    source: str = ""
    sign_by: date | None = None


@dataclass(frozen=True)
class SignatoryFacts:
    """`declared` are ids of DeclarationUnit rows; `membership` only for signing in the portal."""

    title: str
    name: str = ""
    office_status: str = OfficeStatus.DEFINITIF
    membership: Membership | None = None
    declared: Sequence[int] = ()


@transaction.atomic
def create_declaration(*, facts: DeclarationFacts, by: Membership) -> Declaration:
    """A new draft of the government of `by`."""
    refuse_others(by)
    row = Declaration.objects.create(
        government_id=by.government_id, is_sample=by.government.is_sample, **asdict(facts)
    )
    ledger.record("declaration.created", row, by=by, codes={"scope": facts.scope})
    return row


@transaction.atomic
def edit_declaration(*, declaration: Declaration, facts: DeclarationFacts, by: Membership) -> None:
    row = locked_draft(declaration.pk, by)
    for name, value in asdict(facts).items():
        setattr(row, name, value)
    row.save(update_fields=list(asdict(facts)))
    ledger.record("declaration.edited", row, by=by)


@transaction.atomic
def choose_units(*, declaration: Declaration, unit_ids: Sequence[int], by: Membership) -> None:
    """Make the list of declared units equal to `unit_ids`; who stays keeps his place.

    Whoever is added existed on the day of the declaration, as far as that is known.
    """
    row = locked_draft(declaration.pk, by)
    units = Unit.objects.in_bulk(unit_ids)
    if any(unit.government_id != row.government_id for unit in units.values()):
        raise StepRefused(_("One of the units belongs to another government."))
    standing = set(row.units.values_list("unit_id", flat=True))
    fresh = [units[pk] for pk in dict.fromkeys(unit_ids) if pk in units and pk not in standing]
    refuse_absent(fresh, row.held)
    gone = row.units.exclude(unit_id__in=units)
    SignatoryUnit.objects.filter(declared__in=gone).delete()
    gone.delete()
    last = row.units.aggregate(last=Max("position"))["last"] or 0
    DeclarationUnit.objects.bulk_create(
        DeclarationUnit(
            government_id=row.government_id,
            declaration=row,
            unit=unit,
            position=position,
            printed_name=unit.name,
        )
        for position, unit in enumerate(fresh, start=last + 1)
    )
    ledger.record("declaration.units_chosen", row, by=by, codes={"units": len(units)})


@transaction.atomic
def write_lines(
    *,
    declaration: Declaration,
    pledges: Sequence[str],
    witnesses: Sequence[str],
    present: Sequence[str],
    by: Membership,
) -> None:
    """Replace the pledges and the lists of witnesses and of those present."""
    row = locked_draft(declaration.pk, by)
    common = {"government_id": row.government_id, "declaration": row}
    row.pledges.all().delete()
    row.attendees.all().delete()
    Pledge.objects.bulk_create(
        Pledge(position=number, text=text, **common) for number, text in enumerate(pledges, start=1)
    )
    Attendee.objects.bulk_create(
        Attendee(kind=kind, position=number, text=text, **common)
        for kind, texts in ((AttendeeKind.WITNESS, witnesses), (AttendeeKind.PRESENT, present))
        for number, text in enumerate(texts, start=1)
    )
    codes = {"pledges": len(pledges), "witnesses": len(witnesses), "present": len(present)}
    ledger.record("declaration.lines_written", row, by=by, codes=codes)


@transaction.atomic
def add_signatory(*, declaration: Declaration, facts: SignatoryFacts, by: Membership) -> Signatory:
    """At the end of the list."""
    row = locked_draft(declaration.pk, by)
    last = row.signatories.aggregate(last=Max("position"))["last"] or 0
    signatory = Signatory(government_id=row.government_id, declaration=row, position=last + 1)
    _write_signatory(signatory, facts)
    ledger.record("signatory.added", signatory, by=by, codes={"declaration": row.pk})
    return signatory


@transaction.atomic
def edit_signatory(*, signatory: Signatory, facts: SignatoryFacts, by: Membership) -> None:
    locked_draft(signatory.declaration_id, by)
    _write_signatory(signatory, facts)
    ledger.record(
        "signatory.edited", signatory, by=by, codes={"declaration": signatory.declaration_id}
    )


def _write_signatory(signatory: Signatory, facts: SignatoryFacts) -> None:
    office = facts.membership
    if office is not None and office.government_id != signatory.government_id:
        raise StepRefused(_("This office belongs to another government."))
    signatory.title = facts.title
    signatory.name = facts.name
    signatory.office_status = facts.office_status
    signatory.membership = office
    try:
        with transaction.atomic():
            signatory.save()
    except IntegrityError:
        raise StepRefused(_("This person already stands in the list.")) from None
    signatory.signs_for.all().delete()
    declared = DeclarationUnit.objects.filter(
        declaration_id=signatory.declaration_id, pk__in=facts.declared
    )
    SignatoryUnit.objects.bulk_create(
        SignatoryUnit(government_id=signatory.government_id, signatory=signatory, declared=unit)
        for unit in declared
    )


@transaction.atomic
def remove_signatory(*, signatory: Signatory, by: Membership) -> None:
    row = locked_draft(signatory.declaration_id, by)
    if signatory.signatures.exists():
        raise StepRefused(
            _("A withdrawn signature belongs to this place; edit it instead of removing it.")
        )
    ledger.record("signatory.removed", signatory, by=by, codes={"declaration": row.pk})
    signatory.signs_for.all().delete()
    signatory.delete()
    _renumber(list(row.signatories.order_by("position")))


@transaction.atomic
def move_signatory(*, signatory: Signatory, up: bool, by: Membership) -> None:
    """One place up or down; at the end of the list nothing changes."""
    row = locked_draft(signatory.declaration_id, by)
    rows = list(row.signatories.order_by("position"))
    here = next(i for i, known in enumerate(rows) if known.pk == signatory.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    rows[here], rows[there] = rows[there], rows[here]
    _renumber(rows)
    ledger.record(
        "signatory.moved", signatory, by=by, codes={"declaration": row.pk, "to": there + 1}
    )


def _renumber(rows: list[Signatory]) -> None:
    for number, row in enumerate(rows, start=1):
        if row.position != number:
            row.position = number
            row.save(update_fields=["position"])


@transaction.atomic
def take_step(
    *, declaration: Declaration, name: str, by: Membership | None, now: datetime, note: str = ""
) -> Declaration:
    """Open for signing, back to draft, close, reopen, discard. KeyError for an unknown step.

    Reopening, and discarding what somebody has signed, need their reason in `note`. What was
    signed stays: a text that is changed is kept as it was.
    """
    row = locked(declaration.pk, declaration.government_id)
    former = (row.text, row.text_sha256)
    return perform(
        DECLARATION,
        name,
        row,
        by=by,
        now=now,
        note=note,
        checks={
            "missing_to_open": queries.missing_to_open,
            "signatures_in_the_way": queries.signatures_in_the_way,
            "missing_to_close": lambda row: queries.missing_to_close(row, _today(now)),
            "reason": lambda row: queries.missing_reason(note),
            "never_closed": queries.closed_once,
            "reason_where_signed": lambda row: queries.missing_reason_to_discard(row, note),
        },
        effects={
            "declare_zones": lambda row, by, now: declare_units(declaration=row, by=by, now=now),
            "take_zones_back": lambda row, by, now: take_zones_back(
                declaration=row, by=by, now=now
            ),
            "keep_text": lambda row, by, now: _keep_text(row, *former, now),
        },
        values=_values_of(name, row, now),
    )


def _keep_text(row: Declaration, text: str, text_sha256: str, now: datetime) -> None:
    """What was open for signing can be read for ever, whatever the text becomes."""
    FormerText.objects.get_or_create(
        declaration=row,
        text_sha256=text_sha256,
        defaults={"government_id": row.government_id, "text": text, "replaced_at": now},
    )


def _today(now: datetime) -> date:
    return timezone.localdate(now)


def _values_of(name: str, row: Declaration, now: datetime) -> dict[str, object]:
    """The text is frozen by opening and thawed by going back to draft."""
    if name == "open":
        text = queries.charter_of(row).text()
        return {"text": text, "text_sha256": charter.sha256(text)}
    if name == "return_to_draft":
        return {"text": "", "text_sha256": ""}
    if name == "reopen":
        return {"closed_at": None}
    return {"closed_at": now} if name == "close" else {}
