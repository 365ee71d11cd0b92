"""The screens of official papers: the whole way, refused input, what each person is offered."""

import html
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.demo.workplans import small_pdf
from assessments.enums import PaperKind, PaperState
from assessments.models import Paper
from assessments.tests.factories_papers import (
    complete_team,
    draft,
    numbered,
    proposal_of,
    signed,
    voided,
    zone_of,
)
from assessments.tests.signed_pdfs import pdf
from opd.enums import Role
from opd.tests.factories import PASSWORD, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector(cast: Any, client_as: Any) -> Client:
    return client_as(cast[Role.INSPECTORATE])


def url(name: str, *args: int) -> str:
    return reverse(f"assessments:{name}", args=args)


def page(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:800]
    return html.unescape(response.content.decode())


def typed(paper: Paper, **values: Any) -> dict[str, Any]:
    """What the form of a draft sends."""
    facts = {
        "form_key": str(paper.form_key), "version": paper.version, "about": paper.about,
        "addressee": paper.addressee, "place": paper.place, "signatory": "",
        "signatory_title": paper.signatory_title, "signatory_status": "definitif",
        "signatory_name": "", "signatory_nip": "", "recommends": "yes",
        "units": [row.unit_id for row in paper.units.all()],
    }  # fmt: skip
    facts |= {f"block_{code}": "\n".join(lines) for code, lines in paper.blocks.items()}
    return {**facts, **values}


def file(content: bytes, name: str = "naskah.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_a_decree_from_nothing_to_named_units(cast: Any, desk: Client) -> None:
    """The whole way of the secretariat, by the forms of the screens."""
    shown = page(desk.get(url("paper_new")))
    assert "SK penetapan unit kerja" in shown
    assert "SK tim kerja" not in shown
    year = timezone.localdate().year
    start = f"{url('paper_new')}?kind=sk_penetapan"
    page(desk.post(start, {"form_key": uuid4(), "year": year}), 302)
    paper = Paper.objects.get()
    assert "Pilih unit yang ditetapkan." in page(desk.get(url("paper", paper.pk)))
    changed = typed(
        paper,
        units=[cast.unit.pk, cast.below.pk],
        signatory=paper.signatory_id or "",
        signatory_title="Wali Kota Rumah",
        signatory_name="Nama Wali Kota",
    )
    page(desk.post(url("paper_edit", paper.pk), changed), 302)
    today = timezone.localdate().strftime("%d/%m/%Y")
    facts = {"number": "188.45/1/2026", "dated": today}
    page(desk.post(url("paper_number", paper.pk), facts), 302)
    record = {"method": "wet", "signed": today, "scan": file(small_pdf(["SK"]))}
    page(desk.post(url("paper_record", paper.pk), record), 302)
    paper.refresh_from_db()
    assert paper.state == PaperState.SIGNED
    assert paper.decree is not None
    shown = page(desk.get(url("paper", paper.pk)))
    assert url("decree", paper.decree.pk) in shown
    assert "Naskah bertanda tangan dicatat" in shown
    answer = desk.get(url("paper_file", paper.pk))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_a_double_press_begins_one_draft(cast: Any, desk: Client) -> None:
    facts = {"form_key": uuid4(), "year": timezone.localdate().year}
    start = f"{url('paper_new')}?kind=sk_penetapan"
    first, second = desk.post(start, facts), desk.post(start, facts)
    assert first.url == second.url
    assert Paper.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "status"), [("x", 404), ("lhe", 403), ("sk_tim_kerja", 403), ("sptjm", 200)]
)
def test_only_the_kinds_that_one_keeps(kind: str, status: int, desk: Client) -> None:
    assert desk.get(f"{url('paper_new')}?kind={kind}").status_code == status


def test_without_a_subject_the_form_says_what_comes_first(
    cast: Any, desk: Client, client_as: Any
) -> None:
    assert "Belum ada usulan" in page(desk.get(f"{url('paper_new')}?kind=sptjm"))
    head = client_as(cast[Role.OPD_HEAD])
    shown = page(head.get(f"{url('paper_new')}?kind=sk_tim_kerja"))
    assert "Tulis timnya dahulu" in shown
    answer = page(head.post(f"{url('paper_new')}?kind=sk_tim_kerja", {"form_key": uuid4()}))
    assert "Pilih salah satu" in answer or "Pilih satu" in answer


def test_subjects_are_those_of_ones_own(cast: Any, client_as: Any) -> None:
    own, other = complete_team(cast.unit), complete_team(cast.other_unit)
    head = client_as(cast[Role.OPD_HEAD])
    start = f"{url('paper_new')}?kind=sk_tim_kerja"
    shown = page(head.get(f"{start}&subject={own.pk}"))
    assert "Dinas Satu, 2026" in shown
    assert "Dinas Dua, 2026" not in shown
    page(head.post(start, {"form_key": uuid4(), "subject": other.pk}))
    assert Paper.objects.count() == 0
    page(head.post(start, {"form_key": uuid4(), "subject": own.pk}), 302)
    assert Paper.objects.get().team == own


def test_a_letter_for_all_candidates(cast: Any, desk: Client) -> None:
    proposal = proposal_of(cast.home, [cast.unit, cast.other_unit])
    start = f"{url('paper_new')}?kind=surat_pengajuan"
    page(desk.post(start, {"form_key": uuid4(), "subject": proposal.pk}), 302)
    paper = Paper.objects.get()
    shown = page(desk.get(url("paper", paper.pk)))
    for words in ("Dinas Satu", "Dinas Dua", "Deputi Bidang Reformasi Birokrasi"):
        assert words in shown


class TestDraft:
    def test_refused_input_keeps_what_was_typed(self, cast: Any, inspector: Client) -> None:
        paper = draft(PaperKind.LHE, cast.unit)
        wrong = typed(
            paper, about="", score_enabler="61", signatory_nip="123", block_temuan="Satu\nDua"
        )
        shown = page(inspector.post(url("paper_edit", paper.pk), wrong))
        for words in ("paling besar 60", "18 angka", "Satu\nDua"):
            assert words in shown, words
        paper.refresh_from_db()
        assert paper.version == 1

    def test_numbers_the_indonesian_way(self, cast: Any, inspector: Client) -> None:
        paper = draft(PaperKind.LHE, cast.unit)
        sent = typed(paper, score_enabler="48,25", score_result="30", recommends="no")
        page(inspector.post(url("paper_edit", paper.pk), sent), 302)
        shown = page(inspector.get(url("paper", paper.pk)))
        assert "78,25" in shown
        assert "belum direkomendasikan" in shown

    def test_two_people_at_once(self, cast: Any, inspector: Client) -> None:
        paper = draft(PaperKind.LHE, cast.unit)
        page(inspector.post(url("paper_edit", paper.pk), typed(paper, about="Pertama")), 302)
        mine = typed(paper, about="Kedua", block_temuan="Temuan saya")
        shown = page(inspector.post(url("paper_edit", paper.pk), mine), 409)
        for words in ("Pertama", "Kedua", "Temuan saya", "Orang lain mengubah"):
            assert words in shown
        again = {**mine, "version": 2}
        page(inspector.post(url("paper_edit", paper.pk), again), 302)
        paper.refresh_from_db()
        assert paper.about == "Kedua"

    def test_an_office_prints_how_it_is_held(self, cast: Any, client_as: Any) -> None:
        office = cast[Role.OPD_HEAD]
        office.office_status = "plh"
        office.save()
        paper = draft(PaperKind.SK_TIM_KERJA, cast.unit)
        sent = typed(paper, signatory=office.pk, signatory_title="Kepala Dinas")
        page(client_as(office).post(url("paper_edit", paper.pk), sent), 302)
        paper.refresh_from_db()
        assert paper.printed_title == "Plh. Kepala Dinas"

    def test_another_office_brings_its_own_name(self, cast: Any, inspector: Client) -> None:
        old, new = (
            cast[Role.INSPECTORATE],
            MembershipFactory(
                government=cast.home, role=Role.INSPECTORATE, title="Inspektur", office_status="plt"
            ),
        )
        paper = draft(
            PaperKind.LHE, cast.unit, signatory=old, signatory_name="Nama Lama",
            signatory_nip="198001012005011001",
        )  # fmt: skip
        same = {"signatory_name": "Nama Lama", "signatory_nip": "198001012005011001"}
        page(
            inspector.post(url("paper_edit", paper.pk), typed(paper, signatory=new.pk, **same)), 302
        )
        paper.refresh_from_db()
        assert paper.printed_title == "Plt. Inspektur"
        assert (paper.signatory_name, paper.signatory_nip) == (new.user.name, "")

    def test_a_numbered_paper_is_not_edited(self, cast: Any, inspector: Client) -> None:
        paper = numbered(PaperKind.LHE, cast.unit)
        answer = inspector.get(url("paper_edit", paper.pk))
        assert answer.url == url("paper", paper.pk)


class TestNumber:
    def test_what_is_missing_stands_above_with_links(self, cast: Any, inspector: Client) -> None:
        paper = draft(PaperKind.LHE, cast.unit, recommends=None, signatory_title="")
        shown = page(inspector.get(url("paper_number", paper.pk)))
        assert f"{url('paper_edit', paper.pk)}#id_recommends" in shown
        sent = {"number": "700/1", "dated": "20 Mei 2026"}
        shown = page(inspector.post(url("paper_number", paper.pk), sent))
        assert "Nyatakan apakah unit direkomendasikan" in shown
        assert "700/1" in shown

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({"number": "", "dated": "20 Mei 2026"}, "Isi nomor naskah."),
            ({"number": "1", "dated": "kemarin"}, "Tulis tanggal"),
            ({"number": "1", "dated": "1 Januari 2090"}, "paling akhir"),
            ({"number": "7", "dated": "20 Mei 2026"}, "sudah dipakai"),
        ],
    )
    def test_refusals(self, sent: Any, said: str, cast: Any, inspector: Client) -> None:
        numbered(PaperKind.LHE, cast.other_unit, number="7")
        paper = draft(PaperKind.LHE, cast.unit)
        shown = page(inspector.post(url("paper_number", paper.pk), sent))
        assert said in shown
        paper.refresh_from_db()
        assert paper.state == PaperState.DRAFT

    def test_back_to_draft_by_one_button(self, cast: Any, inspector: Client) -> None:
        paper = numbered(PaperKind.LHE, cast.unit)
        assert url("paper_redraft", paper.pk) in page(inspector.get(url("paper", paper.pk)))
        shown = page(inspector.post(url("paper_redraft", paper.pk), follow=True))
        assert "kembali menjadi draf" in shown


class TestSign:
    def prove(self, client: Client) -> None:
        answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert answer.status_code == 302

    def test_asks_who_one_is_then_shows_the_text_and_signs(self, cast: Any, client_as: Any) -> None:
        mayor = client_as(cast[Role.MAYOR])
        paper = numbered(PaperKind.SURAT_PENGAJUAN, cast.unit, signatory=cast[Role.MAYOR])
        target = url("paper_sign", paper.pk)
        answer = mayor.get(target)
        assert answer.url.startswith(reverse("account_reauthenticate"))
        shown = page(mayor.get(reverse("account_reauthenticate"), {"next": target}))
        assert "Anda akan menandatangani naskah resmi" in shown
        self.prove(mayor)
        shown = page(mayor.get(target))
        assert paper.text_sha256 in shown
        assert "Deputi Bidang Reformasi Birokrasi" in shown
        shown = page(mayor.post(target, {"text_sha256": paper.text_sha256}))
        assert "Centang" in shown
        sent = {"text_sha256": paper.text_sha256, "read": "on"}
        page(mayor.post(target, sent), 302)
        paper.refresh_from_db()
        assert paper.signed_method == "portal"
        shown = page(mayor.get(url("paper", paper.pk)))
        assert "Di portal, bukan tanda tangan tersertifikasi" in shown

    def test_another_office_is_told_whose_it_is(self, cast: Any, inspector: Client) -> None:
        paper = numbered(PaperKind.SURAT_PENGAJUAN, cast.unit, signatory=cast[Role.MAYOR])
        shown = page(inspector.get(url("paper_sign", paper.pk)), 403)
        assert "Wali Kota Rumah" in shown

    def test_a_changed_team_is_said_and_not_signed(self, cast: Any, client_as: Any) -> None:
        head = client_as(cast[Role.OPD_HEAD])
        paper = numbered(PaperKind.SK_TIM_KERJA, cast.unit, signatory=cast[Role.OPD_HEAD])
        assert paper.team is not None
        paper.team.members.filter(function="agen").delete()
        self.prove(head)
        sent = {"text_sha256": paper.text_sha256, "read": "on"}
        shown = page(head.post(url("paper_sign", paper.pk), sent))
        assert "Tim berubah sejak nomor diberikan" in shown


class TestRecord:
    @pytest.mark.parametrize(
        ("method", "content", "said"),
        [
            ("certified", pdf(), "tidak memuat tanda tangan elektronik"),
            ("certified", small_pdf(["x"]), "tidak memuat tanda tangan elektronik"),
            ("wet", b"bukan pdf", "tidak diterima"),
            ("", small_pdf(["x"]), "Pilih"),
        ],
    )
    def test_refusals(
        self, method: str, content: bytes, said: str, cast: Any, inspector: Client
    ) -> None:
        paper = numbered(PaperKind.LHE, cast.unit)
        sent = {"method": method, "signed": "20 Mei 2026", "scan": file(content)}
        assert said in page(inspector.post(url("paper_record", paper.pk), sent))
        paper.refresh_from_db()
        assert paper.state == PaperState.NUMBERED

    def test_a_certified_pdf(self, cast: Any, inspector: Client) -> None:
        paper = numbered(PaperKind.LHE, cast.unit)
        sent = {"method": "certified", "signed": "20 Mei 2026", "scan": file(pdf(signed=True))}
        page(inspector.post(url("paper_record", paper.pk), sent), 302)
        paper.refresh_from_db()
        assert paper.signed_method == "certified"


class TestVoid:
    def test_needs_a_reason_that_stays(self, cast: Any, inspector: Client) -> None:
        paper = numbered(PaperKind.LHE, cast.unit)
        assert "Tulis mengapa" in page(inspector.post(url("paper_void", paper.pk), {}))
        page(inspector.post(url("paper_void", paper.pk), {"reason": "Salah unit"}), 302)
        assert "Salah unit" in page(inspector.get(url("paper", paper.pk)))

    def test_a_decree_by_which_units_stand_is_led_elsewhere(self, cast: Any, desk: Client) -> None:
        from assessments.tests.factories import NamingDecreeFactory

        paper = signed(PaperKind.SK_PENETAPAN, cast.unit, cast[Role.ZI_SECRETARIAT])
        Paper.objects.filter(pk=paper.pk).update(
            decree=NamingDecreeFactory(government=cast.home, number=paper.number)
        )
        shown = page(desk.post(url("paper_void", paper.pk), {"reason": "Salah"}))
        assert "Koreksi dilakukan di daftar SK" in shown


class TestLists:
    def test_filters_and_emptiness(self, cast: Any, desk: Client) -> None:
        assert "Belum ada naskah" in page(desk.get(url("papers")))
        voided(PaperKind.SPTJM, cast.unit, number="188/5")
        shown = page(desk.get(url("papers")))
        assert "188/5" in shown
        assert "Batal" in shown
        shown = page(desk.get(url("papers") + "?state=signed&year=x&kind=1"))
        assert "Tidak ada naskah seperti ini" in shown

    @pytest.mark.parametrize("name", ["papers", "zone_papers"])
    def test_two_rows_cost_as_much_as_seven(self, name: str, cast: Any, desk: Client) -> None:
        args = [zone_of(cast.unit).pk] if name == "zone_papers" else []
        counts = []
        for more in (2, 5):
            for place in range(more):
                draft(PaperKind.LHE, cast.unit, year=2010 + place + more * 10)
                draft(PaperKind.SK_PENETAPAN, cast.unit)
            desk.get(url(name, *args))
            with CaptureQueriesContext(
                connection,
            ) as captured:
                page(desk.get(url(name, *args)))
            counts.append(len(captured))
        assert counts[0] == counts[1]

    def test_the_hubs_lead_here(self, cast: Any, desk: Client, client_as: Any) -> None:
        assert url("papers") in page(desk.get(url("programme")))
        head = client_as(cast[Role.OPD_HEAD])
        assert url("papers") not in page(head.get(url("programme")))
        zone = zone_of(cast.unit)
        shown = page(head.get(url("zone", zone.pk)))
        assert reverse("assessments:team", kwargs={"zone_pk": zone.pk}) in shown
        assert reverse("assessments:zone_papers", kwargs={"zone_pk": zone.pk}) in shown

    def test_who_waits_for_whom(self, cast: Any, client_as: Any) -> None:
        """The Sekda reads and is offered nothing; he sees who has to sign."""
        paper = numbered(PaperKind.SPTJM, cast.unit)
        shown = page(client_as(cast[Role.SEKDA]).get(url("paper", paper.pk)))
        assert "Wali Kota Rumah" in shown
        for step in ("paper_record", "paper_void", "paper_sign", "paper_redraft"):
            assert url(step, paper.pk) not in shown


def test_the_pdf_is_asked_for_and_served(cast: Any, desk: Client) -> None:
    paper = numbered(PaperKind.SPTJM, cast.unit)
    assert desk.get(url("paper_pdf", paper.pk)).status_code == 404
    shown = page(desk.post(url("paper_pdf", paper.pk), follow=True))
    assert "PDF sedang dibuat" in shown
