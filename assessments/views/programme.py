"""The programme page: everything that concerns all units on their way, from one place."""

from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assessments.permissions import can_see_coverage
from opd.http import PortalRequest, screen
from opd.navigation import hub_links

HUB = "assessments:programme"
# By the tens of the entries' order.
SECTIONS: dict[int, Any] = {
    0: _("This year"),
    1: _("Who goes, and when"),
    2: _("On the road to the predicate"),
    3: _("What citizens get"),
}


@screen(can_see_coverage)
@require_safe
def programme(request: PortalRequest) -> HttpResponse:
    links = hub_links(request.membership, HUB)
    sections = [
        (SECTIONS[ten], list(each)) for ten, each in groupby(links, lambda link: link.order // 10)
    ]
    return render(request, "assessments/programme.html", {"sections": sections})
