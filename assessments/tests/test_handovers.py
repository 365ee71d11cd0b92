"""A unit is taken over: its road goes on, its work plans stay readable (docs/adr/0031)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.actions.corrections import reopen_declaration
from assessments.actions.declarations import take_step
from assessments.actions.decrees import register_decree
from assessments.actions.handovers import complete_due, follow, hand_over, pass_on
from assessments.actions.workplans import ActivityTexts, add_activity, open_plan
from assessments.actions.zones import start_building
from assessments.enums import ZoneStage
from assessments.models import Declaration, IntegrityZone, WorkPlan, ZoneHandover
from assessments.queries.coverage import coverage
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    DeclarationFactory,
    DeclarationUnitFactory,
    IntegrityZoneFactory,
    WorkPlanFactory,
)
from integrity_portal.core.models import LedgerEntry
from opd.actions.unit_splits import split_unit
from opd.actions.units import UnitFacts, merge_units
from opd.enums import Role
from opd.models import Unit, UnitKindRule
from opd.registry import TakeOver, register_on_taken_over, taken_over
from opd.tests.factories import MembershipFactory, UnitFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

NOW = datetime(2026, 6, 1, 3, tzinfo=UTC)
TODAY = date(2026, 6, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def old(cast: Cast) -> Unit:
    return UnitFactory(government=cast.home, name="Dinas Lama")


def declared(cast: Cast, *units: Unit) -> Declaration:
    act = DeclarationFactory(government=cast.home, open=True)
    for unit in units:
        DeclarationUnitFactory(declaration=act, unit=unit)
    return take_step(declaration=act, name="close", by=cast[Role.ZI_SECRETARIAT], now=NOW)


def merge(cast: Cast, units: list[Unit], into: Unit | UnitFacts, **changed: Any) -> Unit:
    facts: dict[str, Any] = {"happened_on": TODAY, "by": cast[Role.ZI_SECRETARIAT]} | changed
    return merge_units(
        units=units, into=into, basis="Perda 1/2026", today=TODAY, now=NOW, **facts
    ).into


def zone_of(unit: Unit) -> IntegrityZone:
    return IntegrityZone.objects.get(unit=unit, closed_on=None)


def stage_of(unit: Unit) -> str:
    return zone_of(unit).stage


def build(cast: Cast, unit: Unit) -> None:
    """Named by a decree, it begins."""
    boss = cast[Role.ZI_SECRETARIAT]
    register_decree(
        number="188/1", decided_on=date(2026, 4, 1), unit_ids=[unit.pk], by=boss, now=NOW
    )
    start_building(zone=zone_of(unit), by=boss, now=NOW)


class TestMerging:
    def test_the_road_goes_on(self, cast: Cast, old: Unit) -> None:
        declared(cast, old)
        before = zone_of(old)
        build(cast, old)
        merge(cast, [old], cast.other_unit, by=cast[Role.ADMINISTRATOR])
        before.refresh_from_db()
        assert before.closed_on == TODAY - timedelta(days=1)
        after = zone_of(cast.other_unit)
        assert (after.stage, after.opened_on) == (ZoneStage.BUILDING, TODAY)
        (row,) = ZoneHandover.objects.all()
        assert (row.predecessor, row.successor, row.heir) == (before, after, cast.other_unit)
        assert (row.happened_on, row.basis) == (TODAY, "Perda 1/2026")
        step = after.steps.get()
        assert (step.name, step.membership) == ("inherit_building", cast[Role.ADMINISTRATOR])
        verbs = set(LedgerEntry.objects.values_list("verb", flat=True))
        assert {"zone.handover_recorded", "zone.taken_over", "zone.opened"} <= verbs

    def test_a_road_of_ones_own_is_neither_lowered_nor_raised(self, cast: Cast, old: Unit) -> None:
        declared(cast, old, cast.other_unit, cast.unit)
        build(cast, cast.unit)
        cast.below.parent = None
        cast.below.lineage = [cast.below.pk]
        cast.below.save()
        merge(cast, [old], cast.unit, happened_on=TODAY - timedelta(days=9))
        assert stage_of(cast.unit) == ZoneStage.BUILDING
        merge(cast, [cast.unit], cast.other_unit)
        assert stage_of(cast.other_unit) == ZoneStage.DECLARED
        assert zone_of(cast.other_unit).taken_over.count() == 2, "and what the first continued"

    @pytest.mark.parametrize("backwards", [False, True])
    def test_of_several_the_furthest_counts_in_any_order(
        self, backwards: bool, cast: Cast, old: Unit
    ) -> None:
        second = UnitFactory(government=cast.home, name="Dinas Kedua")
        declared(cast, old, second)
        build(cast, second)
        both = [second, old] if backwards else [old, second]
        new = merge(cast, both, UnitFacts(kind="dinas", name="Dinas Baru"))
        assert stage_of(new) == ZoneStage.BUILDING
        assert zone_of(new).taken_over.count() == 2

    def test_a_committed_zone_of_ones_own_is_raised(self, cast: Cast, old: Unit) -> None:
        IntegrityZoneFactory(unit=cast.other_unit, stage=ZoneStage.COMMITTED)
        declared(cast, old)
        merge(cast, [old], cast.other_unit)
        assert stage_of(cast.other_unit) == ZoneStage.DECLARED

    @pytest.mark.parametrize("goes_on", [False, True])
    def test_a_split_hands_the_road_on_only_when_the_unit_ends(
        self, goes_on: bool, cast: Cast, old: Unit
    ) -> None:
        declared(cast, old)
        split = split_unit(
            by=cast[Role.ZI_SECRETARIAT],
            unit=old,
            parts=[
                UnitFacts(kind="dinas", name="Dinas A"),
                UnitFacts(kind="dinas", name="Dinas B"),
            ],
            goes_on=goes_on,
            happened_on=TODAY,
            basis="Perda 2/2026",
            today=TODAY,
            now=NOW,
        )
        standing = set(IntegrityZone.objects.filter(closed_on=None).values_list("unit", "stage"))
        heirs = [old] if goes_on else split.successors
        assert standing == {(unit.pk, ZoneStage.DECLARED) for unit in heirs}

    @pytest.mark.parametrize("goes_on", [False, True])
    def test_an_act_found_after_the_split_goes_to_the_parts(
        self, goes_on: bool, cast: Cast, old: Unit
    ) -> None:
        split = split_unit(
            by=cast[Role.ZI_SECRETARIAT],
            unit=old,
            parts=[
                UnitFacts(kind="dinas", name="Dinas A"),
                UnitFacts(kind="dinas", name="Dinas B"),
            ],
            goes_on=goes_on,
            happened_on=TODAY - timedelta(days=9),
            basis="Perda 2/2026",
            today=TODAY,
            now=NOW,
        )
        declared(cast, old)
        heirs = [old] if goes_on else split.successors
        standing = set(IntegrityZone.objects.filter(closed_on=None).values_list("unit", flat=True))
        assert standing == {unit.pk for unit in heirs}

    def test_without_a_zone_nothing_happens(self, cast: Cast, old: Unit) -> None:
        merge(cast, [old], cast.other_unit)
        assert not IntegrityZone.objects.exists()
        assert (
            hand_over(
                source=old, successors=[cast.unit], happened_on=TODAY, basis="", by=None, now=NOW
            )
            == []
        )

    def test_a_day_ahead_waits_for_its_midnight(self, cast: Cast, old: Unit) -> None:
        declared(cast, old)
        merge(cast, [old], cast.other_unit, happened_on=TODAY + timedelta(days=30))
        assert zone_of(old).stage == ZoneStage.DECLARED
        assert not IntegrityZone.objects.filter(unit=cast.other_unit).exists()
        assert complete_due(now=NOW + timedelta(days=29)) == 0
        midnight = datetime(2026, 6, 30, 17, 0, tzinfo=UTC)  # 00.00 WIB on 1 July
        assert complete_due(now=midnight - timedelta(minutes=1)) == 0
        assert complete_due(now=midnight) == 1
        assert complete_due(now=midnight) == 0
        assert stage_of(cast.other_unit) == ZoneStage.DECLARED
        assert IntegrityZone.objects.get(unit=old).closed_on == TODAY + timedelta(days=29)

    def test_all_or_nothing(self, cast: Cast, old: Unit, monkeypatch: Any) -> None:
        """A follow-up that refuses takes the merger back."""
        declared(cast, old)
        monkeypatch.setattr("opd.registry._on_taken_over", {})

        def refuse(event: TakeOver) -> None:
            raise StepRefused("no")

        register_on_taken_over("a", follow)
        register_on_taken_over("b", refuse)
        with pytest.raises(StepRefused):
            merge(cast, [old], cast.other_unit)
        old.refresh_from_db()
        assert old.active_to is None
        assert zone_of(old).closed_on is None


class TestSplitting:
    def test_each_named_successor_opens_its_own_zone(self, cast: Cast, old: Unit) -> None:
        declared(cast, old)
        event = TakeOver(
            old, [cast.unit, cast.other_unit], TODAY, "Perda 2", cast[Role.ZI_SECRETARIAT], NOW
        )
        taken_over(event)
        taken_over(event)
        assert [stage_of(unit) for unit in (cast.unit, cast.other_unit)] == [
            ZoneStage.DECLARED,
            ZoneStage.DECLARED,
        ]
        assert not IntegrityZone.objects.filter(unit=cast.below).exists()
        assert ZoneHandover.objects.count() == 2

    def test_they_count_as_declared_and_the_others_do_not(self, cast: Cast, old: Unit) -> None:
        UnitKindRule.objects.create(government=cast.home, unit_kind="dinas", counts=True)
        declared(cast, old)
        old.active_to = TODAY - timedelta(days=1)
        old.save()
        third = UnitFactory(government=cast.home, name="Dinas Tiga")
        before = coverage(cast.home, TODAY)
        assert before.declared == 0
        taken_over(
            TakeOver(old, [cast.unit, cast.other_unit], TODAY, "x", cast[Role.ZI_SECRETARIAT], NOW)
        )
        after = coverage(cast.home, TODAY)
        assert (after.counted, after.declared) == (3, 2)
        assert [row.unit for row in after.waiting] == [third]


class TestActsAndHeirs:
    def test_an_act_recorded_after_the_merger(self, cast: Cast, old: Unit) -> None:
        merge(cast, [old], cast.other_unit, happened_on=date(2026, 4, 1))
        declared(cast, old)
        assert stage_of(cast.other_unit) == ZoneStage.DECLARED
        assert IntegrityZone.objects.get(unit=old).closed_on == date(2026, 3, 31)
        pass_on(unit=old, by=None, now=NOW)
        assert ZoneHandover.objects.count() == 1

    def test_reopening_takes_the_heirs_zone_back_and_closing_declares_it(
        self, cast: Cast, old: Unit
    ) -> None:
        boss = cast[Role.ZI_SECRETARIAT]
        act = declared(cast, old)
        merge(cast, [old], cast.other_unit)
        reopen_declaration(declaration=act, reason="Keliru", by=boss, now=NOW)
        assert stage_of(cast.other_unit) == ZoneStage.COMMITTED
        take_step(declaration=act, name="close", by=boss, now=NOW)
        assert stage_of(cast.other_unit) == ZoneStage.DECLARED
        assert IntegrityZone.objects.filter(unit=old).count() == 1


class TestReading:
    @pytest.fixture
    def plan(self, cast: Cast, old: Unit) -> WorkPlan:
        """Of the old unit, with one finished and one open activity; then it is taken over."""
        IntegrityZoneFactory(unit=old, stage=ZoneStage.BUILDING)
        plan = WorkPlanFactory(zone=zone_of(old), year=timezone.localdate().year)
        done = ActivityFactory(plan=plan, title="Sudah selesai")
        ActivityReportFactory(activity=done, percent=100, confirmed=True)
        ActivityFactory(plan=plan, title="Masih berjalan")
        merge(cast, [old], cast.unit)
        return plan

    def test_the_heirs_page_leads_to_it(self, cast: Cast, client_as: Any, plan: WorkPlan) -> None:
        for role in (Role.OPD_OPERATOR, Role.OPD_HEAD, Role.TPN_REVIEWER):
            client: Client = client_as(cast[role])
            page = client.get(reverse("assessments:zone", args=[zone_of(cast.unit).pk]))
            address = reverse("assessments:workplan", args=[plan.pk])
            text = page.content.decode()
            assert address in text
            assert "Dinas Lama" in text
            assert "Perda 1/2026" in text
            shown = client.get(address)
            assert shown.status_code == 200
            assert "hanya dapat dibaca" in shown.content.decode()
            before = client.get(reverse("assessments:zone", args=[plan.zone_id]))
            assert "jalannya diteruskan oleh" in before.content.decode()
            assert before.content.decode().count("Mulai membangun") == 0

    def test_others_do_not_read_it(self, cast: Cast, client_as: Any, plan: WorkPlan) -> None:
        stranger = MembershipFactory(government=cast.home, unit=cast.other_unit, role=Role.OPD_HEAD)
        client = client_as(stranger)
        for name, pk in (("workplan", plan.pk), ("zone", plan.zone_id)):
            assert client.get(reverse(f"assessments:{name}", args=[pk])).status_code == 404

    def test_nobody_writes_in_it(self, cast: Cast, plan: WorkPlan) -> None:
        texts = ActivityTexts(area="1", title="x", milestone="y", due_on=TODAY)
        for unit, sentence in ((plan.zone.unit, StepRefused), (cast.unit, PermissionDenied)):
            writer = MembershipFactory(government=cast.home, unit=unit, role=Role.OPD_OPERATOR)
            with pytest.raises(sentence):
                add_activity(plan=plan, texts=texts, form_key=uuid4(), by=writer)

    def test_what_is_unfinished_is_copied_into_the_own_plan(
        self, cast: Cast, client_as: Any, plan: WorkPlan
    ) -> None:
        zone = zone_of(cast.unit)
        target = reverse("assessments:workplan_new", args=[zone.pk])
        client = client_as(cast[Role.OPD_OPERATOR])
        assert "yang belum selesai dalam rencana Dinas Lama" in client.get(target).content.decode()
        answer = client.post(target, {"year": plan.year, "copy_from": plan.pk})
        own = WorkPlan.objects.get(zone=zone)
        assert answer.url == reverse("assessments:workplan", args=[own.pk])
        assert [row.title for row in own.activities.all()] == ["Masih berjalan"]
        assert own.copied_from == plan

    def test_a_plan_of_somebody_else_is_not_copied(self, cast: Cast, plan: WorkPlan) -> None:
        other = WorkPlanFactory(zone=IntegrityZoneFactory(unit=cast.other_unit))
        with pytest.raises(StepRefused):
            open_plan(
                zone=zone_of(cast.unit), year=2026, by=cast[Role.OPD_OPERATOR], copy_from=other
            )
