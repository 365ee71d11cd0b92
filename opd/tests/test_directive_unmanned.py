"""A directive to a unit where nobody holds an office: the giver knows, and somebody gets it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from opd.actions.directives import Instruction, give_directive, withdraw_directive
from opd.enums import Role
from opd.models import InboxItem
from opd.tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


def give(cast, unit):
    today = timezone.localdate()
    return give_directive(
        what=Instruction(unit=unit, text="Buka loket kedua", due_on=today + timedelta(days=9)),
        form_key=uuid4(),
        by=cast[Role.SEKDA],
        now=timezone.now(),
        today=today,
    )


def test_the_head_of_the_nearest_unit_above_gets_it_too(cast):
    empty = UnitFactory(government=cast.home, parent=cast.unit)
    row = give(cast, empty)
    told = InboxItem.objects.filter(kind="directive", link_id=str(row.pk))
    assert told.filter(role=Role.OPD_HEAD, unit=cast.unit).count() == 1
    assert told.filter(unit=empty).count() == 2


def test_else_the_secretariat_is_led_to_the_unit(cast):
    empty = UnitFactory(government=cast.home)
    row = give(cast, empty)
    item = InboxItem.objects.get(role=Role.ZI_SECRETARIAT)
    assert (item.kind, item.link_id, item.sentence) == (
        "unit",
        str(empty.pk),
        "directive.unmanned",
    )
    withdraw_directive(directive=row, reason="Keliru", by=cast[Role.SEKDA], now=timezone.now())
    item.refresh_from_db()
    assert item.settled_at is not None


def test_the_giver_is_warned_before_and_after(cast, client_as):
    empty = UnitFactory(government=cast.home, name="Dinas Kosong")
    client = client_as(cast[Role.SEKDA])
    url = reverse("opd:directive_new")
    warned = "Belum ada pejabat unit ini di portal"
    assert warned in client.get(url, {"kind": "unit", "id": empty.pk}).content.decode()
    assert "belum ada pejabat di portal" in client.get(url).content.decode()
    assert warned not in client.get(url, {"kind": "unit", "id": cast.unit.pk}).content.decode()
    row = give(cast, empty)
    page = client.get(reverse("opd:directive", kwargs={"pk": row.pk})).content.decode()
    assert warned in page
