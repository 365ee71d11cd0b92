"""The city in one page, what everybody may read, and figures for what leaders read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessments.enums import SurveyState
from assessments.models import SurveyRound
from assessments.queries.surveys import Row, rows_of
from assessments.survey_instruments import surveys
from opd.models import Government, Membership, Unit


@dataclass(frozen=True)
class UnitLine:
    """A unit that serves citizens in one quarter: a row per survey, None where none was made."""

    unit: Unit
    rows: list[Row | None]

    @property
    def lacks(self) -> bool:
        return any(row is None or row.is_behind for row in self.rows)


@dataclass(frozen=True)
class SurveyFigure:
    """One closed round, for leaders; `index` is None where too few answered."""

    unit_id: int
    unit: str
    survey: str
    index_name: str
    year: int
    quarter: int
    index: Decimal | None
    band: str
    reached: int
    needed: int
    is_published: bool
    is_sample: bool


def serving_units(membership: Membership, *, on: date) -> list[Unit]:
    """Standing units that offer services, by name."""
    seen = Unit.objects.visible_to(membership).active_on(on)
    serving = seen.filter(services__ended_on=None, services__isnull=False).values("pk")
    return list(seen.filter(pk__in=serving).select_related("government").order_by("name", "pk"))


def overview(membership: Membership, year: int, quarter: int, *, on: date) -> list[UnitLine]:
    """Units that offer services, or have a round in this quarter: a constant number of queries."""
    rounds = rows_of(
        SurveyRound.objects.visible_to(membership)
        .filter(year=year, quarter=quarter)
        .select_related("unit")
        .defer("content")
    )
    found = {(row.round.unit_id, row.round.survey): row for row in rounds}
    seen = Unit.objects.visible_to(membership).active_on(on)
    serving = set(
        seen.filter(services__ended_on=None, services__isnull=False).values_list("pk", flat=True)
    )
    units = seen.filter(pk__in=serving | {key[0] for key in found}).order_by("name", "pk")
    codes = list(surveys().contents)
    return [UnitLine(unit, [found.get((unit.pk, code)) for code in codes]) for unit in units]


def survey_figures(government_id: int, today: date) -> list[SurveyFigure]:
    """The newest closed round of each unit and survey that began by `today`, in three queries."""
    rounds = (
        SurveyRound.objects.filter(government_id=government_id, opens_on__lte=today)
        .counted()
        .select_related("unit")
        .defer("content")
        .order_by("unit", "survey", "-year", "-quarter")
        .distinct("unit", "survey")
    )
    return [_figure(row) for row in rows_of(rounds)]


def _figure(row: Row) -> SurveyFigure:
    round = row.round
    return SurveyFigure(
        unit_id=round.unit_id,
        unit=round.unit.label,
        survey=round.survey,
        index_name=surveys().survey(round.survey).index,
        year=round.year,
        quarter=round.quarter,
        index=row.index,
        band=row.band,
        reached=row.reached,
        needed=row.needed.number,
        is_published=round.state == SurveyState.PUBLISHED,
        is_sample=round.is_sample,
    )


# --- without signing in ---


def public_round(government: Government, public_id: str) -> SurveyRound | None:
    """Not while it is being prepared: nobody has its address yet."""
    rows = SurveyRound.objects.filter(government=government, public_id=public_id)
    return rows.exclude(state=SurveyState.DRAFT).select_related("unit", "government").first()


def published(government: Government) -> list[Row]:
    """The newest published round of each unit and survey, units by name."""
    rounds = (
        SurveyRound.objects.filter(government=government, state=SurveyState.PUBLISHED)
        .select_related("unit")
        .defer("content")
        .order_by("unit", "survey", "-year", "-quarter")
        .distinct("unit", "survey")
    )
    return sorted(rows_of(rounds), key=lambda row: (row.round.unit.name, row.round.survey))


def open_rounds(government: Government, *, on: date) -> list[SurveyRound]:
    """Those that anybody may answer today without proof: they stand in the public list."""
    rows = SurveyRound.objects.filter(
        government=government,
        state=SurveyState.OPEN,
        opens_on__lte=on,
        closes_on__gte=on,
        door="open",
    )
    return list(rows.select_related("unit").defer("content").order_by("unit__name", "survey"))
