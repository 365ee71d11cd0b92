"""The pages of signatures: recorded from paper, as a certified PDF, given in the portal."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import Signature
from assessments.tests.act_pages import page, url
from assessments.tests.factories import (
    DeclarationFactory,
    SignatoryFactory,
    SignatureFactory,
)
from assessments.tests.signed_pdfs import pdf, stored
from opd.enums import Role
from opd.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(cast: Any) -> Any:
    act = DeclarationFactory(government=cast.home, open=True)
    return SignatoryFactory(declaration=act, title="Wali Kota", membership=cast[Role.MAYOR])


def upload(content: bytes, name: str = "piagam.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class TestRecording:
    def test_paper_with_its_scan(self, place: Any, desk: Any) -> None:
        facts = {"signed": "2 Maret 2026", "scan": upload(pdf())}
        page(desk.post(url("signature_wet", place.declaration_id, place.pk), facts), 302)
        row = Signature.objects.get()
        file = desk.get(url("signature_file", place.declaration_id, row.pk))
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
    def test_bad_paper(self, facts: dict, sentence: str, place: Any, desk: Any) -> None:
        shown = page(desk.post(url("signature_wet", place.declaration_id, place.pk), facts))
        assert sentence in shown
        assert not Signature.objects.exists()

    def test_certified_pdf(self, place: Any, desk: Any) -> None:
        facts = {"signed": "2 Maret 2026", "pdf": upload(pdf(signed=True))}
        page(desk.post(url("signature_certified", place.declaration_id, place.pk), facts), 302)
        shown = page(desk.get(url("declaration", place.declaration_id)))
        assert "sertifikatnya belum divalidasi" in shown

    def test_a_locked_pdf_is_refused_with_a_sentence(self, place: Any, desk: Any) -> None:
        facts = {"signed": "2 Maret 2026", "pdf": upload(pdf(password="rahasia"))}
        shown = page(desk.post(url("signature_certified", place.declaration_id, place.pk), facts))
        assert "PDF ini terkunci sandi" in shown

    def test_a_scan_is_no_certified_pdf(self, place: Any, desk: Any) -> None:
        facts = {"signed": "2 Maret 2026", "pdf": upload(pdf())}
        shown = page(desk.post(url("signature_certified", place.declaration_id, place.pk), facts))
        assert "tidak memuat tanda tangan elektronik" in shown
        assert not Signature.objects.exists()

    def test_withdrawing_is_shown_with_its_reason(self, place: Any, desk: Any) -> None:
        SignatureFactory(signatory=place)
        target = url("signature_withdraw", place.declaration_id, place.pk)
        assert "Tulis mengapa" in page(desk.post(target, {"reason": " "}))
        page(desk.post(target, {"reason": "Tanggal keliru"}), 302)
        shown = page(desk.get(url("declaration", place.declaration_id)))
        assert "ditarik" in shown
        assert "Tanggal keliru" in shown
        assert "Belum menandatangani" in shown

    def test_a_scan_after_closing(self, cast: Any, desk: Any) -> None:
        act = DeclarationFactory(government=cast.home, closed=True)
        old = SignatoryFactory(declaration=act)
        SignatureFactory(signatory=old)
        target = url("signature_scan", act.pk, old.pk)
        page(desk.post(target, {"scan": upload(pdf())}), 302)
        assert "sudah memilikinya" in page(desk.post(target, {"scan": upload(pdf())}))

    def test_a_file_of_another_act_is_not_found(self, place: Any, desk: Any, cast: Any) -> None:
        other = SignatoryFactory(declaration=DeclarationFactory(government=cast.home, open=True))
        row = SignatureFactory(signatory=other, scan=stored(cast.home.pk))
        target = url("signature_file", place.declaration_id, row.pk)
        assert desk.get(target).status_code == 404


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
