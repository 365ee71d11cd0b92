"""Saving by itself in a real browser, where things go wrong: lost answers, ended sign-ins, closing."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from assessments.enums import WorksheetState
from assessments.models import Answer, Worksheet
from assessments.tests.factories_worksheets import make_sheet
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.e2e]
QUESTION = "#A\\.I\\.1\\.i\\.b"


def part(cast: Cast) -> str:
    return reverse("assessments:worksheet_part", args=[make_sheet(cast).pk, "A.I.1.i"])


def saved(page: Any) -> Any:
    return page.locator(QUESTION).locator("[data-portal-saved]")


def text(page: Any) -> Any:
    return page.locator(QUESTION).locator("textarea:not([readonly])").first


def cut(route: Any) -> None:
    """The server gets it; its answer does not come back."""
    route.fetch()
    route.abort()


class TestLostAnswer:
    def test_typing_on_is_no_conflict_with_oneself(self, browser_page: Any, cast: Cast) -> None:
        page = browser_page(cast[Role.OPD_OPERATOR])
        page.goto(part(cast))
        page.route("**/answers/**", cut)
        text(page).fill("Pertama")
        expect(saved(page)).to_contain_text("jaringan terputus")
        assert Answer.objects.get().note == "Pertama"
        page.unroute("**/answers/**")
        text(page).fill("Pertama, lalu kedua")
        expect(page.locator(QUESTION).locator("input[name=version]")).to_have_value("2")
        expect(saved(page)).to_contain_text("Tersimpan")
        assert Answer.objects.get().note == "Pertama, lalu kedua"

    def test_nor_by_the_button_or_after_a_reload(self, browser_page: Any, cast: Cast) -> None:
        page = browser_page(cast[Role.OPD_OPERATOR])
        address = part(cast)
        page.goto(address)
        page.route("**/answers/**", cut)
        text(page).fill("Pertama")
        expect(saved(page)).to_contain_text("jaringan terputus")
        text(page).fill("Pertama, lalu kedua")
        page.unroute("**/answers/**")
        page.goto("about:blank")
        page.goto(address)
        expect(text(page)).to_have_value("Pertama, lalu kedua")
        page.locator(QUESTION).get_by_role("button", name="Simpan").click()
        expect(page.get_by_role("heading", name="Dua jawaban")).to_have_count(0)
        expect(saved(page)).to_contain_text("Tersimpan")
        assert Answer.objects.get().note == "Pertama, lalu kedua"


class TestSignedInAgain:
    def sign_in_elsewhere(self, page: Any, person: Membership) -> None:
        """As in another tab: a new session, and with it a new token."""
        client = Client()
        client.force_login(person.user)
        client.get(reverse("assessments:worksheets"))
        root = page.url.split("/app/")[0]
        names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
        cookies = [{"name": n, "value": client.cookies[n].value, "url": root} for n in names]
        page.context.add_cookies(cookies)

    @pytest.mark.parametrize("is_pressed", [True, False])
    def test_it_saves_with_a_new_token(
        self, is_pressed: bool, browser_page: Any, cast: Cast
    ) -> None:
        person = cast[Role.OPD_OPERATOR]
        page = browser_page(person)
        page.goto(part(cast))
        page.context.clear_cookies()
        text(page).fill("Masih ada")
        expect(saved(page)).to_contain_text("sudah keluar")
        self.sign_in_elsewhere(page, person)
        if is_pressed:
            page.locator(QUESTION).get_by_role("button", name="Simpan").click()
        else:
            text(page).fill("Masih ada juga")
        expect(saved(page)).to_contain_text("Tersimpan")
        assert Answer.objects.get().note.startswith("Masih ada")

    def test_nothing_is_sent_in_another_persons_name(self, browser_page: Any, cast: Cast) -> None:
        page = browser_page(cast[Role.OPD_OPERATOR])
        page.goto(part(cast))
        page.context.clear_cookies()
        text(page).fill("Kata operator")
        expect(saved(page)).to_contain_text("sudah keluar")
        self.sign_in_elsewhere(page, cast[Role.OPD_HEAD])
        page.locator(QUESTION).get_by_role("button", name="Simpan").click()
        expect(saved(page)).to_contain_text("sudah keluar")
        expect(text(page)).to_have_value("Kata operator")
        assert not Answer.objects.exists()


def test_what_is_refused_for_good_promises_nothing(browser_page: Any, cast: Cast) -> None:
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(part(cast))
    page.route("**/answers/**", lambda route: route.fulfill(status=404, body="<p>Tidak ada</p>"))
    text(page).fill("Jangan hilang")
    expect(saved(page)).to_contain_text("portal menolaknya")
    expect(saved(page)).not_to_contain_text("dengan sendirinya")


def test_points_and_the_part_follow_the_answer(browser_page: Any, cast: Cast) -> None:
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(part(cast))
    points = page.locator(QUESTION).locator("[data-portal-points]")
    expect(points).to_have_text("0,00")
    page.locator(QUESTION).get_by_label("A ", exact=False).first.check()
    expect(points).to_have_text("0,25")
    expect(page.locator("[data-portal-part]")).to_have_text("0,25")


def test_a_question_closed_meanwhile_shows_what_was_typed(browser_page: Any, cast: Cast) -> None:
    page = browser_page(cast[Role.OPD_OPERATOR], width=320)
    address = part(cast)
    page.goto(address)
    Worksheet.objects.update(
        state=WorksheetState.SUBMITTED, tier="anggota", submitted_by=cast[Role.OPD_HEAD]
    )
    text(page).fill("Sepuluh menit mengetik")
    expect(saved(page)).to_contain_text("teks Anda masih ada di bawah")
    page.goto(address)
    kept = page.locator(QUESTION).get_by_label("Yang Anda ketik")
    expect(kept).to_have_value("Penjelasan: Sepuluh menit mengetik")
    page.locator(QUESTION).get_by_role("button", name="Sudah disalin").click()
    expect(kept).to_be_hidden()
    page.reload()
    expect(kept).to_be_hidden()
