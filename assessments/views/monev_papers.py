"""The four papers of a monev meeting: have one made, download it, put the signed scan beside it."""

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import monev_papers as actions
from assessments.enums import PaperVariant
from assessments.forms.monev import ScanForm
from assessments.models import MonevPaper
from assessments.permissions import can_write_plan, reads_plans, writes_plans
from assessments.queries import monev as queries
from assessments.views.editing import form_page
from assessments.views.follow_ups import way
from assessments.views.meetings import meeting_or_404
from assessments.views.shared import receive
from integrity_portal.core.http import or_404, refuse, serve_file
from integrity_portal.core.jobs import JobState
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in


@screen(writes_plans)
@require_POST
def paper_make(request: PortalRequest, pk: int, variant: str) -> HttpResponseBase:
    row = meeting_or_404(request, pk)
    if variant not in PaperVariant.values:
        raise Http404
    document = actions.make_paper(
        meeting=row,
        variant=variant,
        by=request.membership,
        now=timezone.now(),
        today=timezone.localdate(),
    )
    if document.job_state == JobState.DONE:
        messages.success(request, _("The paper is ready: nothing that it shows has changed."))
    else:
        messages.success(request, _("The paper is being made. Reload this page in a moment."))
    return redirect(reverse("assessments:meeting", args=[row.pk]) + "#papers")


@screen(reads_plans)
@require_safe
def paper(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The PDF, once it is made."""
    row = _paper_or_404(request, pk)
    document = queries.documents_of([row]).get(row.pk)
    if document is None or document.file is None:
        raise Http404
    return serve_file(document.file)


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_scan(request: PortalRequest, pk: int) -> HttpResponseBase:
    row = _paper_or_404(request, pk)
    if not can_write_plan(request.membership, row.meeting.freeze.plan.zone.unit):
        raise refuse(_("Only the operator and the head of the unit write this."))
    data = posted(request)
    form = ScanForm() if data is None else ScanForm(data, request.FILES)
    if data is not None and form.is_valid():
        with refusals_in(form, upload="file"):
            stored = receive(request, form.cleaned_data["file"], queries.SCAN_KIND)
            actions.attach_scan(paper=row, stored=stored, by=request.membership, now=timezone.now())
            messages.success(request, _("The signed sheet stands beside the paper."))
            return redirect(reverse("assessments:meeting", args=[row.meeting_id]) + "#papers")
    return form_page(
        request,
        form,
        heading=_("Signed sheet: %(paper)s") % {"paper": row.get_variant_display()},
        lead=row.meeting.freeze.plan.zone.unit.name,
        back=reverse("assessments:meeting", args=[row.meeting_id]),
        breadcrumbs=way(row.meeting, _("Signed sheet")),
    )


@screen(reads_plans)
@require_safe
def scan_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    return serve_file(or_404(queries.scan(request.membership, pk)).stored)


def _paper_or_404(request: PortalRequest, pk: int) -> MonevPaper:
    return or_404(queries.paper(request.membership, pk))
