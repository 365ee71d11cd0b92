"""People at the door of assessments, and what they work on."""

from datetime import timedelta

import pytest
from django.test import Client

from assessments.models import Activity, Declaration, WorkPlan
from assessments.tests.factories import ActivityFactory, DeclarationFactory
from assessments.tests.factories_preparation import count_dinas
from assessments.tests.workplan_pages import TODAY, SignIn, make_plan
from opd.enums import Role
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
