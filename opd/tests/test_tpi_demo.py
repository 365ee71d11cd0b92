"""The TPI of the demonstration: the four agencies of Kediri in 2023, and nobody's name."""

from datetime import date

import pytest
from django.urls import reverse

from opd.demo import loader
from opd.enums import Role, TpiFunction
from opd.models import Membership, TpiAssignment, TpiTeam

pytestmark = pytest.mark.django_db


def test_kediris_team_of_2023_came_from_four_agencies(client_as):
    loader.load(date(2026, 11, 22))
    team = TpiTeam.objects.get(government__slug="kota-kediri")
    assert (team.year, team.is_sample) == (2023, True)
    members = team.members.select_related("membership__unit", "membership__user")
    assert {row.membership.unit.short_name: row.function for row in members} == {
        "Inspektorat": TpiFunction.KETUA,
        "Bagian Organisasi": TpiFunction.ANGGOTA,
        "BKPSDM": TpiFunction.ANGGOTA,
        "Bappeda": TpiFunction.ANGGOTA,
    }
    assert all(row.membership.user.name == row.membership.title for row in members)
    assert not TpiAssignment.objects.filter(government__slug="kota-kediri").exists()
    inspector = Membership.objects.get(government__slug="kota-kediri", role=Role.INSPECTORATE)
    client = client_as(inspector)
    page = client.get(reverse("opd:tpi_year")).content.decode()
    assert "?year=2023" in page
    page = client.get(reverse("opd:tpi_year"), {"year": 2023}).content.decode()
    for agency in ("Inspektorat", "Bagian Organisasi", "BKPSDM", "Bappeda"):
        assert agency in page
    assert "contoh" in page
