"""One indicator with everything that was promised, reported and changed: nine queries at most."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from assessments.achievement import Aim, Figure, valued
from assessments.achievement_bands import Band, bands
from assessments.achievement_words import NOTES
from assessments.enums import Consolidation, IndicatorKind, MeasurementState, PlanState
from assessments.figure_words import aim_text, figure_text, with_unit
from assessments.models import (
    Indicator,
    IndicatorText,
    Measurement,
    MeasurementStep,
    Plan,
    PlanDocument,
    PlanNode,
    PlanRevision,
    Target,
)
from assessments.permissions import keeps_rpjmd, may_measure
from assessments.plan_words import counts_text, field_words
from assessments.queries.performance import Known, aim_of, counting, figure_of, series_of
from assessments.queries.plan_board import Reached, reached
from assessments.queries.plan_comparisons import running_quarter
from assessments.queries.plan_lines import anchor_of, rests_on_sample, states_of
from assessments.series import QUARTERS, WHOLE_YEAR
from integrity_portal.core.charts import Tone
from integrity_portal.core.formatting import percent_id
from opd.models import Membership, Unit


def indicator_of(membership: Membership, pk: int) -> Indicator | None:
    """Of the own government; of a draft plan only for planners. Dropped ones can still be read."""
    rows = Indicator.objects.visible_to(membership).select_related(
        "node__plan__government", "unit", "duty", "since", "until"
    )
    row = rows.filter(pk=pk).first()
    if row is None or (row.node.plan.state == PlanState.DRAFT and not keeps_rpjmd(membership)):
        return None
    return row


@dataclass(frozen=True)
class PeriodRow:
    """A line of the table year × quarter; quarter 0 is the year as its quarters make it."""

    year: int
    quarter: int
    target: str
    target_is_sample: bool
    figure: str
    counts: str
    measurement: Measurement | None
    # Its figure enters the arithmetic.
    counted: bool
    percent: str
    band: Band | None
    notes: list[str]
    # The achievement rests on an example.
    percent_is_sample: bool
    # How far a report is that is not shown, and whether its quarters make the year.
    state: str
    is_made_of_quarters: bool

    @property
    def anchor(self) -> str:
        return anchor_of(self.year, self.quarter)

    @property
    def tone(self) -> Tone:
        return self.band.tone if self.band else Tone.NONE

    @property
    def is_year(self) -> bool:
        return self.quarter == WHOLE_YEAR


@dataclass(frozen=True)
class TargetChange:
    """A target that a revision changed: from what, to what; `before` is a dash for a new one."""

    revision: PlanRevision
    year: int
    quarter: int
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """Somebody did something with a figure, and this stood there."""

    row: MeasurementStep
    measurement: Measurement
    figure: str
    counts: str

    @property
    def state(self) -> str:
        return str(MeasurementState(self.row.to_state).label)


@dataclass(frozen=True)
class History:
    changes: list[TargetChange] = field(default_factory=list)
    texts: list[tuple[IndicatorText, list[tuple[str, str]]]] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class IndicatorPage:
    known: Known
    plan: Plan
    path: list[PlanNode]
    # Upwards the indicator that this one serves, downwards those that serve it.
    above: Indicator | None
    below: list[Indicator]
    documents: list[PlanDocument]
    years: list[tuple[PeriodRow, list[PeriodRow]]]
    history: History

    @property
    def row(self) -> Indicator:
        return self.known.indicator

    @property
    def is_money(self) -> bool:
        return self.row.kind == IndicatorKind.BUDGET


def indicator_page(row: Indicator, membership: Membership, *, on: date) -> IndicatorPage:
    targets = list(
        row.targets.select_related("revision").order_by("revision__number", "year", "quarter")
    )
    measurements = {(each.year, each.quarter): each for each in row.measurements.all()}
    counted = counting(targets)[row.pk]
    one = Known(row, series_of(row, counted, measurements), counted, measurements)
    plan = row.node.plan
    family = list(
        Indicator.objects.filter(Q(pk=row.supports_id) | Q(supports=row))
        .select_related("node", "unit")
        .order_by("node__code", "position", "pk")
    )
    nodes = {node.pk: node for node in PlanNode.objects.filter(pk__in=row.node.lineage)}
    return IndicatorPage(
        one,
        plan,
        [nodes[key] for key in row.node.lineage if key in nodes],
        next((each for each in family if each.pk == row.supports_id), None),
        [each for each in family if each.supports_id == row.pk and not each.until_id],
        list(row.documents.select_related("unit").order_by("kind", "year", "pk")),
        _years(one, plan, on, may_measure(membership, row.unit, row.government_id)),
        _history(one, targets),
    )


def _years(
    one: Known, plan: Plan, on: date, sees_drafts: bool
) -> list[tuple[PeriodRow, list[PeriodRow]]]:
    """Years of the plan, and earlier ones that have a figure. What is not sent yet is its unit's."""
    shown = {
        key: row
        for key, row in one.measurements.items()
        if sees_drafts or row.state not in (MeasurementState.DRAFT, MeasurementState.RETURNED)
    }
    years = sorted({*plan.all_years, *(year for year, _quarter in shown)})
    return [
        (
            _period(one, plan, on, shown, year, WHOLE_YEAR),
            [_period(one, plan, on, shown, year, quarter) for quarter in QUARTERS],
        )
        for year in years
    ]


def _period(
    one: Known,
    plan: Plan,
    on: date,
    shown: Mapping[tuple[int, int], Measurement],
    year: int,
    quarter: int,
) -> PeriodRow:
    row = one.indicator
    measurement = shown.get((year, quarter))
    counted = (year, quarter) in one.series.figures
    figure = one.series.figure(year, quarter)
    if measurement is not None and not counted:
        figure = figure_of(measurement)
    there = _reached(one, plan, on, year, quarter)
    target = one.targets.get((year, quarter))
    is_told = there is not None and figure is not None and (counted or quarter == WHOLE_YEAR)
    return PeriodRow(
        year,
        quarter,
        with_unit(row, aim_text(row, one.series.aim(year, quarter))),
        target is not None and target.is_sample,
        with_unit(row, figure_text(row, figure)),
        counts_text(figure),
        measurement,
        counted,
        percent_id(there.achieved.percent) if there else "",
        there.band if there else None,
        _notes(there, quarter) if there and is_told else [],
        there is not None and there.band is not None and rests_on_sample(there),
        states_of(one, year).get(quarter, ""),
        row.consolidation != Consolidation.MANUAL,
    )


def _reached(one: Known, plan: Plan, on: date, year: int, quarter: int) -> Reached | None:
    """Of a quarter only where it has a target of its own: else the year says it."""
    if quarter == WHOLE_YEAR:
        return reached(plan, one, year, running_quarter(year, on), on)
    if one.series.aim(year, quarter) is None:
        return None
    achieved = one.series.achieved(year, quarter, cap=plan.cap, on=on)
    band = bands(plan.bands).of(achieved.counted)
    aim, figure = one.series.aim(year, quarter), one.series.figure(year, quarter)
    return Reached(one, year, quarter, figure, aim, achieved, band, by_quarters=True)


def _notes(there: Reached, quarter: int) -> list[str]:
    said = [str(NOTES[note]) for note in there.achieved.notes]
    if quarter == WHOLE_YEAR and there.by_quarters:
        target = with_unit(there.indicator, aim_text(there.indicator, there.aim))
        so_far = _("So far, against the target up to quarter %(quarter)s: %(target)s.")
        said.insert(0, so_far % {"quarter": there.quarter, "target": target})
    return said


def _history(one: Known, targets: list[Target]) -> History:
    row = one.indicator
    return History(_changes(row, targets), _texts(row), _steps(one))


def _changes(row: Indicator, targets: list[Target]) -> list[TargetChange]:
    """Newest revision first; targets of the plan as enacted are no change."""
    standing: dict[tuple[int, int], Target] = {}
    found = []
    for target in targets:
        key = (target.year, target.quarter)
        if target.revision.number and target.revision.adopted_on is not None:
            before, after = _aim_words(row, standing.get(key)), _aim_words(row, target)
            if before != after:
                found.append(TargetChange(target.revision, *key, before, after))
        if target.revision.number == 0 or target.revision.adopted_on is not None:
            standing[key] = target
    return sorted(found, key=lambda each: (-each.revision.number, each.year, each.quarter))


def _aim_words(row: Indicator, target: Target | None) -> str:
    aim: Aim | None = aim_of(row, target) if target else None
    return with_unit(row, aim_text(row, aim))


def _texts(row: Indicator) -> list[tuple[IndicatorText, list[tuple[str, str]]]]:
    rows = list(
        row.former_texts.select_related("changed_by", "revision").order_by("-changed_at", "-pk")
    )
    keys = {each.texts["unit_id"] for each in rows if each.texts.get("unit_id")}
    units = Unit.objects.filter(pk__in=keys) if keys else []
    names = {str(unit.pk): unit.label for unit in units}
    return [
        (each, [_former(name, text, names) for name, text in each.texts.items()]) for each in rows
    ]


def _former(name: str, text: str, units: Mapping[str, str]) -> tuple[str, str]:
    if name == "unit_id":
        return field_words(name, units.get(text, ""))
    if name in ("duty_id", "supports_id") and text:
        return field_words(name, _("another one"))
    return field_words(name, text)


def _steps(one: Known) -> list[Step]:
    """Newest first: who did what with which figure, and what stood there."""
    row = one.indicator
    by_pk = {each.pk: each for each in one.measurements.values()}
    steps = MeasurementStep.objects.filter(subject__in=by_pk).select_related("membership")
    found = []
    for step in steps.order_by("-happened_at", "-pk"):
        figure = Figure(step.value, step.numerator, step.denominator, step.done_on)
        words = with_unit(row, figure_text(row, valued(figure, row.factor)))
        found.append(Step(step, by_pk[step.subject_id], words, counts_text(figure)))
    return found
