"""What the small script of the filing pages adds, in a real browser; without it all of it works."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from complaints import load
from complaints.models import Complaint
from complaints.tests.factories import ComplaintFactory
from complaints.tests.test_flood import LOW, flood
from integrity_portal.testing.browser import assert_fits

STORY = "Jembatan di Gang Mawar lapuk."


def onward(phone) -> None:
    phone.get_by_role("button", name="Lanjutkan").click()


@pytest.mark.e2e
def test_a_lost_line_loses_nothing_the_position_is_asked_for_and_a_flood_is_worked_off(
    cast, browser_page, monkeypatch
):
    monkeypatch.setattr(load, "current", lambda: LOW)
    phone = browser_page(
        width=320,
        height=640,
        geolocation={"latitude": -7.81662, "longitude": 112.01142},
        permissions=["geolocation", "clipboard-read", "clipboard-write"],
    )
    first = reverse("complaints:step", args=[cast.home.slug, 1])
    phone.goto(first)
    phone.get_by_label("Pengaduan").check()
    phone.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    phone.get_by_text("Tersimpan di ponsel ini.").wait_for()
    phone.context.set_offline(True)
    onward(phone)
    phone.context.set_offline(False)
    phone.goto(first)
    phone.get_by_text("Isian Anda masih ada di ponsel ini").wait_for()
    assert phone.get_by_label("Ceritakan apa yang terjadi").input_value() == STORY
    assert phone.get_by_label("Pengaduan").is_checked()
    onward(phone)

    phone.get_by_label("Unit layanan mana?").select_option("unknown")
    phone.get_by_role("button", name="Pakai posisi ponsel saya").click()
    phone.get_by_text("7,8166° LS, 112,0114° BT").wait_for()
    assert_fits(phone)
    onward(phone)
    assert phone.evaluate("Object.keys(sessionStorage).length") == 0
    onward(phone)
    flood(cast, 300)
    phone.get_by_label("Tidak seorang pun: anonim").check()
    onward(phone)
    phone.get_by_role("button", name="Kirim").click()

    code = phone.locator(".code").inner_text()
    phone.get_by_role("button", name="Salin kode").click()
    phone.get_by_text("Tersalin.").wait_for()
    assert phone.evaluate("navigator.clipboard.readText()") == code
    folder = os.environ.get("PORTAL_SHOTS")
    if folder:
        phone.emulate_media(media="print")
        phone.screenshot(path=str(Path(folder) / "complaint-slip.png"), full_page=True)
        phone.emulate_media(media="screen")
    row = Complaint.objects.latest("pk")
    assert (str(row.latitude), str(row.longitude)) == ("-7.81660", "112.01140")
    assert not row.is_quarantined


@pytest.mark.e2e
def test_leaving_forgets_what_the_phone_kept(cast, browser_page):
    ComplaintFactory(government=cast.home)
    phone = browser_page(width=320, height=640)
    first = reverse("complaints:step", args=[cast.home.slug, 1])
    phone.goto(first)
    phone.get_by_label("Ceritakan apa yang terjadi").fill(STORY)
    phone.get_by_role("button", name="Berhenti dan hapus semua").click()
    phone.get_by_text("dihapus dari perangkat ini").wait_for()
    phone.goto(first)
    assert phone.get_by_label("Ceritakan apa yang terjadi").input_value() == ""
    assert phone.evaluate("Object.keys(sessionStorage).length") == 0
