"""Directives: lists of givers and units, one directive, its steps."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integrity_portal.core.http import or_404, refuse, serve_file
from opd import subjects
from opd.actions import directives as actions
from opd.forms.directives import DirectiveForm, ProgressForm, ReasonForm
from opd.http import PortalRequest, screen
from opd.models import Directive
from opd.permissions import (
    can_give_directives,
    can_read_directives,
    may_carry_out,
    may_settle,
)
from opd.queries import directives as queries
from opd.refusals import refusals_said
from opd.transitions import StepRefused
from opd.views.uploads import arrived
from opd.workflow import DIRECTIVE

PER_PAGE = 25
PROOF = "directive_report"


@screen(can_read_directives)
@require_safe
def directive_list(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    state = request.GET.get("state", queries.OPEN)
    state = state if state in queries.STATES else queries.OPEN
    units = queries.units_with_directives(request.membership)
    asked = request.GET.get("unit", "")
    unit = next((row.pk for row in units if str(row.pk) == asked), None)
    rows = queries.directives(request.membership, state=state, unit=unit, today=today)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [queries.shown(row, today) for row in page.object_list],
        "states": queries.STATES.items(),
        "state": state,
        "units": units,
        "unit": unit,
        "may_give": can_give_directives(request.membership),
    }
    return render(request, "opd/directives/list.html", context)


@screen(can_give_directives)
@require_http_methods(["GET", "HEAD", "POST"])
def directive_new(request: PortalRequest) -> HttpResponse:
    """Opened from any page with what it is about; what the giver may not see is not found."""
    today = timezone.localdate()
    source = request.POST if request.method == "POST" else request.GET
    names = ("subject_kind", "subject_id") if request.method == "POST" else ("kind", "id")
    kind, pk = (source.get(name, "")[:60] for name in names)
    subject = subjects.find(request.membership, kind, pk) if kind else None
    if kind and subject is None:
        raise Http404
    units = queries.units_to_instruct(request.membership, today)
    start = {
        "form_key": uuid4(),
        "subject_kind": kind,
        "subject_id": pk,
        "unit": subject.unit_id if subject else None,
    }
    form = DirectiveForm(units=units, initial=start)
    if request.method == "POST":
        form = DirectiveForm(request.POST, units=units)
        given = _give(request, form, (kind, pk) if subject else ("", ""))
        if given is not None:
            messages.success(
                request, _("The directive was given to %(unit)s.") % {"unit": given.unit.label}
            )
            return redirect("opd:directive", pk=given.pk)
    chosen = form["unit"].value()
    unit = next((row for row in units if str(row.pk) == str(chosen or "")), None)
    context = {
        "warning": queries.warning(unit, today) if unit else "",
        "form": form,
        "subject": subject,
        "subject_word": subjects.word_of(kind),
        "breadcrumbs": crumbs(_("New directive")),
    }
    status = 422 if form.errors else 200
    return render(request, "opd/directives/new.html", context, status=status)


def _give(
    request: PortalRequest, form: DirectiveForm, subject: tuple[str, str]
) -> Directive | None:
    if not form.is_valid():
        return None
    clean = form.cleaned_data
    try:
        return actions.give_directive(
            what=actions.Instruction(
                unit=clean["unit"],
                text=clean["text"],
                due_on=clean["due_on"],
                office_title=clean["office_title"],
                subject=subject,
            ),
            form_key=clean["form_key"],
            by=request.membership,
            now=timezone.now(),
            today=timezone.localdate(),
        )
    except StepRefused as refused:
        form.add_error(None, str(refused))
        return None


@screen(can_read_directives)
@require_safe
def directive(request: PortalRequest, pk: int) -> HttpResponse:
    return _page(request, _directive_or_404(request, pk))


def _page(
    request: PortalRequest, found: Directive, status: int = 200, **bound: Any
) -> HttpResponse:
    """One directive: its text, where it stands, the steps this person may take, its history."""
    member = request.membership
    steps = {step.name for step in DIRECTIVE.open_to(state=found.state, role=member.role)}
    carries, settles = may_carry_out(member, found), may_settle(member, found)
    subject = (
        subjects.find(member, found.subject_kind, found.subject_id) if found.subject_kind else None
    )
    context = {
        "row": queries.shown(found, timezone.localdate()),
        "directive": found,
        "subject": subject,
        "subject_word": subjects.word_of(found.subject_kind),
        "history": queries.history(found),
        "warning": queries.warning(found.unit, timezone.localdate())
        if settles and found.is_open
        else "",
        "may_acknowledge": carries and "acknowledge" in steps,
        "may_finish": settles and "finish" in steps,
        "breadcrumbs": crumbs(_("Directive to %(unit)s") % {"unit": found.unit.label}),
    }
    if carries and "report" in steps:
        context["progress_form"] = ProgressForm(action=_url("directive_report", found))
    if settles and "return" in steps:
        context["return_form"] = _return_form(found)
    if settles and "withdraw" in steps:
        context["withdraw_form"] = _withdraw_form(found)
    return render(request, "opd/directives/directive.html", {**context, **bound}, status=status)


def _url(name: str, found: Directive) -> str:
    return reverse(f"opd:{name}", kwargs={"pk": found.pk})


def _return_form(found: Directive, data: Any = None) -> ReasonForm:
    return ReasonForm(
        data,
        label=_("What is still missing?"),
        button=_("Return to the unit"),
        action=_url("directive_return", found),
        prefix="return",
    )


def _withdraw_form(found: Directive, data: Any = None) -> ReasonForm:
    return ReasonForm(
        data,
        label=_("Why is it withdrawn?"),
        button=_("Withdraw the directive"),
        action=_url("directive_withdraw", found),
        prefix="withdraw",
    )


@screen(can_read_directives)
@require_POST
def directive_acknowledge(request: PortalRequest, pk: int) -> HttpResponse:
    found = _carried_or_refused(request, pk)
    return _take(
        request,
        found,
        lambda: actions.acknowledge_directive(
            directive=found, by=request.membership, now=timezone.now()
        ),
        _("Acknowledged. Report here how it goes."),
    )


@screen(can_read_directives)
@require_POST
def directive_report(request: PortalRequest, pk: int) -> HttpResponse:
    found = _carried_or_refused(request, pk)
    form = ProgressForm(request.POST, request.FILES, action=_url("directive_report", found))
    form.is_valid()
    proof = arrived(request, form, PROOF)
    if form.errors:
        return _page(request, found, 422, progress_form=form)
    clean = form.cleaned_data
    try:
        actions.report_directive(
            directive=found,
            progress=actions.Progress(
                clean["text"], clean["percent"], "progress" not in request.POST, proof
            ),
            form_key=clean["form_key"],
            by=request.membership,
            now=timezone.now(),
        )
    except StepRefused as refused:
        form.add_error(None, str(refused))
        return _page(request, found, 422, progress_form=form)
    messages.success(request, _("Reported."))
    return redirect("opd:directive", pk=found.pk)


@screen(can_give_directives)
@require_POST
def directive_finish(request: PortalRequest, pk: int) -> HttpResponse:
    found = _settled_or_refused(request, pk)
    return _take(
        request,
        found,
        lambda: actions.finish_directive(
            directive=found, by=request.membership, now=timezone.now()
        ),
        _("Accepted as finished."),
    )


@screen(can_give_directives)
@require_POST
def directive_return(request: PortalRequest, pk: int) -> HttpResponse:
    found = _settled_or_refused(request, pk)
    form = _return_form(found, request.POST)
    if not form.is_valid():
        return _page(request, found, 422, return_form=form)
    return _take(
        request,
        found,
        lambda: actions.return_directive(
            directive=found,
            reason=form.cleaned_data["reason"],
            by=request.membership,
            now=timezone.now(),
        ),
        _("Returned to the unit."),
    )


@screen(can_give_directives)
@require_POST
def directive_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    found = _settled_or_refused(request, pk)
    form = _withdraw_form(found, request.POST)
    if not form.is_valid():
        return _page(request, found, 422, withdraw_form=form)
    return _take(
        request,
        found,
        lambda: actions.withdraw_directive(
            directive=found,
            reason=form.cleaned_data["reason"],
            by=request.membership,
            now=timezone.now(),
        ),
        _("The directive is withdrawn."),
    )


@screen(can_read_directives)
@require_safe
def directive_file(request: PortalRequest, pk: int) -> HttpResponse:
    """The proof of a report as an attachment."""
    report = queries.report_of(request.membership, pk)
    if report is None or report.proof is None:
        raise Http404
    return serve_file(report.proof)  # type: ignore[return-value]


def _take(
    request: PortalRequest, found: Directive, act: Callable[[], Directive], sentence: str
) -> HttpResponse:
    with refusals_said(request):
        act()
        messages.success(request, sentence)
    return redirect("opd:directive", pk=found.pk)


def _directive_or_404(request: PortalRequest, pk: int) -> Directive:
    return or_404(queries.directive_of(request.membership, pk))


def _carried_or_refused(request: PortalRequest, pk: int) -> Directive:
    found = _directive_or_404(request, pk)
    if not may_carry_out(request.membership, found):
        raise refuse(_("Only the head and the operators of the unit report on its directives."))
    return found


def _settled_or_refused(request: PortalRequest, pk: int) -> Directive:
    found = _directive_or_404(request, pk)
    if not may_settle(request.membership, found):
        raise refuse(_("Only the office that gave the directive decides about it."))
    return found


def crumbs(here: str) -> list[Any]:
    return [
        {"label": _("Directives"), "url": reverse("opd:directives")},
        {"label": here, "url": ""},
    ]
