"""The charts of dashboards and reports; the same on screen and on paper."""

from decimal import Decimal

from django.utils.translation import gettext as _, pgettext

from assessments.enums import ZoneStage
from integrity_portal.core.charts import Bar, BarChart, Chart, StackedBarChart, StackedRow, Tone
from reports import presented, wording
from reports.figures import Figures

# A chart is read, a table is looked up in: the table below has all units.
SHOWN = 12


def progress_chart(figures: Figures) -> Chart:
    """By progress alone; units without anything to measure are named in the sentence."""
    rows = sorted(
        (unit for unit in figures.units if unit.percent is not None and unit.is_judged),
        key=lambda unit: (unit.percent, unit.name.casefold(), unit.unit_id),
    )
    said = [wording.without_progress(figures)]
    if len(rows) > SHOWN:
        said.insert(0, _("The %(count)d weakest are drawn.") % {"count": SHOWN})
    return BarChart(
        title=_("Progress of the work plans, the least first"),
        bars=[
            Bar(unit.name, unit.percent, wording.tone_of(unit), wording.word_of(unit))
            for unit in rows[:SHOWN]
        ],
        label_header=_("Unit"),
        value_header=_("Confirmed progress"),
        unit="%",
        places=0,
        maximum=Decimal(100),
        sentence=" ".join(filter(None, said)),
    ).draw()


def stages_chart(figures: Figures) -> Chart:
    bars = [
        # In the order of the road: JSON in the database keeps none.
        Bar(str(stage.label), Decimal(figures.stages.get(stage.value, 0)))
        for stage in ZoneStage
    ]
    if figures.without_zone:
        bars.append(Bar(_("Reached by an act, no open zone"), Decimal(figures.without_zone)))
    return BarChart(
        title=_("Stage of the zones at present: where each unit stands"),
        bars=bars,
        label_header=_("Present stage"),
        value_header=_("Units"),
        places=0,
        sentence=wording.stages_sentence(figures),
    ).draw()


def coverage_chart(figures: Figures) -> Chart:
    rest = max(figures.counted - figures.declared, 0)
    return StackedBarChart(
        title=_("Units that have declared"),
        series=(pgettext("units", "Declared"), pgettext("units", "Not yet")),
        rows=[StackedRow(_("All units"), [Decimal(figures.declared), Decimal(rest)])],
        tones=(Tone.GOOD, Tone.WARN),
        label_header=_("Units"),
        sentence=wording.pace_sentence(figures),
    ).draw()


def complaints_chart(figures: Figures) -> Chart:
    """The rows add up to all open complaints."""
    return StackedBarChart(
        title=_("Open complaints by unit, most overdue first"),
        series=(pgettext("complaints", "Overdue"), pgettext("complaints", "Within time")),
        rows=[
            StackedRow(row.name, [Decimal(row.late), Decimal(row.open - row.late)])
            for row in presented.complaint_rows(figures, SHOWN)
        ],
        tones=(Tone.BAD, Tone.GOOD),
        label_header=_("Unit"),
        sentence=wording.complaints_sentence(figures),
    ).draw()
