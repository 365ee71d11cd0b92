"""The staff's list, the complaint's page, and opening who reported."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.actions.privacy import open_identity
from complaints.permissions import (
    can_file_for_citizen,
    can_read_complaints,
    keeps_other_systems,
    keeps_templates,
    may_open_identity,
    may_see_stories_in_bulk,
    works_in_bulk,
)
from complaints.queries import desk, export, figures
from complaints.views.bulk import asked_filters, works_for
from complaints.views.desk_page import crumbs, fetch, identity_form, show
from integrity_portal.core.http import refuse
from opd.http import PortalRequest, screen
from opd.unit_csv import write_sheet

PER_PAGE = 25


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than anybody turns pages."""

    @cached_property
    def counted(self) -> int:
        rows = self.object_list.order_by().values("pk")  # type: ignore[attr-defined]
        return int(rows[: desk.MOST_COUNTED + 1].count())

    @property
    def is_more(self) -> bool:
        return self.counted > desk.MOST_COUNTED

    @cached_property
    def count(self) -> int:
        return min(self.counted, desk.MOST_COUNTED)


@require_safe
@screen(can_read_complaints)
def complaint_list(request: PortalRequest) -> HttpResponse:
    today, membership = timezone.localdate(), request.membership
    form, filters = asked_filters(request.GET, membership)
    rows = desk.complaints_for(membership, filters, today)
    paginator = BoundedPaginator(desk.for_page(rows), PER_PAGE)
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "filter_form": form,
        "paginator": paginator,
        "page_obj": paginator.get_page(request.GET.get("page")),
        "today": today,
        "counts": figures.counts_for(membership, today),
        "may_file": can_file_for_citizen(membership),
        "may_keep_templates": keeps_templates(membership),
        "works": works_for(membership) if works_in_bulk(membership) else [],
        "query": query.urlencode(),
        "keeps_other_systems": keeps_other_systems(membership),
    }
    return render(request, "complaints/staff/list.html", context)


@require_safe
@screen(can_read_complaints)
def export_csv(request: PortalRequest) -> HttpResponse:
    """What the list shows, for a spreadsheet: never who reported."""
    today, membership = timezone.localdate(), request.membership
    _form, filters = asked_filters(request.GET, membership)
    with_story = may_see_stories_in_bulk(membership)
    rows = desk.complaints_for(membership, filters, today)
    head, lines = export.sheet(rows, today=today, with_story=with_story)
    response = HttpResponse(write_sheet(head, lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="pengaduan.csv"'
    response.headers["Cache-Control"] = "no-store, private"
    return response


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
