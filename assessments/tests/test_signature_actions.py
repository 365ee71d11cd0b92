"""Signatures on paper, in the portal and as a certified PDF; withdrawing; what the tables refuse."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from assessments.actions.signatures import (
    attach_scan,
    record_certified,
    record_wet,
    sign_in_portal,
    withdraw_signature,
)
from assessments.enums import SignatureMethod
from assessments.models import Signatory, Signature
from assessments.pdf_signatures import holds_signature
from assessments.tests.factories import DeclarationFactory, SignatoryFactory, SignatureFactory
from assessments.tests.signed_pdfs import pdf, stored, updated
from integrity_portal.core import files
from integrity_portal.core.models import LedgerEntry, StoredFile
from opd.enums import Role
from opd.transitions import StepRefused

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def place(cast: Any) -> Signatory:
    """The mayor's, in an open declaration."""
    act = DeclarationFactory(government=cast.home, open=True)
    return SignatoryFactory(declaration=act, title="Wali Kota", membership=cast[Role.MAYOR])


def wet(place: Signatory, by: Any, **changed: Any) -> Signature:
    facts = {"signed_on": date(2026, 3, 2), "precision": "day", "scan": None} | changed
    return record_wet(signatory=place, by=by, now=NOW, **facts)


def portal(place: Signatory, by: Any, text_sha256: str | None = None) -> Signature:
    digest = place.declaration.text_sha256 if text_sha256 is None else text_sha256
    return sign_in_portal(signatory=place, text_sha256=digest, by=by, now=NOW)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (pdf(), False),
        (pdf(empty_field=True), False),
        (pdf(signed=True), True),
        (pdf(signed=True, nested=True), True),
        (updated(pdf(signed=True)), True),
        (pdf(signed=True) + b"appended", False),
        (pdf(signed=True).replace(b"%PDF-1.", b"%PDF-2.", 1), False),
        (pdf(signed=True, message=b"\x30\x03abc"), False),
        (pdf(signed=True, message=b"\x30\x84\xff\xff\xff\xffabc"), False),
        (pdf(signed=True, covered=(0, 10, 20, 30)), False),
        (pdf(signed=True, skip=7), False),
        (b"%PDF-1.7 broken", False),
        (b"", False),
    ],
    ids=[
        "plain",
        "empty field",
        "signed",
        "signed below another field",
        "updated later",
        "grown",
        "changed after signing",
        "no PKCS#7",
        "length too big",
        "covers something else",
        "does not begin at 0",
        "broken",
        "nothing",
    ],
)
def test_a_pdf_is_signed_when_its_field_is_filled(content: bytes, expected: bool) -> None:
    assert holds_signature(io.BytesIO(content)) is expected


def test_a_locked_pdf_is_refused_with_its_sentence() -> None:
    with pytest.raises(files.FileRefused, match="terkunci sandi"):
        holds_signature(io.BytesIO(pdf(password="rahasia")))


class TestPaper:
    def test_with_and_without_scan(self, place: Signatory, boss: Any, cast: Any) -> None:
        scan = stored(cast.home.pk)
        signature = wet(place, boss, scan=scan, precision="month")
        scan.refresh_from_db()
        assert scan.state == StoredFile.State.STORED
        assert (signature.method, signature.signed.precision) == (SignatureMethod.WET, "month")
        entry = LedgerEntry.objects.get(verb="signature.recorded")
        assert entry.codes["method"] == "wet"

    def test_once_only(self, place: Signatory, boss: Any) -> None:
        wet(place, boss)
        with pytest.raises(StepRefused, match="sudah dicatat"):
            wet(place, boss)

    def test_not_in_the_future(self, place: Signatory, boss: Any) -> None:
        with pytest.raises(StepRefused, match="belum tiba"):
            wet(place, boss, signed_on=NOW.date() + timedelta(days=1))

    @pytest.mark.parametrize(
        ("signed_on", "precision", "refused"),
        [
            (date(2026, 5, 19), "day", True),
            (date(2026, 5, 20), "day", False),
            (date(2026, 5, 1), "month", False),
            (date(2026, 4, 1), "month", True),
            (date(2026, 1, 1), "year", False),
            (date(2025, 1, 1), "year", True),
        ],
    )
    def test_not_before_the_text_was_opened(
        self, signed_on: date, precision: str, refused: bool, place: Signatory, boss: Any
    ) -> None:
        act = place.declaration
        type(act).objects.filter(pk=act.pk).update(held_on=date(2026, 5, 25))
        act.steps.create(
            name="open",
            from_state="draft",
            to_state="open",
            happened_at=datetime(2026, 5, 20, 3, tzinfo=UTC),
        )
        place.refresh_from_db()
        if refused:
            with pytest.raises(StepRefused, match="dibuka untuk ditandatangani pada 20 Mei 2026"):
                wet(place, boss, signed_on=signed_on, precision=precision)
        else:
            wet(place, boss, signed_on=signed_on, precision=precision)

    def test_an_act_of_the_past_was_signed_around_its_day(
        self, place: Signatory, boss: Any
    ) -> None:
        with pytest.raises(StepRefused, match="tahun 2025 atau sesudahnya"):
            wet(place, boss, signed_on=date(2024, 12, 31))
        wet(place, boss, signed_on=date(2025, 1, 1))

    @pytest.mark.parametrize("role", [r for r in Role.values if r != Role.ZI_SECRETARIAT])
    def test_only_the_secretariat_records_paper(
        self, role: str, place: Signatory, cast: Any
    ) -> None:
        with pytest.raises(StepRefused):
            wet(place, cast[role])
        assert not Signature.objects.exists()

    def test_not_by_another_government(self, place: Signatory, cast: Any) -> None:
        with pytest.raises(place.declaration.DoesNotExist):
            wet(place, cast.away_offices[Role.ZI_SECRETARIAT])

    @pytest.mark.parametrize("state", [{}, {"closed": True}])
    def test_only_while_open(self, state: dict, cast: Any, boss: Any) -> None:
        closed = SignatoryFactory(declaration=DeclarationFactory(government=cast.home, **state))
        with pytest.raises(StepRefused, match="tidak sedang dibuka"):
            wet(closed, boss)

    def test_a_scan_may_come_later_once(self, place: Signatory, boss: Any, cast: Any) -> None:
        wet(place, boss)
        attach_scan(signatory=place, scan=stored(cast.home.pk), by=boss)
        with pytest.raises(StepRefused, match="pindaian"):
            attach_scan(signatory=place, scan=stored(cast.home.pk), by=boss)
        assert LedgerEntry.objects.filter(verb="signature.scanned").count() == 1

    def test_a_scan_may_come_after_closing(self, boss: Any, cast: Any) -> None:
        place = SignatoryFactory(declaration=DeclarationFactory(government=cast.home, closed=True))
        SignatureFactory(signatory=place)
        attach_scan(signatory=place, scan=stored(cast.home.pk), by=boss)
        assert Signature.objects.get().scan is not None


class TestPortal:
    def test_the_office_itself_over_the_text(self, place: Signatory, cast: Any) -> None:
        signature = portal(place, cast[Role.MAYOR])
        assert signature.text_sha256 == place.declaration.text_sha256
        assert signature.signed_on == date(2026, 6, 1)
        assert signature.recorded_by == cast[Role.MAYOR]

    @pytest.mark.parametrize("role", [r for r in Role.values if r != Role.MAYOR])
    def test_nobody_for_him(self, role: str, place: Signatory, cast: Any) -> None:
        with pytest.raises(StepRefused, match="pemegang jabatan"):
            portal(place, cast[role])

    def test_a_place_without_office_is_never_signed_here(self, cast: Any) -> None:
        act = DeclarationFactory(government=cast.home, open=True)
        with pytest.raises(StepRefused):
            portal(SignatoryFactory(declaration=act), cast[Role.MAYOR])

    @pytest.mark.parametrize("digest", ["", "0" * 64])
    def test_another_text_is_refused(self, digest: str, place: Signatory, cast: Any) -> None:
        with pytest.raises(StepRefused, match="Naskah berubah"):
            portal(place, cast[Role.MAYOR], digest)


class TestCertified:
    def test_a_signed_pdf(self, place: Signatory, boss: Any, cast: Any) -> None:
        file = stored(cast.home.pk, pdf(signed=True))
        signature = record_certified(
            signatory=place, signed_on=date(2026, 3, 2), pdf=file, by=boss, now=NOW
        )
        assert (signature.method, signature.scan) == (SignatureMethod.CERTIFIED, file)

    def test_any_other_pdf_is_refused(self, place: Signatory, boss: Any, cast: Any) -> None:
        file = stored(cast.home.pk, pdf(empty_field=True))
        with pytest.raises(StepRefused, match="tidak memuat tanda tangan"):
            record_certified(
                signatory=place, signed_on=date(2026, 3, 2), pdf=file, by=boss, now=NOW
            )
        assert not Signature.objects.exists()


class TestWithdrawal:
    def test_stays_in_the_history_and_frees_the_place(self, place: Signatory, boss: Any) -> None:
        first = wet(place, boss)
        withdraw_signature(signatory=place, reason=" Keliru ", by=boss, now=NOW)
        second = wet(place, boss)
        first.refresh_from_db()
        assert (first.withdrawal_reason, first.withdrawn_by) == ("Keliru", boss)
        assert list(place.signatures.order_by("pk")) == [first, second]
        assert Signatory.objects.get().signature == second
        entry = LedgerEntry.objects.get(verb="signature.withdrawn")
        assert "Keliru" not in str(entry.codes)

    def test_needs_a_reason_and_a_signature(self, place: Signatory, boss: Any) -> None:
        with pytest.raises(StepRefused, match="Tidak ada tanda tangan"):
            withdraw_signature(signatory=place, reason="x", by=boss, now=NOW)
        wet(place, boss)
        with pytest.raises(StepRefused, match="mengapa"):
            withdraw_signature(signatory=place, reason="  ", by=boss, now=NOW)

    def test_not_after_closing(self, boss: Any, cast: Any) -> None:
        place = SignatoryFactory(declaration=DeclarationFactory(government=cast.home, closed=True))
        SignatureFactory(signatory=place)
        with pytest.raises(StepRefused, match="tidak sedang dibuka"):
            withdraw_signature(signatory=place, reason="x", by=boss, now=NOW)

    @pytest.mark.parametrize("role", [r for r in Role.values if r != Role.ZI_SECRETARIAT])
    def test_only_by_the_secretariat(self, role: str, place: Signatory, cast: Any) -> None:
        SignatureFactory(signatory=place)
        with pytest.raises(StepRefused):
            withdraw_signature(signatory=place, reason="x", by=cast[role], now=NOW)


WRONG = {
    "portal without hash": {"method": "portal"},
    "portal without office": {"method": "portal", "text_sha256": "a"},
    "certified without file": {"method": "certified"},
    "wet with a hash": {"method": "wet", "text_sha256": "a"},
    "withdrawn without reason": {"withdrawn_at": NOW},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_the_database_refuses_a_signature_without_its_evidence(
    wrong: dict, place: Signatory
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        SignatureFactory(signatory=place, **wrong)


def test_one_signature_stands_by_the_database(place: Signatory) -> None:
    SignatureFactory(signatory=place, withdrawn=True)
    SignatureFactory(signatory=place)
    with pytest.raises(IntegrityError), transaction.atomic():
        SignatureFactory(signatory=place)


def test_a_signature_is_never_deleted_nor_a_withdrawal_undone(place: Signatory) -> None:
    row = SignatureFactory(signatory=place, withdrawn=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Signature.objects.filter(pk=row.pk).update(
            withdrawn_at=None, withdrawn_by=None, withdrawal_reason=""
        )
