"""Units that may proceed while requirements are unmet: recorded with day and reason, and ended."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from assessments.actions import exceptions
from assessments.queries.eligibility import Question, standings
from assessments.requirement_sets import requirement_sets
from assessments.tests.factories_journey import ExceptionFactory
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 3, tzinfo=UTC)
SENT = date(2026, 5, 20)


class TestExceptions:
    def values(self, cast: Any, **more: Any) -> dict[str, Any]:
        return {
            "unit": cast.unit,
            "rule_set": "permenpanrb-5-2024",
            "service": "civil_registry",
            "since": date(2026, 5, 1),
            "reason": "SAKIP unit masih diperbaiki",
            "by": cast[Role.ZI_SECRETARIAT],
            "now": NOW,
            **more,
        }

    def test_recorded_once_and_ended(self, cast: Any) -> None:
        row = exceptions.record_exception(**self.values(cast))
        with pytest.raises(StepRefused, match="sudah boleh lanjut"):
            exceptions.record_exception(**self.values(cast))
        ended = exceptions.end_exception(
            exception=row, until=SENT, by=cast[Role.ZI_SECRETARIAT], now=NOW
        )
        assert ended.until == SENT
        with pytest.raises(StepRefused, match="sudah berakhir"):
            exceptions.end_exception(
                exception=row, until=SENT, by=cast[Role.ZI_SECRETARIAT], now=NOW
            )
        verbs = LedgerEntry.objects.filter(verb__startswith="exception.").values_list(
            "verb", flat=True
        )
        assert sorted(verbs) == ["exception.ended", "exception.recorded"]

    @pytest.mark.parametrize(
        ("more", "sentence"),
        [
            ({"service": "market"}, "tidak mengenal"),
            ({"rule_set": "barenlitbang-kediri-2019"}, "tidak mengenal"),
            ({"service": "rsud"}, "bukan layanan Dinas"),
            ({"since": date(2026, 5, 21)}, "belum tiba"),
            ({"reason": "  "}, "Tuliskan mengapa"),
        ],
    )
    def test_refused(self, cast: Any, more: Any, sentence: str) -> None:
        with pytest.raises(StepRefused, match=sentence):
            exceptions.record_exception(**self.values(cast, **more))

    @pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.ZI_SECRETARIAT}))
    def test_nobody_else_records_or_ends_one(self, cast: Any, role: str) -> None:
        with pytest.raises(StepRefused):
            exceptions.record_exception(**self.values(cast, by=cast[role]))
        with pytest.raises(StepRefused):
            exceptions.end_exception(
                exception=ExceptionFactory(unit=cast.unit), until=SENT, by=cast[role], now=NOW
            )

    def test_it_counts_from_its_first_to_its_last_day(self, cast: Any) -> None:
        row = ExceptionFactory(unit=cast.unit, since=SENT, until=SENT)
        rules = requirement_sets()[row.rule_set]
        found = [
            standings(cast.home, [cast.unit], Question(rules, "wbk", 2026, day))[0].exception
            for day in (date(2026, 5, 19), SENT, date(2026, 5, 21))
        ]
        assert found == [None, row, None]
