"""Exports of SP4N-LAPOR!: template, upload, preview row by row, confirmation."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from complaints.actions import lapor_imports as actions
from complaints.external_enums import ExportState
from complaints.forms.external import ExportForm
from complaints.lapor import keeping, terms
from complaints.lapor.comparing import Outcome
from complaints.lapor.reading import Fault
from complaints.lapor.writing import template as template_of
from complaints.models import LaporImport
from complaints.permissions import keeps_other_systems
from complaints.queries import external as queries
from complaints.views.external import way
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusal_text, refusals_in, refusals_said
from opd.transitions import StepRefused

PER_PAGE = 100
SHOWN_FAULTS = 500


@screen(keeps_other_systems)
@require_safe
def lapor_template(request: PortalRequest) -> HttpResponse:
    data = template_of(terms.current())
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="templat-ekspor-lapor.csv"'
    return response


@screen(keeps_other_systems)
@require_http_methods(["GET", "HEAD", "POST"])
def lapor_import(request: PortalRequest) -> HttpResponse:
    """Send an export; nothing is written before its preview is confirmed."""
    form = ExportForm(
        posted(request), request.FILES or None, systems=queries.system_choices(request.government)
    )
    if form.is_valid():
        with refusals_in(form, "file"):
            upload = actions.receive_export(
                system=form.cleaned_data["system"],
                data=form.cleaned_data["file"].read(),
                by=request.membership,
                now=timezone.now(),
            )
            return redirect("complaints:lapor_preview", upload.pk)
    context = {
        "form": form,
        "waiting": queries.waiting_imports(request.membership, timezone.now()),
        "columns": [str(column.text) for column in terms.current().columns],
        "to_settle": len(queries.differences(request.membership)),
        "breadcrumbs": way(_("SP4N-LAPOR!")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "complaints/lapor/new.html", context, status=status)


@screen(keeps_other_systems)
@require_http_methods(["GET", "HEAD", "POST"])
def lapor_preview(request: PortalRequest, pk: int) -> HttpResponse:
    """Row by row what would happen; a POST confirms it or throws it away."""
    upload = or_404(queries.import_of(request.membership, pk))
    if request.method != "POST":
        return _preview_page(request, upload)
    if request.POST.get("do") == "discard":
        with refusals_said(request):
            actions.discard_export(upload=upload, by=request.membership, now=timezone.now())
            messages.success(request, _("The file is thrown away. Nothing was written."))
            return redirect("complaints:lapor_import")
        return redirect("complaints:lapor_preview", pk)
    try:
        done = actions.apply_export(
            upload=upload,
            seen=request.POST.get("fingerprint", ""),
            by=request.membership,
            now=timezone.now(),
        )
    except StepRefused as refusal:
        messages.error(request, refusal_text(refusal))
        return _preview_page(request, upload, status=409)
    count = done.added + done.changed
    said = ngettext("%(count)d row was written.", "%(count)d rows were written.", count)
    messages.success(request, said % {"count": count})
    return redirect("complaints:lapor_preview", pk)


def _preview_page(
    request: PortalRequest, upload: LaporImport, *, status: int = 200
) -> HttpResponse:
    start = (_("SP4N-LAPOR!"), reverse("complaints:lapor_import"))
    context: dict[str, Any] = {"upload": upload, "breadcrumbs": way(start, _("Preview"))}
    is_gone = upload.state != ExportState.PENDING or upload.expires_at < timezone.now()
    if is_gone or not upload.content:
        context |= _faults(keeping.faults_from_data(upload.faults))
        context["to_settle"] = len(queries.differences(request.membership))
        return render(request, "complaints/lapor/done.html", context, status=status)
    reading = keeping.from_text(upload.kept())
    comparison = queries.comparison_with(
        reading, request.government, upload.system, timezone.localdate()
    )
    good = comparison.good()
    context |= {
        "reading": reading,
        "comparison": comparison,
        "counts": comparison.count(),
        "good": len(good),
        "page_obj": Paginator(good, PER_PAGE).get_page(request.GET.get("page")),
        "new": Outcome.NEW,
        "same": len(comparison.same()),
        "to_settle": len(comparison.to_settle()),
        **_faults(comparison.faults()),
    }
    return render(request, "complaints/lapor/preview.html", context, status=status)


def _faults(faults: list[Fault]) -> dict[str, Any]:
    names = {column.code: str(column.text) for column in terms.current().columns}
    shown = [(fault, names.get(fault.column, fault.column)) for fault in faults[:SHOWN_FAULTS]]
    return {"faults": shown, "fault_count": len(faults)}
