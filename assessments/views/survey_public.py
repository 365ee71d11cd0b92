"""Answering a survey without an account, and what everybody may read of surveys.

The address of a round is printed as a QR code: it stays for ever. Nothing is kept of who asks:
no address, no browser, no time finer than the day. Proofs make it safe; where a round lets
everybody in, answers without proof have a budget of their own, for the round and not by address.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from assessments.actions.survey_answers import AnswerRefused, RoundClosed, answer_survey
from assessments.enums import SurveyState
from assessments.forms.survey_public import SurveyForm
from assessments.models import SurveyRound
from assessments.queries import survey_overview as queries
from assessments.queries.surveys import page_of
from integrity_portal.core import ratelimit
from integrity_portal.core.http import or_404
from integrity_portal.core.middleware import cookieless
from integrity_portal.core.ratelimit import TooManyRequests
from opd.http import PortalRequest, posted, public
from opd.navigation import Link

WITHOUT_PROOF, WINDOW = 300, timedelta(hours=1)
FIVE_MINUTES = 300


@public
@cookieless
@require_safe
def survey_list(request: PortalRequest, government_slug: str) -> HttpResponse:
    """Published results of all units, and the surveys that anybody may answer today."""
    today = timezone.localdate()
    context = {
        "rows": queries.published(request.government),
        "open_rounds": queries.open_rounds(request.government, on=today),
        "today": today,
    }
    response = _page(request, "list", context)
    patch_cache_control(response, public=True, max_age=FIVE_MINUTES)
    return response


@public
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: PortalRequest, government_slug: str, public_id: str) -> HttpResponse:
    round = _round_or_404(request, public_id)
    today = timezone.localdate()
    if round.state == SurveyState.PUBLISHED:
        return _published(request, round)
    if not _is_open(round, today):
        return _page(request, "closed", {"round": round, "today": today})
    services = list(round.services.order_by("position", "pk"))
    form = SurveyForm(posted(request), round=round, survey=round.asked, services=services)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _limit(round, form)
            answer_survey(round=round, given=form.given(), today=today)
        except AnswerRefused as refusal:
            form.refuse(refusal.field, str(refusal))
        except RoundClosed:
            return _page(request, "closed", {"round": round, "today": today})
        except TooManyRequests as refusal:
            form.add_error(None, _busy(refusal))
            status = 429
        else:
            return redirect("survey_thanks", request.government.slug, public_id)
    return _page(request, "form", {"round": round, "form": form, "asked": form.survey}, status)


@public
@require_safe
def survey_thanks(request: PortalRequest, government_slug: str, public_id: str) -> HttpResponse:
    return _page(request, "thanks", {"round": _round_or_404(request, public_id)})


def _limit(round: SurveyRound, form: SurveyForm) -> None:
    if form.cleaned_data["proof"]:
        return
    now = timezone.now()
    ratelimit.hit("survey.open", str(round.pk), limit=WITHOUT_PROOF, window=WINDOW, now=now)


def _busy(refusal: TooManyRequests) -> str:
    minutes = int(refusal.retry_after.total_seconds()) // 60 + 1
    return _(
        "Very many answers arrive at this moment. Yours still stand below: send them again in "
        "%(minutes)d minutes, or type the code of your slip."
    ) % {"minutes": minutes}


def _is_open(round: SurveyRound, today: Any) -> bool:
    return round.state == SurveyState.OPEN and round.opens_on <= today <= round.closes_on


def _published(request: PortalRequest, round: SurveyRound) -> HttpResponse:
    return _page(request, "result", {"round": round, "page": page_of(round)})


def _round_or_404(request: PortalRequest, public_id: str) -> SurveyRound:
    return or_404(queries.public_round(request.government, public_id))


def _page(
    request: PortalRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    slug = request.government.slug
    here = reverse("survey_list", args=[slug])
    frame = {
        "public_home": reverse("government", args=[slug]),
        "public_navigation": [Link(pgettext("public menu", "Surveys"), here, name == "list")],
    }
    template = f"assessments/surveys/public/{name}.html"
    return render(request, template, {**frame, **context}, status=status)
