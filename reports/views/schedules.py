"""When the weekly report arrives: shown on the documents page, decided by its one reader."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from opd.http import PortalRequest, posted, screen
from reports import actions, permissions, queries, wording
from reports.enums import Weekday
from reports.forms import ScheduleForm
from reports.models import ReportSchedule


@dataclass(frozen=True)
class PresentedSchedule:
    """`words` is empty as long as nobody has set one, `next_words` while it is paused."""

    words: str = ""
    next_words: str = ""
    is_active: bool = False


def present_schedule(membership: Any, now: datetime) -> PresentedSchedule | None:
    """None for everybody who reads no weekly report."""
    variant = permissions.variant_of(membership)
    if variant is None:
        return None
    row = queries.schedule_of(membership.government_id, variant)
    if row is None:
        return PresentedSchedule()
    coming = wording.moment_words(queries.next_report(row, now)) if row.is_active else ""
    return PresentedSchedule(
        wording.schedule_words(row.weekday, row.hour), coming, is_active=row.is_active
    )


@require_http_methods(["GET", "HEAD", "POST"])
@screen(permissions.is_progress_reader, hidden=True)
def schedule(request: PortalRequest) -> HttpResponse:
    """The reader's own; everybody else is told that there is no such page."""
    now = timezone.now()
    form = ScheduleForm(posted(request), initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        done = actions.set_schedule(by=request.membership, now=now, **form.values())
        messages.success(request, _said(done.schedule, now))
        if done.made_now:
            messages.info(request, _("This week had no report yet: it is being made now."))
        return redirect("reports:documents")
    context = {
        "form": form,
        "schedule": present_schedule(request.membership, now),
        "breadcrumbs": [
            {"label": _("Documents"), "url": reverse("reports:documents")},
            {"label": _("Weekly report"), "url": ""},
        ],
    }
    return render(request, "reports/schedule.html", context)


@require_POST
@screen(permissions.is_progress_reader, hidden=True)
def pause(request: PortalRequest) -> HttpResponse:
    if actions.pause_schedule(by=request.membership, now=timezone.now()):
        messages.success(request, _("Paused: no weekly report arrives until you resume it."))
    return redirect("reports:documents")


@require_POST
@screen(permissions.is_progress_reader, hidden=True)
def resume(request: PortalRequest) -> HttpResponse:
    now = timezone.now()
    resumed = actions.resume_schedule(by=request.membership, now=now)
    if resumed:
        messages.success(request, _said(resumed, now))
    return redirect("reports:documents")


def _initial(request: PortalRequest) -> dict[str, int]:
    variant = permissions.variant_of(request.membership)
    row = queries.schedule_of(request.government.pk, variant) if variant else None
    if row is None:
        return {"weekday": Weekday.MONDAY, "hour": 6}
    return {"weekday": row.weekday, "hour": row.hour}


def _said(row: ReportSchedule, now: datetime) -> str:
    if not row.is_active:
        return _("The schedule is saved and stays paused until you resume it.")
    coming = wording.moment_words(queries.next_report(row, now))
    return _("The schedule is saved. The next weekly report: %(moment)s.") % {"moment": coming}
