"""Entering figures in a real browser: by keyboard, by itself, over a broken line."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from assessments.actions.indicators import TargetRow, set_budget
from assessments.models import Indicator
from assessments.tests.factories_rpjmd import (
    YEAR,
    indicator_of,
    make_indicator,
    plan_in_force,
    planner,
    report,
    sent,
)
from opd.enums import Role
from opd.tests.fixtures import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.e2e]


def address(cast: Cast) -> str:
    return f"{reverse('assessments:figures_of_unit', args=[cast.unit.pk])}?year={YEAR}"


def box(page: Any, indicator: Indicator, quarter: int) -> Any:
    return page.locator(f"#f{indicator.pk}-{YEAR}-{quarter} input[name=value]")


def saved(page: Any, indicator: Indicator, quarter: int) -> Any:
    return page.locator(f"#f{indicator.pk}-{YEAR}-{quarter} [data-portal-saved]")


@pytest.mark.parametrize("width", [320, 1280])
def test_figures_are_entered_by_keyboard_and_save_themselves(
    browser_page: Any, cast: Cast, width: int
) -> None:
    plan = plan_in_force(cast)
    first, second = indicator_of(plan, "Indeks contoh"), indicator_of(plan, "Warga dilayani")
    page = browser_page(cast[Role.OPD_OPERATOR], width=width)
    page.goto(address(cast))
    box(page, first, 1).fill("72,5")
    box(page, first, 1).press("Enter")
    expect(box(page, second, 1)).to_be_focused()
    page.keyboard.type("0")
    page.keyboard.press("ArrowUp")
    expect(box(page, first, 1)).to_be_focused()
    expect(saved(page, first, 1)).to_contain_text("Tersimpan")
    expect(saved(page, second, 1)).to_contain_text("Tersimpan")
    assert first.measurements.get().value == 72.5
    assert second.measurements.get().value == 0


def test_a_broken_line_loses_nothing(browser_page: Any, cast: Cast) -> None:
    row = indicator_of(plan_in_force(cast), "Warga dilayani")
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(address(cast))
    page.route("**/save/", lambda route: route.abort())
    box(page, row, 2).fill("31")
    expect(saved(page, row, 2)).to_contain_text("sambungan terputus")
    page.unroute("**/save/")
    page.goto("about:blank")
    page.goto(address(cast))
    expect(box(page, row, 2)).to_have_value("31")
    box(page, row, 2).press("End")
    page.keyboard.type(",5")
    expect(saved(page, row, 2)).to_contain_text("Tersimpan")
    assert row.measurements.get().value == 31.5


def test_what_is_no_number_is_said_at_the_cell(browser_page: Any, cast: Cast) -> None:
    row = indicator_of(plan_in_force(cast), "Warga dilayani")
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(address(cast))
    box(page, row, 1).fill("tiga puluh")
    expect(saved(page, row, 1)).to_contain_text("angkanya saja")
    expect(box(page, row, 1)).to_have_value("tiga puluh")
    assert not row.measurements.exists()


def button(page: Any, indicator: Indicator, quarter: int) -> Any:
    cell = page.locator(f"#f{indicator.pk}-{YEAR}-{quarter}")
    return cell.get_by_role("button", name="Simpan", exact=True)


def test_a_conflict_and_what_was_restored_have_a_way_out(browser_page: Any, cast: Cast) -> None:
    row = indicator_of(plan_in_force(cast), "Warga dilayani")
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(address(cast))
    expect(button(page, row, 1)).to_be_hidden()
    report(row, 12, by=cast.offices[Role.OPD_HEAD])
    box(page, row, 1).fill("15")
    expect(saved(page, row, 1).get_by_role("link", name="Bandingkan")).to_be_visible()
    expect(button(page, row, 1)).to_be_visible()
    page.reload()
    expect(box(page, row, 1)).to_have_value("15")
    button(page, row, 1).click()
    both = page.locator("[data-portal-error-summary]")
    expect(both).to_contain_text("12")
    expect(both).to_contain_text("15")
    page.go_back()
    page.goto(address(cast))
    button(page, row, 1).click()
    page.locator("[data-portal-error-summary]").get_by_role("link").click()
    expect(box(page, row, 1)).to_have_value("12")
    expect(button(page, row, 1)).to_be_hidden()


def test_the_link_to_compare_shows_what_was_typed(browser_page: Any, cast: Cast) -> None:
    row = indicator_of(plan_in_force(cast), "Warga dilayani")
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(address(cast))
    report(row, 12, by=cast.offices[Role.OPD_HEAD])
    box(page, row, 1).fill("15")
    saved(page, row, 1).get_by_role("link", name="Bandingkan").click()
    kept = page.locator("[data-portal-kept]")
    expect(kept.locator("textarea")).to_have_value(re.compile("15"))
    page.locator("form[data-portal-replaces] input[name=value]").fill("16")
    page.locator("form[data-portal-replaces]").get_by_role(
        "button", name="Simpan", exact=True
    ).click()
    page.goto(address(cast))
    expect(box(page, row, 1)).to_have_value("16")
    expect(button(page, row, 1)).to_be_hidden()


def test_after_signing_in_again_the_button_sends_what_was_kept(
    browser_page: Any, cast: Cast
) -> None:
    row = indicator_of(plan_in_force(cast), "Warga dilayani")
    person = cast[Role.OPD_OPERATOR]
    page = browser_page(person)
    page.goto(address(cast))
    page.context.clear_cookies()
    box(page, row, 1).fill("21")
    expect(saved(page, row, 1)).to_contain_text("sudah keluar")
    client = Client()
    client.force_login(person.user)
    client.get(address(cast))
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    root = page.url.split("/app/")[0]
    page.context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": root} for name in names]
    )
    button(page, row, 1).click()
    expect(saved(page, row, 1)).to_contain_text("Tersimpan")
    assert row.measurements.get().value == 21


def test_the_number_to_send_is_right_without_a_reload(browser_page: Any, cast: Cast) -> None:
    plan = plan_in_force(cast)
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(address(cast))
    box(page, indicator_of(plan, "Warga dilayani"), 1).fill("31")
    notes = page.locator("#to-send")
    expect(notes).to_contain_text("1 angka")
    box(page, indicator_of(plan, "Indeks contoh"), 1).fill("70")
    expect(notes).to_contain_text("2 angka")
    notes.get_by_role("button").first.click()
    expect(page.get_by_text("2 angka").first).to_be_visible()
    assert [row.state for row in indicator_of(plan, "Indeks contoh").measurements.all()] == [
        "submitted"
    ]


def test_keys_go_down_the_quarter_through_all_tables(browser_page: Any, cast: Cast) -> None:
    plan = plan_in_force(cast)
    by = planner(cast)
    first, last = indicator_of(plan, "Indeks contoh"), indicator_of(plan, "Warga dilayani")
    ratio = make_indicator(
        last.node,
        by=by,
        name="Rasio",
        unit=cast.unit,
        factor=Decimal(100),
        numerator_label="selesai",
        denominator_label="masuk",
    )
    yearly = make_indicator(
        last.node, by=by, name="Setahun", unit=cast.unit, consolidation="manual"
    )
    ceiling = [TargetRow(YEAR, low=Decimal(1000))]
    money = set_budget(node=last.node, unit=cast.unit, rows=ceiling, by=by)
    page = browser_page(cast[Role.OPD_OPERATOR])
    page.goto(address(cast))

    def at(indicator: Indicator, quarter: int, name: str = "value") -> Any:
        return page.locator(f"#f{indicator.pk}-{YEAR}-{quarter} input[name={name}]")

    path = [
        at(first, 2),
        at(last, 2),
        at(ratio, 2, "numerator"),
        at(ratio, 2, "denominator"),
        at(yearly, 0),
        at(money, 2),
    ]
    path[0].focus()
    for place in path[1:]:
        page.keyboard.press("Enter")
        expect(place).to_be_focused()
    for place in reversed(path[:-1]):
        page.keyboard.press("ArrowUp")
        expect(place).to_be_focused()
    assert page.evaluate(
        """() => document.activeElement.dispatchEvent(
             new KeyboardEvent("keydown", {key: "ArrowUp", bubbles: true, cancelable: true}))"""
    )


def test_one_box_ticks_the_queue_and_a_row_is_returned(browser_page: Any, cast: Cast) -> None:
    plan = plan_in_force(cast)
    by = cast.offices[Role.OPD_OPERATOR]
    row = sent(indicator_of(plan, "Warga dilayani"), 30, by=by)
    sent(indicator_of(plan, "Indeks contoh"), 60, by=by)
    page = browser_page(planner(cast))
    page.goto(reverse("assessments:figures_queue"))
    page.locator("[data-portal-tick-all]").check()
    expect(page.locator("input[name=take]:checked")).to_have_count(2)
    place = page.locator("tr", has_text="Warga dilayani")
    place.locator("summary").click()
    place.locator("textarea").fill("Periksa rekap")
    place.get_by_role("button", name="Kembalikan", exact=True).click()
    expect(page.locator("input[name=take]")).to_have_count(1)
    row.refresh_from_db()
    assert row.state == "returned"
