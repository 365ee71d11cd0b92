"""The webhook of every provider: check the signature over the raw bytes, keep, answer.

Nothing else happens here. Every answer is the one that the provider expects and otherwise empty,
because some gateways would send a page of ours to the citizen as SMS.
"""

import hashlib
import logging

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from complaints.actions.channels import count_forged
from complaints.actions.inbound import keep_inbound
from complaints.channel_enums import InboundKind, Purpose
from complaints.channels.base import MOST_HOOK, Gateway, Hook, Inbound, Reply, Unreadable
from complaints.channels.registry import is_allowed
from complaints.models import ChannelAccount
from complaints.queries import channels
from integrity_portal.core.http import records_access
from integrity_portal.core.middleware import cookieless
from opd.http import public

logger = logging.getLogger(__name__)


@public
@csrf_exempt  # No browser and no session: a provider proves itself by its signature or address.
@cookieless
@records_access
def receive(request: HttpRequest, token: str) -> HttpResponse:
    """Kannel and Jasmin deliver by GET, so this one reading may write (`records_access`)."""
    try:
        return _said(_answer(request, token))
    except DatabaseError as error:
        logger.warning("a webhook call was not kept: %s", type(error).__name__)
        return _said(Reply(503))


def _answer(request: HttpRequest, token: str) -> Reply:
    if _length(request) > MOST_HOOK:
        return Reply(413)
    account = channels.account_of_hook(token)
    if account is None:
        return Reply(404)
    if account.purpose != Purpose.GENERAL or not is_allowed(account.adapter):
        return Reply(503)
    gateway = channels.gateway_for(account)
    if request.method not in gateway.methods:
        # Not 405: an empty one gets the page that says so to people.
        return Reply(400)
    hook = _hook(request)
    challenge = gateway.challenge(hook)
    if challenge is not None:
        return challenge
    return _kept(account, gateway, hook)


def _kept(account: ChannelAccount, gateway: Gateway, hook: Hook) -> Reply:
    try:
        is_authentic = gateway.is_authentic(hook)
    except Unreadable:
        is_authentic = False
    if not is_authentic:
        count_forged(account=account, now=hook.now)
        return Reply(403)
    try:
        inbound = gateway.receive(hook)
    except Unreadable:
        reply = gateway.unreadable()
        if reply.status >= 400:
            return reply
        inbound = [_as_it_came(hook)]
    keep_inbound(account=account, inbound=inbound, now=hook.now)
    return gateway.accepted()


def _as_it_came(hook: Hook) -> Inbound:

    body = hook.body or repr(sorted(hook.query.items())).encode()
    return Inbound(
        f"raw:{hashlib.sha256(body).hexdigest()}",
        InboundKind.OTHER,
        raw=body.decode("utf-8", "replace").replace("\x00", ""),
    )


def _hook(request: HttpRequest) -> Hook:
    return Hook(
        method=request.method or "",
        # The address as the provider knows it: proxies may have changed the request's own.
        url=f"{settings.BASE_URL}{request.get_full_path()}",
        headers={name.lower(): value for name, value in request.headers.items()},
        query=request.GET.dict(),
        body=request.body,
        now=timezone.now(),
    )


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isdigit() else 0


def _said(reply: Reply) -> HttpResponse:
    return HttpResponse(
        reply.body, status=reply.status, content_type=f"{reply.content_type}; charset=utf-8"
    )
