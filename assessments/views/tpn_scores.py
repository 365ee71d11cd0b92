"""Scores of the TPN that the inspectorate records from the ministry's letter."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import tpn_scores as actions
from assessments.enums import Assessor
from assessments.forms.worksheets import TpnLetterForm
from assessments.permissions import reads_worksheets, records_tpn_scores
from assessments.queries import worksheet_pages as pages
from assessments.queries.reviewers import records_for_tpn
from assessments.queries.worksheets import tpn_letter_of, tpn_letters_of
from assessments.views.shared import receive, said_above
from assessments.views.worksheets import head_of, worksheet_crumbs, worksheet_or_404
from integrity_portal.core.http import or_404, records_access, refuse, serve_file
from opd.http import PortalRequest, screen
from opd.refusals import refusals_in


@screen(reads_worksheets)
@records_access
@require_http_methods(["GET", "HEAD", "POST"])
def worksheet_tpn(request: PortalRequest, pk: int) -> HttpResponse:
    """The letters, and for the inspectorate the form of a new one."""
    sheet = worksheet_or_404(request, pk)
    actions.record_reading(sheet=sheet, page="tpn", by=request.membership)
    may_record = records_for_tpn(request.membership, sheet)
    form = TpnLetterForm()
    if request.method == "POST":
        if not may_record:
            raise refuse(_("Only the inspectorate records scores of the TPN."))
        form = TpnLetterForm(request.POST, request.FILES)
        if form.is_valid():
            typed = form.cleaned_data
            with refusals_in(form, upload="scan"):
                actions.record_tpn_letter(
                    sheet=sheet,
                    number=typed["number"],
                    dated_on=typed["dated_on"],
                    scan=receive(request, typed["scan"], "tpn-letter"),
                    by=request.membership,
                    now=timezone.now(),
                )
                messages.success(request, _("The letter is recorded."))
                return redirect("assessments:worksheet_tpn", pk=sheet.pk)
    scores = pages.scores(sheet, request.membership)
    head = head_of(sheet, scores)
    scored = scores[Assessor.TPN].answered if Assessor.TPN in scores else 0
    context = {
        **head,
        "rest": head["question_count"] - scored,
        "letters": tpn_letters_of(sheet),
        "may_record": may_record,
        "form": form,
        "breadcrumbs": worksheet_crumbs(sheet, (_("Scores of the TPN"), "")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessments/worksheets/tpn.html", context, status=status)


@screen(records_tpn_scores)
@require_POST
def worksheet_tpn_follow(request: PortalRequest, pk: int) -> HttpResponse:
    """What the newest letter does not name follows the TPI."""
    sheet = worksheet_or_404(request, pk)
    letter = or_404(next(iter(tpn_letters_of(sheet)), None))
    with said_above(request):
        count = actions.follow_tpi(letter=letter, by=request.membership, now=timezone.now())
        messages.success(request, _("Scores taken over: %(count)d.") % {"count": count})
    return redirect("assessments:worksheet_tpn", pk=sheet.pk)


@screen(reads_worksheets)
@records_access
@require_safe
def tpn_letter_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    letter = or_404(tpn_letter_of(request.membership, pk))
    actions.record_reading(sheet=letter.worksheet, page="tpn_letter", by=request.membership)
    return serve_file(letter.scan)
