"""Lists of units from a file: template, upload, preview, confirmation, refused rows."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from integrity_portal.core.http import or_404
from opd.actions import imports as actions
from opd.enums import ImportState
from opd.forms.units import UnitImportForm
from opd.http import PortalRequest, screen
from opd.models import UnitImport
from opd.permissions import can_manage_units
from opd.queries import imports as queries
from opd.registry import RegistryRefused
from opd.unit_csv import COLUMNS, heading, write_sheet
from opd.unit_plan import Outcome
from opd.views.unit_changes import attempt, form_page, reads_and_sends
from opd.views.units import crumbs

PER_PAGE = 50


def as_csv(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


@screen(can_manage_units)
@require_safe
def unit_csv(request: PortalRequest) -> HttpResponse:
    """The template; with `?filled=1` the active units stand in it."""
    rows: list[list[str]] = []
    if request.GET.get("filled"):
        rows = queries.sheet_rows(request.government.pk, today=timezone.localdate())
    return as_csv(write_sheet([heading(column) for column in COLUMNS], rows), "unit")


@screen(can_manage_units)
@reads_and_sends
def import_upload(request: PortalRequest) -> HttpResponse:
    form = UnitImportForm(request.POST or None, request.FILES or None)
    upload = attempt(
        form,
        lambda: actions.receive_units(
            by=request.membership, data=form.cleaned_data["file"].read(), now=timezone.now()
        ),
    )
    if upload:
        return redirect("opd:unit_import", upload.pk)
    return form_page(
        request,
        form,
        template="opd/units/import.html",
        columns=[heading(column) for column in COLUMNS],
        breadcrumbs=crumbs((_("Import units"), "")),
    )


@screen(can_manage_units)
@require_safe
def import_preview(request: PortalRequest, import_id: int) -> HttpResponse:
    """Row by row what would happen. Nothing is written."""
    upload = _upload_or_404(request, import_id)
    context: dict[str, Any] = {
        "upload": upload,
        "breadcrumbs": crumbs((_("Import units"), "")),
    }
    if upload.state != ImportState.PENDING or upload.expires_at < timezone.now():
        return render(request, "opd/units/import_done.html", context)
    plan = queries.plan_of(upload, today=timezone.localdate())
    shown = request.GET.get("show", "")
    lines = [line for line in plan.lines if line.outcome == shown or shown not in set(Outcome)]
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    counts = plan.count()
    context |= {
        "counts": counts,
        "good": counts[Outcome.NEW] + counts[Outcome.CHANGED],
        "fingerprint": plan.fingerprint,
        "show": shown if shown in set(Outcome) else "",
        "page_obj": page,
        "rows": queries.preview_rows(list(page), upload.government_id),
    }
    return render(request, "opd/units/preview.html", context)


@screen(can_manage_units)
@require_POST
def import_confirm(request: PortalRequest, import_id: int) -> HttpResponse:
    upload = _upload_or_404(request, import_id)
    try:
        plan = actions.apply_import(
            by=request.membership,
            upload=upload,
            seen=request.POST.get("fingerprint", ""),
            now=timezone.now(),
            today=timezone.localdate(),
        )
    except RegistryRefused as refused:
        messages.error(request, str(refused))
    else:
        counts = plan.count()
        messages.success(
            request,
            _("%(added)s units added, %(changed)s changed.")
            % {"added": counts[Outcome.NEW], "changed": counts[Outcome.CHANGED]},
        )
    return redirect("opd:unit_import", upload.pk)


@screen(can_manage_units)
@require_POST
def import_discard(request: PortalRequest, import_id: int) -> HttpResponse:
    upload = _upload_or_404(request, import_id)
    try:
        actions.discard_import(by=request.membership, upload=upload, now=timezone.now())
    except RegistryRefused as refused:
        messages.error(request, str(refused))
        return redirect("opd:unit_import", upload.pk)
    messages.success(request, _("The list is thrown away. Nothing was written."))
    return redirect("opd:unit_import_upload")


@screen(can_manage_units)
@require_safe
def import_refused(request: PortalRequest, import_id: int) -> HttpResponse:
    """The refused rows with their reasons, ready to be put right and sent again."""
    upload = _upload_or_404(request, import_id)
    rows = queries.refused_rows(upload, today=timezone.localdate())
    head = [*(heading(column) for column in upload.columns if column), "baris", "alasan"]
    return as_csv(write_sheet(head, rows), "baris-ditolak")


def _upload_or_404(request: PortalRequest, import_id: int) -> UnitImport:
    return or_404(queries.import_of(request.membership, import_id))
