"""Tables of indicators: template, the plan's own table, upload, preview row by row, confirmation."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import indicator_imports as actions
from assessments.enums import PlanState, SheetImportState
from assessments.forms.indicator_imports import IndicatorFileForm
from assessments.models import IndicatorImport, Plan
from assessments.permissions import keeps_rpjmd, reads_plan_figures
from assessments.plan_excel import keeping
from assessments.plan_excel.compared import Outcome
from assessments.plan_excel.reading import Fault
from assessments.plan_excel.writing import headings
from assessments.queries import indicator_imports as queries
from assessments.views.shared import crumbs
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusal_text, refusals_in, refusals_said
from opd.transitions import StepRefused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 100
SHOWN_FAULTS = 500


@screen(keeps_rpjmd)
@require_safe
def rpjmd_template(request: PortalRequest, pk: int) -> HttpResponse:
    """An empty table with the years of this plan and an example that is never read."""
    plan = or_404(queries.plan_to_fill(request.membership, pk))
    content = queries.template_of(plan, timezone.localdate())
    return _download(content, f"Templat indikator RPJMD {plan.years}.xlsx")


@screen(reads_plan_figures)
@require_safe
def rpjmd_table(request: PortalRequest, pk: int) -> HttpResponse:
    """The plan's indicators in the columns in which they may come back."""
    plan = or_404(queries.plan_to_read(request.membership, pk))
    content = queries.table_of(plan, timezone.localdate())
    return _download(content, f"Indikator RPJMD {plan.years}.xlsx")


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def rpjmd_import(request: PortalRequest, pk: int) -> HttpResponse:
    """Send a table; nothing is written before its preview is confirmed."""
    plan = or_404(queries.plan_to_fill(request.membership, pk))
    form = IndicatorFileForm(posted(request), request.FILES or None)
    if form.is_valid():
        with refusals_in(form, "file"):
            upload = actions.receive_indicators(
                plan=plan,
                data=form.cleaned_data["file"].read(),
                sheet_name=form.cleaned_data["sheet"],
                by=request.membership,
                now=timezone.now(),
            )
            return redirect("assessments:rpjmd_import_preview", plan.pk, upload.pk)
    context = {
        "form": form,
        "plan": plan,
        "is_closed": plan.state == PlanState.CLOSED,
        "headings": headings(queries.span_of(plan)),
        "waiting": queries.waiting_imports(request.membership, plan, timezone.now()),
        "breadcrumbs": _crumbs(plan, (_("Import from Excel"), "")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessments/rpjmd/import/new.html", context, status=status)


@screen(keeps_rpjmd)
@require_http_methods(["GET", "HEAD", "POST"])
def rpjmd_import_preview(request: PortalRequest, pk: int, preview: int) -> HttpResponse:
    """Row by row what would happen; a POST confirms it or throws it away."""
    upload = or_404(queries.import_of(request.membership, pk, preview))
    if request.method != "POST":
        return _preview_page(request, upload)
    if request.POST.get("do") == "discard":
        with refusals_said(request):
            actions.discard_indicator_import(
                upload=upload, by=request.membership, now=timezone.now()
            )
            messages.success(request, _("The file is thrown away. Nothing was written."))
            return redirect("assessments:rpjmd_import", pk)
        return redirect("assessments:rpjmd_import_preview", pk, preview)
    try:
        done = actions.apply_indicator_import(
            upload=upload,
            seen=request.POST.get("fingerprint", ""),
            by=request.membership,
            now=timezone.now(),
        )
    except StepRefused as refusal:
        messages.error(request, refusal_text(refusal))
        return _preview_page(request, upload, status=409)
    count = done.added + done.changed
    messages.success(
        request,
        ngettext("%(count)d row was written.", "%(count)d rows were written.", count)
        % {"count": count},
    )
    return redirect("assessments:rpjmd_import_preview", pk, preview)


def _preview_page(
    request: PortalRequest, upload: IndicatorImport, *, status: int = 200
) -> HttpResponse:
    plan = upload.plan
    start = (_("Import from Excel"), reverse("assessments:rpjmd_import", args=[plan.pk]))
    context: dict[str, Any] = {
        "plan": plan,
        "upload": upload,
        "plan_url": plan_url(plan),
        "breadcrumbs": _crumbs(plan, start, (_("Preview"), "")),
    }
    if upload.state != SheetImportState.PENDING or upload.expires_at < timezone.now():
        faults = keeping.faults_from_json(upload.content.get("faults", []))
        context |= _faults(faults)
        return render(request, "assessments/rpjmd/import/done.html", context, status=status)
    if plan.state == PlanState.CLOSED:
        raise PermissionDenied(_("This plan is closed. Open it again before you change it."))
    comparison = queries.comparison_of(upload, plan, timezone.localdate())
    good = comparison.good()
    context |= {
        "reading": keeping.from_json(upload.content),
        "comparison": comparison,
        "counts": comparison.count(),
        "good": len(good),
        "page_obj": Paginator(good, PER_PAGE).get_page(request.GET.get("page")),
        "new": Outcome.NEW,
        "same": [line for line in comparison.lines if line.outcome == Outcome.SAME][:PER_PAGE],
        **_faults(comparison.faults()),
    }
    return render(request, "assessments/rpjmd/import/preview.html", context, status=status)


def _faults(faults: list[Fault]) -> dict[str, Any]:
    return {"faults": faults[:SHOWN_FAULTS], "fault_count": len(faults)}


def plan_url(plan: Plan) -> str:
    try:
        return reverse("assessments:rpjmd_plan", args=[plan.pk])
    except NoReverseMatch:
        return ""


def _crumbs(plan: Plan, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return crumbs((plan.title, plan_url(plan)), *steps)


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response
