"""Review of a work-sheet: one question with its thread, the steps, agreeing in bulk, the result."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from assessments import scoring
from assessments.actions import answers, reviews, worksheet_items as item_actions
from assessments.actions.tpn_scores import record_reading
from assessments.enums import OPEN_MARKS, Assessor, Audience, ItemMark, WorksheetState
from assessments.forms.worksheets import AnswerForm, MessageForm, NoteForm
from assessments.models import Worksheet
from assessments.permissions import can_decide, may_assess, reads_surveys, reads_worksheets
from assessments.queries import worksheet_pages as pages, worksheet_reviews as queries
from assessments.queries.evidence import proofs_of
from assessments.queries.sheet_findings import tally_of
from assessments.queries.survey_proposals import proposal_for, proposals_of
from assessments.queries.tiers import is_turn_of, reviewers_of, tiers_by_sheet, turn
from assessments.queries.worksheet_checks import changed_since, checks
from assessments.queries.worksheet_question import question_page
from assessments.queries.worksheets import scored
from assessments.views.shared import said_above
from assessments.views.worksheets import head_of, worksheet_crumbs, worksheet_or_404
from assessments.workflow import WORKSHEET
from integrity_portal.core.http import or_404, records_access
from integrity_portal.core.workflow import Transition
from opd.enums import Role
from opd.http import PortalRequest, screen
from opd.refusals import refusals_in

MESSAGES: dict[str, tuple[Any, Any]] = {
    "message": (gettext_lazy("Write a message"), gettext_lazy("Send")),
    "return": (gettext_lazy("Return this question to the unit"), gettext_lazy("Return")),
    "unlock": (gettext_lazy("Unlock this question for the unit"), gettext_lazy("Unlock")),
    "repair": (gettext_lazy("Repaired: hand it back"), gettext_lazy("Hand back")),
}


# --- one question ---


@screen(reads_worksheets)
@records_access
@require_safe
def worksheet_question(request: PortalRequest, pk: int, code: str) -> HttpResponse:
    sheet = worksheet_or_404(request, pk)
    or_404(code if code in sheet.instrument.instrument.questions else None)
    record_reading(sheet=sheet, page=code, by=request.membership)
    return _question_page(request, sheet, code)


def _question_page(
    request: PortalRequest,
    sheet: Worksheet,
    code: str,
    *,
    bound: MessageForm | None = None,
    status: int = 200,
) -> HttpResponse:
    membership, today = request.membership, timezone.localdate()
    side = pages.side_that_writes(membership, sheet, today)
    page = or_404(question_page(sheet, code, side, membership))
    row = page.row
    held = queries.turn_of(membership, sheet, today)
    may_act = sheet.state != WorksheetState.SUBMITTED or is_turn_of(membership, sheet, today)
    names = _offered(side, sheet, row.item.mark, bool(held) and may_act)
    context = {
        **head_of(sheet, pages.scores(sheet, membership)),
        "row": row,
        "proofs": proofs_of([row.item], sheet, today).get(row.item.pk, []),
        "is_tpn": membership.role == Role.TPN_REVIEWER,
        "answer_form": AnswerForm(question=row.question, assessor=row.mine, answer=row.answer)
        if row.mine
        else None,
        "thread": page.messages,
        "past": page.past,
        "thread_forms": [
            bound
            if bound is not None and bound.name == name
            else _thread_form(sheet, code, name, side)
            for name in names
        ],
        "may_settle": bool(held) and may_act and row.item.mark != ItemMark.NONE,
        "before": page.before,
        "after": page.after,
        "survey": proposal_for(sheet, code) if reads_surveys(membership) else None,
        "side": side,
        "form": bound,
        "breadcrumbs": worksheet_crumbs(sheet, (code, "")),
    }
    return render(request, "assessments/worksheets/one_question.html", context, status=status)


def _offered(side: str, sheet: Worksheet, mark: str, is_assessor: bool) -> list[str]:
    """Which verbs of the thread this person has at this question."""
    names = ["message"]
    if is_assessor and sheet.state == WorksheetState.SUBMITTED:
        names.append("return")
    if is_assessor and mark not in OPEN_MARKS:
        names.append("unlock")
    if side == Assessor.UNIT and mark in OPEN_MARKS:
        names.append("repair")
    return names


def _thread_form(
    sheet: Worksheet, code: str, name: str, side: str, data: Any = None
) -> MessageForm:
    heading, submit = MESSAGES[name]
    form = MessageForm(
        data,
        action=reverse("assessments:worksheet_item_step", args=[sheet.pk, code, name]),
        submit=submit,
        may_hide=name == "message" and side == Assessor.TPI,
        prefix_id=f"{name}_",
    )
    form.heading, form.name = heading, name
    return form


@screen(reads_worksheets)
@require_POST
def worksheet_item_step(request: PortalRequest, pk: int, code: str, name: str) -> HttpResponse:
    """A message, a return, an unlocking, a repair, or the assessor's nod."""
    sheet = worksheet_or_404(request, pk)
    item = or_404(sheet.items.filter(code=code).first())
    here = redirect("assessments:worksheet_question", pk=sheet.pk, code=code)
    by, now = request.membership, timezone.now()
    if name == "settle":
        with said_above(request):
            item_actions.settle_item(item=item, by=by, now=now)
        return here
    if name not in MESSAGES:
        raise Http404
    side = pages.side_that_writes(by, sheet, timezone.localdate())
    form = _thread_form(sheet, code, name, side, request.POST)
    if form.is_valid():
        typed = {key: form.cleaned_data[key] for key in ("text", "form_key")}
        with refusals_in(form):
            if name == "message":
                audience = Audience(form.cleaned_data.get("audience") or Audience.EVERYBODY)
                item_actions.write_message(item=item, audience=audience, by=by, now=now, **typed)
            else:
                verb = getattr(item_actions, f"{name}_item")
                verb(item=item, by=by, now=now, **typed)
            return here
    return _question_page(request, sheet, code, bound=form, status=422)


# --- the sheet as a whole ---


@dataclass
class StepCard:
    """A step that is offered: its form, or what is missing first."""

    label: Any
    explained: Any
    missing: list[Any]
    form: NoteForm


@screen(reads_worksheets)
@records_access
@require_safe
def worksheet_review(request: PortalRequest, pk: int) -> HttpResponse:
    sheet = worksheet_or_404(request, pk)
    record_reading(sheet=sheet, page="review", by=request.membership)
    return _review_page(request, sheet)


def _review_page(
    request: PortalRequest, sheet: Worksheet, *, bound: NoteForm | None = None, status: int = 200
) -> HttpResponse:
    membership, today = request.membership, timezone.localdate()
    reviewers = reviewers_of([sheet], today)
    everybody = reviewers.held(sheet)
    held = tiers_by_sheet(membership, [sheet], reviewers)[sheet.pk]
    now_at = turn(sheet, everybody)
    my_turn = now_at and now_at in held
    weighed = queries.weighed([sheet])[sheet.pk] if my_turn else None
    tiers = queries.tier_rows(everybody)
    offered = _steps(request, sheet, held, [tier.code for tier in tiers if tier.is_held])
    changed = changed_since(sheet) if sheet.state != WorksheetState.DRAFT else []
    context = {
        **head_of(sheet, pages.scores(sheet, membership)),
        "tiers": tiers,
        "now_at": now_at,
        "changed": changed,
        "checked": tally_of(sheet, membership, today, changed),
        "steps": [_card(sheet, step, bound) for step in offered],
        "exceptions": weighed.exceptional if weighed else None,
        "agreeable": weighed.agreeable if weighed else [],
        "history": queries.way_of(sheet),
        "form": bound,
        "breadcrumbs": worksheet_crumbs(sheet, (_("Review"), "")),
    }
    return render(request, "assessments/worksheets/review.html", context, status=status)


def _steps(
    request: PortalRequest, sheet: Worksheet, held: set[str], everybody: list[str]
) -> list[Transition]:
    membership = request.membership
    found = queries.steps_for(membership, sheet, held, everybody)
    if sheet.zone.closed_on is None and can_decide(membership, sheet.zone.unit):
        heads = ("submit", "withdraw")
        offered = WORKSHEET.open_to(state=sheet.state, role=membership.role)
        found = [step for step in offered if step.name in heads] + found
    return found


def _card(sheet: Worksheet, step: Any, bound: NoteForm | None) -> StepCard:
    asked = checks()
    missing = [item for key in step.requires for item in asked[key](sheet)]
    form = bound if bound is not None and bound.name == step.name else _step_form(sheet, step)
    return StepCard(step.label, step.produces, missing, form)


def _step_form(sheet: Worksheet, step: Any, data: Any = None) -> NoteForm:
    form = NoteForm(
        data,
        submit=step.label,
        action=reverse("assessments:worksheet_step", args=[sheet.pk, step.name]),
        required=step.name in ("pass_down", "reopen"),
        silent=step.name in ("submit", "withdraw", "approve"),
        prefix_id=f"{step.name}_",
    )
    form.name = step.name
    return form


@screen(reads_worksheets)
@require_POST
def worksheet_step(request: PortalRequest, pk: int, name: str) -> HttpResponse:
    """Send, take back, pass on, give back, return, approve, open again."""
    sheet = worksheet_or_404(request, pk)
    try:
        step = WORKSHEET.get(name)
    except KeyError:
        raise Http404 from None
    form = _step_form(sheet, step, request.POST)
    if form.is_valid():
        note = form.cleaned_data.get("note", "")
        with refusals_in(form):
            _take(name, sheet=sheet, note=note, by=request.membership, now=timezone.now())
            messages.success(request, _("Done: %(step)s.") % {"step": step.label})
            return redirect("assessments:worksheet_review", pk=sheet.pk)
    return _review_page(request, sheet, bound=form, status=422)


def _take(name: str, *, note: str, **more: Any) -> None:
    if name == "submit":
        reviews.submit_worksheet(**more)
    elif name == "withdraw":
        reviews.withdraw_worksheet(**more)
    elif name == "approve":
        reviews.approve_worksheet(**more)
    elif name == "return":
        reviews.return_worksheet(note=note, **more)
    elif name == "reopen":
        reviews.reopen_worksheet(note=note, **more)
    else:
        reviews.pass_worksheet(up=name == "pass_up", note=note, **more)


@screen(may_assess)
@require_POST
def worksheet_agree(request: PortalRequest, pk: int) -> HttpResponse:
    """The TPI takes over the unit's answers to the questions that were listed."""
    sheet = worksheet_or_404(request, pk)
    items = list(sheet.items.filter(code__in=request.POST.getlist("codes")))
    with said_above(request):
        count = answers.agree(sheet=sheet, items=items, by=request.membership, now=timezone.now())
        messages.success(request, _("Answers agreed with: %(count)d.") % {"count": count})
    return redirect("assessments:worksheet_review", pk=sheet.pk)


# --- scores and gates ---


@dataclass(frozen=True)
class GateRow:
    title: str
    is_confirmed: bool
    passed: scoring.Passed


@dataclass(frozen=True)
class GateGroup:
    title: str
    rows: list[GateRow]

    @property
    def unmet(self) -> int:
        return sum(not row.passed.is_met for row in self.rows)


@screen(reads_worksheets)
@records_access
@require_safe
def worksheet_result(request: PortalRequest, pk: int) -> HttpResponse:
    """Every gate with its distance, for one assessor and target, under both readings."""
    sheet = worksheet_or_404(request, pk)
    record_reading(sheet=sheet, page="result", by=request.membership)
    instrument = sheet.instrument.instrument
    scores = pages.scores(sheet, request.membership)
    asked = request.GET.get("of", "")
    assessor = asked if asked in scores else Assessor.UNIT
    target = request.GET.get("target", "")
    if target not in ("wbk", "wbbm"):
        target = sheet.zone.target
    found = scoring.verdict(instrument.tree, scored(instrument, sheet, assessor), target)
    groups = [_group(_("Gates under every reading"), found.always, instrument)]
    groups += [
        _group(str(reading.text), found.readings[reading.code], instrument)
        for reading in instrument.readings
        if reading.code in found.readings
    ]
    context = {
        **head_of(sheet, scores),
        "assessor": assessor,
        "target": target,
        "groups": groups,
        "surveys": proposals_of(sheet) if reads_surveys(request.membership) else [],
        "is_provisional": assessor != Assessor.TPN,
        "breadcrumbs": worksheet_crumbs(sheet, (_("Scores and gates"), "")),
    }
    return render(request, "assessments/worksheets/result.html", context)


def _group(title: str, rows: tuple[scoring.Passed, ...], instrument: Any) -> GateGroup:
    return GateGroup(
        title,
        [
            GateRow(
                str(instrument.gate_titles[row.gate.code]),
                row.gate.code not in instrument.unconfirmed,
                row,
            )
            for row in rows
        ],
    )
