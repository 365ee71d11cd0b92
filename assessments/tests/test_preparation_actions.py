"""Answering steps, moving units between phases: rights, history, refusals, two at once."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction
from django.utils import timezone

from assessments.actions.phases import plan_units
from assessments.actions.preparation import AnswerConflict, AnswerContent, answer_step
from assessments.enums import ZoneStage
from assessments.models import PhasePlan, PreparationAnswer, PreparationChange
from assessments.queries.preparation import UPLOAD_KIND, findings, kept_upload
from assessments.tests.factories import ActivityFactory, IntegrityZoneFactory, WorkPlanFactory
from assessments.tests.factories_preparation import (
    PhasePlanFactory,
    PreparationAnswerFactory,
)
from assessments.tests.workplan_pages import pdf
from integrity_portal.core.files import EVIDENCE, receive
from integrity_portal.core.models import LedgerEntry, StoredFile
from opd.enums import FactKey, Role
from opd.models import Membership, Unit
from opd.tests.factories import ServiceFactory, StandingFactFactory, UnitFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.usefixtures("counted")

TODAY = timezone.localdate
DONE = AnswerContent("done", date(2026, 3, 2), "SK nomor 5")
BEGUN = AnswerContent("in_progress", None, "Draf")


def answer(unit: Unit, by: Membership, content: AnswerContent = DONE, **more: Any) -> Any:
    values = {"step": "team", "version": 0, "now": timezone.now(), **more}
    return answer_step(unit=unit, content=content, by=by, **values)


def upload(by: Membership) -> StoredFile:
    return receive(
        pdf(),
        rule=EVIDENCE,
        kind=UPLOAD_KIND,
        government_id=by.government_id,
        by_user_id=by.user_id,
    )


class TestAnswering:
    def test_it_is_saved_with_its_history_and_its_entry(self, cast: Cast) -> None:
        operator = cast[Role.OPD_OPERATOR]
        first = answer(cast.unit, operator, BEGUN)
        stored = upload(operator)
        second = answer(
            cast.unit,
            operator,
            AnswerContent("done", date(2026, 3, 2), "SK nomor 5", stored),
            version=first.version,
        )
        stored.refresh_from_db()
        assert stored.state == StoredFile.State.STORED
        assert (second.state, second.version, second.proof) == ("done", 2, stored)
        history = PreparationChange.objects.order_by("version")
        assert [(row.state, row.note, row.membership) for row in history] == [
            ("in_progress", "Draf", operator),
            ("done", "SK nomor 5", operator),
        ]
        entry = LedgerEntry.objects.filter(verb="preparation.answered").latest("pk")
        assert entry.codes == {
            "unit": cast.unit.pk,
            "step": "team",
            "state": "done",
            "version": 2,
            "proof": stored.pk,
        }

    @pytest.mark.parametrize("role", [Role.OPD_OPERATOR, Role.OPD_HEAD, Role.ZI_SECRETARIAT])
    def test_the_unit_and_the_secretariat_write(self, cast: Cast, role: Role) -> None:
        assert answer(cast.unit, cast[role]).answered_by == cast[role]

    @pytest.mark.parametrize(
        "role", sorted(set(Role) - {Role.OPD_OPERATOR, Role.OPD_HEAD, Role.ZI_SECRETARIAT})
    )
    def test_nobody_else_writes(self, cast: Cast, role: Role) -> None:
        with pytest.raises(PermissionDenied):
            answer(cast.unit, cast[role])

    def test_not_for_a_neighbour_nor_for_another_government(self, cast: Cast) -> None:
        with pytest.raises(PermissionDenied):
            answer(cast.other_unit, cast[Role.OPD_OPERATOR])
        with pytest.raises(PermissionDenied):
            answer(cast.away_unit, cast[Role.ZI_SECRETARIAT])
        assert not PreparationAnswer.objects.exists()

    def test_a_second_press_is_the_first_one(self, cast: Cast) -> None:
        one = answer(cast.unit, cast[Role.OPD_OPERATOR])
        two = answer(cast.unit, cast[Role.OPD_OPERATOR])
        assert (one.pk, two.version) == (two.pk, 1)
        assert PreparationChange.objects.count() == 1

    def test_a_version_of_nothing_is_no_conflict(self, cast: Cast) -> None:
        assert answer(cast.unit, cast[Role.OPD_OPERATOR], version=7).version == 1

    def test_two_at_once_nobody_is_overwritten(self, cast: Cast) -> None:
        answer(cast.unit, cast[Role.OPD_OPERATOR], BEGUN)
        with pytest.raises(AnswerConflict) as caught:
            answer(cast.unit, cast[Role.OPD_HEAD])
        assert caught.value.current.note == "Draf"
        assert PreparationAnswer.objects.get().state == "in_progress"

    @pytest.mark.parametrize(
        ("content", "step", "said"),
        [
            (AnswerContent("done"), "team", "tanggal"),
            (AnswerContent("done", date(2099, 1, 1)), "team", "belum tiba"),
            (DONE, "horoscope", "tidak memuat langkah"),
        ],
    )
    def test_what_makes_no_sense_is_refused(
        self, cast: Cast, content: AnswerContent, step: str, said: str
    ) -> None:
        with pytest.raises(StepRefused, match=said):
            answer(cast.unit, cast[Role.OPD_OPERATOR], content, step=step)

    def test_the_present_proof_stays_until_it_is_taken_away(self, cast: Cast) -> None:
        operator = cast[Role.OPD_OPERATOR]
        stored = upload(operator)
        first = answer(cast.unit, operator, AnswerContent("in_progress", proof=stored))
        kept = answer(cast.unit, operator, DONE, version=first.version)
        assert kept.proof == stored
        bare = AnswerContent("done", date(2026, 3, 2), "SK nomor 5", drop_proof=True)
        assert answer(cast.unit, operator, bare, version=kept.version).proof is None

    @pytest.mark.parametrize(
        ("stage", "writes"),
        [
            (ZoneStage.COMMITTED, True),
            (ZoneStage.DECLARED, True),
            (ZoneStage.NAMED, True),
            (ZoneStage.BUILDING, False),
            (ZoneStage.PROPOSED, False),
            (ZoneStage.NATIONAL_REVIEW, False),
            (ZoneStage.DECIDED, False),
        ],
    )
    def test_until_the_unit_builds(self, cast: Cast, stage: ZoneStage, writes: bool) -> None:
        IntegrityZoneFactory(unit=cast.unit, stage=stage)
        if writes:
            assert answer(cast.unit, cast[Role.OPD_OPERATOR]).state == "done"
        else:
            with pytest.raises(StepRefused, match="rencana kerjanya"):
                answer(cast.unit, cast[Role.OPD_OPERATOR])

    def test_a_closed_unit_prepares_nothing(self, cast: Cast) -> None:
        Unit.objects.filter(pk=cast.unit.pk).update(active_to=TODAY() - timedelta(days=1))
        with pytest.raises(StepRefused, match="ditutup"):
            answer(cast.unit, cast[Role.ZI_SECRETARIAT])

    def test_the_history_cannot_be_changed_not_even_by_sql(self, cast: Cast) -> None:
        PreparationAnswerFactory(unit=cast.unit)
        for act in (
            lambda: PreparationChange.objects.update(note="lain"),
            lambda: PreparationChange.objects.all().delete(),
        ):
            with pytest.raises(InternalError), transaction.atomic():
                act()

    def test_done_without_a_day_is_refused_by_the_table(self, cast: Cast) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            PreparationAnswerFactory(unit=cast.unit, happened_on=None)

    def test_a_strangers_upload_is_not_mine(self, cast: Cast) -> None:
        stored = upload(cast[Role.OPD_OPERATOR])
        assert kept_upload(cast[Role.OPD_OPERATOR], stored.public_id) == stored
        assert kept_upload(cast[Role.OPD_HEAD], stored.public_id) is None


class TestWhatThePortalSees:
    def see(self, unit: Unit) -> dict[str, bool]:
        zone = unit.zones.first()
        return {name: row.supports for name, row in findings(unit, zone, TODAY()).items()}

    def test_nothing_is_known_of_a_new_unit(self, cast: Cast) -> None:
        assert self.see(cast.other_unit) == {"standards": False, "liaison": False}

    def test_services_with_their_standards(self, cast: Cast) -> None:
        ServiceFactory(unit=cast.other_unit, time_number=14, time_unit="days", fee_kind="free")
        assert self.see(cast.other_unit)["standards"]
        ServiceFactory(unit=cast.other_unit)
        assert not self.see(cast.other_unit)["standards"]

    def test_a_liaison_officer_of_today(self, cast: Cast) -> None:
        assert self.see(cast.unit)["liaison"]
        yesterday = TODAY() - timedelta(days=1)
        Membership.objects.filter(role=Role.LIAISON_OFFICER).update(valid_to=yesterday)
        assert not self.see(cast.unit)["liaison"]

    @pytest.mark.parametrize(
        ("value", "years_ago", "supports"),
        [("100", 0, True), ("100.00", 1, True), ("99.9", 0, False), ("100", 2, False)],
    )
    def test_lhkpn_of_this_or_last_year(
        self, cast: Cast, value: str, years_ago: int, supports: bool
    ) -> None:
        year = TODAY().year - years_ago
        StandingFactFactory(
            unit=cast.unit,
            government=cast.home,
            key=FactKey.LHKPN_PERCENT,
            year=year,
            value=value,
        )
        finding = findings(cast.unit, None, TODAY())["lhkpn"]
        assert finding.supports is supports
        assert str(year) in finding.sentence

    def test_a_work_plan_with_activities(self, cast: Cast) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage=ZoneStage.DECLARED)
        plan = WorkPlanFactory(zone=zone)
        assert not self.see(cast.unit)["work_plan"]
        ActivityFactory(plan=plan)
        assert self.see(cast.unit)["work_plan"]


class TestPhases:
    def move(self, cast: Cast, units: dict[Unit, int], year: int | None, **more: Any) -> Any:
        values = {"by": cast[Role.ZI_SECRETARIAT], "now": timezone.now(), **more}
        seen = {unit.pk: version for unit, version in units.items()}
        return plan_units(units=seen, year=year, **values)

    def test_many_at_once_each_with_its_entry(self, cast: Cast) -> None:
        moved = self.move(cast, {cast.unit: 0, cast.other_unit: 0}, 2027, note="Tahap kedua")
        assert set(moved.moved) == {cast.unit, cast.other_unit}
        assert (
            list(PhasePlan.objects.values_list("year", "note", "version"))
            == [(2027, "Tahap kedua", 1)] * 2
        )
        entries = LedgerEntry.objects.filter(verb="phase.planned")
        assert [row.codes["year"] for row in entries] == [2027, 2027]

    def test_moved_and_taken_out_again(self, cast: Cast) -> None:
        plan = PhasePlanFactory(unit=cast.unit, year=2026)
        self.move(cast, {cast.unit: 1}, 2028)
        plan.refresh_from_db()
        assert (plan.year, plan.version) == (2028, 2)
        self.move(cast, {cast.unit: 2}, None)
        plan.refresh_from_db()
        assert plan.year is None
        assert LedgerEntry.objects.latest("pk").codes["former"] == 2028

    def test_who_moved_it_meanwhile_is_not_overwritten(self, cast: Cast) -> None:
        PhasePlanFactory(unit=cast.unit, year=2026, version=3)
        moved = self.move(cast, {cast.unit: 2, cast.other_unit: 0}, 2028)
        assert moved.conflicts == [cast.unit]
        assert moved.moved == [cast.other_unit]
        assert PhasePlan.objects.get(unit=cast.unit).year == 2026

    def test_the_same_year_once_more_is_no_conflict(self, cast: Cast) -> None:
        PhasePlanFactory(unit=cast.unit, year=2028, version=3)
        assert self.move(cast, {cast.unit: 1}, 2028).moved == [cast.unit]
        assert not LedgerEntry.objects.filter(verb="phase.planned").exists()

    @pytest.mark.parametrize("year", [1999, 2100])
    def test_no_year_that_nobody_can_plan(self, cast: Cast, year: int) -> None:
        with pytest.raises(StepRefused, match="2012"):
            self.move(cast, {cast.unit: 0}, year)

    def test_only_counted_units_of_the_own_government(self, cast: Cast) -> None:
        closed = UnitFactory(government=cast.home, active_to=TODAY() - timedelta(days=1))
        for unit in (cast.away_unit, closed):
            with pytest.raises(StepRefused, match="tidak dihitung"):
                self.move(cast, {unit: 0}, 2027)
        with pytest.raises(StepRefused, match="sekurangnya satu"):
            self.move(cast, {}, 2027)

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ZI_SECRETARIAT}))
    def test_nobody_else_plans(self, cast: Cast, role: Role) -> None:
        with pytest.raises(StepRefused, match="sekretariat ZI"):
            self.move(cast, {cast.unit: 0}, 2027, by=cast[role])
