"""The demonstration: everything late is in the invented government, real promises are neutral."""

from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from opd.enums import DirectiveState, Role
from opd.models import (
    CalendarDate,
    Directive,
    Escalation,
    Government,
    InboxItem,
    Membership,
    Promise,
)
from opd.queries.inbox import unread_count
from opd.queries.year_calendar import entries


def nothing_is_ticked_that_is_not_so(contoh, today):
    """A tick is a hand's own word, or it says why although the portal counts units that lack it."""
    ticked = [row for row in entries(contoh, today.year) if row.mark]
    for row in ticked:
        assert row.is_by_hand or row.lacks_some or row.key == "recommit", row.key
        assert "tepat waktu" not in row.mark.note
    for row in entries(contoh, today.year):
        if row.is_task and row.is_done and not row.has_check:
            assert row.is_seen or row.mark.note, row.key


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-11-22", "2027-01-02", "2027-06-03", "2028-02-29"])
def test_the_demonstration_on_any_day(day):
    with time_machine.travel(f"{day} 03:00:00+00:00", tick=False):
        call_command("load_demo", verbosity=0)
        today = timezone.localdate()
        contoh = Government.objects.get(slug="kota-contoh")
        assert set(Directive.objects.values_list("government", flat=True)) == {contoh.pk}
        assert set(Directive.objects.values_list("state", flat=True)) == set(DirectiveState.values)
        kinds = set(Escalation.objects.values_list("government__slug", "kind"))
        assert kinds == {
            ("kota-contoh", kind) for kind in ("calendar", "directive", "recommendation")
        }
        assert CalendarDate.objects.get().reason
        assert set(InboxItem.objects.values_list("government", flat=True)) == {contoh.pk}
        sekda = Membership.objects.get(government=contoh, role=Role.SEKDA)
        assert unread_count(sekda) >= 2
        nothing_is_ticked_that_is_not_so(contoh, today)
        for real in Government.objects.exclude(pk=contoh.pk):
            assert not [row.key for row in entries(real, today.year) if row.is_late(today)]
        kediri = Promise.objects.filter(government__slug="kota-kediri")
        assert {(row.said_on, row.said_on_precision, row.state) for row in kediri} == {
            (date(2019, 9, 16), "day", "open")
        }
        assert kediri.count() == 3
