"""What was recorded wrongly is put right in the open: reopening, rewriting, correcting a decree."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from assessments.actions.corrections import change_text, reopen_declaration
from assessments.actions.declarations import take_step
from assessments.actions.decrees import DecreeFacts, correct_decree, register_decree
from assessments.actions.signatures import record_wet, sign_in_portal, withdraw_signature
from assessments.actions.zones import start_building, take_zones_back, unname_units
from assessments.enums import DeclarationState, ZoneStage
from assessments.models import (
    Declaration,
    DecreeCorrection,
    IntegrityZone,
    NamedUnit,
    NamingDecree,
    Signatory,
    Signature,
)
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    SignatoryFactory,
    SignatureFactory,
)
from assessments.tests.signed_pdfs import pdf
from integrity_portal.core.models import LedgerEntry, StoredFile
from opd.enums import Role
from opd.models import Membership, Unit
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def closed(cast: Cast, units: list[Unit], by: Membership) -> Declaration:
    """Signed on paper by one and in the portal by the mayor, then closed."""
    act = DeclarationFactory(government=cast.home, open=True)
    for unit in units:
        DeclarationUnitFactory(declaration=act, unit=unit)
    SignatureFactory(signatory=SignatoryFactory(declaration=act, title="Sekda"))
    mayor = cast[Role.MAYOR]
    place = SignatoryFactory(declaration=act, title="Wali Kota", membership=mayor)
    sign_in_portal(signatory=place, text_sha256=act.text_sha256, by=mayor, now=NOW)
    return take_step(declaration=act, name="close", by=by, now=NOW)


def stages(*units: Unit) -> list[str]:
    found = dict(IntegrityZone.objects.values_list("unit_id", "stage"))
    return [found[unit.pk] for unit in units]


class TestReopening:
    def test_the_whole_way_and_back(self, cast: Cast, boss: Membership) -> None:
        """Open again, withdraw the wrong signature, record it anew, close."""
        act = closed(cast, [cast.unit], boss)
        wrong = Signature.objects.get(method="wet")
        portal = Signature.objects.get(method="portal")

        again = reopen_declaration(
            declaration=act, reason=" Tanggal Sekda keliru ", by=boss, now=NOW
        )
        assert (again.state, again.closed_at, again.text) == (DeclarationState.OPEN, None, act.text)
        step = act.steps.get(name="reopen")
        assert (step.note, step.membership) == ("Tanggal Sekda keliru", boss)
        assert LedgerEntry.objects.filter(verb="declaration.reopen").count() == 1
        assert stages(cast.unit) == [ZoneStage.COMMITTED]

        place = wrong.signatory
        withdraw_signature(signatory=place, reason="Salah hari", by=boss, now=NOW)
        with pytest.raises(StepRefused):
            take_step(declaration=act, name="close", by=boss, now=NOW)
        record_wet(
            signatory=place,
            signed_on=date(2026, 3, 3),
            precision="day",
            scan=None,
            by=boss,
            now=NOW,
        )
        portal.refresh_from_db()
        assert portal.withdrawn_at is None, "the text is the same, so the signature stands"
        take_step(declaration=act, name="close", by=boss, now=NOW)
        assert stages(cast.unit) == [ZoneStage.DECLARED]
        names = list(IntegrityZone.objects.get().steps.order_by("pk").values_list("name"))
        assert names == [("declare",), ("take_back",), ("declare",)]

    def test_zones_that_stand_otherwise_stay(self, cast: Cast, boss: Membership) -> None:
        act = closed(cast, [cast.unit, cast.other_unit, cast.below], boss)
        closed(cast, [cast.other_unit], boss)
        register(cast, [cast.below])
        zone = IntegrityZone.objects.get(unit=cast.below)
        start_building(zone=zone, by=boss, now=NOW)
        reopen_declaration(declaration=act, reason="Keliru", by=boss, now=NOW)
        assert stages(cast.unit, cast.other_unit, cast.below) == [
            ZoneStage.COMMITTED,
            ZoneStage.DECLARED,
            ZoneStage.BUILDING,
        ]
        with transaction.atomic():
            take_zones_back(declaration=act, by=boss, now=NOW)
        assert stages(cast.other_unit) == [ZoneStage.DECLARED]

    def test_without_a_reason_nothing_happens(self, cast: Cast, boss: Membership) -> None:
        act = closed(cast, [cast.unit], boss)
        with pytest.raises(StepRefused) as refused:
            reopen_declaration(declaration=act, reason="  ", by=boss, now=NOW)
        assert "alasan" in refused.value.missing[0].sentence
        act.refresh_from_db()
        assert act.state == DeclarationState.CLOSED

    def test_the_database_lets_nothing_else_change(self, cast: Cast, boss: Membership) -> None:
        act = closed(cast, [cast.unit], boss)
        rows = Declaration.objects.filter(pk=act.pk)
        for change in (
            {"title": "Lain"},
            {"state": "draft", "closed_at": None, "text": "", "text_sha256": ""},
            {"state": "open", "closed_at": None, "text": "Lain"},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()

    def test_the_page_says_what_it_means(self, cast: Cast, boss: Membership, desk: Client) -> None:
        act = closed(cast, [cast.unit], boss)
        target = reverse("assessments:declaration_reopen", args=[act.pk])
        here = reverse("assessments:declaration", args=[act.pk])
        assert target in desk.get(here).content.decode()
        page = desk.get(target).content.decode()
        assert "semua orang harus menandatangani lagi" in page
        assert "1 zona kembali ke tahap berkomitmen" in page
        assert cast.unit.label in page
        assert "Tulis alasan koreksi" in desk.post(target, {"reason": " "}).content.decode()
        page = desk.post(target, {"reason": "Tanggal <b>keliru</b>"}, follow=True).content.decode()
        assert "terbuka kembali" in page
        assert "Tanggal &lt;b&gt;keliru&lt;/b&gt;" in page
        assert desk.get(target).status_code == 403
        assert desk.post(target, {"reason": "Sekali lagi"}).status_code == 403

    def test_nobody_else_is_offered_it(self, cast: Cast, boss: Membership, client_as: Any) -> None:
        act = closed(cast, [cast.unit], boss)
        page = client_as(cast[Role.MAYOR]).get(reverse("assessments:declaration", args=[act.pk]))
        assert "reopen" not in page.content.decode()
        with pytest.raises(StepRefused):
            reopen_declaration(declaration=act, reason="x", by=cast[Role.MAYOR], now=NOW)


class TestChangingTheText:
    def test_everybody_must_sign_again(self, cast: Cast, boss: Membership) -> None:
        act = closed(cast, [cast.unit], boss)
        reopen_declaration(declaration=act, reason="Keliru", by=boss, now=NOW)
        with pytest.raises(StepRefused):
            take_step(declaration=act, name="return_to_draft", by=boss, now=NOW)
        draft = change_text(declaration=act, reason="Unit kurang", by=boss, now=NOW)
        assert (draft.state, draft.text) == (DeclarationState.DRAFT, "")
        assert not Signature.objects.filter(withdrawn_at=None).exists()
        reasons = set(Signature.objects.values_list("withdrawal_reason", flat=True))
        assert reasons == {"Unit kurang"}
        assert LedgerEntry.objects.filter(verb="signature.withdrawn").count() == 2
        take_step(declaration=act, name="open", by=boss, now=NOW)
        with pytest.raises(StepRefused) as refused:
            take_step(declaration=act, name="close", by=boss, now=NOW)
        assert len(refused.value.missing) == 2

    def test_a_signature_under_other_words_does_not_close(
        self, cast: Cast, boss: Membership
    ) -> None:
        act = DeclarationFactory(government=cast.home, open=True)
        place = SignatoryFactory(declaration=act, membership=cast[Role.MAYOR])
        SignatureFactory(
            signatory=place, method="portal", text_sha256="ab" * 32, recorded_by=cast[Role.MAYOR]
        )
        with pytest.raises(StepRefused) as refused:
            take_step(declaration=act, name="close", by=boss, now=NOW)
        assert "naskah lain" in refused.value.missing[0].sentence

    def test_the_page_says_so_before(self, cast: Cast, boss: Membership, desk: Client) -> None:
        act = closed(cast, [cast.unit], boss)
        reopen_declaration(declaration=act, reason="Keliru", by=boss, now=NOW)
        target = reverse("assessments:declaration_text", args=[act.pk])
        page = desk.get(reverse("assessments:declaration", args=[act.pk])).content.decode()
        assert target in page
        assert "steps/return_to_draft/" not in page
        page = desk.get(target).content.decode()
        assert "2 tanda tangan ditarik; semua penanda tangan harus menandatangani lagi" in page
        assert "Tulis alasan" in desk.post(target, {"reason": ""}).content.decode()
        assert Signature.objects.filter(withdrawn_at=None).count() == 2
        page = desk.post(target, {"reason": "Unit kurang"}, follow=True).content.decode()
        assert "menjadi draf lagi" in page
        assert desk.post(target, {"reason": "Unit kurang"}).status_code == 403

    def test_refused_without_reason_or_in_another_state(self, cast: Cast, boss: Membership) -> None:
        act = DeclarationFactory(government=cast.home, open=True)
        with pytest.raises(StepRefused, match="mengapa"):
            change_text(declaration=act, reason=" ", by=boss, now=NOW)
        done = closed(cast, [cast.unit], boss)
        with pytest.raises(StepRefused, match="tidak sedang dibuka"):
            change_text(declaration=done, reason="x", by=boss, now=NOW)
        with pytest.raises(StepRefused, match="sekretariat ZI"):
            change_text(declaration=act, reason="x", by=cast[Role.MAYOR], now=NOW)


def register(cast: Cast, units: list[Unit], number: str = "188/1") -> NamingDecree:
    return register_decree(
        number=number,
        decided_on=date(2026, 4, 1),
        unit_ids=[unit.pk for unit in units],
        by=cast[Role.ZI_SECRETARIAT],
        now=NOW,
    )


def correct(row: NamingDecree, by: Membership, units: list[Unit], **changed: Any) -> Any:
    facts = {
        "number": row.number,
        "decided_on": row.decided_on,
        "title": row.title,
        "unit_ids": [unit.pk for unit in units],
    } | changed
    return correct_decree(
        decree=row, facts=DecreeFacts(**facts), reason="Salah ketik", by=by, now=NOW
    )


class TestDecree:
    def test_units_missing_and_too_many(self, cast: Cast, boss: Membership) -> None:
        row = register(cast, [cast.unit, cast.below])
        found = correct(row, boss, [cast.below, cast.other_unit])
        assert found.changes == {
            "added": [[cast.other_unit.pk, "Dinas Dua"]],
            "removed": [[cast.unit.pk, "Dinas Satu"]],
        }
        assert list(row.units.order_by("position").values_list("unit", "position")) == [
            (cast.below.pk, 2),
            (cast.other_unit.pk, 3),
        ]
        assert stages(cast.unit, cast.below, cast.other_unit) == [
            ZoneStage.COMMITTED,
            ZoneStage.NAMED,
            ZoneStage.NAMED,
        ]
        entry = LedgerEntry.objects.get(verb="decree.corrected")
        assert entry.codes == {"added": 1, "removed": 1, "correction": found.pk}

    def test_a_struck_unit_goes_back_only_as_far_as_its_acts(
        self, cast: Cast, boss: Membership
    ) -> None:
        closed(cast, [cast.unit], boss)
        row = register(cast, [cast.unit, cast.below, cast.other_unit])
        register(cast, [cast.below], number="188/2")
        other = IntegrityZone.objects.get(unit=cast.other_unit)
        start_building(zone=other, by=boss, now=NOW)
        register(cast, [cast.other_unit], number="188/3")
        correct(row, boss, [cast.below])
        assert stages(cast.unit, cast.other_unit) == [ZoneStage.DECLARED, ZoneStage.BUILDING]
        correct(row, boss, [cast.unit])
        assert stages(cast.below) == [ZoneStage.NAMED], "another decree names it"
        with transaction.atomic():
            unname_units(unit_ids=[cast.below.pk], by=boss, now=NOW)
        assert stages(cast.below) == [ZoneStage.NAMED]

    @pytest.mark.parametrize("stage", ["building", "proposed", "national_review"])
    def test_who_builds_is_not_struck_from_the_only_decree(
        self, cast: Cast, boss: Membership, desk: Client, stage: str
    ) -> None:
        row = register(cast, [cast.unit, cast.below])
        IntegrityZone.objects.filter(unit=cast.unit).update(stage=stage)
        with pytest.raises(StepRefused, match="Dinas Satu sudah membangun"):
            correct(row, boss, [cast.below], number="188/77")
        facts = {
            "number": "188/77",
            "decided": "1/4/2026",
            "units": [str(cast.below.pk)],
            "reason": "Salah unit",
        }
        target = reverse("assessments:decree_correct", args=[row.pk])
        text = desk.post(target, facts).content.decode()
        assert "Dinas Satu sudah membangun" in text
        assert 'value="188/77"' in text
        assert "Salah unit" in text
        row.refresh_from_db()
        assert (row.number, row.units.count()) == ("188/1", 2)
        assert not DecreeCorrection.objects.exists()

    def test_its_day_is_not_moved_past_the_first_day_of_building(
        self, cast: Cast, boss: Membership, desk: Client
    ) -> None:
        row = register(cast, [cast.unit])
        zone = IntegrityZone.objects.get(unit=cast.unit)
        start_building(zone=zone, since=date(2026, 4, 10), by=boss, now=NOW)
        facts = {
            "number": row.number,
            "decided": "11/4/2026",
            "units": [str(cast.unit.pk)],
            "reason": "Salah tanggal",
        }
        page = reverse("assessments:decree_correct", args=[row.pk])
        text = desk.post(page, facts).content.decode()
        assert "Dinas Satu membangun sejak 10 April 2026" in text
        assert 'href="#id_decided"' in text
        assert desk.post(page, facts | {"decided": "10/4/2026"}).status_code == 302
        row.refresh_from_db()
        assert row.decided_on == date(2026, 4, 10)

    def test_refusals(self, cast: Cast, boss: Membership) -> None:
        row = register(cast, [cast.unit])
        register(cast, [cast.unit], number="188/2")
        with pytest.raises(StepRefused, match="Belum ada yang berbeda"):
            correct(row, boss, [cast.unit])
        with pytest.raises(StepRefused, match="sudah terdaftar"):
            correct(row, boss, [cast.unit], number="188/2")
        with pytest.raises(StepRefused, match="sekurangnya satu unit"):
            correct(row, boss, [cast.away_unit])
        with pytest.raises(StepRefused, match="sekretariat ZI"):
            correct(row, cast[Role.MAYOR], [cast.below])
        facts = DecreeFacts(number="9", decided_on=row.decided_on, unit_ids=[cast.unit.pk])
        with pytest.raises(StepRefused, match="alasan"):
            correct_decree(decree=row, facts=facts, reason=" ", by=boss, now=NOW)
        assert not DecreeCorrection.objects.exists()

    def test_the_history_cannot_be_changed(self, cast: Cast, boss: Membership) -> None:
        found = correct(register(cast, [cast.unit]), boss, [cast.unit], number="188/9")
        rows = DecreeCorrection.objects.filter(pk=found.pk)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(reason="Lain")
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()

    def test_the_form_shows_what_stands_and_the_page_what_stood(
        self, cast: Cast, boss: Membership, desk: Client
    ) -> None:
        row = register(cast, [cast.unit])
        target = reverse("assessments:decree_correct", args=[row.pk])
        page = desk.get(target).content.decode()
        assert 'value="188/1"' in page
        assert page.count("checked") == 1
        facts = {
            "number": "188/1A",
            "decided": "2026",
            "title": "Penetapan",
            "units": [cast.below.pk],
            "reason": "",
        }
        refused = desk.post(target, facts).content.decode()
        assert "Tulis alasan koreksi" in refused
        assert "188/1A" in refused
        scan = SimpleUploadedFile("sk.pdf", pdf())
        facts |= {"reason": "Salinan <i>keliru</i>", "scan": scan}
        page = desk.post(target, facts, follow=True).content.decode()
        for words in (
            "dari “188/1” menjadi “188/1A”",
            "dari “1 April 2026” menjadi “2026”",
            "dari “–” menjadi “Penetapan”",
            "Salinan &lt;i&gt;keliru&lt;/i&gt;",
            "<strong>Unit ditambahkan</strong>: UPTD Satu",
            "<strong>Unit dikeluarkan</strong>: Dinas Satu",
        ):
            assert words in page, words
        named = NamedUnit.objects.get(decree=row)
        assert named.unit == cast.below

    def test_the_former_scan_stays(self, cast: Cast, boss: Membership, desk: Client) -> None:
        row = register(cast, [cast.unit])
        target = reverse("assessments:decree_correct", args=[row.pk])
        facts = {"number": "188/1", "decided": "1 April 2026", "title": "", "reason": "Pindaian"}
        for name in ("satu.pdf", "dua.pdf"):
            upload = SimpleUploadedFile(name, pdf())
            desk.post(target, {**facts, "units": [cast.unit.pk], "scan": upload})
        first, second = DecreeCorrection.objects.order_by("pk")
        assert (first.former_scan, second.former_scan.name) == (None, "satu.pdf")
        assert StoredFile.objects.filter(state=StoredFile.State.STORED).count() == 2
        address = reverse("assessments:decree_former_file", args=[row.pk, second.pk])
        assert b"".join(desk.get(address).streaming_content).startswith(b"%PDF")
        nothing = reverse("assessments:decree_former_file", args=[row.pk, first.pk])
        assert desk.get(nothing).status_code == 404


def test_the_place_of_a_signature_is_unchanged(cast: Cast, boss: Membership) -> None:
    """Reopening touches no signature at all."""
    act = closed(cast, [cast.unit], boss)
    before = list(Signature.objects.order_by("pk").values())
    reopen_declaration(declaration=act, reason="Keliru", by=boss, now=NOW)
    assert list(Signature.objects.order_by("pk").values()) == before
    assert Signatory.objects.filter(declaration=act).count() == 2
