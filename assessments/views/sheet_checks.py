"""The checker of a work-sheet: what to look at before it is sent."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.permissions import plans_improvements
from assessments.queries import worksheet_pages as pages
from assessments.queries.sheet_findings import findings_of
from assessments.sheet_checks import Severity, check_rules
from assessments.views.worksheets import head_of, worksheet_crumbs, worksheet_or_404
from opd.http import PortalRequest, screen

TONES = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.HINT: "info"}


@screen(plans_improvements)
@require_safe
def worksheet_check(request: PortalRequest, pk: int) -> HttpResponse:
    """Errors, warnings and hints, each with the way to its question."""
    sheet = worksheet_or_404(request, pk)
    found = findings_of(sheet, request.membership, timezone.localdate())
    titles = {
        Severity.ERROR: _("Errors"),
        Severity.WARNING: _("Warnings"),
        Severity.HINT: _("Hints"),
    }
    groups = [
        (titles[each], TONES[each], [row for row in found if row.severity is each])
        for each in Severity
    ]
    context = {
        **head_of(sheet, pages.scores(sheet, request.membership)),
        "groups": groups,
        "count": len(found),
        "rules": check_rules(),
        "breadcrumbs": worksheet_crumbs(sheet, (_("Checker"), "")),
    }
    return render(request, "assessments/improvements/check.html", context)
