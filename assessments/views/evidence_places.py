"""Evidence beside the questions of a work-sheet: what is missing, adding, the viewer, verdicts."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import evidence as actions, evidence_verdicts as verdicts
from assessments.areas import by_area
from assessments.enums import Assessor, UseVerdict, WorksheetState
from assessments.forms.lke_evidence import AddForm, ChooseForm, ExampleForm, VerdictForm
from assessments.models import EvidenceUse, Worksheet, WorksheetItem
from assessments.permissions import (
    can_write_plan,
    may_assess,
    reads_evidence_register,
    reads_worksheets,
    withdraws_examples,
    writes_plans,
)
from assessments.queries import evidence as queries
from assessments.queries.evidence_gaps import gaps_of
from assessments.queries.evidence_register import to_choose
from assessments.queries.reviewers import unit_may_write, writes_for_unit
from assessments.queries.tiers import is_turn_of, tiers_of
from assessments.views.evidence import refusals_at
from assessments.views.worksheets import worksheet_crumbs, worksheet_or_404
from integrity_portal.core.http import SHOWN, or_404, records_access, refuse, serve_inline
from opd.enums import Role
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in, refusals_said
from opd.views.uploads import arrived

# The viewer alone frames a paper, from our own origin.
FRAMES = {"frame-src": [SELF]}


def _question_page(sheet: Worksheet, code: str) -> str:
    return reverse("assessments:worksheet_question", args=[sheet.pk, code])


@screen(reads_evidence_register)
@require_safe
def evidence_missing(request: PortalRequest, pk: int) -> HttpResponse:
    """Questions answered above the lowest option whose proof is missing or does not hold."""
    sheet = worksheet_or_404(request, pk)
    gaps = gaps_of(sheet, timezone.localdate())
    context = {
        "sheet": sheet,
        "unit": sheet.zone.unit,
        "instrument": sheet.instrument.instrument,
        "gaps": gaps,
        "areas": by_area(gaps, lambda gap: gap.item.sub_aspect, sheet.instrument.instrument.titles),
        "bare": sum(gap.is_bare for gap in gaps),
        "may_add": writes_for_unit(request.membership, sheet),
        "breadcrumbs": worksheet_crumbs(sheet, (_("Evidence"), "")),
    }
    return render(request, "assessments/evidence/missing.html", context)


# --- beside a question ---


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_add(request: PortalRequest, pk: int, code: str) -> HttpResponse:
    """A new document, or one that the unit already has."""
    sheet = worksheet_or_404(request, pk)
    item = or_404(queries.item_of(sheet, code))
    if not writes_for_unit(request.membership, sheet):
        raise refuse(_("Only the operator and the head of the unit answer here."))
    documents = to_choose(sheet, item.pk)
    data = posted(request)
    add, choose = AddForm.blank(at_question=True), ChooseForm(documents=documents)
    if data is not None and "choose" in data:
        choose = ChooseForm(data, documents=documents)
        if _chosen(request, item, choose):
            return redirect(_question_page(sheet, code))
    elif data is not None:
        add = AddForm(data, request.FILES, at_question=True)
        if _added(request, sheet, item, add):
            return redirect(_question_page(sheet, code))
    today = timezone.localdate()
    context = {
        "sheet": sheet,
        "item": item,
        "question": sheet.instrument.instrument.questions[code],
        "unit": sheet.zone.unit,
        "proofs": queries.proofs_of([item], sheet, today).get(item.pk, []),
        "may_write": unit_may_write(sheet, item),
        "elsewhere": queries.elsewhere(item, sheet.zone.unit_id),
        "add": add,
        "choose": choose if documents else None,
        "form": choose if choose.is_bound else add,
        "question_url": _question_page(sheet, code),
        "breadcrumbs": worksheet_crumbs(
            sheet, (code, _question_page(sheet, code)), (_("Add evidence"), "")
        ),
    }
    return render(request, "assessments/evidence/add.html", context)


def _chosen(request: PortalRequest, item: WorksheetItem, form: ChooseForm) -> bool:
    if not form.is_valid():
        return False
    wanted = int(form.cleaned_data["evidence"])
    evidence = next(row for row in form.documents if row.pk == wanted)
    with refusals_in(form):
        actions.attach_evidence(
            item=item,
            evidence=evidence,
            pages=form.cleaned_data["chosen_pages"],
            by=request.membership,
            now=timezone.now(),
        )
        messages.success(request, _("The document stands at %(code)s now.") % {"code": item.code})
        return True
    return False


def _added(request: PortalRequest, sheet: Worksheet, item: WorksheetItem, form: AddForm) -> bool:
    form.is_valid()
    stored = arrived(request, form, queries.KIND, queries.LARGE)
    form.settle(stored)
    if not form.is_valid():
        return False
    with refusals_at(form):
        actions.add_evidence(
            unit=sheet.zone.unit,
            texts=form.texts(),
            source=form.source(stored),
            form_key=form.cleaned_data["form_key"],
            by=request.membership,
            now=timezone.now(),
            place=actions.Place(item, form.cleaned_data["pages"]),
        )
        messages.success(request, _("The document stands at %(code)s now.") % {"code": item.code})
        return True
    return False


@screen(writes_plans)
@require_POST
def evidence_detach(request: PortalRequest, pk: int, use: int) -> HttpResponse:
    sheet, found = _use_or_404(request, pk, use)
    if not writes_for_unit(request.membership, sheet):
        raise refuse(_("Only the operator and the head of the unit answer here."))
    with refusals_said(request):
        actions.detach_evidence(use=found, by=request.membership, now=timezone.now())
        messages.success(request, _("The document no longer stands here; your register keeps it."))
    return redirect(_question_page(sheet, found.item.code))


# --- the viewer ---


def _use_or_404(request: PortalRequest, pk: int, use: int) -> tuple[Worksheet, EvidenceUse]:
    sheet = worksheet_or_404(request, pk)
    return sheet, or_404(queries.use_of(sheet, use))


def _record(request: PortalRequest, proof: queries.Proof) -> None:
    """The ministry's reviewers: everything that they open."""
    if request.membership.role == Role.TPN_REVIEWER:
        verdicts.record_opening(use=proof.use, revision=proof.revision, by=request.membership)


@csp_update(FRAMES)
@screen(reads_worksheets)
@require_safe
@records_access
def evidence_use(request: PortalRequest, pk: int, use: int) -> HttpResponse:
    sheet, found = _use_or_404(request, pk, use)
    return _viewer(request, sheet, found)


def _viewer(
    request: PortalRequest,
    sheet: Worksheet,
    found: EvidenceUse,
    *,
    bound: VerdictForm | None = None,
    status: int = 200,
) -> HttpResponse:
    membership, today = request.membership, timezone.localdate()
    proof = queries.proof_of(found, sheet, today)
    _record(request, proof)
    is_tpn = membership.role == Role.TPN_REVIEWER
    may_judge = sheet.state == WorksheetState.SUBMITTED and is_turn_of(membership, sheet, today)
    example = None if is_tpn else queries.standing_example(found)
    unit = sheet.zone.unit
    context = {
        "sheet": sheet,
        "unit": unit,
        "proof": proof,
        "question": sheet.instrument.instrument.questions[found.item.code],
        "answer": found.item.answers.filter(assessor=Assessor.UNIT).first(),
        "is_shown": proof.revision.stored and proof.revision.stored.content_type in SHOWN,
        "is_pdf": proof.revision.stored and proof.revision.stored.content_type == "application/pdf",
        "is_tpn": is_tpn,
        "verdict_form": _verdict_form(sheet, proof, bound) if may_judge else None,
        "form": bound,
        "example": example,
        "may_release": found.verdict == UseVerdict.ACCEPTED and can_write_plan(membership, unit),
        "may_withdraw": example and withdraws_examples(membership, unit),
        "may_detach": writes_for_unit(membership, sheet) and unit_may_write(sheet, found.item),
        "elsewhere": None if is_tpn else queries.elsewhere(found.item, unit.pk),
        "question_url": _question_page(sheet, found.item.code),
        "breadcrumbs": worksheet_crumbs(
            sheet,
            (found.item.code, _question_page(sheet, found.item.code)),
            (found.evidence.title, ""),
        ),
    }
    return render(request, "assessments/evidence/viewer.html", context, status=status)


def _verdict_form(sheet: Worksheet, proof: queries.Proof, bound: VerdictForm | None) -> VerdictForm:
    form = bound or VerdictForm(initial={"revision": proof.revision.pk})
    form.helper.form_action = reverse("assessments:evidence_verdict", args=[sheet.pk, proof.use.pk])
    return form


@screen(reads_worksheets)
@require_safe
@records_access
def evidence_use_file(request: PortalRequest, pk: int, use: int) -> FileResponse:
    """The file that counts at this question, for the frame of the viewer or a download."""
    sheet, found = _use_or_404(request, pk, use)
    proof = queries.proof_of(found, sheet, timezone.localdate())
    stored = or_404(proof.revision.stored)
    _record(request, proof)
    return serve_inline(stored)


@csp_update(FRAMES)
@screen(may_assess)
@require_POST
def evidence_verdict(request: PortalRequest, pk: int, use: int) -> HttpResponse:
    sheet, found = _use_or_404(request, pk, use)
    if not tiers_of(request.membership, sheet, timezone.localdate()):
        raise refuse(_("Only the TPI of this unit judges its evidence."))
    form = VerdictForm(request.POST)
    accepted = "accept" in request.POST
    if form.is_valid():
        revision = or_404(queries.revision_of_use(found, form.cleaned_data["revision"]))
        with refusals_in(form, "note"):
            verdicts.judge_use(
                use=found,
                revision=revision,
                accepted=accepted,
                note=form.cleaned_data["note"],
                by=request.membership,
                now=timezone.now(),
            )
            sentence = _("Accepted.") if accepted else _("Returned to the unit.")
            messages.success(request, sentence)
            return redirect("assessments:evidence_use", pk=sheet.pk, use=found.pk)
    return _viewer(request, sheet, found, bound=form, status=422)


@screen(writes_plans)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_release(request: PortalRequest, pk: int, use: int) -> HttpResponse:
    """A redacted copy for the other units of the government."""
    sheet, found = _use_or_404(request, pk, use)
    if not can_write_plan(request.membership, sheet.zone.unit):
        raise refuse(_("Only the operator and the head of the unit release examples."))
    data = posted(request)
    form = ExampleForm.blank() if data is None else ExampleForm(data, request.FILES)
    here = reverse("assessments:evidence_use", args=[sheet.pk, found.pk])
    if data is not None:
        form.is_valid()
        stored = arrived(request, form, queries.EXAMPLE_KIND)
        form.settle(stored)
        if form.is_valid() and stored is not None:
            with refusals_in(form):
                verdicts.release_example(
                    use=found, stored=stored, by=request.membership, now=timezone.now()
                )
                messages.success(request, _("Other units see this copy at the question now."))
                return redirect(here)
    context: dict[str, Any] = {
        "form": form,
        "heading": _("Release as an example"),
        "lead": f"{found.item.code} · {found.evidence.title}",
        "note": _(
            "All units of your government see the copy at this question, without your unit's name."
        ),
        "back": here,
        "breadcrumbs": worksheet_crumbs(sheet, (found.evidence.title, here), (_("Example"), "")),
    }
    return render(request, "assessments/assessing/form.html", context)
