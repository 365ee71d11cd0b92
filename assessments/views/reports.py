"""Progress reports: write, send, take back, confirm, return, download their evidence."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import reports as actions
from assessments.enums import ActivityState
from assessments.forms.workplans import DecisionForm, ReportForm, names_of
from assessments.models import Activity, ActivityReport
from assessments.permissions import (
    can_decide,
    decides_reports,
    reads_plans,
    writes_plans,
)
from assessments.queries import workplans as queries
from assessments.views.activities import activity_or_404, require_write
from assessments.views.workplans import crumbs
from integrity_portal.core.files import EVIDENCE, FileRefused, receive
from integrity_portal.core.formatting import datetime_id
from integrity_portal.core.http import or_404, refuse, serve_file
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused

PER_PAGE = 20
FIELD_OF = {"id_percent": "percent", "id_note": "note"}


@screen(writes_plans)
@require_http_methods(["GET", "POST"])
def activity_report(request: PortalRequest, pk: int) -> HttpResponse:
    """Write a report. Whatever is refused, texts and arrived files stay."""
    found = activity_or_404(request, pk)
    require_write(request, found.plan)
    if request.method == "GET":
        if found.state == ActivityState.DROPPED or queries.waiting_report(found):
            return redirect("assessments:activity", pk=found.pk)
        draft = queries.own_draft(found, request.membership)
        return _report_form(request, found, ReportForm.showing(draft))
    form = ReportForm(request.POST, request.FILES)
    arrived = queries.kept_uploads(
        request.membership, request.POST.get("form_key", ""), request.POST.getlist("keep")
    )
    form.show_arrived(arrived)
    form.is_valid()
    arrived = [*arrived, *_receive(request, form)]
    form.overwrite(keep=names_of(arrived))
    form.show_arrived(arrived)
    if form.errors:
        return _report_form(request, found, form)
    return _save(request, found, form, arrived)


def _receive(request: PortalRequest, form: ReportForm) -> list[StoredFile]:
    """Store every upload that can be accepted; a refused one is named with its reason."""
    arrived = []
    uploads = request.FILES.getlist("files")
    _name_left_out(form, uploads[actions.MAX_FILES :])
    for upload in uploads[: actions.MAX_FILES]:
        try:
            arrived.append(
                receive(
                    upload,
                    rule=EVIDENCE,
                    kind=queries.UPLOAD_KIND,
                    government_id=request.government.pk,
                    by_user_id=request.user.pk,
                )
            )
        except FileRefused as refused:
            form.add_error("files", f"“{upload.name}”: {refused}")
    return arrived


def _name_left_out(form: ReportForm, uploads: list[UploadedFile]) -> None:
    """More than a report carries: said by name, so that nobody believes they arrived."""
    if uploads:
        sentence = _("A report carries at most %(limit)d files. Not kept: %(names)s.")
        names = ", ".join(str(upload.name) for upload in uploads)
        form.add_error("files", sentence % {"limit": actions.MAX_FILES, "names": names})


def _save(
    request: PortalRequest, found: Activity, form: ReportForm, arrived: list[StoredFile]
) -> HttpResponse:
    is_draft = "draft" in request.POST
    action = actions.save_report if is_draft else actions.send_report
    try:
        action(
            activity=found,
            content=actions.ReportContent(
                percent=form.cleaned_data["percent"],
                note=form.cleaned_data["note"],
                files=arrived,
            ),
            form_key=form.cleaned_data["form_key"],
            version=form.cleaned_data["version"],
            by=request.membership,
            now=timezone.now(),
        )
    except actions.ReportConflict as conflict:
        return _report_conflict(request, found, form, conflict.current, arrived)
    except StepRefused as refused:
        for item in refused.missing:
            form.add_error(FIELD_OF[item.anchor], item.sentence)
        if not refused.missing:
            form.add_error(None, str(refused))
        return _report_form(request, found, form)
    sentence = _("The draft is saved.") if is_draft else _("Sent to the head of the unit.")
    messages.success(request, sentence)
    return redirect("assessments:activity", pk=found.pk)


def _report_conflict(
    request: PortalRequest,
    found: Activity,
    form: ReportForm,
    current: ActivityReport,
    arrived: list[StoredFile],
) -> HttpResponse:
    """The text of the other window beside the typed one; its files join those that arrived."""
    there = [link.stored for link in current.files.select_related("stored")]
    files = [*arrived, *(row for row in there if row not in arrived)]
    form.overwrite(form_key=current.form_key, version=current.version, keep=names_of(files))
    form.show_arrived(files)
    return _report_form(request, found, form, saved=current, status=409)


def _report_form(
    request: PortalRequest, found: Activity, form: ReportForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "activity": found,
        "unit": found.plan.zone.unit,
        "row": queries.activity_row(found, timezone.localdate()),
        "returned": queries.last_returned(found),
        "breadcrumbs": crumbs(_("Report progress"), plan=found.plan),
        **more,
    }
    return render(request, "assessments/workplans/report_form.html", context, status=status)


@screen(writes_plans)
@require_POST
def report_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    report = _report_or_404(request, pk)
    require_write(request, report.activity.plan)
    try:
        actions.withdraw_report(report=report, by=request.membership, now=timezone.now())
    except StepRefused as refused:
        messages.error(request, str(refused))
        return redirect("assessments:activity", pk=report.activity_id)
    messages.success(request, _("Taken back. Change it and send it again."))
    return redirect("assessments:activity_report", pk=report.activity_id)


@screen(decides_reports)
@require_safe
def workplan_queue(request: PortalRequest) -> HttpResponse:
    """What waits for the head: one tap confirms, a return says why."""
    return _queue(request)


def _queue(
    request: PortalRequest,
    refused: tuple[int, DecisionForm] | None = None,
    decided: ActivityReport | None = None,
    status: int = 200,
) -> HttpResponse:
    """`decided`: what no longer waits here; the typed message stays above the queue."""
    reports, deciders = _sorted_queue(request)
    page = Paginator(reports, PER_PAGE).get_page(request.GET.get("page"))
    if refused:
        position = next((n for n, row in enumerate(reports) if row.pk == refused[0]), 0)
        page = Paginator(reports, PER_PAGE).get_page(position // PER_PAGE + 1)
    cards = [
        {
            "report": report,
            "unit": report.activity.plan.zone.unit,
            "is_own": report.pk in deciders,
            "deciders": deciders.get(report.pk, []),
            "is_late": queries.is_late_report(report, timezone.localdate()),
            "moved": queries.moved_due_date(report),
            "form": refused[1]
            if refused and refused[0] == report.pk
            else DecisionForm(
                auto_id=f"id_{report.pk}_%s", initial={"shown": queries.fingerprint(report)}
            ),
        }
        for report in page
    ]
    context = {
        "cards": cards,
        "page_obj": page,
        "form": refused[1] if refused else None,
        "number": len(reports) - len(deciders),
        "decided": decided if decided and all(r.pk != decided.pk for r in reports) else None,
    }
    return render(request, "assessments/workplans/queue.html", context, status=status)


def _sorted_queue(request: PortalRequest) -> tuple[list[ActivityReport], dict[int, list[str]]]:
    """What he may decide first, then his own reports, each with the offices that may decide it."""
    reports = queries.queue(request.membership)
    own = [report for report in reports if queries.is_own(report, request.membership)]
    deciders = queries.deciders(own, timezone.localdate())
    return sorted(reports, key=lambda report: report.pk in deciders), deciders


@screen(decides_reports)
@require_POST
def report_confirm(request: PortalRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, confirm=True)


@screen(decides_reports)
@require_POST
def report_return(request: PortalRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, confirm=False)


def _decide(request: PortalRequest, pk: int, *, confirm: bool) -> HttpResponse:
    report = or_404(queries.report_to_decide(request.membership, pk))
    if not can_decide(request.membership, report.activity.plan.zone.unit):
        raise refuse(_("Only the head of the unit confirms its reports."))
    form = DecisionForm(request.POST, auto_id=f"id_{report.pk}_%s")
    if form.is_valid() and not confirm and not form.cleaned_data["message"]:
        form.add_error("message", _("Write what must be put right."))
    if form.errors:
        return _queue(request, (report.pk, form))
    action = actions.confirm_report if confirm else actions.return_report
    try:
        action(
            report=report,
            shown=form.cleaned_data["shown"],
            by=request.membership,
            now=timezone.now(),
            message=form.cleaned_data["message"],
        )
    except actions.ReportChanged as changed:
        return _changed(request, report, form, str(changed))
    except StepRefused as refused:
        if form.cleaned_data["message"]:
            form.add_error("message", _refusal(refused, report))
            return _queue(request, (report.pk, form), decided=report)
        messages.error(request, _refusal(refused, report))
    else:
        sentence = _("Confirmed: %(title)s") if confirm else _("Returned: %(title)s")
        messages.success(request, sentence % {"title": report.activity.title})
    return redirect("assessments:workplan_queue")


def _changed(
    request: PortalRequest, report: ActivityReport, form: DecisionForm, sentence: str
) -> HttpResponse:
    """Nothing is written: the queue with the report as it is now, and the typed message."""
    form.now_showing(queries.fingerprint(report))
    form.add_error("message", sentence)
    return _queue(request, (report.pk, form), decided=report, status=409)


def _refusal(refused: StepRefused, report: ActivityReport) -> str:
    if report.decided_at is None:
        return str(refused)
    return _("This report was already decided on %(at)s.") % {"at": datetime_id(report.decided_at)}


def _report_or_404(request: PortalRequest, pk: int) -> ActivityReport:
    return or_404(queries.report(request.membership, pk))


@screen(reads_plans)
@require_safe
def report_file(request: PortalRequest, pk: int) -> FileResponse:
    """Evidence as an attachment, for those who may read the plan."""
    return serve_file(or_404(queries.report_file(request.membership, pk)).stored)
