"""A service's standard, its moves between channels, and the numbers of each month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from integrity_portal.core import ledger
from integrity_portal.core.partial_dates import PartialDate
from opd.enums import ServiceChannel, ServiceLineKind
from opd.models import ChannelMove, Membership, Service, ServiceLine, ServiceVolume, Unit
from opd.permissions import may_write_services
from opd.queries.services import as_move
from opd.registry import RegistryRefused, check_row, remove_rows
from opd.service_share import chain_fault

MOST_LINES = 40


class SavedMeanwhile(RegistryRefused):
    """Somebody else has saved since the page was opened; nothing of it was written."""


@dataclass(frozen=True)
class Standard:
    """What a service promises. Empty is: not said."""

    name: str
    channel: str = ServiceChannel.COUNTER
    product: str = ""
    time_number: int | None = None
    time_unit: str = ""
    fee_kind: str = ""
    fee_amount: Decimal | None = None
    fee_text: str = ""
    legal_basis: str = ""
    published: str = ""
    ended_on: date | None = None
    requirements: Sequence[str] = field(default_factory=tuple)
    steps: Sequence[str] = field(default_factory=tuple)


COLUMNS = (
    "name", "product", "time_number", "time_unit", "fee_kind", "fee_amount", "fee_text",
    "legal_basis", "published", "ended_on",
)  # fmt: skip


@transaction.atomic
def save_service(
    *,
    by: Membership,
    unit: Unit,
    standard: Standard,
    service: Service | None = None,
    version: int | None = None,
    today: date,
) -> Service:
    """A new service, or the standard of one. Where moves are recorded, the channel is theirs."""
    unit = _writable_unit(by, unit)
    row = service and _locked(by, service)
    if row is None:
        row = Service(government_id=unit.government_id, unit=unit, is_sample=unit.is_sample)
    elif version is not None and row.version != version:
        raise SavedMeanwhile(
            _("Somebody else has saved this service since you opened it. What you typed stands "
              "below; save it again to replace what is saved now.")
        )  # fmt: skip
    if row.unit_id != unit.pk:
        raise PermissionDenied
    if standard.ended_on and standard.ended_on > today:
        raise RegistryRefused(
            _("The last day lies ahead. Record it when it has come."), field="ended_on"
        )
    for name in COLUMNS:
        setattr(row, name, getattr(standard, name))
    if not (row.pk and row.moves.standing().exists()):
        row.channel = standard.channel
    row.version += 1 if row.pk else 0
    is_new = row.pk is None
    if unit.services.filter(name=row.name).exclude(pk=row.pk).exists():
        raise RegistryRefused(_("This unit already has a service of that name."), field="name")
    check_row(row)
    row.save()
    _write_lines(row, ServiceLineKind.REQUIREMENT, standard.requirements)
    _write_lines(row, ServiceLineKind.STEP, standard.steps)
    verb = "service.added" if is_new else "service.edited"
    ledger.record(verb, row, by=by, codes={"unit": unit.pk, "channel": row.channel})
    return row


@transaction.atomic
def remove_service(*, by: Membership, service: Service) -> None:
    """Only one that was written by mistake: where moves or numbers exist, it ends instead."""
    row = _locked(by, service)
    if row.moves.exists() or row.volumes.exists():
        raise RegistryRefused(
            _("Moves or monthly numbers are recorded for this service, so it stays. Write its "
              "last day instead.")
        )  # fmt: skip
    ledger.record("service.removed", row, by=by, codes={"unit": row.unit_id})
    row.lines.all().delete()
    remove_rows(Service.objects.filter(pk=row.pk))


@dataclass(frozen=True)
class MoveFacts:
    from_channel: str
    to_channel: str
    moved: PartialDate
    by_then: bool = False
    basis: str = ""
    note: str = ""


@transaction.atomic
def record_move(
    *, by: Membership, service: Service, facts: MoveFacts, now: datetime, today: date
) -> ChannelMove:
    row = _locked(by, service)
    move = _write_move(by, row, facts, now, today)
    _settle(row)
    ledger.record("service.moved", move, by=by, codes=_codes(move))
    return move


@transaction.atomic
def correct_move(
    *,
    by: Membership,
    move: ChannelMove,
    facts: MoveFacts,
    reason: str,
    now: datetime,
    today: date,
) -> ChannelMove:
    """The wrong entry stays readable with the reason; the right one takes its place."""
    row = _locked(by, move.service)
    _withdraw(by, row, move, reason, now)
    right = _write_move(by, row, facts, now, today)
    _settle(row)
    ledger.record("service.move_corrected", right, by=by, codes={**_codes(right), "wrong": move.pk})
    return right


@transaction.atomic
def withdraw_move(*, by: Membership, move: ChannelMove, reason: str, now: datetime) -> None:
    """It never happened. The channel is again what the other moves say."""
    row = _locked(by, move.service)
    wrong = _withdraw(by, row, move, reason, now)
    _check_chain(row)
    _settle(row, otherwise=wrong.from_channel)
    ledger.record("service.move_withdrawn", wrong, by=by, codes=_codes(wrong))


@dataclass(frozen=True)
class Cell:
    """One number of the grid; `count` None takes the number away."""

    service_id: int
    month: date
    channel: str
    count: int | None


@transaction.atomic
def save_volumes(
    *,
    by: Membership,
    unit: Unit,
    year: int,
    cells: Sequence[Cell],
    seen: Mapping[tuple[int, date, str], int],
    today: date,
) -> int:
    """The changed numbers of a unit's year, all or none; how many were written.

    `seen` is what stood in the grid when it was opened: a number that somebody else has changed
    meanwhile is not overwritten unseen (SavedMeanwhile).
    """
    unit = _writable_unit(by, unit)
    services = {
        row.pk: row
        for row in Service.objects.filter(unit=unit).select_for_update(of=("self",), no_key=True)
    }
    rows = ServiceVolume.objects.filter(service__in=services, month__year=year)
    stored = {(row.service_id, row.month, row.channel): row for row in rows}
    changed = 0
    for cell in cells:
        key = (cell.service_id, cell.month, cell.channel)
        if cell.service_id not in services or cell.month.year != year or cell.month.day != 1:
            raise PermissionDenied
        if cell.month > today:
            raise RegistryRefused(_("A month that lies ahead has no number yet."))
        row = stored.get(key)
        if not _is_changed(cell, seen.get(key), row.count if row else None):
            continue
        _write_cell(services[cell.service_id], cell, row)
        changed += 1
    if changed:
        ledger.record("unit.volumes_saved", unit, by=by, codes={"year": year, "cells": changed})
    return changed


def _is_changed(cell: Cell, seen: int | None, now_there: int | None) -> bool:
    """Whether this person changed it and it is not there already."""
    if cell.count in (seen, now_there):
        return False
    if now_there != seen:
        raise SavedMeanwhile(
            _("Somebody else has changed numbers of this year since you opened the page. What "
              "you typed stands below; look at the marked cells, then save again.")
        )  # fmt: skip
    return True


def _write_cell(service: Service, cell: Cell, row: ServiceVolume | None) -> None:
    if cell.count is None:
        if row is not None:
            row.delete()
        return
    row = row or ServiceVolume(
        government_id=service.government_id,
        service=service,
        month=cell.month,
        channel=cell.channel,
        is_sample=service.is_sample,
    )
    row.count = cell.count
    row.save()


def _writable_unit(by: Membership, unit: Unit) -> Unit:
    if not may_write_services(by, unit):
        raise PermissionDenied(_("Your role does not include the services of this unit."))
    return Unit.objects.select_for_update(of=("self",), no_key=True).get(
        pk=unit.pk, government_id=by.government_id
    )


def _locked(by: Membership, service: Service) -> Service:
    """The unit first, then the service: everybody locks in this order."""
    _writable_unit(by, service.unit)
    return (
        Service.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit")
        .get(pk=service.pk, government_id=by.government_id)
    )


def _write_lines(service: Service, kind: str, texts: Sequence[str]) -> None:
    if len(texts) > MOST_LINES:
        raise RegistryRefused(
            _("Write at most %(most)s lines.") % {"most": MOST_LINES}, field=f"{kind}s"
        )
    rows = service.lines.filter(kind=kind)
    if list(rows.order_by("position").values_list("text", flat=True)) == list(texts):
        return
    rows.delete()
    ServiceLine.objects.bulk_create(
        ServiceLine(
            government_id=service.government_id,
            service=service,
            kind=kind,
            position=position,
            text=text,
        )
        for position, text in enumerate(texts, start=1)
    )


def _write_move(
    by: Membership, service: Service, facts: MoveFacts, now: datetime, today: date
) -> ChannelMove:
    if facts.moved.date > today:
        raise RegistryRefused(
            _("The day lies ahead. Record the move when it has happened."), field="moved"
        )
    move = ChannelMove(
        government_id=service.government_id,
        service=service,
        from_channel=facts.from_channel,
        to_channel=facts.to_channel,
        moved_on=facts.moved.date,
        moved_on_precision=facts.moved.precision,
        by_then=facts.by_then,
        basis=facts.basis,
        note=facts.note,
        recorded_by=by,
        recorded_at=now,
        is_sample=service.is_sample,
    )
    check_row(move)
    move.save()
    _check_chain(service)
    return move


def _check_chain(service: Service) -> None:
    rows = list(service.moves.standing())
    fault = chain_fault([as_move(row) for row in rows])
    if fault is not None:
        raise RegistryRefused(
            _("The moves do not fit together: one ends “%(ends)s”, the next begins “%(begins)s”. "
              "Correct the one that is wrong.")
            % {
                "ends": rows[fault - 1].get_to_channel_display(),
                "begins": rows[fault].get_from_channel_display(),
            },
            field="from_channel",
        )  # fmt: skip


def _withdraw(
    by: Membership, service: Service, move: ChannelMove, reason: str, now: datetime
) -> ChannelMove:
    row = ChannelMove.objects.select_for_update(of=("self",), no_key=True).get(
        pk=move.pk, service=service
    )
    if row.withdrawn_at is not None:
        raise RegistryRefused(_("Somebody has already corrected this entry. Reload the page."))
    if not reason.strip():
        raise RegistryRefused(_("Write what was wrong."), field="reason")
    row.withdrawn_at, row.withdrawn_by, row.withdrawal_reason = now, by, reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    return row


def _settle(service: Service, otherwise: str = "") -> None:
    """The present channel is what the newest standing move says."""
    newest = service.moves.standing().last()
    channel = newest.to_channel if newest else otherwise or service.channel
    if channel != service.channel:
        service.channel = channel
        service.save(update_fields=["channel"])


def _codes(move: ChannelMove) -> dict[str, ledger.Code]:
    return {
        "service": move.service_id,
        "from": move.from_channel,
        "to": move.to_channel,
        "on": move.moved_on.isoformat(),
    }
