"""A proposal goes with all its units, or not at all; who lacks one thing is told that one."""

from datetime import date
from typing import Any

import pytest

from assessments.actions import proposals as actions
from assessments.enums import ProposalState, ZoneStage
from assessments.models import IntegrityZone, Proposal, ZoneAttempt
from assessments.tests.factories import IntegrityZoneFactory
from assessments.tests.factories_journey import (
    CandidateFactory,
    ExceptionFactory,
    ProposalFactory,
)
from assessments.tests.factories_papers import signed
from assessments.tests.proposal_rows import NOW, SENT, complete, papered, send
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import StandingFact
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


class TestSending:
    def test_all_units_go_with_their_findings(self, cast: Any, boss: Any, proposal: Any) -> None:
        zones = [complete(unit) for unit in (cast.unit, cast.other_unit)]
        actions.set_candidates(
            proposal=proposal, zone_ids=[zone.pk for zone in zones], by=boss, now=NOW
        )
        papered(boss, proposal, cast.unit, cast.other_unit)
        sent = send(proposal, boss)

        assert (sent.state, sent.sent_on, len(sent.rule_set_sha256)) == ("sent", SENT, 64)
        found = list(ZoneAttempt.objects.order_by("pk"))
        assert [(row.number, row.year, row.outcome) for row in found] == [(1, 2026, "pending")] * 2
        assert {row["state"] for row in found[0].findings} == {"met"}
        assert len(found[0].findings) == 11
        assert set(IntegrityZone.objects.values_list("stage", flat=True)) == {ZoneStage.PROPOSED}
        verbs = LedgerEntry.objects.values_list("verb", flat=True)
        assert [verb for verb in verbs if verb in ("proposal.send", "zone.propose")] != []
        assert list(verbs).count("attempt.begun") == list(verbs).count("zone.propose") == 2

    def test_without_units_it_does_not_go(self, boss: Any, proposal: Any) -> None:
        with pytest.raises(StepRefused) as refused:
            send(proposal, boss)
        assert refused.value.missing[0].sentence == "Belum ada unit yang diusulkan."

    @pytest.mark.parametrize(
        ("key", "value", "named"),
        [
            ("core_service", "no", "Menjalankan layanan utama pemerintah daerah"),
            ("public_perception", "no", "Berpengaruh besar pada persepsi"),
            ("tlhp_percent", "99.99", "Tindak lanjut temuan APIP dan BPK"),
            ("lhkpn_percent", "83.33", "Kepatuhan LHKPN"),
            ("lhkan_percent", "0", "Kepatuhan LHKAN"),
            ("sakip", "CC", "Predikat SAKIP unit"),
        ],
    )
    def test_a_unit_that_lacks_one_requirement_is_refused_with_that_one(
        self, cast: Any, boss: Any, proposal: Any, key: str, value: str, named: str
    ) -> None:
        zone = complete(cast.unit)
        StandingFact.objects.filter(unit=cast.unit, key=key).update(value=value)
        CandidateFactory(proposal=proposal, zone=zone)
        papered(boss, proposal, cast.unit)

        with pytest.raises(StepRefused) as refused:
            send(proposal, boss)

        [only] = refused.value.missing
        assert only.sentence.startswith(f"{cast.unit.label}: {named}")
        assert not ZoneAttempt.objects.exists()
        assert Proposal.objects.get().state == ProposalState.DRAFT

    @pytest.mark.parametrize(
        ("key", "value", "named"),
        [
            ("bpk_opinion", "WDP", "Opini BPK"),
            ("sakip", "CC", "Predikat SAKIP pemerintah daerah"),
            ("rb_index", "45 (C)", "Indeks Reformasi Birokrasi"),
            ("spip_level", "2", "Level maturitas SPIP"),
        ],
    )
    def test_so_is_one_of_a_government_that_lacks_one(
        self, cast: Any, boss: Any, proposal: Any, key: str, value: str, named: str
    ) -> None:
        CandidateFactory(proposal=proposal, zone=complete(cast.unit))
        StandingFact.objects.filter(unit=None, key=key).update(value=value)
        papered(boss, proposal, cast.unit)

        with pytest.raises(StepRefused) as refused:
            send(proposal, boss)

        assert [named in item.sentence for item in refused.value.missing] == [True]

    @pytest.mark.parametrize(
        ("since", "missing"),
        [
            (date(2025, 5, 20), ""),
            (date(2025, 5, 21), "11 bulan, kurang 1 bulan"),
            (date(2026, 5, 20), "kurang 12 bulan"),
        ],
    )
    def test_a_year_of_building_is_counted_to_the_day(
        self, cast: Any, boss: Any, proposal: Any, since: date, missing: str
    ) -> None:
        CandidateFactory(proposal=proposal, zone=complete(cast.unit, since))
        papered(boss, proposal, cast.unit)
        if not missing:
            assert send(proposal, boss).state == ProposalState.SENT
            return
        with pytest.raises(StepRefused) as refused:
            send(proposal, boss)
        [only] = refused.value.missing
        assert all(part in only.sentence for part in missing.split(", "))

    def test_what_nothing_proves_is_not_sent(self, cast: Any, boss: Any, proposal: Any) -> None:
        CandidateFactory(proposal=proposal, zone=complete(cast.unit))
        papered(boss, proposal, cast.unit)
        facts = StandingFact.objects.filter(unit=cast.unit, key="sakip")
        proof = facts.get().proof
        facts.update(proof=None)
        with pytest.raises(StepRefused) as refused:
            send(proposal, boss)
        [only] = refused.value.missing
        assert "buktinya belum ada di portal" in only.sentence
        facts.update(proof=proof)
        assert send(proposal, boss).state == ProposalState.SENT

    def test_who_may_proceed_goes_and_the_requirement_stays_unmet(
        self, cast: Any, boss: Any, proposal: Any
    ) -> None:
        zone = complete(cast.unit)
        StandingFact.objects.filter(unit=cast.unit, key="sakip").delete()
        CandidateFactory(proposal=proposal, zone=zone)
        ExceptionFactory(unit=cast.unit)
        papered(boss, proposal, cast.unit)

        send(proposal, boss)

        [row] = ZoneAttempt.objects.all()
        states = {each["code"]: each["state"] for each in row.findings}
        assert states.pop("unit_sakip") == "unknown"
        assert set(states.values()) == {"met"}

    @pytest.mark.parametrize("kind", ["surat_pengajuan", "sptjm", "lhe", "sk_tim_kerja"])
    def test_each_paper_must_be_signed_first(
        self, cast: Any, boss: Any, proposal: Any, kind: str
    ) -> None:
        CandidateFactory(proposal=proposal, zone=complete(cast.unit))
        papered(boss, proposal, cast.unit, without=kind)

        with pytest.raises(StepRefused) as refused:
            send(proposal, boss)

        [only] = refused.value.missing
        assert only.anchor.startswith("/app/")

    @pytest.mark.parametrize("kind", ["surat_pengajuan", "sptjm", "lhe", "sk_tim_kerja"])
    def test_not_before_any_of_its_papers(
        self, cast: Any, boss: Any, proposal: Any, kind: str
    ) -> None:
        """Also where the proposal itself was opened here only afterwards."""
        CandidateFactory(proposal=proposal, zone=complete(cast.unit))
        Proposal.objects.filter(pk=proposal.pk).update(created_at=NOW)
        about = {"proposal": proposal} if kind in ("surat_pengajuan", "sptjm") else {}
        signed(kind, cast.unit, boss, year=proposal.year, **about)

        with pytest.raises(StepRefused, match="20 Mei 2026"):
            send(proposal, boss, sent_on=date(2026, 5, 19))
        with pytest.raises(StepRefused, match="kurang"):
            send(proposal, boss, sent_on=date(2026, 5, 20))

    def test_one_unready_unit_keeps_all_back(self, cast: Any, boss: Any, proposal: Any) -> None:
        CandidateFactory(proposal=proposal, zone=complete(cast.unit))
        CandidateFactory(proposal=proposal, zone=IntegrityZoneFactory(unit=cast.other_unit))
        papered(boss, proposal, cast.unit, cast.other_unit)
        with pytest.raises(StepRefused) as refused:
            send(proposal, boss)
        assert all(str(cast.other_unit.label) in item.sentence for item in refused.value.missing)
        assert not ZoneAttempt.objects.exists()

    def test_a_day_ahead_is_refused(self, boss: Any, proposal: Any) -> None:
        with pytest.raises(StepRefused, match="belum tiba"):
            send(proposal, boss, sent_on=date(2026, 5, 21))

    def test_what_was_sent_is_not_sent_or_changed_again(
        self, cast: Any, boss: Any, home: Any
    ) -> None:
        sent = ProposalFactory(government=home, sent=True)
        for act in (
            lambda: send(sent, boss),
            lambda: actions.set_candidates(proposal=sent, zone_ids=[], by=boss, now=NOW),
            lambda: actions.discard_proposal(proposal=sent, by=boss, now=NOW),
        ):
            with pytest.raises(StepRefused, match="sudah dikirim"):
                act()

    @pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.ZI_SECRETARIAT}))
    def test_nobody_else_prepares_or_sends(self, cast: Any, proposal: Any, role: str) -> None:
        by = cast[role]
        values = {"government_id": cast.home.pk, "year": 2027, "rule_set": "permenpanrb-5-2024"}
        for act in (
            lambda: actions.open_proposal(**values, by=by, now=NOW),
            lambda: actions.set_candidates(proposal=proposal, zone_ids=[], by=by, now=NOW),
            lambda: send(proposal, by),
            lambda: actions.discard_proposal(proposal=proposal, by=by, now=NOW),
        ):
            with pytest.raises(StepRefused):
                act()

    def test_another_government_touches_nothing(self, cast: Any, proposal: Any) -> None:
        stranger = cast.away_offices[Role.ZI_SECRETARIAT]
        with pytest.raises(StepRefused):
            actions.discard_proposal(proposal=proposal, by=stranger, now=NOW)
