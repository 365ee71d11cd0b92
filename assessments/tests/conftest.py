"""People at the door of assessments, and what they work on."""

from datetime import date, timedelta

import pytest
from django.test import Client

from assessments.actions.reviews import submit_worksheet
from assessments.models import Activity, Declaration, Proposal, WorkPlan, Worksheet, ZoneAttempt
from assessments.tests.factories import ActivityFactory, DeclarationFactory
from assessments.tests.factories_journey import AttemptFactory, ProposalFactory
from assessments.tests.factories_papers import stored
from assessments.tests.factories_preparation import count_dinas
from assessments.tests.factories_worksheets import NOW, fill, make_sheet, tpi_member
from assessments.tests.proposal_rows import OF_GOVERNMENT
from assessments.tests.workplan_pages import TODAY, SignIn, make_plan
from opd.enums import Role, TpiFunction
from opd.models import Government, Membership, StandingFact
from opd.tests.fixtures import Cast


@pytest.fixture
def plan(cast: Cast) -> WorkPlan:
    return make_plan(cast.unit)


@pytest.fixture
def activity(plan: WorkPlan) -> Activity:
    return ActivityFactory(plan=plan, due_on=TODAY() + timedelta(days=30))


@pytest.fixture
def draft(cast: Cast) -> Declaration:
    return DeclarationFactory(government=cast.home)


@pytest.fixture
def operator(cast: Cast, client_as: SignIn) -> Client:
    return client_as(cast[Role.OPD_OPERATOR])


@pytest.fixture
def head(cast: Cast, client_as: SignIn) -> Client:
    return client_as(cast[Role.OPD_HEAD])


@pytest.fixture
def counted(cast: Cast) -> None:
    """The Dinas of both governments are the units that coverage counts."""
    count_dinas(cast.home, cast.away)


@pytest.fixture
def home(cast: Cast) -> Government:
    """A government that meets what is asked of the institution."""
    proof = stored(cast.home)
    for key, value in OF_GOVERNMENT.items():
        StandingFact.objects.create(
            government=cast.home, year=2025, key=key, value=value, proof=proof
        )
    return cast.home


@pytest.fixture
def proposal(home: Government) -> Proposal:
    return ProposalFactory(government=home)


@pytest.fixture
def attempt(cast: Cast) -> ZoneAttempt:
    """The unit of the cast under national review, building since 2 January 2025."""
    return AttemptFactory(zone__unit=cast.unit, zone__building_since=date(2025, 1, 2))


@pytest.fixture
def filled(cast: Cast) -> Worksheet:
    sheet = make_sheet(cast)
    fill(sheet, cast[Role.OPD_OPERATOR])
    return sheet


@pytest.fixture
def team(filled: Worksheet) -> dict[str, Membership]:
    names = {
        "anggota": TpiFunction.ANGGOTA,
        "ketua": TpiFunction.KETUA,
        "inspektur": TpiFunction.PENANGGUNG_JAWAB,
    }
    return {tier: tpi_member(filled, function) for tier, function in names.items()}


@pytest.fixture
def sent(cast: Cast, filled: Worksheet, team: dict[str, Membership]) -> Worksheet:
    return submit_worksheet(sheet=filled, by=cast[Role.OPD_HEAD], now=NOW)
