"""What was signed or closed once can be read for ever, whatever becomes of the act."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from assessments.actions.corrections import change_text, discard_signed, reopen_declaration
from assessments.actions.declarations import take_step
from assessments.documents import piagam_chapter
from assessments.enums import DeclarationState, ZoneStage
from assessments.models import Declaration, FormerText, IntegrityZone
from assessments.queries.declarations import declaration_of
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    SignatoryFactory,
    SignatureFactory,
)
from assessments.tests.signed_pdfs import stored
from assessments.tests.test_piagam import html_of
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role, SuccessionKind
from opd.models import Membership, Unit, UnitSuccession
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def signed(cast: Cast, boss: Membership, *units: Unit) -> Declaration:
    """Opened, and signed on a page that is kept."""
    act = DeclarationFactory(government=cast.home)
    for unit in units or (cast.unit,):
        DeclarationUnitFactory(declaration=act, unit=unit)
    place = SignatoryFactory(declaration=act, title="Sekda")
    act = take_step(declaration=act, name="open", by=boss, now=NOW)
    SignatureFactory(signatory=place, scan=stored(cast.home.pk))
    return act


def rewritten(act: Declaration, boss: Membership) -> Declaration:
    return change_text(declaration=act, reason="Unit kurang", by=boss, now=NOW)


def page(client: Client, name: str, *args: int) -> str:
    answer = client.get(reverse(f"assessments:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


class TestClosedOnce:
    @pytest.fixture
    def draft(self, cast: Cast, boss: Membership) -> Declaration:
        act = signed(cast, boss)
        take_step(declaration=act, name="close", by=boss, now=NOW)
        reopen_declaration(declaration=act, reason="Keliru", by=boss, now=NOW)
        return rewritten(act, boss)

    def test_is_not_discarded_and_says_what_to_do(
        self, draft: Declaration, boss: Membership, desk: Client
    ) -> None:
        with pytest.raises(StepRefused) as refused:
            discard_signed(declaration=draft, reason="Coba", by=boss, now=NOW)
        assert [item.sentence for item in refused.value.missing] == [
            "Pencanangan ini pernah ditutup, jadi tidak dapat dibuang. "
            "Perbaiki, buka untuk ditandatangani, lalu tutup lagi."
        ]
        target = reverse("assessments:declaration_step", args=[draft.pk, "discard"])
        assert "pernah ditutup" in desk.post(target, follow=True).content.decode()
        draft.refresh_from_db()
        assert draft.state == DeclarationState.DRAFT
        shown = page(desk, "declaration", draft.pk)
        assert "Perbaiki, buka untuk ditandatangani" in shown
        assert "/discard/" not in shown
        direct = reverse("assessments:declaration_discard", args=[draft.pk])
        assert desk.post(direct, {"reason": "Coba"}).status_code == 403

    @pytest.mark.parametrize("role", [Role.MAYOR, Role.OPD_HEAD, Role.TPN_REVIEWER])
    def test_everybody_still_reads_it_with_its_files(
        self, role: str, draft: Declaration, cast: Cast, client_as: Any
    ) -> None:
        client = client_as(cast[role])
        shown = page(client, "declaration", draft.pk)
        assert "Unit kurang" in shown
        assert FormerText.objects.get().text_sha256 in shown
        row = draft.signatories.get().signatures.get()
        assert file_ok(client, "signature_file", draft.pk, row.pk)
        assert draft.title in page(client, "declarations")


def file_ok(client: Client, name: str, *args: int) -> bool:
    answer = client.get(reverse(f"assessments:{name}", args=args))
    return answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF")


class TestSignedButNeverClosed:
    def test_is_discarded_with_a_reason_only_and_stays_readable(
        self, cast: Cast, boss: Membership, desk: Client, client_as: Any
    ) -> None:
        act = rewritten(signed(cast, boss), boss)
        step = reverse("assessments:declaration_step", args=[act.pk, "discard"])
        assert "tulis mengapa dibuang" in desk.post(step, follow=True).content.decode()
        target = reverse("assessments:declaration_discard", args=[act.pk])
        assert target in page(desk, "declaration", act.pk)
        assert step not in page(desk, "declaration", act.pk)
        assert "Tulis alasan" in desk.post(target, {"reason": " "}).content.decode()
        shown = desk.post(target, {"reason": "Acara <b>batal</b>"}, follow=True).content.decode()
        assert "Draf dibuang" in shown
        assert LedgerEntry.objects.filter(verb="declaration.discard", subject_id=act.pk).exists()
        assert desk.get(target).status_code == 403

        head = client_as(cast[Role.OPD_HEAD])
        shown = page(head, "declaration", act.pk)
        for words in ("Acara &lt;b&gt;batal", "Unit kurang", "tidak berlaku", "Dibuang"):
            assert words in shown
        row = act.signatories.get().signatures.get()
        assert file_ok(head, "signature_file", act.pk, row.pk)
        found = declaration_of(cast[Role.OPD_HEAD], act.pk)
        assert found is not None
        assert "Dibuang: pencanangan ini tidak berlaku." in html_of(found)

    def test_the_text_that_was_signed_is_kept_unchanged(self, cast: Cast, boss: Membership) -> None:
        act = signed(cast, boss)
        text, fingerprint = act.text, act.text_sha256
        rewritten(act, boss)
        kept = FormerText.objects.get()
        assert (kept.text, kept.text_sha256) == (text, fingerprint)
        take_step(declaration=act, name="open", by=boss, now=NOW)
        take_step(declaration=act, name="return_to_draft", by=boss, now=NOW)
        assert FormerText.objects.count() == 1, "the same words once"
        for change in (lambda: kept.delete(), lambda: FormerText.objects.update(text="Lain")):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_a_draft_that_nobody_saw_is_discarded_at_once(
        self, cast: Cast, boss: Membership
    ) -> None:
        act = DeclarationFactory(government=cast.home)
        take_step(declaration=act, name="discard", by=boss, now=NOW)
        assert declaration_of(boss, act.pk) is None


def test_zones_of_units_that_were_taken_over_follow_the_act(cast: Cast, boss: Membership) -> None:
    """The ended zone says what its unit had reached: it goes back and comes again with the act."""
    heir = UnitFactory(government=cast.home)
    old = UnitFactory(government=cast.home, active_to=date(2026, 4, 30))
    UnitSuccession.objects.create(
        government=cast.home,
        predecessor=old,
        successor=heir,
        kind=SuccessionKind.MERGED,
        happened_on=date(2026, 5, 1),
    )
    act = signed(cast, boss, old)

    def stages() -> list[str]:
        found = dict(IntegrityZone.objects.values_list("unit", "stage"))
        return [found[old.pk], found[heir.pk]]

    take_step(declaration=act, name="close", by=boss, now=NOW)
    assert stages() == [ZoneStage.DECLARED, ZoneStage.DECLARED]
    assert IntegrityZone.objects.get(unit=old).closed_on == date(2026, 4, 30)
    reopen_declaration(declaration=act, reason="Keliru", by=boss, now=NOW)
    assert stages() == [ZoneStage.COMMITTED, ZoneStage.COMMITTED]
    take_step(declaration=act, name="close", by=boss, now=NOW + timedelta(days=1))
    assert stages() == [ZoneStage.DECLARED, ZoneStage.DECLARED]
    assert IntegrityZone.objects.count() == 2


class TestBannerFollowsTheSignatures:
    def test_piagam(self, cast: Cast, boss: Membership) -> None:
        act = DeclarationFactory(government=cast.home, open=True)
        first, last = (SignatoryFactory(declaration=act) for _ in range(2))
        SignatureFactory(signatory=first)

        def shown() -> str:
            found = declaration_of(boss, act.pk)
            assert found is not None
            return html_of(found)

        assert "Belum semua penanda tangan menandatangani." in shown()
        row = SignatureFactory(
            signatory=last, method="portal", text_sha256=act.text_sha256, recorded_by=boss
        )
        assert "Semua sudah menandatangani; pencanangan belum ditutup." in shown()
        assert "Belum semua" not in shown()
        type(row).objects.filter(pk=row.pk).update(text_sha256="ab" * 32)
        assert "Belum semua" in shown(), "signed, but other words"
        assert "all_signed" in piagam_chapter(act).context

    def test_a_past_deadline_is_no_matter_once_all_have_signed(
        self, cast: Cast, desk: Client
    ) -> None:
        act = DeclarationFactory(government=cast.home, open=True, sign_by=date(2026, 3, 5))
        place = SignatoryFactory(declaration=act)
        for shown in (page(desk, "declaration", act.pk), page(desk, "declarations")):
            assert "Tanda tangan terlambat" in shown
        SignatureFactory(signatory=place)
        for shown in (page(desk, "declaration", act.pk), page(desk, "declarations")):
            assert "Tanda tangan terlambat" not in shown
        shown = page(desk, "declaration", act.pk)
        assert "Semua sudah menandatangani; pencanangan belum ditutup." in shown
        assert "5 Maret 2026" not in shown
