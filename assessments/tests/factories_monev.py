"""Valid rows of monev, assessment events and recommendations."""

import uuid
from datetime import date
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from assessments import monev
from assessments.editing import attach
from assessments.models import (
    AgendaItem,
    AnswerFile,
    AssessmentEvent,
    AssessorQuestion,
    EventFile,
    FollowUp,
    FollowUpFile,
    MeetingAttendee,
    MonevMeeting,
    MonevPaper,
    PaperScan,
    PlanFreeze,
    QuestionAnswer,
    Recommendation,
    RecommendationReply,
    ReplyFile,
)
from assessments.queries.monev import freeze_of_now
from assessments.queries.monev_papers import content_of, shown
from assessments.tests.factories import IntegrityZoneFactory, WorkPlanFactory, stored_pdf
from opd.enums import Role
from opd.models import Membership
from opd.tests.factories import MembershipFactory


def head_of(unit: Any) -> Membership:
    found = Membership.objects.filter(unit=unit, role=Role.OPD_HEAD).first()
    return found or MembershipFactory(government=unit.government, unit=unit, role=Role.OPD_HEAD)


def operator_of(unit: Any) -> Membership:
    found = Membership.objects.filter(unit=unit, role=Role.OPD_OPERATOR).first()
    return found or MembershipFactory(government=unit.government, unit=unit, role=Role.OPD_OPERATOR)


class PlanFreezeFactory(DjangoModelFactory):
    """The plan as it stands when the factory is called."""

    class Meta:
        model = PlanFreeze

    plan = factory.SubFactory(WorkPlanFactory)
    government = factory.SelfAttribute("plan.government")
    period = "B06"
    taken_at = factory.LazyFunction(timezone.now)
    taken_on = date(2026, 7, 2)
    by = factory.LazyAttribute(lambda o: head_of(o.plan.zone.unit))
    snapshot = factory.LazyAttribute(lambda o: freeze_of_now(o.plan, o.taken_on).to_json())
    sha256 = factory.LazyAttribute(lambda o: monev.fingerprint(o.snapshot))


class MonevMeetingFactory(DjangoModelFactory):
    class Meta:
        model = MonevMeeting

    freeze = factory.SubFactory(PlanFreezeFactory)
    government = factory.SelfAttribute("freeze.government")
    held_on = date(2026, 7, 6)
    place = "Ruang rapat"
    leader = "Siti"
    leader_title = "Kepala Dinas"
    form_key = factory.LazyFunction(uuid.uuid4)


class MeetingAttendeeFactory(DjangoModelFactory):
    class Meta:
        model = MeetingAttendee

    meeting = factory.SubFactory(MonevMeetingFactory)
    government = factory.SelfAttribute("meeting.government")
    position = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Peserta {n}")
    title = "Ketua Pokja"


class AgendaItemFactory(DjangoModelFactory):
    class Meta:
        model = AgendaItem

    meeting = factory.SubFactory(MonevMeetingFactory)
    government = factory.SelfAttribute("meeting.government")
    position = factory.Sequence(lambda n: n % 30_000 + 1)
    topic = "Capaian"
    minutes = "Setiap pokja melapor."
    form_key = factory.LazyFunction(uuid.uuid4)


class FollowUpFactory(DjangoModelFactory):
    class Meta:
        model = FollowUp

    meeting = factory.SubFactory(MonevMeetingFactory)
    government = factory.SelfAttribute("meeting.government")
    finding = "Papan informasi tidak terbaca"
    what = factory.Sequence(lambda n: f"Mengganti papan {n}")
    owner = "Ketua Pokja 5"
    due_on = date(2026, 8, 1)
    form_key = factory.LazyFunction(uuid.uuid4)

    class Params:
        done = factory.Trait(
            state="done",
            report="Sudah diganti.",
            done_by=factory.LazyAttribute(lambda o: operator_of(o.meeting.freeze.plan.zone.unit)),
            done_at=factory.LazyFunction(timezone.now),
        )
        verified = factory.Trait(
            done=True,
            state="verified",
            verified_by=factory.LazyAttribute(lambda o: head_of(o.meeting.freeze.plan.zone.unit)),
            verified_at=factory.LazyFunction(timezone.now),
        )


class MonevPaperFactory(DjangoModelFactory):
    class Meta:
        model = MonevPaper

    meeting = factory.SubFactory(MonevMeetingFactory)
    government = factory.SelfAttribute("meeting.government")
    variant = "report"
    content = factory.LazyAttribute(lambda o: content_of(o.meeting, o.variant, date(2026, 7, 7)))
    sha256 = factory.LazyAttribute(lambda o: shown(o.content))
    made_at = factory.LazyFunction(timezone.now)


class AssessmentEventFactory(DjangoModelFactory):
    class Meta:
        model = AssessmentEvent

    zone = factory.SubFactory(IntegrityZoneFactory)
    government = factory.SelfAttribute("zone.government")
    year = 2026
    team = "tpi"
    kind = "desk"
    starts_on = date(2026, 8, 3)
    ends_on = factory.SelfAttribute("starts_on")
    place = "Inspektorat"
    form_key = factory.LazyFunction(uuid.uuid4)

    class Params:
        held = factory.Trait(state="held")
        cancelled = factory.Trait(state="cancelled", reason="Ditunda")


class AssessorQuestionFactory(DjangoModelFactory):
    class Meta:
        model = AssessorQuestion

    event = factory.SubFactory(AssessmentEventFactory)
    government = factory.SelfAttribute("event.government")
    position = factory.Sequence(lambda n: n % 30_000 + 1)
    text = "Bagaimana waktu layanan diukur?"
    asked_by = "Ketua tim TPI"
    form_key = factory.LazyFunction(uuid.uuid4)


class QuestionAnswerFactory(DjangoModelFactory):
    class Meta:
        model = QuestionAnswer

    question = factory.SubFactory(AssessorQuestionFactory)
    government = factory.SelfAttribute("question.government")
    text = "Dengan aplikasi antrean."
    by = factory.LazyAttribute(lambda o: operator_of(o.question.event.zone.unit))
    at = factory.LazyFunction(timezone.now)
    form_key = factory.LazyFunction(uuid.uuid4)


class RecommendationFactory(DjangoModelFactory):
    class Meta:
        model = Recommendation

    zone = factory.SubFactory(IntegrityZoneFactory)
    government = factory.SelfAttribute("zone.government")
    year = 2026
    team = "tpi"
    number = factory.Sequence(lambda n: str(n + 1))
    area = "5"
    text = "Tutup setiap aduan dengan keterangan tindak lanjut."
    responsible = "Ketua Pokja 5"
    due_on = date(2026, 9, 30)
    recorded_at = factory.LazyFunction(timezone.now)

    class Params:
        followed_up = factory.Trait(state="followed_up")
        returned = factory.Trait(state="returned")
        closed = factory.Trait(state="closed")


class RecommendationReplyFactory(DjangoModelFactory):
    class Meta:
        model = RecommendationReply

    recommendation = factory.SubFactory(RecommendationFactory, followed_up=True)
    government = factory.SelfAttribute("recommendation.government")
    text = "Semua aduan sudah ditutup."
    sent_by = factory.LazyAttribute(lambda o: operator_of(o.recommendation.zone.unit))
    sent_at = factory.LazyFunction(timezone.now)
    form_key = factory.LazyFunction(uuid.uuid4)


def with_file(row: Any) -> Any:
    """A link row of the right table, with a small PDF that really lies in the store."""
    link, owner, unit = {
        FollowUp: (FollowUpFile, "follow_up", lambda: row.meeting.freeze.plan.zone.unit),
        AssessmentEvent: (EventFile, "event", lambda: row.zone.unit),
        QuestionAnswer: (AnswerFile, "answer", lambda: row.question.event.zone.unit),
        RecommendationReply: (ReplyFile, "reply", lambda: row.recommendation.zone.unit),
    }[type(row)]
    attach(link, owner, row, [stored_pdf(operator_of(unit()))])
    return row.files.get()


def scan_of(paper: MonevPaper) -> PaperScan:
    by = operator_of(paper.meeting.freeze.plan.zone.unit)
    return PaperScan.objects.create(
        government=paper.government,
        paper=paper,
        stored=stored_pdf(by, name="pindaian.pdf"),
        by=by,
        at=timezone.now(),
    )
