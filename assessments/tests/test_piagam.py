"""The piagam as a PDF: its words, its pages, its signature blocks, who may read it."""

import io
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from pypdf import PdfReader

from assessments.documents import government_frame, may_read, piagam_chapter
from assessments.models import Declaration, SignatoryUnit
from assessments.queries.declarations import charter_of, declaration_of
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    SignatoryFactory,
    SignatureFactory,
)
from integrity_portal.core.documents import registry, render
from integrity_portal.core.documents.actions import request_document
from opd.enums import Role

pytestmark = pytest.mark.django_db


def html_of(act: Declaration, language: str = "id") -> str:
    spec = piagam_chapter(act)
    context = {"chapter": spec, "number": 1, "frame": government_frame(act.government)}
    with translation.override(language):
        return render_to_string(spec.template, {**spec.context, **context, "language": "id"})


def pages_of(act: Declaration) -> list[str]:
    reader = PdfReader(io.BytesIO(render.pdf_of(html_of(act))))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.fixture
def act(cast: Any) -> Declaration:
    row = DeclarationFactory(
        government=cast.home,
        closed=True,
        title="Pencanangan Lima Unit",
        held_on=date(2021, 9, 1),
        held_on_precision="month",
    )
    declared = DeclarationUnitFactory(declaration=row, unit=cast.unit)
    head = SignatoryFactory(declaration=row, position=1, title="Wali Kota", name="Siti")
    SignatureFactory(signatory=head)
    camat = SignatoryFactory(
        declaration=row, position=2, title="Camat", membership=cast[Role.OPD_HEAD]
    )
    SignatoryUnit.objects.create(government=cast.home, signatory=camat, declared=declared)
    SignatureFactory(
        signatory=camat, method="portal", text_sha256="ab" * 32, recorded_by=cast[Role.OPD_HEAD]
    )
    SignatoryFactory(declaration=row, position=3, title="Sekretaris Daerah")
    row.pledges.create(government=cast.home, position=1, text="Melayani dengan jujur.")
    found = declaration_of(cast[Role.ZI_SECRETARIAT], row.pk)
    assert found is not None
    return found


def test_says_everything_once_in_order(act: Declaration) -> None:
    text = " ".join(pages_of(act))
    for words in (
        "PEMERINTAH KOTA RUMAH",
        "Pencanangan Lima Unit",
        "September 2021",
        "Dinas Satu",
        "Melayani dengan jujur.",
        "Tidak tercatat.",
        "Siti",
        "Ditandatangani dengan tinta basah",
        "bukan tanda tangan elektronik tersertifikasi",
        "Untuk: Dinas Satu",
        "Belum ditandatangani",
        act.text_sha256,
    ):
        assert words in text, words
    assert text.index("Wali Kota") < text.index("Camat") < text.index("Sekretaris Daerah")


def test_is_indonesian_in_every_language_of_the_screen(act: Declaration) -> None:
    page = html_of(act, "en")
    assert "Penanda tangan, menurut urutan" in page
    assert "Tujuan" in page


def test_an_act_of_the_past_is_no_copy_of_its_piagam(cast: Any) -> None:
    row = DeclarationFactory(
        government=cast.home,
        closed=True,
        held_on=date(2021, 9, 1),
        source="Pemberitaan publik September 2021",
    )
    SignatureFactory(signatory=SignatoryFactory(declaration=row, title="Bupati"))
    found = declaration_of(cast[Role.ZI_SECRETARIAT], row.pk)
    assert found is not None
    text = " ".join(pages_of(found))
    assert "Rekonstruksi dari sumber publik; bukan salinan piagam asli" in text
    assert "Tercatat ditandatangani" in text
    assert "tinta basah" not in text
    assert "menuju Wilayah" not in text
    assert "menuju Wilayah" not in charter_of(found).text()


def test_an_act_of_the_past_says_when_it_was_recorded(cast: Any, client_as: Any) -> None:
    row = DeclarationFactory(
        government=cast.home, closed=True, held_on=date(2019, 9, 16), source="Pemberitaan publik"
    )
    row.steps.create(name="close", from_state="open", to_state="closed", happened_at=timezone.now())
    shown = client_as(cast[Role.ZI_SECRETARIAT]).get(f"/app/declarations/{row.pk}/")
    assert shown.status_code == 200
    page = shown.content.decode()
    assert "dicatat di portal" in page
    assert "Diselesaikan" not in page
    assert "bukan salinan piagam asli" in page


def test_no_page_is_empty_however_many_sign(cast: Any) -> None:
    row = DeclarationFactory(government=cast.home, title="Besar")
    for _ in range(40):
        DeclarationUnitFactory(declaration=row)
    for _ in range(31):
        SignatoryFactory(declaration=row)
    found = declaration_of(cast[Role.ZI_SECRETARIAT], row.pk)
    assert found is not None
    pages = pages_of(found)
    assert all(len(page) > 60 for page in pages)
    assert sum(page.count("Belum ditandatangani") for page in pages) == 31
    assert "Rancangan" in pages[0]


def test_text_of_people_is_escaped(cast: Any) -> None:
    row = DeclarationFactory(government=cast.home, purpose="<script>alert(1)</script>")
    page = html_of(declaration_of(cast[Role.ZI_SECRETARIAT], row.pk) or row)
    assert "<script>" not in page


def test_fonts_are_embedded_and_the_paper_is_a4(act: Declaration) -> None:
    with pikepdf.open(io.BytesIO(render.pdf_of(html_of(act)))) as pdf:
        box = [round(float(side)) for side in pdf.pages[0].MediaBox]
        fonts = pdf.pages[0].Resources.Font.values()
        embedded = [
            "/FontFile" in str(list(font.DescendantFonts[0].FontDescriptor.keys()))
            if "/DescendantFonts" in font
            else "/FontDescriptor" in font
            for font in fonts
        ]
    assert box == [0, 0, 595, 842]
    assert all(embedded)


def test_an_invented_government_says_so(cast: Any, act: Declaration) -> None:
    assert "Pemerintah daerah, orang, dan angka" not in html_of(act)
    act.government.is_sample = True
    assert "Contoh" in html_of(act)


def test_whoever_reads_the_act_reads_its_piagam(cast: Any) -> None:
    draft = DeclarationFactory(government=cast.home)
    document = request_document(
        kind="declaration.piagam",
        params={"declaration": draft.pk},
        title="Piagam",
        by=cast[Role.ZI_SECRETARIAT],
        now=timezone.now(),
    )
    assert registry.get("declaration.piagam").chapters(document)[0].key == "piagam"
    assert may_read(cast[Role.MAYOR], document)
    assert not may_read(cast[Role.OPD_OPERATOR], document)
    assert not registry.readable_by(cast.away_offices[Role.MAYOR], document)
