"""A complaint's numbers in other systems, and what differs between both."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.actions import external as actions
from complaints.enums import Channel
from complaints.forms.external import CaseForm, CategoryForm, FinishForm, SettleForm
from complaints.models import Complaint, ExternalCase
from complaints.permissions import can_read_complaints, keeps_other_systems, may_link_cases
from complaints.queries import desk, external as queries, units
from complaints.views.desk_page import crumbs
from integrity_portal.core.http import or_404, refuse
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said

PER_PAGE = 50


@screen(can_read_complaints)
@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: PortalRequest, pk: int) -> HttpResponse:
    complaint = _linkable(request, or_404(desk.complaint_for(request.membership, pk)))

    def run(form: CaseForm) -> None:
        actions.link_case(
            complaint=complaint, facts=form.facts(), by=request.membership, now=timezone.now()
        )

    return _case_page(request, complaint, None, run)


@screen(can_read_complaints)
@require_http_methods(["GET", "HEAD", "POST"])
def case_edit(request: PortalRequest, pk: int) -> HttpResponse:
    case = or_404(queries.case_for(request.membership, pk))
    _linkable(request, case.complaint)

    def run(form: CaseForm) -> None:
        actions.correct_case(
            case=case, facts=form.facts(), by=request.membership, now=timezone.now()
        )

    return _case_page(request, case.complaint, case, run)


@screen(can_read_complaints)
@require_POST
def case_unlink(request: PortalRequest, pk: int) -> HttpResponse:
    case = or_404(queries.case_for(request.membership, pk))
    _linkable(request, case.complaint)
    with refusals_said(request):
        actions.unlink_case(case=case, by=request.membership, now=timezone.now())
        messages.success(request, _("The number is no longer linked."))
    return redirect("complaints:detail", case.complaint_id)


@screen(can_read_complaints)
@require_POST
def category(request: PortalRequest, pk: int) -> HttpResponse:
    complaint = or_404(desk.complaint_for(request.membership, pk))
    form = CategoryForm(request.POST, complaint=complaint)
    chosen = form.cleaned_data["category"] if form.is_valid() else "?"
    with refusals_said(request):
        actions.set_category(
            complaint=complaint, category=chosen, by=request.membership, now=timezone.now()
        )
        messages.success(request, _("Saved."))
    return redirect("complaints:detail", pk)


@screen(keeps_other_systems)
@require_safe
def differences(request: PortalRequest) -> HttpResponse:
    """What has to be brought together, the longest not looked at first."""
    rows = queries.differences(request.membership)
    context = {
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "breadcrumbs": way(_("What differs")),
    }
    return render(request, "complaints/lapor/differences.html", context)


@screen(keeps_other_systems)
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: PortalRequest, pk: int) -> HttpResponse:
    """Leave both as they are, with a reason, or finish here what was answered there."""
    case = or_404(queries.case_for(request.membership, pk))
    url = reverse("complaints:case_settle", args=[pk])
    data = posted(request)
    finishes = data is not None and data.get("do") == "finish"
    groups = units.unit_choices(case.government_id, timezone.localdate())
    leave = SettleForm(data if data is not None and not finishes else None, action=url)
    finish = FinishForm(
        data if finishes else None,
        action=url,
        groups=groups,
        complaint=case.complaint,
    )
    if leave.is_bound and leave.is_valid():
        with refusals_in(leave, "note"):
            actions.settle_difference(
                case=case,
                note=leave.cleaned_data["note"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("Both stay as they are."))
            return redirect("complaints:differences")
    if finish.is_bound and finish.is_valid():
        with refusals_in(finish):
            _finish(request, case, finish)
            messages.success(request, _("It is finished here too."))
            return redirect("complaints:differences")
    context = {
        "shown": queries.shown(case, case.complaint.state),
        "complaint": case.complaint,
        "leave": leave,
        "finish": finish if case.complaint.channel == Channel.LAPOR else None,
        "breadcrumbs": way(
            (_("What differs"), reverse("complaints:differences")), case.tracking_id
        ),
    }
    status = 422 if data is not None else 200
    return render(request, "complaints/lapor/settle.html", context, status=status)


def way(*steps: Any) -> list[dict[str, Any]]:
    """Breadcrumbs below the complaints; the last one stands without an address."""
    pairs = [step if isinstance(step, tuple) else (step, "") for step in steps]
    first = {"label": _("Complaints"), "url": reverse("complaints:list")}
    return [first, *({"label": label, "url": url} for label, url in pairs)]


def _finish(request: PortalRequest, case: ExternalCase, form: FinishForm) -> None:
    values = form.cleaned_data
    unit = units.active_unit(case.government_id, int(values["unit"]), timezone.localdate())
    actions.finish_as_there(
        case=case,
        unit=unit,
        answered_on=values["answered_on"],
        text=values["text"],
        by=request.membership,
        now=timezone.now(),
    )


def _linkable(request: PortalRequest, complaint: Complaint) -> Complaint:
    if not may_link_cases(request.membership, complaint):
        raise refuse(_("Coordinator and handling unit keep numbers of other systems."))
    return complaint


def _case_page(
    request: PortalRequest,
    complaint: Complaint,
    case: ExternalCase | None,
    run: Callable[[CaseForm], None],
) -> HttpResponse:
    form = CaseForm(
        posted(request),
        systems=queries.system_choices(request.government),
        today=timezone.localdate(),
        case=case,
    )
    if form.is_valid():
        with refusals_in(form):
            run(form)
            messages.success(request, _("Saved."))
            return redirect("complaints:detail", complaint.pk)
    here = reverse("complaints:detail", args=[complaint.pk])
    context = {
        "form": form,
        "complaint": complaint,
        "case": case,
        "back": here,
        "breadcrumbs": [
            crumbs(complaint)[0],
            {**crumbs(complaint)[1], "url": here},
            {"label": _("Number in another system"), "url": ""},
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "complaints/lapor/case.html", context, status=status)
