"""Filling a work-sheet in a real browser: it saves by itself, and nothing typed is ever lost."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Answer
from assessments.tests.factories_worksheets import make_sheet
from opd.enums import Role
from opd.tests.fixtures import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.e2e]
QUESTION = "#A\\.I\\.1\\.i\\.b"


def part(cast: Cast) -> str:
    return reverse("assessments:worksheet_part", args=[make_sheet(cast).pk, "A.I.1.i"])


def test_it_saves_by_itself_and_shows_the_total(browser_page: Any, cast: Cast) -> None:
    page = browser_page(cast[Role.OPD_OPERATOR], width=320)
    page.goto(part(cast))
    question = page.locator(QUESTION)
    question.get_by_label("A ", exact=False).first.check()
    expect(question.locator("[data-portal-saved]")).to_contain_text("Tersimpan")
    expect(page.locator("[data-portal-total]").first).to_have_text("0,25")
    question.locator("textarea").fill("Lihat halaman 4")
    expect(question.locator("input[name=version]")).to_have_value("2")
    assert Answer.objects.get().note == "Lihat halaman 4"


def test_a_broken_line_keeps_the_text_through_a_reload(browser_page: Any, cast: Cast) -> None:
    page = browser_page(cast[Role.OPD_OPERATOR])
    address = part(cast)
    page.goto(address)
    page.route("**/answers/**", lambda route: route.abort())
    page.locator(QUESTION).locator("textarea").fill("Jangan hilang")
    expect(page.locator(QUESTION).locator("[data-portal-saved]")).to_contain_text(
        "jaringan terputus"
    )
    page.unroute("**/answers/**")
    page.goto("about:blank")
    page.goto(address)
    question = page.locator(QUESTION)
    expect(question.locator("textarea")).to_have_value("Jangan hilang")
    expect(question.locator("[data-portal-saved]")).to_contain_text("belum tersimpan")
    question.get_by_role("button", name="Simpan").click()
    page.goto(address)
    expect(page.locator(QUESTION).locator("textarea")).to_have_value("Jangan hilang")
    assert Answer.objects.get().note == "Jangan hilang"


def test_a_sign_in_that_ended_keeps_the_text(browser_page: Any, cast: Cast) -> None:
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(part(cast))
    page.context.clear_cookies(name="sessionid")
    page.locator(QUESTION).locator("textarea").fill("Masih ada")
    expect(page.locator(QUESTION).locator("[data-portal-saved]")).to_contain_text("sudah keluar")
    kept = page.evaluate("Object.entries(localStorage).map(String).join()")
    assert "Masih ada" in kept


def test_two_people_one_question(browser_page: Any, cast: Cast) -> None:
    first, second = browser_page(cast[Role.OPD_OPERATOR]), browser_page(cast[Role.OPD_HEAD])
    address = part(cast)
    first.goto(address)
    second.goto(address)
    first.locator(QUESTION).locator("textarea").fill("Kata operator")
    expect(first.locator(QUESTION).locator("input[name=version]")).to_have_value("1")
    second.locator(QUESTION).locator("textarea").fill("Kata kepala")
    saved = second.locator(QUESTION).locator("[data-portal-saved]")
    expect(saved).to_contain_text("membandingkan")
    second.locator(QUESTION).get_by_role("button", name="Simpan").click()
    expect(second.get_by_role("table")).to_contain_text("Kata operator")
    expect(second.get_by_role("table")).to_contain_text("Kata kepala")
    assert Answer.objects.get().note == "Kata operator"
    second.get_by_role("link", name="Pertahankan yang tersimpan").click()
    expect(second.locator(QUESTION).locator("textarea")).to_have_value("Kata operator")


def test_what_if_reckons_while_one_clicks(browser_page: Any, cast: Cast) -> None:
    page = browser_page(cast[Role.OPD_OPERATOR], width=320)
    page.goto(reverse("assessments:worksheet_what_if", args=[make_sheet(cast).pk]))
    page.locator("#what-if-areas summary").first.click()
    page.locator("select[name='A.I.1.i.b']").select_option("A")
    expect(page.locator("#what-if-totals .figure").first).to_have_text("0,25")
    expect(page.locator("#sum-1")).to_contain_text("→ 0,25")
    assert not Answer.objects.exists()
