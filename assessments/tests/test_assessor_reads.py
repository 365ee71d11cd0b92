"""A member of the TPI from another agency reads the unit he assesses, and writes nothing there."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.enums import PaperKind
from assessments.permissions import PLAN_WRITERS
from assessments.tests.factories import (
    ActivityReportFactory,
    ReportFileFactory,
    zone_of,
)
from assessments.tests.factories_journey import AttemptFactory, PredicateFactory
from assessments.tests.factories_monev import FollowUpFactory, with_file
from assessments.tests.factories_papers import complete_team, draft, signed
from assessments.tests.matrix import MATRIX
from assessments.tests.matrix_monev import (
    MONEV_DOORS,
    RECOMMENDATION_DOORS,
    event_of,
    meeting_of,
    paper_of,
    plan_of,
    recommendation_of,
)
from assessments.tests.matrix_papers import DOORS as PAPER_DOORS
from opd.actions.people import release_tpi
from opd.enums import Role
from opd.models import Membership, TpiAssignment, Unit
from opd.tests.factories import MembershipFactory, UnitFactory
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db

YEAR = timezone.localdate().year
# What a unit's operator or head writes: all but attending, which asks for the unit by itself.
WRITING = [
    door
    for door in [*MATRIX, *MONEV_DOORS, *PAPER_DOORS, *RECOMMENDATION_DOORS]
    if door.allowed and door.allowed <= PLAN_WRITERS and door.elsewhere
]


def assign(cast: Cast, unit: Unit, year: int) -> TpiAssignment:
    member = MembershipFactory(government=cast.home, unit=cast.other_unit, role=Role.OPD_OPERATOR)
    return TpiAssignment.objects.create(
        government=cast.home, membership=member, unit=unit, year=year
    )


def pages_of(cast: Cast) -> dict[str, int]:
    """Name of an address and its row: what an assessor of `cast.unit` reads."""
    unit = cast.unit
    zone = zone_of(unit)
    complete_team(unit)
    report = ActivityReportFactory(activity__plan=plan_of(unit), submitted=True)
    rows: dict[str, Any] = {
        "zone": zone,
        "workplan": plan_of(unit),
        "activity": report.activity,
        "report_file": ReportFileFactory(report=report),
        "zone_monev": zone,
        "plan_period": meeting_of(unit).freeze,
        "meeting": meeting_of(unit),
        "monev_paper": paper_of(unit),
        "follow_up": FollowUpFactory(meeting=meeting_of(unit)),
        "follow_up_file": with_file(FollowUpFactory(meeting=meeting_of(unit))),
        "team": zone,
        "zone_papers": zone,
        "paper": signed(PaperKind.LHE, unit, cast[Role.INSPECTORATE]),
        "paper_file": signed(PaperKind.LHE, unit, cast[Role.INSPECTORATE], year=2025),
        "attempt": AttemptFactory(zone=zone),
        "predicate": PredicateFactory(zone=zone),
        "zone_events": zone,
        "event": event_of(unit),
        "zone_recommendations": zone,
        "recommendation": recommendation_of(unit),
    }
    return {name: row.pk for name, row in rows.items()} | {"unit_eligibility": unit.pk}


def answers(client: Client, pages: dict[str, int]) -> dict[str, int]:
    return {
        name: status_of(client, reverse(f"assessments:{name}", args=[pk]))
        for name, pk in pages.items()
    }


def status_of(client: Client, url: str) -> int:
    answer = client.get(url)
    if answer.streaming:
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    return answer.status_code


def test_the_assigned_assessor_reads_the_unit(cast, client_as):
    task = assign(cast, cast.unit, YEAR)
    assert set(answers(client_as(task.membership), pages_of(cast)).values()) == {200}


@pytest.mark.parametrize("which", ["nobody", "another unit", "last year", "released"])
def test_nobody_else_does(cast, client_as, which):
    place = cast.away_unit if which == "nobody" else cast.unit
    if which == "another unit":
        place = UnitFactory(government=cast.home)
    year = 2025 if which == "last year" else YEAR
    if which == "nobody":
        member = MembershipFactory(
            government=cast.home, unit=cast.other_unit, role=Role.OPD_OPERATOR
        )
    else:
        task = assign(cast, place, year)
        member = task.membership
    if which == "released":
        release_tpi(assignment=task, by=cast[Role.INSPECTORATE])
    assert set(answers(client_as(member), pages_of(cast)).values()) == {404}


def test_every_link_of_the_zone_opens(cast, client_as):
    task = assign(cast, cast.unit, YEAR)
    pages = pages_of(cast)
    client = client_as(task.membership)
    for name in ("zone", "event", "recommendation", "meeting", "workplan"):
        shown = client.get(reverse(f"assessments:{name}", args=[pages[name]])).content.decode()
        for link in sorted(set(re.findall(r'href="(/app/[^"#?]+)', shown))):
            assert status_of(client, link) in (200, 302), (name, link)


def test_he_writes_nothing_there(cast, client_as):
    """Every door that writes, and every draft, stays as shut as it was."""
    task = assign(cast, cast.unit, YEAR)
    opened: dict[str, int] = {}
    for role in (Role.OPD_OPERATOR, Role.OPD_HEAD):
        member = task.membership
        Membership.objects.filter(pk=member.pk).update(role=role)
        member.refresh_from_db()
        client = client_as(member)
        for door in WRITING:
            assert door.kwargs is not None
            before = transaction.savepoint()
            url = reverse(door.url_name, kwargs=door.kwargs(cast))
            status = getattr(client, door.method)(url, door.data).status_code
            transaction.savepoint_rollback(before)
            opened[str(door)] = status
    assert {name: status for name, status in opened.items() if status not in (403, 404)} == {}


def test_drafts_of_the_units_own_decree_stay_hidden(cast, client_as):
    task = assign(cast, cast.unit, YEAR)
    decree = draft(PaperKind.SK_TIM_KERJA, cast.unit)
    page = reverse("assessments:paper", args=[decree.pk])
    assert client_as(task.membership).get(page).status_code == 404
    assert client_as(cast[Role.OPD_OPERATOR]).get(page).status_code == 200
