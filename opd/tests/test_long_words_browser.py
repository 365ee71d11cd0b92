"""A name of 150 letters without a blank: nobody has to scroll sideways."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from integrity_portal.testing.browser import assert_fits
from opd.actions import imports
from opd.enums import Role
from opd.models import Duty, Unit
from opd.tests.factories import ServiceFactory, StandingFactFactory, UnitFactory
from opd.tests.fixtures import Cast

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

WORD = "Panjang".ljust(150, "x")


@pytest.fixture
def unit(cast: Cast) -> Unit:
    unit = UnitFactory(government=cast.home, name=WORD, code="K" * 30)
    UnitFactory(government=cast.home, name=WORD, parent=unit)
    unit.names.create(government=cast.home, name=WORD, valid_to="2024-05-01", basis=WORD)
    ServiceFactory(unit=unit, name=WORD, product=WORD, published=WORD)
    StandingFactFactory(government=cast.home, unit=unit, source=WORD)
    Duty.objects.create(government=cast.home, unit=unit, position=1, text=WORD)
    return unit


@pytest.mark.parametrize("width", [320, 1280])
def test_long_names_break_inside_their_boxes(
    browser_page: Callable[..., Any], cast: Cast, unit: Unit, width: int
) -> None:
    by = cast[Role.ZI_SECRETARIAT]
    data = f"jenis;nama;induk\nKantor;{WORD};{WORD * 40}\n".encode()
    upload = imports.receive_units(by=by, data=data, now=timezone.now())
    page = browser_page(by, width=width)
    for path in (
        reverse("opd:unit_list"),
        f"{reverse('opd:unit_list')}?q=Panjang",
        reverse("opd:unit", args=[unit.pk]),
        reverse("opd:unit_rename", args=[unit.pk]),
        reverse("opd:unit_close", args=[unit.pk]),
        f"{reverse('opd:unit_merge')}?unit={unit.pk}",
        reverse("opd:unit_import", args=[upload.pk]),
    ):
        assert page.goto(path).status == 200
        assert_fits(page)
