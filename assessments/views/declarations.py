"""The list of declarations, one act, its drafting pages and its steps."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import declarations as actions
from assessments.actions.piagam import request_piagam
from assessments.documents import piagam_shows
from assessments.enums import DeclarationState
from assessments.forms.declarations import DeclarationForm, LinesForm, UnitsForm
from assessments.guards import UnitsAbsent
from assessments.models import Declaration, DeclarationStep, Signatory
from assessments.permissions import can_manage_acts, can_read_acts, may_sign
from assessments.queries import declarations as queries
from assessments.views.shared import act_crumbs, crumbs, find_declaration
from assessments.workflow import DECLARATION
from integrity_portal.core.formatting import date_id
from integrity_portal.core.http import refuse, serve_file
from integrity_portal.core.jobs import JobState
from integrity_portal.core.workflow import Transition
from opd.http import PortalRequest, screen
from opd.models import Unit
from opd.refusals import refusals_said, say_refusal
from opd.transitions import StepRefused

READ = require_http_methods(["GET", "HEAD", "POST"])


@screen(can_read_acts)
@require_safe
def declaration_list(request: PortalRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    rows = queries.declaration_list(request.membership, state=state)
    today = timezone.localdate()
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    for row in page:
        signed = row.signed_count >= row.signatory_count  # type: ignore[attr-defined]
        row.late = row.is_late(today) and not signed  # type: ignore[attr-defined]
    return render(
        request,
        "assessments/declarations.html",
        {
            "page_obj": page,
            "state": state,
            "states": DeclarationState.choices,
            "awaited": list(queries.waiting_for(request.membership)),
            "can_manage": can_manage_acts(request.membership),
        },
    )


@screen(can_read_acts)
@require_safe
def declaration(request: PortalRequest, pk: int) -> HttpResponse:
    row = find_declaration(request, pk)
    today = timezone.localdate()
    manages = can_manage_acts(request.membership)
    signatories = list(row.signatories.all())
    steps = list(row.steps.select_related("membership").order_by("-happened_at", "-pk"))
    was_closed = any(step.name == "close" for step in steps)
    signed = [place for place in signatories if place.signature]
    mine = [s for s in signatories if may_sign(request.membership, s) and not s.signature]
    return render(
        request,
        "assessments/declaration.html",
        {
            "act": row,
            "signatories": signatories,
            "signed_count": len(signed),
            "all_signed": len(signed) == len(signatories),
            "units": list(row.units.all()),
            "pledges": list(row.pledges.all()),
            "lines": queries.attendees_of(row),
            "steps": steps,
            "former_texts": queries.former_texts(row) if _was_draft_again(steps) else [],
            "missing": _missing(row, today, signatories) if manages else [],
            "buttons": _buttons(row, request, was_closed=was_closed),
            "was_closed": was_closed,
            "was_signed": any(place.signatures.all() for place in signatories),
            "is_late": row.is_late(today) and len(signed) < len(signatories),
            "is_draft": row.state == DeclarationState.DRAFT,
            "is_open": row.state == DeclarationState.OPEN,
            "can_manage": manages,
            "can_edit": manages and row.state == DeclarationState.DRAFT,
            "can_sign": bool(mine) and row.state == DeclarationState.OPEN,
            "piagam": queries.piagam_state(row, piagam_shows(row)),
            "breadcrumbs": act_crumbs(row),
        },
    )


def _was_draft_again(steps: list[DeclarationStep]) -> bool:
    return any(step.name == "return_to_draft" for step in steps)


def _buttons(row: Declaration, request: PortalRequest, *, was_closed: bool) -> list[Transition]:
    """What was closed once is not discarded."""
    steps = DECLARATION.open_to(state=row.state, role=request.membership.role)
    return [step for step in steps if not (was_closed and step.name == "discard")]


def _missing(row: Declaration, today: date, signatories: list[Signatory]) -> list[Any]:
    if row.state == DeclarationState.DRAFT:
        return queries.missing_to_open(row)
    if row.state == DeclarationState.OPEN:
        return queries.missing_to_close(row, today, signatories)
    return []


@screen(can_manage_acts)
@READ
def declaration_new(request: PortalRequest) -> HttpResponse:
    form = DeclarationForm(request.POST or None, initial={"scope": "joint"})
    if request.method == "POST" and form.is_valid():
        facts = actions.DeclarationFacts(**form.facts())
        row = actions.create_declaration(facts=facts, by=request.membership)
        messages.success(request, _("The draft is saved. Choose the units next."))
        return redirect("assessments:declaration", row.pk)
    context = {
        "form": form,
        "heading": _("New declaration"),
        "breadcrumbs": crumbs(
            (_("Declarations"), reverse("assessments:declarations")), (_("New declaration"), "")
        ),
    }
    return render(request, "assessments/form.html", context)


def draft_of(request: PortalRequest, pk: int) -> Declaration:
    """The act for a drafting page; 403 with a sentence once it is being signed."""
    row = find_declaration(request, pk)
    if row.state != DeclarationState.DRAFT:
        raise refuse(_("This declaration is being signed or closed; only drafts are edited."))
    return row


@screen(can_manage_acts)
@READ
def declaration_edit(request: PortalRequest, pk: int) -> HttpResponse:
    row = draft_of(request, pk)
    form = DeclarationForm(request.POST or None, initial=DeclarationForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        facts = actions.DeclarationFacts(**form.facts())
        return _save(
            request,
            row,
            lambda: actions.edit_declaration(declaration=row, facts=facts, by=request.membership),
        )
    return _form(request, row, form, _("Facts of the declaration"))


@screen(can_manage_acts)
@READ
def declaration_units(request: PortalRequest, pk: int) -> HttpResponse:
    row = draft_of(request, pk)
    chosen = {"units": [str(unit.unit_id) for unit in row.units.all()]}
    choices = unit_choices(request)
    form = UnitsForm(
        request.POST if request.method == "POST" else None, initial=chosen, choices=choices
    )
    if request.method == "POST" and form.is_valid():
        ids = form.cleaned_data["units"]
        try:
            return _save(
                request,
                row,
                lambda: actions.choose_units(declaration=row, unit_ids=ids, by=request.membership),
            )
        except UnitsAbsent as refusal:
            form.add_error("units", str(refusal))
    return _form(request, row, form, _("Units that declare"), wide=True)


def unit_choices(request: PortalRequest) -> list[Any]:
    groups = queries.units_to_choose(request.membership)
    today = timezone.localdate()
    return [
        (label, [(str(unit.pk), _named(unit, today)) for unit in units]) for label, units in groups
    ]


def _named(unit: Unit, today: date) -> str:
    if unit.active_to is None:
        return unit.name
    if unit.is_closed(today):
        return _("%(name)s (closed)") % {"name": unit.name}
    return _("%(name)s (until %(day)s)") % {"name": unit.name, "day": date_id(unit.active_to)}


@screen(can_manage_acts)
@READ
def declaration_lines(request: PortalRequest, pk: int) -> HttpResponse:
    row = draft_of(request, pk)
    (_w, witnesses), (_p, present) = queries.attendees_of(row)
    lines = {"witnesses": witnesses, "present": present}
    pledges = [line.text for line in row.pledges.all()]
    form = LinesForm(
        request.POST if request.method == "POST" else None, initial={"pledges": pledges, **lines}
    )
    if request.method == "POST" and form.is_valid():
        return _save(
            request,
            row,
            lambda: actions.write_lines(
                declaration=row, by=request.membership, **form.cleaned_data
            ),
        )
    return _form(request, row, form, _("Pledges, witnesses and those present"))


def _save(request: PortalRequest, row: Declaration, act: Any) -> HttpResponse:
    """A refusal is said on the act's page; about units, the form says it with what was chosen."""
    try:
        act()
    except UnitsAbsent:
        raise
    except StepRefused as refusal:
        say_refusal(request, refusal)
    else:
        messages.success(request, _("Saved."))
    return redirect("assessments:declaration", row.pk)


def _form(
    request: PortalRequest, row: Declaration, form: Any, heading: Any, *, wide: bool = False
) -> HttpResponse:
    return render(
        request,
        "assessments/form.html",
        {
            "form": form,
            "heading": heading,
            "wide": wide,
            "act": row,
            "breadcrumbs": act_crumbs(row, heading),
        },
    )


@screen(can_manage_acts)
@require_POST
def declaration_step(request: PortalRequest, pk: int, name: str) -> HttpResponse:
    row = find_declaration(request, pk)
    said = {
        "open": _("The declaration is open for signing; its text is now fixed."),
        "return_to_draft": _("The declaration is a draft again."),
        "close": _("The declaration is closed. Its units are recorded as declared."),
        "discard": _("The draft is discarded."),
    }
    if name not in said:
        raise Http404
    with refusals_said(request):
        actions.take_step(declaration=row, name=name, by=request.membership, now=timezone.now())
        messages.success(request, said[name])
        if name == "discard":
            return redirect("assessments:declarations")
    return redirect("assessments:declaration", pk)


@screen(can_read_acts)
@READ
def piagam(request: PortalRequest, pk: int) -> HttpResponseBase:
    """GET: the PDF. POST: ask the workers for one, unless it already shows the present."""
    row = find_declaration(request, pk)
    if request.method != "POST":
        document = queries.piagam_state(row, piagam_shows(row)).document
        if document is None or document.file is None:
            raise Http404
        return serve_file(document.file)
    document = request_piagam(declaration=row, by=request.membership, now=timezone.now())
    if document.job_state == JobState.DONE:
        messages.success(
            request, _("The piagam is ready: nothing that it shows has changed since it was made.")
        )
    else:
        messages.success(request, _("The piagam is being made. Reload this page in a moment."))
    return redirect(reverse("assessments:declaration", args=[pk]) + "#paper")
