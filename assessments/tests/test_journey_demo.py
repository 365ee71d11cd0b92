"""The road after building in the demonstration, and the founding story by its own yardstick."""

from datetime import date
from typing import Any

import pytest

from assessments.demo import declarations, journey
from assessments.eligibility import Outcome
from assessments.models import (
    DeclarationUnit,
    IntegrityZone,
    NamingDecree,
    Proposal,
    ZoneAttempt,
    ZonePredicate,
)
from assessments.queries.eligibility import Question, day_of, standings
from assessments.requirement_sets import requirement_sets
from opd.demo import loader
from opd.models import Government, Unit


def load(today: date) -> None:
    loader.load(today)
    declarations.load(today)
    journey.load(today)


@pytest.mark.slow
@pytest.mark.parametrize(
    "today",
    [
        date(2026, 11, 21),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 5, 31),
        date(2028, 2, 29),
    ],
)
def test_loads_on_any_day(today: date, db: Any) -> None:
    load(today)
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["draft", "sent"]


@pytest.mark.usefixtures("demonstration")
def test_contoh_shows_each_stage_after_building() -> None:
    stages = {zone.unit.label: zone.stage for zone in IntegrityZone.objects.select_related("unit")}
    assert stages["RSUD Contoh"] == "national_review"
    assert stages["DPMPTSP"] in ("building", "decided")
    assert set(ZoneAttempt.objects.values_list("outcome", flat=True)) == {"pending", "not_awarded"}
    states = set(
        ZonePredicate.objects.filter(government__slug="kota-contoh").values_list("state", flat=True)
    )
    assert states == {"watched", "revoked"}


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 11, 21), date(2028, 12, 31)])
@pytest.mark.slow
def test_no_award_comes_before_declaring_and_naming(today: date, db: Any) -> None:
    load(today)
    for row in ZonePredicate.objects.filter(government__slug="kota-contoh"):
        unit = row.zone.unit
        first = DeclarationUnit.objects.filter(unit=unit, declaration__state="closed").earliest(
            "declaration__held_on"
        )
        named = NamingDecree.objects.filter(units__unit=unit).earliest("decided_on")
        assert first.declaration.held_on < named.decided_on < date(row.year, 1, 1)


@pytest.mark.usefixtures("demonstration")
def test_nothing_of_it_is_said_of_a_real_government() -> None:
    assert set(ZoneAttempt.objects.values_list("government__slug", flat=True)) == {"kota-contoh"}
    assert {row.state for row in ZonePredicate.objects.filter(government__slug="kota-kediri")} == {
        "active"
    }


def judged(rules: str, year: int, target: str = "wbk") -> Outcome:
    kediri = Government.objects.get(slug="kota-kediri")
    unit = Unit.objects.get(government=kediri, short_name="DPMPTSP")
    found = requirement_sets()[rules]
    question = Question(found, target, year, day_of(found, year))
    return standings(kediri, [unit], question)[0].verdict.outcome


@pytest.mark.usefixtures("demonstration")
def test_kediri_2019_by_the_yardstick_it_named() -> None:
    """BPK WTP twice in a row and AKIP at least CC: met in 2019; the later set asks for more."""
    assert judged("barenlitbang-kediri-2019", 2019) == Outcome.ELIGIBLE
    assert judged("permenpanrb-5-2024", 2019) == Outcome.NOT_YET
    assert judged("barenlitbang-kediri-2019", 2014) == Outcome.NOT_YET
