"""The staff's list, the complaint's page, and opening who reported."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.actions.privacy import open_identity
from complaints.forms.staff import FilterForm
from complaints.permissions import (
    can_file_for_citizen,
    can_read_complaints,
    keeps_other_systems,
    may_open_identity,
)
from complaints.queries import desk, figures
from complaints.views.desk_page import crumbs, fetch, identity_form, show
from integrity_portal.core.http import refuse
from opd.http import PortalRequest, screen

PER_PAGE = 25


@require_safe
@screen(can_read_complaints)
def complaint_list(request: PortalRequest) -> HttpResponse:
    today, membership = timezone.localdate(), request.membership
    form = FilterForm(
        {"state": desk.OPEN, **request.GET.dict()}, units=desk.units_to_filter(membership)
    )
    rows = desk.complaints_for(membership, form.filters(), today)
    context = {
        "filter_form": form,
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "today": today,
        "counts": figures.counts_for(membership, today),
        "may_file": can_file_for_citizen(membership),
        "keeps_other_systems": keeps_other_systems(membership),
    }
    return render(request, "complaints/staff/list.html", context)


@require_safe
@screen(can_read_complaints)
def detail(request: PortalRequest, pk: int) -> HttpResponse:
    return show(request, fetch(request, pk))


@require_POST
@screen(can_read_complaints)
def identity(request: PortalRequest, pk: int) -> HttpResponse:
    """Shown once, in the answer to the form that gave the reason."""
    complaint = fetch(request, pk)
    if not may_open_identity(request.membership, complaint):
        raise refuse(_("Only the handling unit may see who reported."))
    form = identity_form(complaint, request.POST)
    if not form.is_valid():
        return show(request, complaint, bound=form)
    reporter = open_identity(
        complaint=complaint,
        by=request.membership,
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
    )
    context = {"complaint": complaint, "reporter": reporter, "breadcrumbs": crumbs(complaint)}
    return render(request, "complaints/staff/identity.html", context)
