"""The live page of a unit, to which the QR codes of the pocket books lead.

The codes are printed: the address `/<government>/kinerja/<public id>` stays for ever.
"""

from dataclasses import dataclass

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.booklets import ROMAN, aim_text, figure_text
from assessments.enums import Shape
from assessments.permissions import reads_plan_figures
from assessments.queries import unit_performance as queries
from assessments.queries.booklet_pages import counts_until
from assessments.queries.plan_board import Reached
from assessments.series import Period
from integrity_portal.core.formatting import percent_id
from integrity_portal.core.http import or_404, refuse
from integrity_portal.core.middleware import cookieless
from opd.http import PortalRequest, public
from opd.models import Unit

FIVE_MINUTES = 300


@dataclass(frozen=True)
class Row:
    name: str
    is_iku: bool
    is_sample: bool
    target_is_sample: bool
    target: str
    realised: str
    # Up to which quarter the figure counts.
    verified: str
    tone: str
    word: str
    percent: str


@public
@cookieless
@require_safe
def unit_performance(request: PortalRequest, government_slug: str, public_id: str) -> HttpResponse:
    """Everybody, where the plan is public; else members of the government, on their own page."""
    unit = or_404(queries.unit_of_address(request.government, public_id))
    today = timezone.localdate()
    plan = queries.public_plan(request.government, on=today)
    if plan is None:
        return _for_members(request, unit)
    facts = queries.facts_of(plan, unit, on=today)
    context = {
        "facts": facts,
        "rows": [_row(each) for each in facts.rows],
        "period": period_words(facts.period),
        "today": today,
        "public_home": reverse("government", args=[request.government.slug]),
    }
    response = render(request, "assessments/rpjmd/booklets/unit_performance.html", context)
    patch_cache_control(response, public=True, max_age=FIVE_MINUTES)
    return response


def _for_members(request: PortalRequest, unit: Unit) -> HttpResponse:
    if not request.user.is_authenticated:
        answer: HttpResponse = redirect_to_login(request.get_full_path())
    elif any(
        office.government_id == unit.government_id and reads_plan_figures(office)
        for office in request.memberships
    ):
        answer = redirect(_own_page(unit))
    else:
        raise refuse(_("The figures of this unit are open to people of its government only."))
    add_never_cache_headers(answer)
    return answer


def _own_page(unit: Unit) -> str:
    try:
        return reverse("assessments:figures_of_unit", args=[unit.pk])
    except NoReverseMatch:
        return reverse("opd:unit", args=[unit.pk])


def _row(each: Reached) -> Row:
    indicator, band = each.indicator, each.band
    return Row(
        name=indicator.name,
        is_iku=indicator.is_iku,
        is_sample=indicator.is_sample,
        target_is_sample=bool(each.target and each.target.is_sample),
        target=_target(each),
        realised=_realised(each),
        verified=_verified(each),
        tone=band.tone.value if band else "info",
        word=str(band.name) if band else str(_("No verified figure yet")),
        percent=percent_id(each.achieved.percent) if band else "",
    )


def _target(each: Reached) -> str:
    aim = each.aim
    if aim is not None and not aim.is_empty and aim.shape is Shape.YES_NO:
        return _("Yes") if aim.low else _("No")
    return aim_text(aim, each.indicator.unit_of_measure)


def _realised(each: Reached) -> str:
    figure, shape = each.figure, each.indicator.shape
    if figure is not None and shape == Shape.YES_NO and figure.value is not None:
        return _("Yes") if figure.value else _("No")
    if figure is not None and shape == Shape.DATE and not figure.is_empty and not figure.done_on:
        return _("Not done yet")
    return figure_text(shape, figure, each.indicator.unit_of_measure)


def _verified(each: Reached) -> str:
    if each.figure is None or not each.figure.says_something:
        return ""
    quarter = counts_until(each.series, each.year, each.quarter)
    if not quarter:
        return _("verified for the whole year")
    return _("verified up to quarter %(quarter)s") % {"quarter": ROMAN[quarter]}


def period_words(period: Period) -> str:
    year, quarter = period
    if not quarter:
        return _("Year %(year)s") % {"year": year}
    return _("As of the end of quarter %(quarter)s %(year)s") % {
        "quarter": ROMAN[quarter],
        "year": year,
    }
