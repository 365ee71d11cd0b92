"""The cheapest way through the gates, the unit's estimates for it, and its way into the work plan."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from assessments import scoring
from assessments.actions import improvements as actions
from assessments.cheapest import UnableToPlan
from assessments.enums import Assessor
from assessments.forms.improvements import TakeForm, effort_boxes, read_efforts, to_try
from assessments.improvement import Improvement, Level, Plan, Wanted, plan
from assessments.improvement_rules import improvement_rules
from assessments.instrument import Instrument, QuestionText
from assessments.models import Worksheet
from assessments.permissions import plans_improvements, writes_improvements
from assessments.queries import planning as queries, worksheet_pages as pages
from assessments.queries.reviewers import writes_for_unit
from assessments.scoring import Passed, ScaleKind
from assessments.views.plan_conditions import (
    condition_rows,
    open_rows,
    surveys_of,
    that_may_rise,
)
from assessments.views.worksheets import head_of, worksheet_crumbs, worksheet_or_404
from integrity_portal.core.formatting import percent_id
from integrity_portal.core.http import refuse
from opd.http import PortalRequest, posted, screen
from opd.refusals import refusals_in

READ = require_http_methods(["GET", "HEAD", "POST"])
TITLE = 200


@dataclass(frozen=True)
class Choice:
    """What somebody asked the page for: from whose answers, to which gates, by which reading."""

    base: str
    bases: list[str]
    wanted: Wanted

    @property
    def query(self) -> str:
        kept = "".join(f"&keep={code}" for code in sorted(self.wanted.fixed))
        return f"of={self.base}&target={self.wanted.predicate}&reading={self.wanted.reading}{kept}"


def choice_of(request: HttpRequest, sheet: Worksheet, membership: Any) -> Choice:
    """What is unknown falls back to the usual."""
    instrument = sheet.instrument.instrument
    bases = queries.bases_of(sheet, membership)
    asked = request.GET
    base = asked.get("of", "")
    target = asked.get("target", "")
    readings = [row.code for row in instrument.readings]
    reading = asked.get("reading", "")
    surveys = {row.code for row in surveys_of(instrument)}
    wanted = Wanted(
        target if target in ("wbk", "wbbm") else sheet.zone.target,
        reading if reading in readings else instrument.default_reading,
        frozenset(surveys.intersection(asked.getlist("keep"))),
    )
    return Choice(base if base in bases else str(Assessor.UNIT), bases, wanted)


@screen(plans_improvements)
@READ
def worksheet_plan(request: PortalRequest, pk: int) -> HttpResponse:
    sheet = _fillable_or_404(request, pk)
    choice = choice_of(request, sheet, request.membership)
    answers = queries.answers_by(sheet, choice.base)
    sums = scoring.score(sheet.instrument.instrument.tree, answers)
    found = _planned(sheet, sums, choice.wanted)
    may_write = writes_for_unit(request.membership, sheet)
    form = TakeForm(posted(request), year=sheet.year)
    if request.method == "POST":
        if not may_write:
            raise refuse(_("Only the operator and the head of the unit write its work plan."))
        if found is not None and form.is_valid():
            with refusals_in(form):
                return _take(request, sheet, found, form)
    context = {
        **head_of(sheet, pages.scores(sheet, request.membership)),
        **_told(sheet, found, sums, choice, answers),
        "choice": choice,
        "surveys": that_may_rise(sheet.instrument.instrument, sums, improvement_rules()),
        "may_write": may_write,
        "form": form,
        "ticked": set(request.POST.getlist("code")) if request.method == "POST" else None,
        "breadcrumbs": worksheet_crumbs(sheet, (_("Cheapest way through the gates"), "")),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/improvements/plan.html", context, status=status)


def _planned(sheet: Worksheet, sums: scoring.Sheet, wanted: Wanted) -> Plan | None:
    tree, efforts = sheet.instrument.instrument.tree, queries.efforts_of(sheet)
    try:
        return plan(tree, sums.values, efforts, wanted, improvement_rules())
    except UnableToPlan:
        return None


def _told(
    sheet: Worksheet,
    found: Plan | None,
    sums: scoring.Sheet,
    choice: Choice,
    answers: dict[str, scoring.Given],
) -> dict[str, Any]:
    """The plan as the page tells it."""
    instrument, rules = sheet.instrument.instrument, improvement_rules()
    rows = _rows(instrument, found, sums)
    known = queries.known_activities(sheet, {row.code: row.goal for row in rows})
    gates = gate_pairs(instrument, found, choice.wanted.reading) if found else []
    return {
        "plan": found,
        "areas": _by_area(instrument, rows, known),
        "gates": gates,
        "met": sum(row.after.is_met for row in gates),
        "conditions": condition_rows(instrument, found, rules) if found else [],
        "open": open_rows(instrument, found, rules) if found else [],
        "to_try": _to_try(instrument, rows, found, answers),
        "defaults": sum(row.improvement.is_default for row in rows),
        "rules": rules,
    }


def _fillable_or_404(request: PortalRequest, pk: int) -> Worksheet:
    """History by area totals has nothing to plan."""
    sheet = worksheet_or_404(request, pk)
    if sheet.instrument.is_history:
        raise Http404
    return sheet


@dataclass(frozen=True)
class Row:
    """An improvement as the page shows it."""

    question: QuestionText
    improvement: Improvement
    before: str
    goal: str
    goal_text: str

    @property
    def code(self) -> str:
        return self.question.code


def _rows(instrument: Instrument, found: Plan | None, sums: scoring.Sheet) -> list[Row]:
    rows = []
    for improvement in found.improvements if found else ():
        question = instrument.questions[improvement.code]
        answered = sums.values[improvement.code].share is not None
        text = next((o.text for o in question.options if o.code == improvement.after.option), "")
        rows.append(
            Row(
                question,
                improvement,
                level_words(question, improvement.before) if answered else _("not answered"),
                level_words(question, improvement.after),
                str(text),
            )
        )
    return rows


def _to_try(
    instrument: Instrument, rows: list[Row], found: Plan | None, answers: dict[str, scoring.Given]
) -> str:
    """The plan with its conditions as typed into what-if, as the end of its address."""
    typed: dict[str, str] = {}
    for row in rows:
        after = row.improvement.after
        given = answers.get(row.code, scoring.Given())
        typed |= to_try(row.question, after.share, after.option, given)
    for survey in found.conditions if found else ():
        question = instrument.questions[survey.code]
        typed |= to_try(question, survey.share, "", scoring.Given())
    return urlencode(typed)


def level_words(question: QuestionText, level: Level) -> str:
    if question.scale.kind is ScaleKind.OPTIONS:
        return level.option
    return percent_id(level.share * 100, 0)


@dataclass(frozen=True)
class Area:
    title: str
    rows: list[tuple[Row, Any]]

    @property
    def points(self) -> Decimal:
        return sum((row.improvement.points for row, _known in self.rows), Decimal(0))

    @property
    def days(self) -> int:
        return sum(row.improvement.days for row, _known in self.rows)


def _by_area(instrument: Instrument, rows: list[Row], known: dict[str, Any]) -> list[Area]:
    areas: dict[str, Area] = {}
    for row in rows:
        code = instrument.area_of(row.question.sub_aspect)
        area = areas.setdefault(code, Area(f"{code} {instrument.titles[code]}", []))
        area.rows.append((row, known.get(row.code)))
    return list(areas.values())


@dataclass(frozen=True)
class GatePair:
    """A gate as it stands, and as it stands afterwards."""

    title: str
    before: Passed
    after: Passed


def gate_pairs(instrument: Instrument, found: Any, reading: str) -> list[GatePair]:
    def rows(verdict: scoring.Verdict) -> tuple[Passed, ...]:
        return (*verdict.always, *verdict.readings.get(reading, ()))

    pairs = zip(rows(found.verdict_before), rows(found.verdict_after), strict=True)
    return [GatePair(str(instrument.gate_titles[old.gate.code]), old, new) for old, new in pairs]


def _take(request: PortalRequest, sheet: Worksheet, found: Plan, form: TakeForm) -> HttpResponse:
    instrument = sheet.instrument.instrument
    ticked = set(request.POST.getlist("code"))
    rules = improvement_rules()
    wishes = [
        actions.Wish(
            row.code,
            row.goal,
            rules.area_of(row.code),
            _activity_title(row),
            row.goal_text or str(row.question.text),
        )
        for row in _rows(instrument, found, found.before)
        if row.code in ticked
    ]
    taken = actions.take_into_plan(
        sheet=sheet,
        wishes=wishes,
        due_on=form.cleaned_data["due_on"],
        responsible=form.cleaned_data["responsible"],
        by=request.membership,
        now=timezone.now(),
    )
    said = ngettext(
        "%(count)d activity was added to the work plan.",
        "%(count)d activities were added to the work plan.",
        taken.added,
    ) % {"count": taken.added}
    if taken.known:
        there = ngettext(
            "%(count)d stood there already.", "%(count)d stood there already.", taken.known
        )
        said = f"{said} {there % {'count': taken.known}}"
    messages.success(request, said)
    return redirect("assessments:workplan", pk=taken.plan.pk)


def _activity_title(row: Row) -> str:
    """What an activity is called: the question and the level that it is to reach."""
    title = _("LKE %(code)s to %(goal)s: %(question)s") % {
        "code": row.code,
        "goal": row.goal,
        "question": row.question.text,
    }
    return title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"


@screen(writes_improvements)
@READ
def worksheet_effort(request: PortalRequest, pk: int) -> HttpResponse:
    """The unit's own estimates: one table for each area, saved row by row."""
    sheet = _fillable_or_404(request, pk)
    if not writes_for_unit(request.membership, sheet):
        raise refuse(_("Only the operator and the head of the unit estimate its effort."))
    instrument, rules = sheet.instrument.instrument, improvement_rules()
    asked = [row for row in instrument.questions.values() if row.scale.kind in rules.days]
    boxes = effort_boxes(asked, queries.efforts_of(sheet), rules.days)
    if request.method == "POST":
        rows = read_efforts(boxes, request.POST)
        saved = actions.set_efforts(sheet=sheet, rows=rows, by=request.membership)
        for box in boxes:
            if box.question.code in saved.conflicts:
                box.standing = saved.conflicts[box.question.code]
                box.error = _("Somebody else saved %(days)s meanwhile. Save again to write yours.")
                box.error %= {"days": _("nothing") if box.standing is None else box.standing}
        if saved.changed:
            said = ngettext(
                "%(count)d estimate is saved.", "%(count)d estimates are saved.", saved.changed
            )
            messages.success(request, said % {"count": saved.changed})
        wrong = [box for box in boxes if box.error]
        if not wrong:
            return redirect("assessments:worksheet_effort", pk=pk)
    parts: dict[str, list[Any]] = {}
    for box in boxes:
        parts.setdefault(instrument.area_of(box.question.sub_aspect), []).append(box)
    context = {
        **head_of(sheet, pages.scores(sheet, request.membership)),
        "areas": [(code, instrument.titles[code], rows) for code, rows in parts.items()],
        "rules": rules,
        "wrong": [box for box in boxes if box.error],
        "breadcrumbs": worksheet_crumbs(
            sheet,
            (_("Cheapest way through the gates"), reverse("assessments:worksheet_plan", args=[pk])),
            (_("Effort"), ""),
        ),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "assessments/improvements/effort.html", context, status=status)
