"""Similar reports: offered by a released title only, followed with a code of one's own."""

import pytest
from django.db import connection
from django.utils import timezone

from complaints.actions.following import follow_complaint, set_public_title
from complaints.codes import new_code
from complaints.models import Complaint, Follower
from complaints.queries.followers import followers_to_tell
from complaints.queries.similar import by_letters, by_words, longest_words, similar_to
from complaints.tests.conftest import ANSWERS
from complaints.tests.factories import FILED, ComplaintFactory
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.transitions import StepRefused

THEIRS = "Lampu jalan di depan sekolah mati sejak Lebaran, Bu Siti jatuh."
MINE = "Lampu penerangan jalan dekat sekolahan padam, gelap sekali."
TITLE = "Lampu jalan padam di Jalan Anggrek"


def filed(cast, **values):
    given = {"story": THEIRS, "named_unit": cast.unit, "filed_on": timezone.localdate()}
    return ComplaintFactory(government=cast.home, **{**given, **values})


def found(cast, story=MINE, **values):
    return similar_to(cast.home.pk, story, cast.unit.pk, None, timezone.localdate(), 5, **values)


def test_alike_by_words_in_whatever_form_and_by_letters(cast):
    lamp = filed(cast)
    typo = filed(cast, story="Penerangan jaln dpn sekolah mti")
    filed(cast, story="Antrean puskesmas terlalu lama, loket hanya satu.")

    assert [row.pk for row in found(cast)][:1] == [lamp.pk]
    assert typo.pk in {row.pk for row in found(cast, "penerangan jalan sekolah mati")}
    assert longest_words("ya itu di") == []
    assert found(cast, "?") == []


@pytest.mark.parametrize(
    "values",
    [
        {"state": "rejected"},
        {"is_quarantined": True},
        {"filed_on": "2020-01-02"},
        {"named_unit": None},
    ],
    ids=["not taken up", "put aside", "old", "another unit's"],
)
def test_what_is_not_offered(values, cast):
    filed(cast, **values)
    assert found(cast) == []


def test_another_governments_reports_and_those_without_title_are_none(cast):
    filed(cast)
    assert found(cast, with_title=True) == []
    ComplaintFactory(government=cast.away, story=THEIRS, filed_on=timezone.localdate())
    assert len(similar_to(cast.home.pk, MINE, None, None, timezone.localdate(), 5)) == 1


def test_words_and_letters_are_looked_up_in_their_indexes(cast):
    """The plan of 100,000 rows: benchmarks/similar_reports.py."""
    filed(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    rows = Complaint.objects.all()
    words = longest_words(MINE)
    assert "complaint_search" in by_words(rows, words).explain()
    assert "complaint_story_trigrams" in by_letters(rows, words).explain()


def to_similar(citizen, cast):
    citizen.post("step", 1, data={**ANSWERS[1], "story": MINE})
    return citizen.post("step", 2, data={**ANSWERS[2], "unit": str(cast.unit.pk)})


def test_the_title_is_shown_the_story_never_and_it_is_offered_once(citizen, cast):
    filed(cast, public_title=TITLE)

    page = to_similar(citizen, cast)

    assert page.request["PATH_INFO"] == citizen.url("similar")
    assert TITLE in page.content.decode()
    assert "Siti" not in page.content.decode()
    onward = citizen.post("step", 2, data={**ANSWERS[2], "unit": str(cast.unit.pk)})
    assert onward.request["PATH_INFO"] == citizen.url("step", 3)


def test_without_anything_similar_the_steps_go_on(citizen, cast):
    assert to_similar(citizen, cast).request["PATH_INFO"] == citizen.url("step", 3)


def test_following_gives_a_code_that_opens_state_and_dates_only(citizen, another, cast, client_as):
    theirs = filed(cast, public_title=TITLE, state="in_progress", unit=cast.unit)
    to_similar(citizen, cast)
    wrong = citizen.post("similar", data={"report": "", "notice": "0812"})
    assert "Pilih laporan yang ingin Anda ikuti." in wrong.content.decode()

    receipt = citizen.post("similar", data={"report": str(theirs.pk), "notice": "0812 3456 7890"})

    code = receipt.context["code"]
    assert Complaint.objects.get() == theirs
    page = another().follow(code)
    assert page.request["PATH_INFO"] == citizen.url("following")
    said = page.content.decode()
    assert TITLE in said
    assert "Sedang dikerjakan" in said
    assert "Siti" not in said
    assert "<textarea" not in said
    assert [row.contact_with_pii() for row in followers_to_tell(theirs)] == ["+6281234567890"]
    staff = client_as(cast[Role.LIAISON_OFFICER]).get(f"/app/complaints/{theirs.pk}/")
    assert "1 warga mengikuti" in staff.content.decode()
    assert "6281234567890" not in staff.content.decode()


def test_following_twice_is_one_follower_and_leaves_a_trace(cast):
    theirs, code = filed(cast, public_title=TITLE), new_code()
    for _ in range(2):
        follow_complaint(complaint=theirs, code=code, now=FILED)
    assert Follower.objects.count() == 1
    assert LedgerEntry.objects.get(verb="complaint.followed").codes == {"complaint": theirs.pk}
    with pytest.raises(StepRefused):
        follow_complaint(complaint=filed(cast), code=new_code(), now=FILED)


def test_the_title_is_written_by_those_who_handle_it(cast, client_as):
    theirs = filed(cast)
    set_public_title(complaint=theirs, by=cast[Role.COMPLAINT_COORDINATOR], title=TITLE, now=FILED)
    assert LedgerEntry.objects.get(verb="complaint.titled").codes == {"shown": True}
    with pytest.raises(StepRefused):
        set_public_title(complaint=theirs, by=cast[Role.MAYOR], title="x", now=FILED)
    client = client_as(cast[Role.COMPLAINT_COORDINATOR])
    client.post(f"/app/complaints/{theirs.pk}/title/", {"title": ""})
    assert Complaint.objects.get().public_title == ""
