"""Follow-ups and papers of monev: verbs with their ledger, what the database refuses."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError

from assessments.actions import follow_ups, monev_papers as papers
from assessments.actions.follow_ups import FollowUpTexts
from assessments.editing import Conflict
from assessments.enums import FollowUpState
from assessments.models import FollowUp, MonevMeeting, MonevPaper, WorkPlan
from assessments.queries import monev as queries
from assessments.tests.factories import (
    ActivityFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
    stored_pdf,
)
from assessments.tests.factories_monev import (
    AgendaItemFactory,
    FollowUpFactory,
    MonevMeetingFactory,
    MonevPaperFactory,
    PlanFreezeFactory,
    with_file,
)
from assessments.tests.monev_verbs import NOW, TODAY, run, verbs
from assessments.workflow import FOLLOW_UP
from integrity_portal.core.models import Document
from opd.enums import Role
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(cast: Cast) -> WorkPlan:
    return WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit))


@pytest.fixture
def meeting(plan: WorkPlan) -> MonevMeeting:
    return MonevMeetingFactory(freeze=PlanFreezeFactory(plan=plan))


def decide(step: str, row: FollowUp, by: Any) -> None:
    if step == "report":
        follow_ups.report_follow_up(follow_up=row, text="Selesai", files=[], by=by, now=NOW)
    elif step == "verify":
        follow_ups.verify_follow_up(follow_up=row, by=by, now=NOW)
    else:
        follow_ups.give_back_follow_up(follow_up=row, message="Foto", by=by, now=NOW)


class TestFollowUp:
    def texts(self, **changed: Any) -> FollowUpTexts:
        values = {"what": "Ganti", "owner": "Pokja 5", "due_on": TODAY, "finding": "Rusak"}
        return FollowUpTexts(**{**values, **changed})

    def test_from_an_activity_or_a_finding(self, cast: Cast, meeting: MonevMeeting) -> None:
        by, key = cast[Role.OPD_OPERATOR], uuid4()
        own = ActivityFactory(plan=meeting.freeze.plan)
        for _twice in range(2):
            row = follow_ups.add_follow_up(
                meeting=meeting, texts=self.texts(activity=own, finding=""), form_key=key, by=by
            )
        assert FollowUp.objects.get() == row
        for texts in (self.texts(finding=""), self.texts(activity=ActivityFactory())):
            with pytest.raises(StepRefused):
                follow_ups.add_follow_up(meeting=meeting, texts=texts, form_key=uuid4(), by=by)
        follow_ups.edit_follow_up(follow_up=row, texts=self.texts(), version=1, by=by)
        with pytest.raises(Conflict):
            follow_ups.edit_follow_up(
                follow_up=row, texts=self.texts(what="Lain"), version=1, by=by
            )
        assert verbs() == ["follow_up.added", "follow_up.edited"]

    def test_reported_given_back_and_verified_by_another(
        self, cast: Cast, meeting: MonevMeeting
    ) -> None:
        row = FollowUpFactory(meeting=meeting)
        operator, head = cast[Role.OPD_OPERATOR], cast[Role.OPD_HEAD]
        for _twice in range(2):
            follow_ups.report_follow_up(
                follow_up=row, text="Selesai", files=[stored_pdf(operator)], by=operator, now=NOW
            )
        decide("give_back", row, head)
        row.refresh_from_db()
        assert (row.state, row.report, row.message) == ("open", "", "Foto")
        decide("report", row, head)
        with pytest.raises(StepRefused, match="orang lain"):
            decide("verify", row, head)
        deputy = MembershipFactory(
            government=cast.home, unit=cast.unit, role=Role.OPD_HEAD, title="Plh."
        )
        decide("verify", row, deputy)
        notes = list(row.steps.order_by("pk").values_list("name", "note"))
        assert notes[:2] == [("report", "Selesai"), ("give_back", "Foto")]
        assert row.files.count() == 1
        assert verbs() == [
            "follow_up.report",
            "follow_up.give_back",
            "follow_up.report",
            "follow_up.verify",
        ]

    @pytest.mark.parametrize("state", FollowUpState.values)
    @pytest.mark.parametrize("role", Role.values)
    def test_every_step_by_every_role(self, cast: Cast, meeting: MonevMeeting, state, role):
        for step in FOLLOW_UP.transitions:
            traits = {} if state == "open" else {state: True}
            author = MembershipFactory(
                government=cast.home, unit=cast.unit, role=Role.OPD_OPERATOR, title="Lain"
            )
            people = {} if state == "open" else {"done_by": author}
            row = FollowUpFactory(meeting=meeting, **traits, **people)
            allowed = state in step.sources and role in step.roles
            try:
                decide(step.name, row, cast[role])
            except (StepRefused, PermissionDenied):
                assert not allowed
            row.refresh_from_db()
            assert row.state == (step.target if allowed else state)

    def test_raw_sql(self, cast: Cast, meeting: MonevMeeting) -> None:
        done = FollowUpFactory(meeting=meeting, done=True)
        sql = (
            "UPDATE assessments_followup SET state = 'verified', verified_at = now(), "
            "verified_by_id = %s WHERE id = %s"
        )
        same = MembershipFactory(user=done.done_by.user, government=cast.home, role=Role.SEKDA)
        for by in (done.done_by, same):
            with pytest.raises(IntegrityError):
                run(sql, by.pk, done.pk)
        with pytest.raises(DatabaseError, match="follow_up_content_stays"):
            run("UPDATE assessments_followup SET due_on = '2030-01-01' WHERE id = %s", done.pk)
        run(sql, cast[Role.OPD_HEAD].pk, done.pk)
        with pytest.raises(DatabaseError, match="follow_up_verified_stays"):
            run("UPDATE assessments_followup SET report = 'lain' WHERE id = %s", done.pk)
        with pytest.raises(DatabaseError, match="follow_up_never_deleted"):
            run("DELETE FROM assessments_followup WHERE id = %s", done.pk)
        link = with_file(FollowUpFactory(meeting=meeting))
        with pytest.raises(DatabaseError, match="follow_up_file_append_only"):
            run("DELETE FROM assessments_followupfile WHERE id = %s", link.pk)

    def test_overdue_is_said_until_it_is_verified(self, meeting: MonevMeeting) -> None:
        due = {"meeting": meeting, "due_on": date(2026, 7, 1)}
        FollowUpFactory(**due)
        FollowUpFactory(done=True, **due)
        FollowUpFactory(verified=True, **due)
        rows = queries.follow_ups_of_zone(meeting.freeze.plan.zone, 2026, TODAY)
        assert [row.is_overdue for row in rows] == [True, True, False]


class TestPapers:
    def make(self, meeting: MonevMeeting, by: Any, variant: str = "minutes", days: int = 0):
        return papers.make_paper(
            meeting=meeting, variant=variant, by=by, now=NOW, today=TODAY + timedelta(days=days)
        )

    def test_made_once_for_what_it_shows(self, cast: Cast, meeting: MonevMeeting) -> None:
        by = cast[Role.OPD_OPERATOR]
        first = self.make(meeting, by)
        assert self.make(meeting, cast[Role.OPD_HEAD], days=3) == first
        AgendaItemFactory(meeting=meeting)
        second = self.make(meeting, by)
        assert second != first
        Document.objects.filter(pk=second.pk).update(job_state="dead")
        assert self.make(meeting, by) not in (first, second)
        assert MonevPaper.objects.count() == 3
        with pytest.raises(PermissionDenied):
            self.make(meeting, cast[Role.ZI_SECRETARIAT])
        assert "monev_paper.made" in verbs()

    def test_it_shows_the_freeze_not_the_plan(self, cast: Cast, plan: WorkPlan) -> None:
        ActivityFactory(plan=plan, title="Beku")
        meeting = MonevMeetingFactory(freeze=PlanFreezeFactory(plan=plan))
        plan.activities.update(title="Berubah")
        ActivityFactory(plan=plan, title="Tambahan")
        self.make(meeting, cast[Role.OPD_HEAD], "report")
        content = str(MonevPaper.objects.get().content)
        assert "Beku" in content
        assert "Berubah" not in content
        assert "Tambahan" not in content

    def test_the_signed_scan_stands_beside_it(self, cast: Cast, meeting: MonevMeeting) -> None:
        paper, by = MonevPaperFactory(meeting=meeting), cast[Role.OPD_OPERATOR]
        MonevMeeting.objects.filter(pk=meeting.pk).update(state="settled")
        stored = stored_pdf(by)
        scan = papers.attach_scan(paper=paper, stored=stored, by=by, now=NOW)
        assert papers.attach_scan(paper=paper, stored=stored_pdf(by), by=by, now=NOW) == scan
        with pytest.raises(PermissionDenied):
            papers.attach_scan(paper=paper, stored=stored, by=cast[Role.INSPECTORATE], now=NOW)
        (found,) = queries.evidence_of(meeting.freeze.plan.zone, 2026)
        assert (found, found.scan, found.document) == (paper, scan, None)
        assert verbs() == ["monev_paper.scan_attached"]
        with pytest.raises(DatabaseError, match="monev_paper_append_only"):
            run("UPDATE assessments_monevpaper SET content = '{}' WHERE id = %s", paper.pk)

    def test_evidence_is_the_newest_of_each(self, cast: Cast, meeting: MonevMeeting) -> None:
        MonevPaperFactory(meeting=meeting)
        newest = MonevPaperFactory(meeting=meeting)
        other = MonevPaperFactory(meeting=meeting, variant="matrix")
        MonevPaperFactory()
        # While the meeting is being written its papers prove nothing.
        assert queries.evidence_of(meeting.freeze.plan.zone, 2026) == []
        MonevMeeting.objects.filter(pk=meeting.pk).update(state="settled")
        assert queries.evidence_of(meeting.freeze.plan.zone, 2026) == [newest, other]
        assert queries.evidence_of(meeting.freeze.plan.zone, 2025) == []
