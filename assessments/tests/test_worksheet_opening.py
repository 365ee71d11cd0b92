"""From which years and which earlier sheets a work-sheet may begin."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from assessments.actions.worksheets import open_worksheet
from assessments.enums import ItemMark, ZoneStage
from assessments.models import InstrumentEdition, IntegrityZone, Worksheet, ZoneHandover
from assessments.queries.worksheet_opening import sources_for, years_to_open
from assessments.tests.factories import IntegrityZoneFactory
from assessments.tests.factories_worksheets import NOW, edition, make_sheet
from opd.enums import Role
from opd.models import Membership
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
HISTORY = "permenpanrb-52-2014"


def test_near_years_then_those_of_the_older_instrument(cast: Cast) -> None:
    sheet = make_sheet(cast)
    found = years_to_open(sheet.zone, date(2026, 4, 10))
    assert [each.year for each in found] == [2027, 2025, *range(2020, 2013, -1)]
    assert {each.edition.code for each in found[2:]} == {HISTORY}


def test_a_year_of_the_older_instrument_is_opened_by_its_areas(
    cast: Cast, client_as: Callable[[Membership], Client]
) -> None:
    sheet = make_sheet(cast)
    client = client_as(cast[Role.OPD_OPERATOR])
    page = reverse("assessments:zone_worksheets", args=[sheet.zone_id])
    assert "nilai per area menurut 52/2014" in client.get(page).content.decode()
    client.post(page, {"year": "2019", "carry": ""})
    old = Worksheet.objects.get(year=2019)
    assert old.instrument == InstrumentEdition.objects.get(code=HISTORY)
    assert client.get(reverse("assessments:worksheet", args=[old.pk])).status_code == 200


def test_the_road_to_wbbm_begins_with_what_the_road_to_wbk_has(
    cast: Cast, filled: Worksheet
) -> None:
    IntegrityZone.objects.filter(pk=filled.zone_id).update(closed_on=date(2026, 3, 1))
    wbbm = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.BUILDING, target="wbbm")
    operator = cast[Role.OPD_OPERATOR]
    assert [row.pk for row in sources_for(operator, wbbm)] == [filled.pk]
    sheet = open_worksheet(
        zone=wbbm, year=2026, edition=edition(), by=operator, now=NOW, copied_from=filled
    )
    assert sheet.items.filter(mark=ItemMark.CARRIED).count() >= 111


def test_the_heir_of_a_merger_goes_on_with_the_sheet(cast: Cast, filled: Worksheet) -> None:
    heir = UnitFactory(government=cast.home)
    zone = IntegrityZoneFactory(unit=heir, stage=ZoneStage.BUILDING)
    secretariat = cast[Role.ZI_SECRETARIAT]
    more = {"zone": zone, "year": 2026, "edition": edition(), "by": secretariat, "now": NOW}
    with pytest.raises(StepRefused, match="unit yang sama"):
        open_worksheet(copied_from=filled, **more)
    ZoneHandover.objects.create(
        government=cast.home,
        predecessor=filled.zone,
        heir=heir,
        successor=zone,
        happened_on=date(2026, 3, 1),
    )
    assert filled in sources_for(secretariat, zone)
    sheet = open_worksheet(copied_from=filled, **more)
    assert sheet.items.filter(mark=ItemMark.CARRIED).count() >= 111


def test_a_later_year_begins_no_earlier_one(cast: Cast, filled: Worksheet) -> None:
    with pytest.raises(StepRefused, match="tahun yang lebih baru"):
        open_worksheet(
            zone=filled.zone,
            year=2025,
            edition=edition(),
            by=cast[Role.OPD_OPERATOR],
            now=NOW,
            copied_from=filled,
        )
