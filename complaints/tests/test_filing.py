"""Filing: one complaint per draft, dates, who may, and what is kept of whom."""

import re
from datetime import date
from threading import Thread

import pytest
from django.db import IntegrityError, connection, transaction

from complaints.actions.filing import Filing, file_complaint
from complaints.codes import code_hash, new_code
from complaints.models import Complaint, Reporter
from complaints.models.reporters import contact_index
from complaints.tests.factories import FILED, ComplaintFactory
from integrity_portal.core.crypto import UnableToOpen
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Holiday
from opd.transitions import StepRefused

CODE = "4821093755601284"


def filing(**values):
    start = {"draft_key": "a" * 32, "code": CODE, "kind": "complaint", "story": "Diminta uang."}
    return Filing(**{**start, **values})


def file(government, **values):
    return file_complaint(government=government, filing=filing(**values), now=FILED)


def test_a_complaint_gets_its_dates_and_only_the_hash_of_its_code(cast):
    Holiday.objects.create(government=cast.home, day=date(2026, 11, 4), name="Hari jadi")

    filed = file(cast.home, unit=cast.unit)
    row = Complaint.objects.get()

    assert filed.code == CODE
    assert row.code_hash == code_hash(CODE)
    assert (row.state, row.unit, row.named_unit) == ("received", None, cast.unit)
    assert (row.filed_on, row.verify_by) == (date(2026, 11, 2), date(2026, 11, 6))
    assert row.due_on == row.verify_by
    assert (row.sla_class, row.sla_version) == ("general", 1)
    entry = LedgerEntry.objects.get(verb="complaint.filed")
    assert entry.codes == {"kind": "complaint", "channel": "web"}
    assert (entry.actor_id, entry.government_id) == (None, cast.home.pk)


def test_the_day_is_the_governments_own(cast):
    """22.30 UTC is the next morning in Jayapura."""
    cast.home.time_zone = "Asia/Jayapura"
    late = FILED.replace(hour=22)

    filed = file_complaint(government=cast.home, filing=filing(), now=late)

    assert filed.complaint.filed_on == date(2026, 11, 3)


def test_the_same_draft_twice_is_one_complaint_with_one_code(cast):
    first, second = file(cast.home), file(cast.home)

    assert first == second
    assert Complaint.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_draft_at_the_same_time_is_one_complaint(cast):
    results = []

    def send():
        results.append(file(cast.home).code)
        connection.close()

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [CODE] * 4
    assert Complaint.objects.count() == 1


def test_a_code_that_is_taken_is_drawn_again(cast):
    ComplaintFactory(government=cast.away, code_hash=code_hash(CODE))

    filed = file(cast.home)

    assert filed.code != CODE
    assert re.fullmatch(r"\d{16}", filed.code)
    assert filed.complaint.code_hash == code_hash(filed.code)


def test_a_draft_that_was_sent_with_another_code_shows_no_wrong_code(cast):
    file(cast.home)
    with pytest.raises(StepRefused):
        file(cast.home, code=new_code())


def test_anonymous_stores_neither_name_nor_contact(cast):
    file(cast.home, name="Siti")
    assert not Reporter.objects.exists()

    file(cast.home, draft_key="b" * 32, code=new_code(), name="Siti", contact="+6281234567890")
    assert not Reporter.objects.exists()


def test_a_known_reporter_is_sealed_and_found_by_blind_index(cast):
    file(cast.home, disclosure="known", name="Siti", contact="siti@contoh.id")

    reporter = Reporter.objects.get(contact_index=contact_index("siti@contoh.id"))

    assert (reporter.name_with_pii(), reporter.contact_with_pii()) == ("Siti", "siti@contoh.id")
    assert "Siti" not in reporter.name_sealed
    assert "siti" not in reporter.contact_sealed + reporter.contact_index


def test_a_sealed_value_opens_in_its_own_row_and_column_only(cast):
    file(cast.home, disclosure="known", name="Siti", contact="siti@contoh.id")
    file(cast.home, draft_key="b" * 32, code=new_code(), disclosure="known", name="Budi")
    siti, budi = Reporter.objects.order_by("pk")

    budi.name_sealed = siti.name_sealed
    with pytest.raises(UnableToOpen):
        budi.name_with_pii()
    siti.name_sealed, siti.contact_sealed = siti.contact_sealed, siti.name_sealed
    with pytest.raises(UnableToOpen):
        siti.name_with_pii()
    with pytest.raises(UnableToOpen):
        siti.contact_with_pii()


@pytest.mark.parametrize("role", Role.values)
def test_who_files_for_citizens(role, cast):
    may = role in {Role.COMPLAINT_COORDINATOR, Role.LIAISON_OFFICER, Role.OPD_HEAD}
    counter = {"government": cast.home, "filing": filing(channel="counter"), "now": FILED}
    if may:
        assert file_complaint(**counter, by=cast[role]).complaint.filed_by == cast[role]
    else:
        with pytest.raises(StepRefused):
            file_complaint(**counter, by=cast[role])
    with pytest.raises(StepRefused):
        file_complaint(**counter, by=cast.away_offices[role])


def test_another_governments_unit_is_refused(cast):
    with pytest.raises(StepRefused):
        file(cast.home, unit=cast.away_unit)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("complaint_unit_when_passed_on", {"state": "verified", "unit": None}),
        ("complaint_answered_when", {"state": "answered", "answered_at": None}),
        ("complaint_answered_when", {"state": "answered", "close_on": None}),
        ("complaint_ended_when", {"state": "closed", "closed_at": None}),
        ("complaint_ended_when", {"state": "received", "closed_at": FILED}),
        ("complaint_has_story", {"story": ""}),
        ("complaint_typed_by_staff", {"channel": "counter"}),
    ],
)
def test_the_database_refuses_impossible_states(name, values, db):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ComplaintFactory(**values)
