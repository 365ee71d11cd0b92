"""Preparation: all units, one unit, one step, its proofs."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import preparation as actions
from assessments.enums import PreparationState
from assessments.forms.preparation import AnswerForm
from assessments.models import PreparationAnswer
from assessments.permissions import (
    can_write_preparation,
    reads_preparation,
    writes_preparation,
)
from assessments.queries import preparation as queries
from assessments.queries.preparation import Filters, StepRow, UnitPreparation
from assessments.views.shared import crumbs
from integrity_portal.core.files import EVIDENCE, FileRefused, receive
from integrity_portal.core.formatting import date_id
from integrity_portal.core.http import or_404, refuse, serve_file
from integrity_portal.core.models import StoredFile
from opd.http import PortalRequest, screen
from opd.models import Unit
from opd.transitions import StepRefused
from opd.unit_csv import write_sheet

PER_PAGE = 50


@screen(reads_preparation)
@require_safe
def preparation_list(request: PortalRequest) -> HttpResponse:
    listed, filters = _listed(request)
    lacking = [row for row in queries.most_missing(listed) if row.units]
    return render(
        request,
        "assessments/preparation/list.html",
        {
            "listed": listed,
            "filters": filters,
            "page_obj": Paginator(listed.rows, PER_PAGE).get_page(request.GET.get("page")),
            "ready": sum(row.readiness.is_ready for row in listed.rows),
            "begun": sum(
                row.readiness.has_begun and not row.readiness.is_ready for row in listed.rows
            ),
            "untouched": sum(not row.readiness.has_begun for row in listed.rows),
            "lacking": lacking[:3],
            "query": request.GET.urlencode(),
            "breadcrumbs": _hub_crumbs((_("Preparation"), "")),
        },
    )


@screen(reads_preparation)
@require_safe
def preparation_csv(request: PortalRequest) -> HttpResponse:
    """What the list shows, for a spreadsheet; no cell becomes a formula."""
    listed, _filters = _listed(request)
    head = [
        _("Unit"),
        _("Kind"),
        _("Planned year"),
        _("Stage"),
        _("Done steps"),
        _("Of"),
        _("In progress"),
        _("Missing"),
        _("Sample"),
    ]
    names = {step.code: str(step.text) for step in listed.checklist.steps}
    rows = [
        [
            row.unit.name,
            row.unit.get_kind_display(),
            row.year_text,
            row.stage_word,
            str(row.readiness.done),
            str(row.readiness.of),
            str(row.readiness.begun),
            "; ".join(names[code] for code in row.readiness.missing),
            _("sample") if row.is_sample or row.unit.is_sample else "",
        ]
        for row in listed.rows
    ]
    response = HttpResponse(write_sheet(head, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="persiapan-unit.csv"'
    return response


def _listed(request: PortalRequest) -> tuple[queries.PreparationList, Filters]:
    asked = request.GET
    filters = Filters(
        kind=asked.get("kind", "")[:20],
        year=asked.get("year", "")[:4],
        done=asked.get("done", "")[:5],
        step=asked.get("step", "")[:40],
        declared=asked.get("declared") == "1",
    )
    today = timezone.localdate()
    return (
        queries.preparation_list(request.membership, request.government, today, filters),
        filters,
    )


@screen(reads_preparation)
@require_safe
def preparation_unit(request: PortalRequest, unit_id: int) -> HttpResponse:
    unit = _unit_or_404(request, unit_id)
    page = queries.unit_preparation(unit, timezone.localdate())
    return render(
        request,
        "assessments/preparation/unit.html",
        {
            "page": page,
            "unit": unit,
            "may_write": can_write_preparation(request.membership, unit) and not page.closed,
            "breadcrumbs": _crumbs((unit.label, "")),
        },
    )


@screen(writes_preparation)
@require_http_methods(["GET", "HEAD", "POST"])
def preparation_step(request: PortalRequest, unit_id: int, step: str) -> HttpResponse:
    """Answer one step. Whatever is refused, what was typed and the file stay."""
    unit = _unit_or_404(request, unit_id)
    if not can_write_preparation(request.membership, unit):
        raise refuse(_("Only the unit itself or the ZI secretariat writes this."))
    page = queries.unit_preparation(unit, timezone.localdate())
    row = or_404(page.row(step))
    if request.method != "POST":
        if page.closed:
            messages.info(request, page.closed)
            return redirect("assessments:preparation_unit", unit.pk)
        return _form_page(request, page, row, _form(request, row))
    form = _form(request, row)
    form.is_valid()
    stored = _arrived(request, form)
    if form.errors:
        form.keep(stored)
        return _form_page(request, page, row, form, arrived=stored)
    return _save(request, page, row, form, stored)


def _form(request: PortalRequest, row: StepRow) -> AnswerForm:
    answer = row.answer
    kwargs: dict[str, Any] = {
        "today": timezone.localdate(),
        "has_proof": answer is not None and answer.proof is not None,
    }
    if request.method == "POST":
        return AnswerForm(request.POST, request.FILES, **kwargs)
    initial = AnswerForm.initial_of(answer)
    if request.GET.get("use") == "portal" and row.finding and row.finding.supports:
        initial |= {
            "state": PreparationState.DONE,
            "happened_on": initial.get("happened_on") or timezone.localdate(),
            "note": initial.get("note") or row.finding.sentence,
        }
    return AnswerForm(initial=initial, **kwargs)


def _arrived(request: PortalRequest, form: AnswerForm) -> StoredFile | None:
    """The file that came now, or the one that came with a form that was refused."""
    upload = request.FILES.get("proof")
    if upload is not None and "proof" not in form.errors:
        try:
            return receive(
                upload,
                rule=EVIDENCE,
                kind=queries.UPLOAD_KIND,
                government_id=request.government.pk,
                by_user_id=request.user.pk,
            )
        except FileRefused as refused:
            form.add_error("proof", str(refused))
    return queries.kept_upload(request.membership, request.POST.get("arrived", "")[:22])


def _save(
    request: PortalRequest,
    page: UnitPreparation,
    row: StepRow,
    form: AnswerForm,
    stored: StoredFile | None,
) -> HttpResponse:
    values = form.cleaned_data
    try:
        actions.answer_step(
            unit=page.unit,
            step=row.step.code,
            content=actions.AnswerContent(
                state=values["state"],
                happened_on=values["happened_on"],
                note=values["note"],
                proof=stored,
                drop_proof=bool(values.get("drop_proof")),
            ),
            version=values["version"],
            by=request.membership,
            now=timezone.now(),
        )
    except actions.AnswerConflict as conflict:
        return _conflict(request, page, row, form, conflict.current, stored)
    except StepRefused as refused:
        form.add_error(None, str(refused))
        form.keep(stored)
        return _form_page(request, page, row, form, arrived=stored)
    messages.success(request, _("Saved: %(title)s") % {"title": row.step.text})
    return redirect("assessments:preparation_unit", page.unit.pk)


def _conflict(
    request: PortalRequest,
    page: UnitPreparation,
    row: StepRow,
    form: AnswerForm,
    current: PreparationAnswer,
    stored: StoredFile | None,
) -> HttpResponse:
    """What is saved now beside what was typed; saving once more writes over it."""
    typed = form.cleaned_data
    lines = (
        (
            form.fields["state"].label,
            PreparationState(current.state).label,
            PreparationState(typed["state"]).label,
        ),
        (
            form.fields["happened_on"].label,
            date_id(current.happened_on),
            date_id(typed["happened_on"]),
        ),
        (form.fields["note"].label, current.note, typed["note"]),
        (
            form.fields["proof"].label,
            current.proof.name if current.proof else "",
            stored.name if stored else "",
        ),
    )
    differing = [line for line in lines if line[1] != line[2]]
    form.keep(stored)
    form.overwrite(version=current.version)
    return _form_page(
        request, page, row, form, arrived=stored, differing=differing, current=current, status=409
    )


def _form_page(
    request: PortalRequest,
    page: UnitPreparation,
    row: StepRow,
    form: AnswerForm,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "page": page,
        "unit": page.unit,
        "row": row,
        "form": form,
        "breadcrumbs": _crumbs(
            (page.unit.label, reverse("assessments:preparation_unit", args=[page.unit.pk])),
            (row.step.text, ""),
        ),
        **more,
    }
    return render(request, "assessments/preparation/step.html", context, status=status)


@screen(reads_preparation)
@require_safe
def preparation_proof(request: PortalRequest, pk: int) -> HttpResponseBase:
    change = queries.change_of(request.membership, pk)
    if change is None or change.proof is None:
        raise Http404
    return serve_file(change.proof)


def _unit_or_404(request: PortalRequest, unit_id: int) -> Unit:
    return or_404(queries.unit_of(request.membership, unit_id))


def _hub_crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return crumbs((_("ZI programme"), reverse("assessments:programme")), *steps)


def _crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return _hub_crumbs((_("Preparation"), reverse("assessments:preparation")), *steps)
