"""What went up has its name and leads somewhere; late activities lead to a directive."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.tests.factories import ActivityFactory, IntegrityZoneFactory, WorkPlanFactory
from assessments.tests.factories_monev import RecommendationFactory
from opd.enums import Role
from opd.models import Escalation
from opd.tests.factories_calendar import DirectiveFactory, OwnDateFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_everything_that_went_up_has_its_name_and_a_link(cast, client_as):
    today = timezone.localdate()
    zone = IntegrityZoneFactory(unit=cast.unit)
    directive = DirectiveFactory(government=cast.home, unit=cast.unit, text="Buka loket kedua")
    said = RecommendationFactory(zone=zone)
    own = OwnDateFactory(government=cast.home, title="Rapat kota", due_on=today - 5 * DAY)
    links = {
        "directive": str(directive.pk),
        "recommendation": str(said.pk),
        "calendar": f"{own.year}.{own.key}",
    }
    for kind, link in links.items():
        Escalation.objects.create(
            government=cast.home,
            kind=kind,
            link_id=link,
            due_on=today - 5 * DAY,
            role=Role.ZI_SECRETARIAT,
            escalated_at=timezone.now(),
        )
    client = client_as(cast[Role.SEKDA])
    client.get(reverse("reports:sekda"))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(reverse("reports:sekda")).content.decode()
    assert len(queries) <= 10
    for name, url in (
        ("Buka loket kedua", reverse("opd:directive", args=[directive.pk])),
        ("Rapat kota", reverse("opd:calendar_date", args=[own.year, own.key])),
        (said.number, reverse("assessments:recommendation", args=[said.pk])),
    ):
        assert name in page
        assert f'href="{url}"' in page


@pytest.mark.parametrize(("role", "page"), [(Role.MAYOR, "mayor"), (Role.SEKDA, "sekda")])
def test_a_late_activity_leads_to_its_directive(cast, client_as, role, page):
    today = timezone.localdate()
    plan = WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit), year=today.year)
    row = ActivityFactory(plan=plan, due_on=today - 2 * DAY)
    shown = client_as(cast[role]).get(reverse(f"reports:{page}")).content.decode()
    assert f"?kind=activity&amp;id={row.pk}" in shown


def test_recommendation_and_preparation_pages_have_the_button_for_givers_only(cast, client_as):
    said = RecommendationFactory(zone=IntegrityZoneFactory(unit=cast.unit))
    pages = {
        reverse(
            "assessments:recommendation", args=[said.pk]
        ): f"kind=recommendation&amp;id={said.pk}",
        reverse("assessments:preparation_unit", args=[cast.unit.pk]): f"id={cast.unit.pk}",
    }
    for url, link in pages.items():
        shown = client_as(cast[Role.SEKDA]).get(url).content.decode()
        assert f"{reverse('opd:directive_new')}?" in shown
        assert link in shown
        head = client_as(cast[Role.OPD_HEAD]).get(url).content.decode()
        assert reverse("opd:directive_new") not in head
