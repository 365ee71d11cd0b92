"""Pocket books of a plan: ask for one or for all, watch them being made, take them along."""

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import booklets as actions
from assessments.booklets import latest_period, periods
from assessments.enums import PlanState
from assessments.forms.booklets import PeriodForm
from assessments.models import BookletRun, Plan
from assessments.permissions import makes_all_booklets, reads_plan_figures
from assessments.queries import booklets as queries
from assessments.queries.booklets import Shelf
from integrity_portal.core import zip_streams
from integrity_portal.core.http import or_404, records_access
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said

LIST_NAME = "DAFTAR.txt"


@screen(reads_plan_figures)
@require_safe
def booklets(request: PortalRequest, pk: int) -> HttpResponseBase:
    plan = _plan_or_404(request, pk)
    membership, today = request.membership, timezone.localdate()
    run = queries.whole_run(plan) if makes_all_booklets(membership) else None
    shelves = queries.shelves(plan, queries.visible_units(membership, plan, on=today))
    context = {
        "plan": plan,
        "shelves": shelves,
        "finished": sum(shelf.finished is not None for shelf in shelves),
        "progress": queries.progress_of(run) if run else None,
        "form": _form(plan),
        "may_make_all": makes_all_booklets(membership),
        "is_draft": plan.state == PlanState.DRAFT,
        "summary": queries.newest_summary(plan),
        "breadcrumbs": _way(plan),
    }
    return render(request, "assessments/rpjmd/booklets/booklets.html", context)


@screen(makes_all_booklets)
@require_safe
def booklets_progress(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The card and the table, for htmx; without it the page, which a reload brings up to date."""
    plan = _plan_or_404(request, pk)
    if request.headers.get("HX-Request") != "true":
        return redirect("assessments:rpjmd_booklets", plan.pk)
    run = or_404(queries.whole_run(plan))
    membership, today = request.membership, timezone.localdate()
    context = {
        "plan": plan,
        "progress": queries.progress_of(run),
        "shelves": queries.shelves(plan, queries.visible_units(membership, plan, on=today)),
        "is_draft": plan.state == PlanState.DRAFT,
        "is_swapped": True,
    }
    return render(request, "assessments/rpjmd/booklets/moved.html", context)


@screen(reads_plan_figures)
@require_http_methods(["GET", "HEAD", "POST"])
def booklet_new(request: PortalRequest, pk: int, unit_pk: int) -> HttpResponseBase:
    """One unit: what its book tells, as of which period."""
    plan, today = _plan_or_404(request, pk), timezone.localdate()
    unit = or_404(queries.visible_unit(request.membership, plan, unit_pk, on=today))
    form = _form(plan, posted(request))
    if form.is_bound and form.is_valid():
        with refusals_in(form):
            booklet = actions.order_booklet(
                plan=plan,
                unit=unit,
                period=form.period_chosen(),
                by=request.membership,
                now=timezone.now(),
                today=today,
            )
            return redirect("reports:document", booklet.document_id)
    (shelf,) = queries.shelves(plan, [unit])
    context = {
        "plan": plan,
        "unit": unit,
        "shelf": shelf,
        "form": form,
        "is_draft": plan.state == PlanState.DRAFT,
        "breadcrumbs": _way(plan, unit.label),
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessments/rpjmd/booklets/booklet_new.html", context, status=status)


@screen(makes_all_booklets)
@require_POST
def booklets_all(request: PortalRequest, pk: int) -> HttpResponseBase:
    plan = _plan_or_404(request, pk)
    form = _form(plan, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a period of the plan that is over."))
        return redirect("assessments:rpjmd_booklets", plan.pk)
    with refusals_said(request):
        actions.order_all_booklets(
            plan=plan,
            period=form.period_chosen(),
            by=request.membership,
            now=timezone.now(),
            today=timezone.localdate(),
        )
    return redirect("assessments:rpjmd_booklets", plan.pk)


@screen(makes_all_booklets)
@require_POST
def booklets_cancel(request: PortalRequest, pk: int, run_pk: int) -> HttpResponseBase:
    plan, run = _run_or_404(request, pk, run_pk)
    count = actions.cancel_booklets(run=run, by=request.membership, now=timezone.now())
    said = ngettext("%(count)d book was called off.", "%(count)d books were called off.", count)
    messages.success(request, said % {"count": count})
    return redirect("assessments:rpjmd_booklets", plan.pk)


@screen(makes_all_booklets)
@require_POST
def booklets_retry(request: PortalRequest, pk: int, run_pk: int) -> HttpResponseBase:
    plan, run = _run_or_404(request, pk, run_pk)
    count = actions.retry_booklets(run=run, by=request.membership, now=timezone.now())
    said = ngettext("%(count)d book is made again.", "%(count)d books are made again.", count)
    messages.success(request, said % {"count": count})
    return redirect("assessments:rpjmd_booklets", plan.pk)


@screen(makes_all_booklets)
@require_POST
def summary(request: PortalRequest, pk: int) -> HttpResponseBase:
    plan = _plan_or_404(request, pk)
    form = _form(plan, request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a period of the plan that is over."))
        return redirect("assessments:rpjmd_booklets", plan.pk)
    with refusals_said(request):
        document = actions.order_summary(
            plan=plan,
            period=form.period_chosen(),
            by=request.membership,
            now=timezone.now(),
            today=timezone.localdate(),
        )
        return redirect("reports:document", document.pk)
    return redirect("assessments:rpjmd_booklets", plan.pk)


@screen(reads_plan_figures)
@require_safe
@records_access
def booklets_zip(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The newest finished book of every unit that this person sees, and a list of them."""
    plan, today = _plan_or_404(request, pk), timezone.localdate()
    shelves = queries.shelves(plan, queries.visible_units(request.membership, plan, on=today))
    count = sum(shelf.finished is not None for shelf in shelves)
    if not count:
        raise Http404
    actions.record_booklets_taken(plan=plan, by=request.membership, count=count)
    response = StreamingHttpResponse(
        zip_streams.zip_stream(_parts(shelves)), content_type="application/zip"
    )
    name = f"buku-saku-{slugify(plan.title)[:80] or plan.pk}.zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _parts(shelves: list[Shelf]) -> Iterator[zip_streams.Part]:
    """Files by the name of their unit; what is missing stands in the list, not in silence."""
    lines, taken = [], set()
    for shelf in shelves:
        stored = shelf.finished.document.file if shelf.finished else None
        if stored is None:
            lines.append(f"{shelf.unit.name}: belum ada buku yang jadi")
            continue
        name = slugify(shelf.unit.name)[:80] or str(shelf.unit.pk)
        name = f"{name}-{shelf.unit.pk}.pdf" if name in taken else f"{name}.pdf"
        taken.add(name.removesuffix(".pdf"))
        lines.append(f"{shelf.unit.name}: {name}, SHA-256 {stored.sha256}")
        yield name, partial(_opened, stored)
    yield LIST_NAME, partial(_text, "\n".join(lines) + "\n")


def _opened(stored: StoredFile) -> BinaryIO:
    return cast(BinaryIO, default_storage.open(stored.key))


def _text(text: str) -> BinaryIO:
    return BytesIO(text.encode())


def _plan_or_404(request: PortalRequest, pk: int) -> Plan:
    return or_404(queries.visible_plan(request.membership, pk))


def _run_or_404(request: PortalRequest, pk: int, run_pk: int) -> tuple[Plan, BookletRun]:
    plan = _plan_or_404(request, pk)
    return plan, or_404(queries.visible_run(request.membership, plan, run_pk))


def _form(plan: Plan, data: Any = None) -> PeriodForm:
    today = timezone.localdate()
    return PeriodForm(
        data,
        periods=periods(plan.first_year, plan.last_year, today),
        chosen=latest_period(plan.first_year, plan.last_year, today),
    )


def _way(plan: Plan, label: str = "") -> list[dict[str, Any]]:
    here = reverse("assessments:rpjmd_booklets", args=[plan.pk])
    steps = [{"label": plan.title, "url": _plan_url(plan)}]
    if not label:
        return [*steps, {"label": _("Pocket books"), "url": ""}]
    return [*steps, {"label": _("Pocket books"), "url": here}, {"label": label, "url": ""}]


def _plan_url(plan: Plan) -> str:
    """The plan's own page, as soon as it stands."""
    try:
        return reverse("assessments:rpjmd_plan", args=[plan.pk])
    except NoReverseMatch:
        return ""
