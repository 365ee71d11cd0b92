"""A directive that is late, over thirty days of rounds: who is told, what stays, what ends it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from opd.actions.directives import (
    Progress,
    acknowledge_directive,
    finish_directive,
    report_directive,
    return_directive,
)
from opd.actions.reminders import remind
from opd.enums import Role
from opd.models import Escalation, InboxItem, ReminderClock
from opd.tests.factories_calendar import DirectiveFactory

START = datetime(2026, 4, 1, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def row(cast):
    ReminderClock.objects.create(government=cast.home, started_on=date(2020, 1, 1))
    return DirectiveFactory(
        government=cast.home,
        unit=cast.unit,
        given_by=cast[Role.MAYOR],
        given_at=START,
        due_on=START.date(),
    )


def rounds(cast, first, last):
    for day in range(first, last + 1):
        remind(government=cast.home, now=START + timedelta(days=day))


def items(row, **values):
    return InboxItem.objects.filter(kind="directive", link_id=str(row.pk), **values)


def waits_at_sekda(row):
    return items(row, role=Role.SEKDA, sentence="escalated", settled_at=None).count()


def report(cast, row, day, **progress):
    report_directive(
        directive=row,
        progress=Progress("Sudah separuh", **progress),
        form_key=uuid4(),
        by=cast[Role.OPD_HEAD],
        now=START + timedelta(days=day),
    )


def test_thirty_days_of_acknowledging_and_progress_settle_nothing(cast, row):
    rounds(cast, 0, 5)
    assert waits_at_sekda(row) == 1
    acknowledge_directive(
        directive=row, by=cast[Role.OPD_HEAD], now=START + timedelta(days=5, hours=1)
    )
    rounds(cast, 6, 12)
    report(cast, row, 12, percent=Decimal(50))
    assert waits_at_sekda(row) == 1
    rounds(cast, 13, 30)
    late = items(row, sentence="late", role=Role.OPD_HEAD)
    assert late.count() == 5  # day 1, 8, 15, 22 and 29
    assert late.get(settled_at=None).created_at == START + timedelta(days=29)
    assert waits_at_sekda(row) == 1
    assert items(row, sentence="escalated").count() == 1
    assert Escalation.objects.get(kind="directive").settled_at is None


def test_who_gave_it_is_told_once_that_it_is_overdue(cast, row):
    rounds(cast, 0, 30)
    assert items(row, role=Role.MAYOR).values_list("sentence", flat=True).get() == "waiting"


def test_done_moves_it_to_the_giver_and_finishing_ends_it(cast, row):
    rounds(cast, 0, 10)
    acknowledge_directive(directive=row, by=cast[Role.OPD_HEAD], now=START + timedelta(days=10))
    report(cast, row, 10, is_done=True)
    waiting = items(row, settled_at=None)
    assert [(item.role, item.sentence) for item in waiting] == [(Role.MAYOR, "directive.reported")]
    rounds(cast, 11, 12)
    assert not items(row, settled_at=None, role=Role.OPD_HEAD).exists()
    assert Escalation.objects.get(kind="directive").role == Role.MAYOR

    row.refresh_from_db()
    assert row.percent == 100
    return_directive(
        directive=row, reason="Belum", by=cast[Role.MAYOR], now=START + timedelta(days=13)
    )
    row.refresh_from_db()
    assert row.percent is None
    assert waits_at_sekda(row) == 1
    rounds(cast, 14, 20)
    assert items(row, settled_at=None, sentence="late", role=Role.OPD_HEAD).exists()

    report(cast, row, 21, is_done=True)
    finish_directive(directive=row, by=cast[Role.MAYOR], now=START + timedelta(days=22))
    rounds(cast, 23, 30)
    assert not items(row, settled_at=None).exclude(sentence="directive.finished").exists()
    assert Escalation.objects.get(kind="directive").settled_at is not None
