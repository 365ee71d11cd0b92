"""Units that may be proposed, their signed papers, and sending them."""

from datetime import UTC, date, datetime
from typing import Any

from assessments.actions import proposals as actions
from assessments.enums import PaperKind
from assessments.models import IntegrityZone, Proposal
from assessments.tests.factories import IntegrityZoneFactory
from assessments.tests.factories_papers import signed, stored
from opd.models import StandingFact, Unit

NOW = datetime(2026, 5, 20, 3, tzinfo=UTC)
SENT = date(2026, 5, 20)
OF_GOVERNMENT = {"bpk_opinion": "WTP", "sakip": "B", "rb_index": "55 (CC)", "spip_level": "3"}
OF_UNIT = {
    "core_service": "yes",
    "public_perception": "yes",
    "tlhp_percent": "100",
    "lhkpn_percent": "100",
    "lhkan_percent": "100",
    "sakip": "B",
}


def complete(unit: Unit, since: date = date(2025, 1, 2)) -> IntegrityZone:
    """A unit with every requirement of today met, building for more than a year."""
    proof = stored(unit.government)
    for key, value in OF_UNIT.items():
        StandingFact.objects.create(
            government=unit.government, unit=unit, year=2025, key=key, value=value, proof=proof
        )
    return IntegrityZoneFactory(unit=unit, building_since=since)


def papered(by: Any, proposal: Proposal, *units: Unit, without: str = "") -> None:
    """Letter and statement of the proposal, report and team decree of each unit, all signed."""
    for kind in {PaperKind.SURAT_PENGAJUAN, PaperKind.SPTJM} - {without}:
        signed(kind, units[0], by, year=proposal.year, proposal=proposal)
    for unit in units:
        for kind in {PaperKind.LHE, PaperKind.SK_TIM_KERJA} - {without}:
            signed(kind, unit, by, year=proposal.year)


def send(proposal: Proposal, by: Any, **values: Any) -> Proposal:
    return actions.send_proposal(
        **{"proposal": proposal, "sent_on": SENT, "by": by, "now": NOW, **values}
    )
