"""People of the government or of a branch: list, one person, offices."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from integrity_portal.core.http import refuse
from opd import permissions, queries
from opd.actions import people as actions
from opd.enums import IdentifierKind
from opd.forms import people as forms
from opd.http import PortalRequest, posted, screen
from opd.models import Membership, User
from opd.refusals import refusals_in
from opd.transitions import StepRefused

PER_PAGE = 25


@require_safe
@screen(permissions.can_manage_people)
def people(request: PortalRequest) -> HttpResponse:
    by, today = request.membership, timezone.localdate()
    units = queries.units_to_choose(by, today=today)
    form = forms.PeopleFilterForm(request.GET, by=by, units=units)
    rows = queries.people(by, form.wanted(), today=today)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    factors = queries.factor_counts(person.pk for person in shown)
    context = {
        "filter": form,
        "page_obj": page,
        "rows": [_row(person, by, today, factors) for person in shown],
        "today": today,
        "may_see_tpi": permissions.can_see_tpi(by),
    }
    return render(request, "opd/people/list.html", context)


def _row(person: Any, by: Membership, today: Any, factors: dict[int, Any]) -> dict[str, Any]:
    now = [m for m in person.shown if _holds(m, today)]
    return {"person": person, "offices": now, "has_factor": bool(factors.get(person.pk))}


def _holds(office: Membership, today: Any) -> bool:
    return office.valid_from <= today and (office.valid_to is None or office.valid_to >= today)


def find_person(request: PortalRequest, pk: int) -> User:
    return get_object_or_404(queries.people_in_scope(request.membership), pk=pk)


def find_office(request: PortalRequest, pk: int) -> Membership:
    return get_object_or_404(queries.offices_in_scope(request.membership), pk=pk)


@require_safe
@screen(permissions.can_manage_people)
def person(request: PortalRequest, pk: int) -> HttpResponse:
    found, by, today = find_person(request, pk), request.membership, timezone.localdate()
    deciding = queries.deciding_offices([pk], today=today).get(pk, [])
    may_manage = permissions.may_manage_account(by, found, deciding)
    offices = queries.visible_offices(by, found)
    context = {
        "person": found,
        "offices": [
            {
                "office": office,
                "may_manage": permissions.may_manage_office(by, office),
                "state": _state(office, today),
            }
            for office in offices
        ],
        "identifiers": [
            {"row": row, "text": row.value if may_manage else masked(row.kind, row.value)}
            for row in found.identifiers.order_by("kind", "pk")
        ],
        "factors": queries.factor_counts([pk]).get(pk, {}),
        "assignments": queries.tpi_of(by, found),
        "may_manage": may_manage,
        "may_remove_factor": permissions.may_remove_second_factor(by, found, deciding),
        "is_self": found.pk == by.user_id,
        "rename_form": forms.RenameForm(initial={"name": found.name}),
        "identifier_form": forms.AddIdentifierForm(),
        "factor_form": forms.RemoveFactorForm(),
    }
    return render(request, "opd/people/person.html", context)


def _state(office: Membership, today: Any) -> str:
    if office.valid_from > today:
        return "coming"
    return "now" if _holds(office, today) else "over"


def masked(kind: str, value: str) -> str:
    """Enough to recognise one's colleague, not enough to sign in or to call."""
    if kind == IdentifierKind.EMAIL:
        name, _at, domain = value.partition("@")
        return f"{name[:1]}•••@{domain}"
    return f"{value[:4]}{'•' * (len(value) - 7)}{value[-3:]}"


@require_http_methods(["GET", "POST"])
@screen(permissions.can_manage_people)
def office_add(request: PortalRequest, pk: int) -> HttpResponse:
    found, by, today = find_person(request, pk), request.membership, timezone.localdate()
    if found.pk == by.user_id:
        raise refuse(_("Nobody gives an office to himself. Ask another administrator."))
    units = queries.units_to_choose(by, today=today)
    form = forms.OfficeForm(posted(request), by=by, units=units, initial={"valid_from": today})
    if form.is_valid():
        try:
            actions.give_office(person=found, office=form.office(), by=by, today=today)
        except (StepRefused, PermissionDenied) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The office was given."))
            return redirect("opd:person", pk=pk)
    return render(request, "opd/people/office_add.html", {"person": found, "form": form})


@require_http_methods(["GET", "POST"])
@screen(permissions.can_manage_people)
def office_end(request: PortalRequest, pk: int) -> HttpResponse:
    office, by, today = find_office(request, pk), request.membership, timezone.localdate()
    if not permissions.may_manage_office(by, office):
        raise refuse(_("You may not end this office."))
    form = forms.EndOfficeForm(posted(request), initial={"last_day": today})
    if form.is_valid():
        with refusals_in(form):
            actions.end_office(
                office=office, last_day=form.cleaned_data["last_day"], by=by, today=today
            )
            messages.success(request, _("The last day was set."))
            return _back(request, office.user_id)
    return render(request, "opd/people/office_end.html", {"office": office, "form": form})


def _back(request: PortalRequest, pk: int) -> HttpResponse:
    """To the person, or to the list when the last office in scope disappeared."""
    if queries.people_in_scope(request.membership).filter(pk=pk).exists():
        return redirect("opd:person", pk=pk)
    return redirect("opd:people")


@require_http_methods(["GET", "POST"])
@screen(permissions.can_manage_people)
def substitute_add(request: PortalRequest, pk: int) -> HttpResponse:
    office, by, today = find_office(request, pk), request.membership, timezone.localdate()
    if not permissions.may_manage_office(by, office):
        raise refuse(_("You may not appoint a substitute for this office."))
    form = forms.SubstituteForm(posted(request), initial={"valid_from": today})
    if form.is_valid():
        data = form.cleaned_data
        stand_in = queries.people_in_scope(by).filter(
            identifiers__kind=data["identifier"][0], identifiers__value=data["identifier"][1]
        )
        found = stand_in.first()
        if found is None:
            form.add_error(
                "identifier",
                _("Nobody in your scope signs in with this. Invite the person first."),
            )
        elif _substitute(form, office, found, by, today):
            messages.success(request, _("The substitute was appointed."))
            return redirect("opd:person", pk=office.user_id)
    return render(request, "opd/people/substitute.html", {"office": office, "form": form})


def _substitute(
    form: forms.SubstituteForm, office: Membership, person: User, by: Membership, today: Any
) -> bool:
    try:
        actions.appoint_substitute(
            office=office,
            person=person,
            office_status=form.cleaned_data["office_status"],
            first=form.cleaned_data["valid_from"],
            last=form.cleaned_data["valid_to"],
            by=by,
            today=today,
        )
    except (StepRefused, PermissionDenied) as error:
        form.add_error(None, str(error))
        return False
    return True
