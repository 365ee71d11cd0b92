"""Lists of acts and zones cost the same however long they are."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Declaration
from assessments.tests.act_pages import page, url
from assessments.tests.factories import (
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    NamedUnitFactory,
    NamingDecreeFactory,
    SignatoryFactory,
    SignatureFactory,
)
from opd.tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


def fill(cast: Any, number: int) -> Declaration:
    """One act with so many units, signatories and signatures, and as many acts beside it."""
    act = DeclarationFactory(government=cast.home, open=True)
    decree = NamingDecreeFactory(government=cast.home)
    for _ in range(number):
        unit = UnitFactory(government=cast.home)
        DeclarationUnitFactory(declaration=act, unit=unit)
        NamedUnitFactory(decree=decree, unit=unit)
        IntegrityZoneFactory(unit=unit)
        place = SignatoryFactory(declaration=act)
        SignatureFactory(signatory=place, withdrawn=True)
        SignatureFactory(signatory=place)
        DeclarationFactory(government=cast.home)
        NamingDecreeFactory(government=cast.home)
    return act


@pytest.mark.parametrize("name", ["declarations", "zones", "decrees", "coverage", "declaration"])
def test_lists_cost_the_same_for_2_and_7(name: str, cast: Any, desk: Any) -> None:
    counts = []
    for number in (2, 7):
        act = fill(cast, number)
        target = url(name, act.pk) if name == "declaration" else url(name)
        desk.get(target)
        with CaptureQueriesContext(connection) as queries:
            page(desk.get(target))
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= 16, [q["sql"][:120] for q in queries.captured_queries]
