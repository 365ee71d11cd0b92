"""Complaints in any state, written without their way there; full paths go through the actions."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from complaints.codes import code_hash
from complaints.enums import ENDED, WITH_UNIT, ComplaintKind, ComplaintState, Disclosure
from complaints.models import Complaint
from opd.tests.factories import GovernmentFactory, UnitFactory

# A Monday.
FILED = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


class ComplaintFactory(DjangoModelFactory):
    class Meta:
        model = Complaint

    government = factory.SubFactory(GovernmentFactory)
    # Far from what filing counts.
    number = factory.Sequence(lambda n: 1_000_001 + n)
    kind = ComplaintKind.COMPLAINT
    sla_class = "general"
    sla_version = 1
    story = "Diminta uang di loket."
    disclosure = Disclosure.ANONYMOUS
    state = ComplaintState.RECEIVED
    code_hash = factory.Sequence(lambda n: code_hash(f"{n:016}"))
    draft_key = factory.Sequence(lambda n: f"{n:032x}")
    filed_at = FILED
    filed_on = FILED.date()
    verify_by = date(2026, 11, 5)
    answer_by = date(2026, 11, 20)

    @factory.lazy_attribute
    def unit(self):
        if self.state not in WITH_UNIT:
            return None
        return UnitFactory(government=self.government)

    @factory.lazy_attribute
    def paused_on(self):
        return FILED.date() if self.state == "paused" else None

    @factory.lazy_attribute
    def resume_on(self):
        return date(2026, 11, 12) if self.state == "paused" else None

    @factory.lazy_attribute
    def pause_reason(self):
        return "citizen" if self.state == "paused" else ""

    @factory.lazy_attribute
    def merged_into(self):
        return ComplaintFactory(government=self.government) if self.state == "merged" else None

    @factory.lazy_attribute
    def answered_at(self):
        return FILED if self.state in ("answered", "closed") else None

    @factory.lazy_attribute
    def answered_on(self):
        return FILED.date() if self.state in ("answered", "closed") else None

    @factory.lazy_attribute
    def close_on(self):
        return date(2026, 11, 16) if self.state in ("answered", "closed") else None

    @factory.lazy_attribute
    def closed_at(self):
        return FILED if self.state in ENDED else None
