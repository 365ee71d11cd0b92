"""What the tests of outcomes and predicates share: the ministry's decisions and who takes them."""

from datetime import UTC, date, datetime
from typing import Any

from assessments.actions import outcomes
from assessments.actions.outcomes import Decision
from assessments.models import IntegrityZone, ZoneAttempt

NOW = datetime(2026, 12, 10, 3, tzinfo=UTC)
DAY = date(2026, 12, 9)
AWARD = Decision("awarded", DAY, "1234 Tahun 2026")
REFUSAL = Decision("not_awarded", DAY, "S-1/2026", "Survei di bawah batas")


def decide(attempt: ZoneAttempt, decision: Decision, by: Any) -> ZoneAttempt:
    return outcomes.decide(attempt=attempt, decision=decision, by=by, now=NOW)


def zone_of(attempt: ZoneAttempt) -> IntegrityZone:
    return IntegrityZone.objects.get(pk=attempt.zone_id)
