"""Rounds of choosing pilots: list, one round with its placements, what the portal can offer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from assessments.enums import PAST_PREPARATION, PilotRoundState
from assessments.factor_sets import FactorSet, FactorText, factor_sets
from assessments.models import (
    ChosenUnit,
    PilotCandidate,
    PilotDecision,
    PilotRound,
    PilotScore,
)
from assessments.pilots import Placement, place_units
from assessments.queries.coverage import coverage
from assessments.queries.preparation import done_steps
from assessments.reasons import reason
from integrity_portal.core.formatting import number_id
from opd.enums import FactKey, ServiceChannel
from opd.models import Government, Membership, Service, ServiceVolume, StandingFact, Unit

DECISIONS = Prefetch(
    "decisions",
    PilotDecision.objects.order_by("-number")
    .select_related("recorded_by")
    .prefetch_related(
        Prefetch("units", ChosenUnit.objects.order_by("position").select_related("unit"))
    ),
)


def round_list(membership: Membership) -> QuerySet[PilotRound]:
    """Of the government, the newest first; discarded ones last."""
    rows = PilotRound.objects.filter(government_id=membership.government_id)
    return (
        rows.annotate(
            candidate_count=Count("candidates", distinct=True),
            discarded=Count("pk", filter=Q(state=PilotRoundState.DISCARDED), distinct=True),
        )
        .prefetch_related(DECISIONS)
        .order_by("discarded", "-year", "-pk")
    )


def round_of(membership: Membership, pk: int) -> PilotRound | None:
    rows = PilotRound.objects.filter(government_id=membership.government_id, pk=pk)
    return rows.prefetch_related(DECISIONS).first()


@dataclass(frozen=True)
class Row:
    """A candidate with its placement; `chosen` by the decision that stands."""

    candidate: PilotCandidate
    placement: Placement
    chosen: ChosenUnit | None
    reason: str = ""

    @property
    def name(self) -> str:
        return self.candidate.printed_name


@dataclass(frozen=True)
class Matrix:
    """`factors` is None when the file of the round's set is no longer there; `is_same` says
    whether it still is what the round was scored by."""

    factors: FactorSet | None
    is_same: bool
    rows: list[Row]
    scores: int

    @property
    def complete(self) -> list[Row]:
        return [row for row in self.rows if row.placement.is_complete]

    @property
    def incomplete(self) -> list[Row]:
        return [row for row in self.rows if not row.placement.is_complete]


def set_of(round_: PilotRound) -> FactorSet | None:
    return factor_sets().get(round_.factor_set)


def scores_of(round_: PilotRound) -> dict[int, dict[str, int]]:
    """unit → factor → value; emptied ones are not there. One query."""
    found: dict[int, dict[str, int]] = {}
    rows = PilotScore.objects.filter(round=round_, value__isnull=False).order_by()
    for unit, factor, value in rows.values_list("unit_id", "factor", "value"):
        if value is not None:
            found.setdefault(unit, {})[factor] = value
    return found


def standing_decision(round_: PilotRound) -> PilotDecision | None:
    """The newest; read with the round."""
    return next(iter(round_.decisions.all()), None)


def candidates_of(round_: PilotRound) -> list[PilotCandidate]:
    return list(round_.candidates.select_related("unit").order_by("printed_name", "pk"))


def matrix_of(round_: PilotRound) -> Matrix:
    """Everybody with his place, in two queries however many candidates there are."""
    factors = set_of(round_)
    decision = standing_decision(round_)
    chosen = {row.unit_id: row for row in decision.units.all()} if decision else {}
    candidates = {row.unit_id: row for row in candidates_of(round_)}
    if factors is None or not round_.scored:
        return Matrix(factors, factors is not None, [], 0)
    scores = scores_of(round_)
    placements = place_units(
        {pk: scores.get(pk, {}) for pk in candidates}, factors.pure, factors.rules
    )
    return Matrix(
        factors=factors,
        is_same=factors.sha256 == round_.factor_set_sha256,
        rows=[
            Row(
                candidates[row.unit],
                row,
                chosen.get(row.unit),
                reason(row, scores.get(row.unit, {}), factors),
            )
            for row in placements
        ],
        scores=sum(len(row) for row in scores.values()),
    )


def scores_by_factor(round_: PilotRound) -> dict[str, int]:
    """factor → how many candidates have a score. One query."""
    rows = PilotScore.objects.filter(round=round_, value__isnull=False).order_by()
    return dict(rows.values_list("factor").annotate(Count("pk")))


def scores_for(
    round_: PilotRound, *, factor: str = "", unit: int = 0
) -> dict[tuple[int, str], PilotScore]:
    """(unit, factor) → score, of one factor or of one unit."""
    rows = PilotScore.objects.filter(round=round_).select_related("scored_by")
    rows = rows.filter(factor=factor) if factor else rows.filter(unit_id=unit)
    return {(row.unit_id, row.factor): row for row in rows}


@dataclass(frozen=True)
class Choosable:
    """A unit that could become a candidate."""

    unit: Unit
    has_declared: bool
    builds: bool


def choosable_units(government: Government, today: date) -> list[Choosable]:
    """Counted units by name; whether they have declared or build already."""
    numbers = coverage(government, today)
    return [
        Choosable(unit, pk in numbers.first_days, numbers.stages.get(pk) in PAST_PREPARATION)
        for pk, unit in sorted(
            numbers.units.items(), key=lambda pair: (pair[1].name.casefold(), pair[0])
        )
    ]


def figures_for(
    factor: FactorText, unit_ids: list[int], government_id: int, today: date
) -> dict[int, str]:
    """What the portal knows beside a factor, in words, by unit; one query."""
    if factor.figure == "preparation":
        done = done_steps(government_id, today)
        return {
            pk: _("%(count)d steps done") % {"count": done[pk]} for pk in unit_ids if pk in done
        }
    if factor.figure in SERVICE_FIGURES:
        return _service_figures(factor.figure, unit_ids)
    if factor.figure in FACT_FIGURES:
        return _fact_figures(FACT_FIGURES[factor.figure], unit_ids, today)
    return {}


SERVICE_FIGURES = frozenset({"counter_services", "applications", "standards"})
FACT_FIGURES = {
    "tlhp": FactKey.TLHP_PERCENT,
    "lhkpn": FactKey.LHKPN_PERCENT,
    "sakip": FactKey.SAKIP,
}


def _service_figures(figure: str, unit_ids: list[int]) -> dict[int, str]:
    if figure == "applications":
        return _applications(unit_ids)
    rows = (
        Service.objects.offered()
        .filter(unit_id__in=unit_ids)
        .order_by()
        .values("unit_id")
        .annotate(
            every=Count("pk"),
            counter=Count("pk", filter=Q(channel=ServiceChannel.COUNTER)),
            online=Count("pk", filter=Q(channel=ServiceChannel.ONLINE)),
            standard=Count("pk", filter=Service.objects.described()),
        )
    )
    return {row["unit_id"]: _service_words(figure, row) for row in rows}


def _service_words(figure: str, row: Mapping[str, Any]) -> str:
    if figure == "counter_services":
        return _("%(counter)d of %(every)d services at the counter") % row
    return _("%(standard)d of %(every)d with a standard, %(online)d online") % row


def _applications(unit_ids: list[int]) -> dict[int, str]:
    """The mean of the months that were written down."""
    rows = (
        ServiceVolume.objects.filter(service__unit_id__in=unit_ids)
        .order_by()
        .values("service__unit_id")
        .annotate(total=Sum("count"), months=Count("month", distinct=True))
    )
    return {
        row["service__unit_id"]: _("%(count)s applications a month")
        % {"count": number_id(Decimal(row["total"]) / row["months"], 0)}
        for row in rows
    }


def _fact_figures(key: str, unit_ids: list[int], today: date) -> dict[int, str]:
    """The newest of each unit, with its year."""
    rows = StandingFact.objects.filter(unit_id__in=unit_ids, key=key, year__lte=today.year)
    newest = {
        unit: f"{_shown(key, value)} ({year})"
        for unit, value, year in rows.order_by("year").values_list("unit_id", "value", "year")
        if unit is not None
    }
    return newest


def _shown(key: str, value: str) -> str:
    if key == FactKey.SAKIP:
        return value
    return number_id(value, 2).removesuffix(",00") + "\u00a0%"
