"""Services of the demonstration, written by the same verbs as from a screen where somebody acts.

History of real governments came before the portal: it is written without an author.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from integrity_portal.core.partial_dates import PartialDate
from opd.actions import services as actions
from opd.actions.services import MoveFacts, Standard
from opd.enums import Role, VolumeChannel
from opd.models import ChannelMove, Government, Membership, Service, ServiceVolume, Unit
from opd.service_share import add_months, first_of_month

DATA = Path(__file__).parent / "data" / "services.yaml"


def load(government: Government, units: dict[str, Unit], today: date) -> None:
    by = Membership.objects.select_related("government").get(
        government=government, role=Role.ZI_SECRETARIAT, unit=None
    )
    for row in yaml.safe_load(DATA.read_text()).get(government.slug, []):
        service = actions.save_service(
            by=by, unit=units[row["unit"]], standard=_standard(row), today=today
        )
        Service.objects.filter(pk=service.pk).update(is_sample=True)
        service.is_sample = True
        for move in row.get("moves", []):
            _move(by, service, move, today)
        for volume in row.get("volumes", []):
            _volumes(service, volume, today)


def _standard(row: dict[str, Any]) -> Standard:
    number, unit = row.get("time", (None, ""))
    fee = row.get("fee", "")
    first = row["moves"][0]["from"] if row.get("moves") else row["channel"]
    return Standard(
        name=row["name"],
        channel=first,
        product=row.get("product", ""),
        time_number=number,
        time_unit=unit,
        fee_kind=fee if fee in ("", "free") else "amount",
        fee_amount=None if fee in ("", "free") else Decimal(fee),
        fee_text=row.get("fee_text", ""),
        legal_basis=row.get("legal_basis", ""),
        published=row.get("published", ""),
        requirements=row.get("requirements", []),
        steps=row.get("steps", []),
    )


def _move(by: Membership, service: Service, row: dict[str, Any], today: date) -> None:
    when = today + timedelta(days=row["when"]) if isinstance(row["when"], int) else row["when"]
    if row["precision"] == "month":
        when = first_of_month(when)
    facts = MoveFacts(
        from_channel=row["from"],
        to_channel=row["to"],
        moved=PartialDate(when, row["precision"]),
        by_then=row.get("by_then", False),
        basis=row.get("basis", ""),
        note=row.get("note", ""),
    )
    if row.get("by_then"):
        ChannelMove.objects.create(
            government=service.government,
            service=service,
            from_channel=facts.from_channel,
            to_channel=facts.to_channel,
            moved_on=when,
            moved_on_precision=row["precision"],
            by_then=True,
            basis=facts.basis,
            note=facts.note,
            recorded_at=datetime.combine(today, time(1), UTC),
        )
        Service.objects.filter(pk=service.pk).update(channel=facts.to_channel)
        return
    now = datetime.combine(today, time(1), UTC)
    if row.get("corrected"):
        day_before = MoveFacts(**{**vars(facts), "moved": PartialDate(when - timedelta(days=7))})
        wrong = actions.record_move(by=by, service=service, facts=day_before, now=now, today=today)
        actions.correct_move(
            by=by, move=wrong, facts=facts, reason=row["corrected"], now=now, today=today
        )
        return
    actions.record_move(by=by, service=service, facts=facts, now=now, today=today)


def _volumes(service: Service, row: list[Any], today: date) -> None:
    first, number, counter, online, step = row
    start = add_months(today, first) if isinstance(first, int) else first
    ServiceVolume.objects.bulk_create(
        ServiceVolume(
            government=service.government,
            service=service,
            month=add_months(start, place),
            channel=channel,
            count=max(0, count + step * place) if count else count,
            is_sample=True,
        )
        for channel, count in ((VolumeChannel.COUNTER, counter), (VolumeChannel.ONLINE, online))
        if count is not None
        for place in range(number)
    )
