"""Pages of proposals: what each unit lacks, forms that lose nothing, the whole way."""

from typing import Any

import pytest
from django.urls import reverse

from assessments.enums import ZoneStage
from assessments.models import Proposal, ZoneAttempt
from assessments.tests.factories import IntegrityZoneFactory
from assessments.tests.factories_journey import (
    AttemptFactory,
    CandidateFactory,
    ProposalFactory,
)
from assessments.tests.proposal_rows import NOW, complete, papered
from opd.tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


class TestScreens:
    def test_the_page_names_what_each_unit_lacks_and_links_there(
        self, cast: Any, client_as: Any, boss: Any, proposal: Any
    ) -> None:
        CandidateFactory(proposal=proposal, zone=IntegrityZoneFactory(unit=cast.unit))
        page = reverse("assessments:proposal", args=[proposal.pk])
        text = client_as(boss).get(page).content.decode()
        assert "Kepatuhan LHKPN" in text
        assert reverse("assessments:unit_eligibility", args=[cast.unit.pk]) in text

    def test_a_refused_sending_keeps_the_day_and_says_why(
        self, cast: Any, client_as: Any, boss: Any, proposal: Any
    ) -> None:
        answer = client_as(boss).post(
            reverse("assessments:proposal_send", args=[proposal.pk]), {"day": "20 Mei 2026"}
        )
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "Belum ada unit yang diusulkan." in text
        assert "20 Mei 2026" in text

    def test_the_whole_way_in_the_browser_forms(
        self, cast: Any, client_as: Any, boss: Any, home: Any, time_machine: Any
    ) -> None:
        time_machine.move_to(NOW)
        zone = complete(cast.unit)
        client = client_as(boss)
        client.post(
            reverse("assessments:proposal_new"),
            {"year": "2026", "rule_set": "permenpanrb-5-2024"},
        )
        row = Proposal.objects.get()
        client.post(
            reverse("assessments:proposal_candidates", args=[row.pk]), {"zones": [str(zone.pk)]}
        )
        papered(boss, row, cast.unit)
        client.post(reverse("assessments:proposal_send", args=[row.pk]), {"day": "20/5/2026"})
        attempt = ZoneAttempt.objects.get()
        client.post(reverse("assessments:attempt_review", args=[attempt.pk]))
        client.post(
            reverse("assessments:attempt_decide", args=[attempt.pk]),
            {"outcome": "awarded", "decided_on": "20/5/2026", "number": "1 Tahun 2026"},
        )
        zone.refresh_from_db()
        assert zone.stage == ZoneStage.DECIDED
        text = client.get(reverse("assessments:zone", args=[zone.pk])).content.decode()
        assert "WBK 2026" in text

    @pytest.mark.parametrize("page", ["eligibility", "proposals"])
    def test_lists_cost_the_same_for_two_and_for_twenty(
        self,
        cast: Any,
        client_as: Any,
        boss: Any,
        home: Any,
        page: str,
        django_assert_max_num_queries: Any,
    ) -> None:
        client = client_as(boss)
        counts = []
        for years in (range(2000, 2002), range(2002, 2020)):
            for year in years:
                AttemptFactory(zone=complete(UnitFactory(government=home)), number=1)
                ProposalFactory(government=home, year=year)
            with django_assert_max_num_queries(14) as asked:
                client.get(reverse(f"assessments:{page}"))
            counts.append(len(asked))
        assert counts[0] == counts[1]
