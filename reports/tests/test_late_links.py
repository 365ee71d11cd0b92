"""What went up to the Sekda and has no page of its own leads to its row in the list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.tests.factories import ActivityFactory
from opd.enums import Role
from opd.models import Escalation

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def went_up(cast, kind, link_id):
    return Escalation.objects.create(
        government=cast.home,
        kind=kind,
        link_id=str(link_id),
        due_on=TODAY - timedelta(days=9),
        unit=cast.unit,
        escalated_at=timezone.now(),
    )


@pytest.mark.parametrize("link_id", ["999999999", "2026", "2026."])
def test_without_a_page_it_leads_to_the_row(cast, client_as, link_id):
    """The activity is gone, or the date no longer has a key: the row still tells whose it is."""
    row = went_up(cast, "calendar" if link_id.startswith("2026") else "activity", link_id)
    client = client_as(cast[Role.SEKDA])
    late = reverse("opd:late")
    assert f'href="{late}#late-{row.pk}"' in client.get("/", follow=True).content.decode()
    listed = client.get(late).content.decode()
    assert f'<li id="late-{row.pk}">' in listed
    assert cast.unit.name in listed


def test_with_a_page_it_leads_there(cast, client_as):
    activity = ActivityFactory(plan__zone__unit=cast.unit, plan__zone__government=cast.home)
    row = went_up(cast, "activity", activity.pk)
    page = client_as(cast[Role.SEKDA]).get("/", follow=True).content.decode()
    assert f"#late-{row.pk}" not in page
    assert reverse("assessments:activity", args=[activity.pk]) in page
