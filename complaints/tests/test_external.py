"""A complaint's numbers in other systems: one clock, no number twice, differences settled by people."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from complaints.actions.external import (
    CaseFacts,
    correct_case,
    finish_as_there,
    link_case,
    set_category,
    settle_difference,
    settle_there,
    unlink_case,
)
from complaints.actions.handling import verify_complaint
from complaints.models import Complaint, ExternalCase
from complaints.queries.external import cases_of, differences
from complaints.tests.factories import FILED, ComplaintFactory
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.transitions import StepRefused

TODAY = FILED.date()
NOW = FILED + timedelta(hours=1)


@pytest.fixture
def complaint(cast):
    return ComplaintFactory(government=cast.home, state="received")


@pytest.fixture
def coordinator(cast):
    return cast[Role.COMPLAINT_COORDINATOR]


def facts(number="5501", **values):
    return CaseFacts(**{"tracking_id": number, "origin": "here", "seen_on": TODAY, **values})


def link(complaint, by, number="5501", **values):
    return link_case(complaint=complaint, facts=facts(number, **values), by=by, now=NOW)


def test_a_number_is_linked_once_and_said_in_the_ledger(cast, complaint, coordinator):
    case = link(complaint, coordinator, " #55 01 ", status="Proses")
    assert (case.tracking_id, case.status, case.status_key) == ("5501", "Proses", "proses")
    assert link(complaint, coordinator) == case
    assert LedgerEntry.objects.filter(verb="external_case.linked").count() == 1
    other = ComplaintFactory(government=cast.home)
    with pytest.raises(StepRefused, match=str(complaint.number)):
        link(other, coordinator)
    away = ComplaintFactory(government=cast.away)
    assert link(away, cast.away_offices[Role.COMPLAINT_COORDINATOR]).tracking_id == "5501"


@pytest.mark.parametrize(
    "values",
    [
        {"number": " "},
        {"number": "1" * 41},
        {"seen_on": TODAY + timedelta(days=1)},
        {"origin": "there"},
        {"origin": "there", "filed_on": TODAY + timedelta(days=3)},
        {"link": "https://elsewhere.example/5501"},
        {"link": "http://www.lapor.go.id/5501"},
        {"link": "javascript:alert(1)"},
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(complaint, coordinator, values):
    with pytest.raises(StepRefused, match=r"\w+ \w+"):
        link(complaint, coordinator, **values)
    assert not ExternalCase.objects.exists()


def test_who_links(cast, complaint):
    handled = ComplaintFactory(government=cast.home, state="verified", unit=cast.unit)
    assert link(handled, cast[Role.LIAISON_OFFICER], "77")
    for role in (Role.MAYOR, Role.INSPECTORATE, Role.OPD_OPERATOR):
        with pytest.raises(PermissionDenied):
            link(handled, cast[role], "78")
    with pytest.raises(PermissionDenied):
        link(complaint, cast[Role.LIAISON_OFFICER], "79")
    with pytest.raises(PermissionDenied):
        link(complaint, cast.away_offices[Role.COMPLAINT_COORDINATOR], "80")


class TestOneClock:
    def test_the_day_of_filing_there_counts_and_goes_with_the_link(self, cast, complaint):
        by = cast[Role.COMPLAINT_COORDINATOR]
        before = (complaint.filed_on, complaint.verify_by, complaint.answer_by)
        there = date(2026, 10, 26)  # A Monday.
        case = link(complaint, by, origin="there", filed_on=there)
        complaint.refresh_from_db()
        assert (complaint.filed_on, complaint.verify_by) == (there, date(2026, 10, 29))
        assert complaint.answer_by == date(2026, 11, 13)
        correct_case(case=case, facts=facts(status="Proses"), by=by, now=NOW)
        complaint.refresh_from_db()
        assert (complaint.filed_on, complaint.verify_by, complaint.answer_by) == before
        correct_case(case=case, facts=facts(origin="there", filed_on=there), by=by, now=NOW)
        unlink_case(case=case, by=by, now=NOW)
        complaint.refresh_from_db()
        assert (complaint.filed_on, complaint.verify_by, complaint.answer_by) == before
        assert not ExternalCase.objects.exists()

    def test_a_later_day_there_gives_nobody_more_time(self, cast, complaint):
        link(complaint, cast[Role.COMPLAINT_COORDINATOR], origin="there", filed_on=TODAY)
        answer_by = complaint.answer_by
        complaint.refresh_from_db()
        assert (complaint.filed_on, complaint.answer_by) == (TODAY, answer_by)

    def test_what_a_return_or_a_reopening_has_moved_stays(self, cast):
        complaint = ComplaintFactory(government=cast.home, state="returned")
        complaint.steps.create(
            name="give_back", from_state="verified", to_state="returned", happened_at=NOW
        )
        there = date(2026, 10, 26)
        link(complaint, cast[Role.COMPLAINT_COORDINATOR], origin="there", filed_on=there)
        verify_by = complaint.verify_by
        complaint.refresh_from_db()
        assert (complaint.filed_on, complaint.verify_by) == (there, verify_by)


class TestDifferences:
    def open_ones(self, membership):
        return [row.case.tracking_id for row in differences(membership)]

    def test_listed_until_a_person_settles_or_one_side_moves(self, cast, complaint, coordinator):
        case = link(complaint, coordinator, status="Selesai")
        same = ComplaintFactory(government=cast.home, state="closed", unit=cast.unit)
        link(same, coordinator, "1", status="selesai")
        strange = ComplaintFactory(government=cast.home)
        link(strange, coordinator, "2", status="Entah apa")
        assert sorted(self.open_ones(coordinator)) == ["2", "5501"]
        with pytest.raises(StepRefused):
            settle_difference(case=case, note="", by=coordinator, now=NOW)
        settle_difference(case=case, note="Dibuka lagi oleh warga", by=coordinator, now=NOW)
        assert self.open_ones(coordinator) == ["2"]
        assert cases_of(complaint)[0].is_settled
        verify_complaint(
            complaint=complaint, by=coordinator, unit=cast.unit, sla_class="general", now=NOW
        )
        assert sorted(self.open_ones(coordinator)) == ["2", "5501"]

    def test_only_of_complaints_that_one_sees(self, cast, complaint, coordinator):
        link(complaint, coordinator, status="Selesai")
        assert self.open_ones(cast[Role.LIAISON_OFFICER]) == []
        assert self.open_ones(cast.away_offices[Role.COMPLAINT_COORDINATOR]) == []

    def test_one_query_for_many(self, cast, coordinator, django_assert_num_queries):
        for number in range(12):
            row = ComplaintFactory(government=cast.home)
            link(row, coordinator, str(number), status="Selesai")
        with django_assert_num_queries(1):
            assert len(differences(coordinator)) == 12

    def test_what_was_filed_there_ends_here_on_the_day_of_the_answer(self, cast, coordinator):
        complaint = ComplaintFactory(
            government=cast.home, channel="lapor", filed_by=coordinator, is_secret=True
        )
        case = link(complaint, coordinator, origin="there", filed_on=TODAY, status="Selesai")
        finish = {"case": case, "by": coordinator, "now": NOW + timedelta(days=9)}
        with pytest.raises(StepRefused):
            finish_as_there(unit=None, answered_on=date(2026, 11, 4), text="", **finish)
        with pytest.raises(StepRefused):
            finish_as_there(unit=cast.unit, answered_on=date(2026, 10, 1), text="", **finish)
        finish_as_there(
            unit=cast.unit, answered_on=date(2026, 11, 4), text="Sudah diangkut.", **finish
        )
        complaint.refresh_from_db()
        assert (complaint.state, complaint.unit) == ("closed", cast.unit)
        assert complaint.answered_on == date(2026, 11, 4)
        assert complaint.messages.get().kind == "answer"
        assert complaint.steps.get().name == "settle_there"
        assert self.open_ones(coordinator) == []

    def test_a_citizen_of_ours_is_answered_here(self, cast, complaint, coordinator):
        case = link(complaint, coordinator, status="Selesai")
        with pytest.raises(StepRefused):
            finish_as_there(
                case=case, unit=cast.unit, answered_on=TODAY, text="", by=coordinator, now=NOW
            )
        with pytest.raises(PermissionDenied):
            settle_there(complaint=complaint, unit=cast.unit, at=NOW, text="", by=cast[Role.MAYOR])

    def test_who_settles(self, cast):
        row = ComplaintFactory(government=cast.home, state="verified", unit=cast.unit)
        case = link(row, cast[Role.LIAISON_OFFICER], status="Selesai")
        with pytest.raises(PermissionDenied):
            settle_difference(case=case, note="Biar", by=cast[Role.LIAISON_OFFICER], now=NOW)


class TestCategory:
    def test_chosen_at_verification_and_later(self, cast, complaint, coordinator):
        verify_complaint(
            complaint=complaint,
            by=coordinator,
            unit=cast.unit,
            sla_class="general",
            category="roads",
            now=NOW,
        )
        found = Complaint.objects.get(pk=complaint.pk)
        assert found.category == "roads"
        set_category(complaint=found, category="levies", by=coordinator, now=NOW)
        assert Complaint.objects.get(pk=complaint.pk).category == "levies"
        entry = LedgerEntry.objects.get(verb="complaint.category_set")
        assert entry.codes == {"before": "roads", "after": "levies"}
        with pytest.raises(StepRefused):
            set_category(complaint=found, category="nonsense", by=coordinator, now=NOW)
        with pytest.raises(PermissionDenied):
            set_category(complaint=found, category="", by=cast[Role.OPD_HEAD], now=NOW)

    def test_one_that_does_not_exist_is_refused(self, cast, complaint, coordinator):
        with pytest.raises(StepRefused):
            verify_complaint(
                complaint=complaint,
                by=coordinator,
                unit=cast.unit,
                sla_class="general",
                category="nonsense",
                now=NOW,
            )
