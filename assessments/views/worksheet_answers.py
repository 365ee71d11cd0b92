"""Answering a question of a work-sheet: by the button, by itself, and when it is refused."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.actions import answers as actions, worksheets as opening
from assessments.editing import Conflict
from assessments.enums import Assessor
from assessments.forms.worksheets import AnswerForm
from assessments.instrument import QuestionText
from assessments.models import Worksheet
from assessments.permissions import answers_worksheets, opens_worksheets
from assessments.queries import worksheet_pages as pages
from assessments.queries.worksheets import item_of
from assessments.templatetags.worksheets import key_of
from assessments.views.worksheets import part_page, worksheet_crumbs, worksheet_or_404
from integrity_portal.core.formatting import number_id
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, screen
from opd.transitions import StepRefused

AUTOSAVE = "x-portal-autosave"


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
        form.add_error(None, str(refusal))
        return _answer_refused(request, sheet, form, by_itself, status=403)
    except Conflict as conflict:
        return _conflict(request, sheet, form, conflict, by_itself)
    if by_itself:
        return _saved(saved, question)
    messages.success(request, _("%(code)s is saved.") % {"code": code})
    page = reverse("assessments:worksheet_part", args=[sheet.pk, question.sub_aspect])
    return redirect(f"{page}#{code}")


def _refused(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"sentence": sentence}, status=status)


def _saved(saved: actions.Saved, question: QuestionText) -> JsonResponse:
    """What the page puts into its places: the new version, the time, points and totals."""
    value, total = saved.sheet.values[question.code], saved.sheet.total
    words = {"time": time_format(timezone.localtime(saved.answer.changed_at), "H.i")}
    sentence = _("Saved %(time)s") % words
    if pages.lacks_counts(saved.answer, value):
        sentence = _("Saved %(time)s; a count is missing, so it is not answered yet.") % words
    return JsonResponse(
        {
            "version": saved.answer.version,
            "sentence": sentence,
            "points": number_id(question.worth * (value.share or 0), 2),
            "part": number_id(saved.sheet.nodes[question.sub_aspect].value, 2),
            "total": number_id(total.value, 2),
        }
    )


def _answer_refused(
    request: PortalRequest, sheet: Worksheet, form: AnswerForm, by_itself: bool, status: int = 422
) -> HttpResponseBase:
    if not by_itself:
        return part_page(request, sheet, form.question.sub_aspect, bound=form, status=status)
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
