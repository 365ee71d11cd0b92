"""Between where and who: reports about the same thing, to follow instead of filing again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.actions.following import follow_complaint
from complaints.forms.filing_steps import FollowForm
from complaints.models import Complaint
from complaints.queries import followers
from complaints.queries.similar import similar_to
from complaints.views import drafts, visit
from complaints.views.drafts import Draft, url
from complaints.views.frame import page
from complaints.views.visit import DRAFT, RECEIPT
from integrity_portal.core.formatting import date_id
from opd.http import PortalRequest, public
from opd.transitions import StepRefused

SHOWN = 5


def found_for(request: PortalRequest, draft: Draft) -> list[Complaint]:
    answers = draft["answers"]
    if "story" not in answers:
        return []
    unit = drafts.unit_of(request, answers.get("unit"))
    region = drafts.unit_of(request, answers.get("region"))
    return similar_to(
        request.government.pk,
        answers["story"],
        unit.pk if unit else None,
        region.pk if region else None,
        timezone.localdate(),
        SHOWN,
        with_title=True,
    )


@public
@require_http_methods(["GET", "POST"])
def similar(request: PortalRequest, government_slug: str) -> HttpResponse:
    draft = drafts.read(request)
    if draft is None:
        return drafts.start_again(request)
    rows = found_for(request, draft)
    if not rows:
        return redirect(url(request, "step", 3))
    form = FollowForm(request.POST if request.method == "POST" else None, choices=_choices(rows))
    if request.method == "POST" and form.is_valid():
        chosen = next(row for row in rows if str(row.pk) == form.cleaned_data["report"])
        return _follow(request, draft, chosen, form.cleaned_data["notice"])
    context = {
        "form": form,
        "onward": url(request, "step", 3),
        "back": url(request, "step", 2),
        "with_script": True,
    }
    return page(request, "similar", "report", context)


def _choices(rows: list[Complaint]) -> list[tuple[str, str]]:
    return [
        (
            str(row.key),
            format_html(
                "{}<small>{} · {} · {} · {}</small>",
                row.title,
                row.kind,
                row.about or "–",
                date_id(row.filed_on),
                row.state,
            ),
        )
        for row in followers.offered(rows)
    ]


def _follow(request: PortalRequest, draft: Draft, chosen: Complaint, contact: str) -> HttpResponse:
    now = timezone.now()
    try:
        follower = follow_complaint(complaint=chosen, code=draft["code"], contact=contact, now=now)
    except StepRefused as refused:
        messages.warning(request, str(refused))
        return redirect(url(request, "step", 3))
    drafts.discard(request, draft)
    visit.keep(request, RECEIPT, {"follower": follower.pk, "code": draft["code"]}, now=now)
    visit.forget(request, DRAFT)
    messages.success(request, _("You follow this report now; your own was not sent."))
    return redirect(url(request, "receipt"))
