"""Accounts of people: one-time code, closing, second factor, name, identifiers; one's own."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from opd import permissions, queries
from opd.actions import accounts as actions
from opd.forms import people as forms
from opd.http import PortalRequest, screen
from opd.middleware import valid_memberships
from opd.refusals import refusals_said
from opd.views.people import find_person


@require_POST
@screen(permissions.can_manage_people)
def reset_code(request: PortalRequest, pk: int) -> HttpResponse:
    """The code stands on this page only; reloading asks before it makes another one."""
    found = find_person(request, pk)
    now, today = timezone.now(), timezone.localdate()
    code = actions.issue_reset_code(person=found, by=request.membership, now=now, today=today)
    context = {"person": found, "code": f"{code[:4]} {code[4:]}", "until": now + actions.CODE_LIFE}
    return render(request, "opd/people/reset_code.html", context)


@require_POST
@screen(permissions.can_manage_people)
def account_close(request: PortalRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.close_account, _("The account is closed and signed out."))


@require_POST
@screen(permissions.can_manage_people)
def account_reopen(request: PortalRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.reopen_account, _("The account is open again."))


@require_POST
@screen(permissions.can_manage_people)
def factor_remove(request: PortalRequest, pk: int) -> HttpResponse:
    form = forms.RemoveFactorForm(request.POST)
    if not form.is_valid():
        find_person(request, pk)
        messages.error(request, _("Choose why the second step is removed."))
        return redirect("opd:person", pk=pk)
    return _do(
        request,
        pk,
        actions.remove_second_factor,
        _("The second step was removed. The person sets it up again at the next sign-in."),
        reason=form.cleaned_data["reason"],
        now=timezone.now(),
    )


@require_POST
@screen(permissions.can_manage_people)
def rename(request: PortalRequest, pk: int) -> HttpResponse:
    form = forms.RenameForm(request.POST)
    if not form.is_valid():
        return _sentence(request, pk, form, "name")
    name = form.cleaned_data["name"]
    return _do(request, pk, actions.rename_person, _("The name was saved."), name=name)


@require_POST
@screen(permissions.can_manage_people)
def identifier_add(request: PortalRequest, pk: int) -> HttpResponse:
    form = forms.AddIdentifierForm(request.POST)
    if not form.is_valid():
        return _sentence(request, pk, form, "identifier")
    login = form.cleaned_data["identifier"]
    return _do(
        request, pk, actions.add_identifier, _("The person signs in with it now."), login=login
    )


@require_POST
@screen(permissions.can_manage_people)
def identifier_remove(request: PortalRequest, pk: int, identifier: int) -> HttpResponse:
    found = find_person(request, pk)
    row = get_object_or_404(found.identifiers, pk=identifier)
    with refusals_said(request):
        actions.remove_identifier(identifier=row, by=request.membership, today=timezone.localdate())
        messages.success(request, _("It was removed."))
    return redirect("opd:person", pk=pk)


def _sentence(request: PortalRequest, pk: int, form: Any, field: str) -> HttpResponse:
    find_person(request, pk)
    messages.error(request, form.errors[field][0])
    return redirect("opd:person", pk=pk)


def _do(request: PortalRequest, pk: int, action: Any, sentence: str, **values: Any) -> HttpResponse:
    found = find_person(request, pk)
    with refusals_said(request):
        action(person=found, by=request.membership, today=timezone.localdate(), **values)
        messages.success(request, sentence)
    return redirect("opd:person", pk=pk)


@require_safe
def account(request: PortalRequest) -> HttpResponse:
    """One's own account: for everybody who is signed in, with an office or without."""
    context = {
        "identifiers": request.user.identifiers.order_by("kind", "pk"),
        "factors": queries.factor_counts([request.user.pk]).get(request.user.pk, {}),
        "offices": request.memberships,
    }
    return render(request, "opd/people/account.html", context)


@require_POST
def sessions_end(request: PortalRequest) -> HttpResponse:
    person = actions.end_sessions(person=request.user, by=request.membership)
    update_session_auth_hash(request, person)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("opd:account")


@require_safe
def offices(request: PortalRequest) -> HttpResponse:
    """All of one's own offices; those of today can be switched to."""
    today = timezone.localdate()
    valid = {office.pk for office in valid_memberships(request.user.pk)}
    rows = [
        {"office": office, "is_valid": office.pk in valid}
        for office in queries.own_offices(request.user.pk, today=today)
    ]
    return render(request, "opd/people/offices.html", {"rows": rows, "today": today})
