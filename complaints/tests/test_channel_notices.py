"""Telling a reporter without content, a new code for a stored contact, and the keepers' actions."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.core import mail
from django.utils import timezone

from complaints.actions import handling, notices
from complaints.actions.filing import Filing, file_complaint
from complaints.actions.following import follow_complaint
from complaints.actions.messages import write_to_citizen
from complaints.channel_enums import Event, Route
from complaints.codes import new_code
from complaints.models import (
    Complaint,
    ExtraCode,
    Notice,
    OutboundMessage,
)
from complaints.queries import tracking
from complaints.tests.phones import Phone, work_all
from integrity_portal.core.models import LedgerEntry
from opd import letters
from opd.enums import Role
from opd.models import Letter

DAY = timedelta(days=1)


def filed(cast: Any, contact: str, *, known: bool = False) -> Complaint:
    filing = Filing(
        draft_key=new_code() * 2,
        code=new_code(),
        kind="complaint",
        story="KENARI-CERITA",
        disclosure="known" if known else "anonymous",
        contact=contact,
        is_contact_for_notice=not known,
    )
    return file_complaint(government=cast.home, filing=filing, now=timezone.now()).complaint


def told(complaint: Complaint, event: str = Event.ANSWERED, **more: Any) -> Notice | None:
    now = more.pop("now", timezone.now())
    return notices.tell_reporter(complaint=complaint, event=event, now=now, **more)


def test_by_mail_without_a_word_of_it(cast: Any) -> None:
    notice = told(filed(cast, "warga@contoh.id"))
    for letter in Letter.objects.all():
        letters.deliver(pk=letter.pk, now=timezone.now())

    assert notice.route == Route.MAIL
    assert "KENARI" not in mail.outbox[0].body
    assert f"/{cast.home.slug}/lacak/" in mail.outbox[0].body


def test_by_sms_to_a_number_left_on_the_web(sms: Phone, cast: Any) -> None:
    assert told(filed(cast, "0812 0000 0001")).route == Route.SMS
    work_all(timezone.now() + DAY / 2)

    assert len(sms.heard) == 1
    assert "KENARI" not in sms.heard[0]


def test_once_for_each_event(sms: Phone, cast: Any) -> None:
    complaint = filed(cast, "081200000001")

    assert told(complaint, about="7")
    assert told(complaint, about="7") is None
    assert told(complaint, Event.QUESTION, about="7")
    assert told(complaint, about="8")
    assert OutboundMessage.objects.count() == 3


def test_before_it_is_closed_once(sms: Phone, cast: Any) -> None:
    complaint = filed(cast, "081200000001")
    now = timezone.now()
    Complaint.objects.filter(pk=complaint.pk).update(
        state="answered", unit=cast.unit, answered_at=now - 9 * DAY,
        answered_on=timezone.localdate() - 9 * DAY, close_on=timezone.localdate() + 2 * DAY,
    )  # fmt: skip
    for _tick in range(2):
        notices.tell_closing(now=now)

    assert Notice.objects.get().event == Event.CLOSING


def test_the_units_steps_tell_it_inside_their_own_transaction(sms: Phone, cast: Any) -> None:
    complaint, now = filed(cast, "081200000001"), timezone.now()
    handling.verify_complaint(
        complaint=complaint, by=cast[Role.COMPLAINT_COORDINATOR], unit=cast.unit,
        sla_class="general", now=now,
    )  # fmt: skip
    officer = cast[Role.LIAISON_OFFICER]
    handling.take_on(complaint=complaint, by=officer, now=now)
    write_to_citizen(complaint=Complaint.objects.get(), by=officer, text="Loket mana?", now=now)
    handling.answer_complaint(complaint=complaint, by=officer, text="Sudah.", now=now)
    rejected = filed(cast, "081200000001")
    handling.reject(complaint=rejected, by=cast[Role.COMPLAINT_COORDINATOR], text="Bukan.", now=now)

    events = list(Notice.objects.order_by("pk").values_list("event", "route"))
    assert events == [("question", "sms"), ("answered", "sms"), ("decision", "sms")]


def test_without_a_way_that_is_recorded(cast: Any) -> None:
    notice = told(filed(cast, "081200000001"))

    assert (notice.route, notice.reason) == (Route.NONE, "no_channel")
    assert LedgerEntry.objects.get(verb="reporter.told").codes["route"] == "none"


def test_nobody_is_told_who_left_nothing(cast: Any) -> None:
    assert told(filed(cast, "")) is None
    assert not Notice.objects.exists()


def test_whatsapp_that_does_not_take_it_goes_by_sms(whatsapp: Phone, sms: Phone, cast: Any) -> None:
    """131026: this number has no WhatsApp. `sms` answers at the same number."""
    complaint = filed(cast, "081200000001")
    Complaint.objects.filter(pk=complaint.pk).update(channel="whatsapp")
    complaint.refresh_from_db()
    told(complaint)
    whatsapp.gateway.answer(400, code=131026)
    for _try in range(2):
        work_all(timezone.now() + DAY / 2)

    assert [r.path for r in sms.gateway.requests] == ["/sms"]
    assert OutboundMessage.objects.get().sealed == ""


class TestResendCode:
    def test_a_new_code_opens_the_same_report_and_the_old_one_still_does(
        self, sms: Phone, cast: Any
    ) -> None:
        old = sms.file()
        notices.resend_code(government=cast.home, contact="0812-0000-0001", now=timezone.now())
        work_all()
        found = re.search(r"((?:\d{4} ){3}\d{4})", sms.heard[-1])
        fresh = found[1].replace(" ", "")

        report = Complaint.objects.get()
        assert fresh != old
        assert tracking.complaint_by_code(cast.home.pk, fresh) == report
        assert tracking.complaint_by_code(cast.home.pk, old) == report
        assert ExtraCode.objects.get().complaint == report

    def test_nothing_to_a_number_that_nobody_left(self, sms: Phone, cast: Any) -> None:
        sms.file()
        before = OutboundMessage.objects.count()
        notices.resend_code(government=cast.home, contact="081255555555", now=timezone.now())
        notices.resend_code(government=cast.away, contact="081200000001", now=timezone.now())

        assert OutboundMessage.objects.count() == before

    def test_three_times_a_day(self, sms: Phone, cast: Any) -> None:
        sms.file()
        now = timezone.now()
        for _try in range(5):
            notices.resend_code(government=cast.home, contact="081200000001", now=now)
        assert ExtraCode.objects.count() == 3


def test_whose_report_was_joined_and_who_follows_hear_as_well(sms: Phone, cast: Any) -> None:
    main, joined = filed(cast, "081200000001"), filed(cast, "081200000002")
    Complaint.objects.filter(pk=joined.pk).update(
        state="merged", merged_into=main, closed_at=timezone.now()
    )
    main.public_title = "Lampu jalan padam"
    main.save(update_fields=["public_title"])
    follow_complaint(complaint=main, code=new_code(), contact="081200000003", now=timezone.now())
    follow_complaint(complaint=main, code=new_code(), now=timezone.now())

    for _again in range(2):
        notices.tell_everybody(complaint=main, event=Event.ANSWERED, now=timezone.now())

    assert Notice.objects.filter(route=Route.SMS).count() == 3
    work_all(timezone.now() + DAY / 2)
    assert len(sms.gateway.requests) == 3


def test_followers_alone_and_none_of_an_invented_report(sms: Phone, cast: Any) -> None:
    complaint = filed(cast, "081200000001")
    Complaint.objects.filter(pk=complaint.pk).update(public_title="Lampu jalan padam")
    follow_complaint(
        complaint=complaint, code=new_code(), contact="081200000003", now=timezone.now()
    )
    complaint.refresh_from_db()
    complaint.is_sample = True
    notices.tell_followers(complaint=complaint, event=Event.ANSWERED, now=timezone.now())
    assert not Notice.objects.exists()

    complaint.is_sample = False
    notices.tell_followers(complaint=complaint, event=Event.ANSWERED, now=timezone.now())
    assert Notice.objects.get().about.endswith(f"/{complaint.followers.get().pk}")


def test_the_end_forgets_whom_to_tell(cast: Any) -> None:
    complaint = filed(cast, "081200000001")
    Complaint.objects.filter(pk=complaint.pk).update(public_title="Lampu jalan padam")
    follow_complaint(
        complaint=complaint, code=new_code(), contact="081200000003", now=timezone.now()
    )
    handling.reject(
        complaint=complaint,
        by=cast[Role.COMPLAINT_COORDINATOR],
        text="Sudah ditangani.",
        now=timezone.now(),
    )
    assert complaint.followers.get().contact_sealed == ""
