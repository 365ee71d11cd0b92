"""Periods, freezes and comparisons: tables, and what must hold for any plan."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from assessments import monev, pasted, workflow
from assessments.enums import ActivityState, Light, MonevPeriod, Move, PeriodState, Presence
from assessments.monev import FrozenActivity, FrozenPlan, compare, count_moves
from assessments.monev_periods import DATA, calendar, read
from integrity_portal.core.data_files import UnableToReadData, parse

DAYS = calendar()
B06 = DAYS.period("B06")


class TestPeriods:
    def test_the_file_has_the_four_periods_in_order(self) -> None:
        assert [row.code for row in DAYS.periods] == list(MonevPeriod.values)
        assert [row.ends_on(2026) for row in DAYS.periods] == [
            date(2026, 3, 31),
            date(2026, 6, 30),
            date(2026, 9, 30),
            date(2026, 12, 31),
        ]

    @pytest.mark.parametrize(
        ("today", "taken_on", "began_on", "neutral", "state"),
        [
            (date(2026, 6, 22), None, None, False, PeriodState.NOT_YET),
            (date(2026, 6, 23), None, None, False, PeriodState.OPEN),
            (date(2026, 7, 14), None, None, False, PeriodState.OPEN),
            (date(2026, 7, 15), None, None, False, PeriodState.MISSING),
            (date(2026, 7, 15), None, None, True, PeriodState.OPEN),
            (date(2027, 1, 1), None, date(2026, 6, 30), False, PeriodState.MISSING),
            (date(2027, 1, 1), None, date(2026, 7, 1), False, PeriodState.BEFORE),
            (date(2026, 8, 1), date(2026, 7, 14), None, False, PeriodState.FROZEN),
            (date(2026, 8, 1), date(2026, 7, 15), None, False, PeriodState.FROZEN_LATE),
            (date(2026, 8, 1), date(2026, 7, 15), None, True, PeriodState.FROZEN),
            (date(2026, 8, 1), date(2026, 7, 2), date(2026, 8, 1), False, PeriodState.FROZEN),
        ],
    )
    def test_state(self, today, taken_on, began_on, neutral, state) -> None:
        assert (
            DAYS.state(
                B06, 2026, today=today, taken_on=taken_on, began_on=began_on, is_neutral=neutral
            )
            == state
        )

    @given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(DAYS.periods))
    def test_what_may_be_frozen_is_never_not_yet(self, today, period) -> None:
        state = DAYS.state(period, 2025, today=today)
        assert (state == PeriodState.NOT_YET) != DAYS.may_freeze(period, 2025, today=today)
        tomorrow = today + timedelta(days=1)
        assert DAYS.may_freeze(period, 2025, today=tomorrow) >= DAYS.may_freeze(
            period, 2025, today=today
        )

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("03-31", "02-30"),
            ("code: B06", "code: B03"),
            ("ends: 06-30", "ends: 01-31"),
            ("opens_days_before: 7", "opens_days_before: -1"),
            ("code: triwulan", "kode: triwulan"),
        ],
    )
    def test_a_broken_file_is_refused(self, old: str, new: str) -> None:
        schema = DATA / "monev-periods.schema.json"
        text = (DATA / "monev-periods.yaml").read_text()
        assert old in text
        with pytest.raises(UnableToReadData):
            read(parse(text.replace(old, new, 1).encode(), schema, name="x.yaml"))


def frozen(number: int = 1, **changed) -> FrozenActivity:
    values = {
        "id": number,
        "area": "1",
        "title": f"Kegiatan {number}",
        "milestone": "SK",
        "due_on": date(2026, 6, 1),
        "responsible": "Ketua Pokja 1",
        "state": ActivityState.ACTIVE.value,
        "percent": Decimal(40),
        "light": Light.ON_TIME.value,
        **changed,
    }
    return FrozenActivity(**values)


class TestCompare:
    @pytest.mark.parametrize(
        ("before", "after", "move"),
        [
            ({"percent": Decimal(40)}, {"percent": Decimal("40.01")}, Move.FORWARD),
            ({"percent": Decimal(40)}, {"percent": Decimal(40)}, Move.STILL),
            ({"percent": None}, {"percent": None}, Move.STILL),
            ({"percent": None}, {"percent": Decimal(0)}, Move.STILL),
            ({"percent": Decimal(40)}, {"percent": Decimal(100)}, Move.FINISHED),
            ({"percent": Decimal(100)}, {"percent": Decimal(100)}, Move.COMPLETE),
            ({"percent": Decimal(100)}, {"percent": Decimal(90)}, Move.BACK),
            ({"percent": Decimal(40)}, {"percent": None}, Move.BACK),
            (None, {"percent": Decimal(10)}, Move.ADDED),
            ({"state": "dropped"}, {"percent": Decimal(10)}, Move.ADDED),
            ({}, {"state": "dropped"}, Move.DROPPED),
            ({"state": "dropped"}, {"state": "dropped"}, Move.GONE),
            (None, {"state": "dropped"}, Move.GONE),
        ],
    )
    def test_what_became_of_it(self, before, after, move) -> None:
        rows = compare(
            FrozenPlan(() if before is None else (frozen(**before),)),
            FrozenPlan((frozen(**after),)),
        )
        assert [row.move for row in rows] == [move]

    def test_a_promise_that_changed_is_said(self) -> None:
        later = frozen(due_on=date(2026, 9, 1), milestone="Lain")
        (row,) = compare(FrozenPlan((frozen(),)), FrozenPlan((later,)))
        assert row.due_moved == (date(2026, 6, 1), date(2026, 9, 1))
        assert row.promise_changed
        assert row.points == 0


percents = st.none() | st.decimals(0, 100, places=2)
plans = st.lists(
    st.builds(
        frozen,
        st.integers(1, 12),
        percent=percents,
        state=st.sampled_from(["planned", "active", "dropped"]),
        area=st.sampled_from("123456"),
    ),
    unique_by=lambda row: row.id,
    max_size=12,
).map(lambda rows: FrozenPlan(tuple(rows)))


class TestAnyPlan:
    @given(plans, plans)
    def test_every_activity_stands_once(self, before: FrozenPlan, after: FrozenPlan) -> None:
        rows = compare(before, after)
        ids = [row.activity.id for row in rows]
        assert sorted(ids) == sorted({row.id for row in (*before.activities, *after.activities)})
        assert sum(count_moves(rows).values()) == len(rows)

    @given(plans)
    def test_nothing_moves_against_itself(self, plan: FrozenPlan) -> None:
        moves = {row.move for row in compare(plan, plan)}
        assert moves <= {Move.STILL, Move.COMPLETE, Move.GONE}

    @given(plans, plans)
    def test_points_turn_round(self, before: FrozenPlan, after: FrozenPlan) -> None:
        there = {row.activity.id: row.points for row in compare(before, after)}
        back = {row.activity.id: row.points for row in compare(after, before)}
        assert {key: None if value is None else -value for key, value in there.items()} == back

    @given(plans)
    def test_what_is_kept_is_read_back_as_it_was(self, plan: FrozenPlan) -> None:
        kept = json.loads(json.dumps(plan.to_json()))
        again = FrozenPlan.from_json(kept)
        assert {row.id: row for row in again.activities} == {row.id: row for row in plan.activities}
        assert again.percent == plan.percent
        assert monev.fingerprint(again.to_json()) == monev.fingerprint(kept)

    @given(plans.filter(lambda plan: plan.activities))
    def test_any_change_changes_the_fingerprint(self, plan: FrozenPlan) -> None:
        first, *rest = plan.activities
        other = FrozenPlan((replace(first, note="lain"), *rest))
        assert monev.fingerprint(plan.to_json()) != monev.fingerprint(other.to_json())

    @given(plans)
    def test_progress_lies_between_nothing_and_all(self, plan: FrozenPlan) -> None:
        percent = plan.percent
        assert (percent is None) == (not plan.counted)
        assert percent is None or 0 <= percent <= 100


@pytest.mark.parametrize(
    ("state", "days", "neutral", "late"),
    [
        ("open", -1, False, True),
        ("done", -1, False, True),
        ("verified", -1, False, False),
        ("open", 0, False, False),
        ("open", -1, True, False),
    ],
)
def test_when_a_follow_up_is_overdue(state, days, neutral, late) -> None:
    today = date(2026, 6, 1)
    due_on = today + timedelta(days=days)
    assert monev.is_overdue(state, due_on, today=today, is_neutral=neutral) is late


class TestPasted:
    def test_tabs_semicolons_and_quoted_cells(self) -> None:
        tabs = '1\t3\t"Baris satu\nbaris dua"\tKetua Pokja 3\t30/09/2026\r\n\r\n2\t4\tTeks\t\t1 Oktober 2026'
        first, second = pasted.rows_of(tabs)
        assert first.cells == ("1", "3", "Baris satu\nbaris dua", "Ketua Pokja 3", "30/09/2026")
        assert second.cells == ("2", "4", "Teks", "", "1 Oktober 2026")
        (row,) = pasted.rows_of("1; 3; Teks, dengan koma; Sekretaris; 30 September 2026")
        assert pasted.recommendation(row.cells).due_on == date(2026, 9, 30)

    @given(
        st.lists(
            st.lists(st.text('ab ;"\t,12', min_size=1, max_size=8), min_size=1, max_size=5),
            max_size=5,
        )
    )
    def test_a_refused_row_can_be_pasted_again(self, rows: list[list[str]]) -> None:
        text = "\n".join(";".join(cells) for cells in rows)
        once = pasted.rows_of(text)
        for row in once:
            again = pasted.rows_of(row.raw)
            assert [each.cells for each in again] == [row.cells]

    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ("3", "3"),
            ("3.", "3"),
            ("Pokja 3", "3"),
            ("area 6", "6"),
            ("3. Penataan Sistem Manajemen SDM Aparatur", "3"),
            ("penguatan pengawasan", "5"),
        ],
    )
    def test_areas_as_people_write_them(self, said: str, code: str) -> None:
        assert pasted.area_code(said) == code

    @pytest.mark.parametrize(
        "cells",
        [
            ("1", "3", "Teks", "x"),
            ("", "3", "Teks", "x", "1/2/2026"),
            ("1", "7", "Teks", "x", "1/2/2026"),
            ("1", "3", "", "x", "1/2/2026"),
            ("1", "3", "Teks", "x" * 151, "1/2/2026"),
            ("1", "3", "Teks", "x", "besok"),
            ("1", "3", "Teks", "x", "1/2/1926"),
        ],
    )
    def test_a_wrong_row_is_refused(self, cells: tuple[str, ...]) -> None:
        with pytest.raises(pasted.NotARow):
            pasted.recommendation(cells)

    @pytest.mark.parametrize(
        ("line", "presence", "instead"),
        [
            ("Siti; Kepala", Presence.ATTENDED, ""),
            ("Siti; Kepala; hadir", Presence.ATTENDED, ""),
            ("Siti; Kepala; diwakili Budi", Presence.REPRESENTED, "Budi"),
            ("Siti; Kepala; Diwakili oleh: Budi", Presence.REPRESENTED, "Budi"),
        ],
    )
    def test_attendance(self, line: str, presence: str, instead: str) -> None:
        found = pasted.attendee(pasted.rows_of(line)[0].cells)
        assert (found.presence, found.represented_by) == (presence, instead)
        assert pasted.attendee(pasted.rows_of(pasted.as_typed(found))[0].cells) == found

    @pytest.mark.parametrize(
        "line", ["Siti", "Siti;", "Siti; Kepala; sakit", "a;b;c;d", "a;b;diwakili"]
    )
    def test_attendance_that_is_not_understood(self, line: str) -> None:
        with pytest.raises(pasted.NotARow):
            pasted.attendee(pasted.rows_of(line)[0].cells)


def test_the_rules_know_no_clock_and_no_database() -> None:
    for name in ("monev.py", "pasted.py", "monev_periods.py"):
        text = (Path(monev.__file__).parent / name).read_text()
        assert "timezone" not in text
        assert ".today()" not in text
        assert "django.db" not in text


@pytest.mark.parametrize("name", ["MEETING", "FOLLOW_UP", "EVENT", "QUESTION", "RECOMMENDATION"])
def test_the_diagrams_of_the_readme_are_those_of_the_tables(name: str) -> None:
    text = (Path(monev.__file__).parent / "README.md").read_text()
    table = getattr(workflow, name)
    assert f"```mermaid\n{table.mermaid()}\n```" in text, f"put {name}.mermaid() into README.md"
