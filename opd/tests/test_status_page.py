"""The IT team's page: what waits, what was given up, what to do."""

from django.urls import reverse
from django.utils import timezone

from integrity_portal.core.jobs import JobState
from opd import letters
from opd.enums import Role
from opd.models import Letter


def test_the_status_page_counts_mails_and_says_what_to_do(cast, client_as):
    now = timezone.now()
    for state in (JobState.WAITING, JobState.DEAD, JobState.DEAD):
        letters.post(
            to="a@contoh.id", subject="s", body="b", kind="invitation", now=now, government=None
        )
        Letter.objects.filter(pk=Letter.objects.latest("pk").pk).update(
            job_state=state, last_error="SMTPServerDisconnected"
        )
    page = client_as(cast[Role.IT_TEAM]).get(reverse("opd:status")).content.decode()
    page = " ".join(page.split())
    assert "1 menunggu, 2 gagal." in page
    assert "Periksa server surel" in page
    assert page.count("SMTPServerDisconnected") == 1
    assert "Tidak ada isian yang hilang" in page, "worker and dispatcher were never seen"
