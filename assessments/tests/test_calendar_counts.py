"""Of how many units a step of the ZI year is done, from what stands in the portal."""

from datetime import date

import pytest

from assessments.enums import PaperKind
from assessments.queries import calendar_counts as counts
from assessments.tests.factories import ActivityFactory, IntegrityZoneFactory, WorkPlanFactory
from assessments.tests.factories_journey import CandidateFactory, ProposalFactory
from assessments.tests.factories_monev import PlanFreezeFactory
from assessments.tests.factories_papers import numbered, signed
from opd.enums import Role
from opd.queries.year_calendar import entry_of
from opd.year_calendar import Count, calendar_of

pytestmark = pytest.mark.django_db
MARCH, MAY = date(2026, 3, 31), date(2026, 5, 31)


@pytest.fixture
def zone(cast):
    return IntegrityZoneFactory(
        unit=cast.unit,
        stage="building",
        opened_on=date(2024, 1, 1),
        building_since=date(2024, 2, 1),
    )


def test_every_check_of_the_data_is_known():
    wanted = {step.check for step in calendar_of(2026).steps if step.check}
    assert wanted == {"proposal_sent", *counts.COUNTS}


def test_only_zones_that_were_building_on_that_day_owe_a_quarter(cast, zone):
    IntegrityZoneFactory(unit=cast.below, stage="building", building_since=date(2026, 4, 1))
    IntegrityZoneFactory(unit=cast.other_unit, stage="committed")
    assert counts.plans_frozen(cast.home.pk, 2026, MARCH, {}, period="B03") == Count(
        1, (zone.unit_id,)
    )
    assert counts.plans_frozen(cast.away.pk, 2026, MARCH, {}, period="B03").total == 0


def test_a_unit_that_declared_is_missing_until_a_decree_names_it(cast, zone):
    IntegrityZoneFactory(
        unit=cast.other_unit, stage="committed", opened_on=date(2026, 1, 5), building_since=None
    )
    assert counts.units_named(cast.home.pk, 2026, MARCH, {}) == Count(2, (cast.other_unit.pk,))
    assert entry_of(cast.home, 2026, "decree_units").count.done == 1


def test_a_quarter_is_done_when_its_plan_is_frozen(cast, zone):
    plan = WorkPlanFactory(zone=zone)
    PlanFreezeFactory(plan=plan, period="B03")
    march, june = (entry_of(cast.home, 2026, key).count for key in ("monev_b03", "monev_b06"))
    assert (march.is_complete, june.missing) == (True, (zone.unit_id,))
    assert entry_of(cast.home, 2026, "monev_b03").is_seen
    assert not counts.plans_frozen(cast.home.pk, 2027, MARCH, {}, period="B03").is_complete


def test_team_and_plan_need_a_signed_decree_and_an_activity(cast, zone):
    plan = WorkPlanFactory(zone=zone)

    def missing():
        return counts.teams_and_plans(cast.home.pk, 2026, date(2026, 2, 28), {}).missing

    signed(PaperKind.SK_TIM_KERJA, zone.unit, by=cast[Role.ZI_SECRETARIAT])
    assert missing() == (zone.unit_id,)
    ActivityFactory(plan=plan)
    assert missing() == ()


def test_reports_are_counted_of_the_units_that_are_proposed(cast, zone):
    """Before anybody is named: all that have built for a year; a draft of a report is none."""
    IntegrityZoneFactory(unit=cast.below, stage="building", building_since=date(2026, 1, 9))
    assert counts.evaluations_signed(cast.home.pk, 2026, MAY, {}) == Count(1, (zone.unit_id,))
    numbered(PaperKind.LHE, zone.unit)
    proposal = ProposalFactory(government=cast.home)
    CandidateFactory(proposal=proposal, zone=zone)
    other = CandidateFactory(
        proposal=proposal, zone=IntegrityZoneFactory(unit=cast.other_unit, stage="building")
    )
    found = counts.evaluations_signed(cast.home.pk, 2026, MAY, {})
    assert found == Count(2, (zone.unit_id, other.zone.unit_id))
    signed(PaperKind.LHE, other.zone.unit, by=cast[Role.INSPECTORATE])
    assert counts.evaluations_signed(cast.home.pk, 2026, MAY, {}).missing == (zone.unit_id,)
