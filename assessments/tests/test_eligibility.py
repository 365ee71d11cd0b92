"""Every rule of the rule sets as a table; the founding stories by their own yardstick."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from assessments.eligibility import (
    Fact,
    Level,
    Outcome,
    Requirement,
    Rule,
    Scale,
    State,
    judge,
    verdict,
)
from assessments.requirement_sets import requirement_sets, set_in_force

NOW = requirement_sets()["permenpanrb-5-2024"]
KEDIRI = requirement_sets()["barenlitbang-kediri-2019"]
YEAR = 2026

# All that is asked for, exactly at its bound. The unit facts hold for both levels of the set.
INSTITUTION = {
    "wbk": {"bpk_opinion": "WTP", "sakip": "B", "rb_index": "CC", "spip_level": "3"},
    "wbbm": {"bpk_opinion": "WTP", "sakip": "BB", "rb_index": "B", "spip_level": "3"},
}
UNIT = {
    "wbk": {
        "core_service": "yes",
        "public_perception": "yes",
        "tlhp_percent": "100",
        "lhkpn_percent": "100",
        "lhkan_percent": "100",
        "building_months": "12",
        "sakip": "B",
    },
    "wbbm": {
        "core_service": "yes",
        "public_perception": "yes",
        "tlhp_percent": "100",
        "lhkpn_percent": "100",
        "lhkan_percent": "100",
        "building_months": "12",
        "sakip": "BB",
        "predicate": "wbk",
    },
}
# code, target, value just short of it, how much is missing
SHORT = [
    ("bpk_opinion", "wbk", "WTP-DPP", 1),
    ("bpk_opinion", "wbk", "WDP", 2),
    ("bpk_opinion", "wbbm", "WTP-DPP", 1),
    ("sakip", "wbk", "CC", 1),
    ("sakip", "wbk", "D", 3),
    ("sakip", "wbbm", "B", 1),
    ("rb_index", "wbk", "C", 1),
    ("rb_index", "wbbm", "CC", 1),
    ("rb_index", "wbbm", "58.11 (CC)", 1),
    ("rb_index", "wbbm", "59.65", 1),
    ("spip_level", "wbk", "2", 1),
    ("spip_level", "wbbm", "2.9", "0.1"),
    ("core_service", "wbk", "no", None),
    ("core_service", "wbbm", "no", None),
    ("public_perception", "wbk", "no", None),
    ("public_perception", "wbbm", "no", None),
    ("tlhp", "wbk", "99.99", "0.01"),
    ("tlhp", "wbbm", "0", 100),
    ("lhkpn", "wbk", "83.33", "16.67"),
    ("lhkpn", "wbbm", "99.995", "0.005"),
    ("lhkan", "wbk", "50", 50),
    ("lhkan", "wbbm", "50", 50),
    ("building", "wbk", "11", 1),
    ("building", "wbbm", "0", 12),
    ("unit_sakip", "wbk", "CC", 1),
    ("unit_sakip", "wbbm", "B", 1),
    ("prior_wbk", "wbbm", "none", None),
]


def facts(values, year=YEAR):
    return {(key, year): Fact(value) for key, value in values.items()}


def findings(target, institution=None, unit=None, rules=NOW, year=YEAR):
    found = judge(
        rules.requirements,
        target=target,
        year=year,
        institution=facts(INSTITUTION[target]) if institution is None else institution,
        unit=facts(UNIT[target]) if unit is None else unit,
        scales=rules.scales,
    )
    return {row.requirement.code: row for row in found}


@pytest.mark.parametrize("target", ["wbk", "wbbm"])
def test_exactly_at_every_bound_the_unit_may_be_proposed(target):
    found = findings(target)

    assert len(found) == {"wbk": 11, "wbbm": 12}[target]
    assert {row.state for row in found.values()} == {State.MET}
    assert verdict(found.values(), may_proceed=False).outcome == Outcome.ELIGIBLE


@pytest.mark.parametrize("rules", [NOW, KEDIRI])
def test_wbbm_without_wbk_is_never_ready(rules):
    """Towards WBK nobody is asked; an exception does not stand in for it."""
    unit = {**UNIT["wbbm"], "predicate": "none"}
    found = findings("wbbm", unit=facts(unit), rules=rules)
    assert found["prior_wbk"].state == State.NOT_MET
    assert verdict(found.values(), may_proceed=True).outcome == Outcome.NOT_YET
    assert "prior_wbk" not in findings("wbk", rules=rules)


@pytest.mark.parametrize(("code", "target", "value", "short"), SHORT)
def test_what_lacks_one_requirement_is_refused_with_that_one_named(code, target, value, short):
    row = next(row for row in NOW.requirements if row.code == code)
    institution, unit = facts(INSTITUTION[target]), facts(UNIT[target])
    (institution if row.level == Level.INSTITUTION else unit)[row.fact, YEAR] = Fact(value)

    answer = verdict(findings(target, institution, unit).values(), may_proceed=False)

    (unmet,) = answer.unmet
    assert (answer.outcome, unmet.requirement.code) == (Outcome.NOT_YET, code)
    assert (unmet.state, unmet.value) == (State.NOT_MET, value)
    assert unmet.short_by == (None if short is None else Decimal(str(short)))


def test_every_requirement_stands_in_the_table_for_each_of_its_targets():
    asked = {(row.code, target) for row in NOW.requirements for target in row.least}
    assert {(code, target) for code, target, _, _ in SHORT} == asked


@pytest.mark.parametrize("value", ["60.37 (B)", "60.37", "B", "60.01"])
def test_an_index_is_read_by_its_published_grade_or_its_number(value):
    institution = facts({**INSTITUTION["wbbm"], "rb_index": value})
    assert findings("wbbm", institution)["rb_index"].state == State.MET


def test_a_bound_itself_is_the_lower_grade():
    institution = facts({**INSTITUTION["wbbm"], "rb_index": "60"})
    assert findings("wbbm", institution)["rb_index"].state == State.NOT_MET


def test_nothing_recorded_is_unknown_and_not_a_refusal_of_worth():
    answer = verdict(findings("wbk", {}, {}).values(), may_proceed=False)

    assert {row.state for row in answer.unmet} == {State.UNKNOWN}
    assert (answer.outcome, len(answer.unmet)) == (Outcome.NOT_YET, 11)


def test_what_is_still_being_assessed_is_in_process():
    institution = facts(INSTITUTION["wbk"]) | {
        ("sakip", YEAR): Fact("", in_process=True),
        ("rb_index", YEAR): Fact("C", in_process=True),
    }
    found = findings("wbk", institution)
    assert found["sakip"].state == found["rb_index"].state == State.IN_PROCESS


def test_who_may_proceed_is_not_made_eligible_by_it():
    unit = facts({**UNIT["wbk"], "tlhp_percent": "80"})
    found = findings("wbk", unit=unit).values()

    answer = verdict(found, may_proceed=True)

    assert answer.outcome == Outcome.MAY_PROCEED
    assert [row.requirement.code for row in answer.unmet] == ["tlhp"]
    assert verdict(findings("wbk").values(), may_proceed=True).outcome == Outcome.ELIGIBLE


class TestBarenlitbang2019:
    def findings(self, opinions, sakip="BB", target="wbk"):
        institution = {("bpk_opinion", year): Fact(value) for year, value in opinions.items()}
        institution |= {("sakip", 2019): Fact(sakip)} if sakip else {}
        return findings(target, institution, {}, rules=KEDIRI, year=2019)

    def test_twice_in_a_row_and_at_least_cc(self):
        found = self.findings({2018: "WTP", 2019: "WTP"}, "CC")
        assert {row.state for row in found.values()} == {State.MET}

    @pytest.mark.parametrize(
        ("opinions", "state", "year"),
        [
            ({2019: "WTP"}, State.UNKNOWN, 2018),
            ({2018: "WDP", 2019: "WTP"}, State.NOT_MET, 2018),
            ({2018: "WTP", 2019: "WDP"}, State.NOT_MET, 2019),
            ({2018: "WDP", 2019: "WDP"}, State.NOT_MET, 2019),
            ({2017: "WTP", 2019: "WTP"}, State.UNKNOWN, 2018),
        ],
    )
    def test_a_row_with_a_gap_or_a_lower_year_fails_in_that_year(self, opinions, state, year):
        row = self.findings(opinions)["bpk_opinion"]
        assert (row.state, row.year) == (state, year)

    def test_below_cc_is_not_enough(self):
        row = self.findings({2018: "WTP", 2019: "WTP"}, "C")["sakip"]
        assert (row.state, row.short_by) == (State.NOT_MET, 1)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 11, 21), "permenpanrb-5-2024"),
        (date(2024, 7, 15), "permenpanrb-5-2024"),
        (date(2019, 9, 16), "barenlitbang-kediri-2019"),
        (date(2015, 1, 1), "barenlitbang-kediri-2019"),
    ],
)
def test_the_set_in_force(day, code):
    assert set_in_force(day).code == code


def test_the_proposal_ends_on_31_may_unless_a_letter_moves_it():
    assert NOW.propose_until == (5, 31)
    assert set(NOW.proceeding_services) == {
        "rsud",
        "civil_registry",
        "samsat",
        "one_stop",
        "education",
        "employment",
    }


@given(
    values=st.lists(
        st.sampled_from(["AA", "A", "BB", "B", "CC", "C", "D"]), min_size=2, max_size=2
    ),
    least=st.sampled_from(["AA", "A", "BB", "B", "CC", "C", "D"]),
)
def test_a_better_grade_never_makes_it_worse(values, least):
    scale = Scale(("AA", "A", "BB", "B", "CC", "C", "D"))
    row = Requirement("x", Level.UNIT, "sakip", Rule.GRADE, {"wbk": least})
    better, worse = sorted(values, key=scale.grades.index)
    met = [
        judge(
            [row],
            target="wbk",
            year=1,
            institution={},
            unit={("sakip", 1): Fact(value)},
            scales={"sakip": scale},
        )[0].state
        == State.MET
        for value in (better, worse)
    ]
    assert met[0] >= met[1]


def test_a_running_assessment_does_not_take_the_last_result_away():
    institution = facts({**INSTITUTION["wbk"], "sakip": "B"}, YEAR - 1)
    institution["sakip", YEAR] = Fact("", in_process=True)
    found = judge(
        NOW.requirements,
        target="wbk",
        year=YEAR,
        institution=institution,
        unit=facts(UNIT["wbk"]),
        scales=NOW.scales,
        grace_years=NOW.grace_years,
    )
    sakip = next(row for row in found if row.requirement.code == "sakip")
    assert (sakip.state, sakip.year) == (State.MET, YEAR - 1)


@pytest.mark.parametrize(("age", "state"), [(0, State.MET), (1, State.MET), (2, State.UNKNOWN)])
def test_percentages_of_the_unit_grow_old_sooner(age, state):
    unit = {**facts(UNIT["wbk"]), ("tlhp_percent", YEAR - age): Fact("100")}
    if age:
        unit.pop(("tlhp_percent", YEAR))
    found = judge(
        NOW.requirements,
        target="wbk",
        year=YEAR,
        institution=facts(INSTITUTION["wbk"]),
        unit=unit,
        scales=NOW.scales,
        grace_years=NOW.grace_years,
    )
    assert next(row for row in found if row.requirement.code == "tlhp").state == state
