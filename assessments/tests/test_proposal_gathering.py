"""Proposals are opened, gathered and discarded; the database holds to what was sent."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.actions import proposals as actions
from assessments.enums import AttemptOutcome, ZoneStage
from assessments.models import Proposal, ZoneAttempt
from assessments.queries import attempts as queries
from assessments.tests.factories import IntegrityZoneFactory
from assessments.tests.factories_journey import (
    AttemptFactory,
)
from assessments.tests.proposal_rows import NOW, SENT
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import CalendarDate
from opd.tests.factories import UnitFactory
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


class TestGathering:
    def test_one_for_each_year(self, boss: Any, home: Any, proposal: Any) -> None:
        values = {
            "government_id": home.pk,
            "rule_set": "permenpanrb-5-2024",
            "by": boss,
            "now": NOW,
        }
        with pytest.raises(StepRefused, match="Sudah ada pengusulan"):
            actions.open_proposal(year=2026, **values)
        assert actions.open_proposal(year=2027, **values).year == 2027
        assert LedgerEntry.objects.filter(verb="proposal.opened").count() == 1

    def test_a_discarded_one_makes_room(self, boss: Any, home: Any, proposal: Any) -> None:
        actions.discard_proposal(proposal=proposal, by=boss, now=NOW)
        again = actions.open_proposal(
            government_id=home.pk, year=2026, rule_set="permenpanrb-5-2024", by=boss, now=NOW
        )
        assert again.pk != proposal.pk
        assert LedgerEntry.objects.filter(verb="proposal.discard").count() == 1

    def test_an_unknown_set_is_refused(self, boss: Any, home: Any) -> None:
        with pytest.raises(StepRefused, match="Pilih kumpulan syarat"):
            actions.open_proposal(government_id=home.pk, year=2026, rule_set="?", by=boss, now=NOW)

    @pytest.mark.parametrize(
        ("rule_set", "year"),
        [
            ("barenlitbang-kediri-2019", 2026),
            # Valid then, and yet no regulation.
            ("barenlitbang-kediri-2019", 2020),
            ("permenpanrb-5-2024", 2023),
        ],
    )
    def test_only_by_a_regulation_in_force_that_year(
        self, boss: Any, home: Any, rule_set: str, year: int
    ) -> None:
        facts = {"government_id": home.pk, "year": year, "rule_set": rule_set}
        with pytest.raises(StepRefused, match=f"peraturan yang berlaku pada {year}"):
            actions.open_proposal(**facts, by=boss, now=NOW)
        assert not Proposal.objects.exists()

    def test_the_form_offers_no_other(self, boss: Any, client_as: Any) -> None:
        page = reverse("assessments:proposal_new")
        client = client_as(boss)
        text = client.get(page).content.decode()
        assert "permenpanrb-5-2024" in text
        assert "barenlitbang" not in text
        facts = {"year": str(timezone.localdate().year), "rule_set": "barenlitbang-kediri-2019"}
        assert client.post(page, facts).status_code == 422
        assert not Proposal.objects.exists()

    def test_only_zones_that_build_and_in_the_order_chosen(
        self, cast: Any, boss: Any, proposal: Any
    ) -> None:
        one, two = (IntegrityZoneFactory(unit=unit) for unit in (cast.unit, cast.other_unit))
        rows = actions.set_candidates(
            proposal=proposal, zone_ids=[two.pk, one.pk, two.pk], by=boss, now=NOW
        )
        assert [row.zone_id for row in rows] == [two.pk, one.pk]
        actions.set_candidates(proposal=proposal, zone_ids=[one.pk], by=boss, now=NOW)
        assert [row.zone_id for row in queries.candidates(proposal)] == [one.pk]
        assert LedgerEntry.objects.filter(verb="proposal.candidates_set").count() == 2

        elsewhere = IntegrityZoneFactory()
        named = IntegrityZoneFactory(unit=UnitFactory(government=cast.home), stage=ZoneStage.NAMED)
        for zone in (elsewhere, named):
            with pytest.raises(StepRefused, match="sedang membangun"):
                actions.set_candidates(proposal=proposal, zone_ids=[zone.pk], by=boss, now=NOW)

    def test_the_next_chance_is_next_year_once_the_last_day_is_past(self, cast: Any) -> None:
        def chance(day: date) -> tuple[int, date]:
            found = queries.next_question("wbk", day, cast.home.pk)
            return found.year, found.on

        assert chance(date(2026, 5, 31)) == (2026, date(2026, 5, 31))
        assert chance(date(2026, 6, 1)) == (2027, date(2027, 5, 31))
        CalendarDate.objects.create(
            government=cast.home,
            year=2026,
            key="propose",
            due_on=date(2026, 6, 14),
            reason="Surat kementerian",
            recorded_by=cast[Role.ZI_SECRETARIAT],
            recorded_at=NOW,
        )
        assert chance(date(2026, 6, 14)) == (2026, date(2026, 6, 14))


class TestDatabase:
    def test_one_pending_attempt_for_a_zone(self, cast: Any) -> None:
        row = AttemptFactory(zone__unit=cast.unit)
        with pytest.raises(IntegrityError), transaction.atomic():
            AttemptFactory(zone=row.zone, number=2)

    @pytest.mark.parametrize(
        "values",
        [
            {"outcome": AttemptOutcome.AWARDED},
            {"decided_on": SENT},
            {"outcome": AttemptOutcome.NOT_AWARDED, "decided_on": SENT},
            {"outcome": AttemptOutcome.AWARDED, "decided_on": date(2026, 1, 1)},
        ],
    )
    def test_half_a_decision_is_refused(self, cast: Any, values: Any) -> None:
        row = AttemptFactory(zone__unit=cast.unit)
        with pytest.raises(IntegrityError), transaction.atomic():
            ZoneAttempt.objects.filter(pk=row.pk).update(**values)

    def test_sent_means_day_and_hash(self, proposal: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(state="sent")
