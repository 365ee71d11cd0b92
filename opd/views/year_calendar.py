"""The ZI year: the page by months, one date with its history, its changes."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integrity_portal.core.http import or_404
from opd.actions import year_calendar as actions
from opd.enums import Role
from opd.forms.year_calendar import DropDateForm, MarkForm, MoveForm, OwnDateForm
from opd.http import PortalRequest, screen
from opd.permissions import can_edit_calendar, can_read_calendar
from opd.queries import year_calendar as queries
from opd.refusals import refusals_in
from opd.transitions import StepRefused
from opd.year_calendar import FIRST_YEAR, LAST_YEAR, calendar_of

reads_and_sends = require_http_methods(["GET", "HEAD", "POST"])


@screen(can_read_calendar)
@require_safe
def calendar(request: PortalRequest) -> HttpResponse:
    """All months of a year; what is overdue and what is near stands on top."""
    today = timezone.localdate()
    year = _year(request.GET.get("year", ""), today)
    months = queries.by_month(request.government, year, today)
    context = {
        "year": year,
        "today": today,
        "months": months,
        "pressing": queries.near_and_late(months, today),
        "source": calendar_of(year).source,
        "may_edit": can_edit_calendar(request.membership),
        "previous": year - 1 if year > FIRST_YEAR else None,
        "next": year + 1 if year < LAST_YEAR else None,
        "breadcrumbs": crumbs(_("Calendar of the ZI year")),
    }
    return render(request, "opd/calendar/year.html", context)


def _year(text: str, today: date) -> int:
    """The asked year where it can be one, else this year."""
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year
    return min(max(wanted, FIRST_YEAR), LAST_YEAR)


@screen(can_read_calendar)
@require_safe
def calendar_date(request: PortalRequest, year: int, key: str) -> HttpResponse:
    return _date_page(request, _entry_or_404(request, year, key))


def _date_page(
    request: PortalRequest, entry: queries.Entry, status: int = 200, **bound: Any
) -> HttpResponse:
    may_edit = can_edit_calendar(request.membership)
    place = {"year": entry.year, "key": entry.key}
    context = {
        "row": queries.shown_entry(entry, request.government, timezone.localdate()),
        "entry": entry,
        "lacking": queries.units_lacking(entry, request.membership),
        "history": entry.history,
        "may_edit": may_edit,
        "breadcrumbs": crumbs(entry.label, year=entry.year),
    }
    if may_edit and entry.is_task and not entry.has_check and not entry.is_seen:
        context["mark_form"] = MarkForm(
            action=reverse("opd:calendar_mark", kwargs=place),
            is_done=entry.is_done,
            lacks_some=entry.lacks_some,
        )
    if may_edit and entry.own:
        context["drop_form"] = DropDateForm(action=reverse("opd:calendar_drop", kwargs=place))
    return render(request, "opd/calendar/date.html", {**context, **bound}, status=status)


@screen(can_edit_calendar)
@reads_and_sends
def calendar_move(request: PortalRequest, year: int, key: str) -> HttpResponse:
    entry = _entry_or_404(request, year, key)
    form, moved = MoveForm.showing(entry), None
    if request.method == "POST":
        form = MoveForm(request.POST)
        if form.is_valid():
            try:
                actions.move_date(
                    year=year,
                    key=key,
                    new=form.new_date(),
                    form_key=form.cleaned_data["form_key"],
                    by=request.membership,
                    now=timezone.now(),
                )
            except actions.CalendarConflict as conflict:
                moved = conflict.current
                form.overwrite(seen=str(moved.moved.pk if moved.moved else 0))
            except StepRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The date is moved; everybody sees the reason."))
                return redirect("opd:calendar_date", year=year, key=key)
    context = {
        "form": form,
        "entry": entry,
        "moved_meanwhile": moved,
        "breadcrumbs": crumbs(_("Move the date"), year=year, entry=entry),
    }
    status = 409 if moved else 422 if form.errors else 200
    return render(request, "opd/calendar/move.html", context, status=status)


@screen(can_edit_calendar)
@require_POST
def calendar_mark(request: PortalRequest, year: int, key: str) -> HttpResponse:
    """Tick, or take the tick back: what the form was shown for."""
    entry = _entry_or_404(request, year, key)
    here = reverse("opd:calendar_mark", kwargs={"year": year, "key": key})
    take_back = request.POST.get("wanted") == "open"
    form = MarkForm(
        request.POST,
        action=here,
        is_done=take_back,
        lacks_some=entry.lacks_some and not entry.is_done,
    )
    if not form.is_valid():
        return _date_page(request, entry, 422, mark_form=form)
    try:
        actions.mark_date(
            year=year,
            key=key,
            is_done=not take_back,
            note=form.cleaned_data["note"],
            by=request.membership,
            now=timezone.now(),
        )
    except StepRefused as refused:
        form.add_error(None, str(refused))
        return _date_page(request, entry, 422, mark_form=form)
    messages.success(request, _("The tick is taken back.") if take_back else _("Ticked as done."))
    return redirect("opd:calendar_date", year=year, key=key)


@screen(can_edit_calendar)
@reads_and_sends
def calendar_add(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    year = _year(request.GET.get("year", ""), today)
    kind = request.government.kind
    form = OwnDateForm(government_kind=kind)
    if request.method == "POST":
        form = OwnDateForm(request.POST, government_kind=kind)
        if form.is_valid():
            clean = form.cleaned_data
            with refusals_in(form):
                own = actions.add_date(
                    year=clean["due_on"].year,
                    title=clean["title"],
                    role=Role(clean["role"]),
                    starts_on=clean["starts_on"],
                    due_on=clean["due_on"],
                    form_key=clean["form_key"],
                    by=request.membership,
                    now=timezone.now(),
                )
                messages.success(request, _("The date stands in the calendar."))
                return redirect(f"{reverse('opd:calendar')}?year={own.year}")
    context = {"form": form, "breadcrumbs": crumbs(_("Add a date"), year=year)}
    return render(request, "opd/calendar/add.html", context, status=422 if form.errors else 200)


@screen(can_edit_calendar)
@require_POST
def calendar_drop(request: PortalRequest, year: int, key: str) -> HttpResponse:
    entry = _entry_or_404(request, year, key)
    own = or_404(queries.own_date_of(request.government, key))
    here = reverse("opd:calendar_drop", kwargs={"year": year, "key": key})
    form = DropDateForm(request.POST, action=here)
    if not form.is_valid():
        return _date_page(request, entry, 422, drop_form=form)
    actions.drop_date(
        own=own, reason=form.cleaned_data["reason"], by=request.membership, now=timezone.now()
    )
    messages.success(request, _("The date is dropped."))
    return redirect(f"{reverse('opd:calendar')}?year={year}")


def _entry_or_404(request: PortalRequest, year: int, key: str) -> queries.Entry:
    return or_404(queries.entry_of(request.government, year, key))


def crumbs(here: str, year: int | None = None, entry: queries.Entry | None = None) -> list[Any]:
    trail: list[Any] = [
        {"label": _("ZI programme"), "url": reverse("assessments:programme")},
    ]
    if year is not None:
        trail.append(
            {
                "label": _("Calendar %(year)s") % {"year": year},
                "url": f"{reverse('opd:calendar')}?year={year}",
            }
        )
    if entry is not None:
        url = reverse("opd:calendar_date", kwargs={"year": entry.year, "key": entry.key})
        trail.append({"label": entry.label, "url": url})
    return [*trail, {"label": here, "url": ""}]
