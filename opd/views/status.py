"""The IT team's page: what is up, what waits, what was given up."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from integrity_portal.core import health
from opd import permissions, status_parts
from opd.http import PortalRequest, screen
from opd.queries import status as queries


@require_safe
@screen(permissions.can_see_status)
def status(request: PortalRequest) -> HttpResponse:
    now = timezone.now()
    checks = health.check_all(now)
    context = {
        "checks": checks,
        "away": any(not check.ok for check in checks),
        "letters": queries.letters(now),
        "work": queries.background_work(now),
        "ledger": queries.ledger_state(),
        "parts": status_parts.parts(now),
        "now": now,
    }
    return render(request, "opd/status.html", context)
