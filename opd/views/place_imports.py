"""Lists of places from a file: template, upload, preview, confirmation, refused rows."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from integrity_portal.core.http import or_404
from opd.actions import places as actions
from opd.enums import ImportState, ImportSubject
from opd.forms.units import UnitImportForm
from opd.http import PortalRequest, screen
from opd.models import UnitImport
from opd.permissions import manages_places
from opd.place_rows import HEADINGS
from opd.queries import imports, places as queries
from opd.registry import RegistryRefused
from opd.unit_csv import heading, write_sheet
from opd.unit_rows import Outcome
from opd.views.places import crumbs, reads_and_sends
from opd.views.unit_changes import attempt, form_page
from opd.views.unit_imports import PER_PAGE, as_csv


def _columns() -> list[str]:
    return [heading(column, HEADINGS) for column in HEADINGS]


@screen(manages_places)
@require_safe
def template(request: PortalRequest) -> HttpResponse:
    """An empty list with the headings."""
    return as_csv(write_sheet(_columns(), []), "tempat-kosong")


@screen(manages_places)
@reads_and_sends
def upload(request: PortalRequest) -> HttpResponse:
    form = UnitImportForm(request.POST or None, request.FILES or None)
    made = attempt(
        form,
        lambda: actions.receive_places(
            by=request.membership, data=form.cleaned_data["file"].read(), now=timezone.now()
        ),
    )
    if made:
        return redirect("opd:place_import", made.pk)
    return form_page(
        request,
        form,
        template="opd/places/import.html",
        columns=_columns(),
        breadcrumbs=crumbs((_("Import places"), "")),
    )


@screen(manages_places)
@require_safe
def preview(request: PortalRequest, import_id: int) -> HttpResponse:
    """Row by row what would happen. Nothing is written."""
    found = _import_or_404(request, import_id)
    context: dict[str, Any] = {
        "upload": found,
        "breadcrumbs": crumbs((_("Import places"), "")),
    }
    if found.state != ImportState.PENDING or found.expires_at < timezone.now():
        return render(request, "opd/places/import_done.html", context)
    plan = queries.plan_of(found)
    shown = request.GET.get("show", "")
    lines = [line for line in plan.lines if line.outcome == shown or shown not in set(Outcome)]
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    counts = plan.count()
    context |= {
        "counts": counts,
        "good": counts[Outcome.NEW] + counts[Outcome.CHANGED],
        "fingerprint": plan.fingerprint,
        "show": shown if shown in set(Outcome) else "",
        "page_obj": page,
        "rows": queries.preview_rows(list(page), found.government_id),
    }
    return render(request, "opd/places/preview.html", context)


@screen(manages_places)
@require_POST
def confirm(request: PortalRequest, import_id: int) -> HttpResponse:
    found = _import_or_404(request, import_id)
    try:
        plan = actions.apply_places(
            by=request.membership,
            upload=found,
            seen=request.POST.get("fingerprint", ""),
            now=timezone.now(),
        )
    except RegistryRefused as refused:
        messages.error(request, str(refused))
    else:
        counts = plan.count()
        messages.success(
            request,
            _("%(added)s places added, %(changed)s changed.")
            % {"added": counts[Outcome.NEW], "changed": counts[Outcome.CHANGED]},
        )
    return redirect("opd:place_import", found.pk)


@screen(manages_places)
@require_POST
def discard(request: PortalRequest, import_id: int) -> HttpResponse:
    found = _import_or_404(request, import_id)
    try:
        actions.discard_places(by=request.membership, upload=found, now=timezone.now())
    except RegistryRefused as refused:
        messages.error(request, str(refused))
        return redirect("opd:place_import", found.pk)
    messages.success(request, _("The list is thrown away. Nothing was written."))
    return redirect("opd:place_import_upload")


@screen(manages_places)
@require_safe
def refused(request: PortalRequest, import_id: int) -> HttpResponse:
    """The refused rows with their reasons, ready to be put right and sent again."""
    found = _import_or_404(request, import_id)
    head = [heading(column, HEADINGS) for column in found.columns if column]
    return as_csv(
        write_sheet([*head, "baris", "alasan"], queries.refused_rows(found)), "baris-ditolak"
    )


def _import_or_404(request: PortalRequest, import_id: int) -> UnitImport:
    return or_404(imports.import_of(request.membership, import_id, ImportSubject.PLACES))
