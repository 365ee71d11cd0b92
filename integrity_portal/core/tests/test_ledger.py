import pytest
from django.db import connection, transaction
from django.db.utils import InternalError
from django.utils import timezone
from hypothesis import given, strategies as st

from integrity_portal.core import ledger
from integrity_portal.core.models import LedgerEntry, LedgerLeaf, LedgerSeal
from integrity_portal.testing.sealing import seal_all
from opd.tests.factories import GovernmentFactory

pytestmark = pytest.mark.django_db(transaction=True)


def _write(count: int) -> None:
    subject = GovernmentFactory()
    for number in range(count):
        with transaction.atomic():
            ledger.record(
                "test.written", subject, by=None, government_id=subject.pk, codes={"n": number}
            )


def _merkle(leaves: list[bytes]) -> bytes:
    """The recursive definition of RFC 6962 §2.1."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return ledger.node_hash(_merkle(leaves[:split]), _merkle(leaves[split:]))


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=40))
def test_peaks_give_the_root_of_the_recursive_definition(entries: list[bytes]) -> None:
    hashes = [ledger.leaf_hash(entry) for entry in entries]
    peaks: list[tuple[int, bytes]] = []
    for digest in hashes:
        peaks = ledger.append(peaks, digest)
    assert ledger.root_of(peaks) == _merkle(hashes)


def test_sealed_entries_are_gapless_and_verify() -> None:
    _write(5)
    seal_all()
    _write(3)
    seal_all()
    assert list(LedgerLeaf.objects.order_by("position").values_list("position", flat=True)) == [
        *range(8)
    ]
    assert LedgerSeal.objects.count() >= 2
    assert ledger.verify() == 8


def test_sealing_nothing_makes_no_head() -> None:
    assert ledger.seal(now=timezone.now()) is None


def test_rows_refuse_change_and_removal_by_raw_sql() -> None:
    _write(1)
    for sql in ("UPDATE core_ledgerentry SET verb = 'x'", "DELETE FROM core_ledgerentry"):
        with connection.cursor() as cursor, pytest.raises(InternalError, match="Cannot"):
            cursor.execute(sql)


def test_an_altered_entry_is_found() -> None:
    _write(2)
    seal_all()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_ledgerentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_ledgerentry SET verb = 'test.forged' WHERE codes->>'n' = '1'")
        cursor.execute("ALTER TABLE core_ledgerentry ENABLE TRIGGER USER")
    with pytest.raises(ledger.LedgerBroken, match="was altered"):
        ledger.verify()


@pytest.mark.parametrize("text", ["Budi Santoso", "budi@example.org", "x" * 65])
def test_free_text_is_refused(text: str) -> None:
    subject = GovernmentFactory()
    with transaction.atomic(), pytest.raises(ValueError, match="not a code"):
        ledger.record("test.written", subject, by=None, codes={"name": text})
    assert not LedgerEntry.objects.exists()


def test_an_entry_needs_the_transaction_of_its_change() -> None:
    with pytest.raises(ValueError, match="transaction"):
        ledger.record("test.written", GovernmentFactory(), by=None)
