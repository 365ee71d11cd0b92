"""Survey rounds: the list, all units of a quarter, one round with its result, its steps."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from assessments import survey_documents as papers, survey_tables as tables
from assessments.actions import surveys as actions
from assessments.actions.survey_papers import request_survey_paper
from assessments.enums import SurveyState
from assessments.models import SurveyRound
from assessments.permissions import (
    can_write_survey,
    reads_survey_comments,
    reads_surveys,
    writes_all_surveys,
    writes_surveys,
)
from assessments.queries import survey_overview, surveys as queries
from assessments.survey_drawings import trend_chart
from assessments.survey_instruments import surveys as instruments
from assessments.views.shared import crumbs
from integrity_portal.core.documents.engine import square_code
from integrity_portal.core.http import or_404, refuse
from opd.http import PortalRequest, screen
from opd.refusals import refusals_said
from opd.unit_csv import write_sheet

PER_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def survey_crumbs(*steps: tuple[Any, str]) -> list[dict[str, Any]]:
    here = reverse("assessments:surveys") if steps else ""
    return crumbs((_("Surveys"), here), *steps)


def round_crumbs(round: SurveyRound, *steps: tuple[Any, str]) -> list[dict[str, Any]]:
    here = reverse("assessments:survey_round", args=[round.pk]) if steps else ""
    period = queries.period_text(round.year, round.quarter)
    return survey_crumbs((f"{round.survey} {round.unit.label}, {period}", here), *steps)


def round_or_404(request: PortalRequest, pk: int) -> SurveyRound:
    return or_404(queries.round_of(request.membership, pk))


def writable_or_refused(request: PortalRequest, pk: int) -> SurveyRound:
    round = round_or_404(request, pk)
    if not can_write_survey(request.membership, round.unit):
        raise refuse(_("Only the unit itself and the ZI secretariat keep its surveys."))
    return round


@screen(reads_surveys)
@require_safe
def surveys(request: PortalRequest) -> HttpResponse:
    listed = _listed(request)
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    unit = request.membership.unit
    context = {
        "page_obj": page,
        "rows": queries.rows_of(page.object_list),
        "years": queries.years(request.membership),
        "codes": list(instruments().contents),
        "states": SurveyState.choices,
        "chosen": request.GET,
        "query": request.GET.urlencode(),
        "own_unit": unit if unit and can_write_survey(request.membership, unit) else None,
        "may_bulk": writes_all_surveys(request.membership),
        "breadcrumbs": survey_crumbs(),
    }
    return render(request, "assessments/surveys/list.html", context)


@screen(reads_surveys)
@require_safe
def surveys_csv(request: PortalRequest) -> HttpResponse:
    """What the list shows; no raw answers."""
    head, rows = tables.of_rounds(queries.rows_of(_listed(request)))
    return csv_answer(head, rows, "survei")


def _listed(request: PortalRequest) -> Any:
    asked = request.GET
    year = asked.get("year", "")
    return queries.listed(
        request.membership,
        survey=asked.get("survey", ""),
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        state=asked.get("state", ""),
    )


@screen(reads_surveys)
@require_safe
def surveys_overview(request: PortalRequest) -> HttpResponse:
    """All units that serve citizens, in one quarter: what there is and what is missing."""
    today = timezone.localdate()
    year, quarter = _period(request, today)
    lines = survey_overview.overview(request.membership, year, quarter, on=today)
    before = queries.quarter_before(year, quarter)
    after = (year, quarter + 1) if quarter < 4 else (year + 1, 1)
    context = {
        "lines": lines,
        "codes": list(instruments().contents),
        "year": year,
        "quarter": quarter,
        "period": queries.period_text(year, quarter),
        "before": before,
        "after": after,
        "before_text": queries.period_text(*before),
        "after_text": queries.period_text(*after),
        "lacking": sum(line.lacks for line in lines),
        "writable": {
            line.unit.pk for line in lines if can_write_survey(request.membership, line.unit)
        },
        "breadcrumbs": survey_crumbs((_("All units"), "")),
    }
    return render(request, "assessments/surveys/overview.html", context)


def _period(request: PortalRequest, today: Any) -> tuple[int, int]:
    """`?period=2026-3`, else the quarter that runs."""
    year, _dash, quarter = request.GET.get("period", "").partition("-")
    if len(year) == 4 and year.isascii() and year.isdigit() and quarter in ("1", "2", "3", "4"):
        return min(max(int(year), 2010), 2100), int(quarter)
    return today.year, (today.month + 2) // 3


@screen(reads_surveys)
@require_safe
def survey_round(request: PortalRequest, pk: int) -> HttpResponse:
    round = round_or_404(request, pk)
    page = queries.page_of(round)
    address = papers.address_of(round)
    writes = can_write_survey(request.membership, round.unit)
    context = {
        "round": round,
        "unit": round.unit,
        "page": page,
        "asked": round.asked,
        "today": timezone.localdate(),
        "address": address,
        "code": square_code(address),
        "may_write": writes,
        "may_read_comments": reads_survey_comments(request.membership, round.unit),
        "follow_ups": queries.follow_ups_of(round) if round.is_counted else [],
        "trend": _trend(round),
        "breadcrumbs": round_crumbs(round),
    }
    return render(request, "assessments/surveys/round.html", context)


def _trend(round: SurveyRound) -> Any:
    """None while there is only one point."""
    history = queries.history_of(round)
    if len(history) < 2:
        return None
    points = [
        (queries.short_period(each.year, each.quarter), queries.index_kept(each))
        for each in history
    ]
    return trend_chart(round.asked.index, points)


STEPS = {
    "open": (actions.open_round, gettext_lazy("The survey is open.")),
    "close": (actions.close_round, gettext_lazy("The survey is closed and counted.")),
    "publish": (actions.publish_round, gettext_lazy("The result is published.")),
}


@screen(writes_surveys)
@require_POST
def survey_step(request: PortalRequest, pk: int, name: str) -> HttpResponse:
    round = writable_or_refused(request, pk)
    if name not in STEPS:
        raise Http404
    step, said = STEPS[name]
    with refusals_said(request):
        step(round=round, by=request.membership, now=timezone.now())
        messages.success(request, said)
    return redirect("assessments:survey_round", pk=round.pk)


@screen(writes_surveys)
@require_POST
def survey_discard(request: PortalRequest, pk: int) -> HttpResponse:
    round = writable_or_refused(request, pk)
    with refusals_said(request):
        actions.discard_round(round=round, by=request.membership)
        messages.success(request, _("The draft is gone."))
        return redirect("assessments:surveys")
    return redirect("assessments:survey_round", pk=round.pk)


@screen(reads_surveys)
@require_safe
def survey_export(request: PortalRequest, pk: int, kind: str) -> HttpResponse:
    """The result as a table: groups that are hidden on the page are hidden here."""
    round = round_or_404(request, pk)
    if kind not in ("csv", "xlsx"):
        raise Http404
    page = queries.page_of(round)
    if page.result is None:
        raise Http404
    head, rows = tables.of_result(page)
    name = f"{round.survey.lower()}-{round.year}-{round.quarter}"
    if kind == "csv":
        return csv_answer(head, rows, name)
    return _download(tables.workbook(head, rows), f"{name}.xlsx", XLSX)


@screen(reads_surveys)
@require_POST
def survey_paper(request: PortalRequest, pk: int, kind: str) -> HttpResponse:
    """Ask for the report or a card as PDF."""
    round = round_or_404(request, pk)
    if kind not in papers.KINDS:
        raise Http404
    with refusals_said(request):
        document = request_survey_paper(
            round=round, kind=kind, by=request.membership, now=timezone.now()
        )
        return redirect("reports:document", document.pk)
    return redirect("assessments:survey_round", pk=round.pk)


def csv_answer(head: list[str], rows: list[list[str]], name: str) -> HttpResponse:
    return _download(write_sheet(head, rows), f"{name}.csv", "text/csv; charset=utf-8")


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response
