"""Proof of work on a form: the price of the moment, a sealed ticket, and what came back of it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from complaints import load
from complaints.queries import pressure
from integrity_portal.core import ratelimit
from integrity_portal.core.crypto import UnableToOpen, open_sealed, seal
from opd.http import PortalRequest

PLACE = {"table": "complaints_proof", "column": "ticket"}
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BY_MINUTE, BY_DAY = "complaints.file.minute", "complaints.file.day"


@dataclass(frozen=True)
class Challenge:
    """`ticket` says, readable only here, for which draft and until when `bits` are asked."""

    ticket: str
    bits: int

    @property
    def text(self) -> str:
        return text_of(self.ticket)


def text_of(ticket: str) -> str:
    """What the browser hashes: short enough for one block."""
    return hashlib.sha256(ticket.encode()).hexdigest()[:32]


def price(request: PortalRequest, now: datetime) -> int:
    """Bits that a filing costs at this moment; 0 almost always."""
    terms = load.current()
    filings = pressure.filings_lately(request.government.pk, terms, now)
    return terms.bits_for(filings, is_crowded=_is_crowded(request, terms, now))


def challenge(request: PortalRequest, draft: dict[str, Any], now: datetime) -> Challenge | None:
    """None when nothing is asked, or this draft has shown its proof already."""
    bits = price(request, now)
    if not bits or is_proven(draft, now):
        return None
    until = now + timedelta(minutes=load.current().proof_minutes)
    text = json.dumps({"key": draft["key"], "bits": bits, "until": until.timestamp()})
    return Challenge(seal(text, row=str(request.government.pk), **PLACE), bits)


def take(request: PortalRequest, draft: dict[str, Any], now: datetime) -> None:
    """Remember in the draft that its sender has worked: the price that was told is the price."""
    ticket = request.POST.get("proof_ticket", "")
    answer = request.POST.get("proof_answer", "")
    if not (ticket and answer):
        return
    try:
        told = json.loads(open_sealed(ticket, row=str(request.government.pk), **PLACE))
    except UnableToOpen:
        return
    is_this_ones = told["key"] == draft["key"] and told["until"] > now.timestamp()
    if is_this_ones and load.proves(text_of(ticket), answer, told["bits"]):
        draft["proven_until"] = told["until"]


def is_proven(draft: dict[str, Any], now: datetime) -> bool:
    return bool(draft.get("proven_until", 0) > now.timestamp())


def is_put_aside(
    request: PortalRequest, draft: dict[str, Any], place_id: int | None, now: datetime
) -> bool:
    """Received all the same: a flood without proof, or more than this poster's share."""
    terms = load.current()
    unproven = bool(price(request, now)) and not is_proven(draft, now)
    return unproven or pressure.is_over_budget(place_id, terms, now)


def count(request: PortalRequest, now: datetime) -> None:
    """One more from this address, which costs it something only above a school's share."""
    terms, address = load.current(), ratelimit.client_address(request.META)
    for scope, limit, window in _limits(terms):
        try:
            ratelimit.hit(scope, address, limit=limit, window=window, now=now)
        except ratelimit.TooManyRequests:
            continue


def _is_crowded(request: PortalRequest, terms: load.Load, now: datetime) -> bool:
    address = ratelimit.client_address(request.META)
    try:
        for scope, limit, window in _limits(terms):
            ratelimit.refuse_used_up(scope, address, limit=limit, window=window, now=now)
    except ratelimit.TooManyRequests:
        return True
    return False


def _limits(terms: load.Load) -> list[tuple[str, int, timedelta]]:
    return [
        (BY_MINUTE, terms.address_a_minute, MINUTE),
        (BY_DAY, terms.address_a_day, DAY),
    ]
