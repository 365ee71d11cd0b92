"""Means, indices, bands, the size of a sample, what is hidden: against the sources' own numbers."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from assessments import survey_proofs as proofs, survey_results as results, survey_rules as rules
from assessments.survey_groups import hidden
from assessments.survey_instruments import FILE, read, survey_of, surveys
from assessments.survey_results import Answered
from assessments.survey_sample import krejcie_morgan, needed, shares
from integrity_portal.core.data_files import UnableToReadData, parse
from integrity_portal.core.formatting import half_up


def asked(code, **options):
    return survey_of(surveys().content(code, **options))


def all_of(survey, value):
    return dict.fromkeys(survey.item_codes, value)


def index_of(survey, *answers):
    return rules.read(rules.count(answers, survey), survey)


def test_the_file_asks_what_the_sources_ask():
    known = surveys()
    assert {code: len(known.survey(code).items) for code in known.contents} == {
        "SPKP": 8,
        "SPAK": 5,
        "SKM": 9,
    }
    assert (known.survey("SPAK").feeds, known.survey("SPKP").feeds) == ("B.I.a.a", "B.II.a.a")
    assert not known.survey("SKM").feeds
    assert [item.code for item in known.survey("SPAK").items if not item.is_confirmed] == [
        "SPAK4",
        "SPAK5",
    ]


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [("SPKP", 6, "4.00"), ("SPKP", 1, "0.67"), ("SKM", 4, "100.00"), ("SKM", 1, "25.00")],
)
def test_the_ends_of_the_scales_are_the_ends_of_the_indices(code, value, shown):
    survey = asked(code)
    assert half_up(index_of(survey, all_of(survey, value)).index, 2) == Decimal(shown)


def test_the_weight_as_printed_ends_at_99():
    survey = asked("SKM", printed=True)
    assert index_of(survey, all_of(survey, 4)).index == Decimal(99)
    assert index_of(survey, {**all_of(survey, 4), "U9": 0}).index is None


def test_the_same_stars_on_another_scale_are_another_index():
    survey = asked("SPAK", highest=4)
    assert survey.highest == 4
    assert index_of(survey, all_of(survey, 3)).index == Decimal(3)


def test_each_item_counts_the_same_however_many_judged_it():
    survey = asked("SPAK")
    first = all_of(survey, 6)
    second = {**all_of(survey, 0), "SPAK1": 1}

    reading = index_of(survey, first, second)

    assert reading.elements[0].mean == Fraction(7, 2)
    assert reading.elements[1].not_known == 1
    assert reading.exact == (Fraction(7, 2) + 4 * 6) / 5 * 4 / 6


def test_what_nobody_judged_is_no_zero():
    survey = asked("SPKP")
    assert index_of(survey, {**all_of(survey, 6), "SPKP8": 0}).index == Decimal(4)
    assert index_of(survey).index is None
    assert index_of(survey, all_of(survey, 0)).index is None


@pytest.mark.parametrize(
    ("index", "band"),
    [
        ("88.31", "A"),
        ("88.309999999", "B"),
        ("88.305", "B"),
        ("76.61", "B"),
        ("76.60", "C"),
        ("65", "C"),
        ("64.9999", "D"),
        ("25", "D"),
    ],
)
def test_a_band_begins_at_its_lower_bound_unrounded(index, band):
    assert rules.band_of(Fraction(Decimal(index)), asked("SKM")).code == band


def test_below_the_lowest_band_there_is_none():
    assert rules.band_of(Fraction(Decimal("0.67")), asked("SPAK")) is None


@pytest.mark.parametrize(
    ("population", "sample"),
    [
        (1, 1),
        (10, 10),
        (100, 80),
        (200, 132),
        (500, 217),
        (1000, 278),
        (5000, 357),
        (10_000, 370),
        (100_000, 384),
        (1_000_000, 384),
        (0, 0),
    ],
)
def test_krejcie_and_morgan(population, sample):
    assert krejcie_morgan(population, surveys().sample) == sample


def test_without_a_population_only_common_practice_is_left():
    enough = needed(None, surveys().sample)
    assert (enough.number, enough.is_computed, enough.missing(12)) == (30, False, 18)
    assert shares(80, [None, None]) == [None, None]
    assert shares(80, [75, 25, None]) == [60, 20, None]


def explanations(shown, total, smallest):
    """Every way to fill what is hidden so that the rule hides exactly that."""
    names = list(shown)
    secret = [name for name in names if shown[name] is None]
    rest = total - sum(number for number in shown.values() if number is not None)
    for way in product(range(rest + 1), repeat=len(secret)):
        parts = {**shown, **dict(zip(secret, way, strict=True))}
        if sum(way) == rest and hidden(parts, smallest) == frozenset(secret):
            yield way


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_no_hidden_group_can_be_worked_out(numbers):
    parts = {str(place): number for place, number in enumerate(numbers)}
    secret = hidden(parts, 3)
    assert {name for name, number in parts.items() if 0 < number < 3} <= secret
    if not secret or sum(numbers) < 3:
        return
    shown = {name: None if name in secret else number for name, number in parts.items()}
    assert sum(parts[name] for name in secret) >= 3
    assert len(list(explanations(shown, sum(numbers), 3))) > 1, (parts, secret)


def some(number, value, *, service=None, sex="", proof=True, survey=None):
    survey = survey or asked("SKM")
    profile = {"sex": sex} if sex else {}
    return [Answered(all_of(survey, value), profile, service, proof) for _each in range(number)]


def result(rows, names=None, *, counts_open=False):
    survey = asked("SKM")
    found = results.kept(rows, survey, counts_open=counts_open)
    return results.result_of(found, survey, names=names or {"": ""})


def test_four_answers_are_no_result_and_five_are():
    assert not result(some(4, 3)).is_shown
    assert result(some(5, 3)).index == Decimal(75)
    assert results.kept(some(4, 3), asked("SKM"), counts_open=False)["index"] is None


def test_a_small_service_takes_the_next_one_with_it():
    names = {"1": "KTP", "2": "KK", "3": "Akta"}
    rows = [*some(9, 4, service=1), *some(7, 3, service=2), *some(2, 1, service=3)]

    shown = {group.name: (group.number, group.index) for group in result(rows, names).services}

    assert shown == {"KTP": (9, Decimal(100)), "KK": (None, None), "Akta": (None, None)}


def test_an_element_that_few_judged_is_neither_shown_nor_in_the_index():
    survey = asked("SKM")
    whole = all_of(survey, 4)
    rows = [Answered({**whole, "U9": int(place < 4)}, {}, None, True) for place in range(6)]

    found = result(rows)

    assert found.elements[-1].mean is None
    assert found.index == Decimal(100)
    assert found.not_known(found.elements[-1]) is None


def test_profile_bands_hide_the_few_and_who_said_nothing():
    rows = [*some(20, 3, sex="female"), *some(3, 3, sex="male"), *some(6, 3)]
    sex = result(rows).profile[0]
    assert [group.number for group in sex.groups] == [None, 20, None]
    assert sex.hides_something


def test_answers_without_proof_stay_apart_unless_the_round_says_so():
    rows = [*some(6, 4), *some(30, 1, proof=False)]
    apart = result(rows)
    assert (apart.index, apart.number, apart.apart) == (Decimal(100), 6, 30)
    together = result(rows, counts_open=True)
    assert (together.number, together.apart) == (36, 0)
    assert together.index < apart.index


def test_the_hash_changes_with_any_answer_and_not_with_the_order():
    rows = [*some(3, 4), *some(3, 2)]
    first = result(rows).sha256
    assert result(rows[::-1]).sha256 == first
    assert result([*rows[:-1], *some(1, 3)]).sha256 != first


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("3571012005900001", True),
        ("NIK saya 3571 0120 0590 0001.", True),
        ("3571.0120-0590.0001", True),
        ("Kode 12345678", False),
        ("nomor 35710120059000012345", False),
        ("Jam 08.00–10.00, loket 3, 12 November 2026", False),
    ],
)
def test_a_nik_is_recognised(text, is_one):
    assert proofs.has_nik(text) is is_one


@pytest.mark.parametrize("typed", ["acde-fghj", "ACDE FGHJ", " acde.fghj ", "ＡＣＤＥＦＧＨＪ"])
def test_a_code_is_the_same_however_it_is_typed(typed):
    assert proofs.normalise(typed) == "ACDEFGHJ"


@pytest.mark.parametrize("typed", ["", "ab", "a" * 41, "<script>", "☺☺☺☺"])
def test_what_can_be_no_proof(typed):
    assert proofs.normalise(typed) is None


def test_new_codes_have_no_letter_that_looks_like_another():
    code = proofs.new_code()
    assert len(code) == 8
    assert not set(code) & set("0OQ1IL5S2Z8B")
    assert proofs.normalise(proofs.shown(code)) == code


def test_the_file_refuses_bounds_that_rise():
    text = FILE.read_text().replace('code: B, min: "76.61"', 'code: B, min: "90.00"')
    with pytest.raises(UnableToReadData, match="the bounds fall"):
        read(parse(text.encode(), FILE.with_suffix(".schema.json"), name="surveys.yaml"))
