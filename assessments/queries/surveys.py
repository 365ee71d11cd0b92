"""Survey rounds for screens: lists, one round, how it compares with the ones before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from assessments.enums import SurveyState
from assessments.models import SurveyFollowUp, SurveyResponse, SurveyRound, SurveyService
from assessments.survey_instruments import surveys
from assessments.survey_results import NOT_SAID, Answered, Result, result_of
from assessments.survey_sample import Needed, needed, shares
from opd.models import Membership, Service, Unit

ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
MOST_COMMENTS = 200
# Papers of a round → their kinds of document.
REPORT, CARD_A4, CARD_A5 = "report", "card-a4", "card-a5"
NAMES = {
    REPORT: "assessments.survey_report",
    CARD_A4: "assessments.survey_card_a4",
    CARD_A5: "assessments.survey_card_a5",
}


@dataclass(frozen=True)
class Row:
    """A round in a list; `before` is the index of the round before it."""

    round: SurveyRound
    reached: int
    needed: Needed
    index: Decimal | None
    before: Decimal | None = None

    @property
    def is_behind(self) -> bool:
        return self.reached < self.needed.number

    @property
    def band(self) -> str:
        return str((self.round.result or {}).get("band", ""))

    @property
    def tone(self) -> str:
        return str((self.round.result or {}).get("tone", "")) or "info"

    @property
    def change(self) -> Decimal | None:
        if self.index is None or self.before is None:
            return None
        return self.index - self.before


@dataclass(frozen=True)
class ServiceLine:
    """A service of a round: how many it served, how many answers it should bring."""

    service: SurveyService
    wanted: int | None


@dataclass(frozen=True)
class Page:
    round: SurveyRound
    with_proof: int
    without_proof: int
    needed: Needed
    population: int | None
    services: list[ServiceLine]
    result: Result | None

    @property
    def reached(self) -> int:
        """Those whose answers make the index."""
        return self.with_proof + (self.without_proof if self.round.counts_open else 0)

    @property
    def apart(self) -> int:
        return 0 if self.round.counts_open else self.without_proof

    @property
    def missing(self) -> int:
        return self.needed.missing(self.reached)


def period_text(year: int, quarter: int) -> str:
    """On paper and on screen: `Triwulan III 2026`."""
    return f"Triwulan {ROMAN[quarter]} {year}"


def short_period(year: int, quarter: int) -> str:
    """For the axis of a chart: `III 2026`."""
    return f"{ROMAN[quarter]} {year}"


def quarter_before(year: int, quarter: int) -> tuple[int, int]:
    return (year, quarter - 1) if quarter > 1 else (year - 1, 4)


def reached(keys: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Round → answers so far with a proof and without."""
    rows = SurveyResponse.objects.filter(round__in=list(keys)).values_list("round", "has_proof")
    found: dict[int, tuple[int, int]] = {}
    for key, has_proof, number in rows.annotate(number=Count("pk")).order_by():
        before = found.get(key, (0, 0))
        added = (number, 0) if has_proof else (0, number)
        found[key] = (before[0] + added[0], before[1] + added[1])
    return found


# --- one round ---


def round_of(membership: Membership, pk: int) -> SurveyRound | None:
    rows = SurveyRound.objects.visible_to(membership).select_related("unit", "government")
    return rows.filter(pk=pk).first()


def page_of(round: SurveyRound) -> Page:
    """Two queries while it is open, one when it is closed."""
    services = list(round.services.order_by("position", "pk"))
    if round.result is None:
        with_proof, without = reached([round.pk]).get(round.pk, (0, 0))
        result = None
    else:
        with_proof, without = round.result["proof"], round.result["open"]
        result = shown_of(round, services)
    population = population_of(round, services)
    enough = needed(population, surveys().sample)
    wanted = shares(enough.number, [each.population for each in services])
    return Page(
        round,
        with_proof,
        without,
        enough,
        population,
        [ServiceLine(each, number) for each, number in zip(services, wanted, strict=True)],
        result,
    )


def population_of(round: SurveyRound, services: Iterable[SurveyService]) -> int | None:
    """Service by service where that is known, else the number for the whole unit."""
    known = [each.population for each in services if each.population is not None]
    return sum(known) if known else round.population


def shown_of(round: SurveyRound, services: Iterable[SurveyService]) -> Result:
    """Of a closed round: what may be shown."""
    names = {str(each.pk): each.name for each in services}
    return result_of(round.result or {}, round.asked, names={**names, NOT_SAID: ""})


def answered_of(round: SurveyRound) -> Iterator[Answered]:
    """Every raw answer, for counting."""
    rows = round.responses.values_list("answers", "profile", "service_id", "has_proof")
    for answers, profile, service, has_proof in rows.iterator():
        yield Answered(answers, profile, service, has_proof)


def comments_of(round: SurveyRound) -> list[str]:
    """In an order that tells nothing; none while they could be told apart by who came today."""
    if round.result is None or round.result["number"] < round.asked.smallest:
        return []
    rows = SurveyResponse.objects.filter(round=round).exclude(comment="").order_by("pk")
    return list(rows.values_list("comment", flat=True)[:MOST_COMMENTS])


def history_of(round: SurveyRound) -> list[SurveyRound]:
    """Closed rounds of this survey and unit up to this one, the oldest first."""
    rows = SurveyRound.objects.filter(unit=round.unit_id, survey=round.survey).counted()
    rows = rows.defer("content").order_by("-year", "-quarter")
    here = (round.year, round.quarter)
    return [row for row in rows if (row.year, row.quarter) <= here][:8][::-1]


def index_kept(round: SurveyRound) -> Decimal | None:
    said = (round.result or {}).get("index")
    return None if said is None else Decimal(said)


def follow_ups_of(round: SurveyRound) -> list[SurveyFollowUp]:
    return list(round.follow_ups.all())


def follow_up_of(membership: Membership, pk: int) -> SurveyFollowUp | None:
    seen = SurveyRound.objects.visible_to(membership)
    rows = SurveyFollowUp.objects.filter(round__in=seen.values("pk"), pk=pk)
    return rows.select_related("round__unit", "round__government").first()


def surveyed_unit(membership: Membership, pk: int) -> Unit | None:
    return Unit.objects.visible_to(membership).select_related("government").filter(pk=pk).first()


def offered_services(unit: Unit) -> list[Service]:
    return list(unit.services.offered().order_by("name", "pk"))


# --- lists ---


def years(membership: Membership) -> list[int]:
    rows = SurveyRound.objects.visible_to(membership).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def listed(
    membership: Membership, *, survey: str = "", year: int | None = None, state: str = ""
) -> QuerySet[SurveyRound]:
    rows = SurveyRound.objects.visible_to(membership).select_related("unit").defer("content")
    if survey:
        rows = rows.filter(survey=survey)
    if year:
        rows = rows.filter(year=year)
    if state in SurveyState.values:
        rows = rows.filter(state=state)
    return rows.order_by("-year", "-quarter", "unit__name", "survey", "pk")


def rows_of(rounds: Iterable[SurveyRound]) -> list[Row]:
    """With how many were reached, and the index of the round before: three queries more."""
    rows = list(rounds)
    keys = [row.pk for row in rows]
    running = [row.pk for row in rows if row.result is None]
    came = reached(running)
    populations = dict(
        SurveyService.objects.filter(round__in=keys)
        .values_list("round")
        .annotate(total=Sum("population"))
    )
    before = _indices(rows)
    return [_row(row, came.get(row.pk, (0, 0)), populations.get(row.pk), before) for row in rows]


def _row(
    round: SurveyRound,
    came: tuple[int, int],
    population: int | None,
    indices: dict[tuple[int, str], list[tuple[int, int, Decimal]]],
) -> Row:
    if round.result is not None:
        number = round.result["number"]
    else:
        number = came[0] + (came[1] if round.counts_open else 0)
    known = population if population is not None else round.population
    earlier = [
        index
        for year, quarter, index in indices.get((round.unit_id, round.survey), [])
        if (year, quarter) < (round.year, round.quarter)
    ]
    return Row(
        round,
        number,
        needed(known, surveys().sample),
        index_kept(round),
        earlier[-1] if earlier else None,
    )


def _indices(
    rows: Iterable[SurveyRound],
) -> dict[tuple[int, str], list[tuple[int, int, Decimal]]]:
    """Of the units in the list: every index, the oldest first."""
    units = {row.unit_id for row in rows}
    known = SurveyRound.objects.filter(unit__in=units).counted().order_by("year", "quarter")
    found: dict[tuple[int, str], list[tuple[int, int, Decimal]]] = {}
    for unit, survey, year, quarter, index in known.values_list(
        "unit_id", "survey", "year", "quarter", "result__index"
    ):
        if index is not None:
            found.setdefault((unit, survey), []).append((year, quarter, Decimal(index)))
    return found
