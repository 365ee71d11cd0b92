"""A proposal goes with all its units, or not at all; who lacks one thing is told that one."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.actions import proposals as actions
from assessments.enums import AttemptOutcome, PaperKind, ProposalState, ZoneStage
from assessments.models import IntegrityZone, Proposal, ZoneAttempt
from assessments.queries import attempts as queries
from assessments.tests.factories import IntegrityZoneFactory
from assessments.tests.factories_journey import (
    AttemptFactory,
    CandidateFactory,
    ExceptionFactory,
    ProposalFactory,
)
from assessments.tests.factories_papers import signed
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import CalendarDate, StandingFact, Unit
from opd.tests.factories import UnitFactory
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
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
    for key, value in OF_UNIT.items():
        StandingFact.objects.create(
            government=unit.government, unit=unit, year=2025, key=key, value=value
        )
    return IntegrityZoneFactory(unit=unit, building_since=since)


@pytest.fixture
def home(cast: Any) -> Any:
    for key, value in OF_GOVERNMENT.items():
        StandingFact.objects.create(government=cast.home, year=2025, key=key, value=value)
    return cast.home


@pytest.fixture
def boss(cast: Any) -> Any:
    return cast[Role.ZI_SECRETARIAT]


@pytest.fixture
def proposal(home: Any) -> Proposal:
    return ProposalFactory(government=home)


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
