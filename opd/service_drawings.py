"""The charts of services, from what the queries found."""

from decimal import Decimal

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from integrity_portal.core.charts import Bar, BarChart, Chart, Line, LineChart
from opd.enums import VolumeChannel
from opd.queries.services import Overview, ServicePage


def volume_chart(page: ServicePage) -> Chart:
    """Applications of each month, a line for each way; a gap is a month without a number."""
    known = {(row.month, row.channel): row.count for row in page.volumes}

    def values(channel: str) -> list[Decimal | None]:
        counts = [known.get((month, channel)) for month in page.months]
        return [None if count is None else Decimal(count) for count in counts]

    lines = [Line(str(way.label), values(way.value)) for way in VolumeChannel]
    return LineChart(
        title=_("Applications per month"),
        periods=[format_date(month, "M Y") for month in page.months],
        lines=[line for line in lines if any(value is not None for value in line.values)],
        places=0,
        period_header=_("Month"),
    ).draw()


def units_chart(found: Overview) -> Chart | None:
    """Units by their share, the lowest first; units without numbers are not drawn."""
    rows = [(unit, unit.share.percent) for unit in found.units if unit.share.percent is not None]
    if not rows:
        return None
    rows.sort(key=lambda row: (row[1], row[0].unit.name))
    bars = [
        Bar(
            f"{unit.unit.label} ({_('sample')})" if unit.is_sample else unit.unit.label,
            share,
        )
        for unit, share in rows
    ]
    return BarChart(
        title=_("Share without face-to-face contact, last 12 months"),
        bars=bars,
        label_header=_("Unit"),
        value_header=_("Share"),
        unit="%",
        places=1,
        maximum=Decimal(100),
    ).draw()
