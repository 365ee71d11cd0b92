"""What if a question were answered differently: the same scorer, and nothing is written."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments import scoring
from assessments.forms.improvements import WhatIfBox, what_if_boxes
from assessments.permissions import plans_improvements
from assessments.queries import planning as queries, worksheet_pages as pages
from assessments.views.improvements import choice_of, gate_pairs
from assessments.views.worksheets import head_of, worksheet_crumbs, worksheet_or_404
from opd.http import PortalRequest, screen


@dataclass(frozen=True)
class Compared:
    """Two verdicts side by side."""

    verdict_before: scoring.Verdict
    verdict_after: scoring.Verdict


@screen(plans_improvements)
@require_safe
def worksheet_what_if(request: PortalRequest, pk: int) -> HttpResponse:
    """Answers in the address, never saved; an empty box means: as it stands."""
    sheet = worksheet_or_404(request, pk)
    if sheet.instrument.is_history:
        raise Http404
    instrument = sheet.instrument.instrument
    choice = choice_of(request, sheet, request.membership)
    answers = queries.answers_by(sheet, choice.base)
    boxes = what_if_boxes(instrument.questions.values(), answers, request.GET.dict())
    tried = {box.question.code: box.tried for box in boxes if box.tried is not None}
    before = scoring.score(instrument.tree, answers)
    after = scoring.score(instrument.tree, {**answers, **tried})
    verdicts = Compared(
        *(scoring.verdict(instrument.tree, row, choice.wanted.predicate) for row in (before, after))
    )
    groups = [
        (reading, gate_pairs(instrument, verdicts, reading.code)) for reading in instrument.readings
    ]
    context = {
        **head_of(sheet, pages.scores(sheet, request.membership)),
        "choice": choice,
        "areas": _areas(instrument, boxes, before, after),
        "groups": groups,
        "before": before.total,
        "after": after.total,
        "difference": after.total.value - before.total.value,
        "tried": len(tried),
        "wrong": [box for box in boxes if box.error],
        "breadcrumbs": worksheet_crumbs(sheet, (_("What if"), "")),
    }
    status = 422 if context["wrong"] else 200
    return render(request, "assessments/improvements/what_if.html", context, status=status)


def _areas(
    instrument: Any, boxes: list[WhatIfBox], before: scoring.Sheet, after: scoring.Sheet
) -> list[dict[str, Any]]:
    parts: dict[str, list[dict[str, Any]]] = {}
    for box in boxes:
        code, worth = box.question.code, box.question.worth
        row = {
            "box": box,
            "before": worth * (before.values[code].share or 0),
            "after": worth * (after.values[code].share or 0),
            "flag": after.values[code].flag if box.tried else "",
            "standing": queries.standing_words(box.question, box.given),
        }
        parts.setdefault(instrument.area_of(box.question.sub_aspect), []).append(row)
    return [
        {
            "code": code,
            "title": instrument.titles[code],
            "before": before.nodes[code],
            "after": after.nodes[code],
            "rows": rows,
            "is_open": any(row["box"].typed for row in rows),
        }
        for code, rows in parts.items()
    ]
