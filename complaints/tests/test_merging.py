"""Reports of the same thing: joined, answered once, reopened by either voice."""

from datetime import timedelta

import pytest
from django.urls import reverse

from complaints.actions import handling
from complaints.actions.answers import say_contentment
from complaints.actions.merging import merge_complaint
from complaints.actions.messages import write_as_citizen, write_to_citizen
from complaints.models import Complaint, Satisfaction
from complaints.permissions import citizen_may_write
from complaints.queries import merging
from complaints.queries.tracking import complaint_followed, letters, timeline
from complaints.tests.factories import FILED, ComplaintFactory
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.transitions import StepRefused

HOUR = timedelta(hours=1)


@pytest.fixture
def main(cast):
    return ComplaintFactory(government=cast.home, state="in_progress", unit=cast.unit)


@pytest.fixture
def twin(cast):
    return ComplaintFactory(government=cast.home, story="Lampu jalan padam juga di sini.")


def again(row):
    return complaint_followed(row.government_id, row.pk)


def joined(cast, row, into):
    by = cast[Role.COMPLAINT_COORDINATOR]
    return merge_complaint(complaint=row, by=by, into=into, now=FILED)


def test_one_answer_is_read_by_both_and_nothing_else(cast, main, twin):
    write_as_citizen(complaint=main, text="Rahasia warga pertama", now=FILED)
    write_to_citizen(
        complaint=main, by=cast[Role.OPD_HEAD], text="Pertanyaan untuk warga pertama", now=FILED
    )
    joined(cast, twin, main)
    handling.answer_complaint(
        complaint=again(main), by=cast[Role.OPD_HEAD], text="Sudah menyala.", now=FILED + HOUR
    )

    row = again(twin)
    assert (row.state, row.merged_into_id, row.closed_at) == ("merged", main.pk, FILED)
    assert [letter.text for letter in letters(row)] == ["Sudah menyala."]
    assert timeline(row)[-2].title == timeline(again(main))[-2].title
    entry = LedgerEntry.objects.get(verb="complaint.merge")
    assert entry.codes == {"from": "received", "to": "merged"}


@pytest.mark.usefixtures("english")
def test_one_voice_reopens_for_both_and_stays_unheard_by_the_other(cast, main, twin):
    joined(cast, twin, main)
    handling.answer_complaint(
        complaint=again(main), by=cast[Role.OPD_HEAD], text="Sudah.", now=FILED + HOUR
    )
    handling.reopen(complaint=again(twin), text="Di sini masih padam.", now=FILED + 2 * HOUR)

    assert again(main).state == "in_progress"
    assert "Di sini masih padam." not in [letter.text for letter in letters(again(main))]
    assert "Di sini masih padam." in [letter.text for letter in letters(again(twin))]
    titles = [event.title for event in timeline(again(main))]
    assert "Not settled yet: the unit works on it again" in titles
    assert "You said that it is not settled yet" not in titles
    assert "You said that it is not settled yet" in [e.title for e in timeline(again(twin))]
    assert citizen_may_write(again(twin))


def test_the_unit_reads_the_joined_voice_without_whose_it_is(cast, client_as, main, twin):
    joined(cast, twin, main)
    write_as_citizen(complaint=again(twin), text="Di sini masih padam.", now=FILED + HOUR)
    page = client_as(cast[Role.LIAISON_OFFICER]).get(reverse("complaints:detail", args=[main.pk]))
    told = page.content.decode()
    assert "Di sini masih padam." in told
    assert "Lampu jalan padam juga di sini." in told
    assert f"/app/complaints/{twin.pk}/" not in told


def test_never_into_itself_an_ended_one_a_joined_one_or_elsewhere(cast, main, twin):
    third = joined(cast, ComplaintFactory(government=cast.home), main)
    closed = ComplaintFactory(government=cast.home, state="closed", unit=cast.unit)
    away = ComplaintFactory(government=cast.away)
    for into in (twin, third, closed, away):
        with pytest.raises(StepRefused):
            joined(cast, twin, into)
    assert Complaint.objects.get(pk=twin.pk).state == "received"


def test_those_that_were_joined_before_go_along(cast, main, twin):
    third = joined(cast, ComplaintFactory(government=cast.home), twin)
    joined(cast, twin, main)
    assert Complaint.objects.get(pk=third.pk).merged_into_id == main.pk
    assert [row.pk for row in merging.answered_with(main)] == [main.pk, twin.pk, third.pk]


def test_an_accusation_comes_to_no_unit_by_way_of_another_report(cast, main):
    accusing = ComplaintFactory(
        government=cast.home, accuses_officer=True, named_unit=cast.other_unit
    )
    with pytest.raises(StepRefused):
        joined(cast, accusing, main)
    same = ComplaintFactory(
        government=cast.home, accuses_officer=True, named_unit=cast.other_unit,
        state="verified", unit=cast.unit,
    )  # fmt: skip
    assert joined(cast, accusing, same).state == "merged"


def test_candidates_share_words_and_are_open(cast, main, twin):
    Complaint.objects.filter(pk=main.pk).update(story="Lampu padam sejak Senin")
    ComplaintFactory(government=cast.home, story="Antrean panjang")
    ComplaintFactory(government=cast.home, story="Lampu padam", state="closed", unit=cast.unit)
    ComplaintFactory(government=cast.away, story="Lampu padam")
    found = merging.candidates_for(cast[Role.COMPLAINT_COORDINATOR], twin, FILED.date())
    assert [row.pk for row in found] == [main.pk]


def test_on_the_page_by_number(cast, client_as, main, twin):
    client = client_as(cast[Role.COMPLAINT_COORDINATOR])
    url = reverse("complaints:step_of", args=[twin.pk, "merge"])
    for wrong in ("", "abc", "999999"):
        assert client.post(url, {"number": wrong}).status_code == 200
        assert Complaint.objects.get(pk=twin.pk).state == "received"
    client.post(url, {"number": f"#{main.number}"})
    assert Complaint.objects.get(pk=twin.pk).merged_into_id == main.pk


def test_both_say_what_they_think_of_the_answer(cast, main, twin):
    joined(cast, twin, main)
    with pytest.raises(StepRefused):
        say_contentment(complaint=again(twin), level="fair", words="", now=FILED)
    handling.answer_complaint(
        complaint=again(main), by=cast[Role.OPD_HEAD], text="Sudah.", now=FILED
    )
    say_contentment(complaint=again(twin), level="unsatisfied", words="Masih padam", now=FILED)
    say_contentment(complaint=again(main), level="fair", words="", now=FILED)
    say_contentment(complaint=again(main), level="satisfied", words="", now=FILED + HOUR)
    assert set(Satisfaction.objects.values_list("complaint", "level")) == {
        (twin.pk, "unsatisfied"),
        (main.pk, "satisfied"),
    }
    assert LedgerEntry.objects.filter(verb="satisfaction.said").count() == 3
    with pytest.raises(StepRefused):
        say_contentment(
            complaint=again(main), level="fair", words="", now=FILED + timedelta(days=15)
        )
    with pytest.raises(StepRefused):
        say_contentment(complaint=again(main), level="great", words="", now=FILED)
