"""Documents: ask for one, watch it being made, open it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integrity_portal.core.documents import actions, queries, registry
from integrity_portal.core.documents.actions import UnableToSteer
from integrity_portal.core.http import or_404, records_access, serve_file
from integrity_portal.core.jobs import JobState
from integrity_portal.core.models import Document
from opd.http import PortalRequest, screen
from opd.permissions import holds_office
from reports.forms import RequestForm
from reports.views.presented import present
from reports.views.schedules import present_schedule

PER_PAGE = 25


def _fetch(request: PortalRequest, pk: int) -> Document:
    """404 for whatever this person does not read: its existence is nobody else's business."""
    return or_404(queries.readable_one(request.membership, pk))


@require_safe
@screen(holds_office)
def document_list(request: PortalRequest) -> HttpResponse:
    rows = queries.readable(request.membership)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [present(row, request.membership) for row in page],
        "may_request": bool(registry.offers(request.membership)),
        "schedule": present_schedule(request.membership, timezone.now()),
    }
    return render(request, "reports/document_list.html", context)


@require_http_methods(["GET", "POST"])
@screen(holds_office)
def document_new(request: PortalRequest) -> HttpResponse:
    offers = registry.offers(request.membership)
    if not offers:
        raise PermissionDenied(_("Your role does not include this document."))
    form = RequestForm(request.POST or None, offers=offers)
    if request.method == "POST" and form.is_valid():
        kind, variant = form.choice()
        document = registry.ask(kind, variant=variant, by=request.membership, now=timezone.now())
        return redirect("reports:document", pk=document.pk)
    return render(request, "reports/document_new.html", {"form": form, "breadcrumbs": _crumbs()})


@require_safe
@screen(holds_office)
def document_page(request: PortalRequest, pk: int) -> HttpResponse:
    """The page, and for htmx its progress alone."""
    shown = present(_fetch(request, pk), request.membership)
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    template = "reports/document_progress.html" if asked_by_htmx else "reports/document.html"
    return render(request, template, {"shown": shown, "breadcrumbs": _crumbs()})


@require_safe
@records_access
@screen(holds_office)
def document_file(request: PortalRequest, pk: int) -> HttpResponse:
    document = _fetch(request, pk)
    if document.job_state != JobState.DONE or document.file is None:
        raise Http404
    actions.record_opening(document=document, by=request.membership)
    return serve_file(document.file)  # type: ignore[return-value]


@require_POST
@screen(holds_office)
def document_cancel(request: PortalRequest, pk: int) -> HttpResponse:
    document = _fetch(request, pk)
    try:
        actions.cancel_document(document=document, by=request.membership, now=timezone.now())
    except UnableToSteer as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The document is cancelled. You can ask for it again."))
    return redirect("reports:document", pk=pk)


@require_POST
@screen(holds_office)
def document_retry(request: PortalRequest, pk: int) -> HttpResponse:
    document = _fetch(request, pk)
    try:
        actions.retry_document(document=document, by=request.membership, now=timezone.now())
    except UnableToSteer as refused:
        messages.error(request, str(refused))
    return redirect("reports:document", pk=pk)


def _crumbs() -> list[dict[str, str]]:
    return [{"label": _("Documents"), "url": reverse("reports:documents")}]
