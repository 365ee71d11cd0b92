"""Mails wait for their server and carry nothing that was not meant."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from opd import letters

NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Jakarta"))
pytestmark = pytest.mark.usefixtures("english")


def test_a_mail_server_that_is_away_costs_only_time(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    letter = letters.post(
        to="a@contoh.id", subject="s", body="b", kind="test", now=NOW, government=cast.home
    )

    assert not letters.deliver(pk=letter.pk, now=NOW)

    letter.refresh_from_db()
    assert (letter.job_state, letter.attempts) == ("waiting", 1)
    assert letter.sealed
    assert letters.due(NOW) == []
    assert letters.due(NOW + timedelta(minutes=3)) == [letter.pk]


def test_line_breaks_do_not_reach_the_subject(cast):
    letter = letters.post(
        to="a@contoh.id",
        subject="s\r\nBcc: b@contoh.id",
        body="b",
        kind="test",
        now=NOW,
        government=None,
    )
    letters.deliver(pk=letter.pk, now=NOW)

    assert mail.outbox[0].subject == "s Bcc: b@contoh.id"
    assert mail.outbox[0].recipients() == ["a@contoh.id"]
