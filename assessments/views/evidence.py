"""The register of evidence: list, one document with its revisions and uses, files, examples."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import evidence as actions, evidence_smaller as smaller
from assessments.actions.evidence_verdicts import withdraw_example
from assessments.enums import validity
from assessments.forms.lke_evidence import AddForm, EditForm, RegisterForm, RevisionForm
from assessments.models import Evidence, SmallerCopy
from assessments.permissions import (
    can_write_plan,
    reads_evidence_register,
    withdraws_examples,
    writes_plans,
)
from assessments.queries import evidence as proofs, evidence_register as queries
from assessments.views.editing import conflicts_in, form_page
from assessments.views.shared import crumbs
from integrity_portal.core.http import or_404, refuse, serve_file
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said
from opd.views.uploads import arrived

PER_PAGE = 25
WITH_UPLOAD = "assessments/evidence/form.html"


def document_or_404(request: PortalRequest, pk: int) -> Evidence:
    return or_404(queries.document(request.membership, pk))


def _crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    sheets = (_("Work-sheets"), reverse("assessments:worksheets"))
    here = reverse("assessments:evidence") if steps else ""
    return crumbs(sheets, (_("Evidence"), here), *steps)


def _page_of(evidence: Evidence) -> str:
    return reverse("assessments:evidence_document", args=[evidence.pk])


@screen(reads_evidence_register)
@require_safe
def evidence_list(request: PortalRequest) -> HttpResponse:
    form = RegisterForm(request.GET)
    show, text, today = form.chosen("show"), form.chosen("q"), timezone.localdate()
    documents = queries.register(request.membership, show, text, today)
    page = Paginator(documents, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": form,
        "is_filtered": bool(show or text),
        "page_obj": page,
        "rows": queries.rows_of(page, today),
        "may_add": writes_plans(request.membership),
        "breadcrumbs": _crumbs(),
    }
    return render(request, "assessments/evidence/list.html", context)


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_new(request: PortalRequest) -> HttpResponse:
    """Into the register of the own unit; questions may come later."""
    unit = request.membership.unit
    data = posted(request)
    form = AddForm.blank() if data is None else AddForm(data, request.FILES)
    if data is not None:
        form.is_valid()
        stored = arrived(request, form, proofs.KIND, proofs.LARGE)
        form.settle(stored)
        if form.is_valid():
            with refusals_at(form):
                added = actions.add_evidence(
                    unit=or_404(unit),
                    texts=form.texts(),
                    source=form.source(stored),
                    form_key=form.cleaned_data["form_key"],
                    by=request.membership,
                    now=timezone.now(),
                )
                messages.success(request, _("The document is in the register."))
                return redirect(_page_of(added))
    return form_page(
        request,
        form,
        template=WITH_UPLOAD,
        heading=_("New document"),
        lead=unit.name if unit else "",
        back=reverse("assessments:evidence"),
        breadcrumbs=_crumbs((_("New document"), "")),
    )


@contextmanager
def refusals_at(form: Any) -> Iterator[None]:
    """Around an action: a refusal stands at its field, or above the form."""
    with refusals_in(form):
        try:
            yield
        except actions.EvidenceRefused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))


@screen(reads_evidence_register)
@require_safe
def evidence_document(request: PortalRequest, pk: int) -> HttpResponse:
    found = document_or_404(request, pk)
    today = timezone.localdate()
    revisions = queries.revisions_of(found)
    context = {
        "evidence": found,
        "smaller": queries.smaller_of(revisions[0] if revisions else None),
        "validity": validity(found.valid_from, found.valid_until, today),
        "revisions": revisions,
        "changed": queries.earlier_facts(found),
        "uses": queries.uses_of(request.membership, found),
        "may_write": can_write_plan(request.membership, found.unit),
        "breadcrumbs": _crumbs((found.title, "")),
    }
    return render(request, "assessments/evidence/document.html", context)


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_edit(request: PortalRequest, pk: int) -> HttpResponse:
    found = _own_document(request, pk)
    data = posted(request)
    form = EditForm.showing(found) if data is None else EditForm(data)
    more: dict[str, Any] = {}
    if data is not None and form.is_valid():
        with refusals_at(form), conflicts_in(form, EditForm.showing, more):
            actions.edit_evidence(
                evidence=found,
                texts=form.texts(),
                version=form.cleaned_data["version"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("Saved."))
            return redirect(_page_of(found))
    return form_page(
        request,
        form,
        heading=_("Change the data of the document"),
        lead=found.title,
        note=_("Approved sheets keep the data that they were approved with."),
        back=_page_of(found),
        breadcrumbs=_crumbs((found.title, _page_of(found)), (_("Change"), "")),
        **more,
    )


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_revise(request: PortalRequest, pk: int) -> HttpResponse:
    """A new state of the document; the older ones stay readable."""
    found = _own_document(request, pk)
    data = posted(request)
    form = RevisionForm.blank() if data is None else RevisionForm(data, request.FILES)
    if data is not None:
        form.is_valid()
        stored = arrived(request, form, proofs.KIND, proofs.LARGE)
        form.settle(stored)
        if form.is_valid():
            with refusals_at(form):
                revision = actions.revise_evidence(
                    evidence=found,
                    source=form.source(stored),
                    by=request.membership,
                    now=timezone.now(),
                )
                sentence = _("Revision %(number)d stands now.") % {"number": revision.number}
                messages.success(request, sentence)
                return redirect(_page_of(found))
    return form_page(
        request,
        form,
        template=WITH_UPLOAD,
        heading=_("New revision"),
        lead=found.title,
        note=_("What the TPI said about the older revision waits again; the older one stays here."),
        back=_page_of(found),
        breadcrumbs=_crumbs((found.title, _page_of(found)), (_("New revision"), "")),
    )


def _own_document(request: PortalRequest, pk: int) -> Evidence:
    found = document_or_404(request, pk)
    if not can_write_plan(request.membership, found.unit):
        raise refuse(_("Only the operator and the head of the unit keep its evidence."))
    return found


@screen(reads_evidence_register)
@require_safe
def evidence_file(request: PortalRequest, pk: int) -> FileResponse:
    """One revision as an attachment."""
    revision = or_404(proofs.revision_for(request.membership, pk))
    return serve_file(or_404(revision.stored))


# --- a smaller copy of a big scan ---


def _smaller_or_404(request: PortalRequest, pk: int) -> SmallerCopy:
    found = _own_document(request, pk)
    offered = queries.smaller_of(proofs.newest_revision(found))
    return or_404(offered.copy if offered and offered.is_ready else None)


@screen(writes_plans)
@require_safe
def evidence_smaller(request: PortalRequest, pk: int) -> FileResponse:
    """The copy, to be looked at before it is chosen."""
    return serve_file(or_404(_smaller_or_404(request, pk).stored))


@screen(writes_plans)
@require_POST
def evidence_choose(request: PortalRequest, pk: int) -> HttpResponse:
    copy, now = _smaller_or_404(request, pk), timezone.now()
    with refusals_said(request):
        if "use" in request.POST:
            smaller.use_smaller(copy=copy, by=request.membership, now=now)
            messages.success(request, _("The smaller copy counts now; the scan stays below."))
        else:
            smaller.keep_scan(copy=copy, by=request.membership, now=now)
            messages.success(request, _("The scan stays as it is."))
    return redirect("assessments:evidence_document", pk=pk)


# --- examples ---


@screen(reads_evidence_register)
@require_safe
def evidence_example(request: PortalRequest, pk: int) -> FileResponse:
    return serve_file(or_404(proofs.example_for(request.membership, pk)).stored)


@screen(reads_evidence_register)
@require_POST
def evidence_example_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    example = or_404(proofs.example_for(request.membership, pk))
    item = example.use.item
    if not withdraws_examples(request.membership, item.worksheet.zone.unit):
        raise refuse(_("Only its unit or the ZI secretariat takes an example back."))
    withdraw_example(example=example, by=request.membership, now=timezone.now())
    messages.success(request, _("The example is taken back; nobody else sees it any more."))
    return redirect("assessments:evidence_use", pk=item.worksheet_id, use=example.use_id)
