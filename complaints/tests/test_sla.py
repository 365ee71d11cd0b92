"""Deadline classes: the file as it stands, and every fault refused before use."""

from datetime import date

import pytest
import yaml

from complaints import deadlines, sla
from complaints.enums import ComplaintKind
from integrity_portal.core.data_files import UnableToReadData, parse

SCHEMA = sla.DATA / "sla.schema.json"


@pytest.fixture
def facts():
    return yaml.safe_load((sla.DATA / "sla.yaml").read_text())


def test_the_classes_are_those_of_the_regulation():
    terms = sla.current()

    assert {row.code: row.days for row in terms.classes} == {
        "information": 5,
        "general": 14,
        "supervision": 60,
        "aspiration": 14,
    }
    assert (terms.verify_days, terms.follow_up_days, terms.close_days) == (3, 5, 10)
    assert "62/2018" in terms.source
    assert {terms.first_class(kind).code for kind in ComplaintKind} == {
        "information",
        "general",
        "aspiration",
    }


def refused(facts):
    with pytest.raises(UnableToReadData) as fault:
        sla.read(parse(yaml.safe_dump(facts).encode(), SCHEMA, name="sla.yaml"))
    return str(fault.value)


def test_a_day_that_is_no_number_is_named(facts):
    facts["classes"][1]["days"] = "empat belas"
    assert ", classes[1].days: " in refused(facts)


def test_an_unknown_word_is_refused(facts):
    facts["classes"][0]["hari"] = 5
    assert "hari" in refused(facts)


def test_a_code_twice_is_refused(facts):
    facts["classes"].append({**facts["classes"][0], "first_for": []})
    assert "twice" in refused(facts)


def test_a_kind_without_a_class_is_refused(facts):
    facts["classes"][3]["first_for"] = []
    assert "aspiration" in refused(facts)


def test_dates_run_from_the_day_of_filing():
    terms, monday = sla.current(), date(2026, 11, 2)

    dates = deadlines.at_filing(terms, ComplaintKind.COMPLAINT, monday, frozenset())

    assert dates == deadlines.Deadlines(date(2026, 11, 5), date(2026, 11, 20), date(2026, 12, 30))
    assert deadlines.answer_by(terms, "supervision", monday, frozenset()) == date(2027, 1, 25)
    assert deadlines.close_on(terms, monday, frozenset()) == date(2026, 11, 16)


def test_a_holiday_moves_the_date():
    terms, monday = sla.current(), date(2026, 11, 2)
    off = frozenset({date(2026, 11, 4)})

    assert deadlines.at_filing(terms, "complaint", monday, off).verify_by == date(2026, 11, 6)


def test_late_begins_the_day_after():
    assert not deadlines.is_late(date(2026, 11, 5), date(2026, 11, 5))
    assert deadlines.is_late(date(2026, 11, 5), date(2026, 11, 6))
    assert not deadlines.is_late(None, date(2026, 11, 6))
