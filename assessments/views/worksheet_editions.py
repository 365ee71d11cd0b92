"""A sheet that is still being filled goes on under a newer edition of its instrument."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.actions.worksheets import move_worksheet
from assessments.instrument_diff import unchanged
from assessments.permissions import opens_worksheets
from assessments.queries.worksheets import newer_edition_for
from assessments.views.shared import said_above
from assessments.views.worksheets import head_of, worksheet_crumbs, worksheet_or_404
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, screen


@screen(opens_worksheets)
@require_http_methods(["GET", "HEAD", "POST"])
def worksheet_edition(request: PortalRequest, pk: int) -> HttpResponse:
    """What would change, and the button that does it."""
    sheet = worksheet_or_404(request, pk)
    newer = or_404(newer_edition_for(sheet))
    if request.method == "POST":
        with said_above(request):
            fresh = move_worksheet(
                sheet=sheet, edition=newer, by=request.membership, now=timezone.now()
            )
            messages.success(request, _("The work-sheet goes on under the newer edition."))
            return redirect("assessments:worksheet", pk=fresh.pk)
        return redirect("assessments:worksheet", pk=sheet.pk)
    before, after = sheet.instrument.instrument, newer.instrument
    stand = unchanged(before, after)
    context = {
        **head_of(sheet, {}),
        "newer": newer,
        "after": after,
        "stand": len(stand),
        "to_review": [code for code in after.questions if code in set(before.questions) - stand],
        "added": [code for code in after.questions if code not in before.questions],
        "removed": [code for code in before.questions if code not in after.questions],
        "breadcrumbs": worksheet_crumbs(sheet, (_("Newer edition"), "")),
    }
    return render(request, "assessments/worksheets/edition.html", context)
