"""The ZI year: its data, moved dates, ticks, checks by other apps, days off, the pages."""

from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integrity_portal.core.data_files import UnableToReadData, parse
from integrity_portal.core.models import LedgerEntry
from opd import year_calendar
from opd.actions.year_calendar import (
    CalendarConflict,
    NewDate,
    add_date,
    drop_date,
    mark_date,
    move_date,
)
from opd.enums import Role
from opd.models import CalendarDate, CalendarMark, Escalation, Holiday, InboxItem, OwnDate
from opd.queries.calendar_duties import due_dates
from opd.queries.year_calendar import by_month, entries, entry_of, shown_entry
from opd.tests.factories_calendar import InboxItemFactory, OwnDateFactory
from opd.transitions import StepRefused
from opd.working_days import last_working_day
from opd.year_calendar import calendar_of, read

NOW = datetime(2026, 4, 1, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
TODAY = date(2026, 4, 1)
SCHEMA = year_calendar.DATA / "zi-calendar.schema.json"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def secretariat(cast):
    return cast[Role.ZI_SECRETARIAT]


def move(by, day=date(2026, 6, 14), key="propose", seen=0, **more):
    new = NewDate(None, day, more.pop("reason", "Letter of the ministry"), "B/1", seen)
    values = {"year": 2026, "key": key, "form_key": uuid4(), "now": NOW, **more}
    return move_date(new=new, by=by, **values)


# --- data ---


def test_the_last_day_to_propose_is_31_may_by_the_regulation():
    step = next(s for s in calendar_of(2026).steps if s.key == "propose")
    assert (step.due_in(2026), step.confidence, step.check) == (
        date(2026, 5, 31),
        "verified",
        "proposal_sent",
    )
    assert step.remind_before == (30, 14, 7, 1)
    assert len(calendar_of(2026).sha256) == 64


def broken(**changes):
    data = yaml.safe_load((year_calendar.DATA / "zi-calendar.yaml").read_text())
    data["steps"][0].update(changes)
    return yaml.safe_dump(data).encode()


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"due": "02-30"}, "no day of every year"),
        ({"due": "02-29"}, "no day of every year"),
        ({"starts": "03-01"}, "ends before it begins"),
        ({"key": "propose"}, "stands there twice"),
        ({"confidence": "guessed"}, "confidence"),
        ({"roles": [], "escalate_after": 3}, "cannot become late"),
        ({"roles": ["citizen"]}, "roles"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(changes, place):
    with pytest.raises(UnableToReadData, match=place):
        read(parse(broken(**changes), SCHEMA, name="x.yaml"))


def test_every_step_of_the_government_goes_up_and_none_of_the_ministry():
    steps = calendar_of(2026).steps
    ours = {step.key for step in steps if step.escalate_after}
    assert {step.key for step in steps} - ours == {
        "tpn_pre_evaluation",
        "tpn_desk",
        "tpn_field",
        "award",
    }
    assert all(bool(step.roles) == (step.key in ours) for step in steps)


def test_a_step_of_the_ministry_is_over_after_its_last_day(cast):
    entry = entry_of(cast.home, 2026, "tpn_desk")
    assert not entry.is_late(date(2027, 3, 1))
    assert str(shown_entry(entry, cast.home, date(2026, 11, 1)).word) == "Over"
    assert "2026.tpn_desk" not in {row.link_id for row in due_dates(cast.home, date(2026, 11, 1))}


def test_a_step_that_no_unit_has_is_not_overdue(cast):
    """No unit builds a zone: neither the counted steps nor the self-assessment are anybody's."""
    late = {row.key for row in entries(cast.home, 2026) if row.is_late(date(2026, 12, 1))}
    assert late == {"recommit", "propose"}


# --- moving ---


def test_a_moved_date_holds_with_its_reason_and_keeps_the_older_ones(cast, secretariat):
    first = move(secretariat)
    move(secretariat, date(2026, 6, 20), seen=first.pk)

    entry = entry_of(cast.home, 2026, "propose")
    assert (entry.due_on, entry.usual_on) == (date(2026, 6, 20), date(2026, 5, 31))
    assert CalendarDate.objects.count() == 2
    assert LedgerEntry.objects.filter(verb="calendar_date.moved").count() == 2
    assert entry_of(cast.away, 2026, "propose").due_on == date(2026, 5, 31)
    assert entry_of(cast.home, 2027, "propose").due_on == date(2027, 5, 31)


def test_twice_is_once_and_two_people_are_told(cast, secretariat):
    key = uuid4()
    assert move(secretariat, form_key=key) == move(secretariat, form_key=key)
    with pytest.raises(CalendarConflict) as conflict:
        move(secretariat, date(2026, 7, 1), seen=0)
    assert conflict.value.current.due_on == date(2026, 6, 14)


@pytest.mark.parametrize(
    ("day", "reason", "sentence"),
    [
        (date(2026, 6, 14), " ", "Write why"),
        (date(2026, 5, 31), "x", "already has"),
        (date(2031, 5, 31), "x", "too far"),
    ],
)
def test_what_cannot_be_moved(secretariat, day, reason, sentence):
    with pytest.raises(StepRefused, match=sentence):
        move(secretariat, day, reason=reason)


def test_history_is_written_in_stone(secretariat):
    row = move(secretariat)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        CalendarDate.objects.filter(pk=row.pk).update(reason="another")
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDate.objects.create(
            government=row.government,
            year=2026,
            key="x",
            due_on=TODAY,
            reason="",
            recorded_by=secretariat,
            recorded_at=NOW,
        )


def test_moving_settles_what_was_told_about_the_old_day(cast, secretariat):
    item = InboxItemFactory(government=cast.home)
    Escalation.objects.create(
        government=cast.home,
        kind="calendar",
        link_id="2026.propose",
        due_on=date(2026, 5, 31),
        escalated_at=NOW,
    )
    move(secretariat)
    item.refresh_from_db()
    assert item.settled_at == NOW
    assert not Escalation.objects.filter(settled_at=None).exists()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ZI_SECRETARIAT}))
def test_nobody_else_changes_the_calendar(cast, role):
    own = OwnDateFactory(government=cast.home)
    for act in (
        lambda: move(cast[role]),
        lambda: mark_date(year=2026, key="propose", is_done=True, note="", by=cast[role], now=NOW),
        lambda: drop_date(own=own, reason="x", by=cast[role], now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            act()


# --- done ---


def test_a_tick_and_taking_it_back(cast, secretariat):
    values = {"year": 2026, "key": "recommit", "by": secretariat, "now": NOW}
    mark_date(is_done=True, note="B/7", **values)
    assert mark_date(is_done=True, note="again", **values) is None
    assert entry_of(cast.home, 2026, "recommit").is_done
    with pytest.raises(StepRefused, match="Write why"):
        mark_date(is_done=False, note="", **values)
    mark_date(is_done=False, note="sent to the wrong address", **values)
    assert not entry_of(cast.home, 2026, "recommit").is_done
    assert CalendarMark.objects.count() == 2


def test_what_the_portal_sees_is_not_ticked_by_hand(cast, secretariat):
    """Nobody sent the proposal: a hand does not say that it went."""
    with pytest.raises(StepRefused, match="sees whether"):
        mark_date(year=2026, key="propose", is_done=True, note="x", by=secretariat, now=NOW)
    CalendarMark.objects.create(
        government=cast.home,
        year=2026,
        key="propose",
        is_done=True,
        recorded_by=secretariat,
        recorded_at=NOW,
    )
    assert not entry_of(cast.home, 2026, "propose").is_done


def test_nobody_ticks_a_step_of_the_ministry(secretariat):
    with pytest.raises(StepRefused, match="ministry"):
        mark_date(year=2026, key="tpn_desk", is_done=True, note="", by=secretariat, now=NOW)


def test_another_app_says_that_a_step_is_done(cast, secretariat, monkeypatch):
    monkeypatch.setitem(year_calendar._checks, "proposal_sent", lambda pk, year: date(year, 5, 20))
    assert entry_of(cast.home, 2026, "propose").checked_on == date(2026, 5, 20)
    assert "2026.propose" not in {row.link_id for row in due_dates(cast.home, TODAY)}
    with pytest.raises(StepRefused, match="portal itself"):
        mark_date(year=2026, key="propose", is_done=True, note="", by=secretariat, now=NOW)


# --- own dates ---


def test_an_own_date_comes_and_goes_with_a_reason(cast, secretariat):
    values = {
        "year": 2026,
        "title": "Meeting",
        "role": Role.SEKDA,
        "starts_on": None,
        "due_on": date(2026, 5, 4),
        "form_key": uuid4(),
        "by": secretariat,
        "now": NOW,
    }
    own = add_date(**values)
    assert add_date(**values) == own
    assert entry_of(cast.home, 2026, own.key).label == "Meeting"
    with pytest.raises(StepRefused, match="Write why"):
        drop_date(own=own, reason=" ", by=secretariat, now=NOW)
    drop_date(own=own, reason="merged", by=secretariat, now=NOW)
    drop_date(own=own, reason="merged", by=secretariat, now=NOW)
    assert entry_of(cast.home, 2026, own.key) is None
    assert LedgerEntry.objects.filter(verb="own_date.dropped").count() == 1


# --- days off ---


def test_a_deadline_on_a_day_off_is_hinted_at_and_not_moved(cast, secretariat):
    """31 May 2026 is a Sunday, before it lie a local day off and Idul Adha with its cuti bersama."""
    Holiday.objects.create(government=cast.home, day=date(2026, 5, 29), name="Hari jadi")
    entry = entry_of(cast.home, 2026, "propose")

    row = shown_entry(entry, cast.home, TODAY)

    assert row.entry.due_on == date(2026, 5, 31)
    assert row.work_by == date(2026, 5, 26)
    off = frozenset({date(2026, 5, 28)})
    assert last_working_day(date(2026, 5, 28), off) == date(2026, 5, 27)
    assert last_working_day(date(2026, 5, 26), off) == date(2026, 5, 26)


# --- pages ---


def test_the_page_shows_moved_dates_with_their_reason(cast, secretariat, client_as):
    move(secretariat, reason="Surat kementerian memundurkan batas")
    page = client_as(cast[Role.OPD_OPERATOR]).get(reverse("opd:calendar"), {"year": "2026"})
    text = page.content.decode()
    assert "Surat kementerian memundurkan batas" in text
    assert "B/1" in text


@pytest.mark.parametrize("year", ["0", "99999", "abc", "-1", "", "²026"])
def test_any_year_in_the_address_is_answered(cast, client_as, year):
    answer = client_as(cast[Role.SEKDA]).get(reverse("opd:calendar"), {"year": year})
    assert answer.status_code == 200


@pytest.mark.parametrize("key", ["nothing", "own-999999", "own-", "own-x", "own-" + "9" * 30])
def test_an_unknown_date_is_not_found(cast, client_as, key):
    url = reverse("opd:calendar_date", kwargs={"year": 2026, "key": key})
    assert client_as(cast[Role.SEKDA]).get(url).status_code == 404


def test_the_page_costs_the_same_for_two_and_for_seven(cast, client_as):
    client = client_as(cast[Role.ZI_SECRETARIAT])
    counts = []
    for rows in (2, 5):
        OwnDateFactory.create_batch(rows, government=cast.home)
        client.get(reverse("opd:calendar"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("opd:calendar"), {"year": "2026"})
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_moving_by_the_form(cast, secretariat, client_as):
    client = client_as(secretariat)
    url = reverse("opd:calendar_move", kwargs={"year": 2026, "key": "propose"})
    data = {"form_key": str(uuid4()), "seen": "0", "due_on": "14/6/2026", "letter_number": "B/9"}

    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "14/6/2026" in refused.content.decode()

    assert client.post(url, {**data, "reason": "Surat"}).status_code == 302
    clash = client.post(url, {**data, "form_key": str(uuid4()), "reason": "Lain"})
    assert clash.status_code == 409
    assert "Lain" in clash.content.decode()
    seen = CalendarDate.objects.get().pk
    again = {**data, "form_key": str(uuid4()), "due_on": "15 Juni 2026", "reason": "Lain"}
    assert client.post(url, {**again, "seen": seen}).status_code == 302
    assert entry_of(cast.home, 2026, "propose").due_on == date(2026, 6, 15)


def test_a_double_click_on_done_does_not_take_it_back(cast, secretariat, client_as):
    client = client_as(secretariat)
    url = reverse("opd:calendar_mark", kwargs={"year": 2026, "key": "recommit"})
    for _press in range(2):
        assert client.post(url, {"wanted": "done", "note": "B/7"}).status_code == 302
    assert entry_of(cast.home, 2026, "recommit").is_done
    assert client.post(url, {"wanted": "open", "note": ""}).status_code == 422
    assert client.post(url, {"wanted": "open", "note": "salah kirim"}).status_code == 302


def test_adding_by_the_form_takes_the_year_of_the_date(cast, secretariat, client_as):
    data = {
        "form_key": str(uuid4()),
        "title": "Rapat",
        "role": "sekda",
        "due_on": "3 Februari 2027",
    }
    assert client_as(secretariat).post(reverse("opd:calendar_add"), data).status_code == 302
    assert OwnDate.objects.get().year == 2027


def test_the_twelve_months_stand_in_order(cast):
    months = by_month(cast.home, 2026, TODAY)
    assert [month.first.month for month in months] == list(range(1, 13))
    assert sum(len(month.rows) for month in months) == len(entries(cast.home, 2026))
    assert not InboxItem.objects.exists()
