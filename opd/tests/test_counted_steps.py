"""Steps of the year that another app counts: who lacks it, ticks that need a reason, done by itself."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from opd import year_calendar
from opd.actions.year_calendar import mark_date
from opd.enums import Role
from opd.models import CalendarMark
from opd.queries.calendar_duties import due_dates
from opd.queries.year_calendar import entry_of
from opd.transitions import StepRefused

NOW = datetime(2026, 4, 1, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
TODAY = date(2026, 4, 1)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def secretariat(cast):
    return cast[Role.ZI_SECRETARIAT]


@pytest.fixture
def counted(monkeypatch, cast):
    """Two units owe the quarter; `missing` is changed by the test."""
    missing = [cast.unit.pk]
    monkeypatch.setitem(
        year_calendar._counters,
        "plans_frozen_b03",
        lambda pk, year, due_on, memo: year_calendar.Count(2, tuple(missing)),
    )
    return missing


def test_a_tick_before_all_units_have_it_needs_a_reason_that_everybody_reads(
    cast, secretariat, client_as, counted
):
    values = {"year": 2026, "key": "monev_b03", "is_done": True, "by": secretariat, "now": NOW}
    with pytest.raises(StepRefused, match="Not every unit"):
        mark_date(note=" ", **values)
    client = client_as(secretariat)
    mark = reverse("opd:calendar_mark", kwargs={"year": 2026, "key": "monev_b03"})
    assert client.post(mark, {"wanted": "done", "note": ""}).status_code == 422
    assert not CalendarMark.objects.exists()
    assert client.post(mark, {"wanted": "done", "note": "Satu unit banjir"}).status_code == 302
    assert entry_of(cast.home, 2026, "monev_b03").is_done
    for page in (
        reverse("opd:calendar_date", kwargs={"year": 2026, "key": "monev_b03"}),
        f"{reverse('opd:calendar')}?year=2026",
    ):
        text = client_as(cast[Role.SEKDA]).get(page).content.decode()
        assert "1 dari 2 unit" in text
        assert "Satu unit banjir" in text


def test_who_lacks_it_is_listed_to_those_who_read_the_unit(cast, client_as, counted):
    page = reverse("opd:calendar_date", kwargs={"year": 2026, "key": "monev_b03"})

    def lists(role, unit):
        link = f'<li><a href="{reverse("opd:unit", args=[unit.pk])}">'
        return link in client_as(cast[role]).get(page).content.decode()

    assert lists(Role.SEKDA, cast.unit)
    assert lists(Role.OPD_HEAD, cast.unit)
    counted[:] = [cast.other_unit.pk]
    assert lists(Role.SEKDA, cast.other_unit)
    assert not lists(Role.OPD_HEAD, cast.other_unit)


def test_when_all_units_have_it_the_step_is_done_by_itself(cast, secretariat, counted):
    counted.clear()
    assert entry_of(cast.home, 2026, "monev_b03").is_done
    assert "2026.monev_b03" not in {row.link_id for row in due_dates(cast.home, TODAY)}
    with pytest.raises(StepRefused, match="portal itself"):
        mark_date(year=2026, key="monev_b03", is_done=False, note="x", by=secretariat, now=NOW)


def test_a_step_that_cannot_be_counted_says_so(cast, client_as):
    page = reverse("opd:calendar_date", kwargs={"year": 2026, "key": "self_assessment"})
    assert "mencentangnya sendiri" in client_as(cast[Role.SEKDA]).get(page).content.decode()
