"""The register of predicates, one predicate with its monitoring, and what ends it."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import predicates as actions
from assessments.enums import Predicate, PredicateState
from assessments.forms.journey import CheckForm, RevocationForm, WhyForm
from assessments.models import ZonePredicate
from assessments.permissions import can_manage_acts, can_read_acts, can_watch_predicates
from assessments.queries import predicates as queries
from assessments.views.shared import crumbs, receive
from integrity_portal.core.files import FileRefused
from integrity_portal.core.http import or_404, serve_file
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusal_text
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])


def _trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return crumbs(
        (_("ZI programme"), reverse("assessments:programme")),
        (_("Predicates"), reverse("assessments:predicates")),
        *steps,
    )


@screen(can_read_acts)
@require_safe
def predicate_list(request: PortalRequest) -> HttpResponse:
    chosen = {name: request.GET.get(name, "") for name in ("state", "predicate", "text")}
    rows = queries.register(request.membership, **{**chosen, "text": chosen["text"].strip()[:80]})
    context = {
        "page_obj": Paginator(rows, 25).get_page(request.GET.get("page")),
        "states": PredicateState.choices,
        "kinds": Predicate.choices,
        "chosen": chosen,
        "can_manage": can_manage_acts(request.membership),
        "breadcrumbs": crumbs(
            (_("ZI programme"), reverse("assessments:programme")), (_("Predicates"), "")
        ),
    }
    return render(request, "assessments/journey/predicates.html", context)


def _found(request: PortalRequest, pk: int) -> ZonePredicate:
    return or_404(queries.predicate_of(request.membership, pk))


def _title(row: ZonePredicate) -> str:
    return f"{row.get_predicate_display()} {row.year_text} · {row.zone.unit.label}"


@screen(can_read_acts)
@require_safe
def predicate(request: PortalRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    live = row.state in (PredicateState.ACTIVE, PredicateState.WATCHED)
    context = {
        "predicate": row,
        "title": _title(row),
        "checks": [(check, queries.said_answers(check)) for check in row.checks.all()],
        "heirs": list(row.zone.handed_over.all()),
        "can_watch": live and can_watch_predicates(request.membership),
        "can_manage": live and can_manage_acts(request.membership),
        "breadcrumbs": _trail((_title(row), "")),
    }
    return render(request, "assessments/journey/predicate.html", context)


def _form_page(
    request: PortalRequest,
    row: ZonePredicate,
    form: forms.Form,
    heading: str,
    notes: Sequence[str] = (),
) -> HttpResponse:
    here = reverse("assessments:predicate", args=[row.pk])
    context = {
        "form": form,
        "heading": heading,
        "lead": _title(row),
        "notes": notes,
        "back": here,
        "breadcrumbs": _trail((_title(row), here), (heading, "")),
    }
    return render(request, "assessments/form.html", context, status=422 if form.errors else 200)


def _done(
    request: PortalRequest,
    form: forms.Form,
    act: Callable[..., object],
    said: str,
    field: str = "reason",
    **values: Any,
) -> bool:
    if not form.is_valid():
        return False
    try:
        act(by=request.membership, now=timezone.now(), **values)
    except StepRefused as refusal:
        form.add_error(field, refusal_text(refusal))
        return False
    messages.success(request, said)
    return True


def _why(
    request: PortalRequest, pk: int, act: Callable[..., object], heading: str, said: str
) -> HttpResponse:
    row = _found(request, pk)
    form = WhyForm(posted(request), submit=heading)
    values = {"predicate": row, "reason": form.cleaned_data["reason"]} if form.is_valid() else {}
    if _done(request, form, act, said, **values):
        return redirect("assessments:predicate", pk)
    return _form_page(request, row, form, heading)


@screen(can_watch_predicates)
@READ
def predicate_watch(request: PortalRequest, pk: int) -> HttpResponse:
    said = _("The predicate is under special monitoring.")
    return _why(request, pk, actions.watch, _("Put under special monitoring"), said)


@screen(can_watch_predicates)
@READ
def predicate_clear(request: PortalRequest, pk: int) -> HttpResponse:
    said = _("The special monitoring has ended.")
    return _why(request, pk, actions.clear, _("End the special monitoring"), said)


@screen(can_manage_acts)
@READ
def predicate_strike(request: PortalRequest, pk: int) -> HttpResponse:
    said = _("The entry is struck; it stays readable as recorded in error.")
    return _why(request, pk, actions.strike, _("Strike a wrong entry"), said)


@screen(can_manage_acts)
@READ
def predicate_revoke(request: PortalRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    carried = queries.standing_on(row, timezone.localdate())
    form = RevocationForm(posted(request), with_wbbm=bool(carried))
    values = {"predicate": row, **form.cleaned_data} if form.is_valid() else {}
    said = _("The revocation is recorded.")
    if carried:
        said = _("The revocation is recorded, for WBK and WBBM.")
    if _done(request, form, actions.revoke, said, **values):
        return redirect("assessments:predicate", pk)
    sentence = _(
        "WBBM %(year)s of %(unit)s is revoked as well, by the same decree: WBBM presupposes WBK."
    )
    notes = [sentence % {"unit": each.zone.unit.name, "year": each.year_text} for each in carried]
    return _form_page(request, row, form, _("Record the revocation"), notes)


@screen(can_watch_predicates)
@READ
def predicate_check(request: PortalRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    form = CheckForm(
        posted(request), request.FILES or None, initial={"checked_on": timezone.localdate()}
    )
    if form.is_valid() and _checked(request, row, form):
        messages.success(request, _("The check is saved."))
        return redirect("assessments:predicate", pk)
    return _form_page(request, row, form, _("Check the predicate"))


def _checked(request: PortalRequest, row: ZonePredicate, form: CheckForm) -> bool:
    field, values = "proof", form.cleaned_data
    try:
        proof = receive(request, values["proof"], "predicate") if values["proof"] else None
        field = "checked_on"
        entered = actions.Round(values["checked_on"], form.answers(), values["note"], proof)
        actions.record_check(
            predicate=row, entered=entered, by=request.membership, now=timezone.now()
        )
    except (StepRefused, FileRefused) as refusal:
        form.add_error(field, str(refusal))
        return False
    return True


@screen(can_read_acts)
@require_safe
def predicate_file(request: PortalRequest, pk: int, check: int) -> HttpResponseBase:
    for row in _found(request, pk).checks.all():
        if row.pk == check and row.proof is not None:
            return serve_file(row.proof)
    raise Http404
