"""The programme page: everything that concerns all units on their way, from one place."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.permissions import can_see_coverage
from opd.http import PortalRequest, screen
from opd.navigation import hub_links

HUB = "assessments:programme"


@screen(can_see_coverage)
@require_safe
def programme(request: PortalRequest) -> HttpResponse:
    links = hub_links(request.membership, HUB)
    return render(request, "assessments/programme.html", {"links": links})
