"""Most vulnerable and most ready: the arithmetic, the order, the factors as data."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from assessments.factor_sets import DATA, factor_set_on, factor_sets, read
from assessments.pilots import (
    Axis,
    Factor,
    Quadrant,
    Rules,
    against_order,
    axis_value,
    place_units,
    quadrant_of,
)
from assessments.reasons import reason
from integrity_portal.core.data_files import UnableToReadData, parse

V, R = Axis.VULNERABILITY, Axis.READINESS
FACTORS = [
    Factor("money", V, Decimal(3)),
    Factor("people", V, Decimal(1)),
    Factor("head", R, Decimal(2)),
    Factor("list", R, Decimal(2)),
]
RULES = Rules(high_from=Decimal(50), needed=Decimal(100))
SCHEMA = DATA / "pilot-factors.schema.json"
FILE = (DATA / "pilot-factors.yaml").read_bytes()
GIVEN = st.dictionaries(
    st.sampled_from([factor.code for factor in FACTORS]), st.integers(1, 5), max_size=4
)


def unit(money: int, people: int, head: int, listed: int) -> dict[str, int]:
    return {"money": money, "people": people, "head": head, "list": listed}


class TestAxis:
    @pytest.mark.parametrize(
        ("money", "people", "expected"),
        [
            (1, 1, "0"),
            (5, 5, "100"),
            (3, 3, "50"),
            (5, 1, "75"),
            (1, 5, "25"),
            (4, 2, "62.5"),
        ],
    )
    def test_a_weighted_mean_from_0_to_100(self, money: int, people: int, expected: str) -> None:
        found = axis_value(FACTORS[:2], {"money": money, "people": people}, RULES)
        assert found.value == Decimal(expected)

    def test_empty_is_not_zero(self) -> None:
        found = axis_value(FACTORS[:2], {"money": 5}, RULES)
        assert found.value is None
        assert (found.scored, found.of, found.missing) == (1, 2, ("people",))
        assert axis_value(FACTORS[:2], {}, RULES).value is None

    def test_a_share_of_the_factors_may_be_enough(self) -> None:
        rules = Rules(Decimal(50), Decimal(50))
        found = axis_value(FACTORS[:2], {"money": 4}, rules)
        assert found.value == Decimal(75)
        assert found.missing == ("people",)
        assert axis_value(FACTORS[:2], {}, rules).value is None

    def test_what_weighs_most(self) -> None:
        found = axis_value(FACTORS[:2], {"money": 2, "people": 5}, RULES)
        assert found.strongest == ("people", "money")
        assert found.weakest == ("money",)
        assert axis_value(FACTORS[:2], {"money": 1, "people": 1}, RULES).strongest == ()

    @given(GIVEN)
    def test_never_outside_and_never_from_nothing(self, scores: dict) -> None:
        for axis in Axis:
            own = [row for row in FACTORS if row.axis == axis]
            value = axis_value(own, scores, RULES).value
            assert (value is None) == any(row.code not in scores for row in own)
            assert value is None or 0 <= value <= 100


class TestQuadrant:
    @pytest.mark.parametrize(
        ("vulnerability", "readiness", "expected"),
        [
            ("50", "50", Quadrant.BOTH),
            ("49.999", "50", Quadrant.READY),
            ("50", "49.999", Quadrant.VULNERABLE),
            ("0", "0", Quadrant.NEITHER),
        ],
    )
    def test_the_border_belongs_above(
        self, vulnerability: str, readiness: str, expected: Quadrant
    ) -> None:
        assert quadrant_of(Decimal(vulnerability), Decimal(readiness), RULES) == expected

    def test_unknown_stands_nowhere(self) -> None:
        assert quadrant_of(None, Decimal(90), RULES) is None


class TestOrder:
    def test_the_lower_axis_decides_so_that_neither_side_hides_the_other(self) -> None:
        scores = {1: unit(5, 5, 2, 2), 2: unit(4, 4, 4, 4), 3: unit(1, 1, 5, 5)}
        assert [row.unit for row in place_units(scores, FACTORS, RULES)] == [2, 1, 3]

    def test_more_in_sum_does_not_pass_more_on_both_sides(self) -> None:
        scores = {1: unit(5, 5, 3, 3), 2: unit(4, 4, 4, 3)}  # 100 and 50; 75 and 62,5
        assert [row.unit for row in place_units(scores, FACTORS, RULES)] == [2, 1]

    def test_equals_share_a_place_and_the_next_one_is_skipped(self) -> None:
        scores = {
            1: unit(3, 3, 3, 3),
            2: unit(5, 5, 5, 5),
            3: unit(3, 3, 3, 3),
            4: unit(1, 1, 1, 1),
        }
        found = {row.unit: row.place for row in place_units(scores, FACTORS, RULES)}
        assert found == {2: 1, 1: 2, 3: 2, 4: 4}

    def test_of_the_same_lower_axis_the_higher_one_decides(self) -> None:
        scores = {1: unit(3, 3, 3, 3), 2: unit(3, 3, 5, 5)}
        assert [row.unit for row in place_units(scores, FACTORS, RULES)] == [2, 1]

    def test_incomplete_units_come_last_without_a_place(self) -> None:
        scores = {1: {"money": 5}, 2: unit(1, 1, 1, 1)}
        rows = place_units(scores, FACTORS, RULES)
        assert [(row.unit, row.place, row.is_complete) for row in rows] == [
            (2, 1, True),
            (1, None, False),
        ]
        assert rows[1].missing == ("people", "head", "list")

    @given(st.dictionaries(st.integers(1, 30), GIVEN, max_size=30))
    @settings(max_examples=60)
    def test_everybody_once_and_more_is_never_worse(self, scores: dict) -> None:
        rows = place_units(scores, FACTORS, RULES)
        assert sorted(row.unit for row in rows) == sorted(scores)
        placed = [row for row in rows if row.place is not None]
        places = [row.place for row in placed]
        assert places == sorted(places)
        for row in placed:
            better = sum(1 for other in places if other < row.place)
            assert row.place == better + 1
        for one in placed:
            for two in placed:
                if (
                    one.vulnerability.value >= two.vulnerability.value
                    and one.readiness.value >= two.readiness.value
                ):
                    assert one.place <= two.place


class TestAgainstTheOrder:
    SCORES = {1: unit(5, 5, 5, 5), 2: unit(4, 4, 4, 4), 3: unit(4, 4, 4, 4), 4: {"money": 5}}

    @pytest.mark.parametrize(
        ("chosen", "expected"),
        [
            ({1}, set()),
            ({2}, {2}),
            ({1, 2}, set()),
            ({1, 3}, set()),
            ({2, 3}, set()),
            ({1, 4}, {4}),
            (set(), set()),
        ],
    )
    def test_the_first_places_and_their_ties_need_no_reason(
        self, chosen: set, expected: set
    ) -> None:
        rows = place_units(self.SCORES, FACTORS, RULES)
        assert against_order(rows, chosen) == expected

    def test_where_nobody_is_placed_everybody_needs_one(self) -> None:
        rows = place_units({1: {}, 2: {}}, FACTORS, RULES)
        assert against_order(rows, {1}) == {1}


class TestFactorsAsData:
    def test_two_axes_each_step_with_its_sentence(self) -> None:
        found = factor_set_on(date(2026, 11, 22))
        assert {row.rule.axis for row in found.factors} == set(Axis)
        assert all(len(row.scale) == 5 and str(row.source) for row in found.factors)
        assert len({str(step) for row in found.factors for step in row.scale}) > 40
        assert list(factor_sets()) == [found.code]
        assert found.factor("money") is not None
        assert found.factor("horoscope") is None

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (b"code: face_to_face", b"code: money", "stands there twice"),
            (b"axis: readiness", b"axis: vulnerability", "an axis has no factor"),
            (b"weight: 3", b"weight: 0", "0"),
            (b"figure: tlhp", b"figure: weather", "weather"),
            (b"high_from: 50", b"high_from: 500", "500"),
        ],
    )
    def test_a_broken_file_is_refused(self, old: bytes, new: bytes, said: str) -> None:
        assert old in FILE
        with pytest.raises(UnableToReadData, match=said):
            read(parse(FILE.replace(old, new), SCHEMA, name="x.yaml"))


class TestReasons:
    SET = factor_set_on(date(2026, 11, 22))

    def reason_for(self, digits: str) -> str:
        codes = [factor.code for factor in self.SET.factors]
        scores = {
            code: int(digit) for code, digit in zip(codes, digits, strict=True) if digit != "-"
        }
        (row,) = place_units({1: scores}, self.SET.pure, self.SET.rules)
        return reason(row, scores, self.SET)

    def test_the_factors_that_weigh_most_with_their_scores(self) -> None:
        assert self.reason_for("511111511111") == (
            "Kurang rawan, paling tinggi pada uang yang dikelola (5); belum siap, paling maju pada "
            "komitmen pimpinan (5); paling kurang: langkah persiapan (1)."
        )

    def test_who_is_high_on_both_axes_is_called_so(self) -> None:
        said = self.reason_for("555555555551")
        assert said.startswith("Rawan karena")
        assert "siap karena" in said

    def test_nothing_is_both_the_strength_and_the_lack(self) -> None:
        assert "paling kurang" not in self.reason_for("222222333333")

    def test_official_words_keep_their_capitals(self) -> None:
        assert "SAKIP unit" in self.reason_for("5555555555-5")
        assert "kepatuhan LHKPN (1)" in self.reason_for("555555555155")

    def test_the_lowest_of_everything(self) -> None:
        assert self.reason_for("1" * 12).startswith("Paling kurang: komitmen pimpinan (1)")

    def test_of_an_incomplete_unit_what_is_missing(self) -> None:
        assert self.reason_for("5555555555--") == (
            "Belum ada skor untuk: SAKIP unit, sistem dan petugas TI."
        )
