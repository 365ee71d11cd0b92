"""The progress report: one set of figures, two variants, each with one reader."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader

from integrity_portal.core.documents import checks, registry, tasks
from integrity_portal.core.models import Document
from opd.enums import Role
from reports import actions
from reports.models import FigureSet
from reports.tests.factories import DocumentFactory, ReportScheduleFactory, world


def read(document: Document) -> list[str]:
    document.refresh_from_db()
    assert document.file is not None, document.last_error
    with default_storage.open(document.file.key) as file:
        data = file.read()
    assert checks.check_pdf(data) == []
    return [
        " ".join(page.extract_text(extraction_mode="plain").split())
        for page in PdfReader(BytesIO(data)).pages
    ]


@pytest.fixture
def weekly(cast: Any) -> dict[str, Document]:
    """Both reports of this week, made by the calendar and a worker."""
    from django.utils import timezone

    now = timezone.now()
    world(cast.home, timezone.localdate(now).replace(day=21))
    for variant in ("mayor", "sekda"):
        ReportScheduleFactory(government=cast.home, variant=variant)
    actions.make_due_reports(now)
    made = {row.variant: row for row in Document.objects.all()}
    for row in made.values():
        tasks.render_document(pk=row.pk)
    return made


def test_both_variants_come_from_one_set_of_figures(weekly: dict[str, Document]) -> None:
    pages = {variant: read(document) for variant, document in weekly.items()}
    assert FigureSet.objects.count() == 1
    taken = FigureSet.objects.get().taken_at
    assert {document.figures_at for document in weekly.values()} == {taken}
    assert {document.params["_figure_set"] for document in weekly.values()} == {
        FigureSet.objects.get().pk
    }
    assert "Untuk Wali Kota" in pages["mayor"][0]
    assert "Untuk Sekretaris Daerah" in pages["sekda"][0]
    for variant in pages:
        assert "Dinas Terlambat" in pages[variant][0]
    for variant in pages:
        whole = " ".join(pages[variant])
        assert whole.count("Angka yang sama sebagai tabel") == 2
        assert whole.count("Pengaduan terbuka: 3, di antaranya") == 1
        assert "Belum diteruskan ke unit" in whole
        assert "Daftar isi" not in whole
    together = " ".join(pages["sekda"])
    assert "Yang jatuh tempo dalam dua minggu" in together
    assert "Survei kepuasan <b>" in together


def test_the_lead_sentence_comes_before_any_table(weekly: dict[str, Document]) -> None:
    first = read(weekly["mayor"])[0]
    assert first.index("Yang paling perlu dibantu") < first.index("Unit yang paling perlu dibantu")


def test_the_same_figures_give_the_same_fingerprint(weekly: dict[str, Document], cast: Any) -> None:
    first = weekly["mayor"]
    first.refresh_from_db()
    again = DocumentFactory(
        government_id=cast.home.pk,
        title=first.title,
        params=first.params,
        figures_at=first.figures_at,
    )
    # The period stands on the first page.
    Document.objects.filter(pk=first.pk).update(period="")
    Document.objects.filter(pk=again.pk).update(period=first.period)
    tasks.render_document(pk=again.pk)
    again.refresh_from_db()
    assert again.content_hash == first.content_hash


def test_on_demand_it_shows_the_moment(cast: Any) -> None:
    from django.utils import timezone

    document = actions.ask_for_progress(by=cast["sekda"], variant="sekda", now=timezone.now())
    tasks.render_document(pk=document.pk)
    assert any("Tentang dokumen ini" in page for page in read(document))
    assert document.period == ""


@pytest.mark.parametrize("variant", ["mayor", "sekda"])
def test_each_variant_has_one_reader(variant: str, cast: Any) -> None:
    document = DocumentFactory(government_id=cast.home.pk, variant=variant)
    readers = {role for role in Role.values if registry.readable_by(cast.offices[role], document)}
    assert readers == {variant}
    assert not registry.readable_by(cast.away_offices[variant], document)


def test_a_sample_government_is_marked_on_every_page(cast: Any) -> None:
    from django.utils import timezone

    cast.home.is_sample = True
    cast.home.save(update_fields=["is_sample"])
    document = actions.ask_for_progress(by=cast["mayor"], variant="mayor", now=timezone.now())
    tasks.render_document(pk=document.pk)
    assert all("CONTOH" in page for page in read(document))


def test_asking_again_gets_new_figures(cast: Any) -> None:
    from django.utils import timezone

    now = timezone.now()
    first = actions.ask_for_progress(by=cast["mayor"], variant="mayor", now=now)
    tasks.render_document(pk=first.pk)
    again = actions.ask_for_progress(by=cast["mayor"], variant="mayor", now=now)
    tasks.render_document(pk=again.pk)
    assert FigureSet.objects.count() == 2
