"""Members of the TPI by year and unit."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from integrity_portal.core.http import refuse
from opd import permissions, queries
from opd.actions import people as actions
from opd.forms import people as forms
from opd.http import PortalRequest, posted, screen
from opd.transitions import StepRefused


@require_http_methods(["GET", "POST"])
@screen(permissions.can_see_tpi)
def tpi(request: PortalRequest) -> HttpResponse:
    by, today = request.membership, timezone.localdate()
    may_assign = permissions.can_assign_tpi(by)
    if request.method == "POST" and not may_assign:
        raise refuse(_("Your role does not assign members of the TPI."))
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else today.year
    year = min(max(year, 2015), today.year + 1)
    rows = queries.tpi_in_scope(by).filter(year=year)
    form = None
    if may_assign:
        units = queries.units_to_choose(by, today=today)
        form = forms.TpiForm(posted(request), units=units, today=today)
        if form.is_valid() and _assign(request, form):
            return redirect(_of_year(form.cleaned_data["year"]))
    context = {
        "rows": rows,
        "year": year,
        "form": form,
        "may_assign": may_assign,
        "may_manage_people": permissions.can_manage_people(by),
    }
    return render(request, "opd/people/tpi.html", context)


def _of_year(year: int) -> str:
    """The page that shows what was just changed."""
    return f"{reverse('opd:tpi')}?year={year}"


def _assign(request: PortalRequest, form: forms.TpiForm) -> bool:
    by, data = request.membership, form.cleaned_data
    kind, value = data["identifier"]
    member = (
        queries.offices_in_scope(by)
        .valid_on(timezone.localdate())
        .filter(user__identifiers__kind=kind, user__identifiers__value=value)
        .order_by("-valid_from", "-pk")
        .first()
    )
    if member is None:
        form.add_error("identifier", _("Nobody who holds an office here signs in with this."))
        return False
    try:
        actions.assign_tpi(
            member=member,
            unit=data["unit"],
            year=data["year"],
            by=by,
            today=timezone.localdate(),
        )
    except StepRefused as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("The member was assigned."))
    return True


@require_POST
@screen(permissions.can_assign_tpi)
def tpi_release(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(queries.tpi_in_scope(request.membership), pk=pk)
    year = row.year
    actions.release_tpi(assignment=row, by=request.membership)
    messages.success(request, _("The assignment was taken back."))
    return redirect(_of_year(year))
