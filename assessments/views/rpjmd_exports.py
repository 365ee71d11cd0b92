"""What leaves the portal about a plan: the evaluation forms as Excel, and the head's report."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.actions.head_reports import request_head_report
from assessments.forms.rpjmd_exports import ExportForm, HeadReportForm
from assessments.head_report_documents import head_chart
from assessments.models import Plan
from assessments.permissions import reads_plan_figures
from assessments.plan_excel_out import forms as workbooks
from assessments.plan_excel_out.lkpj import lkpj
from assessments.queries.head_report import HeadReport, head_report, newest_year_with_figures
from assessments.queries.plan_exports import form_of, name_of, plan_of, units_of
from assessments.views.shared import crumbs
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, screen

PAGE = "assessments/rpjmd/exports/page.html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _plan_or_404(request: PortalRequest, pk: int) -> Plan:
    return or_404(plan_of(request.membership, pk))


def _crumbs(plan: Plan, *steps: tuple[str, str]) -> list[dict[str, str]]:
    return crumbs((_("Exports and reports of the plan"), _here(plan) if steps else ""), *steps)


def _here(plan: Plan) -> str:
    return reverse("assessments:rpjmd_exports", args=[plan.pk])


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    safe = f"{name}.xlsx".replace("/", "-")
    response.headers["Content-Disposition"] = content_disposition_header(True, safe) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response


@screen(reads_plan_figures)
@require_safe
def rpjmd_exports(request: PortalRequest, pk: int) -> HttpResponse:
    """Choose unit, year and quarter; each form is one button."""
    plan = _plan_or_404(request, pk)
    form = _export_form(request, plan)
    return render(request, PAGE, _context(plan, form))


def _context(plan: Plan, form: ExportForm) -> dict[str, Any]:
    return {
        "plan": plan,
        "plan_name": name_of(plan),
        "form": form,
        "breadcrumbs": _crumbs(plan),
    }


def _export_form(request: PortalRequest, plan: Plan) -> ExportForm:
    return ExportForm(
        request.GET,
        plan=plan,
        units=units_of(plan),
        own=request.membership.unit_id,
        today=timezone.localdate(),
    )


def _refused(request: PortalRequest, plan: Plan, form: ExportForm) -> HttpResponse:
    return render(request, PAGE, _context(plan, form), status=422)


@screen(reads_plan_figures)
@require_safe
def rpjmd_e81(request: PortalRequest, pk: int) -> HttpResponse:
    """E.81: the Renja of one unit and year, up to a quarter."""
    plan = _plan_or_404(request, pk)
    form = _export_form(request, plan)
    choice = form.choice()
    if choice is not None and choice.unit is None:
        form.add_error("unit", _("Choose the unit: E.81 is the evaluation of one unit's Renja."))
        choice = None
    if choice is None:
        return _refused(request, plan, form)
    made = form_of(
        plan, unit=choice.unit, year=choice.year, quarter=choice.quarter, on=timezone.localdate()
    )
    name = f"E.81 {made.unit} {choice.year}{choice.until}"
    return _download(workbooks.e81(made, now=timezone.now()), name)


@screen(reads_plan_figures)
@require_safe
def rpjmd_e60(request: PortalRequest, pk: int) -> HttpResponse:
    """E.60: the RKPD of the government and year, up to a quarter."""
    plan = _plan_or_404(request, pk)
    form = _export_form(request, plan)
    choice = form.choice()
    if choice is None:
        return _refused(request, plan, form)
    made = form_of(plan, year=choice.year, quarter=choice.quarter, on=timezone.localdate())
    name = f"E.60 {plan.government.name} {choice.year}{choice.until}"
    return _download(workbooks.e60(made, now=timezone.now()), name)


@screen(reads_plan_figures)
@require_safe
def rpjmd_e58(request: PortalRequest, pk: int) -> HttpResponse:
    """E.58: the RPJMD over its years, with figures up to the year that was chosen."""
    plan = _plan_or_404(request, pk)
    form = _export_form(request, plan)
    choice = form.choice()
    if choice is None:
        return _refused(request, plan, form)
    made = form_of(plan, year=choice.year, on=timezone.localdate(), to_programmes=True)
    name = f"E.58 {plan.government.name} {plan.years} sampai {choice.year}"
    return _download(workbooks.e58(made, now=timezone.now()), name)


# --- the head's report ---


@screen(reads_plan_figures)
@require_safe
def rpjmd_lkpj(request: PortalRequest, pk: int) -> HttpResponse:
    plan = _plan_or_404(request, pk)
    form = _head_form(request, plan)
    report = _report(plan, form)
    asked = urlencode({"year": str(report.year), "level": report.level})
    context = {
        "plan": plan,
        "form": form,
        "report": report,
        "chart": head_chart(report),
        "xlsx": f"{reverse('assessments:rpjmd_lkpj_xlsx', args=[plan.pk])}?{asked}",
        "pdf": f"{reverse('assessments:rpjmd_lkpj_pdf', args=[plan.pk])}?{asked}",
        "breadcrumbs": _crumbs(plan, (_("Figures of the head's report (LKPJ)"), "")),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "assessments/rpjmd/exports/lkpj.html", context, status=status)


def _head_form(request: PortalRequest, plan: Plan) -> HeadReportForm:
    return HeadReportForm(
        request.GET,
        plan=plan,
        today=timezone.localdate(),
        with_figures=newest_year_with_figures(plan),
    )


def _report(plan: Plan, form: HeadReportForm) -> HeadReport:
    """What was asked for; the newest year's key indicators when that was nonsense."""
    year, level = form.choice()
    return head_report(plan, year=year, level=level, on=timezone.localdate())


@screen(reads_plan_figures)
@require_safe
def rpjmd_lkpj_xlsx(request: PortalRequest, pk: int) -> HttpResponse:
    plan = _plan_or_404(request, pk)
    form = _head_form(request, plan)
    if form.is_bound and not form.is_valid():
        return _back_to_lkpj(request, plan)
    report = _report(plan, form)
    name = f"LKPJ {report.level_label} {plan.government.name} {report.year}"
    return _download(lkpj(report, now=timezone.now()), name)


def _back_to_lkpj(request: PortalRequest, plan: Plan) -> HttpResponse:
    """The page says what is wrong with the choice."""
    here = reverse("assessments:rpjmd_lkpj", args=[plan.pk])
    return redirect(f"{here}?{request.GET.urlencode()}")


@screen(reads_plan_figures)
@require_POST
def rpjmd_lkpj_pdf(request: PortalRequest, pk: int) -> HttpResponse:
    plan = _plan_or_404(request, pk)
    form = _head_form(request, plan)
    if form.is_bound and not form.is_valid():
        return _back_to_lkpj(request, plan)
    year, level = form.choice()
    document = request_head_report(
        plan=plan, year=year, level=level, by=request.membership, now=timezone.now()
    )
    return redirect("reports:document", document.pk)
