"""A message of a citizen: the dialogue decides, this does what it asks and answers."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from complaints import dialogue, dialogue_texts
from complaints.actions.answers import say_contentment
from complaints.actions.filing import Filing, file_complaint
from complaints.actions.handling import reopen
from complaints.actions.media import bind_media
from complaints.actions.messages import write_as_citizen
from complaints.actions.replies import say
from complaints.codes import grouped, new_code
from complaints.dialogue import Do, Said, Say, State
from complaints.enums import Channel, ComplaintKind, ComplaintState, Contentment, Disclosure
from complaints.models import Complaint, Conversation
from complaints.queries import tracking
from complaints.queries.channel_work import files_of_draft
from complaints.queries.clock import local_day
from complaints.stepping import forget_notice_contact, perform
from integrity_portal.core import ledger, ratelimit
from integrity_portal.core.formatting import date_id
from integrity_portal.core.ratelimit import TooManyRequests
from opd.models import Unit
from opd.queries.unit_search import units_named
from opd.transitions import StepRefused

IDLE = timedelta(hours=3)
A_DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
MOST_WRONG = 5
TRIES = 60
# Together with the public page (views.tracking): two million tries a day of 10^16 codes.
TRIES_IN_ALL = 20_000
MOST_FOUND = 5
MOST_NAME = 60
# Kinds of messages that need no answer.
SILENT = frozenset({"sticker", "system", "reaction", "ephemeral"})


@transaction.atomic
def take_words(*, conversation: Conversation, said: Said, now: datetime) -> str:
    """One message in the dialogue; what became of it, as a code."""
    state = State.load(conversation.opened("state_sealed"))
    turn = dialogue.step(
        state,
        said,
        texts=dialogue_texts.current(),
        fresh=dialogue.Fresh(secrets.token_hex(16), new_code()),
        has_last=_last(conversation, now) is not None,
    )
    _remember(conversation, turn.state)
    complaint = None
    says = list(turn.says)
    outcome = "asked" if says else "kept"
    if turn.do is not None:
        outcome, told, complaint = _DOING[turn.do.name](conversation, turn.state, turn.do, now)
        says += told
    names = [(one.name, _spoken(one)) for one in says]
    say(conversation=conversation, names=names, now=now, complaint=complaint, greets=turn.greets)
    ledger.record(
        "conversation.moved", conversation, by=None, government_id=conversation.government_id,
        codes={"outcome": outcome, "stage": conversation.stage},
    )  # fmt: skip
    return outcome


@transaction.atomic
def take_change(*, conversation: Conversation, said: Said, now: datetime) -> str:
    """A message was changed or deleted by its sender: in the draft it is; else more is said."""
    state = State.load(conversation.opened("state_sealed"))
    changed = dialogue.edited(state, said) if conversation.stage else None
    outcome = "kept"
    if changed is not None:
        _remember(conversation, changed)
        outcome = "changed"
    elif said.text and (last := _last(conversation, now)) is not None:
        outcome, says, _complaint = _add_to(last, said.text, now)
        names = [(one.name, one.values) for one in says]
        say(conversation=conversation, names=names, now=now)
    ledger.record(
        "conversation.changed", conversation, by=None, government_id=conversation.government_id,
        codes={"outcome": outcome},
    )  # fmt: skip
    return outcome


@transaction.atomic
def cannot_read(*, conversation: Conversation, raw: Any, now: datetime) -> str:
    """A kind of message that we keep and cannot read: its sender is told, unless it is small talk."""
    kind = str(raw.get("type", "")) if isinstance(raw, dict) else ""
    if kind not in SILENT:
        say(conversation=conversation, names=[("unreadable", {})], now=now, greets=True)
    ledger.record(
        "conversation.unreadable", conversation, by=None,
        government_id=conversation.government_id,
    )  # fmt: skip
    return "unreadable"


@transaction.atomic
def expire_draft(*, conversation: Conversation, now: datetime) -> bool:
    """What lay for three hours is forgotten, and its sender told once."""
    rows = Conversation.objects.select_related("account", "government")
    locked = rows.select_for_update(of=("self",)).get(pk=conversation.pk)
    if not locked.stage or locked.last_inbound_at > now - IDLE:
        return False
    _remember(locked, State())
    say(conversation=locked, names=[("expired", {})], now=now)
    ledger.record("conversation.expired", locked, by=None, government_id=locked.government_id)
    return True


def expire_drafts(*, now: datetime) -> None:
    """Called by the portal's tick; idempotent."""
    for conversation in Conversation.objects.idle_since(now - IDLE).order_by("pk")[:200]:
        expire_draft(conversation=conversation, now=now)


@transaction.atomic
def settle_complaint(*, complaint: Complaint, now: datetime) -> Complaint:
    """The citizen, holding the code, says that it is settled: it need not wait for its day."""
    moved = perform("close", complaint, by=None, now=now, values={"closed_at": now})
    forget_notice_contact(moved)
    return moved


def _remember(conversation: Conversation, state: State) -> None:
    conversation.stage = state.stage
    conversation.put("state_sealed", state.dump() if state.stage else None)
    conversation.save(update_fields=["stage", "state_sealed"])


def _last(conversation: Conversation, now: datetime) -> Complaint | None:
    """The report that words and photos without a code still belong to."""
    last = conversation.complaint
    return last if last and now - last.filed_at < A_DAY else None


def _spoken(one: Say) -> dict[str, str]:
    """The check names what was chosen, in words."""
    if one.name != "check":
        return one.values
    kind = ComplaintKind(one.values["kind"]).label.lower()
    return {"kind": kind, "unit": one.values["unit"][:MOST_NAME] or "kantor yang belum diketahui"}


Done = tuple[str, list[Say], Complaint | None]


def _find_units(conversation: Conversation, state: State, do: Do, now: datetime) -> Done:
    today = local_day(conversation.government, now)
    found = units_named(conversation.government_id, do.text, today)[:MOST_FOUND]
    rows = [(row.unit.pk, (row.unit.short_name or row.unit.name)[:MOST_NAME]) for row in found]
    answer = dialogue.units_found(state, rows)
    _remember(conversation, answer.state)
    return "asked", list(answer.says), None


def _file(conversation: Conversation, state: State, do: Do, now: datetime) -> Done:
    """Idempotent by the draft's key; the code goes back by the same way."""
    number = conversation.number_with_pii()
    unit = Unit.objects.filter(pk=state.unit).first() if state.unit else None
    by_whatsapp = conversation.account.kind.is_whatsapp
    filing = Filing(
        draft_key=state.draft_key,
        code=state.code,
        kind=state.kind,
        story=state.words,
        where_text=state.where,
        unit=unit,
        disclosure=Disclosure.KNOWN if state.is_known else Disclosure.ANONYMOUS,
        contact=number,
        is_contact_for_notice=not state.is_known,
        channel=Channel.WHATSAPP if by_whatsapp else Channel.SMS,
        files=tuple(files_of_draft(state.draft_key)),
    )
    government = conversation.government
    filed = file_complaint(
        government=government, filing=filing, now=now, is_sample=government.is_sample
    )
    bind_media(draft_key=state.draft_key, complaint=filed.complaint)
    conversation.complaint = filed.complaint
    conversation.save(update_fields=["complaint"])
    _remember(conversation, State())
    day = date_id(filed.complaint.answer_by)
    says = [Say("filed", {"code": grouped(filed.code), "day": day})]
    if by_whatsapp:
        says.append(Say("filed_media"))
    return "filed", says, filed.complaint


def _about(conversation: Conversation, do: Do, now: datetime) -> tuple[Complaint | None, list[Say]]:
    """The report of a code, or what to say instead; wrong codes slow their sender down."""
    who = f"channel:{conversation.sender_index}"
    try:
        ratelimit.refuse_used_up("complaints.wrong", who, limit=MOST_WRONG, window=QUARTER, now=now)
        ratelimit.hit("complaints.track", who, limit=TRIES, window=QUARTER, now=now)
        ratelimit.hit("complaints.track", "all", limit=TRIES_IN_ALL, window=QUARTER, now=now)
    except TooManyRequests:
        return None, _slow_once(who, now)
    found = tracking.complaint_by_code(conversation.government_id, do.code)
    if found is not None:
        return found, []
    try:
        ratelimit.hit("complaints.wrong", who, limit=MOST_WRONG, window=QUARTER, now=now)
    except TooManyRequests:
        return None, _slow_once(who, now)
    return None, [Say("wrong_code")]


def _slow_once(who: str, now: datetime) -> list[Say]:
    try:
        ratelimit.hit("complaints.slow", who, limit=1, window=QUARTER, now=now)
    except TooManyRequests:
        return []
    return [Say("slow")]


def _status(conversation: Conversation, state: State, do: Do, now: datetime) -> Done:
    """State and date, never content: a number can be forged, and phones are shared."""
    complaint, says = _about(conversation, do, now)
    if complaint is None:
        return "wrong_code", says, None
    values = {"state": str(complaint.state_for_citizen)}
    if complaint.due_on:
        return "status", [Say("status_due", {**values, "day": date_id(complaint.answer_by)})], None
    last = complaint.steps.order_by("-pk").first()
    since = last.happened_at if last else complaint.filed_at
    return "status", [Say("status", {**values, "day": date_id(since)})], None


def _add(conversation: Conversation, state: State, do: Do, now: datetime) -> Done:
    complaint, says = _about(conversation, do, now)
    if complaint is None:
        return "wrong_code", says, None
    return _add_to(complaint, do.text, now)


def _add_last(conversation: Conversation, state: State, do: Do, now: datetime) -> Done:
    last = _last(conversation, now)
    if last is None or not do.text:
        return "kept", [], None
    return _add_to(last, do.text, now)


def _add_to(complaint: Complaint, text: str, now: datetime) -> Done:
    if complaint.state == ComplaintState.ANSWERED:
        return "refused", [Say("is_answered")], None
    try:
        write_as_citizen(complaint=complaint, text=text, now=now)
    except StepRefused:
        return "refused", [Say("not_open")], None
    return "added", [Say("added")], None


def _settle(conversation: Conversation, state: State, do: Do, now: datetime) -> Done:
    complaint, says = _about(conversation, do, now)
    if complaint is None:
        return "wrong_code", says, None
    try:
        settled = settle_complaint(complaint=complaint, now=now)
        say_contentment(complaint=settled, level=Contentment.SATISFIED, words="", now=now)
    except StepRefused:
        return "refused", [_why_not(complaint)], None
    return "settled", [Say("settled")], None


def _reopen(conversation: Conversation, state: State, do: Do, now: datetime) -> Done:
    complaint, says = _about(conversation, do, now)
    if complaint is None:
        return "wrong_code", says, None
    try:
        moved = reopen(complaint=complaint, text=do.text, now=now)
    except StepRefused:
        return "refused", [_why_not(complaint)], None
    return "reopened", [Say("reopened", {"day": date_id(moved.answer_by)})], None


def _why_not(complaint: Complaint) -> Say:
    ended = complaint.closed_at is not None
    return Say("not_open" if ended else "not_answered")


_DOING = {
    "find_units": _find_units,
    "file": _file,
    "status": _status,
    "add": _add,
    "add_last": _add_last,
    "settle": _settle,
    "reopen": _reopen,
}
