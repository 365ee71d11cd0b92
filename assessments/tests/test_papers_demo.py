"""What the demonstration shows of work teams and official papers."""

from datetime import date, timedelta
from typing import Any

import pytest

from assessments import papers as rules
from assessments.demo import declarations, journey, papers, workplans
from assessments.enums import PaperKind, PaperState, ProposalState
from assessments.models import Paper, Proposal, WorkTeam
from assessments.queries.papers import (
    DOCUMENT,
    missing_papers_of_proposal,
    missing_papers_of_zone,
)
from assessments.queries.teams import team_gaps
from integrity_portal.core.models import Document
from opd.demo import loader


def sent_in(today: date) -> int:
    return (today - timedelta(days=170)).year


def signed_by(today: date) -> int:
    """The decree of DPMPTSP of this year is another one when the proposal was last year's."""
    return 7 if sent_in(today) == today.year else 8


def proposed_with_papers() -> None:
    """What the portal asks of everybody else's proposal stands in that of the demonstration."""
    sent = Proposal.objects.get(state=ProposalState.SENT)
    zones = [row.zone for row in sent.candidates.select_related("zone__unit")]
    assert len(zones) == 2
    for zone in zones:
        assert missing_papers_of_zone(zone, sent.year) == []
        decree = Paper.objects.get(kind=PaperKind.SK_TIM_KERJA, zone=zone, year=sent.year)
        assert decree.dated_on is not None
        assert decree.signed_on is not None
        assert sent.sent_on is not None
        assert decree.dated_on <= decree.signed_on <= sent.sent_on


def test_every_kind_and_every_state_stands_in_kota_contoh(demonstration: date) -> None:
    today = demonstration
    rows = Paper.objects.select_related("government")
    assert {row.government.slug for row in rows} == {"kota-contoh"}
    assert {row.kind for row in rows} == set(PaperKind.values)
    assert {row.state for row in rows} == set(PaperState.values)
    for row in rows.exclude(text=""):
        assert rules.sha256(row.text) == row.text_sha256
    signed = rows.get(kind=PaperKind.SK_PENETAPAN, state=PaperState.SIGNED)
    assert signed.decree is not None
    assert signed.decree.units.count() == 2

    gaps = {
        team.zone.unit.label: len(team_gaps(team.zone, today.year))
        for team in WorkTeam.objects.filter(year=today.year).select_related("zone__unit")
    }
    ours = {"RSUD Contoh": 0} if sent_in(today) == today.year else {}
    assert gaps == {"DPMPTSP": 0, "Dinsos": 0, "Kecamatan Utara": 6, **ours}
    assert missing_papers_of_proposal(Proposal.objects.get(state=ProposalState.DRAFT))
    assert Document.objects.filter(kind=DOCUMENT).count() == signed_by(today)
    proposed_with_papers()


@pytest.mark.slow
@pytest.mark.parametrize(
    "today", [date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2027, 6, 20)]
)
def test_loads_on_any_day(today: date, db: Any) -> None:
    for each in (loader, declarations, workplans, journey, papers):
        each.load(today)
    assert Paper.objects.filter(state=PaperState.SIGNED).count() == signed_by(today)
    proposed_with_papers()
