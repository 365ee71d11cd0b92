"""The steps of a paper: number, back to draft, sign, record what was signed elsewhere, void."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.actions import paper_signatures as signing, papers as actions
from assessments.enums import PaperState
from assessments.forms.papers import NumberForm, RecordForm, VoidForm
from assessments.forms.signatures import SignForm
from assessments.models import Paper
from assessments.permissions import keeps_papers, may_keep_paper, may_sign_paper, signs_papers
from assessments.queries import paper_gaps
from assessments.views.papers import named_paper, paper_crumbs, paper_or_404
from assessments.views.shared import receive
from assessments.views.signing import freshly_proven
from integrity_portal.core.files import FileRefused
from integrity_portal.core.http import refuse
from opd.http import PortalRequest, screen
from opd.refusals import refusal_text, say_refusal
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])


def _kept(request: PortalRequest, pk: int) -> Paper:
    row = paper_or_404(request, pk)
    if not may_keep_paper(request.membership, row):
        raise refuse(_("Your role does not include this paper."))
    return row


def _page(request: PortalRequest, row: Paper, form: Any, heading: str, **more: Any) -> HttpResponse:
    context = {
        "paper": row,
        "named": named_paper(row),
        "form": form,
        "heading": heading,
        "breadcrumbs": paper_crumbs(row, heading),
        **more,
    }
    return render(request, "assessments/papers/step.html", context)


def _bound(request: PortalRequest, form: Any, **kwargs: Any) -> Any:
    if request.method == "POST":
        return form(request.POST, request.FILES, **kwargs)
    return form(**kwargs)


@screen(keeps_papers)
@READ
def paper_number(request: PortalRequest, pk: int) -> HttpResponse:
    row = _kept(request, pk)
    if row.state != PaperState.DRAFT:
        return redirect("assessments:paper", pk)
    form = _bound(request, NumberForm, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            actions.number_paper(
                paper=row,
                number=form.cleaned_data["number"],
                dated_on=form.cleaned_data["dated"],
                by=request.membership,
                now=timezone.now(),
            )
        except actions.WrongNumber as wrong:
            form.add_error("number", str(wrong))
        except actions.WrongDay as wrong:
            form.add_error("dated", str(wrong))
        except StepRefused as refusal:
            form.add_error(None, refusal_text(refusal))
        else:
            messages.success(request, _("The paper has its number; its text is now fixed."))
            return redirect("assessments:paper", pk)
    missing = paper_gaps.missing_to_number(row)
    return _page(request, row, form, _("Give number and date"), missing=missing, kind="number")


@screen(keeps_papers)
@require_POST
def paper_redraft(request: PortalRequest, pk: int) -> HttpResponse:
    row = _kept(request, pk)
    try:
        actions.redraft_paper(paper=row, by=request.membership, now=timezone.now())
    except StepRefused as refusal:
        say_refusal(request, refusal)
        return redirect("assessments:paper", pk)
    messages.success(request, _("The paper is a draft again; its number is free."))
    return redirect("assessments:paper", pk)


@screen(signs_papers)
@READ
def paper_sign(request: PortalRequest, pk: int) -> HttpResponse:
    """The frozen text, its SHA-256 and one button; only for the office under the paper."""
    row = paper_or_404(request, pk)
    if not may_sign_paper(request.membership, row):
        raise refuse(
            _("This paper is signed by: %(title)s. You hold another office now.")
            % {"title": row.printed_title or "–"}
        )
    return freshly_proven(_sign_after_proof)(request, row)


def _sign_after_proof(request: PortalRequest, row: Paper) -> HttpResponse:
    if row.state != PaperState.NUMBERED:
        return redirect("assessments:paper", row.pk)
    form = SignForm(
        request.POST if request.method == "POST" else None,
        initial={"text_sha256": row.text_sha256},
    )
    if request.method == "POST" and form.is_valid():
        try:
            signing.sign_paper(
                paper=row,
                text_sha256=form.cleaned_data["text_sha256"],
                by=request.membership,
                now=timezone.now(),
            )
        except StepRefused as refusal:
            form = SignForm(initial={"text_sha256": row.text_sha256})
            say_refusal(request, refusal)
        else:
            messages.success(request, _("You have signed. Thank you."))
            return redirect("assessments:paper", row.pk)
    heading = _("Read and sign")
    context = {
        "paper": row,
        "form": form,
        "heading": heading,
        "breadcrumbs": paper_crumbs(row, heading),
    }
    return render(request, "assessments/papers/sign.html", context)


@screen(keeps_papers)
@READ
def paper_record(request: PortalRequest, pk: int) -> HttpResponse:
    row = _kept(request, pk)
    if row.state != PaperState.NUMBERED:
        return redirect("assessments:paper", pk)
    initial = {"signed": row.dated_on}
    form = _bound(request, RecordForm, today=timezone.localdate(), initial=initial)
    if request.method == "POST" and form.is_valid() and _recorded(request, row, form):
        messages.success(request, _("The signed paper is recorded."))
        return redirect("assessments:paper", pk)
    missing = paper_gaps.changed_since_numbering(row)
    return _page(request, row, form, _("Record the signed paper"), missing=missing, kind="record")


def _recorded(request: PortalRequest, row: Paper, form: RecordForm) -> bool:
    """Whether the action went through; its refusal stands at the field otherwise."""
    try:
        signing.record_signed_paper(
            paper=row,
            method=form.cleaned_data["method"],
            signed_on=form.cleaned_data["signed"],
            scan=receive(request, form.cleaned_data["scan"], "paper"),
            by=request.membership,
            now=timezone.now(),
        )
    except FileRefused as refusal:
        form.add_error("scan", str(refusal))
    except actions.WrongDay as wrong:
        form.add_error("signed", str(wrong))
    except StepRefused as refusal:
        form.add_error(None, refusal_text(refusal))
    else:
        return True
    return False


@screen(keeps_papers)
@READ
def paper_void(request: PortalRequest, pk: int) -> HttpResponse:
    row = _kept(request, pk)
    if row.state == PaperState.VOIDED:
        return redirect("assessments:paper", pk)
    form = _bound(request, VoidForm)
    if request.method == "POST" and form.is_valid():
        try:
            actions.void_paper(
                paper=row,
                reason=form.cleaned_data["reason"],
                by=request.membership,
                now=timezone.now(),
            )
        except StepRefused as refusal:
            form.add_error(None, refusal_text(refusal))
        else:
            messages.success(request, _("The paper is void; the reason stays with it."))
            return redirect("assessments:paper", pk)
    missing = paper_gaps.what_stands_by(row)
    return _page(request, row, form, _("Declare void"), missing=missing, kind="void")
