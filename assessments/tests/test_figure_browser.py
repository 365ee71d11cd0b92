"""Entering figures in a real browser: by keyboard, by itself, over a broken line."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Indicator
from assessments.tests.factories_rpjmd import YEAR, indicator_of, plan_in_force
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
