"""Monev of the demonstration: frozen periods, a meeting with what it wants done, its papers."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments import monev, progress
from assessments.actions import follow_ups, meetings, monev_papers as papers
from assessments.actions.follow_ups import FollowUpTexts
from assessments.actions.meetings import ItemTexts, MeetingTexts
from assessments.demo.workplans import DISCLAIMER, find_unit, moment, small_pdf
from assessments.enums import PaperVariant, ReportState
from assessments.models import Activity, FollowUp, MonevMeeting, PlanFreeze, WorkPlan
from assessments.monev import FrozenActivity, FrozenPlan
from assessments.monev_periods import calendar
from assessments.pasted import attendee, rows_of
from assessments.queries.monev import PROOF_KIND, freeze_of_now
from integrity_portal.core import ledger
from integrity_portal.core.files import EVIDENCE, receive
from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.models import Government, Membership, Unit

DATA = Path(__file__).parent / "data" / "monev.yaml"


def load(today: date) -> None:
    data = yaml.safe_load(DATA.read_text())
    for years_back, name in ((1, "last_year"), (0, "freezes")):
        for slug, units in data[name].items():
            government = Government.objects.filter(slug=slug).first()
            if government is None:
                continue
            for unit_name, periods in units.items():
                unit = find_unit(government, unit_name)
                plan = WorkPlan.objects.filter(
                    zone__unit=unit, year=today.year - years_back
                ).first()
                if plan:
                    _freeze_all(plan, periods, today)
    contoh = Government.objects.filter(slug="kota-contoh").first()
    if contoh:
        _meet(contoh, data["meeting"], today)


def _freeze_all(plan: WorkPlan, periods: dict[str, int], today: date) -> None:
    for code, days_after in periods.items():
        taken_on = calendar().period(code).ends_on(plan.year) + timedelta(days=days_after)
        if taken_on <= today:
            _freeze(plan, code, taken_on, moment(taken_on, 3))


def _freeze(plan: WorkPlan, period: str, taken_on: date, at: datetime) -> None:
    """What the head would have frozen on that day: reports that came later are not in it."""
    head = office(plan.zone.unit, Role.OPD_HEAD)
    rows = tuple(_as_of(row, taken_on, at) for row in freeze_of_now(plan, taken_on).activities)
    snapshot = FrozenPlan(rows).to_json()
    row = PlanFreeze.objects.create(
        government_id=plan.government_id,
        plan=plan,
        period=period,
        taken_at=at,
        taken_on=taken_on,
        by=head,
        snapshot=snapshot,
        sha256=monev.fingerprint(snapshot),
        is_sample=plan.is_sample,
    )
    codes: dict[str, str | int] = {"plan": plan.pk, "period": period, "sha256": row.sha256}
    ledger.record("plan.frozen", row, by=head, codes=codes)


def _as_of(row: FrozenActivity, day: date, at: datetime) -> FrozenActivity:
    sent = Activity.objects.get(pk=row.id).reports.sent().filter(submitted_at__lte=at)
    newest = sent.order_by("-submitted_at").first()
    confirmed = sent.filter(state=ReportState.CONFIRMED).order_by("-submitted_at").first()
    facts = progress.ActivityFacts(
        state=row.state,
        due_on=row.due_on,
        confirmed=confirmed.percent if confirmed else None,
        newest=newest.state if newest else "",
    )
    return replace(
        row,
        percent=facts.confirmed,
        light=progress.light(facts, today=day).value,
        note=newest.note if newest else "",
        note_percent=newest.percent if newest else None,
        note_state=newest.state if newest else "",
        message=newest.message if newest else "",
    )


def _texts(facts: dict[str, Any], held_on: date) -> MeetingTexts:
    return MeetingTexts(
        held_on=held_on,
        place=facts["place"],
        leader=facts["leader"][0],
        leader_title=facts["leader"][1],
        note_taker=facts["note_taker"][0],
        note_taker_title=facts["note_taker"][1],
        summary=facts["summary"].strip(),
        attendees=[attendee(rows_of(line)[0].cells) for line in facts["attendees"]],
    )


def _meet(government: Government, facts: dict[str, Any], today: date) -> None:
    unit = find_unit(government, facts["unit"])
    freeze = (
        PlanFreeze.objects.filter(plan__zone__unit=unit, taken_on__lte=today)
        .order_by("-taken_on")
        .first()
    )
    if freeze is None:
        return
    operator = office(unit, Role.OPD_OPERATOR)
    held_on = min(freeze.taken_on + timedelta(days=3), today)
    meeting = meetings.open_meeting(
        freeze=freeze, texts=_texts(facts, held_on), form_key=uuid4(), by=operator
    )
    at = moment(held_on, 5)
    for topic, minutes, decision in facts["agenda"]:
        meetings.add_item(
            meeting=meeting,
            texts=ItemTexts(topic, minutes, decision),
            form_key=uuid4(),
            by=operator,
        )
    meetings.attend_meeting(meeting=meeting, by=operator, now=at)
    for row in facts["follow_ups"]:
        _follow_up(meeting, row, today)
    head = office(unit, Role.OPD_HEAD)
    meetings.settle_meeting(meeting=meeting, by=head, now=at + timedelta(hours=3), today=today)
    for variant in PaperVariant:
        papers.make_paper(
            meeting=meeting,
            variant=variant,
            by=operator,
            now=moment(today - timedelta(days=1), 3),
            today=today,
        )


def _follow_up(meeting: MonevMeeting, facts: list[Any], today: date) -> FollowUp:
    title, finding, what, owner, days, state, text = facts
    unit = meeting.freeze.plan.zone.unit
    operator, head = office(unit, Role.OPD_OPERATOR), office(unit, Role.OPD_HEAD)
    activity = meeting.freeze.plan.activities.filter(title=title).first() if title else None
    row = follow_ups.add_follow_up(
        meeting=meeting,
        texts=FollowUpTexts(
            what,
            owner,
            today + timedelta(days=days),
            activity,
            finding or ("" if activity else title),
        ),
        form_key=uuid4(),
        by=operator,
    )
    if state == "open":
        return row
    at = moment(max(meeting.held_on, today - timedelta(days=6)), 4)
    row = follow_ups.report_follow_up(
        follow_up=row, text=text, files=[_proof(unit, what, operator)], by=operator, now=at
    )
    later = at + timedelta(hours=4)
    if state == "verified":
        row = follow_ups.verify_follow_up(follow_up=row, by=head, now=later)
    if state == "given_back":
        message = "Tanda tangan tiga pegawai masih kurang."
        row = follow_ups.give_back_follow_up(follow_up=row, message=message, by=head, now=later)
    return row


def _proof(unit: Unit, what: str, by: Membership) -> StoredFile:
    lines = ["Bukti tindak lanjut (contoh)", unit.name, what[:80], DISCLAIMER]
    return receive(
        SimpleUploadedFile("Bukti tindak lanjut.pdf", small_pdf(lines)),
        rule=EVIDENCE,
        kind=PROOF_KIND,
        government_id=unit.government_id,
        by_user_id=by.user_id,
    )


def office(unit: Unit, role: Role) -> Membership:
    """The holder that the work plans of the demonstration were written by."""
    return Membership.objects.filter(unit=unit, role=role).order_by("pk")[0]
