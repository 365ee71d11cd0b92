"""The doors of work-sheets as Excel files."""

from typing import Any

from django.utils import timezone

from assessments.actions.answers import Said, save_answer
from assessments.actions.worksheet_imports import receive_worksheet
from assessments.enums import Assessor
from assessments.permissions import PLAN_READERS, PLAN_WRITERS
from assessments.tests.excel_books import HEADER, book, row
from assessments.tests.factories_worksheets import item, sheet_of
from assessments.tests.matrix_worksheets import door, with_letter
from opd.enums import Role
from opd.models import Membership, Unit
from opd.tests.doors import Door

SCORERS = PLAN_WRITERS | {Role.TPN_REVIEWER, Role.INSPECTORATE}


def waiting(unit: Unit) -> dict[str, Any]:
    """A preview of the operator's with a row of every kind."""
    sheet = sheet_of(unit)
    by = Membership.objects.filter(unit=unit, role=Role.OPD_OPERATOR).first()
    if by is None:
        from opd.tests.factories import MembershipFactory

        by = MembershipFactory(government=unit.government, unit=unit, role=Role.OPD_OPERATOR)
    asked = item(sheet, "A.I.1.iii.a")
    if not asked.answers.exists():
        said = Said(option="A", note="Semua kegiatan berjalan menurut laporan triwulan I")
        save_answer(
            item=asked, assessor=Assessor.UNIT, said=said, version=0, by=by, now=timezone.now()
        )
    rows = [
        ["A.I.1.i Penyusunan tim kerja", 0.75, None, None, None, 0.9],
        row("A.I.1.i.a", "Ya", "SK 12/2026, halaman 3 sampai 7", "https://contoh.go.id/sk-tim.pdf"),
        row("A.I.1.i.b", "Barangkali nanti"),
        row("A.I.1.ii.a"),
        row("A.I.1.iii.a", "0,67", "Dua kegiatan tertunda"),
        row("A.II.1.i.a"),
        row("Jumlah agen perubahan", 4),
        row("Jumlah perubahan nyata yang dihasilkan", 3),
        row("Pertanyaan tanpa nomor", "A"),
    ]
    upload = receive_worksheet(
        sheet=sheet,
        data=book(("LKE", [HEADER, *rows])),
        sheet_name="",
        by=by,
        now=timezone.now(),
    )
    return {"pk": sheet.pk, "preview": upload.pk}


def preview_door(method: str, **more: Any) -> Door:
    """An import is seen by nobody but who sent it."""
    return Door(
        "assessments:worksheet_import_preview",
        allowed={Role.OPD_OPERATOR},
        method=method,
        kwargs=lambda cast: waiting(cast.unit),
        elsewhere=lambda cast: waiting(cast.other_unit),
        unseen=PLAN_READERS - {Role.OPD_OPERATOR},
        **more,
    )


EXCEL_DOORS = [
    door("worksheet_export", PLAN_READERS, is_page=False),
    door("worksheet_import", PLAN_WRITERS, sheet_of, unseen={Role.TPN_REVIEWER}),
    door(
        "worksheet_import",
        PLAN_WRITERS,
        sheet_of,
        "post",
        unseen={Role.TPN_REVIEWER},
        answer={422},
    ),
    # Approved, with a letter of the ministry: now those score who score for the TPN.
    door("worksheet_import", SCORERS, with_letter, case="after a letter"),
    door("worksheet_import", SCORERS, with_letter, "post", answer={422}, case="after a letter"),
    preview_door("get"),
    # Sent without what the preview showed: told to look again.
    preview_door("post", answer={409}),
]
