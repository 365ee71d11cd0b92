"""Work-sheets: the list, my tasks, opening one, its tree, one part with its questions, sharing."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions import worksheets as opening
from assessments.actions.tpn_scores import record_reading
from assessments.areas import by_area
from assessments.enums import Assessor
from assessments.forms.worksheets import AnswerForm, MessageForm, OpenForm, ShareForm
from assessments.models import Worksheet
from assessments.permissions import (
    answers_worksheets,
    opens_worksheets,
    plans_improvements,
    reads_worksheets,
    writes_plans,
)
from assessments.queries import (
    worksheet_lists as lists,
    worksheet_pages as pages,
    worksheet_tasks as tasks,
)
from assessments.queries.evidence import proofs_of
from assessments.queries.worksheet_changes import touched_since_approval
from assessments.queries.worksheet_opening import sources_for, years_to_open
from assessments.queries.worksheet_queue import is_reviewer
from assessments.queries.worksheets import (
    carried_in,
    newer_edition_for,
    sheet_of,
    sheets_of_zone,
    successor_of,
)
from assessments.queries.zones import zone_of
from assessments.views.shared import crumbs
from integrity_portal.core.http import or_404, records_access, refuse
from opd.enums import Role
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in


def worksheet_or_404(request: PortalRequest, pk: int) -> Worksheet:
    return or_404(sheet_of(request.membership, pk))


def every_sheet() -> tuple[str, str]:
    """The first crumb of all pages of sheets."""
    return _("Work-sheets"), reverse("assessments:worksheets")


def worksheet_crumbs(sheet: Worksheet, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    here = reverse("assessments:worksheet", args=[sheet.pk]) if steps else ""
    return crumbs(every_sheet(), (f"{sheet.zone.unit.label} {sheet.year_text}", here), *steps)


def head_of(sheet: Worksheet, scores: Any, *, carried: int | None = None) -> dict[str, Any]:
    """What stands at the head of every page of a sheet. `touched` is only asked for where the page
    does not name the changes since the approval itself."""
    instrument = sheet.instrument.instrument
    carried = carried_in(sheet) if carried is None else carried
    return {
        "sheet": sheet,
        "unit": sheet.zone.unit,
        "instrument": instrument,
        "standings": pages.standings(scores, carried),
        "touched": partial(_touched, sheet),
        "total_weight": instrument.tree.total,
        "question_count": len(instrument.questions),
    }


def _touched(sheet: Worksheet) -> int:
    return touched_since_approval([sheet]).get(sheet.pk, 0)


@screen(reads_worksheets)
@records_access
@require_safe
def worksheet_list(request: PortalRequest) -> HttpResponse:
    years = lists.years_of(request.membership)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
    if year is None and years and asked != "all":
        year = years[0]
    rows = lists.worksheet_list(request.membership, year)
    _record_list(request, [row.sheet for row in rows])
    states, state = lists.states_of(rows), request.GET.get("state", "")
    if state not in {each.state for each in states}:
        state = ""
    context = {
        "rows": [row for row in rows if state in ("", row.sheet.state)],
        "states": states,
        "state": state,
        "returned": tasks.returned_sheets(request.membership),
        "years": years,
        "year": year,
        "may_answer": writes_plans(request.membership),
        "may_review": is_reviewer(request.membership),
        "breadcrumbs": crumbs((_("Work-sheets"), "")),
    }
    return render(request, "assessments/worksheets/list.html", context)


def _record_list(request: PortalRequest, sheets: list[Worksheet]) -> None:
    """The scores that a reviewer of the ministry sees in a list are read as well."""
    for sheet in sheets:
        record_reading(sheet=sheet, page="list", by=request.membership)


@screen(answers_worksheets)
@require_safe
def worksheet_tasks(request: PortalRequest) -> HttpResponse:
    """Questions that this person was asked to answer, soonest first."""
    context = {
        "tasks": tasks.my_tasks(request.membership, timezone.localdate()),
        "breadcrumbs": crumbs(every_sheet(), (_("My tasks"), "")),
    }
    return render(request, "assessments/worksheets/tasks.html", context)


@screen(reads_worksheets)
@records_access
@require_http_methods(["GET", "HEAD", "POST"])
def zone_worksheets(request: PortalRequest, zone_pk: int) -> HttpResponse:
    """The sheets of one zone; whoever may opens one for a year, empty or from an earlier one."""
    zone = or_404(zone_of(request.membership, zone_pk))
    today, standing = timezone.localdate(), sheets_of_zone(request.membership, zone)
    _record_list(request, standing)
    may_open = opens_worksheets(request.membership) and zone.closed_on is None
    if request.method == "POST" and not may_open:
        raise refuse(_("Only the unit itself or the ZI secretariat opens its sheet."))
    years = years_to_open(zone, today) if may_open else []
    sources = {str(each.pk): each for each in sources_for(request.membership, zone)}
    form = OpenForm(posted(request), years=years, sources=sources.values(), zone=zone)
    if form.is_valid():
        source = sources.get(form.cleaned_data.get("carry", ""))
        with refusals_in(form):
            sheet = opening.open_worksheet(
                zone=zone,
                year=int(form.cleaned_data["year"]),
                edition=next(
                    each.edition for each in years if each.year == int(form.cleaned_data["year"])
                ),
                by=request.membership,
                now=timezone.now(),
                copied_from=source,
            )
            messages.success(request, _("The work-sheet is open."))
            return redirect("assessments:worksheet", pk=sheet.pk)
    context = {
        "form": form if may_open and years else None,
        "is_empty": may_open and not years,
        "zone": zone,
        "sheets": [(sheet, lists.totals_of(sheet, request.membership)) for sheet in standing],
        "breadcrumbs": crumbs(every_sheet(), (zone.unit.label, "")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessments/worksheets/of_zone.html", context, status=status)


@screen(reads_worksheets)
@records_access
@require_safe
def worksheet(request: PortalRequest, pk: int) -> HttpResponse:
    """The task list: the tree with what is done, the points at stake, every assessor's score."""
    sheet = worksheet_or_404(request, pk)
    record_reading(sheet=sheet, page="tree", by=request.membership)
    scores = pages.scores(sheet, request.membership)
    side = pages.side_that_writes(request.membership, sheet, timezone.localdate())
    branches = pages.tree_of(sheet, scores)
    to_do = pages.only_to_do(branches, side, sheet.state)
    is_short = request.GET.get("only") == "todo"
    context = {
        **head_of(sheet, scores, carried=pages.carried_of(branches)),
        "branches": to_do if is_short else branches,
        "is_short": is_short,
        "parts_to_do": sum(row.is_part for row in to_do),
        "side": side,
        "may_share": side == Assessor.UNIT,
        "plans": plans_improvements(request.membership),
        "newer": newer_edition_for(sheet) if opens_worksheets(request.membership) else None,
        "successor": successor_of(sheet),
        "breadcrumbs": worksheet_crumbs(sheet),
    }
    return render(request, "assessments/worksheets/sheet.html", context)


@screen(reads_worksheets)
@records_access
@require_safe
def worksheet_part(request: PortalRequest, pk: int, part: str) -> HttpResponse:
    """One sub-aspect: its questions, each with a form of its own for whoever answers."""
    sheet = worksheet_or_404(request, pk)
    or_404(part if part in sheet.instrument.instrument.sub_aspects else None)
    record_reading(sheet=sheet, page=part, by=request.membership)
    return part_page(request, sheet, part)


def part_page(
    request: PortalRequest,
    sheet: Worksheet,
    part: str,
    *,
    bound: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """`bound`: a form that was refused; what was typed stays in it, or beside a closed question."""
    instrument = sheet.instrument.instrument
    or_404(part if part in instrument.sub_aspects else None)
    membership = request.membership
    side = pages.side_that_writes(membership, sheet, timezone.localdate())
    codes = [question.code for question in instrument.questions_of(part)]
    rows = pages.rows_of(sheet, instrument, codes, side, membership)
    scores = pages.scores(sheet, membership)
    proofs = proofs_of([row.item for row in rows], sheet, timezone.localdate())
    place = instrument.sub_aspects.index(part)
    around = [
        *instrument.sub_aspects[max(0, place - 1) : place],
        "",
        *instrument.sub_aspects[place + 1 : place + 2],
    ]
    context = {
        **head_of(sheet, scores),
        "part": part,
        "part_title": instrument.titles[part],
        "area_title": instrument.titles[instrument.area_of(part)],
        "weight": instrument.tree.nodes[part].weight,
        "reached": Decimal(scores[side].nodes.get(part, "0")) if side in scores else None,
        "cards": [_card(row, sheet, bound, proofs.get(row.item.pk, [])) for row in rows],
        "is_tpn": membership.role == Role.TPN_REVIEWER,
        "side": side,
        "before": around[0],
        "after": around[-1],
        "place": place + 1,
        "places": len(instrument.sub_aspects),
        "form": bound,
        "breadcrumbs": worksheet_crumbs(sheet, (f"{part} {instrument.titles[part]}", "")),
    }
    return render(request, "assessments/worksheets/part.html", context, status=status)


@dataclass(frozen=True)
class QuestionCard:
    """A question on the page of its part. `typed`: what was refused because it is closed now."""

    row: pages.QuestionRow
    answer_form: AnswerForm | None
    typed: list[tuple[str, str]]
    repair_form: MessageForm | None
    proofs: list[Any]


def _card(
    row: pages.QuestionRow, sheet: Worksheet, bound: AnswerForm | None, proofs: list[Any]
) -> QuestionCard:
    refused = bound if bound is not None and bound.question.code == row.question.code else None
    form, typed = None, []
    if row.mine:
        form = refused or AnswerForm(question=row.question, assessor=row.mine, answer=row.answer)
    elif refused is not None:
        typed = refused.typed()
    return QuestionCard(row, form, typed, _repair_form(row, sheet), proofs)


def _repair_form(row: pages.QuestionRow, sheet: Worksheet) -> MessageForm | None:
    """Hands a returned question back, with a sentence that can stay as it stands."""
    if not row.may_hand_back:
        return None
    form = MessageForm(
        action=reverse(
            "assessments:worksheet_item_step", args=[sheet.pk, row.question.code, "repair"]
        ),
        submit=_("Hand back"),
        prefix_id=f"repair_{row.question.code}_",
    )
    form.initial["text"] = _("Repaired.")
    form.fields["text"].label = _("What was repaired")
    form.fields["text"].help_text = _("Save the answer first, then hand it back.")
    return form


@screen(opens_worksheets)
@require_http_methods(["GET", "HEAD", "POST"])
def worksheet_share(request: PortalRequest, pk: int) -> HttpResponse:
    """Who answers which parts or questions until when."""
    sheet = worksheet_or_404(request, pk)
    today = timezone.localdate()
    if pages.side_that_writes(request.membership, sheet, today) != Assessor.UNIT:
        raise refuse(_("Only the operator and the head of the unit share out its sheet."))
    instrument = sheet.instrument.instrument
    people = tasks.people_to_ask(sheet, today)
    form = ShareForm(
        posted(request),
        codes=[*instrument.sub_aspects, *instrument.questions],
        people=[(str(row.pk), f"{row.user.name}, {row.title}") for row in people],
    )
    if form.is_valid():
        chosen = set(form.cleaned_data["parts"])
        codes = [q.code for q in instrument.questions.values() if chosen & {q.code, q.sub_aspect}]
        asked = form.cleaned_data["assignee"]
        with refusals_in(form):
            count = opening.assign_items(
                sheet=sheet,
                codes=codes,
                assignee=next((row for row in people if str(row.pk) == asked), None),
                due_on=form.cleaned_data["due_on"],
                by=request.membership,
                now=timezone.now(),
            )
            messages.success(request, _("Questions shared out: %(count)d.") % {"count": count})
            return redirect("assessments:worksheet_share", pk=sheet.pk)
    context = {
        "sheet": sheet,
        "unit": sheet.zone.unit,
        "form": form,
        "areas": [
            (area, tasks.names_in(area.rows))
            for area in by_area(tasks.shares_of(sheet), lambda row: row.part, instrument.titles)
        ],
        "chosen": form["parts"].value() or [],
        "breadcrumbs": worksheet_crumbs(sheet, (_("Share out"), "")),
    }
    status = 422 if form.is_bound else 200
    return render(request, "assessments/worksheets/share.html", context, status=status)
