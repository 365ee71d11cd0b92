"""Figures of complaints for those who read them: page, print and CSV."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import drawings, office_hours
from complaints.documents import month_words
from complaints.forms.statistics import MONTHS_BACK, StatisticsForm, usual_start
from complaints.permissions import can_read_complaints, reads_monthly_report
from complaints.queries import statistics as queries
from complaints.queries.monthly import months_to_choose
from complaints.statistics import Figures
from complaints.views.external import way
from integrity_portal.core.formatting import number_id
from opd.enums import UnitKind
from opd.http import PortalRequest, screen
from opd.permissions import may_read_unit
from opd.unit_csv import write_sheet

REGIONS = (UnitKind.KECAMATAN, UnitKind.KELURAHAN)


@screen(can_read_complaints)
@require_safe
def statistics(request: PortalRequest) -> HttpResponse:
    form, found = _found(request)
    context = {
        "filter_form": form,
        "statistics": found,
        "months": [(month_words(month.first), month.figures) for month in found.months],
        "trend": drawings.trend_chart(found.months),
        "sections": [
            (
                by.value,
                drawings.title_of(by),
                drawings.share_chart(drawings.title_of(by), rows),
                rows,
            )
            for by, rows in found.groups.items()
        ],
        "hours": office_hours.current(),
        "query": request.GET.urlencode(),
        "reads_report": reads_monthly_report(request.membership),
        "breadcrumbs": way(_("Figures")),
    }
    return render(request, "complaints/statistics/page.html", context)


@screen(can_read_complaints)
@require_safe
def statistics_csv(request: PortalRequest) -> HttpResponse:
    """The same figures as rows: no text, no name, no number of a single complaint."""
    _form, found = _found(request)
    head = [
        _("Grouped by"),
        _("Group"),
        _("Filed from"),
        _("Filed until"),
        _("Received"),
        _("Answered"),
        _("Answered in time"),
        _("Open"),
        _("Overdue"),
        _("Percent in time"),
        _("Median working hours to the first words"),
        _("Referred or not taken up"),
        _("Reopened"),
    ]
    period = [found.asked.since.isoformat(), found.asked.until.isoformat()]
    rows = [[_("All"), "", *period, *_cells(found.total)]]
    rows += [
        ["month", f"{month.first:%Y-%m}", *period, *_cells(month.figures)] for month in found.months
    ]
    for by, groups in found.groups.items():
        rows += [[by.value, group.label, *period, *_cells(group.figures)] for group in groups]
    response = HttpResponse(write_sheet(head, rows), content_type="text/csv; charset=utf-8")
    name = f"pengaduan-{found.asked.since:%Y%m}-{found.asked.until:%Y%m}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _found(request: PortalRequest) -> tuple[StatisticsForm, queries.Statistics]:
    today, membership = timezone.localdate(), request.membership
    names = queries.names_of(membership.government_id)
    seen = [unit for unit in names.units.values() if may_read_unit(membership, unit)]
    seen.sort(key=lambda unit: unit.label.casefold())
    data: dict[str, Any] = {
        "since": f"{usual_start(today):%Y-%m}",
        "until": f"{today:%Y-%m}",
        **request.GET.dict(),
    }
    form = StatisticsForm(
        data,
        today=today,
        units=[(unit.pk, unit.label) for unit in seen],
        regions=[
            (unit.pk, unit.label)
            for unit in sorted(names.units.values(), key=lambda unit: unit.label.casefold())
            if unit.kind in REGIONS
        ],
        months=[
            (f"{month:%Y-%m}", month_words(month)) for month in months_to_choose(today, MONTHS_BACK)
        ],
    )
    return form, queries.statistics_for(membership, form.asked(), today, names)


def _cells(found: Figures) -> list[str]:
    too_few = _("too few")
    return [
        *(
            str(count)
            for count in (
                found.received, found.answered, found.in_time, found.open, found.overdue
            )
        ),
        too_few if found.share is None else number_id(found.share, 1),
        too_few if found.median is None else number_id(found.median, 1),
        str(found.elsewhere),
        str(found.reopened),
    ]  # fmt: skip
