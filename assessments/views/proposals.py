"""The yearly proposal: its units, what is missing, sending; each attempt and its decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import outcomes, proposals as actions
from assessments.enums import ProposalState, ZoneStage
from assessments.forms.journey import (
    CandidatesForm,
    DayForm,
    DecisionForm,
    ProposalForm,
    WhyForm,
)
from assessments.models import Proposal, ZoneAttempt
from assessments.permissions import can_manage_acts, can_read_acts
from assessments.queries import attempts as queries
from assessments.queries.paper_exceptions import Proposed, records_of
from assessments.queries.papers import missing_papers_of_proposal
from assessments.requirement_sets import requirement_sets
from assessments.views.shared import crumbs, with_links
from opd.http import PortalRequest, posted, screen
from opd.permissions import sees_whole_government
from opd.refusals import refusal_text, refusals_in, refusals_said, say_refusal
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])
HEAR = 422


def _trail(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    return crumbs(
        (_("ZI programme"), reverse("assessments:programme")),
        (_("Proposals"), reverse("assessments:proposals")),
        *steps,
    )


@screen(sees_whole_government)
@require_safe
def proposal_list(request: PortalRequest) -> HttpResponse:
    context = {
        "rows": list(queries.proposals(request.membership)),
        "waiting": list(queries.reviewed_zones(request.membership.government_id)),
        "can_manage": can_manage_acts(request.membership),
        "breadcrumbs": crumbs(
            (_("ZI programme"), reverse("assessments:programme")), (_("Proposals"), "")
        ),
    }
    return render(request, "assessments/journey/proposals.html", context)


@screen(can_manage_acts)
@READ
def proposal_new(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    usual = queries.next_question("wbk", today, request.membership.government_id)
    years = range(today.year + 1, today.year - 2, -1)
    in_force = {rules.code: rules for year in years for rules in queries.rule_sets_for(year)}
    form = ProposalForm(
        posted(request),
        years=years,
        sets=[(code, str(rules.name)) for code, rules in in_force.items()],
        initial={"year": usual.year, "rule_set": usual.rules.code},
    )
    if form.is_valid():
        with refusals_in(form, "year"):
            row = actions.open_proposal(
                government_id=request.membership.government_id,
                year=int(form.cleaned_data["year"]),
                rule_set=form.cleaned_data["rule_set"],
                by=request.membership,
                now=timezone.now(),
            )
            return redirect("assessments:proposal", row.pk)
    heading = _("Prepare a proposal")
    context = {
        "form": form,
        "heading": heading,
        "back": reverse("assessments:proposals"),
        "breadcrumbs": _trail((heading, "")),
    }
    return render(request, "assessments/form.html", context, status=HEAR if form.errors else 200)


def _found(request: PortalRequest, pk: int) -> Proposal:
    row = queries.proposal_of(request.membership, pk)
    if row is None:
        raise Http404
    return row


@screen(sees_whole_government)
@require_safe
def proposal(request: PortalRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    return _page(request, row, _sending_form(request))


def _sending_form(request: PortalRequest) -> DayForm:
    return DayForm(
        posted(request),
        label=_("Sent on"),
        submit=_("Record as sent"),
        initial={"day": timezone.localdate()},
    )


def _page(request: PortalRequest, row: Proposal, form: DayForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    is_draft = row.state == ProposalState.DRAFT
    rows = queries.candidates(row) if is_draft else []
    asked = Proposed(row, rows, records_of(row, rows))
    judged = queries.judged_candidates(row, rows, today, asked.records) if rows else {}
    rules = requirement_sets()[row.rule_set]
    last_day = queries.last_day(row.government_id, rules, row.year)
    context = {
        "proposal": row,
        "rules": rules,
        "last_day": last_day,
        "is_late": today > last_day,
        "candidates": [
            (each, with_links(judged[each.zone_id].gaps), judged[each.zone_id].unmet)
            for each in rows
        ],
        "letters": with_links(missing_papers_of_proposal(row, queries.proceeding(judged), asked))
        if is_draft and rows
        else [],
        "attempts": [] if is_draft else queries.attempts_of(row),
        "form": form,
        "is_draft": is_draft,
        "can_manage": can_manage_acts(request.membership),
        "breadcrumbs": _trail((row.year_text, "")),
    }
    return render(request, "assessments/journey/proposal.html", context, status=status)


@screen(can_manage_acts)
@READ
def proposal_candidates(request: PortalRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    building = queries.possible_candidates(row)
    form = CandidatesForm(
        posted(request),
        choices=[
            (str(zone.pk), f"{zone.unit.name} ({zone.get_target_display()})") for zone in building
        ],
        initial={"zones": [str(each.zone_id) for each in queries.candidates(row)]},
    )
    here = reverse("assessments:proposal", args=[pk])
    if form.is_valid():
        with refusals_in(form, "zones"):
            actions.set_candidates(
                proposal=row,
                zone_ids=form.cleaned_data["zones"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("The units are saved."))
            return redirect(here)
    heading = _("Units of the proposal %(year)s") % {"year": row.year_text}
    context = {
        "form": form,
        "heading": heading,
        "lead": _("Only units that are building now can be proposed."),
        "wide": True,
        "back": here,
        "breadcrumbs": _trail((row.year_text, here), (_("Units"), "")),
    }
    return render(request, "assessments/form.html", context, status=HEAR if form.errors else 200)


@screen(can_manage_acts)
@require_POST
def proposal_send(request: PortalRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    form = _sending_form(request)
    if not form.is_valid():
        return _page(request, row, form, HEAR)
    try:
        actions.send_proposal(
            proposal=row,
            sent_on=form.cleaned_data["day"],
            by=request.membership,
            now=timezone.now(),
        )
    except StepRefused as refusal:
        form.add_error("day", refusal_text(refusal))
        return _page(request, row, form, HEAR)
    messages.success(request, _("The proposal is recorded as sent; its units are proposed."))
    return redirect("assessments:proposal", pk)


@screen(can_manage_acts)
@require_POST
def proposal_discard(request: PortalRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    try:
        actions.discard_proposal(proposal=row, by=request.membership, now=timezone.now())
    except StepRefused as refusal:
        say_refusal(request, refusal)
        return redirect("assessments:proposal", pk)
    messages.success(request, _("The proposal is discarded."))
    return redirect("assessments:proposals")


def _attempt(request: PortalRequest, pk: int) -> ZoneAttempt:
    row = queries.attempt_of(request.membership, pk)
    if row is None:
        raise Http404
    return row


@screen(can_read_acts)
@require_safe
def attempt(request: PortalRequest, pk: int) -> HttpResponse:
    return _attempt_page(request, _attempt(request, pk), None)


def _attempt_page(
    request: PortalRequest, row: ZoneAttempt, form: DecisionForm | None, status: int = 200
) -> HttpResponse:
    waits = row.outcome == "pending"
    manages = can_manage_acts(request.membership)
    stage = row.zone.stage
    if form is None and waits and manages:
        form = _decision_form(request, row)
    context = {
        "attempt": row,
        "findings": queries.said_findings(row),
        "form": form,
        "to_review": manages and waits and stage == ZoneStage.PROPOSED,
        "can_correct": manages
        and not waits
        and stage == ZoneStage.DECIDED
        and queries.is_newest(row),
        "sees_all": sees_whole_government(request.membership),
        "breadcrumbs": crumbs(
            (_("Zones"), reverse("assessments:zones")),
            (row.zone.unit.label, reverse("assessments:zone", args=[row.zone_id])),
            (_("Attempt %(number)s") % {"number": row.number}, ""),
        ),
    }
    return render(request, "assessments/journey/attempt.html", context, status=status)


def _decision_form(request: PortalRequest, row: ZoneAttempt) -> DecisionForm:
    in_review = row.zone.stage == ZoneStage.NATIONAL_REVIEW
    return DecisionForm(posted(request), in_review=in_review)


@screen(can_manage_acts)
@require_POST
def attempt_review(request: PortalRequest, pk: int) -> HttpResponse:
    row = _attempt(request, pk)
    with refusals_said(request):
        outcomes.start_review(zone=row.zone, by=request.membership, now=timezone.now())
        messages.success(request, _("The national review is recorded."))
    return redirect("assessments:attempt", pk)


@screen(can_manage_acts)
@require_POST
def attempt_decide(request: PortalRequest, pk: int) -> HttpResponse:
    row = _attempt(request, pk)
    form = _decision_form(request, row)
    if not form.is_valid():
        return _attempt_page(request, row, form, HEAR)
    try:
        outcomes.decide(
            attempt=row,
            decision=outcomes.Decision(**form.cleaned_data),
            by=request.membership,
            now=timezone.now(),
        )
    except StepRefused as refusal:
        form.add_error("decided_on", refusal_text(refusal))
        return _attempt_page(request, row, form, HEAR)
    messages.success(request, _("The decision is recorded."))
    return redirect("assessments:attempt", pk)


@screen(can_manage_acts)
@READ
def attempt_correct(request: PortalRequest, pk: int) -> HttpResponse:
    row = _attempt(request, pk)
    form = WhyForm(posted(request), submit=_("Take the decision back"))
    here = reverse("assessments:attempt", args=[pk])
    if form.is_valid():
        with refusals_in(form, "reason"):
            outcomes.correct_decision(
                attempt=row, by=request.membership, now=timezone.now(), **form.cleaned_data
            )
            messages.success(request, _("The attempt waits for its decision again."))
            return redirect(here)
    heading = _("Take a wrongly recorded decision back")
    context = {
        "form": form,
        "heading": heading,
        "lead": row.zone.unit.name,
        "back": here,
        "breadcrumbs": _trail((row.zone.unit.label, here), (heading, "")),
    }
    return render(request, "assessments/form.html", context, status=HEAR if form.errors else 200)
