"""What counts as ready, and which units stand in which year: pure rules and their data."""

from datetime import date

import pytest
from hypothesis import given, strategies as st

from assessments.checklists import DATA, checklist_on, checklists, read
from assessments.phases import Planned, after_target, effective_plan, year_rows
from assessments.preparation import Tally, readiness, tally
from integrity_portal.core.data_files import UnableToReadData, parse

SCHEMA = DATA / "preparation.schema.json"
FILE = (DATA / "preparation.yaml").read_bytes()
CODES = ["a", "b", "c"]
STATES = st.sampled_from(["done", "in_progress", "not_started"])


class TestReadiness:
    @pytest.mark.parametrize(
        ("states", "done", "begun", "missing"),
        [
            ({}, 0, 0, ("a", "b", "c")),
            ({"a": "done"}, 1, 0, ("b", "c")),
            ({"a": "in_progress", "b": "in_progress", "c": "in_progress"}, 0, 3, ("a", "b", "c")),
            ({"a": "done", "b": "not_started", "c": "in_progress"}, 1, 1, ("b", "c")),
            ({"a": "done", "b": "done", "c": "done"}, 3, 0, ()),
            ({"former_step": "done"}, 0, 0, ("a", "b", "c")),
        ],
    )
    def test_only_done_counts(self, states: dict, done: int, begun: int, missing: tuple) -> None:
        found = readiness(CODES, states)
        assert (found.done, found.begun, found.missing) == (done, begun, missing)
        assert found.is_ready == (done == 3)
        assert found.has_begun == (done + begun > 0)

    @given(st.dictionaries(st.sampled_from(CODES), STATES))
    def test_done_and_missing_are_the_whole(self, states: dict) -> None:
        found = readiness(CODES, states)
        assert found.done + len(found.missing) == found.of == 3


class TestTally:
    def test_every_undeclared_unit_once(self) -> None:
        found = tally([1, 2, 3, 4, 5], further=[5, 9], done={1: 10, 2: 4, 3: 0, 5: 10}, of=10)
        assert found == Tally(undeclared=5, ready=1, under_way=2, not_begun=1, further=1)

    def test_without_any_record_nothing_is_said(self) -> None:
        assert tally([1, 2], further=[], done={}, of=10).is_empty
        assert not tally([1, 2], further=[], done={1: 0}, of=10).is_empty

    @given(
        st.sets(st.integers(0, 9)),
        st.sets(st.integers(0, 9)),
        st.dictionaries(st.integers(0, 9), st.integers(0, 10)),
    )
    def test_the_four_add_up(self, undeclared: set, further: set, done: dict) -> None:
        found = tally(undeclared, further=further, done=done, of=10)
        parts = found.ready + found.under_way + found.not_begun + found.further
        assert parts == found.undeclared == len(undeclared)


class TestChecklist:
    def test_ten_steps_each_with_what_counts_and_a_proof(self) -> None:
        found = checklist_on(date(2026, 11, 22))
        assert len(found.steps) == 10
        assert {step.finding for step in found.steps if step.finding} == {
            "work_plan",
            "standards",
            "liaison",
            "lhkpn",
            "lhkan",
        }
        assert all(str(step.done).endswith(".") and str(step.proof) for step in found.steps)
        assert list(checklists()) == [found.code]
        assert len(found.sha256) == 64

    def test_a_day_before_all_gets_the_oldest(self) -> None:
        assert checklist_on(date(1999, 1, 1)).code == "preparation-1"

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (b"code: team", b"code: commitment", "stands there twice"),
            (b"finding: lhkpn", b"finding: horoscope", "horoscope"),
            (b'valid_from: "2021-01-01"', b"valid_from: someday", "someday"),
            (b"    proof_id: Notulen", b"    proofs: Notulen", "proofs"),
        ],
    )
    def test_a_broken_file_is_refused(self, old: bytes, new: bytes, said: str) -> None:
        assert old in FILE
        with pytest.raises(UnableToReadData, match=said):
            read(parse(FILE.replace(old, new, 1), SCHEMA, name="x.yaml"))


class TestPlan:
    def test_a_unit_keeps_its_own_year(self) -> None:
        plan = effective_plan({1: 2026, 2: 2027}, counted={1, 2}, heirs={})
        assert plan.units == {1: Planned(2026), 2: Planned(2027)}
        assert plan.lost == frozenset()

    def test_the_year_of_an_ended_unit_goes_on_with_its_heir(self) -> None:
        plan = effective_plan({1: 2026}, counted={3}, heirs={1: [2], 2: [3]})
        assert plan.units == {3: Planned(2026, through=1)}

    def test_an_own_year_wins_and_of_several_inherited_the_earliest(self) -> None:
        plan = effective_plan({1: 2025, 2: 2028}, counted={2}, heirs={1: [2]})
        assert plan.units == {2: Planned(2028)}
        plan = effective_plan({1: 2029, 4: 2026}, counted={2}, heirs={1: [2], 4: [2]})
        assert plan.units == {2: Planned(2026, through=4)}

    def test_both_heirs_of_a_split_take_the_year_over(self) -> None:
        plan = effective_plan({1: 2026}, counted={2, 3}, heirs={1: [2, 3]})
        assert set(plan.units) == {2, 3}

    def test_without_an_heir_it_is_lost_and_told(self) -> None:
        plan = effective_plan({1: 2026}, counted={2}, heirs={})
        assert plan.units == {}
        assert plan.lost == {1}


class TestYears:
    TODAY = date(2026, 11, 22)

    def test_planned_declared_and_to_come(self) -> None:
        rows = year_rows(
            {1: 2025, 2: 2026, 3: 2026, 4: 2028},
            {1: date(2025, 5, 1), 2: date(2025, 9, 1), 9: date(2026, 1, 1)},
            today=self.TODAY,
        )
        shown = [(row.year, row.planned, row.declared, row.to_come, row.acts) for row in rows]
        assert shown == [
            (2025, 1, 1, 0, 2),
            (2026, 2, 1, 1, 1),
            (2027, 0, 0, 0, 0),
            (2028, 1, 0, 1, 0),
        ]
        assert [row.together for row in rows] == [1, 3, 3, 4]
        assert [row.reached for row in rows] == [2, 3, None, None]

    def test_nothing_at_all_is_no_row(self) -> None:
        assert year_rows({}, {}, today=self.TODAY) == []

    def test_acts_alone_go_up_to_this_year(self) -> None:
        rows = year_rows({}, {1: date(2024, 1, 1)}, today=self.TODAY)
        assert [row.year for row in rows] == [2024, 2025, 2026]

    def test_after_the_target(self) -> None:
        assert after_target([2026, 2027, 2028, 2029], 2027) == 2
        assert after_target([2026, 2099], None) == 0
