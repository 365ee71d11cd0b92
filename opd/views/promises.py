"""Promises made in public: the list, one promise, recording and judging."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from integrity_portal.core.http import or_404, serve_file
from opd.actions import promises as actions
from opd.enums import PromiseState
from opd.forms.directives import (
    JudgeForm,
    PromiseCorrectionForm,
    PromiseForm,
    ReasonForm,
)
from opd.http import PortalRequest, screen
from opd.models import Promise
from opd.permissions import can_keep_promises, can_read_promises
from opd.queries import directives as queries
from opd.queries.meetings import series_names
from opd.queries.people import units_to_choose
from opd.refusals import refusals_in, refusals_said
from opd.transitions import StepRefused
from opd.views.uploads import arrived

PER_PAGE = 25
PROOF = "promise_proof"
reads_and_sends = require_http_methods(["GET", "HEAD", "POST"])


@screen(can_read_promises)
@require_safe
def promise_list(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    state = request.GET.get("state", "")
    series = request.GET.get("series", "")
    rows = queries.promises(request.membership, state=state, today=today, series=series)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(row, row.is_past_due(today)) for row in page.object_list],
        "states": [
            ("", _("all")),
            (queries.LATE, _("past their day, not judged")),
            *PromiseState.choices,
        ],
        "state": state,
        "series": series,
        "series_names": series_names(request.membership.government_id),
        "may_keep": can_keep_promises(request.membership),
        "breadcrumbs": [
            {"label": _("ZI programme"), "url": reverse("assessments:programme")},
            {"label": _("Public promises"), "url": ""},
        ],
    }
    return render(request, "opd/promises/list.html", context)


@screen(can_read_promises)
@require_safe
def promise(request: PortalRequest, pk: int) -> HttpResponse:
    return _page(request, _promise_or_404(request, pk))


def _page(request: PortalRequest, found: Promise, status: int = 200, **bound: Any) -> HttpResponse:
    may_keep = can_keep_promises(request.membership)
    context = {
        "promise": found,
        "is_past_due": found.is_past_due(timezone.localdate()),
        "history": queries.promise_history(found),
        "editions": queries.promise_editions(found),
        "may_keep": may_keep,
        "breadcrumbs": crumbs(_("Promise")),
    }
    if may_keep and found.state == PromiseState.OPEN:
        context["judge_form"] = JudgeForm(action=_url("promise_judge", found))
    elif may_keep:
        context["reopen_form"] = _reopen_form(found)
    return render(request, "opd/promises/promise.html", {**context, **bound}, status=status)


def _url(name: str, found: Promise) -> str:
    return reverse(f"opd:{name}", kwargs={"pk": found.pk})


def _reopen_form(found: Promise, data: Any = None) -> ReasonForm:
    return ReasonForm(
        data,
        label=_("Why is the judgement taken back?"),
        button=_("Take the judgement back"),
        action=_url("promise_reopen", found),
    )


@screen(can_keep_promises)
@reads_and_sends
def promise_new(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    units = units_to_choose(request.membership, today=today)
    form = PromiseForm.blank(units, f"{request.government.head_title} {request.government.name}")
    if request.method == "POST":
        form = PromiseForm(request.POST, units=units)
        if form.is_valid():
            with refusals_in(form):
                made = actions.record_promise(
                    facts=form.facts(),
                    form_key=form.cleaned_data["form_key"],
                    by=request.membership,
                    now=timezone.now(),
                    today=today,
                )
                messages.success(request, _("The promise is recorded."))
                return redirect("opd:promise", pk=made.pk)
    return _form_page(request, form, _("Record a promise"))


@screen(can_keep_promises)
@reads_and_sends
def promise_edit(request: PortalRequest, pk: int) -> HttpResponse:
    found = _promise_or_404(request, pk)
    today = timezone.localdate()
    units = units_to_choose(request.membership, today=today)
    form, saved = PromiseCorrectionForm.showing(found, units), None
    if request.method == "POST":
        form = PromiseCorrectionForm(request.POST, units=units)
        if form.is_valid():
            try:
                actions.edit_promise(
                    promise=found,
                    facts=form.facts(),
                    version=form.cleaned_data["version"],
                    reason=form.cleaned_data["reason"],
                    by=request.membership,
                    now=timezone.now(),
                )
            except actions.PromiseConflict as conflict:
                saved = conflict.current
                form.overwrite(version=str(saved.version))
            except StepRefused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("The promise is saved."))
                return redirect("opd:promise", pk=found.pk)
    return _form_page(request, form, _("Correct the promise"), saved=saved)


def _form_page(
    request: PortalRequest, form: PromiseForm, title: str, saved: Promise | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "saved": saved, "breadcrumbs": crumbs(title)}
    status = 409 if saved else 422 if form.errors else 200
    return render(request, "opd/promises/form.html", context, status=status)


@screen(can_keep_promises)
@require_POST
def promise_judge(request: PortalRequest, pk: int) -> HttpResponse:
    found = _promise_or_404(request, pk)
    form = JudgeForm(request.POST, request.FILES, action=_url("promise_judge", found))
    form.is_valid()
    proof = arrived(request, form, PROOF)
    if form.errors:
        return _page(request, found, 422, judge_form=form)
    clean = form.cleaned_data
    try:
        actions.judge_promise(
            promise=found,
            is_kept=clean["outcome"] == "kept",
            on=clean["on"],
            proof_note=clean["proof_note"],
            proof=proof,
            by=request.membership,
            now=timezone.now(),
            today=timezone.localdate(),
        )
    except StepRefused as refused:
        form.add_error(None, str(refused))
        return _page(request, found, 422, judge_form=form)
    messages.success(request, _("The judgement is saved."))
    return redirect("opd:promise", pk=found.pk)


@screen(can_keep_promises)
@require_POST
def promise_reopen(request: PortalRequest, pk: int) -> HttpResponse:
    found = _promise_or_404(request, pk)
    form = _reopen_form(found, request.POST)
    if not form.is_valid():
        return _page(request, found, 422, reopen_form=form)
    with refusals_said(request):
        actions.reopen_promise(
            promise=found,
            reason=form.cleaned_data["reason"],
            by=request.membership,
            now=timezone.now(),
        )
        messages.success(request, _("The judgement is taken back."))
    return redirect("opd:promise", pk=found.pk)


@screen(can_read_promises)
@require_safe
def promise_file(request: PortalRequest, pk: int) -> HttpResponse:
    found = _promise_or_404(request, pk)
    if found.proof is None:
        raise Http404
    return serve_file(found.proof)  # type: ignore[return-value]


def _promise_or_404(request: PortalRequest, pk: int) -> Promise:
    return or_404(queries.promise_of(request.membership, pk))


def crumbs(here: str) -> list[Any]:
    return [
        {"label": _("ZI programme"), "url": reverse("assessments:programme")},
        {"label": _("Public promises"), "url": reverse("opd:promises")},
        {"label": here, "url": ""},
    ]
