"""One indicator: its fiche, its years, its history."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_safe

from assessments.achievement import Aim, Shape
from assessments.enums import MeasurementState
from assessments.figure_words import aim_text, number_text, value_text
from assessments.models import Indicator
from assessments.outlook import Look, drawn_value, plan_outlook, year_outlook
from assessments.permissions import reads_plan_figures
from assessments.plan_words import decimals
from assessments.queries.indicator_pages import IndicatorPage, indicator_of, indicator_page
from assessments.queries.plan_lines import base_text, states_of
from assessments.series import Series
from assessments.views.rpjmd import plan_context, plan_url, plans_url
from assessments.views.shared import crumbs
from integrity_portal.core.charts import Chart, Line, LineChart
from integrity_portal.core.http import or_404
from opd.http import PortalRequest, screen

STATE_TONES = {
    MeasurementState.DRAFT: "info",
    MeasurementState.SUBMITTED: "warn",
    MeasurementState.RETURNED: "bad",
    MeasurementState.VERIFIED: "good",
}


@screen(reads_plan_figures)
@require_safe
def indicator(request: PortalRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    row = or_404(indicator_of(request.membership, pk))
    page = indicator_page(row, request.membership, on=today)
    plan, series = page.plan, page.known.series
    last = plan.last_year
    at_the_end = _("At the end of the plan, %(year)s")
    if today.year > last:
        at_the_end = _("How the plan ended, %(year)s")
    looks = [
        (
            at_the_end % {"year": last},
            plan_outlook(series, last, on=today, unit=row.unit_of_measure),
        )
    ]
    if today.year in plan.all_years and today.year != last:
        looks.insert(
            0,
            (
                _("This year, %(year)s") % {"year": today.year},
                year_outlook(
                    series,
                    today.year,
                    on=today,
                    unit=row.unit_of_measure,
                    states=states_of(page.known, today.year),
                ),
            ),
        )
    return render(
        request,
        "assessments/rpjmd/indicator/page.html",
        {
            **plan_context(request, plan),
            "page": page,
            "row": row,
            "facts": facts(page),
            "chart": chart(page, today),
            "looks": [told(label, look, row.unit_of_measure) for label, look in looks],
            "tones": STATE_TONES,
            "this_year": today.year,
            "one_figure": _can_open("measurement"),
            "breadcrumbs": crumbs(
                (_("Plans"), plans_url()),
                (plan.title, plan_url(plan)),
                (row.code or _("Indicator"), ""),
            ),
        },
    )


def _can_open(name: str) -> bool:
    try:
        reverse(f"assessments:{name}", args=[1])
    except NoReverseMatch:
        return False
    return True


def told(label: str, look: Look, unit: str) -> dict[str, Any]:
    return {"label": label, "look": look, "sentence": look.sentence(unit)}


def facts(page: IndicatorPage) -> list[tuple[str, Any]]:
    """The fiche: what an empty line would hide is shown as a dash."""
    row = page.row
    rows = [
        (_("Definition"), row.definition),
        (_("Unit of measure"), row.unit_of_measure),
        (_("Direction"), row.get_direction_display()),
        (_("Kind of target"), row.get_shape_display()),
        (_("Quarters become a year by"), row.get_consolidation_display()),
        (_("Formula"), row.formula),
    ]
    if row.is_ratio:
        ratio = f"{number_text(row.factor)} × {row.numerator_label} / {row.denominator_label}"
        rows.append((_("Reckoned as"), ratio))
    return [
        *rows,
        (_("Source of the data"), row.source),
        (_("Responsible unit"), row.unit.name if row.unit else _("No unit answers for it yet.")),
        (_("Responsible officer"), row.responsible),
        (_("Duty"), row.duty.text if row.duty else ""),
        (_("Base (kondisi awal)"), base_text(row)),
    ]


def chart(page: IndicatorPage, today: date) -> Chart | None:
    """Targets and figures over the years; yes/no and days have no line."""
    row, series = page.row, page.known.series
    if row.shape not in (Shape.VALUE, Shape.RANGE):
        return None
    years = [year.year for year, _quarters in page.years]
    if row.base_year is not None and row.base_year < years[0]:
        years = [row.base_year, *years]
    values = [drawn_value(series, year, today) for year in years]
    aims = [series.aim(year) for year in years]
    return LineChart(
        title=_("Target and figure over the years"),
        periods=[str(year) for year in years],
        lines=[
            Line(pgettext("indicator", "Figure"), values),
            Line(
                _("Target") if row.shape == Shape.VALUE else _("Lower bound"),
                [_low(aim) for aim in aims],
            ),
            *(
                [Line(_("Upper bound"), [aim.high if aim else None for aim in aims])]
                if row.shape == Shape.RANGE
                else []
            ),
        ],
        unit=row.unit_of_measure if len(row.unit_of_measure) <= 6 else "",
        places=_places([*values, *(_low(aim) for aim in aims)]),
        from_zero=False,
        period_header=_("Year"),
        sentence=_sentence(row, series, years),
    ).draw()


def _low(aim: Aim | None) -> Any:
    return aim.low if aim else None


def _places(values: list[Any]) -> int:
    return min(3, max((decimals(value) for value in values if value is not None), default=0))


def _sentence(row: Indicator, series: Series, years: list[int]) -> str:
    known = [year for year in years if series.figure(year) is not None]
    if not known:
        return _("Nothing was verified yet.")
    newest = known[-1]
    return _("Newest figure: %(figure)s in %(year)s; target %(target)s.") % {
        "figure": value_text(row, series.value(newest)),
        "year": newest,
        "target": aim_text(row, series.aim(newest)),
    }
