"""What the demonstration shows of work plans."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from assessments.demo import workplans
from assessments.enums import Light, WhoseMove
from assessments.models import Activity, IntegrityZone, ReportFile, WorkPlan
from assessments.queries import figures
from assessments.queries.workplans import activity_row
from integrity_portal.core.http import serve_file
from opd.models import Government

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> date:
    call_command("load_demo", verbosity=0)
    return timezone.localdate()


def test_kota_contoh_has_every_light_and_every_move(loaded: date) -> None:
    contoh = Government.objects.get(slug="kota-contoh")
    rows = [
        activity_row(activity, loaded)
        for activity in Activity.objects.filter(government=contoh).with_facts()
    ]
    assert {row.light for row in rows} == set(Light)
    assert {row.whose_move for row in rows} == set(WhoseMove)
    assert figures.late_activities(contoh.pk, loaded)
    links = ReportFile.objects.filter(government=contoh).select_related("stored")
    assert links.count() >= 3
    for link in links:
        response = serve_file(link.stored)
        assert response.getvalue().startswith(b"%PDF")
        response.close()


@pytest.mark.parametrize("slug", ["kota-kediri", "kab-bekasi"])
def test_real_governments_show_neutral_samples_only(loaded: date, slug: str) -> None:
    government = Government.objects.get(slug=slug)
    activities = Activity.objects.filter(government=government)
    assert activities.count() >= 10
    assert not activities.filter(is_sample=False).exists()
    assert not activities.filter(due_on__lte=loaded).exists()
    assert not activities.filter(reports__isnull=False).exists()
    assert not WorkPlan.objects.filter(government=government, is_sample=False).exists()
    assert figures.late_activities(government.pk, loaded + timedelta(days=30)) == []


def test_a_zone_that_a_declaration_opened_is_used(loaded: date) -> None:
    """Loaded after declarations, the plans find their zones; alone, they bring their own."""
    zone = IntegrityZone.objects.filter(unit__short_name="DPMPTSP").first()
    assert zone is not None
    before = IntegrityZone.objects.count()
    assert workplans._zone(zone.unit, loaded, is_sample=True) == zone
    assert IntegrityZone.objects.count() == before
