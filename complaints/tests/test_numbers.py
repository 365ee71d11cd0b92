"""Every government counts its own complaints: no number twice, none left out."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.actions.filing import Filing, file_complaint
from complaints.codes import new_code
from complaints.models import Complaint, ComplaintCounter
from complaints.tests.factories import FILED, ComplaintFactory
from opd.enums import Role


def file(government, key, **values):
    told = {"kind": "complaint", "story": "Diminta uang.", **values}
    filing = Filing(draft_key=f"f{key:031}", code=new_code(), **told)
    return file_complaint(government=government, filing=filing, now=FILED).complaint


def numbers(government):
    rows = Complaint.objects.filter(government=government)
    return list(rows.order_by("number").values_list("number", flat=True))


def test_each_government_counts_from_one(cast):
    filed = [file(cast.home, 1), file(cast.away, 2), file(cast.home, 3), file(cast.home, 4)]

    assert [complaint.number for complaint in filed] == [1, 1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_filings_at_the_same_moment_get_different_numbers_without_a_gap(cast):
    start = Barrier(8)

    def send(place):
        try:
            start.wait(timeout=30)
            for turn in range(3):
                government = cast.home if (place + turn) % 2 else cast.away
                file(government, place * 10 + turn)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        list(people.map(send, range(8)))

    assert numbers(cast.home) == list(range(1, 13))
    assert numbers(cast.away) == list(range(1, 13))


def test_a_filing_that_fails_leaves_no_gap(cast):
    file(cast.home, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        # The column holds 200 characters; no form lets this pass.
        file(cast.home, 2, when_text="a" * 201)

    assert file(cast.home, 3).number == 2


def test_the_counter_is_locked_for_the_last_statement_only(cast):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        file(cast.home, 1, disclosure="known", name="Siti")
    said = [re.match(r'INSERT INTO "?(\w+)', q["sql"]) for q in asked.captured_queries]

    assert [found[1] for found in said if found] == [
        "complaints_complaintstep",
        "complaints_reporter",
        "core_ledgerentry",
        "complaints_complaintcounter",
        "complaints_complaint",
    ]


def test_the_database_refuses_a_number_twice(cast):
    first = file(cast.home, 1)
    ComplaintFactory(government=cast.away, number=first.number)
    with pytest.raises(IntegrityError, match="complaint_number_once"), transaction.atomic():
        ComplaintFactory(government=cast.home, number=first.number)


def test_a_counter_that_fell_behind_is_told_not_hidden(cast):
    ComplaintFactory(government=cast.home, number=1)
    with pytest.raises(IntegrityError, match="complaint_number_once"), transaction.atomic():
        file(cast.home, 1)
    assert not ComplaintCounter.objects.filter(government=cast.home).exists()


def test_people_read_the_number_and_not_the_key(cast, client_as):
    for turn in range(3):
        file(cast.away, turn)
    complaint = file(cast.home, 9)
    assert complaint.pk != complaint.number
    client = client_as(cast[Role.COMPLAINT_COORDINATOR])

    for url in (reverse("complaints:list"), reverse("complaints:detail", args=[complaint.pk])):
        page = client.get(url).content.decode()
        assert "Pengaduan 1" in page
        assert f"Pengaduan {complaint.pk}" not in page
