"""The charts of dashboards and reports; the same on screen and on paper."""

from decimal import Decimal

from django.utils.translation import gettext as _, pgettext

from assessments.enums import ZoneStage
from integrity_portal.core.charts import Bar, BarChart, Chart, StackedBarChart, StackedRow, Tone
from reports import wording
from reports.figures import Figures

# A chart is read, a table is looked up in: the table below has all units.
SHOWN = 12


def progress_chart(figures: Figures) -> Chart:
    rows = [unit for unit in figures.units if unit.stage][:SHOWN]
    return BarChart(
        title=_("Progress of the work plans, worst first"),
        bars=[
            Bar(unit.name, unit.percent, wording.tone_of(unit), wording.word_of(unit))
            for unit in rows
        ],
        label_header=_("Unit"),
        value_header=_("Confirmed progress"),
        unit="%",
        places=0,
        maximum=Decimal(100),
        sentence=_(
            "Units with overdue activities or complaints stand first; at most %(count)d are drawn."
        )
        % {"count": SHOWN},
    ).draw()


def stages_chart(figures: Figures) -> Chart:
    return BarChart(
        title=_("Integrity zones by stage"),
        bars=[
            # In the order of the road: JSON in the database keeps none.
            Bar(str(stage.label), Decimal(figures.stages.get(stage.value, 0)))
            for stage in ZoneStage
        ],
        label_header=_("Stage"),
        value_header=_("Units"),
        places=0,
        sentence=wording.coverage_sentence(figures),
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
    rows = sorted(
        (unit for unit in figures.units if unit.complaints_open),
        key=lambda unit: (-unit.complaints_late, -unit.complaints_open, unit.name),
    )[:SHOWN]
    return StackedBarChart(
        title=_("Open complaints by unit, most overdue first"),
        series=(pgettext("complaints", "Overdue"), pgettext("complaints", "Within time")),
        rows=[
            StackedRow(
                unit.name,
                [
                    Decimal(unit.complaints_late),
                    Decimal(unit.complaints_open - unit.complaints_late),
                ],
            )
            for unit in rows
        ],
        tones=(Tone.BAD, Tone.GOOD),
        label_header=_("Unit"),
        sentence=wording.complaints_sentence(figures),
    ).draw()
