"""The monthly report over both channels: page, words, PDF, Excel."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.actions import reports as actions
from complaints.documents import month_words, revived, shown
from complaints.forms.external import ReportWordsForm
from complaints.monthly_excel import workbook
from complaints.permissions import keeps_other_systems, reads_monthly_report
from complaints.queries import monthly as queries
from complaints.views.external import way
from integrity_portal.core.http import or_404, serve_file
from integrity_portal.core.jobs import JobState
from opd.http import PortalRequest, screen
from opd.refusals import refusals_in, refusals_said

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@screen(reads_monthly_report)
@require_safe
def report(request: PortalRequest) -> HttpResponse:
    """`?month=2026-10`; without it the month before this one."""
    return _page(request, _month(request.GET.get("month", "")))


@screen(keeps_other_systems)
@require_POST
def report_words(request: PortalRequest) -> HttpResponse:
    month = _month(request.POST.get("month", ""))
    form = _words_form(request, month, request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.write_report_words(
                month=month,
                findings=form.cleaned_data["findings"],
                follow_up=form.cleaned_data["follow_up"],
                seen=form.cleaned_data["row_version"] or 0,
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("Saved."))
            return redirect(_address(month))
    return _page(request, month, form, status=422)


@screen(keeps_other_systems)
@require_POST
def report_pdf(request: PortalRequest) -> HttpResponse:
    """Have the PDF made; with nothing changed the one that is there."""
    month = _month(request.POST.get("month", ""))
    with refusals_said(request):
        document = actions.make_report(month=month, by=request.membership, now=timezone.now())
        if document.job_state == JobState.DONE:
            messages.success(request, _("The paper is ready: nothing that it shows has changed."))
        else:
            messages.success(request, _("The paper is being made. Reload this page in a moment."))
    return redirect(f"{_address(month)}#papers")


@screen(reads_monthly_report)
@require_safe
def report_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The PDF, once it is made."""
    row = or_404(queries.report_of(request.membership, pk))
    document = queries.documents_of([row]).get(row.pk)
    if document is None or document.file is None:
        raise Http404
    return serve_file(document.file)


@screen(reads_monthly_report)
@require_safe
def report_xlsx(request: PortalRequest) -> HttpResponse:
    month, now = _month(request.GET.get("month", "")), timezone.now()
    content = shown(revived(queries.content_of(request.membership, month, now)))
    data = workbook(content, government=request.government.official_name, now=now)
    response = HttpResponse(data, content_type=XLSX)
    name = f"Laporan pengaduan {month_words(month)}.xlsx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _page(
    request: PortalRequest, month: date, form: ReportWordsForm | None = None, *, status: int = 200
) -> HttpResponse:
    membership, now = request.membership, timezone.now()
    content = revived(queries.content_of(membership, month, now))
    context: dict[str, Any] = {
        **shown(content),
        "month_value": f"{month:%Y-%m}",
        "months": [
            (f"{each:%Y-%m}", month_words(each))
            for each in queries.months_to_choose(timezone.localdate())
        ],
        "papers": queries.reports_of(membership.government_id, month),
        "keeps": keeps_other_systems(membership),
        "breadcrumbs": way(_("Monthly report")),
    }
    if context["keeps"]:
        context["form"] = form or _words_form(request, month)
    return render(request, "complaints/report/page.html", context, status=status)


def _words_form(request: PortalRequest, month: date, data: Any = None) -> ReportWordsForm:
    words = queries.words_of(request.membership.government_id, month)
    url = reverse("complaints:report_words")
    return ReportWordsForm(data, words=words, month=f"{month:%Y-%m}", action=url)


def _month(text: str) -> date:
    """Raises Http404 for what is no month that can be chosen."""
    choices = queries.months_to_choose(timezone.localdate())
    if not text:
        return choices[1]
    found = {f"{month:%Y-%m}": month for month in choices}
    return or_404(found.get(text))


def _address(month: date) -> str:
    return f"{reverse('complaints:report')}?month={month:%Y-%m}"
