"""What the demonstration shows of work plans."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from assessments.demo import workplans
from assessments.enums import Light, WhoseMove
from assessments.models import (
    Activity,
    DeclarationUnit,
    IntegrityZone,
    NamedUnit,
    ReportFile,
    WorkPlan,
)
from assessments.queries import figures
from assessments.queries.declarations import PIAGAM
from assessments.queries.workplans import activity_row
from integrity_portal.core.documents import queries as documents
from integrity_portal.core.http import serve_file
from integrity_portal.core.models import Document
from opd.models import Government, Membership


def test_kota_contoh_has_every_light_and_every_move(demonstration: date) -> None:
    contoh = Government.objects.get(slug="kota-contoh")
    rows = [
        activity_row(activity, demonstration)
        for activity in Activity.objects.filter(government=contoh).with_facts()
    ]
    assert {row.light for row in rows} == set(Light)
    assert {row.whose_move for row in rows} == set(WhoseMove)
    assert figures.late_activities(contoh.pk, demonstration)
    links = ReportFile.objects.filter(government=contoh).select_related("stored")
    assert links.count() >= 3
    for link in links:
        response = serve_file(link.stored)
        assert response.getvalue().startswith(b"%PDF")
        response.close()


@pytest.mark.parametrize("slug", ["kota-kediri", "kab-bekasi"])
def test_real_governments_show_neutral_samples_only(demonstration: date, slug: str) -> None:
    government = Government.objects.get(slug=slug)
    activities = Activity.objects.filter(government=government)
    assert activities.count() >= 10
    assert not activities.filter(is_sample=False).exists()
    assert not activities.filter(due_on__lte=demonstration).exists()
    assert not activities.filter(reports__isnull=False).exists()
    assert not WorkPlan.objects.filter(government=government, is_sample=False).exists()
    assert figures.late_activities(government.pk, demonstration + timedelta(days=30)) == []


def test_no_zone_stands_without_its_act_and_its_history(demonstration: date) -> None:
    zones = IntegrityZone.objects.all()
    assert zones.exists()
    for zone in zones:
        last = zone.steps.order_by("happened_at", "pk").last()
        assert last is not None, zone.unit.name
        assert last.to_state == zone.stage
        acts = DeclarationUnit.objects.filter(unit=zone.unit, declaration__state="closed")
        named = NamedUnit.objects.filter(unit=zone.unit)
        own = acts.exists() or named.exists() or zone.predicates.exists()
        assert own or zone.taken_over.exists(), zone.unit.name


def test_every_due_date_lies_in_the_year_of_its_plan(demonstration: date) -> None:
    for activity in Activity.objects.select_related("plan"):
        assert activity.due_on.year == activity.plan.year


@pytest.mark.parametrize(
    ("today", "days", "expected"),
    [
        (date(2026, 11, 21), 90, date(2026, 12, 31)),
        (date(2026, 12, 20), 90, date(2027, 3, 20)),
        (date(2026, 1, 20), -90, date(2026, 1, 1)),
        (date(2026, 6, 1), 30, date(2026, 7, 1)),
    ],
)
def test_days_of_the_demonstration(today: date, days: int, expected: date) -> None:
    assert workplans._due(today, days) == expected


def test_every_account_of_kota_contoh_has_a_document_to_read(demonstration: date) -> None:
    """Papers of two acts are asked for; the worker makes them at the first start."""
    offices = Membership.objects.filter(government__slug="kota-contoh").valid_on(demonstration)
    offices = offices.select_related("unit", "government").filter(user__identifiers__isnull=False)
    empty = {
        f"{office.role} {office.unit}" for office in offices if not list(documents.readable(office))
    }
    assert offices.count() >= 15
    assert not empty
    made = Document.objects.filter(kind=PIAGAM)
    assert {row.government_id for row in made} == {Government.objects.get(slug="kota-contoh").pk}
    assert made.count() == 2


def test_every_account_of_kota_contoh_finds_its_lists_filled(
    demonstration: date, client_as: Callable[[Membership], Client]
) -> None:
    offices = Membership.objects.filter(government__slug="kota-contoh").valid_on(demonstration)
    # What may be empty on a good day: nothing waits, nobody was instructed; not every unit asks
    # those whom it served or has places of its own.
    quiet = {
        reverse("opd:inbox"),
        reverse("opd:directives"),
        reverse("assessments:surveys"),
        reverse("opd:places"),
    }
    empty = []
    for office in offices.filter(user__identifiers__isnull=False).select_related("unit"):
        client = client_as(office)
        home = client.get("/", follow=True).content.decode()
        links = set(re.findall(r'href="(/app/[a-z/]+/)"', home))
        assert links
        for path in sorted(links - quiet):
            response = client.get(path, follow=True)
            if b'class="empty"' in response.content:
                empty.append(f"{office.role} {office.unit} {path}")
    assert not empty
