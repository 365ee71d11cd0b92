"""The mayor's two minutes and the Sekda's Monday."""

import re
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.enums import WhoseMove
from assessments.models import WorkPlan
from integrity_portal.core.documents import registry
from opd import navigation
from opd.enums import Role
from reports.tests.factories import world


@pytest.mark.parametrize("name", ["mayor", "sekda"])
def test_nobody_else_learns_that_there_is_such_a_page(name: str, cast: Any, client_as: Any) -> None:
    for role in Role.values:
        expected = 200 if role == name else 404
        answer = client_as(cast[role]).get(reverse(f"reports:{name}"))
        assert answer.status_code == expected, role


def test_it_is_their_start_page(cast: Any) -> None:
    assert navigation.start_url(cast["mayor"]) == reverse("reports:mayor")
    assert navigation.start_url(cast["sekda"]) == reverse("reports:sekda")


def test_worst_first_with_reason_and_move(cast: Any, client_as: Any) -> None:
    world(cast.home, timezone.localdate().replace(day=21))
    text = client_as(cast["mayor"]).get(reverse("reports:mayor")).content.decode()
    rows = re.findall(
        r'<th scope="row" data-label="Unit"><span><a href="/app/workplans/\d+/">', text
    )
    assert len(rows) == 2
    rows = re.findall(r'<th scope="row" data-label="Unit"><span><a[^>]+>(Dinas [^<]+)<', text)
    assert rows[:3] == ["Dinas Terlambat", "Dinas Tanpa Rencana", "Dinas Lancar"]
    assert "2 kegiatan lewat tenggat; 1 pengaduan lewat tenggat" in text
    assert f"{WhoseMove.OPERATOR.label} (1), {WhoseMove.HEAD.label} (1)" in text
    assert "belum ada rencana kerja" in text
    assert text.count("<svg") >= 5
    assert text.count("<caption") >= 4
    assert "Survei kepuasan &lt;b&gt;" in text


def test_the_sekda_sees_what_comes(cast: Any, client_as: Any) -> None:
    world(cast.home, timezone.localdate().replace(day=21))
    text = client_as(cast["sekda"]).get(reverse("reports:sekda")).content.decode()
    assert "Jatuh tempo dalam dua minggu" in text
    assert "Yang terlambat, dan giliran siapa" in text


def test_an_empty_government_is_not_an_error(cast: Any, client_as: Any) -> None:
    for role in ("mayor", "sekda"):
        page = client_as(cast[role]).get(reverse(f"reports:{role}"))
        assert "Tidak ada yang lewat tenggat" in page.content.decode()


@pytest.mark.parametrize("role", ["mayor", "sekda"])
def test_at_most_ten_queries(
    role: str, cast: Any, client_as: Any, django_assert_max_num_queries: Any
) -> None:
    world(cast.home, timezone.localdate().replace(day=21))
    client = client_as(cast[role])
    with django_assert_max_num_queries(10):
        client.get(reverse(f"reports:{role}"))


def test_the_menu_offers_documents_to_those_who_have_some(cast: Any) -> None:
    assert registry.has_audience(cast["mayor"])
    labels = [str(link.label) for link in navigation.links_for(cast["mayor"], "/app/mayor/")]
    assert labels[0] == "Beranda"
    assert "Dokumen" in labels


def test_samples_in_a_real_government_are_marked(cast: Any, client_as: Any) -> None:
    world(cast.home, timezone.localdate().replace(day=21))
    WorkPlan.objects.filter(zone__government=cast.home).update(is_sample=True)
    text = client_as(cast["mayor"]).get(reverse("reports:mayor")).content.decode()
    assert "Sebagian angka adalah contoh." in text
    assert text.count('<span class="small soft">contoh</span>') == 2
    assert "Tertinggal" not in text.split("<table", 1)[1].split("</table>")[0]
    text = client_as(cast["mayor"]).get(reverse("assessments:workplans")).content.decode()
    assert text.count('<span class="small soft">contoh</span>') == 2


def test_of_hundreds_of_units_the_worst_stand_there_and_a_link_leads_to_all(
    cast: Any, client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.views.dashboards.FOLDED", 2)
    for number in range(3):
        world(cast.home, timezone.localdate().replace(day=21), suffix=f" {number}")
    text = client_as(cast["mayor"]).get(reverse("reports:mayor")).content.decode()
    assert text.count('data-label="Giliran siapa"') == 5 + 2
    assert "2 unit lain: lihat semua zona" in text
    assert f'<a href="{reverse("assessments:zones")}">2 unit lain' in text


def test_the_rest_is_a_link_and_the_move_stands_before_the_units(cast: Any, client_as: Any) -> None:
    today = timezone.localdate().replace(day=21)
    for number in range(3):
        world(cast.home, today, suffix=f" {number}")
    text = client_as(cast["mayor"]).get(reverse("reports:mayor")).content.decode()
    assert f'href="{reverse("assessments:workplans")}?show=late">' in text
    assert text.index("<h2>Giliran siapa</h2>") < text.index('<table class="stack units">')
    assert text.split('<table class="stack units">')[1].count('<th scope="row"') == 5
    assert "4 unit lain" in text
