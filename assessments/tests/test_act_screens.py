"""The screens of declarations, decrees, zones and coverage: happy paths and refused input."""

from datetime import date
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.enums import DeclarationState, ZoneStage
from assessments.models import Declaration, IntegrityZone, NamingDecree, Signature
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    NamedUnitFactory,
    NamingDecreeFactory,
    SignatoryFactory,
    SignatureFactory,
)
from assessments.tests.signed_pdfs import pdf
from assessments.tests.test_signature_actions import stored
from opd.enums import Role
from opd.tests.factories import PASSWORD, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(cast: Any, client_as: Any) -> Any:
    return client_as(cast[Role.ZI_SECRETARIAT])


def url(name: str, *args: int | str) -> str:
    return reverse(f"assessments:{name}", args=args)


def page(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:600]
    return response.content.decode()


DRAFT = {
    "title": "Pencanangan tiga unit",
    "scope": "joint",
    "held": "September 2021",
    "place": "Cikarang",
    "purpose": "Melayani",
    "basis": "",
    "phase_number": "",
    "phase_label": "",
    "sign_by": "",
    "source": "",
}


class TestDrafting:
    def test_from_nothing_to_closed(self, cast: Any, boss: Any) -> None:
        """The whole way of the secretariat, by the buttons of the screens."""
        page(boss.post(url("declaration_new"), DRAFT), 302)
        act = Declaration.objects.get()
        assert (act.held_on, act.held_on_precision) == (date(2021, 9, 1), "month")
        units = {"units": [cast.unit.pk, cast.below.pk]}
        page(boss.post(url("declaration_units", act.pk), units), 302)
        declared = list(act.units.order_by("position"))
        signer = {"title": "Kepala Dinas", "office_status": "plt", "name": "", "membership": ""}
        signer |= {"declared": [row.pk for row in declared]}
        page(boss.post(url("signatory_new", act.pk), signer), 302)
        place = act.signatories.get()
        assert place.printed_title == "Plt. Kepala Dinas"
        lines = {"pledges": "Jujur\nCepat", "witnesses": "", "present": "Semua kepala OPD"}
        page(boss.post(url("declaration_lines", act.pk), lines), 302)
        page(boss.post(url("declaration_step", act.pk, "open")), 302)

        blocked = page(boss.post(url("declaration_step", act.pk, "close"), follow=True))
        assert "Tanda tangan Plt. Kepala Dinas belum ada." in blocked
        wet = {"signed": "7 September 2021"}
        page(boss.post(url("signature_wet", act.pk, place.pk), wet), 302)
        shown = page(boss.post(url("declaration_step", act.pk, "close"), follow=True))
        assert "2 unit sudah mencanangkan" in shown
        assert IntegrityZone.objects.filter(stage=ZoneStage.DECLARED).count() == 2

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"title": "  "}, "Beri judul"),
            ({"held": "30 Februari 2021"}, "sejauh yang diketahui"),
            ({"scope": "x"}, "Pilih salah satu"),
            ({"purpose": "x" * 2001}, "2.001"),
            ({"phase_number": "1e3"}, "angka"),
            ({"sign_by": "besok"}, "Tulis tanggal"),
            ({"held": "2 Maret 2026", "sign_by": "1 Maret 2026"}, "mendahului hari pencanangan"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_loses_nothing(
        self, wrong: dict, sentence: str, boss: Any
    ) -> None:
        shown = page(boss.post(url("declaration_new"), DRAFT | wrong))
        assert sentence in shown
        assert "Cikarang" in shown
        assert not Declaration.objects.exists()

    def test_script_in_a_title_is_text(self, boss: Any) -> None:
        boss.post(url("declaration_new"), DRAFT | {"title": "<script>alert(1)</script>"})
        shown = page(boss.get(url("declaration", Declaration.objects.get().pk)))
        assert "<script>alert(1)" not in shown

    def test_units_of_another_government_are_no_choice(self, cast: Any, boss: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        shown = page(boss.post(url("declaration_units", act.pk), {"units": [cast.away_unit.pk]}))
        assert "Pilih unit dari daftar" in shown
        assert not act.units.exists()

    def test_offices_of_another_government_are_no_choice(self, cast: Any, boss: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        away = cast.away_offices[Role.MAYOR].pk
        facts = {"title": "A", "office_status": "definitif", "membership": away}
        shown = page(boss.post(url("signatory_new", act.pk), facts))
        assert "Pilih salah satu dari daftar" in shown

    def test_the_same_office_twice_is_said_at_the_field(self, cast: Any, boss: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        SignatoryFactory(declaration=act, membership=cast[Role.MAYOR])
        facts = {"title": "A", "office_status": "definitif", "membership": cast[Role.MAYOR].pk}
        assert "sudah ada dalam daftar" in page(boss.post(url("signatory_new", act.pk), facts))

    def test_order_is_changed_and_places_are_removed(self, cast: Any, boss: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        a, b = SignatoryFactory(declaration=act), SignatoryFactory(declaration=act)
        boss.post(url("signatory_move", act.pk, b.pk), {"direction": "up"})
        assert list(act.signatories.order_by("position")) == [b, a]
        boss.post(url("signatory_remove", act.pk, b.pk))
        assert list(act.signatories.all()) == [a]

    @pytest.mark.parametrize(
        "name", ["declaration_edit", "declaration_units", "declaration_lines", "signatory_new"]
    )
    def test_drafting_pages_close_with_the_draft(self, name: str, cast: Any, boss: Any) -> None:
        act = DeclarationFactory(government=cast.home, open=True)
        assert "hanya draf" in page(boss.get(url(name, act.pk)), 403)

    def test_a_signatory_of_another_act_is_not_found(self, cast: Any, boss: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        other = SignatoryFactory(declaration=DeclarationFactory(government=cast.home))
        for name in ("signatory", "signatory_move", "signatory_remove"):
            assert boss.post(url(name, act.pk, other.pk)).status_code == 404

    def test_an_unknown_step_is_not_found(self, cast: Any, boss: Any) -> None:
        act = DeclarationFactory(government=cast.home)
        assert boss.post(url("declaration_step", act.pk, "burn")).status_code == 404

    def test_a_second_press_changes_nothing(self, cast: Any, boss: Any) -> None:
        act = DeclarationFactory(government=cast.home, open=True)
        boss.post(url("declaration_step", act.pk, "close"))
        again = page(boss.post(url("declaration_step", act.pk, "close"), follow=True))
        assert "Muat ulang" in again
        assert act.steps.count() == 1


@pytest.fixture
def place(cast: Any) -> Any:
    act = DeclarationFactory(government=cast.home, open=True)
    return SignatoryFactory(declaration=act, title="Wali Kota", membership=cast[Role.MAYOR])


def upload(content: bytes, name: str = "piagam.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class TestRecording:
    def test_paper_with_its_scan(self, place: Any, boss: Any) -> None:
        facts = {"signed": "2 Maret 2026", "scan": upload(pdf())}
        page(boss.post(url("signature_wet", place.declaration_id, place.pk), facts), 302)
        row = Signature.objects.get()
        file = boss.get(url("signature_file", place.declaration_id, row.pk))
        assert file.status_code == 200
        assert "attachment" in file.headers["Content-Disposition"]
        assert b"".join(file.streaming_content).startswith(b"%PDF")

    @pytest.mark.parametrize(
        ("facts", "sentence"),
        [
            ({"signed": ""}, "Isi tanggal"),
            ({"signed": "1 Januari 2090"}, "Tanggal"),
            ({"signed": "2019", "scan": upload(b"<html>", "a.pdf")}, "tidak diterima"),
        ],
    )
    def test_bad_paper(self, facts: dict, sentence: str, place: Any, boss: Any) -> None:
        shown = page(boss.post(url("signature_wet", place.declaration_id, place.pk), facts))
        assert sentence in shown
        assert not Signature.objects.exists()

    def test_certified_pdf(self, place: Any, boss: Any) -> None:
        facts = {"signed": "2 Maret 2026", "pdf": upload(pdf(signed=True))}
        page(boss.post(url("signature_certified", place.declaration_id, place.pk), facts), 302)
        shown = page(boss.get(url("declaration", place.declaration_id)))
        assert "sertifikatnya belum divalidasi" in shown

    def test_a_locked_pdf_is_refused_with_a_sentence(self, place: Any, boss: Any) -> None:
        facts = {"signed": "2 Maret 2026", "pdf": upload(pdf(password="rahasia"))}
        shown = page(boss.post(url("signature_certified", place.declaration_id, place.pk), facts))
        assert "PDF ini terkunci sandi" in shown

    def test_a_scan_is_no_certified_pdf(self, place: Any, boss: Any) -> None:
        facts = {"signed": "2 Maret 2026", "pdf": upload(pdf())}
        shown = page(boss.post(url("signature_certified", place.declaration_id, place.pk), facts))
        assert "tidak memuat tanda tangan elektronik" in shown
        assert not Signature.objects.exists()

    def test_withdrawing_is_shown_with_its_reason(self, place: Any, boss: Any) -> None:
        SignatureFactory(signatory=place)
        target = url("signature_withdraw", place.declaration_id, place.pk)
        assert "Tulis mengapa" in page(boss.post(target, {"reason": " "}))
        page(boss.post(target, {"reason": "Tanggal keliru"}), 302)
        shown = page(boss.get(url("declaration", place.declaration_id)))
        assert "ditarik" in shown
        assert "Tanggal keliru" in shown
        assert "Belum menandatangani" in shown

    def test_a_scan_after_closing(self, cast: Any, boss: Any) -> None:
        act = DeclarationFactory(government=cast.home, closed=True)
        old = SignatoryFactory(declaration=act)
        SignatureFactory(signatory=old)
        target = url("signature_scan", act.pk, old.pk)
        page(boss.post(target, {"scan": upload(pdf())}), 302)
        assert "sudah memilikinya" in page(boss.post(target, {"scan": upload(pdf())}))

    def test_a_file_of_another_act_is_not_found(self, place: Any, boss: Any, cast: Any) -> None:
        other = SignatoryFactory(declaration=DeclarationFactory(government=cast.home, open=True))
        row = SignatureFactory(signatory=other, scan=stored(cast.home.pk))
        target = url("signature_file", place.declaration_id, row.pk)
        assert boss.get(target).status_code == 404


def prove(client: Any, seconds_ago: int = 0) -> None:
    """Give the password again, as the page asks."""
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.status_code == 302
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds_ago
    session.save()


class TestSigningInThePortal:
    @pytest.fixture
    def mayor(self, cast: Any, client_as: Any) -> Any:
        return client_as(cast[Role.MAYOR])

    @pytest.mark.parametrize("method", ["get", "post"])
    @pytest.mark.parametrize("seconds_ago", [None, 3600])
    def test_asks_who_one_is_and_returns_to_the_page(
        self, method: str, seconds_ago: int | None, mayor: Any, place: Any
    ) -> None:
        if seconds_ago is not None:
            prove(mayor, seconds_ago)
        target = url("declaration_sign", place.declaration_id)
        facts = {"text_sha256": place.declaration.text_sha256, "read": "on"}
        answer = getattr(mayor, method)(target, facts)
        assert answer.status_code == 302
        assert (
            answer.url == f"{reverse('account_reauthenticate')}?next={target.replace('/', '%2F')}"
        )
        assert not Signature.objects.exists()

    @pytest.mark.parametrize("name", ["account_reauthenticate", "mfa_reauthenticate"])
    def test_the_proof_says_that_one_is_about_to_sign(
        self, name: str, mayor: Any, place: Any, cast: Any
    ) -> None:
        """In place of the sentence about the account's protection, which other pages keep."""
        if name == "mfa_reauthenticate":
            TOTP.activate(cast[Role.MAYOR].user, generate_totp_secret())
        said = reverse(name)
        target = url("declaration_sign", place.declaration_id)
        shown = page(mayor.get(said, {"next": target}))
        assert "Anda akan menandatangani piagam pencanangan zona integritas" in shown
        assert "perlindungan akun" not in shown
        for elsewhere in ({"next": reverse("mfa_index")}, {"next": "/tidak/ada"}, {}):
            shown = page(mayor.get(said, elsewhere))
            assert "mengubah perlindungan akun Anda" in shown
            assert "menandatangani piagam" not in shown

    def test_shows_exactly_the_text_and_signs_it(self, mayor: Any, place: Any) -> None:
        prove(mayor)
        target = url("declaration_sign", place.declaration_id)
        shown = page(mayor.get(target))
        assert "Naskah uji" in shown
        assert place.declaration.text_sha256 in shown
        assert "Bukan tanda tangan tersertifikasi" in shown
        facts = {"text_sha256": place.declaration.text_sha256, "read": "on"}
        done = page(mayor.post(target, facts, follow=True))
        assert "Anda sudah menandatangani" in done
        assert Signature.objects.get().text_sha256 == place.declaration.text_sha256
        assert mayor.get(target).status_code == 302

    def test_the_box_must_be_ticked(self, mayor: Any, place: Any) -> None:
        prove(mayor)
        facts = {"text_sha256": place.declaration.text_sha256}
        shown = page(mayor.post(url("declaration_sign", place.declaration_id), facts))
        assert "Centang bahwa Anda sudah membaca" in shown

    def test_a_text_that_changed_meanwhile_is_shown_again(self, mayor: Any, place: Any) -> None:
        prove(mayor)
        facts = {"text_sha256": "0" * 64, "read": "on"}
        shown = page(mayor.post(url("declaration_sign", place.declaration_id), facts))
        assert "Naskah berubah" in shown
        assert place.declaration.text_sha256 in shown
        assert not Signature.objects.exists()

    def test_another_office_of_the_same_person_does_not_sign(
        self, cast: Any, client_as: Any, place: Any
    ) -> None:
        sekda = client_as(cast[Role.SEKDA])
        prove(sekda)
        shown = page(sekda.get(url("declaration_sign", place.declaration_id)), 403)
        assert "di antara penanda tangan" in shown

    def test_the_list_says_whose_signature_is_awaited(self, mayor: Any, place: Any) -> None:
        awaited = "Satu pencanangan menunggu tanda tangan Anda"
        assert awaited in page(mayor.get(url("declarations")))
        SignatureFactory(signatory=place)
        assert awaited not in page(mayor.get(url("declarations")))


class TestDecrees:
    def test_register(self, cast: Any, boss: Any) -> None:
        facts = {"number": "188.45/1", "decided": "2023", "title": "", "units": [cast.unit.pk]}
        shown = page(boss.post(url("decree_new"), facts, follow=True))
        assert "188.45/1" in shown
        row = NamingDecree.objects.get()
        assert "Dinas Satu" in page(boss.get(url("decree", row.pk)))
        assert boss.get(url("decree_file", row.pk)).status_code == 404

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"number": ""}, "Tulis nomor SK"),
            ({"decided": "1 Januari 2090"}, "Tanggal"),
            ({"units": []}, "sekurangnya satu unit"),
        ],
    )
    def test_bad_input(self, wrong: dict, sentence: str, cast: Any, boss: Any) -> None:
        facts = {"number": "1", "decided": "2023", "title": "", "units": [cast.unit.pk]} | wrong
        assert sentence in page(boss.post(url("decree_new"), facts))
        assert not NamingDecree.objects.exists()

    def test_the_same_number_is_said_at_the_field(self, cast: Any, boss: Any) -> None:
        NamingDecreeFactory(government=cast.home, number="1")
        facts = {"number": "1", "decided": "2023", "title": "", "units": [cast.unit.pk]}
        assert "sudah terdaftar" in page(boss.post(url("decree_new"), facts))


class TestZones:
    def test_filters(self, cast: Any, boss: Any) -> None:
        IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.NAMED)
        IntegrityZoneFactory(unit=cast.other_unit, stage=ZoneStage.BUILDING)
        named = page(boss.get(url("zones"), {"stage": "named"}))
        assert "Dinas Satu" in named
        assert "Dinas Dua" not in named
        found = page(boss.get(url("zones"), {"q": "dua"}))
        assert "Dinas Dua" in found
        assert "Dinas Satu" not in found
        assert "Dinas Satu" in page(boss.get(url("zones"), {"stage": "'", "page": "x"}))

    def test_history_acts_and_next_step(self, cast: Any, client_as: Any) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.NAMED)
        act = DeclarationFactory(government=cast.home, closed=True, title="Pencanangan kita")
        DeclarationUnitFactory(declaration=act, unit=cast.unit)
        NamedUnitFactory(
            decree=NamingDecreeFactory(government=cast.home, number="SK 7"), unit=cast.unit
        )
        head = client_as(cast[Role.OPD_HEAD])
        today = f"{timezone.localdate():%d/%m/%Y}"
        shown = page(head.get(url("zone", zone.pk)))
        assert "Pencanangan kita" in shown
        assert "SK 7" in shown
        shown = page(head.post(url("zone_build", zone.pk), {"since": today}, follow=True))
        assert "Mulai membangun" in shown
        zone.refresh_from_db()
        assert zone.stage == ZoneStage.BUILDING

    def test_earlier_predicate(self, cast: Any, boss: Any) -> None:
        facts = {"unit": cast.unit.pk, "predicate": "wbk", "year": "2022"}
        shown = page(boss.post(url("predicate_new"), facts, follow=True))
        assert "WBK 2022" in shown
        assert "sudah dicatat" in page(boss.post(url("predicate_new"), facts))

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [({"year": "2090"}, "belum tiba"), ({"unit": "0"}, "Pilih"), ({"year": "WBK"}, "angka")],
    )
    def test_bad_predicate(self, wrong: dict, sentence: str, cast: Any, boss: Any) -> None:
        facts = {"unit": cast.unit.pk, "predicate": "wbk", "year": "2022"} | wrong
        assert sentence in page(boss.post(url("predicate_new"), facts))


def fill(cast: Any, number: int) -> Declaration:
    """One act with so many units, signatories and signatures, and as many acts beside it."""
    act = DeclarationFactory(government=cast.home, open=True)
    decree = NamingDecreeFactory(government=cast.home)
    for _ in range(number):
        unit = UnitFactory(government=cast.home)
        DeclarationUnitFactory(declaration=act, unit=unit)
        NamedUnitFactory(decree=decree, unit=unit)
        IntegrityZoneFactory(unit=unit)
        place = SignatoryFactory(declaration=act)
        SignatureFactory(signatory=place, withdrawn=True)
        SignatureFactory(signatory=place)
        DeclarationFactory(government=cast.home)
        NamingDecreeFactory(government=cast.home)
    return act


@pytest.mark.parametrize("name", ["declarations", "zones", "decrees", "coverage", "declaration"])
def test_lists_cost_the_same_for_2_and_7(name: str, cast: Any, boss: Any) -> None:
    counts = []
    for number in (2, 7):
        act = fill(cast, number)
        target = url(name, act.pk) if name == "declaration" else url(name)
        boss.get(target)
        with CaptureQueriesContext(connection) as queries:
            page(boss.get(target))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 16, [q["sql"][:120] for q in queries.captured_queries]


def test_asking_for_the_piagam_and_fetching_it(cast: Any, boss: Any) -> None:
    act = DeclarationFactory(government=cast.home, open=True)
    target = url("piagam", act.pk)
    assert boss.get(target).status_code == 404
    assert "sedang dibuat" in page(boss.post(target, follow=True))
    assert act.state == DeclarationState.OPEN
