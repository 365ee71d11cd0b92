"""Official papers as PDF: their words, their pages, many units, long names, who may read them."""

import io
from typing import Any

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from assessments.actions.paper_pdfs import request_paper_pdf
from assessments.actions.papers import void_paper
from assessments.enums import PaperKind
from assessments.models import Candidate, Paper, PaperUnit
from assessments.paper_documents import may_read, paper_chapters, paper_frame, readable
from assessments.queries.papers import DOCUMENT, paper_of
from assessments.tests.factories_papers import (
    NOW,
    TeamMemberFactory,
    complete_team,
    draft,
    numbered,
    signed,
    stored,
    voided,
    zone_of,
)
from integrity_portal.core.documents import registry, render
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


def fresh(paper: Paper) -> Paper:
    return Paper.objects.select_related("government", "unit", "zone", "team", "proposal").get(
        pk=paper.pk
    )


def html_of(paper: Paper, language: str = "id") -> list[str]:
    row = fresh(paper)
    pages = []
    for number, spec in enumerate(paper_chapters(row), start=1):
        context = {"chapter": spec, "number": number, "frame": paper_frame(row), "language": "id"}
        with translation.override(language):
            pages.append(render_to_string(spec.template, {**spec.context, **context}))
    return pages


def pages_of(paper: Paper) -> list[list[str]]:
    """Per chapter, per page, its words."""
    return [
        [
            " ".join(page.extract_text().split())
            for page in PdfReader(io.BytesIO(render.pdf_of(html))).pages
        ]
        for html in html_of(paper)
    ]


def words_of(paper: Paper) -> str:
    return " ".join(page for chapter in pages_of(paper) for page in chapter)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (PaperKind.SK_PENETAPAN, ["MEMUTUSKAN", "KESATU", "KEEMPAT", "Menimbang", "Lampiran"]),
        (
            PaperKind.SURAT_PENGAJUAN,
            ["Yth. Menteri", "Deputi Bidang Reformasi Birokrasi, Akuntabilitas", "Hal", "WBK"],
        ),
        (PaperKind.SPTJM, ["SURAT PERNYATAAN TANGGUNG JAWAB MUTLAK", "Yang bertanda tangan"]),
        (PaperKind.SK_TIM_KERJA, ["Susunan tim kerja", "Agen perubahan", "Antrean bernomor"]),
        (PaperKind.LHE, ["LAPORAN HASIL EVALUASI", "Rekomendasi", "direkomendasikan"]),
    ],
)
def test_every_kind_says_what_it_must(kind: str, said: list[str], cast: Any) -> None:
    paper = numbered(kind, cast.unit, number="188/77/2026", signatory_name="Siti Aminah")
    text = words_of(paper)
    standing = ["PEMERINTAH KOTA RUMAH", "188/77/2026", "20 Mei 2026", "Siti Aminah"]
    for words in (*standing, *said, paper.text_sha256, "Dinas Satu"):
        assert words in text, words
    assert "Rancangan" not in text


def test_it_is_indonesian_in_every_language_of_the_screen(cast: Any) -> None:
    paper = numbered(PaperKind.SURAT_PENGAJUAN, cast.unit)
    assert html_of(paper, "en") == html_of(paper, "id")
    assert "20 Mei 2026" in html_of(paper, "en")[0]


def test_a_unit_and_the_inspectorate_stand_in_the_letterhead(cast: Any) -> None:
    assert paper_frame(fresh(draft(PaperKind.SK_TIM_KERJA, cast.unit))).programme == "Dinas Satu"
    assert paper_frame(fresh(draft(PaperKind.LHE, cast.unit))).programme == "Inspektorat"
    assert paper_frame(fresh(draft(PaperKind.SPTJM, cast.unit))).programme == ""


def test_a_draft_and_a_void_paper_say_so(cast: Any) -> None:
    text = words_of(draft(PaperKind.LHE, cast.unit, recommends=None))
    for words in ("Rancangan: belum bernomor", "Belum ditandatangani", "Rekomendasi belum ditulis"):
        assert words in text
    assert "Dinyatakan batal" in words_of(voided(PaperKind.SPTJM, cast.unit))


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("wet", "Ditandatangani dengan tinta basah"),
        ("portal", "bukan tanda tangan elektronik tersertifikasi"),
        ("certified", "sertifikatnya belum divalidasi portal"),
    ],
)
def test_the_signature_block_says_what_it_is_worth(method: str, said: str, cast: Any) -> None:
    paper = signed(PaperKind.LHE, cast.unit, cast[Role.INSPECTORATE])
    paper.signed_method = method
    html = render_to_string(
        "assessments/documents/paper.html",
        {**paper_chapters(paper)[0].context, "frame": paper_frame(fresh(paper)), "number": 1},
    )
    assert said in html


def many(paper: Paper, cast: Any, count: int) -> Paper:
    for place in range(2, count + 1):
        unit = UnitFactory(government=cast.home, name=f"Dinas {place} " + "Pelayanan Terpadu " * 5)
        PaperUnit.objects.create(
            government=cast.home, paper=paper, unit=unit, position=place, printed_name=unit.name
        )
    return paper


def test_forty_units_run_over_pages_with_the_head_again(cast: Any) -> None:
    _first, attachment = pages_of(many(draft(PaperKind.SK_PENETAPAN, cast.unit), cast, 40))
    assert len(attachment) >= 2
    assert all("No. Unit kerja Unit induk" in page for page in attachment)
    assert "40. Dinas 40" in attachment[-1]
    assert "(40)" in attachment[0]


def test_no_unit_is_said_and_no_page_is_empty(cast: Any) -> None:
    paper = draft(PaperKind.SK_PENETAPAN, cast.unit)
    paper.units.all().delete()
    chapters = pages_of(paper)
    assert "Belum ada." in chapters[1][0]
    assert all(len(page) > 60 for chapter in chapters for page in chapter)


def test_forty_candidates_and_forty_members(cast: Any) -> None:
    letter = draft(PaperKind.SURAT_PENGAJUAN, cast.unit)
    for place in range(2, 41):
        zone = zone_of(UnitFactory(government=cast.home))
        Candidate.objects.create(
            government=cast.home, proposal=letter.proposal, zone=zone, position=place
        )
    assert "40." in pages_of(letter)[1][-1]
    team = complete_team(cast.unit)
    for _ in range(40):
        TeamMemberFactory(team=team, area="6", title="Pengelola layanan " * 6)
    tables = pages_of(draft(PaperKind.SK_TIM_KERJA, cast.unit, team=team))[1]
    assert "Susunan tim kerja (48)" in tables[0]
    assert "Agen perubahan (1)" in " ".join(tables)


def test_a_usual_decree_on_a_team_has_its_signature_with_its_last_article(cast: Any) -> None:
    page = pages_of(numbered(PaperKind.SK_TIM_KERJA, cast.unit))[0][-1]
    assert "Ditetapkan di" in page
    assert "KELIMA" in page


def test_text_of_people_is_escaped(cast: Any) -> None:
    paper = draft(PaperKind.LHE, cast.unit, blocks={"temuan": ["<script>alert(1)</script>"]})
    assert "<script>" not in html_of(paper)[0]


def test_it_is_an_archive_pdf_with_its_fonts(cast: Any) -> None:
    html = html_of(numbered(PaperKind.LHE, cast.unit))[0]
    with pikepdf.open(io.BytesIO(render.pdf_of(html))) as pdf:
        assert "/OutputIntents" in pdf.Root


class TestRequest:
    def test_asking_twice_makes_one(self, cast: Any) -> None:
        paper, by = numbered(PaperKind.SPTJM, cast.unit), cast[Role.ZI_SECRETARIAT]
        first = request_paper_pdf(paper=paper, by=by, now=NOW)
        assert request_paper_pdf(paper=paper, by=cast[Role.MAYOR], now=NOW) == first
        assert (first.kind, first.params) == (DOCUMENT, {"paper": paper.pk})
        assert LedgerEntry.objects.filter(verb="document.requested").count() == 1

    def test_whoever_reads_the_paper_reads_the_pdf(self, cast: Any) -> None:
        paper = numbered(PaperKind.LHE, cast.unit)
        document = request_paper_pdf(paper=paper, by=cast[Role.INSPECTORATE], now=NOW)
        for role in Role.values:
            allowed = role == Role.INSPECTORATE
            assert may_read(cast[role], document) == allowed
            assert readable(cast[role], [document]) == ([document] if allowed else [])
            assert (paper_of(cast[role], paper.pk) is not None) == allowed
        assert registry.get(DOCUMENT).is_confidential

    def test_the_public_check_says_that_it_is_void(self, cast: Any) -> None:
        paper, by = numbered(PaperKind.LHE, cast.unit), cast[Role.INSPECTORATE]
        made = request_paper_pdf(paper=paper, by=by, now=NOW)
        made.job_state, made.file, made.finished_at, made.pages = "done", stored(cast.home), NOW, 1
        made.save()

        def check() -> str:
            url = reverse("reports:verify", args=[made.public_id])
            return str(Client().get(url).content.decode())

        assert "batal" not in check()
        void_paper(paper=paper, reason="Keliru", by=by, now=NOW)
        assert "Isinya dinyatakan batal pada" in check()
        assert "Keliru" not in check()
