"""Official papers: lists, one paper, begin and write a draft, its PDF and its signed file."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import papers as actions
from assessments.actions.paper_pdfs import request_paper_pdf
from assessments.enums import PaperKind, PaperState
from assessments.forms.papers import BeginForm, PaperForm
from assessments.models import Paper, WorkTeam
from assessments.paper_documents import paper_shows
from assessments.paper_kinds import Kind, kind_of
from assessments.permissions import (
    can_write_plan,
    keeps_kind,
    keeps_papers,
    may_keep_paper,
    reads_papers,
)
from assessments.queries import papers as queries
from assessments.queries.paper_contents import content_of
from assessments.queries.teams import zone_for_team
from assessments.views.declarations import unit_choices
from assessments.views.shared import crumbs
from integrity_portal.core.http import refuse, serve_file
from integrity_portal.core.jobs import JobState
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])


def paper_or_404(request: PortalRequest, pk: int) -> Paper:
    row = queries.paper_of(request.membership, pk)
    if row is None:
        raise Http404
    return row


def paper_crumbs(paper: Paper, label: Any = "") -> list[dict[str, Any]]:
    here = reverse("assessments:paper", args=[paper.pk])
    first = (_("Official papers"), reverse("assessments:papers"))
    named = (named_paper(paper), here if label else "")
    return crumbs(first, named, *([(label, "")] if label else []))


def named_paper(paper: Paper) -> str:
    return f"{paper.get_kind_display()} {paper.number or paper.year_text}"


@screen(reads_papers)
@require_safe
def paper_list(request: PortalRequest) -> HttpResponse:
    chosen = {name: request.GET.get(name, "") for name in ("year", "kind", "state")}
    rows = queries.paper_list(request.membership, **chosen)
    context = {
        "page_obj": Paginator(rows, 25).get_page(request.GET.get("page")),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "years": [str(year) for year in queries.years_of(request.membership)],
        "kinds": PaperKind.choices,
        "states": PaperState.choices,
        "can_begin": keeps_papers(request.membership),
    }
    return render(request, "assessments/papers/list.html", context)


@screen(reads_papers)
@require_safe
def zone_papers(request: PortalRequest, zone_pk: int) -> HttpResponse:
    zone = zone_for_team(request.membership, zone_pk)
    if zone is None:
        raise Http404
    steps = [
        (_("Zones"), reverse("assessments:zones")),
        (zone.unit.label, reverse("assessments:zone", args=[zone.pk])),
        (_("Official papers"), ""),
    ]
    context = {
        "zone": zone,
        "rows": queries.papers_of_zone(request.membership, zone),
        "can_write": can_write_plan(request.membership, zone.unit),
        "can_report": keeps_kind(request.membership, PaperKind.LHE),
        "breadcrumbs": crumbs(*steps),
    }
    return render(request, "assessments/papers/zone.html", context)


@screen(reads_papers)
@require_safe
def paper(request: PortalRequest, pk: int) -> HttpResponse:
    row = paper_or_404(request, pk)
    steps = queries.next_steps(row, request.membership)
    content = content_of(row)
    context = {
        "paper": row,
        "kind": kind_of(row.kind),
        "heading": named_paper(row),
        "text": queries.text_of(row, content),
        "mine": [step for step in steps if step.is_mine],
        "others": [step for step in steps if not step.is_mine and step.name in ("number", "sign")],
        "may_edit": row.state == PaperState.DRAFT and may_keep_paper(request.membership, row),
        "pdf": queries.pdf_state(row, paper_shows(row, content)),
        "breadcrumbs": paper_crumbs(row),
    }
    return render(request, "assessments/papers/paper.html", context)


def _kinds_page(request: PortalRequest) -> HttpResponse:
    heading = _("New paper")
    context = {
        "kinds": queries.new_kinds(request.membership),
        "breadcrumbs": crumbs((_("Official papers"), reverse("assessments:papers")), (heading, "")),
    }
    return render(request, "assessments/papers/kinds.html", context)


@screen(keeps_papers)
@READ
def paper_new(request: PortalRequest) -> HttpResponse:
    """`?kind=` says which paper; without it the kinds that one may write."""
    kind = request.GET.get("kind", "")
    if not kind and request.method != "POST":
        return _kinds_page(request)
    if kind not in PaperKind.values:
        raise Http404
    if not keeps_kind(request.membership, kind):
        raise refuse(_("Your role does not include this paper."))
    spec, today = kind_of(kind), timezone.localdate()
    subjects = queries.subjects_for(spec, request.membership, today)
    labels = [(str(pk), label) for pk, (label, _row) in subjects.items()]
    asked = request.GET.get("subject", "")
    form = BeginForm(kind=spec, subjects=labels, today=today, initial={"subject": asked})
    if request.method == "POST":
        form = BeginForm(request.POST, kind=spec, subjects=labels, today=today)
        if form.is_valid():
            row = _begun(request, spec, form, subjects)
            if row is not None:
                return redirect(
                    "assessments:paper_edit"
                    if row.state == PaperState.DRAFT
                    else "assessments:paper",
                    row.pk,
                )
    context = {
        "form": form,
        "heading": spec.label,
        "hint": spec.hint,
        "back": reverse("assessments:papers"),
        "breadcrumbs": crumbs(
            (_("Official papers"), reverse("assessments:papers")),
            (_("New paper"), reverse("assessments:paper_new")),
            (spec.label, ""),
        ),
    }
    return render(request, "assessments/papers/begin.html", context)


def _begun(
    request: PortalRequest, spec: Kind, form: BeginForm, subjects: dict[int, Any]
) -> Paper | None:
    clean = form.cleaned_data
    chosen = subjects[int(clean["subject"])][1] if clean.get("subject") else None
    try:
        subject = _subject(spec, chosen, clean.get("year", ""))
        row = actions.begin_paper(
            kind=spec.code,
            subject=subject,
            form_key=clean["form_key"],
            by=request.membership,
            now=timezone.now(),
        )
    except StepRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(
        request, _("The draft is prepared with the usual wording. Read and change it.")
    )
    return row


def _subject(spec: Kind, chosen: Any, year: str) -> actions.Subject:
    """What the form's choice means for this kind."""
    if spec.subject == "proposal":
        return actions.Subject(year=chosen.year, proposal=chosen)
    if spec.subject == "team":
        found: WorkTeam = chosen
        return actions.Subject(year=found.year, zone=found.zone, team=found)
    return actions.Subject(year=int(year), zone=chosen)


@screen(keeps_papers)
@READ
def paper_edit(request: PortalRequest, pk: int) -> HttpResponse:
    row = paper_or_404(request, pk)
    if not may_keep_paper(request.membership, row):
        raise refuse(_("Your role does not include this paper."))
    if row.state != PaperState.DRAFT:
        messages.error(request, _("Only a draft is changed. Take the paper back to draft first."))
        return redirect("assessments:paper", pk)
    form = _paper_form(request, row)
    if request.method != "POST" or not form.is_valid():
        return _edit_page(request, row, form)
    try:
        actions.edit_paper(
            paper=row,
            facts=form.facts(),
            version=form.cleaned_data["version"],
            by=request.membership,
        )
    except actions.PaperConflict as conflict:
        form.overwrite(version=conflict.current.version)
        return _edit_page(
            request, row, form, differing=form.differing(conflict.current), status=409
        )
    except StepRefused as refusal:
        form.add_error(None, str(refusal))
        return _edit_page(request, row, form)
    messages.success(request, _("The draft is saved."))
    return redirect("assessments:paper", pk)


def _paper_form(request: PortalRequest, row: Paper) -> PaperForm:
    today = timezone.localdate()
    offices = queries.signatories_for(row.kind, row.government_id, row.unit, today)
    if row.signatory is not None and row.signatory not in offices:
        offices.append(row.signatory)
    units = unit_choices(request) if row.kind == PaperKind.SK_PENETAPAN else []
    values: dict[str, Any] = {"paper": row, "offices": offices, "units": units}
    if request.method == "POST":
        return PaperForm(request.POST, **values)
    return PaperForm(initial=PaperForm.initial_of(row), **values)


def _edit_page(
    request: PortalRequest, row: Paper, form: PaperForm, status: int = 200, **more: Any
) -> HttpResponse:
    heading = _("Write the draft")
    context = {
        "paper": row,
        "form": form,
        "heading": heading,
        "breadcrumbs": paper_crumbs(row, heading),
        **more,
    }
    return render(request, "assessments/papers/edit.html", context, status=status)


@screen(reads_papers)
@READ
def paper_pdf(request: PortalRequest, pk: int) -> HttpResponseBase:
    """GET: the PDF. POST: ask the workers for one, unless it already shows the present."""
    row = paper_or_404(request, pk)
    if request.method != "POST":
        document = queries.pdf_state(row, paper_shows(row)).document
        if document is None or document.file is None:
            raise Http404
        return serve_file(document.file)
    document = request_paper_pdf(paper=row, by=request.membership, now=timezone.now())
    if document.job_state == JobState.DONE:
        said = _("The PDF is ready: nothing that it shows has changed since it was made.")
    else:
        said = _("The PDF is being made. Reload this page in a moment.")
    messages.success(request, said)
    return redirect(reverse("assessments:paper", args=[pk]) + "#pdf")


@screen(reads_papers)
@require_safe
def paper_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The scan or the certified PDF, for everybody who may read the paper."""
    row = paper_or_404(request, pk)
    if row.scan is None:
        raise Http404
    return serve_file(row.scan)
