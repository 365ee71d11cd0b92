"""The list of signatories of a draft: add, edit, move, remove."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import declarations as actions
from assessments.forms.declarations import SignatoryForm
from assessments.models import Declaration
from assessments.permissions import can_manage_acts
from assessments.queries import declarations as queries
from assessments.views.declarations import draft_of
from assessments.views.shared import act_crumbs, find_signatory
from opd.http import PortalRequest, screen
from opd.refusals import refusals_in, refusals_said

READ = require_http_methods(["GET", "HEAD", "POST"])


def _form(request: PortalRequest, row: Declaration, **initial: Any) -> SignatoryForm:
    return SignatoryForm(
        request.POST if request.method == "POST" else None,
        declaration=row,
        offices=list(queries.offices_to_choose(request.membership, timezone.localdate())),
        initial=initial,
    )


def _back(row: Declaration) -> HttpResponse:
    return redirect(reverse("assessments:declaration", args=[row.pk]) + "#signatories")


@screen(can_manage_acts)
@READ
def signatory_new(request: PortalRequest, pk: int) -> HttpResponse:
    row = draft_of(request, pk)
    form = _form(request, row, office_status="definitif")
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "membership"):
            facts = actions.SignatoryFacts(**form.cleaned_data)
            actions.add_signatory(declaration=row, facts=facts, by=request.membership)
            messages.success(request, _("The signatory is added."))
            return _back(row)
    return _page(request, row, form, _("Add a signatory"))


@screen(can_manage_acts)
@READ
def signatory_edit(request: PortalRequest, pk: int, signatory: int) -> HttpResponse:
    row = draft_of(request, pk)
    place = find_signatory(row, signatory)
    form = _form(request, row, **SignatoryForm.initial_of(place))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form, "membership"):
            facts = actions.SignatoryFacts(**form.cleaned_data)
            actions.edit_signatory(signatory=place, facts=facts, by=request.membership)
            messages.success(request, _("Saved."))
            return _back(row)
    return _page(request, row, form, place.printed_title)


def _page(request: PortalRequest, row: Declaration, form: Any, heading: Any) -> HttpResponse:
    context = {"form": form, "heading": heading, "breadcrumbs": act_crumbs(row, heading)}
    return render(request, "assessments/form.html", {**context, "act": row})


@screen(can_manage_acts)
@require_POST
def signatory_move(request: PortalRequest, pk: int, signatory: int) -> HttpResponse:
    row = draft_of(request, pk)
    place = find_signatory(row, signatory)
    up = request.POST.get("direction") == "up"
    with refusals_said(request):
        actions.move_signatory(signatory=place, up=up, by=request.membership)
    return _back(row)


@screen(can_manage_acts)
@require_POST
def signatory_remove(request: PortalRequest, pk: int, signatory: int) -> HttpResponse:
    row = draft_of(request, pk)
    place = find_signatory(row, signatory)
    with refusals_said(request):
        actions.remove_signatory(signatory=place, by=request.membership)
        messages.success(request, _("The signatory is removed."))
    return _back(row)
