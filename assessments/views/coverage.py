"""How far "all units" has come."""

from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from assessments.permissions import can_see_coverage
from assessments.queries.coverage import Coverage, coverage as read_coverage
from integrity_portal.core import charts
from integrity_portal.core.charts import Tone
from integrity_portal.core.formatting import partial_date
from integrity_portal.core.partial_dates import PartialDate, Precision
from opd.http import PortalRequest, screen


@screen(can_see_coverage)
@require_GET
def coverage(request: PortalRequest) -> HttpResponse:
    today = timezone.localdate()
    numbers = read_coverage(request.government, today)
    target = request.government.zone_target_year
    finish = numbers.forecast.finish
    return render(
        request,
        "assessments/coverage.html",
        {
            "numbers": numbers,
            "target_year": target,
            "finish": partial_date(PartialDate(finish, Precision.MONTH)) if finish else "",
            "is_late": numbers.forecast.is_late(target),
            "chart": _by_kind(numbers).draw(),
            "breadcrumbs": [],
        },
    )


def _by_kind(numbers: Coverage) -> charts.StackedBarChart:
    return charts.StackedBarChart(
        title=_("Units by kind, the smallest share first"),
        series=[_("Declared"), _("Named or awarded, not yet declared"), _("Committed")],
        tones=[Tone.GOOD, Tone.WARN, Tone.NONE],
        rows=[
            charts.StackedRow(
                row.label,
                [Decimal(n) for n in (row.declared, row.named + row.holders, row.waiting)],
            )
            for row in numbers.kinds
        ],
        label_header=_("Kind of unit"),
        unit=_("units"),
    )
