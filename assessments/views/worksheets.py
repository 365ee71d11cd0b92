"""Work-sheets: the list, my tasks, opening one, its tree, one part with its questions, sharing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.actions import answers as actions, worksheets as opening
from assessments.actions.tpn_scores import record_reading
from assessments.areas import by_area
from assessments.editing import Conflict
from assessments.enums import Assessor
from assessments.forms.worksheets import AnswerForm, OpenForm, ShareForm
from assessments.models import Worksheet
from assessments.permissions import (
    answers_worksheets,
    opens_worksheets,
    plans_improvements,
    reads_worksheets,
    writes_plans,
)
from assessments.queries import worksheet_pages as pages, worksheet_tasks as tasks
from assessments.queries.evidence import proofs_of
from assessments.queries.worksheet_opening import sources_for, years_to_open
from assessments.queries.worksheet_queue import is_reviewer
from assessments.queries.worksheets import (
    item_of,
    newer_edition_for,
    sheet_of,
    sheets_of_zone,
    successor_of,
)
from assessments.queries.zones import zone_of
from assessments.templatetags.worksheets import key_of
from assessments.views.shared import crumbs
from integrity_portal.core.formatting import number_id
from integrity_portal.core.http import or_404, records_access, refuse
from opd.enums import Role
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in
from opd.transitions import StepRefused

AUTOSAVE = "x-portal-autosave"


def worksheet_or_404(request: PortalRequest, pk: int) -> Worksheet:
    return or_404(sheet_of(request.membership, pk))


def every_sheet() -> tuple[str, str]:
    """The first crumb of all pages of sheets."""
    return _("Work-sheets"), reverse("assessments:worksheets")


def worksheet_crumbs(sheet: Worksheet, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    here = reverse("assessments:worksheet", args=[sheet.pk]) if steps else ""
    return crumbs(every_sheet(), (f"{sheet.zone.unit.label} {sheet.year_text}", here), *steps)


def head_of(sheet: Worksheet, scores: Any) -> dict[str, Any]:
    """What stands at the head of every page of a sheet."""
    instrument = sheet.instrument.instrument
    return {
        "sheet": sheet,
        "unit": sheet.zone.unit,
        "instrument": instrument,
        "standings": pages.standings(scores),
        "total_weight": instrument.tree.total,
        "question_count": len(instrument.questions),
    }


@screen(reads_worksheets)
@require_safe
def worksheet_list(request: PortalRequest) -> HttpResponse:
    years = pages.years_of(request.membership)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
    if year is None and years and asked != "all":
        year = years[0]
    context = {
        "rows": pages.worksheet_list(request.membership, year),
        "years": years,
        "year": year,
        "may_answer": writes_plans(request.membership),
        "may_review": is_reviewer(request.membership),
        "breadcrumbs": crumbs((_("Work-sheets"), "")),
    }
    return render(request, "assessments/worksheets/list.html", context)


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
@require_http_methods(["GET", "HEAD", "POST"])
def zone_worksheets(request: PortalRequest, zone_pk: int) -> HttpResponse:
    """The sheets of one zone; whoever may opens one for a year, empty or from an earlier one."""
    zone = or_404(zone_of(request.membership, zone_pk))
    today, standing = timezone.localdate(), sheets_of_zone(request.membership, zone)
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
        "sheets": [
            (sheet, pages.Totals(**pages.scores(sheet, request.membership))) for sheet in standing
        ],
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
    context = {
        **head_of(sheet, scores),
        "branches": pages.tree_of(sheet, scores),
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
    return _part_page(request, sheet, part)


def _part_page(
    request: PortalRequest,
    sheet: Worksheet,
    part: str,
    *,
    bound: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
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
        "rows": [(row, _form_for(row, bound), proofs.get(row.item.pk, [])) for row in rows],
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


def _form_for(row: pages.QuestionRow, bound: AnswerForm | None) -> AnswerForm | None:
    """What was typed stays in the form that was refused."""
    if not row.mine:
        return None
    if bound is not None and bound.question.code == row.question.code:
        return bound
    return AnswerForm(question=row.question, assessor=row.mine, answer=row.answer)


@screen(answers_worksheets)
@require_POST
def worksheet_answer(request: PortalRequest, pk: int, code: str) -> HttpResponseBase:
    """Save one answer: by the button, or by itself while somebody types (then as JSON)."""
    item = or_404(item_of(request.membership, pk, code))
    sheet, by_itself = item.worksheet, AUTOSAVE in request.headers
    question = sheet.instrument.instrument.questions[code]
    shown = request.POST.get("side", "")
    side = pages.side_to_try(request.membership, sheet)
    if shown in Assessor.values:
        side = Assessor(shown)
    form = AnswerForm(request.POST, question=question, assessor=side)
    if not form.is_valid():
        return _answer_refused(request, sheet, form, by_itself)
    try:
        saved = actions.save_answer(
            item=item,
            assessor=side,
            said=form.said(),
            version=form.cleaned_data["version"],
            by=request.membership,
            now=timezone.now(),
        )
    except actions.AnswerRefused as refusal:
        form.refuse(refusal.field, str(refusal))
        return _answer_refused(request, sheet, form, by_itself)
    except StepRefused as refusal:
        form.add_error(None, str(refusal))
        return _answer_refused(request, sheet, form, by_itself, status=409)
    except PermissionDenied as refusal:
        return _refused(str(refusal), 403) if by_itself else _raise(str(refusal))
    except Conflict as conflict:
        return _conflict(request, sheet, form, conflict, by_itself)
    if by_itself:
        return _saved(saved, question.sub_aspect)
    messages.success(request, _("%(code)s is saved.") % {"code": code})
    page = reverse("assessments:worksheet_part", args=[sheet.pk, question.sub_aspect])
    return redirect(f"{page}#{code}")


def _raise(sentence: str) -> HttpResponseBase:
    raise refuse(sentence)


def _refused(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"sentence": sentence}, status=status)


def _saved(saved: actions.Saved, part: str) -> JsonResponse:
    """What the page puts into its places: the new version, the time, the totals."""
    node, total = saved.sheet.nodes[part], saved.sheet.total
    return JsonResponse(
        {
            "version": saved.answer.version,
            "sentence": _("Saved %(time)s")
            % {"time": time_format(timezone.localtime(saved.answer.changed_at), "H.i")},
            "part": number_id(node.value, 2),
            "total": number_id(total.value, 2),
            "points": number_id(node.weight and _points(saved), 2),
        }
    )


def _points(saved: actions.Saved) -> Any:
    question = saved.item.worksheet.instrument.instrument.questions[saved.item.code]
    return question.worth * (saved.sheet.values[saved.item.code].share or 0)


def _answer_refused(
    request: PortalRequest, sheet: Worksheet, form: AnswerForm, by_itself: bool, status: int = 422
) -> HttpResponseBase:
    if not by_itself:
        return _part_page(request, sheet, form.question.sub_aspect, bound=form, status=status)
    errors = [str(sentence) for rows in form.errors.values() for sentence in rows]
    return _refused(" ".join(errors), status)


def _conflict(
    request: PortalRequest, sheet: Worksheet, form: AnswerForm, conflict: Conflict, by_itself: bool
) -> HttpResponseBase:
    """Somebody saved something else meanwhile: both stand there, the person chooses."""
    if by_itself:
        sentence = _("Somebody else saved another answer here. Compare both, then choose.")
        return JsonResponse({"sentence": sentence, "conflict": True}, status=409)
    current = conflict.current
    form.overwrite_version(current.version)
    question = form.question
    part = reverse("assessments:worksheet_part", args=[sheet.pk, question.sub_aspect])
    context = {
        "sheet": sheet,
        "unit": sheet.zone.unit,
        "question": question,
        "form": form,
        "saved": current,
        "differing": pages.differing(question, current, form.said()),
        "part_url": f"{part}#{question.code}",
        "draft_key": key_of(request.user.pk, current.item_id, current.assessor),
        "breadcrumbs": worksheet_crumbs(sheet, (question.sub_aspect, part), (_("Two answers"), "")),
    }
    return render(request, "assessments/worksheets/conflict.html", context, status=409)


@screen(opens_worksheets)
@require_POST
def worksheet_confirm(request: PortalRequest, pk: int, code: str) -> HttpResponse:
    """Last year's answer still holds."""
    sheet = worksheet_or_404(request, pk)
    item = or_404(sheet.items.filter(code=code).first())
    opening.confirm_carried(item=item, by=request.membership)
    page = reverse("assessments:worksheet_part", args=[sheet.pk, item.sub_aspect])
    return redirect(f"{page}#{code}")


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
