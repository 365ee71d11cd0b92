"""Years, units and assessors side by side, as picture and table."""

import html
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.enums import Assessor, WorksheetState
from assessments.models import Worksheet, WorksheetScore
from assessments.queries.comparisons import comparison
from assessments.tests.factories_worksheets import make_sheet
from opd.enums import Role
from opd.models import Membership
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast

SignIn = Callable[[Membership], Client]
pytestmark = pytest.mark.usefixtures("english")


def give(sheet: Worksheet, points: str, assessor: str = Assessor.UNIT) -> Worksheet:
    """A total, all of it in Pemenuhan."""
    WorksheetScore.objects.update_or_create(
        worksheet=sheet,
        assessor=assessor,
        defaults={
            "government_id": sheet.government_id,
            "total": Decimal(points),
            "answered": 9,
            "nodes": {"A": points, "A.I": points},
            "unmet": [],
        },
    )
    return sheet


def page(client: Client, sheet: Worksheet, query: str = "") -> str:
    client.cookies["django_language"] = "en"
    url = reverse("assessments:worksheet_compare", args=[sheet.pk])
    response = client.get(f"{url}{query}")
    assert response.status_code == 200
    return html.unescape(response.content.decode())


@pytest.fixture
def sheet(cast: Cast) -> Worksheet:
    return give(make_sheet(cast), "24")


def test_years_of_the_unit_oldest_first(cast: Cast, sheet: Worksheet) -> None:
    give(make_sheet(cast, year=2025), "15")
    found = comparison(sheet, cast[Role.OPD_OPERATOR], "unit")
    assert [(each.label, each.total) for each in found.years] == [("2025", 15), ("2026", 24)]
    assert found.years[1].percents["A.I"] == 80
    assert found.years[1].percents["B"] == 0


def test_other_units_only_for_who_reads_them(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    give(make_sheet(cast, unit=cast.other_unit), "9")
    give(make_sheet(cast, unit=cast.below), "12")
    labels = {
        role: [each.label for each in comparison(sheet, cast[role], "unit").units]
        for role in (Role.OPD_OPERATOR, Role.ZI_SECRETARIAT)
    }
    assert set(labels[Role.OPD_OPERATOR]) == {cast.unit.label, cast.below.label}
    assert len(labels[Role.ZI_SECRETARIAT]) == 3
    said = page(client_as(cast[Role.ZI_SECRETARIAT]), sheet)
    assert "Units of the same year" in said
    assert "24,0" in said
    assert cast.other_unit.label not in page(client_as(cast[Role.OPD_OPERATOR]), sheet)


def test_the_three_assessors_once_they_are_shown(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    give(sheet, "21", Assessor.TPI)
    unit, office = cast[Role.OPD_OPERATOR], cast[Role.INSPECTORATE]
    assert [row.label for row in comparison(sheet, unit, "unit").assessors] == ["Unit"]
    assert [row.total for row in comparison(sheet, office, "unit").assessors] == [24, 21]
    assert "Only one assessor" in page(client_as(unit), sheet)
    # Nor by the address.
    assert comparison(sheet, unit, "tpi").years == []
    Worksheet.objects.filter(pk=sheet.pk).update(state=WorksheetState.RETURNED)
    sheet.refresh_from_db()
    assert len(comparison(sheet, unit, "unit").assessors) == 2
    assert "Only one assessor" not in page(client_as(unit), sheet)


def test_the_table_says_what_the_picture_says(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    give(make_sheet(cast, year=2025), "15")
    said = page(client_as(cast[Role.OPD_OPERATOR]), sheet)
    assert "<svg" in said
    assert "The same figures as a table" in said
    # 15 and 24 of 30 points of Pemenuhan.
    assert "A.I Pemenuhan" in said or "A.I Fulfilment" in said
    for word in ("50,0", "80,0", "below 60 percent", "75 percent or more"):
        assert word in said


def test_it_costs_the_same_for_two_units_and_for_seven(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    client = client_as(cast[Role.ZI_SECRETARIAT])
    costs = []
    for count in (1, 5):
        for _number in range(count):
            give(make_sheet(cast, unit=UnitFactory(government=cast.home)), "9")
        page(client, sheet)
        with CaptureQueriesContext(connection) as asked:
            page(client, sheet)
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 12


def test_a_score_on_its_way_says_how_far_it_is(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    """Otherwise its open questions look like questions that scored nothing."""
    client = client_as(cast[Role.INSPECTORATE])
    give(sheet, "21", Assessor.TPI)
    sheet.scores.update(answered=113)
    assert "In brackets" not in page(client, sheet)
    sheet.scores.filter(assessor=Assessor.TPI).update(answered=87)
    said = page(client, sheet)
    assert "In brackets" in said
    assert "TPI (87/113)" in said
    assert "Unit (" not in said
