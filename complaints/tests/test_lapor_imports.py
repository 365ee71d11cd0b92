"""An export becomes complaints once, whatever the number of times it is sent."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from complaints.actions.lapor_imports import (
    apply_export,
    discard_export,
    empty_expired_exports,
    receive_export,
)
from complaints.models import Complaint, ExternalCase, LaporImport, Reporter
from complaints.queries.external import comparison_of, differences
from complaints.tests.lapor_files import ROWS, as_csv, row, xlsx
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.transitions import StepRefused

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture
def by(cast):
    return cast[Role.COMPLAINT_COORDINATOR]


def receive(by, data, now=NOW):
    return receive_export(system="lapor", data=data, by=by, now=now)


def confirm(by, upload, now=NOW):
    seen = comparison_of(upload, now.date()).fingerprint
    return apply_export(upload=upload, seen=seen, by=by, now=now)


def send(by, data, now=NOW):
    return confirm(by, receive(by, data, now), now)


def counts(upload):
    return (upload.added, upload.changed, upload.same, upload.refused)


def test_nothing_is_written_until_it_is_confirmed_and_the_preview_is_sealed(by):
    upload = receive(by, xlsx(*ROWS))
    assert not Complaint.objects.exists()
    assert "Sampah" not in upload.content
    comparison = comparison_of(upload, NOW.date())
    assert comparison.count() == {"new": 7, "changed": 0, "same": 0, "refused": 0}
    discard_export(upload=upload, by=by, now=NOW)
    assert LaporImport.objects.get().content == ""
    with pytest.raises(StepRefused):
        confirm_seen(by, upload)
    assert not Complaint.objects.exists()


def confirm_seen(by, upload, seen=""):
    return apply_export(upload=upload, seen=seen, by=by, now=NOW)


def test_rows_become_complaints_where_they_stand_there(cast, by):
    done = send(by, xlsx(*ROWS))
    assert counts(done) == (7, 0, 0, 0)
    assert done.content == ""
    found = {
        case.tracking_id: case.complaint
        for case in ExternalCase.objects.select_related("complaint__unit")
    }
    assert {number: each.state for number, each in found.items()} == {
        "5501": "received",
        "5502": "verified",
        "5503": "closed",
        "5504": "rejected",
        "5505": "referred",
        "5506": "verified",
        "5507": "received",
    }
    assert {each.channel for each in found.values()} == {"lapor"}
    assert {each.disclosure for each in found.values()} == {"anonymous"}
    assert not Reporter.objects.exists()
    assert [number for number, each in found.items() if each.is_secret] == ["5503"]
    assert found["5502"].unit == cast.unit
    assert found["5502"].category == "water_waste"
    # The clock runs from the filing there.
    assert found["5502"].filed_on == date(2026, 11, 3)
    assert found["5502"].answer_by == date(2026, 11, 23)
    assert found["5503"].answered_on == date(2026, 10, 7)
    assert found["5503"].messages.get().text == "Bawa KK dan surat kehilangan."
    # Finished without a day, and a duplicate: people decide.
    assert {row.case.tracking_id for row in differences(by)} == {"5506", "5507"}


def test_the_same_file_again_writes_nothing(by):
    send(by, xlsx(*ROWS))
    again = send(by, as_csv(*ROWS), NOW + timedelta(days=1))
    assert counts(again) == (0, 0, 7, 0)
    assert Complaint.objects.count() == 7
    assert set(ExternalCase.objects.values_list("seen_on", flat=True)) == {date(2026, 11, 23)}
    assert confirm_seen(by, again) == again


def test_a_new_status_there_changes_nothing_of_ours(by):
    send(by, as_csv(row("1", "Belum Terverifikasi"), row("2", "Belum Terverifikasi")))
    done = send(by, as_csv(row("1", "Selesai", Rahasia="ya"), row("2", "belum terverifikasi")))
    assert counts(done) == (0, 1, 1, 0)
    complaint = Complaint.objects.get(external_cases__tracking_id="1")
    assert (complaint.state, complaint.is_secret) == ("received", True)
    assert [each.case.status for each in differences(by)] == ["Selesai"]
    # Never less guarded than before.
    send(by, as_csv(row("1", "Selesai", Rahasia="tidak")))
    complaint.refresh_from_db()
    assert complaint.is_secret


def test_faulty_rows_stay_out_and_their_reasons_stay(by):
    done = send(by, as_csv(row("1", "Proses"), row("", "Proses"), row("3", "", Isi_Laporan="")))
    assert counts(done) == (1, 0, 0, 2)
    assert [fault["row"] for fault in done.faults] == [3, 4]
    with pytest.raises(StepRefused):
        send(by, as_csv(row("", "Proses")))


def test_what_changed_since_the_preview_is_looked_at_again(by):
    upload = receive(by, as_csv(row("1", "Proses")))
    seen = comparison_of(upload, NOW.date()).fingerprint
    send(by, as_csv(row("1", "Selesai")))
    with pytest.raises(StepRefused):
        confirm_seen(by, upload, seen)


def test_only_the_coordinator_and_only_his_own_file(cast, by):
    for role in (Role.LIAISON_OFFICER, Role.MAYOR, Role.INSPECTORATE):
        with pytest.raises(PermissionDenied):
            receive(cast[role], as_csv(row("1", "Proses")))
    upload = receive(by, as_csv(row("1", "Proses")))
    other = cast.away_offices[Role.COMPLAINT_COORDINATOR]
    with pytest.raises(PermissionDenied):
        apply_export(upload=upload, seen="", by=other, now=NOW)


def test_what_nobody_confirmed_is_emptied(by):
    upload = receive(by, as_csv(row("1", "Proses")))
    assert empty_expired_exports(now=NOW) == 0
    later = NOW + timedelta(days=3)
    assert empty_expired_exports(now=later) == 1
    assert empty_expired_exports(now=later) == 0
    upload.refresh_from_db()
    assert (upload.state, upload.content) == ("discarded", "")


def test_no_text_reaches_the_ledger(by):
    send(by, xlsx(*ROWS))
    said = str(list(LedgerEntry.objects.values_list("verb", "codes")))
    for word in ("Sampah", "Bawa KK", "Budi", "Siti"):
        assert word not in said


def test_twice_the_rows_cost_the_same_to_compare(by, django_assert_num_queries):
    few = receive(by, as_csv(*(row(str(n), "Proses") for n in range(2))))
    many = receive(by, as_csv(*(row(str(n), "Proses") for n in range(40))))
    for upload in (few, many):
        with django_assert_num_queries(3):
            comparison_of(upload, NOW.date())
