"""Assessment events, questions and recommendations of the demonstration."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from assessments.actions import events, questions, recommendations
from assessments.actions.events import EventTexts
from assessments.actions.questions import QuestionTexts
from assessments.actions.recommendations import Source
from assessments.demo.monev import office
from assessments.demo.workplans import find_unit, moment
from assessments.models import AssessmentEvent, IntegrityZone, Recommendation
from assessments.pasted import RecommendationLine
from opd.enums import Role
from opd.models import Government, Membership

DATA = Path(__file__).parent / "data" / "assessing.yaml"


def load(today: date) -> None:
    for slug, units in yaml.safe_load(DATA.read_text()).items():
        government = Government.objects.filter(slug=slug).first()
        if government is None:
            continue
        for name, facts in units.items():
            zone = IntegrityZone.objects.filter(
                unit=find_unit(government, name), closed_on=None
            ).first()
            if zone:
                _Loader(zone, today).load(facts)


class _Loader:
    def __init__(self, zone: IntegrityZone, today: date) -> None:
        self.zone, self.today = zone, today
        offices = Membership.objects.filter(government=zone.government).order_by("pk")
        self.recorder = offices.filter(role=Role.ZI_SECRETARIAT)[0]
        self.inspector = offices.filter(role=Role.INSPECTORATE)
        self.events: dict[str, AssessmentEvent] = {}

    def load(self, facts: dict[str, Any]) -> None:
        for row in facts["events"]:
            self._event(row)
        for row in facts["recommendations"]:
            self._recommendation(row)

    def _day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def _event(self, facts: dict[str, Any]) -> None:
        first, last = (self._day(days) for days in facts["days"])
        row = events.plan_event(
            zone=self.zone,
            texts=EventTexts(
                team=facts["team"],
                kind=facts["kind"],
                starts_on=first,
                ends_on=last,
                place=facts["place"],
                assessors=facts["assessors"],
                notes=facts.get("notes", ""),
            ),
            form_key=uuid4(),
            by=self.recorder,
        )
        AssessmentEvent.objects.filter(pk=row.pk).update(is_sample=True)
        row.is_sample = True
        self.events[facts["key"]] = row
        at = moment(min(first, self.today), 6)
        if facts["state"] == "held":
            events.hold_event(event=row, by=self.recorder, now=at, today=self.today)
        elif facts["state"] == "cancelled":
            reason = facts["reason"]
            events.cancel_event(event=row, reason=reason, by=self.recorder, now=at)
        for question in facts.get("questions", []):
            self._question(row, question)

    def _question(self, event: AssessmentEvent, facts: list[Any]) -> None:
        text, asked_by, owner, days, answer, again = facts
        row = questions.ask_question(
            event=event,
            texts=QuestionTexts(text, asked_by, owner, self._day(days)),
            form_key=uuid4(),
            by=self.recorder,
        )
        if not answer:
            return
        at = moment(event.starts_on + timedelta(days=4), 4)
        questions.answer_question(
            question=row,
            text=answer,
            files=[],
            form_key=uuid4(),
            by=office(self.zone.unit, Role.OPD_OPERATOR),
            now=at,
        )
        if again:
            later = at + timedelta(days=2)
            questions.ask_again(question=row, message=again, by=self.recorder, now=later)

    def _recommendation(self, facts: dict[str, Any]) -> None:
        moved = facts.get("moved")
        due_on = self._day(moved[0] if moved else facts["due"])
        recorded = recommendations.record_recommendation(
            zone=self.zone,
            source=Source(
                team=facts["team"],
                year=self.today.year,
                event=self.events.get(facts["event"]),
                letter=facts["letter"],
            ),
            line=RecommendationLine(
                facts["number"], facts["area"], facts["text"], facts["responsible"], due_on
            ),
            by=self.recorder,
            now=moment(self._day(-38), 3),
        )
        row = recorded.row
        Recommendation.objects.filter(pk=row.pk).update(is_sample=True)
        if moved:
            recommendations.move_due_date(
                recommendation=row,
                due_on=self._day(facts["due"]),
                reason=moved[1],
                by=self.recorder,
                now=moment(self._day(-5), 3),
            )
        for reply in facts["replies"]:
            self._reply(row, facts["state"], reply)

    def _reply(self, row: Recommendation, state: str, facts: list[Any]) -> None:
        days_ago, text, message = facts
        at = moment(self._day(-days_ago), 4)
        reply = recommendations.follow_up(
            recommendation=row,
            text=text,
            files=[],
            form_key=uuid4(),
            by=office(self.zone.unit, Role.OPD_OPERATOR),
            now=at,
        )
        if state == "followed_up":
            return
        decide: Callable[..., Recommendation] = recommendations.return_recommendation
        if state == "closed":
            decide = recommendations.close_recommendation
        decide(
            recommendation=row,
            reply=reply.pk,
            message=message,
            by=self.inspector[0],
            now=at + timedelta(days=1),
            today=self.today,
        )
