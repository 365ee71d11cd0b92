"""The TPI's own queue: sheets that wait for this person, passed on or approved together."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from assessments.actions.reviews import approve_worksheet, pass_worksheet
from assessments.permissions import may_assess
from assessments.queries.worksheet_queue import Waiting, my_turns
from assessments.views.shared import crumbs
from assessments.views.worksheets import every_sheet
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused


@screen(may_assess)
@require_safe
def worksheet_queue(request: PortalRequest) -> HttpResponse:
    turns = my_turns(request.membership, timezone.localdate())
    context = {
        "held_up": [row for row in turns if not row.weighed.is_ready],
        "to_look_at": [row for row in turns if row.weighed.is_ready and row.weighed.exceptional],
        "plain": [row for row in turns if row.weighed.is_ready and not row.weighed.exceptional],
        "breadcrumbs": crumbs(every_sheet(), (_("My turn"), "")),
    }
    return render(request, "assessments/worksheets/queue.html", context)


@screen(may_assess)
@require_POST
def worksheet_queue_take(request: PortalRequest) -> HttpResponse:
    """Every ticked sheet by its own step; one that cannot go on keeps none of the others."""
    here = redirect("assessments:worksheet_queue")
    ticked = dict(each.split(":", 1) for each in request.POST.getlist("sheets") if ":" in each)
    if not ticked:
        messages.warning(request, _("Tick at least one work-sheet."))
        return here
    turns = {str(row.sheet.pk): row for row in my_turns(request.membership, timezone.localdate())}
    done = 0
    for pk, stamp in ticked.items():
        refusal = _take(turns.get(pk), stamp, request)
        if refusal:
            messages.warning(request, refusal)
        else:
            done += 1
    if done:
        words = ngettext("%(count)d work-sheet went on.", "%(count)d work-sheets went on.", done)
        messages.success(request, words % {"count": done})
    return here


def _take(row: Waiting | None, stamp: str, request: PortalRequest) -> str:
    """Why it could not go on; empty: it went."""
    if row is None:
        return _("One of the ticked work-sheets is not with you any more.")
    unit = row.sheet.zone.unit.label
    if row.weighed.stamp != stamp:
        return _("%(unit)s changed while you looked. Look at it again.") % {"unit": unit}
    by, now = request.membership, timezone.now()
    try:
        if row.step == "approve":
            approve_worksheet(sheet=row.sheet, by=by, now=now)
        else:
            pass_worksheet(sheet=row.sheet, up=True, note="", by=by, now=now)
    except (StepRefused, PermissionDenied) as refusal:
        return f"{unit}: {refusal}"
    return ""
