"""The four papers as PDF: their words and pages, with nothing in them and with forty activities."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from pypdf import PdfReader

from assessments import monev_documents
from assessments.actions.monev_papers import make_paper
from assessments.documents import government_frame
from assessments.enums import PaperVariant
from assessments.models import MonevMeeting
from assessments.queries.monev_papers import content_of
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
)
from assessments.tests.factories_monev import (
    AgendaItemFactory,
    FollowUpFactory,
    MeetingAttendeeFactory,
    MonevMeetingFactory,
    PlanFreezeFactory,
)
from integrity_portal.core.documents import engine, registry, render
from integrity_portal.core.models import Document
from opd.enums import Role
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db
VARIANTS = [variant.value for variant in PaperVariant]
LONG = "Dinas Penanaman Modal, Pelayanan Terpadu Satu Pintu, Tenaga Kerja dan Perindustrian"


def meet(cast: Cast, count: int, **frozen: Any) -> MonevMeeting:
    plan = WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit))
    for number in range(count):
        activity = ActivityFactory(
            plan=plan,
            area=str(number % 6 + 1),
            title=f"Kegiatan nomor {number:02} dengan judul yang cukup panjang untuk dua baris",
            due_on=date(2026, 6, 1) if number % 4 == 0 else date(2026, 12, 1),
        )
        if number % 3 == 0:
            ActivityReportFactory(
                activity=activity, confirmed=True, percent=Decimal("33.33"), note="Menunggu tim."
            )
    meeting = MonevMeetingFactory(
        freeze=PlanFreezeFactory(plan=plan, **frozen),
        leader="Siti Aminah",
        leader_title="Plt. Kepala",
    )
    for number in range(count):
        AgendaItemFactory(meeting=meeting, topic=f"Acara {number}")
        MeetingAttendeeFactory(meeting=meeting, name=f"Peserta {number:02}")
        FollowUpFactory(meeting=meeting, what=f"Tindakan {number:02}", due_on=date(2026, 7, 7))
    return meeting


def pages_of(meeting: MonevMeeting, variant: str, today: date = date(2026, 7, 8)) -> list[str]:
    spec = monev_documents.chapter_of(variant, content_of(meeting, variant, today))
    frame = government_frame(meeting.government)
    context = {"chapter": spec, "number": 1, "frame": frame, "language": "id"}
    html = render_to_string(spec.template, {**spec.context, **context})
    reader = PdfReader(io.BytesIO(render.pdf_of(html)))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.mark.parametrize("variant", VARIANTS)
def test_with_nothing_in_it(cast: Cast, variant: str) -> None:
    cast.unit.name = LONG
    cast.unit.save()
    (page,) = pages_of(meet(cast, 0), variant)
    assert "PEMERINTAH KOTA RUMAH" in page
    assert LONG in page
    assert "B06 tahun 2026" in page
    assert "Rancangan: notulen rapat belum disahkan" in page
    empty = {
        "report": "Rencana kerja belum memuat kegiatan ketika dibekukan.",
        "minutes": "Belum ada acara yang dicatat.",
        "attendance": "Belum ada peserta yang dicatat.",
        "matrix": "Belum ada tindak lanjut yang dicatat.",
    }
    assert empty[variant] in page


@pytest.mark.parametrize("variant", VARIANTS)
def test_with_forty_of_everything(cast: Cast, variant: str) -> None:
    pages = pages_of(meet(cast, 40), variant)
    text = " ".join(pages)
    assert 2 <= len(pages) <= 12
    assert all(len(page) > 80 for page in pages)
    row = {
        "report": "Kegiatan nomor {:02}",
        "minutes": "Acara {}",
        "attendance": "Peserta {:02}",
        "matrix": "Tindakan {:02}",
    }[variant]
    assert all(row.format(number) in text for number in range(40))
    if variant == "report":
        assert "40 kegiatan dengan capaian rata-rata" in text
        assert "10 terlambat" in text
        assert "Menunggu tim." in text
        assert "Pelayanan Publik" in text
    if variant == "matrix":
        assert "40 tindak lanjut, 0 sudah diverifikasi, 40 lewat tenggat" in text


def test_a_late_freeze_says_so_on_every_paper(cast: Cast) -> None:
    meeting = meet(cast, 1, taken_on=date(2026, 8, 20))
    for variant in VARIANTS:
        assert "dibekukan terlambat pada 20 Agustus 2026" in " ".join(pages_of(meeting, variant))


def test_the_report_says_what_moved_since_the_period_before(cast: Cast) -> None:
    meeting = meet(cast, 3)
    plan = meeting.freeze.plan
    later = PlanFreezeFactory(plan=plan, period="B09", taken_on=date(2026, 10, 2))
    next_meeting = MonevMeetingFactory(freeze=later, held_on=date(2026, 10, 5))
    text = " ".join(pages_of(next_meeting, "report"))
    assert "Dibanding B06" in text
    assert "3 tidak bergerak" in text
    matrix = " ".join(pages_of(next_meeting, "matrix"))
    assert "3 tindak lanjut" in matrix


def test_attendance_leaves_room_or_says_who_said_so_himself(cast: Cast) -> None:
    meeting = meet(cast, 1)
    MeetingAttendeeFactory(
        meeting=meeting,
        name="Rini",
        membership=cast[Role.OPD_HEAD],
        confirmed_at=timezone.now(),
    )
    text = " ".join(pages_of(meeting, "attendance"))
    assert "1. ....." in text
    assert "dicatat sendiri di portal" in text
    assert "bukan tanda tangan elektronik tersertifikasi" in text


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_engine_makes_it(cast: Cast, variant: str) -> None:
    meeting = meet(cast, 2)
    now = timezone.now()
    document = make_paper(
        meeting=meeting,
        variant=variant,
        by=cast[Role.OPD_OPERATOR],
        now=now,
        today=timezone.localdate(),
    )
    (leaf,) = engine.write_leaves(document, monev_documents.frame(document), now)
    assert leaf.key == variant
    assert cast.unit.name in leaf.html


def test_who_may_read_it(cast: Cast) -> None:
    meeting = meet(cast, 0)
    document = make_paper(
        meeting=meeting,
        variant="report",
        by=cast[Role.OPD_HEAD],
        now=timezone.now(),
        today=timezone.localdate(),
    )
    assert isinstance(document, Document)
    for role in (Role.OPD_OPERATOR, Role.SEKDA, Role.TPN_REVIEWER):
        assert registry.readable_by(cast[role], document)
    assert not registry.readable_by(cast[Role.ADMINISTRATOR], document)
    assert not registry.readable_by(cast.away_offices[Role.SEKDA], document)
    assert registry.readable_among(cast[Role.SEKDA], [document]) == [document]


@pytest.mark.parametrize("variant", ["minutes", "attendance"])
def test_a_name_that_is_the_title_stands_once(variant: str) -> None:
    """Accounts of an office bear its title as their name."""
    same = ["Kepala DPMPTSP", "Kepala DPMPTSP"]
    paper = {"leader": same, "note_taker": same, "rows": [], "held_on": date(2026, 7, 6)}
    page = f"assessments/documents/monev/{variant}.html"
    shown = render_to_string(page, {"paper": paper})
    assert "Kepala DPMPTSP, Kepala DPMPTSP" not in shown
    assert "Kepala DPMPTSP" in shown
    other = render_to_string(page, {"paper": {**paper, "leader": ["Siti", "Kepala DPMPTSP"]}})
    assert "Siti, Kepala DPMPTSP" in other


def test_the_signing_line_stays_empty_for_it() -> None:
    same = ["Kepala DPMPTSP", "Kepala DPMPTSP"]
    page = "assessments/documents/monev/signers.html"
    common = {"held_on": date(2026, 7, 6), "note_taker": ["", ""]}
    shown = render_to_string(page, {"paper": common, "signer": same, "signer_word": "Pimpinan"})
    assert shown.count("Kepala DPMPTSP") == 1
