"""Whoever has to sign sees it first, on the page where his day begins."""

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Signatory
from assessments.tests.factories import (
    DeclarationFactory,
    IntegrityZoneFactory,
    SignatoryFactory,
    SignatureFactory,
)
from opd import navigation
from opd.enums import Role
from opd.tests.fixtures import Cast
from reports.tests.factories import world

pytestmark = pytest.mark.django_db
ONE = "Satu pencanangan menunggu tanda tangan Anda"


def wait_for(cast: Cast, role: str, **facts: Any) -> Signatory:
    act = DeclarationFactory(government=cast.home, **({"open": True} | facts))
    return SignatoryFactory(declaration=act, membership=cast[role])


@pytest.mark.parametrize("role", [Role.MAYOR, Role.SEKDA, Role.OPD_HEAD, Role.INSPECTORATE])
def test_it_stands_first_on_the_start_page(role: str, cast: Cast, client_as: Any) -> None:
    start = navigation.start_url(cast[role])
    client = client_as(cast[role])
    assert start
    assert ONE not in client.get(start).content.decode()
    place = wait_for(cast, role, title="Tahap tiga", sign_by=date(2026, 12, 1))
    text = client.get(start).content.decode()
    assert ONE in text
    assert "Tahap tiga" in text
    assert "1 Desember 2026" in text
    assert reverse("assessments:declaration_sign", args=[place.declaration_id]) in text
    headings = re.findall(r"<h2[^>]*>([^<]*)<", text[text.index("<main") :])
    assert headings[0] == ONE
    SignatureFactory(signatory=place)
    assert ONE not in client.get(start).content.decode()


@pytest.mark.parametrize("name", ["zones", "zone", "workplans", "declarations"])
def test_the_head_meets_it_wherever_he_works(name: str, cast: Cast, client_as: Any) -> None:
    zone = IntegrityZoneFactory(unit=cast.unit)
    wait_for(cast, Role.OPD_HEAD)
    wait_for(cast, Role.OPD_HEAD)
    args = [zone.pk] if name == "zone" else []
    text = client_as(cast[Role.OPD_HEAD]).get(reverse(f"assessments:{name}", args=args))
    assert "2 pencanangan menunggu tanda tangan Anda" in text.content.decode()


def test_only_open_acts_and_only_ones_own_office(cast: Cast, client_as: Any) -> None:
    wait_for(cast, Role.SEKDA)
    wait_for(cast, Role.MAYOR, open=False)
    wait_for(cast, Role.MAYOR, closed=True)
    text = client_as(cast[Role.MAYOR]).get(reverse("reports:mayor")).content.decode()
    assert "menunggu tanda tangan Anda" not in text


@pytest.mark.parametrize("role", [Role.MAYOR, Role.SEKDA])
def test_a_dashboard_with_signatures_keeps_its_ten_queries(
    role: str, cast: Cast, client_as: Any, django_assert_max_num_queries: Any
) -> None:
    world(cast.home, timezone.localdate().replace(day=21))
    for _ in range(3):
        wait_for(cast, role)
    client = client_as(cast[role])
    with django_assert_max_num_queries(10):
        text = client.get(reverse(f"reports:{role}")).content.decode()
    assert "3 pencanangan menunggu" in text
