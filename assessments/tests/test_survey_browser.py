"""A citizen answers a survey in a real browser: a phone of 320 px without script."""

import pytest
from django.urls import reverse

from assessments.models import SurveyResponse
from assessments.survey_proofs import shown
from assessments.tests import factories_surveys as make
from integrity_portal.testing.browser import assert_accessible, assert_fits


@pytest.mark.e2e
@pytest.mark.slow
def test_a_citizen_answers_on_the_smallest_phone(cast, browser_page):
    row = make.open_round(cast.unit, survey="SKM")
    code = make.codes(row)[0]
    address = reverse("survey", args=[cast.home.slug, row.public_id])
    phone = browser_page(width=320, height=640, java_script_enabled=False)

    phone.goto(address)
    assert_fits(phone)
    heights = phone.locator(".choice").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().height)"
    )
    assert min(heights) >= 48
    for item in row.asked.item_codes[:-1]:
        phone.locator(f"input[name={item}][value='4']").check()
    phone.locator("button[type=submit]").click()
    assert phone.get_by_role("alert").is_visible()
    assert phone.locator("input:checked").count() == 8
    assert_fits(phone)
    phone.locator("input[name=U9][value='0']").check()
    phone.locator("input[name=proof]").fill(shown(code).lower())
    phone.locator("button[type=submit]").click()
    assert "terima-kasih" in phone.url
    assert_fits(phone)
    assert SurveyResponse.objects.get().answers["U9"] == 0

    desk = browser_page()
    for page in (address, reverse("survey_list", args=[cast.home.slug])):
        desk.goto(page)
        assert_accessible(desk)
