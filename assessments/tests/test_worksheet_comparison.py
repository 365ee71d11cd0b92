"""Years, units and assessors side by side, as picture and table."""

import html
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.enums import Assessor, Predicate, WorksheetState
from assessments.models import IntegrityZone, Worksheet, WorksheetScore
from assessments.queries.comparisons import comparison
from assessments.tests.factories_worksheets import make_sheet
from integrity_portal.core.charts import Chart
from opd.enums import Role
from opd.models import Membership
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast

SignIn = Callable[[Membership], Client]
pytestmark = pytest.mark.usefixtures("english")


def give(
    sheet: Worksheet,
    points: str,
    assessor: str = Assessor.UNIT,
    answered: int = 113,
    **nodes: str,
) -> Worksheet:
    """A total, all of it in Pemenuhan where nothing else is said."""
    WorksheetScore.objects.update_or_create(
        worksheet=sheet,
        assessor=assessor,
        defaults={
            "government_id": sheet.government_id,
            "total": Decimal(points),
            "answered": answered,
            "nodes": {name.replace("_", "."): each for name, each in nodes.items()}
            or {"A": points, "A.I": points},
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
    for word in ("50,0", "80,0", "below the minimum for WBK"):
        assert word in said
    # No gate is met anywhere, so no legend says so.
    assert "meets the minimum" not in said


def tones(drawing: Chart) -> dict[str, list[str]]:
    """By row: each cell as the equal table says it."""
    return {row[0]: list(row[1:]) for row in drawing.table.rows}


def drawn(client: Client, sheet: Worksheet) -> Any:
    client.cookies["django_language"] = "en"
    return client.get(reverse("assessments:worksheet_compare", args=[sheet.pk])).context


MET, BELOW = "meets the minimum for WBK", "below the minimum for WBK"


def test_colours_come_from_the_gates_of_the_target(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    """80 percent is enough for B.II, and not for B.I, where 81.1 are asked for."""
    give(make_sheet(cast, year=2025), "15")
    nodes = {"A_I": "24", "A_I_1": "2.5", "A_II_1": "2.3", "B_I": "18", "B_II": "14"}
    give(sheet, "74.9", A="40", B="34.9", **nodes)
    rows = tones(drawn(client_as(cast[Role.OPD_OPERATOR]), sheet)["of_years"])
    area = "Area 1: Change management"
    assert rows["Total"][1] == f"74,9\u00a0% {BELOW}"
    assert rows["A Enablers"][1] == f"66,7\u00a0% {MET}"
    assert rows[area][1] == f"60,0\u00a0% {MET}"
    assert rows["B.I Clean and accountable bureaucracy"][1] == f"80,0\u00a0% {BELOW}"
    assert rows["B.II Excellent public service"][1] == f"80,0\u00a0% {MET}"
    # Of the combined reading, Pemenuhan and one half of an area have no minimum.
    assert rows["A.I Fulfilment"][1] == "80,0\u00a0%"
    assert rows["A.I.1 Change management"][1] == "62,5\u00a0%"
    IntegrityZone.objects.filter(pk=sheet.zone_id).update(target=Predicate.WBBM)
    rows = tones(drawn(client_as(cast[Role.OPD_OPERATOR]), sheet)["of_years"])
    assert rows[area][1] == "60,0\u00a0% below the minimum for WBBM"


def test_units_by_their_own_target_with_areas_state_and_how_far_they_are(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    nodes = {"A": "45", "B": "35", "A_I_1": "3", "A_II_1": "3"}
    give(sheet, "80", **nodes)
    other = give(make_sheet(cast, unit=cast.other_unit), "80", answered=45, **nodes)
    IntegrityZone.objects.filter(pk=other.zone_id).update(target=Predicate.WBBM)
    Worksheet.objects.filter(pk=sheet.pk).update(state=WorksheetState.RETURNED)
    charts = drawn(client_as(cast[Role.ZI_SECRETARIAT]), sheet)["of_units"]
    assert [drawing.table.header for drawing in charts] == [
        ("Unit", "Total", "A", "B.I", "B.I.a", "B.I.b", "B.II"),
        ("Unit", *(f"Area {number}" for number in range(1, 7))),
    ]
    whole = f"{cast.unit.label} · WBK · Returned to the unit"
    half = f"{cast.other_unit.label} · WBBM · Being filled · 45 of 113 answered"
    met, below = "meets the minimum for its target", "below the minimum for its target"
    assert set(tones(charts[0])) == {whole, half}
    assert tones(charts[0])[whole][:2] == [f"80,0\u00a0% {met}", f"75,0\u00a0% {met}"]
    assert tones(charts[0])[half][:2] == [f"80,0\u00a0% {below}", f"75,0\u00a0% {below}"]
    assert tones(charts[1])[half][0] == f"75,0\u00a0% {met}"


def test_a_star_marks_what_is_not_filled_whole(
    cast: Cast, client_as: SignIn, sheet: Worksheet
) -> None:
    give(make_sheet(cast, year=2025), "15", answered=112)
    said = drawn(client_as(cast[Role.OPD_OPERATOR]), sheet)["of_years"]
    assert said.table.header == ("Part", "2025*", "2026")
    assert said.sentence == "* Not every question has been answered."
    give(make_sheet(cast, year=2025), "15")
    assert drawn(client_as(cast[Role.OPD_OPERATOR]), sheet)["of_years"].sentence == ""


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
    assert "Not every question" not in page(client, sheet)
    sheet.scores.filter(assessor=Assessor.TPI).update(answered=87)
    said = page(client, sheet)
    assert "Not every question" in said
    assert "TPI*" in said
    assert "Unit*" not in said
