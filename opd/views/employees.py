"""The roster of a unit: list, one employee's changes, many at once with a preview."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_safe

from integrity_portal.core.http import or_404, refuse
from opd.actions import employees as actions
from opd.forms import employees as forms
from opd.http import PortalRequest, posted, screen
from opd.models import EmployeePost, Unit
from opd.permissions import may_read_roster, may_write_roster, reads_rosters, writes_rosters
from opd.queries import employees as queries, units as unit_queries
from opd.queries.employees import Outcome
from opd.registry import RegistryRefused
from opd.views.services import unit_step
from opd.views.unit_changes import attempt, form_page, reads_and_sends
from opd.views.units import crumbs, unit_or_404

PER_PAGE = 50


@screen(reads_rosters)
@require_safe
def roster(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = unit_or_404(request, unit_id)
    if not may_read_roster(request.membership, unit):
        raise refuse(_("Names of employees are seen by the unit itself and the branch above it."))
    past = bool(request.GET.get("past"))
    today = timezone.localdate()
    rows = queries.roster(unit, today=today, past=past)
    context = {
        "unit": unit,
        "past": past,
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_write": may_write_roster(request.membership, unit),
        "breadcrumbs": crumbs(*unit_step(unit), (_("Employees"), "")),
    }
    return render(request, "opd/employees/roster.html", context)


@screen(writes_rosters)
@reads_and_sends
def employee_add(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = _writable(request, unit_id)
    today = timezone.localdate()
    form = forms.EmployeeForm(posted(request), initial={"first_day": today})
    if attempt(
        form,
        lambda: actions.add_employee(
            by=request.membership,
            unit=unit,
            facts=form.facts(),
            first_day=form.cleaned_data["first_day"],
            today=today,
        ),
    ):
        messages.success(request, _("The employee is in the list."))
        return redirect("opd:roster", unit.pk)
    return _form(request, form, unit, _("Add an employee"))


@screen(writes_rosters)
@reads_and_sends
def employee_edit(request: PortalRequest, post_id: int) -> HttpResponse:
    post = _post_or_404(request, post_id)
    form = forms.PersonForm(posted(request), initial=forms.PersonForm.initial_of(post))
    if attempt(
        form,
        lambda: actions.edit_employee(by=request.membership, post=post, facts=form.facts()),
    ):
        messages.success(request, _("Saved."))
        return redirect("opd:roster", post.unit_id)
    return _form(request, form, post.unit, _("Correct the employee"))


@screen(writes_rosters)
@reads_and_sends
def employee_move(request: PortalRequest, post_id: int) -> HttpResponse:
    post = _post_or_404(request, post_id)
    today = timezone.localdate()
    units = unit_queries.units_to_move_to(post.unit, today=today)
    form = forms.MoveEmployeeForm(
        posted(request), units=units, initial={"title": post.title, "first_day": today}
    )
    if attempt(
        form,
        lambda: actions.move_employee(
            by=request.membership,
            post=post,
            to=form.cleaned_data["unit"],
            title=form.cleaned_data["title"],
            first_day=form.cleaned_data["first_day"],
            today=today,
        ),
    ):
        messages.success(request, _("The employee now works in the other unit."))
        return redirect("opd:roster", post.unit_id)
    return _form(request, form, post.unit, _("Move to another unit"), post=post)


@screen(writes_rosters)
@reads_and_sends
def employee_end(request: PortalRequest, post_id: int) -> HttpResponse:
    post = _post_or_404(request, post_id)
    form = forms.EndEmploymentForm(posted(request), initial={"last_day": timezone.localdate()})
    if attempt(
        form,
        lambda: actions.end_employment(
            by=request.membership, post=post, last_day=form.cleaned_data["last_day"]
        ),
    ):
        messages.success(request, _("The last day is recorded."))
        return redirect("opd:roster", post.unit_id)
    return _form(request, form, post.unit, _("Retired or left"), post=post)


@screen(writes_rosters)
@reads_and_sends
def employee_import(request: PortalRequest, unit_id: int) -> HttpResponse:
    """Paste, look at each row, save the good ones. Nothing is kept of what is not saved."""
    unit = _writable(request, unit_id)
    today = timezone.localdate()
    form = forms.EmployeeListForm(
        request.POST if request.method == "POST" else None, request.FILES or None
    )
    plan: list[queries.PlannedRow] = []
    if form.is_bound and form.is_valid():
        if "save" in request.POST:
            return _import(request, unit, form)
        plan = queries.plan_of(unit, form.found, today=today)
        form = forms.EmployeeListForm(initial={"rows": form.text})
    return _import_page(request, unit, form, plan)


def _import(request: PortalRequest, unit: Unit, form: forms.EmployeeListForm) -> HttpResponse:
    today = timezone.localdate()
    try:
        counts = actions.import_employees(
            by=request.membership, unit=unit, rows=form.found, today=today
        )
    except RegistryRefused as refused:
        form.add_error(None, str(refused))
        return _import_page(request, unit, form, [])
    written = counts[Outcome.NEW] + counts[Outcome.CHANGED]
    messages.success(
        request,
        ngettext("%(count)d row is saved.", "%(count)d rows are saved.", written)
        % {"count": written},
    )
    left = [row for row in queries.plan_of(unit, form.found, today=today) if row.problem]
    if not left:
        return redirect("opd:roster", unit.pk)
    # What was refused stays in the box, ready to be put right.
    again = forms.EmployeeListForm(initial={"rows": "\n".join(row.row.line for row in left)})
    return _import_page(request, unit, again, left)


def _import_page(
    request: PortalRequest, unit: Unit, form: Any, plan: list[queries.PlannedRow]
) -> HttpResponse:
    counts = {str(name): sum(row.outcome == name for row in plan) for name in Outcome}
    return form_page(
        request,
        form,
        template="opd/employees/import.html",
        unit=unit,
        plan=plan,
        counts=counts,
        good=counts["new"] + counts["changed"],
        breadcrumbs=_trail(unit, _("Many at once")),
    )


def _writable(request: PortalRequest, unit_id: int) -> Unit:
    unit = unit_or_404(request, unit_id)
    if not may_write_roster(request.membership, unit):
        raise refuse(_("Your role does not include the employees of this unit."))
    return unit


def _post_or_404(request: PortalRequest, post_id: int) -> EmployeePost:
    post = or_404(queries.posts_in_scope(request.membership).filter(pk=post_id).first())
    if not may_write_roster(request.membership, post.unit):
        raise refuse(_("Your role does not include the employees of this unit."))
    return post


def _trail(unit: Unit, label: Any) -> list[dict[str, Any]]:
    return crumbs(
        *unit_step(unit), (_("Employees"), reverse("opd:roster", args=[unit.pk])), (label, "")
    )


def _form(
    request: PortalRequest, form: Any, unit: Unit, title: Any, **context: Any
) -> HttpResponse:
    return form_page(
        request,
        form,
        template="opd/employees/form.html",
        unit=unit,
        title=title,
        back=reverse("opd:roster", args=[unit.pk]),
        breadcrumbs=_trail(unit, title),
        **context,
    )
