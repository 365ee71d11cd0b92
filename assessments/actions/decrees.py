"""Registering a decree that names units, and putting right what was registered wrongly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.actions.zones import name_units, unname_units
from assessments.enums import PaperKind, PaperState
from assessments.guards import refuse_absent, refuse_early_building, refuse_others
from assessments.models import DecreeCorrection, NamedUnit, NamingDecree, Paper
from assessments.permissions import can_manage_acts
from integrity_portal.core import files, ledger
from integrity_portal.core.models import StoredFile
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.models import Membership, Unit
from opd.transitions import StepRefused


@dataclass(frozen=True)
class DecreeFacts:
    """What stands in the decree, as it should read. Without a scan the present one stays."""

    number: str
    decided_on: date
    unit_ids: Sequence[int]
    precision: str = Precision.DAY
    title: str = ""
    scan: StoredFile | None = None


@transaction.atomic
def register_decree(
    *,
    number: str,
    decided_on: date,
    unit_ids: Sequence[int],
    by: Membership,
    now: datetime,
    precision: str = Precision.DAY,
    title: str = "",
    scan: StoredFile | None = None,
    signed: Paper | None = None,
) -> NamingDecree:
    """Names every unit it lists: their zones go to `named` where they were not further.

    `signed` is the portal's own paper: its signature decides, also when the regional head gave it
    here and nobody of the secretariat had a hand in it.
    """
    if signed is None or not _orders(signed, number, by):
        refuse_others(by)
    units = _own_units(unit_ids, by)
    refuse_absent(units, PartialDate(decided_on, precision))
    try:
        with transaction.atomic():
            decree = NamingDecree.objects.create(
                government_id=by.government_id,
                number=number,
                title=title,
                decided_on=decided_on,
                decided_on_precision=precision,
                scan=scan,
                is_sample=by.government.is_sample,
            )
    except IntegrityError:
        raise StepRefused(_("A decree of this number is already registered.")) from None
    if scan is not None:
        files.keep(scan)
    _write_units(decree, units, first=1)
    ledger.record("decree.registered", decree, by=by, codes={"units": len(units)})
    name_units(decree=decree, by=by if can_manage_acts(by) else None, now=now)
    return decree


def _orders(paper: Paper, number: str, by: Membership) -> bool:
    """A signed decree of naming of the same government and number."""
    return (
        paper.kind == PaperKind.SK_PENETAPAN
        and paper.state == PaperState.SIGNED
        and paper.government_id == by.government_id
        and paper.number == number
    )


@transaction.atomic
def correct_decree(
    *, decree: NamingDecree, facts: DecreeFacts, reason: str, by: Membership, now: datetime
) -> DecreeCorrection:
    """Number, date, subject, scan, and the units that it really names.

    What stood there before is kept with the reason. Zones follow: whoever is added is named,
    whoever was named by mistake goes back, unless the zone is further on or another act holds it.
    """
    refuse_others(by)
    row = NamingDecree.objects.select_for_update(of=("self",), no_key=True).get(
        pk=decree.pk, government_id=by.government_id
    )
    if not reason.strip():
        raise StepRefused(_("Write the reason of the correction."))
    standing = {named.unit_id: named for named in row.units.order_by("position")}
    wanted = {unit.pk: unit for unit in _own_units(facts.unit_ids, by)}
    refuse_absent(wanted.values(), PartialDate(facts.decided_on, facts.precision))
    added = [unit for pk, unit in wanted.items() if pk not in standing]
    removed = [named for pk, named in standing.items() if pk not in wanted]
    former = row.scan if facts.scan is not None else None
    changes = _changes(row, facts, added, removed)
    if not changes:
        raise StepRefused(_("Nothing is different yet. Change what is wrong, then save."))
    _write_facts(row, facts)
    correction = DecreeCorrection.objects.create(
        government_id=row.government_id,
        decree=row,
        changes=changes,
        former_scan=former,
        reason=reason.strip(),
        corrected_by=by,
        corrected_at=now,
    )
    _exchange_units(row, added, removed)
    codes: dict[str, ledger.Code] = {"added": len(added), "removed": len(removed)}
    ledger.record("decree.corrected", row, by=by, codes={**codes, "correction": correction.pk})
    name_units(decree=row, by=by, now=now)
    unname_units(unit_ids=[named.unit_id for named in removed], by=by, now=now)
    if "decided" in changes:
        refuse_early_building(wanted, row.government_id, timezone.localdate(now))
    return correction


def _exchange_units(row: NamingDecree, added: list[Unit], removed: list[NamedUnit]) -> None:
    """Who was named by mistake leaves; who was missing follows at the end."""
    row.units.filter(pk__in=[named.pk for named in removed]).delete()
    last = row.units.aggregate(last=Max("position"))["last"] or 0
    _write_units(row, added, first=last + 1)


def _own_units(unit_ids: Sequence[int], by: Membership) -> list[Unit]:
    found = Unit.objects.filter(government_id=by.government_id).in_bulk(unit_ids)
    units = [found[pk] for pk in dict.fromkeys(unit_ids) if pk in found]
    if not units or len(units) != len(set(unit_ids)):
        raise StepRefused(_("Choose at least one unit of your government."))
    return units


def _write_units(decree: NamingDecree, units: Sequence[Unit], *, first: int) -> None:
    NamedUnit.objects.bulk_create(
        NamedUnit(
            government_id=decree.government_id,
            decree=decree,
            unit=unit,
            position=position,
            printed_name=unit.name,
        )
        for position, unit in enumerate(units, start=first)
    )


def _changes(
    row: NamingDecree, facts: DecreeFacts, added: list[Unit], removed: list[NamedUnit]
) -> dict[str, Any]:
    """Before and after of what differs."""
    before = {
        "number": row.number,
        "title": row.title,
        "decided": [row.decided_on.isoformat(), row.decided_on_precision],
    }
    after = {
        "number": facts.number,
        "title": facts.title,
        "decided": [facts.decided_on.isoformat(), str(facts.precision)],
    }
    changes: dict[str, Any] = {
        name: [before[name], after[name]] for name in before if before[name] != after[name]
    }
    if facts.scan is not None:
        changes["scan"] = [row.scan.name if row.scan else "", facts.scan.name]
    if added:
        changes["added"] = [[unit.pk, unit.name] for unit in added]
    if removed:
        changes["removed"] = [[named.unit_id, named.printed_name] for named in removed]
    return changes


def _write_facts(row: NamingDecree, facts: DecreeFacts) -> None:
    row.number, row.title = facts.number, facts.title
    row.decided_on, row.decided_on_precision = facts.decided_on, facts.precision
    if facts.scan is not None:
        files.keep(facts.scan)
        row.scan = facts.scan
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise StepRefused(_("A decree of this number is already registered.")) from None
