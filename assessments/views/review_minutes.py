"""The berita acara of a work-sheet: made, signed by both sides, scanned, printed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import review_minutes as actions
from assessments.actions.tpn_scores import record_reading
from assessments.enums import WorksheetState
from assessments.forms.worksheets import MinutesForm, MinutesScanForm
from assessments.models import ReviewMinutes, Worksheet
from assessments.permissions import reads_worksheets
from assessments.queries import (
    review_minutes as queries,
    worksheet_pages as pages,
    worksheet_reviews as reviews,
)
from assessments.views.shared import receive, said_above
from assessments.views.worksheets import head_of, worksheet_crumbs, worksheet_or_404
from integrity_portal.core.http import or_404, records_access, serve_file
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in


@screen(reads_worksheets)
@records_access
@require_http_methods(["GET", "HEAD", "POST"])
def worksheet_minutes(request: PortalRequest, pk: int) -> HttpResponse:
    sheet = worksheet_or_404(request, pk)
    record_reading(sheet=sheet, page="minutes", by=request.membership)
    form = MinutesForm(posted(request))
    if form.is_valid():
        with refusals_in(form):
            actions.make_minutes(
                sheet=sheet,
                facts=actions.MinutesFacts(**form.cleaned_data),
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("The berita acara is made. Both sides sign it now."))
            return redirect("assessments:worksheet_minutes", pk=sheet.pk)
    return _page(request, sheet, form=form, status=422 if form.is_bound else 200)


def _page(
    request: PortalRequest, sheet: Worksheet, *, form: Any, scan: Any = None, status: int = 200
) -> HttpResponse:
    membership, today = request.membership, timezone.localdate()
    minutes = queries.minutes_of(membership, sheet)
    side = queries.side_that_signs(membership, sheet, today)
    is_tpi = side != "unit" and bool(reviews.turn_of(membership, sheet, today))
    stands = minutes is None or queries.still_describes(minutes, sheet)
    unsigned = minutes is not None and side and getattr(minutes, f"{side}_signed_at") is None
    context = {
        **head_of(sheet, pages.scores(sheet, membership)),
        "minutes": minutes,
        "may_make": is_tpi and sheet.state == WorksheetState.APPROVED,
        "stands": stands,
        "may_sign": unsigned and stands,
        "may_scan": minutes is not None and bool(side or is_tpi),
        "form": scan if scan is not None and scan.is_bound else form,
        "scan_form": scan or MinutesScanForm.for_(minutes),
        "breadcrumbs": worksheet_crumbs(sheet, (_("Berita acara"), "")),
    }
    return render(request, "assessments/worksheets/minutes.html", context, status=status)


def _found(request: PortalRequest, pk: int) -> ReviewMinutes:
    return or_404(queries.minutes_in_scope(request.membership, pk))


@screen(reads_worksheets)
@require_POST
def minutes_sign(request: PortalRequest, pk: int) -> HttpResponse:
    minutes = _found(request, pk)
    with said_above(request):
        actions.sign_minutes(
            minutes=minutes,
            sha256=request.POST.get("sha256", ""),
            by=request.membership,
            now=timezone.now(),
        )
        messages.success(request, _("Signed."))
    return redirect("assessments:worksheet_minutes", pk=minutes.approval.worksheet_id)


@screen(reads_worksheets)
@require_POST
def minutes_scan_new(request: PortalRequest, pk: int) -> HttpResponse:
    minutes = _found(request, pk)
    form = MinutesScanForm.for_(minutes, request.POST, request.FILES)
    if form.is_valid():
        with refusals_in(form, upload="scan"):
            actions.attach_minutes_scan(
                minutes=minutes,
                scan=receive(request, form.cleaned_data["scan"], "review-minutes"),
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("The scan is kept."))
            return redirect("assessments:worksheet_minutes", pk=minutes.approval.worksheet_id)
    sheet = worksheet_or_404(request, minutes.approval.worksheet_id)
    return _page(request, sheet, form=MinutesForm(), scan=form, status=422)


@screen(reads_worksheets)
@require_POST
def minutes_print(request: PortalRequest, pk: int) -> HttpResponse:
    document = actions.print_minutes(
        minutes=_found(request, pk), by=request.membership, now=timezone.now()
    )
    return redirect("reports:document", document.pk)


@screen(reads_worksheets)
@records_access
@require_safe
def minutes_scan(request: PortalRequest, pk: int) -> HttpResponseBase:
    found = or_404(queries.scan_in_scope(request.membership, pk))
    sheet = found.minutes.approval.worksheet
    record_reading(sheet=sheet, page="minutes_scan", by=request.membership)
    return serve_file(found.stored)
