"""What each step writes: dates, messages, ledger; closing by the clock; erasing after its time."""

from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import InternalError, transaction

from complaints.actions import handling, privacy
from complaints.actions.handling import close_due, reopen
from complaints.actions.messages import write_as_citizen, write_note, write_to_citizen
from complaints.actions.privacy import erase_old, open_identity
from complaints.enums import Disclosure
from complaints.models import Complaint, IdentityOpening, Message, Reporter
from complaints.tests.factories import FILED, ComplaintFactory
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.transitions import StepRefused

DAY = timedelta(days=1)


def reporter_of(complaint, **values):
    row = Reporter(complaint=complaint, government=complaint.government, **values)
    name = "" if row.for_notice_only else "Siti"
    row.seal(name=name, contact="+6281234567890")
    row.save(force_insert=True)
    return row


def again(complaint):
    return Complaint.objects.get(pk=complaint.pk)


@pytest.fixture
def at_unit(cast):
    return ComplaintFactory(government=cast.home, state="in_progress", unit=cast.unit)


def test_the_class_moves_the_answers_date_from_the_day_of_filing(cast):
    complaint = ComplaintFactory(government=cast.home)

    handling.verify_complaint(
        complaint=complaint,
        by=cast[Role.COMPLAINT_COORDINATOR],
        unit=cast.unit,
        sla_class="information",
        now=FILED + 2 * DAY,
        note="Tolong segera.",
    )

    row = again(complaint)
    assert (row.unit, row.answer_by, row.due_on) == (
        cast.unit,
        date(2026, 11, 9),
        date(2026, 11, 9),
    )
    assert row.steps.get().note == "Tolong segera."
    assert LedgerEntry.objects.get(verb="complaint.verify").codes == {
        "from": "received",
        "to": "verified",
    }


@pytest.mark.parametrize("values", [{"sla_class": "rahasia"}, {"unit": "away"}, {"unit": "closed"}])
def test_passing_on_needs_a_known_class_and_an_active_unit(values, cast):
    cast.other_unit.active_to = FILED.date() - DAY
    unit = {"away": cast.away_unit, "closed": cast.other_unit}.get(values.get("unit"), cast.unit)
    with pytest.raises(StepRefused):
        handling.verify_complaint(
            complaint=ComplaintFactory(government=cast.home),
            by=cast[Role.COMPLAINT_COORDINATOR],
            unit=unit,
            sla_class=values.get("sla_class", "general"),
            now=FILED,
        )


def test_an_answer_needs_words_and_sets_the_last_day_to_disagree(cast, at_unit):
    head = cast[Role.OPD_HEAD]
    with pytest.raises(StepRefused) as refused:
        handling.answer_complaint(complaint=at_unit, by=head, text="", now=FILED)
    assert refused.value.missing[0].anchor == "text"
    assert again(at_unit).state == "in_progress"

    handling.answer_complaint(complaint=at_unit, by=head, text="Sudah.", now=FILED)

    row = again(at_unit)
    assert (row.answered_on, row.close_on, row.due_on) == (
        date(2026, 11, 2),
        date(2026, 11, 16),
        None,
    )
    assert row.messages.get().text == "Sudah."


def test_returned_goes_back_to_the_coordinator_with_a_new_date(cast, at_unit):
    handling.give_back(
        complaint=at_unit, by=cast[Role.LIAISON_OFFICER], reason="Bukan kami.", now=FILED + 30 * DAY
    )

    row = again(at_unit)
    assert (row.state, row.unit, row.due_on) == ("returned", None, date(2026, 12, 7))
    assert row.steps.get().note == "Bukan kami."


def test_the_citizen_says_not_settled_and_the_unit_has_it_again(cast):
    complaint = ComplaintFactory(government=cast.home, state="answered", unit=cast.unit)

    reopen(complaint=complaint, text="Belum.", now=FILED + DAY)

    row = again(complaint)
    assert (row.state, row.answered_on, row.close_on) == ("in_progress", None, None)
    assert row.due_on == date(2026, 11, 10)
    assert row.messages.get().kind == "citizen"
    with pytest.raises(StepRefused):
        reopen(complaint=complaint, text="Belum.", now=FILED + DAY)
    assert row.messages.count() == 1


def test_closing_waits_for_the_end_of_the_last_day_where_the_government_is(cast):
    """The last day is 16 November; in Jayapura the 17th begins at 15.00 UTC."""
    west = ComplaintFactory(government=cast.home, state="answered")
    cast.away.time_zone = "Asia/Jayapura"
    cast.away.save()
    east = ComplaintFactory(government=cast.away, state="answered")
    evening = FILED.replace(day=16, hour=15, minute=30)

    close_due(evening)
    assert (again(west).state, again(east).state) == ("answered", "closed")

    close_due(evening + timedelta(hours=2))
    close_due(evening + timedelta(hours=3))

    assert again(west).state == "closed"
    assert west.steps.count() == 1
    assert LedgerEntry.objects.filter(verb="complaint.close", actor_id=None).count() == 2


@pytest.mark.parametrize("end", [handling.refer, handling.reject])
def test_an_end_tells_the_citizen_and_drops_a_contact_kept_for_news(end, cast):
    complaint = ComplaintFactory(government=cast.home)
    reporter_of(complaint, for_notice_only=True)
    coordinator = cast[Role.COMPLAINT_COORDINATOR]
    with pytest.raises(StepRefused):
        end(complaint=complaint, by=coordinator, text="", now=FILED)

    end(complaint=complaint, by=coordinator, text="Silakan ke PLN.", now=FILED)

    assert again(complaint).messages.for_citizen().get().text == "Silakan ke PLN."
    assert not Reporter.objects.exists()


def test_messages_who_and_when(cast, at_unit):
    head, coordinator = cast[Role.OPD_HEAD], cast[Role.COMPLAINT_COORDINATOR]
    write_as_citizen(complaint=at_unit, text="Tambahan.", now=FILED)
    write_as_citizen(complaint=at_unit, text="Tambahan.", now=FILED)
    write_to_citizen(complaint=at_unit, by=head, text="Kapan?", now=FILED)
    write_note(complaint=at_unit, by=coordinator, text="Tanyakan lagi.", now=FILED)

    kinds = list(at_unit.messages.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["citizen", "question", "note"]
    assert at_unit.messages.for_citizen().count() == 2
    assert LedgerEntry.objects.filter(verb="message.sent").count() == 3
    for role in (Role.MAYOR, Role.INSPECTORATE, Role.OPD_OPERATOR):
        with pytest.raises(StepRefused):
            write_note(complaint=at_unit, by=cast[role], text="Catatan", now=FILED)
    with pytest.raises(StepRefused):
        write_to_citizen(complaint=at_unit, by=coordinator, text="Kapan?", now=FILED)
    closed = ComplaintFactory(government=cast.home, state="closed", unit=cast.unit)
    with pytest.raises(StepRefused):
        write_as_citizen(complaint=closed, text="Halo", now=FILED)


@pytest.mark.parametrize("role", Role.values)
def test_who_opens_an_identity(role, cast):
    complaint = ComplaintFactory(
        government=cast.home, state="verified", unit=cast.unit, disclosure=Disclosure.KNOWN
    )
    reporter_of(complaint, for_notice_only=False)
    values = {"complaint": complaint, "reason": "Perlu nomor meteran.", "now": FILED}
    if role in {Role.LIAISON_OFFICER, Role.OPD_HEAD}:
        found = open_identity(**values, by=cast[role])
        assert found.name_with_pii() == "Siti"
        assert IdentityOpening.objects.get().reason == "Perlu nomor meteran."
        assert LedgerEntry.objects.get(verb="reporter.opened").codes == {"complaint": complaint.pk}
    else:
        with pytest.raises(StepRefused):
            open_identity(**values, by=cast[role])
        assert not IdentityOpening.objects.exists()


def test_nobody_opens_somebody_anonymous_or_without_a_reason(cast):
    head = cast[Role.OPD_HEAD]
    anonymous = ComplaintFactory(government=cast.home, state="verified", unit=cast.unit)
    reporter_of(anonymous, for_notice_only=True)
    with pytest.raises(StepRefused):
        open_identity(complaint=anonymous, by=head, reason="Ingin tahu", now=FILED)
    known = ComplaintFactory(
        government=cast.home, state="verified", unit=cast.unit, disclosure="known"
    )
    with pytest.raises(StepRefused):
        open_identity(complaint=known, by=head, reason="", now=FILED)
    other = ComplaintFactory(
        government=cast.home, state="verified", unit=cast.other_unit, disclosure="known"
    )
    with pytest.raises(StepRefused):
        open_identity(complaint=other, by=head, reason="Ingin tahu", now=FILED)


def test_reporters_go_after_a_year_and_texts_after_five(cast):
    complaint = ComplaintFactory(government=cast.home, state="closed", unit=cast.unit)
    open_one = ComplaintFactory(government=cast.home)
    reporter_of(complaint, for_notice_only=False)
    reporter_of(open_one, for_notice_only=False)
    Message.objects.create(
        complaint=complaint, government=cast.home, kind="citizen", text="Rahasia", sent_at=FILED
    )
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=FILED)

    erase_old(FILED + privacy.KEEP_REPORTER)
    assert Reporter.objects.count() == 2

    erase_old(FILED + privacy.KEEP_REPORTER + DAY)
    assert Reporter.objects.get().pk == open_one.pk
    assert again(complaint).story
    assert not Session.objects.filter(session_key="x" * 32).exists()

    erase_old(FILED + privacy.KEEP_TEXT + DAY)
    erase_old(FILED + privacy.KEEP_TEXT + 2 * DAY)
    row = again(complaint)
    assert (row.story, row.messages.get().text) == ("", "")
    assert row.erased_at == FILED + privacy.KEEP_TEXT + DAY
    assert again(open_one).story
    assert LedgerEntry.objects.filter(verb="complaint.erased").count() == 1


def opened_by(membership, complaint):
    return IdentityOpening.objects.create(
        complaint=complaint,
        government=complaint.government,
        membership=membership,
        reason="Siti dari Jalan Mawar",
        opened_at=FILED,
    )


def stepped_by(membership, complaint):
    return complaint.steps.create(
        name="recall",
        from_state="verified",
        to_state="returned",
        membership=membership,
        note="Siti dari Jalan Mawar",
        happened_at=FILED,
    )


def test_words_of_staff_go_with_the_texts_and_nothing_else_changes_them(cast):
    head = cast[Role.OPD_HEAD]
    old = ComplaintFactory(government=cast.home, state="closed", unit=cast.unit)
    fresh = ComplaintFactory(government=cast.home, state="verified", unit=cast.unit)
    rows = [make(head, row) for row in (old, fresh) for make in (stepped_by, opened_by)]

    erase_old(FILED + privacy.KEEP_TEXT + DAY)

    for row in rows:
        row.refresh_from_db()
    gone_step, gone_opening, step, opening = rows
    assert (gone_step.note, gone_opening.reason) == ("", "")
    assert (gone_step.name, gone_step.membership) == ("recall", head)
    assert step.note == opening.reason == "Siti dari Jalan Mawar"
    assert LedgerEntry.objects.get(verb="complaint.erased").subject_id == str(old.pk)
    for locked in (lambda: old.steps.update(note="x"), lambda: old.openings.update(reason="x")):
        with pytest.raises(InternalError), transaction.atomic():
            locked()
