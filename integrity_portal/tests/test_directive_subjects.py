"""What directives and the calendar know of zones, activities, complaints and proposals."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from assessments.models import Proposal
from assessments.queries.calendar_links import units_on_the_road
from assessments.tests.factories import ActivityFactory, IntegrityZoneFactory, zone_of
from assessments.tests.factories_journey import AttemptFactory, PredicateFactory
from assessments.tests.factories_monev import FollowUpFactory
from assessments.tests.factories_papers import complete_team, signed
from assessments.tests.factories_worksheets import sheet_of
from assessments.tests.matrix_monev import event_of, meeting_of, plan_of, question_of
from complaints.tests.factories import ComplaintFactory
from opd import subjects
from opd.enums import Role
from opd.queries.year_calendar import entry_of
from opd.tests.factories import MembershipFactory
from opd.tests.factories_services import ServiceFactory

NOW = datetime(2026, 4, 1, 3, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_zone_activity_and_complaint_are_subjects(cast):
    activity = ActivityFactory(plan__zone__unit=cast.unit)
    zone = activity.plan.zone
    complaint = ComplaintFactory(government=cast.home, unit=cast.unit, state="verified")
    found = subjects.resolve(
        cast[Role.MAYOR],
        [
            ("activity", str(activity.pk)),
            ("zone", str(zone.pk)),
            ("complaint", str(complaint.pk)),
        ],
    )
    assert {kind for kind, _pk in found} == {"activity", "zone", "complaint"}
    assert all(subject.unit_id == cast.unit.pk for subject in found.values())
    assert complaint.story not in str(found)
    assert subjects.find(cast[Role.OPD_OPERATOR], "complaint", str(complaint.pk)) is None


def test_the_button_stands_on_the_pages_and_leads_to_a_filled_form(cast, client_as):
    activity = ActivityFactory(plan__zone__unit=cast.unit)
    complaint = ComplaintFactory(government=cast.home, unit=cast.unit, state="verified")
    pages = {
        "activity": (reverse("assessments:activity", args=[activity.pk]), activity.pk),
        "zone": (
            reverse("assessments:zone", args=[activity.plan.zone_id]),
            activity.plan.zone_id,
        ),
        "unit": (reverse("opd:unit", args=[cast.unit.pk]), cast.unit.pk),
        "complaint": (reverse("complaints:detail", args=[complaint.pk]), complaint.pk),
    }
    mayor, head = client_as(cast[Role.MAYOR]), client_as(cast[Role.OPD_HEAD])
    for kind, (page, pk) in pages.items():
        link = f"{reverse('opd:directive_new')}?kind={kind}&amp;id={pk}"
        assert link in mayor.get(page).content.decode(), kind
        assert reverse("opd:directive_new") not in head.get(page).content.decode()
        form = mayor.get(reverse("opd:directive_new"), {"kind": kind, "id": pk})
        assert f'<option value="{cast.unit.pk}" selected>' in form.content.decode()


def a_page_of_each_kind(cast):
    """Kind of subject, page and key of every page that speaks of one unit."""
    unit = cast.unit
    meeting = meeting_of(unit)
    complete_team(unit)
    rows = {
        "follow_up": ("assessments:follow_up", FollowUpFactory(meeting=meeting)),
        "monev_period": ("assessments:plan_period", meeting.freeze),
        "monev_meeting": ("assessments:meeting", meeting),
        "event": ("assessments:event", event_of(unit)),
        "question": ("assessments:question", question_of(unit)),
        "workplan": ("assessments:workplan", plan_of(unit)),
        "worksheet": ("assessments:worksheet", sheet_of(unit)),
        "team": ("assessments:team", zone_of(unit)),
        "paper": ("assessments:paper", signed("lhe", unit, cast[Role.INSPECTORATE])),
        "service": ("opd:service", ServiceFactory(unit=unit)),
    }
    return {kind: (reverse(name, args=[row.pk]), row.pk) for kind, (name, row) in rows.items()}


def test_every_page_of_a_unit_has_the_button(cast, client_as):
    pages = a_page_of_each_kind(cast)
    head = client_as(cast[Role.OPD_HEAD])
    for role in (Role.MAYOR, Role.SEKDA):
        giver = client_as(cast[role])
        for kind, (page, pk) in pages.items():
            link = f"{reverse('opd:directive_new')}?kind={kind}&amp;id={pk}"
            assert f'href="{link}"' in giver.get(page).content.decode(), kind
            assert reverse("opd:directive_new") not in head.get(page).content.decode()
            form = giver.get(reverse("opd:directive_new"), {"kind": kind, "id": pk})
            assert f'<option value="{cast.unit.pk}" selected>' in form.content.decode(), kind
            found = subjects.find(cast[role], kind, str(pk))
            assert found is not None
            assert found.url == page


def test_they_are_found_by_nobody_of_another_unit_and_in_one_query(cast, django_assert_num_queries):
    pages = a_page_of_each_kind(cast)
    stranger = MembershipFactory(government=cast.home, unit=cast.other_unit, role=Role.OPD_OPERATOR)
    for kind, (_page, pk) in pages.items():
        for reader in (stranger, cast.away_offices[Role.MAYOR]):
            assert subjects.find(reader, kind, str(pk)) is None, kind
        with django_assert_num_queries(1):
            assert subjects.find(cast[Role.MAYOR], kind, str(pk)) is not None


def test_a_paper_about_many_units_has_none(cast, client_as):
    paper = signed("surat_pengajuan", cast.unit, cast[Role.MAYOR])
    page = client_as(cast[Role.MAYOR]).get(reverse("assessments:paper", args=[paper.pk]))
    assert reverse("opd:directive_new") not in page.content.decode()
    assert subjects.find(cast[Role.MAYOR], "paper", str(paper.pk)) is None


def test_predicate_and_attempt_lead_to_a_directive_on_their_zone(cast, client_as):
    """The two pages that speak of a zone without being it."""
    zone = IntegrityZoneFactory(unit=cast.unit, stage="decided")
    predicate = PredicateFactory(zone=zone)
    attempt = AttemptFactory(zone=zone)
    mayor, head = client_as(cast[Role.MAYOR]), client_as(cast[Role.OPD_HEAD])
    link = f"{reverse('opd:directive_new')}?kind=zone&amp;id={zone.pk}"
    for page in (
        reverse("assessments:predicate", args=[predicate.pk]),
        reverse("assessments:attempt", args=[attempt.pk]),
    ):
        shown = mayor.get(page).content.decode()
        assert f'href="{link}"' in shown, page
        assert "Beri arahan" in shown
        assert reverse("opd:directive_new") not in head.get(page).content.decode()
    form = mayor.get(reverse("opd:directive_new"), {"kind": "zone", "id": zone.pk})
    assert f'<option value="{cast.unit.pk}" selected>' in form.content.decode()


def test_the_sent_proposal_is_the_check(cast):
    Proposal.objects.create(
        government=cast.home,
        year=2026,
        state="sent",
        rule_set="x",
        rule_set_sha256="0" * 64,
        sent_on=date(2026, 5, 12),
        created_at=NOW,
    )
    assert entry_of(cast.home, 2026, "propose").checked_on == date(2026, 5, 12)
    assert entry_of(cast.away, 2026, "propose").checked_on is None


def test_tasks_of_units_concern_open_zones_on_the_road(cast):
    IntegrityZoneFactory(unit=cast.unit, stage="building")
    IntegrityZoneFactory(unit=cast.below, stage="committed")
    IntegrityZoneFactory(unit=cast.other_unit, stage="building", closed_on=date(2026, 1, 1))
    assert units_on_the_road(cast.home.pk) == [cast.unit.pk]
