"""A work-sheet as an Excel file: download, upload, preview with every row, confirmation."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import worksheet_imports as actions
from assessments.actions.tpn_scores import record_reading
from assessments.enums import Assessor, SheetImportState
from assessments.excel import keeping
from assessments.excel.layout import COLUMNS
from assessments.excel.links import is_safe
from assessments.excel.plan import WRITABLE, Outcome, Plan, differences
from assessments.forms.worksheet_files import WorksheetFileForm
from assessments.models import TpnLetter, Worksheet, WorksheetImport
from assessments.permissions import answers_worksheets, reads_worksheets
from assessments.queries.reviewers import records_for_tpn
from assessments.queries.worksheet_files import (
    import_of,
    plan_of,
    waiting_imports,
    workbook_of,
)
from assessments.queries.worksheet_pages import shown_assessors, side_that_writes
from assessments.queries.worksheets import tpn_letters_of
from assessments.views.worksheets import worksheet_crumbs, worksheet_or_404
from integrity_portal.core.http import or_404, records_access, refuse
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusal_text, refusals_in, refusals_said
from opd.transitions import StepRefused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILE, PORTAL = "file", "portal"
QUIET = frozenset({Outcome.SAME, Outcome.EMPTY})


@screen(reads_worksheets)
@records_access
@require_safe
def worksheet_export(request: PortalRequest, pk: int) -> HttpResponse:
    """The answers that this person reads, in the official columns, and a sheet for his own."""
    sheet = worksheet_or_404(request, pk)
    record_reading(sheet=sheet, page="export", by=request.membership)
    shown = shown_assessors(sheet, request.membership)
    side = side_that_writes(request.membership, sheet, timezone.localdate())
    content = workbook_of(sheet, shown, now=timezone.now(), side=side)
    response = HttpResponse(content, content_type=XLSX)
    name = f"LKE {sheet.zone.unit.label} {sheet.year_text}.xlsx".replace("/", "-")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response


@screen(answers_worksheets)
@records_access
@require_http_methods(["GET", "HEAD", "POST"])
def worksheet_import(request: PortalRequest, pk: int) -> HttpResponse:
    """Send a filled sheet; nothing is written before its preview is confirmed."""
    sheet, side = _sheet_to_fill(request, pk)
    record_reading(sheet=sheet, page="import", by=request.membership)
    form = WorksheetFileForm(posted(request), request.FILES or None)
    if form.is_valid():
        with refusals_in(form, "file"):
            upload = actions.receive_worksheet(
                sheet=sheet,
                data=form.cleaned_data["file"].read(),
                sheet_name=form.cleaned_data["sheet"],
                by=request.membership,
                now=timezone.now(),
            )
            return redirect("assessments:worksheet_import_preview", sheet.pk, upload.pk)
    context = {
        "form": form,
        "sheet": sheet,
        "instrument": sheet.instrument.instrument,
        "unit": sheet.zone.unit,
        "side": side,
        "letter": _letter_of(request, sheet),
        "columns": COLUMNS,
        "waiting": waiting_imports(request.membership, sheet, timezone.now()),
        "breadcrumbs": worksheet_crumbs(sheet, (_("Import from Excel"), "")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessments/worksheets/import.html", context, status=status)


def _sheet_to_fill(request: PortalRequest, pk: int) -> tuple[Worksheet, Assessor]:
    sheet = worksheet_or_404(request, pk)
    side = side_that_writes(request.membership, sheet, timezone.localdate())
    if not side and records_for_tpn(request.membership, sheet):
        raise refuse(_("Record the letter of the TPN first; its scores stand on it."))
    if not side:
        raise refuse(_("Only who answers this work-sheet now takes a file over."))
    return sheet, Assessor(side)


def _letter_of(request: PortalRequest, sheet: Worksheet) -> TpnLetter | None:
    """On which the scores stand that the inspectorate records."""
    if not records_for_tpn(request.membership, sheet):
        return None
    return next(iter(tpn_letters_of(sheet)), None)


@screen(answers_worksheets)
@records_access
@require_http_methods(["GET", "HEAD", "POST"])
def worksheet_import_preview(request: PortalRequest, pk: int, preview: int) -> HttpResponse:
    """Row by row what would happen; a POST confirms it or throws it away."""
    sheet = worksheet_or_404(request, pk)
    upload = or_404(import_of(request.membership, pk, preview))
    record_reading(sheet=sheet, page="import_preview", by=request.membership)
    if request.method != "POST":
        return _preview_page(request, sheet, upload)
    if request.POST.get("do") == "discard":
        with refusals_said(request):
            actions.discard_worksheet_import(
                upload=upload, by=request.membership, now=timezone.now()
            )
            messages.success(request, _("The file is thrown away. Nothing was written."))
            return redirect("assessments:worksheet_import", sheet.pk)
        return redirect("assessments:worksheet_import_preview", sheet.pk, upload.pk)
    return _confirm(request, sheet, upload)


def _confirm(request: PortalRequest, sheet: Worksheet, upload: WorksheetImport) -> HttpResponse:
    try:
        done = actions.apply_worksheet_import(
            upload=upload,
            seen=request.POST.get("fingerprint", ""),
            take=_chosen(request, FILE),
            leave=_chosen(request, PORTAL),
            by=request.membership,
            now=timezone.now(),
        )
    except StepRefused as refusal:
        messages.error(request, refusal_text(refusal))
        return _preview_page(request, sheet, upload, status=409)
    messages.success(request, _("%(count)d answers were written.") % {"count": done.written})
    return redirect("assessments:worksheet_import_preview", sheet.pk, upload.pk)


def _chosen(request: PortalRequest, side: str) -> set[str]:
    """Questions for which this side was chosen, one by one or all at once."""
    mark, everywhere = "choice-", request.POST.get("all", "")
    return {
        name.removeprefix(mark)
        for name, value in request.POST.items()
        if name.startswith(mark) and (everywhere or value) == side
    }


def _preview_page(
    request: PortalRequest, sheet: Worksheet, upload: WorksheetImport, *, status: int = 200
) -> HttpResponse:
    trail = worksheet_crumbs(
        sheet,
        (_("Import from Excel"), reverse("assessments:worksheet_import", args=[sheet.pk])),
        (_("Preview"), ""),
    )
    context: dict[str, Any] = {
        "sheet": sheet,
        "instrument": sheet.instrument.instrument,
        "unit": sheet.zone.unit,
        "upload": upload,
        "assessor": Assessor(upload.assessor),
        "breadcrumbs": trail,
    }
    gone = upload.expires_at < timezone.now()
    if upload.state != SheetImportState.PENDING or gone:
        return render(request, "assessments/worksheets/import_done.html", context, status=status)
    if side_that_writes(request.membership, sheet, timezone.localdate()) != upload.assessor:
        raise PermissionDenied(_("You no longer answer this work-sheet on that side."))
    plan = plan_of(upload, sheet)
    rows = _rows(request, sheet, plan)
    reading = keeping.from_json(upload.content)
    context |= {
        "reading": reading,
        "differences": differences(reading, sheet.instrument.instrument),
        "plan": plan,
        "counts": plan.count(),
        "rows": [row for row in rows if row["line"].outcome not in QUIET],
        "quiet": [row for row in rows if row["line"].outcome in QUIET],
        "asked": sum(row["asks"] for row in rows),
        "links": [link for line in plan.lines for link in line.links if is_safe(link)],
    }
    return render(request, "assessments/worksheets/import_preview.html", context, status=status)


def _rows(request: PortalRequest, sheet: Worksheet, plan: Plan) -> list[dict[str, Any]]:
    """Each row with its question and the side that is chosen: the file's where it is no conflict."""
    questions = sheet.instrument.instrument.questions
    rows = []
    for line in plan.lines:
        usual = PORTAL if line.outcome in (Outcome.CONFLICT, Outcome.UNSURE) else FILE
        rows.append(
            {
                "line": line,
                "question": questions[line.code],
                "links": [(link, is_safe(link)) for link in line.links],
                "asks": line.outcome in WRITABLE,
                "chosen": request.POST.get(f"choice-{line.code}", usual),
            }
        )
    return rows
