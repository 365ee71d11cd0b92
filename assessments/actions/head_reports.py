"""Ask for the figures of the head's report (LKPJ) as a PDF."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Plan
from assessments.permissions import reads_plan_figures
from assessments.queries.head_report import DOCUMENT_KIND
from assessments.queries.plan_exports import readable_plans
from integrity_portal.core.documents.actions import request_document
from integrity_portal.core.models import Document
from opd.models import Membership


@transaction.atomic
def request_head_report(
    *, plan: Plan, year: int, level: str, by: Membership, now: datetime
) -> Document:
    """Of one year, as the figures stand on this day; asking twice on a day is asking once."""
    if not reads_plan_figures(by) or not readable_plans(by, [plan.pk]):
        raise PermissionDenied(_("Your role does not include this document."))
    day = timezone.localdate(now)
    return request_document(
        kind=DOCUMENT_KIND,
        params={"plan": plan.pk, "year": year, "level": level, "on": day.isoformat()},
        title=_("Figures of the head's report %(year)s") % {"year": year},
        by=by,
        now=now,
        is_sample=plan.is_sample,
    )
