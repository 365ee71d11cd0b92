"""What the tests of the verbs of work plans share: one plan of 2026, its texts, a report."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from assessments.actions import reports
from assessments.actions.reports import ReportContent
from assessments.actions.workplans import ActivityTexts
from assessments.models import Activity, ActivityReport, WorkPlan
from assessments.tests.factories import (
    ActivityFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
)
from opd.models import Membership
from opd.tests.fixtures import Cast

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
TEXTS = ActivityTexts("1", "Membentuk tim kerja", "SK ditandatangani", date(2026, 12, 1))


@pytest.fixture
def plan(cast: Cast) -> WorkPlan:
    return WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit))


@pytest.fixture
def activity(plan: WorkPlan) -> Activity:
    return ActivityFactory(plan=plan)


def send(activity: Activity, by: Membership, **changed: Any) -> ActivityReport:
    values = {
        "content": ReportContent(Decimal(40), "Rapat pertama selesai."),
        "form_key": uuid4(),
        "version": 0,
        "now": timezone.now(),
        **changed,
    }
    return reports.send_report(activity=activity, by=by, **values)
