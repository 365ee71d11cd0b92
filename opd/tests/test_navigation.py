"""Where a person starts, and that every page he may open is reachable from the menu."""

import pytest
from django.urls import reverse

from opd import navigation
from opd.enums import Role

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "page"), [(Role.ADMINISTRATOR, "opd:people"), (Role.IT_TEAM, "opd:status")]
)
def test_who_keeps_the_portal_running_starts_at_his_own_page(cast, role, page):
    assert navigation.start_url(cast[role]) == reverse(page)


@pytest.mark.parametrize("role", [Role.INSPECTORATE, Role.ZI_SECRETARIAT, Role.SEKDA])
def test_who_works_with_the_internal_assessors_finds_them_in_the_menu(cast, role):
    links = navigation.links_for(cast[role], reverse("opd:tpi"))

    assert [link.url for link in links if link.is_current] == [reverse("opd:tpi")]
