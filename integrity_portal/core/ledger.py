"""The ledger: entries by actions, gapless leaves and signed heads by the sealer.

Hashing follows RFC 6962 §2.1: leaf = SHA-256(0x00 ‖ entry), node = SHA-256(0x01 ‖ left ‖ right).
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, models, transaction

from integrity_portal.core import keys, logs
from integrity_portal.core.models import LedgerEntry, LedgerLeaf, LedgerSeal

Code = str | int | bool | None
_CODE = re.compile(r"[A-Za-z0-9_.:/-]{0,64}")
_LOCK = 7_120_001
BATCH = 1000


class Actor(Protocol):
    """Whoever acts: a membership."""

    pk: Any
    user_id: int
    government_id: int


class LedgerBroken(Exception):
    """Stored entries, leaves or heads do not agree; the message names the first place."""


def record(
    verb: str,
    subject: models.Model,
    *,
    by: Actor | None,
    government_id: int | None = None,
    codes: Mapping[str, Code] | None = None,
) -> LedgerEntry:
    """Write one entry in the caller's transaction.

    `verb` is `<noun>.<past participle>`; `codes` may hold numbers, booleans and short codes. Raises
    ValueError for anything that looks like free text, and outside a transaction.
    """
    entry = _entry(verb, subject, by, government_id, codes)
    entry.save(force_insert=True)
    return entry


def record_all(
    verb: str, rows: Iterable[tuple[models.Model, Mapping[str, Code]]], *, by: Actor
) -> int:
    """One entry for each row with its codes, as `record` writes it; how many."""
    entries = [_entry(verb, subject, by, None, codes) for subject, codes in rows]
    return len(LedgerEntry.objects.bulk_create(entries, batch_size=BATCH))


def _entry(
    verb: str,
    subject: models.Model,
    by: Actor | None,
    government_id: int | None,
    codes: Mapping[str, Code] | None,
) -> LedgerEntry:
    if not connection.in_atomic_block:
        raise ValueError(f"{verb}: a ledger entry belongs into the transaction of its change")
    values = dict(codes or {})
    for name, value in values.items():
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise ValueError(f"{verb}: {name} is not a code")
    return LedgerEntry(
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        government_id=by.government_id if by and government_id is None else government_id,
        actor_id=by.user_id if by else None,
        membership_id=by.pk if by else None,
        codes=values,
        request_id=logs.request_id.get(),
    )


def canonical(entry: LedgerEntry) -> bytes:
    """The bytes that are hashed: sorted JSON, time in UTC with microseconds."""
    content = {
        "id": entry.pk,
        "government": entry.government_id,
        "actor": entry.actor_id,
        "membership": entry.membership_id,
        "verb": entry.verb,
        "type": entry.subject_type,
        "subject": entry.subject_id,
        "codes": entry.codes,
        "at": entry.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "request": entry.request_id,
    }
    return json.dumps(content, sort_keys=True, separators=(",", ":")).encode()


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(peaks: list[tuple[int, bytes]], leaf: bytes) -> list[tuple[int, bytes]]:
    """Peaks are (size, hash) of perfect subtrees, largest first; equal neighbours merge."""
    grown = [*peaks, (1, leaf)]
    while len(grown) > 1 and grown[-2][0] == grown[-1][0]:
        right, left = grown.pop(), grown.pop()
        grown.append((left[0] + right[0], node_hash(left[1], right[1])))
    return grown


def root_of(peaks: list[tuple[int, bytes]]) -> bytes:
    """RFC 6962 tree head of all leaves behind the peaks; of none: SHA-256 of nothing."""
    if not peaks:
        return hashlib.sha256().digest()
    root = peaks[-1][1]
    for _, left in reversed(peaks[:-1]):
        root = node_hash(left, root)
    return root


@transaction.atomic
def seal(*, now: datetime) -> LedgerSeal | None:
    """Seal entries that no open transaction can precede; None when there is nothing to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        horizon = cursor.fetchone()[0]
    last = LedgerSeal.objects.order_by("-tree_size").first()
    fresh = LedgerEntry.objects.filter(leaf=None, txid__lt=horizon).order_by("pk")[:BATCH]
    size = last.tree_size if last else 0
    peaks = _read_peaks(last)
    leaves = []
    for entry in fresh:
        digest = leaf_hash(canonical(entry))
        leaves.append(LedgerLeaf(position=size, entry=entry, leaf_hash=digest))
        peaks = append(peaks, digest)
        size += 1
    if not leaves:
        return None
    LedgerLeaf.objects.bulk_create(leaves)
    root = root_of(peaks)
    previous = bytes(last.root_hash) if last else b""
    return LedgerSeal.objects.create(
        tree_size=size,
        root_hash=root,
        peaks=[[count, digest.hex()] for count, digest in peaks],
        previous_hash=previous,
        signature=_signer().sign(_head(size, root, previous, now)),
        sealed_at=now,
    )


def verify() -> int:
    """Recompute everything; returns the number of sealed entries. Raises LedgerBroken."""
    heads = LedgerSeal.objects.order_by("tree_size").iterator()
    previous, peaks, size = b"", list[tuple[int, bytes]](), 0
    leaves = _leaves()
    for head in heads:
        while size < head.tree_size:
            leaf = next(leaves, None)
            if leaf is None or leaf.position != size:
                raise LedgerBroken(f"leaf {size} is missing")
            digest = leaf_hash(canonical(leaf.entry))
            if digest != bytes(leaf.leaf_hash):
                raise LedgerBroken(f"entry {leaf.entry_id} was altered")
            peaks = append(peaks, digest)
            size += 1
        _verify_head(head, root_of(peaks), previous)
        previous = bytes(head.root_hash)
    if next(leaves, None) is not None:
        raise LedgerBroken(f"leaf {size} is not covered by a signed head")
    return size


def _verify_head(head: LedgerSeal, root: bytes, previous: bytes) -> None:
    if bytes(head.root_hash) != root or bytes(head.previous_hash) != previous:
        raise LedgerBroken(f"the head over {head.tree_size} entries does not fit its leaves")
    signed = _head(head.tree_size, root, previous, head.sealed_at)
    try:
        _signer().public_key().verify(bytes(head.signature), signed)
    except InvalidSignature as error:
        raise LedgerBroken(f"the head over {head.tree_size} entries is not ours") from error


def _leaves() -> Iterator[LedgerLeaf]:
    return LedgerLeaf.objects.select_related("entry").order_by("position").iterator()


def _read_peaks(last: LedgerSeal | None) -> list[tuple[int, bytes]]:
    return [(count, bytes.fromhex(digest)) for count, digest in last.peaks] if last else []


def _head(size: int, root: bytes, previous: bytes, at: datetime) -> bytes:
    stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"ledger-head-1|{size}|{root.hex()}|{previous.hex()}|{stamp}".encode()


def _signer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.secret("ledger_signing"))
