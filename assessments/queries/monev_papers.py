"""What the four papers of a monev meeting show, as plain data: from the freeze, never from the plan.

The papers are official texts and stay Indonesian in every language of the screen.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from assessments import monev
from assessments.enums import (
    FollowUpState,
    MeetingState,
    Move,
    PaperVariant,
    PeriodState,
    Predicate,
)
from assessments.models import MonevMeeting, PlanFreeze
from assessments.monev import FrozenPlan
from assessments.monev_periods import calendar
from assessments.queries import monev as queries
from assessments.queries.monev import FollowUpRow
from opd.enums import Role
from opd.queries.people import office_holder

STATE_WORDS = {
    FollowUpState.OPEN: "Belum selesai",
    FollowUpState.DONE: "Selesai menurut unit, menunggu verifikasi kepala unit",
    FollowUpState.VERIFIED: "Selesai, sudah diverifikasi",
}
MOVE_WORDS = {
    Move.FORWARD: "maju",
    Move.FINISHED: "selesai sejak itu",
    Move.STILL: "tidak bergerak",
    Move.COMPLETE: "sudah selesai sebelumnya",
    Move.BACK: "mundur",
    Move.ADDED: "ditambahkan",
    Move.DROPPED: "dihentikan",
}


def content_of(meeting: MonevMeeting, variant: str, today: date) -> dict[str, Any]:
    """Everything that the paper shows, ready for JSON; `as_of` is the day of asking."""
    build = {
        PaperVariant.REPORT: _report,
        PaperVariant.MINUTES: _minutes,
        PaperVariant.ATTENDANCE: _attendance,
        PaperVariant.MATRIX: _matrix,
    }[PaperVariant(variant)]
    return {**_common(meeting), "as_of": today.isoformat(), **build(meeting, today)}


def shown(content: dict[str, Any]) -> str:
    """Two papers that show the same have the same, whatever day they were asked for."""
    return monev.fingerprint({name: value for name, value in content.items() if name != "as_of"})


def _common(meeting: MonevMeeting) -> dict[str, Any]:
    freeze = meeting.freeze
    plan, zone = freeze.plan, freeze.plan.zone
    head = office_holder(meeting.government, Role.OPD_HEAD, meeting.held_on, zone.unit)
    late = calendar().state(
        calendar().period(freeze.period),
        plan.year,
        today=freeze.taken_on,
        taken_on=freeze.taken_on,
        is_neutral=queries.is_neutral(freeze),
    )
    return {
        "government": meeting.government.official_name,
        "unit": zone.unit.name,
        "target": str(Predicate(zone.target).label),
        "year": plan.year,
        "period": freeze.period,
        "ends_on": calendar().period(freeze.period).ends_on(plan.year).isoformat(),
        "taken_at": freeze.taken_at.isoformat(),
        "taken_on": freeze.taken_on.isoformat(),
        "frozen_late": late == PeriodState.FROZEN_LATE,
        "sha256": freeze.sha256,
        "is_sample": meeting.is_sample,
        "is_settled": meeting.state == MeetingState.SETTLED,
        "held_on": meeting.held_on.isoformat(),
        "place": meeting.place,
        "leader": [meeting.leader, meeting.leader_title],
        "note_taker": [meeting.note_taker, meeting.note_taker_title],
        "head": [head.name, head.printed_title] if head else ["", f"Kepala {zone.unit.name}"],
    }


def _report(meeting: MonevMeeting, today: date) -> dict[str, Any]:
    frozen = FrozenPlan.from_json(meeting.freeze.snapshot)
    return {
        "percent": _text(frozen.percent),
        "counts": _counts(frozen),
        "moves": _moves(meeting.freeze, frozen),
        "areas": _areas(frozen),
        "late": [_late(row) for row in frozen.late],
        "dropped": [
            {"title": row.title, "reason": row.drop_reason}
            for row in frozen.activities
            if not row.counts
        ],
        "summary": meeting.summary,
        "follow_ups": [_follow_up(row) for row in queries.follow_ups_of(meeting, today)],
    }


def _areas(frozen: FrozenPlan) -> list[dict[str, Any]]:
    return [
        {
            "code": group.area.value,
            "name": str(group.area.label),
            "percent": _text(group.percent),
            "rows": [
                {
                    "title": row.title,
                    "milestone": row.milestone,
                    "due_on": row.due_on.isoformat(),
                    "responsible": row.responsible,
                    "percent": _text(row.percent),
                    "light": row.light,
                    "note": row.note,
                    "is_sample": row.is_sample,
                }
                for row in group.rows
                if row.counts
            ],
        }
        for group in queries.areas_of(frozen)
    ]


def _counts(frozen: FrozenPlan) -> dict[str, int]:
    return {
        "all": len(frozen.counted),
        "complete": sum(row.is_complete for row in frozen.counted),
        "late": len(frozen.late),
        "unreported": sum(row.percent is None for row in frozen.counted),
    }


def _moves(freeze: PlanFreeze, frozen: FrozenPlan) -> dict[str, Any] | None:
    """Since the newest earlier period that is frozen; None where there is none."""
    rows = PlanFreeze.objects.filter(plan=freeze.plan_id, period__lt=freeze.period)
    earlier = rows.order_by("-period").first()
    if earlier is None:
        return None
    before = FrozenPlan.from_json(earlier.snapshot)
    rows_moved = monev.compare(before, frozen)
    counted = monev.count_moves(rows_moved)
    still = [row.activity.title for row in rows_moved if row.move == Move.STILL]
    return {
        "period": earlier.period,
        "before": _text(before.percent),
        "out_of_order": earlier.taken_at > freeze.taken_at,
        "words": [f"{counted[move]} {word}" for move, word in MOVE_WORDS.items() if counted[move]],
        "still": still,
    }


def _late(row: monev.FrozenActivity) -> dict[str, Any]:
    return {
        "title": row.title,
        "area": row.area,
        "responsible": row.responsible,
        "due_on": row.due_on.isoformat(),
        "percent": _text(row.percent),
        "reason": row.note,
        "message": row.message,
    }


def _minutes(meeting: MonevMeeting, today: date) -> dict[str, Any]:
    return {
        "attendees": len(meeting.attendees.all()),
        "summary": meeting.summary,
        "agenda": [
            {"topic": row.topic, "minutes": row.minutes, "decision": row.decision}
            for row in queries.agenda_of(meeting)
        ],
        "follow_ups": [_follow_up(row) for row in queries.follow_ups_of(meeting, today)],
    }


def _attendance(meeting: MonevMeeting, today: date) -> dict[str, Any]:
    return {
        "rows": [
            {
                "name": row.name,
                "title": row.title,
                "represented_by": row.represented_by,
                "confirmed_at": row.confirmed_at.isoformat() if row.confirmed_at else "",
            }
            for row in queries.attendees_of(meeting)
        ]
    }


def _matrix(meeting: MonevMeeting, today: date) -> dict[str, Any]:
    plan = meeting.freeze.plan
    rows = queries.follow_ups_of_zone(plan.zone, plan.year, today)
    kept = [row for row in rows if row.period <= meeting.freeze.period]
    return {
        "follow_ups": [_follow_up(row) for row in kept],
        "overdue": sum(row.is_overdue for row in kept),
        "verified": sum(row.follow_up.state == FollowUpState.VERIFIED for row in kept),
    }


def _follow_up(row: FollowUpRow) -> dict[str, Any]:
    task = row.follow_up
    return {
        "period": row.period,
        "source": task.activity.title if task.activity else task.finding,
        "is_activity": task.activity is not None,
        "what": task.what,
        "owner": task.owner,
        "due_on": task.due_on.isoformat(),
        "state": STATE_WORDS[FollowUpState(task.state)],
        "overdue": row.is_overdue,
        "report": task.report,
        "proofs": [link.stored.name for link in task.files.all()],
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
