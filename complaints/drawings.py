"""The charts of complaints' figures; each stands beside the equal table."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from complaints.statistics import By, Group, Month
from integrity_portal.core.charts import Bar, BarChart, Chart, Line, LineChart

# A chart is read, a table is looked up in: the table has all of them.
DRAWN = 12


def title_of(by: By) -> str:
    return {
        By.UNIT: _("Answered in time by unit, the worst first"),
        By.CATEGORY: _("Answered in time by category, the worst first"),
        By.REGION: _("Answered in time by region, the worst first"),
        By.CHANNEL: _("Answered in time by channel, the worst first"),
        By.KIND: _("Answered in time by kind, the worst first"),
    }[by]


def share_chart(title: str, groups: Sequence[Group]) -> Chart | None:
    """Only groups with enough to judge; None while there are none."""
    judged = [group for group in groups if group.figures.share is not None]
    if not judged:
        return None
    said = _("The %(count)d weakest are drawn.") % {"count": DRAWN} if len(judged) > DRAWN else ""
    return BarChart(
        title=title,
        bars=[Bar(group.label, group.figures.share) for group in judged[:DRAWN]],
        label_header=_("Group"),
        value_header=_("Answered in time"),
        unit="%",
        places=0,
        maximum=Decimal(100),
        sentence=said,
    ).draw()


def trend_chart(months: Sequence[Month]) -> Chart:
    return LineChart(
        title=_("Answered in time by month of filing"),
        periods=[f"{month.first:%m/%y}" for month in months],
        lines=[Line(_("Answered in time"), [month.figures.share for month in months])],
        unit="%",
        places=0,
        period_header=_("Month"),
        sentence=_("Months with too few complaints are left as a gap."),
    ).draw()
