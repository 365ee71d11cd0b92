"""The planner's page of pocket books and the live page of a unit, at phone and desk width."""

from typing import Any

import pytest
from django.urls import reverse

from assessments.actions.booklets import order_all_booklets
from assessments.models import Plan
from assessments.tests.factories_rpjmd import (
    NOW,
    TODAY,
    indicator_of,
    plan_in_force,
    planner,
    verified,
)
from integrity_portal.tests.test_every_page import look_at
from opd.enums import Role
from opd.tests.fixtures import Cast


@pytest.mark.e2e
def test_a_planner_asks_for_all_books_and_watches(cast: Cast, browser_page: Any) -> None:
    plan = plan_in_force(cast)
    order_all_booklets(plan=plan, period=(2025, 0), by=planner(cast), now=NOW, today=TODAY)
    page = browser_page(planner(cast))
    page.goto(reverse("assessments:rpjmd_booklets", args=[plan.pk]))
    look_at(page, "rpjmd-booklets-planner")
    page.wait_for_function("document.querySelector('progress') !== null")
    page.get_by_role("button", name="Batalkan sisanya").or_(
        page.get_by_role("button", name="Call off the rest")
    ).click()
    page.wait_for_load_state()
    assert page.locator("progress").count() == 0


@pytest.mark.e2e
def test_the_live_page_of_a_unit(cast: Cast, browser_page: Any) -> None:
    plan = plan_in_force(cast, is_public=True)
    by = cast[Role.OPD_OPERATOR]
    verified(indicator_of(plan, "Indeks contoh"), 40, by=by, planner=planner(cast))
    assert Plan.objects.get(pk=plan.pk).is_public
    page = browser_page()
    page.goto(reverse("unit_performance", args=[cast.home.slug, cast.unit.public_id]))
    look_at(page, "unit-performance")


@pytest.mark.e2e
def test_on_paper_no_branch_is_folded(
    cast: Cast, browser_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assessments.queries.plan_pages.FOLDED_FROM", 0)
    plan = plan_in_force(cast)
    page = browser_page(planner(cast))
    page.goto(reverse("assessments:rpjmd_plan", args=[plan.pk]))
    folded = page.locator("main details:not([open])").count()
    assert folded
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("main details:not([open])").count() == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details:not([open])").count() == folded
