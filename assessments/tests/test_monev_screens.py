"""Screens of monev, events and recommendations: what is typed stays, what is asked stays constant."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import (
    AssessmentEvent,
    AssessorQuestion,
    FollowUp,
    MonevMeeting,
    MonevPaper,
    PlanFreeze,
    Recommendation,
    RecommendationReply,
    WorkPlan,
)
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
)
from assessments.tests.factories_monev import (
    AgendaItemFactory,
    AssessmentEventFactory,
    AssessorQuestionFactory,
    FollowUpFactory,
    MeetingAttendeeFactory,
    MonevMeetingFactory,
    PlanFreezeFactory,
    RecommendationFactory,
    RecommendationReplyFactory,
    scan_of,
)
from assessments.tests.workplan_pages import pdf, text_of
from opd.enums import Role
from opd.tests.factories import UnitFactory
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def url(name: str, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=args)


@pytest.fixture
def frozen(cast: Cast) -> PlanFreeze:
    plan = WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.unit))
    activity = ActivityFactory(plan=plan, title="Menyusun SOP", due_on=date(2026, 6, 1))
    ActivityReportFactory(activity=activity, confirmed=True, percent=Decimal(40))
    return PlanFreezeFactory(plan=plan)


@pytest.fixture
def met(frozen: PlanFreeze) -> MonevMeeting:
    return MonevMeetingFactory(freeze=frozen)


@pytest.fixture
def inspector(cast: Cast, client_as: SignIn) -> Client:
    return client_as(cast[Role.INSPECTORATE])


class TestPeriods:
    def test_the_plan_shows_its_four_periods(self, frozen: PlanFreeze, head: Client) -> None:
        page = text_of(head.get(url("workplan", frozen.plan_id)))
        for code in ("B03", "B06", "B09", "B12"):
            assert code in page
        assert "Dibekukan" in page

    def test_the_head_freezes_once(self, cast: Cast, frozen: PlanFreeze, head: Client) -> None:
        past = WorkPlanFactory(zone=frozen.plan.zone, year=timezone.localdate().year - 1)
        address = url("plan_freeze", past.pk, "B03")
        assert head.get(address).status_code == 200
        assert not past.freezes.exists()
        for _twice in range(2):
            answer = head.post(address)
        row = past.freezes.get()
        assert answer.url == url("plan_period", row.pk)
        assert "dibekukan terlambat pada" in text_of(head.get(answer.url))

    def test_too_early_is_said_with_the_day(self, frozen: PlanFreeze, head: Client) -> None:
        later = WorkPlanFactory(zone=frozen.plan.zone, year=timezone.localdate().year + 1)
        answer = head.post(url("plan_freeze", later.pk, "B06"))
        assert answer.status_code == 409
        assert f"23 Juni {later.year}" in text_of(answer)

    def test_comparison(self, frozen: PlanFreeze, head: Client) -> None:
        PlanFreezeFactory(plan=frozen.plan, period="B03")
        page = text_of(head.get(url("plan_compare", frozen.plan_id, "B03", "B06")))
        assert "Tidak bergerak" in page
        assert head.get(url("plan_compare", frozen.plan_id, "B03", "B12")).status_code == 404
        assert head.get(url("plan_freeze", frozen.plan_id, "B07")).status_code == 404


def meeting_data(**changed: Any) -> dict[str, Any]:
    return {
        "form_key": str(uuid4()),
        "version": "0",
        "held_on": "6 Juli 2026",
        "place": "Ruang rapat",
        "leader": "Siti",
        "leader_title": "Kepala",
        "attendees": "Budi; Ketua Pokja 2\nTono; Ketua Pokja 3; diwakili Rini",
        **changed,
    }


class TestMeeting:
    def test_written_down_with_its_attendance(self, frozen: PlanFreeze, operator: Client) -> None:
        assert operator.get(url("meeting_new", frozen.pk)).status_code == 200
        answer = operator.post(url("meeting_new", frozen.pk), meeting_data())
        row = MonevMeeting.objects.get()
        assert answer.url == url("meeting", row.pk)
        assert "diwakili Rini" in text_of(operator.get(answer.url))
        shown = operator.get(url("meeting_edit", row.pk)).content.decode()
        assert "Tono; Ketua Pokja 3; diwakili Rini" in shown

    def test_a_wrong_line_is_named_and_nothing_is_lost(
        self, frozen: PlanFreeze, operator: Client
    ) -> None:
        typed = "Budi; Ketua Pokja 2\nTono tanpa jabatan"
        answer = operator.post(
            url("meeting_new", frozen.pk), meeting_data(attendees=typed, place="Aula besar")
        )
        page = answer.content.decode()
        assert "Baris 2" in page
        assert "Tono tanpa jabatan" in page
        assert "Aula besar" in page
        assert not MonevMeeting.objects.exists()

    def test_the_later_editor_sees_both_texts(self, met: MonevMeeting, operator: Client) -> None:
        operator.post(url("meeting_edit", met.pk), meeting_data(version="1", place="Aula"))
        answer = operator.post(url("meeting_edit", met.pk), meeting_data(version="1", place="Lobi"))
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Aula" in page
        assert "Lobi" in page
        again = meeting_data(version="3", place="Lobi")
        assert f'name="version" value="{met.version + 2}"' in page
        assert operator.post(url("meeting_edit", met.pk), again).status_code == 302

    def test_settling_lists_what_is_missing(self, met: MonevMeeting, head: Client) -> None:
        answer = head.post(url("meeting_settle", met.pk))
        assert answer.status_code == 409
        assert "Tulis siapa yang hadir." in text_of(answer)

    def test_reported_with_proof_that_stays(self, met: MonevMeeting, operator: Client) -> None:
        row = FollowUpFactory(meeting=met)
        key = str(uuid4())
        data = {"form_key": key, "version": "0", "text": "", "files": [pdf()]}
        page = operator.post(url("follow_up_report", row.pk), data).content.decode()
        assert "bukti.pdf" in page
        keep = page.split('name="keep"')[1].split('value="')[1].split('"')[0]
        data = {"form_key": key, "version": "0", "text": "Selesai.", "keep": [keep]}
        assert operator.post(url("follow_up_report", row.pk), data).status_code == 302
        assert row.files.get().stored.name == "bukti.pdf"

    def test_giving_back_needs_a_message(self, met: MonevMeeting, head: Client) -> None:
        row = FollowUpFactory(meeting=met, done=True)
        page = text_of(head.post(url("follow_up_return", row.pk), {"reason": " "}))
        assert "Apa yang masih kurang?" in page
        head.post(url("follow_up_return", row.pk), {"reason": "Foto"})
        assert FollowUp.objects.get(pk=row.pk).message == "Foto"

    def test_papers_and_their_scans(self, met: MonevMeeting, operator: Client) -> None:
        for variant in ("report", "minutes", "attendance", "matrix"):
            assert operator.post(url("monev_paper_make", met.pk, variant)).status_code == 302
        assert operator.post(url("monev_paper_make", met.pk, "lain")).status_code == 404
        paper = MonevPaper.objects.order_by("pk")[0]
        assert operator.get(url("monev_paper", paper.pk)).status_code == 404
        answer = operator.post(url("monev_paper_scan", paper.pk), {"file": pdf("pindaian.pdf")})
        assert answer.status_code == 302
        assert "pindaian.pdf" in text_of(operator.get(url("meeting", met.pk)))
        assert scan_of(paper).stored.kind


class TestEvents:
    def data(self, **changed: Any) -> dict[str, Any]:
        return {
            "form_key": str(uuid4()),
            "version": "0",
            "team": "tpi",
            "kind": "survey",
            "starts_on": "3 Agustus 2026",
            "ends_on": "20 Agustus 2026",
            "place": "https://survei.example/zi",
            **changed,
        }

    def test_a_survey_needs_its_last_day(self, frozen: PlanFreeze, desk: Client) -> None:
        address = url("event_new", frozen.plan.zone_id)
        page = desk.post(address, self.data(ends_on="")).content.decode()
        assert "isi hari terakhirnya" in page
        assert "https://survei.example/zi" in page
        desk.post(address, self.data())
        row = AssessmentEvent.objects.get()
        assert row.ends_on == date(2026, 8, 20)

    def test_asked_and_answered(
        self, frozen: PlanFreeze, inspector: Client, operator: Client
    ) -> None:
        event = AssessmentEventFactory(zone=frozen.plan.zone)
        data = {"form_key": str(uuid4()), "version": "0", "text": "Apa?", "asked_by": "Ketua tim"}
        inspector.post(url("question_new", event.pk), data)
        row = AssessorQuestion.objects.get()
        assert (
            url("question_answer", row.pk) in operator.get(url("event", event.pk)).content.decode()
        )
        data = {"form_key": str(uuid4()), "version": "0", "text": "Begini.", "files": [pdf()]}
        for _twice in range(2):
            operator.post(url("question_answer", row.pk), {**data, "files": [pdf()]})
        assert row.answers.count() == 1
        assert "Begini." in text_of(inspector.get(url("question", row.pk)))


class TestRecommendations:
    def paste(self, client: Client, zone: Any, rows: str) -> Any:
        data = {"form_key": str(uuid4()), "version": "0", "team": "tpi", "year": "2026"}
        return client.post(url("recommendation_paste", zone.pk), {**data, "rows": rows})

    def test_each_pasted_row_is_answered_by_itself(self, frozen: PlanFreeze, desk: Client) -> None:
        zone = frozen.plan.zone
        assert 'value="2.0' not in desk.get(url("recommendation_paste", zone.pk)).content.decode()
        rows = (
            "1\t5\tTutup aduan\tPokja 5\t30/09/2026\r\n"
            "2\t9\tArea salah\tPokja 5\t30/09/2026\r\n"
            '3\t6\t"Dua\nbaris"\tPokja 6\tbesok\r\n'
            "4\t6\tPasang maklumat\t\t1 Oktober 2026\r\n"
        )
        answer = self.paste(desk, zone, rows)
        page = answer.content.decode()
        assert set(Recommendation.objects.values_list("number", flat=True)) == {"1", "4"}
        box = page.split("<textarea")[1].split("</textarea>")[0]
        assert "Area salah" in box
        assert "baris" in box
        assert "Tutup aduan" not in box
        assert "2 baris sudah dicatat" in page
        self.paste(desk, zone, "2\t5\tArea benar\tPokja 5\t30/09/2026")
        again = self.paste(desk, zone, "1\t5\tTutup aduan\tPokja 5\t30/09/2026")
        assert again.status_code == 302
        assert Recommendation.objects.count() == 3

    def test_filters(self, frozen: PlanFreeze, desk: Client) -> None:
        zone = frozen.plan.zone
        late = RecommendationFactory(zone=zone, due_on=date(2020, 1, 1), text="Yang terlambat")
        RecommendationFactory(zone=zone, team="tpn", area="1", text="Dari pusat", closed=True)
        for query, there, gone in (
            ("late=on", "Yang terlambat", "Dari pusat"),
            ("team=tpn", "Dari pusat", "Yang terlambat"),
            ("area=1&state=closed&year=2026", "Dari pusat", "Yang terlambat"),
            ("q=terlambat", "Yang terlambat", "Dari pusat"),
            (f"q={late.number}&team=tpi", "Yang terlambat", "Dari pusat"),
            ("year=salah&area=99", "Yang terlambat", ""),
        ):
            page = text_of(desk.get(f"{url('recommendations')}?{query}"))
            assert there in page, query
            assert not gone or gone not in page, query

    def test_an_assessor_returns_with_a_message(
        self, frozen: PlanFreeze, inspector: Client, operator: Client
    ) -> None:
        row = RecommendationFactory(zone=frozen.plan.zone)
        data = {"form_key": str(uuid4()), "version": "0", "text": "Sudah"}
        operator.post(url("recommendation_reply", row.pk), data)
        reply = RecommendationReply.objects.get()
        address = url("recommendation_decide", row.pk)
        page = inspector.post(address, {"reply": reply.pk, "message": "", "return": "ya"})
        assert "Tulis apa yang masih kurang." in text_of(page)
        stale = inspector.post(address, {"reply": reply.pk + 1, "message": "Tulisan saya"})
        assert stale.status_code == 409
        assert "Tulisan saya" in stale.content.decode()
        inspector.post(address, {"reply": reply.pk, "message": "Foto", "return": "ya"})
        assert "Foto" in text_of(operator.get(url("recommendation", row.pk)))

    def test_what_was_typed_stays_when_a_colleague_was_faster(
        self, frozen: PlanFreeze, operator: Client
    ) -> None:
        reply = RecommendationReplyFactory(
            recommendation=RecommendationFactory(zone=frozen.plan.zone, followed_up=True)
        )
        data = {"form_key": str(uuid4()), "version": "0", "text": "Tulisan panjang saya"}
        page = operator.post(url("recommendation_reply", reply.recommendation_id), data)
        assert "Tulisan panjang saya" in page.content.decode()


def fill(cast: Cast, count: int) -> WorkPlan:
    """One plan full of everything, and as many others beside it."""
    zone = cast.unit.zones.first() or IntegrityZoneFactory(unit=cast.unit)
    plan = zone.plans.first() or WorkPlanFactory(zone=zone)
    freeze = plan.freezes.first() or PlanFreezeFactory(plan=plan)
    meeting = freeze.meetings.first() or MonevMeetingFactory(freeze=freeze)
    event = zone.assessment_events.first() or AssessmentEventFactory(zone=zone)
    for _each in range(count):
        ActivityFactory(plan=plan)
        FollowUpFactory(meeting=meeting, activity=plan.activities.first(), verified=True)
        AgendaItemFactory(meeting=meeting)
        MeetingAttendeeFactory(meeting=meeting)
        AssessorQuestionFactory(event=event)
        AssessmentEventFactory(zone=zone)
        RecommendationFactory(zone=zone)
        RecommendationReplyFactory(
            recommendation=RecommendationFactory(zone=zone, followed_up=True)
        )
        other = WorkPlanFactory(zone=IntegrityZoneFactory(unit=UnitFactory(government=cast.home)))
        FollowUpFactory(meeting=MonevMeetingFactory(freeze=PlanFreezeFactory(plan=other)))
    return plan


def test_lists_cost_the_same_for_two_and_for_seven(cast: Cast, inspector: Client) -> None:
    plan = fill(cast, 2)
    meeting = plan.freezes.get().meetings.get()
    event = plan.zone.assessment_events.order_by("pk")[0]
    pages = [
        f"{url('monev')}?year=2026",
        f"{url('zone_monev', plan.zone_id)}?year=2026",
        url("plan_period", plan.freezes.get().pk),
        url("meeting", meeting.pk),
        url("workplan", plan.pk),
        url("events"),
        url("event", event.pk),
        url("recommendations"),
        url("zone_recommendations", plan.zone_id),
    ]

    def costs() -> list[int]:
        found = []
        for page in pages:
            inspector.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert inspector.get(page).status_code == 200
            found.append(len(captured))
        return found

    few = costs()
    fill(cast, 5)
    assert costs() == few
    assert max(few) <= 14
