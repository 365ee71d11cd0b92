"""The public page that says whether a printed or forwarded document is genuine."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from integrity_portal.core.documents import queries, registry
from opd.http import PortalRequest, public
from opd.queries.governments import government_by_id


@public
@require_safe
def verify(request: PortalRequest, public_id: str) -> HttpResponse:
    """A confidential document shows only that it is genuine, whether it is void, its day and its
    SHA-256."""
    document = queries.finished(public_id)
    if document is None:
        return render(request, "reports/verify.html", {"document": None}, status=404)
    kind = registry.find(document.kind)
    context: dict[str, object] = {"document": document, "government": None}
    if kind is not None:
        context["void_since"] = kind.void_since(document)
    zone = "Asia/Jakarta"
    if kind is not None and not kind.is_confidential:
        government = government_by_id(document.government_id)
        context |= {"government": government, "kind": kind}
        zone = government.time_zone if government else zone
    timezone.activate(ZoneInfo(zone))
    return render(request, "reports/verify.html", context)
