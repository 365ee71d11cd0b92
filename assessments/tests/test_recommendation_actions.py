"""Recommendations: verbs, rights, who closes them, what the database refuses."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError

from assessments.actions import recommendations
from assessments.actions.recommendations import Source
from assessments.editing import Conflict
from assessments.enums import RecommendationState
from assessments.models import IntegrityZone, Recommendation
from assessments.pasted import RecommendationLine
from assessments.queries import recommendations as queries
from assessments.queries.recommendations import OpenRecommendations
from assessments.tests.assessing_verbs import NOW, TODAY, run, verbs
from assessments.tests.factories import IntegrityZoneFactory, stored_pdf
from assessments.tests.factories_monev import (
    RecommendationFactory,
    RecommendationReplyFactory,
    operator_of,
)
from assessments.workflow import RECOMMENDATION
from opd.enums import Role
from opd.models import Membership, TpiAssignment
from opd.tests.factories import LoginIdentifierFactory, MembershipFactory, UnitFactory
from opd.tests.factories_services import EmployeePostFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


LINE = RecommendationLine("1", "5", "Tutup setiap aduan.", "Ketua Pokja 5", date(2026, 9, 30))


SOURCE = Source("tpi", 2026)


@pytest.fixture
def zone(cast: Cast) -> IntegrityZone:
    return IntegrityZoneFactory(unit=cast.unit)


def assigned(cast: Cast, year: int = 2026) -> Membership:
    """An operator of another unit who is in the TPI of this one."""
    member = MembershipFactory(
        government=cast.home, unit=cast.other_unit, role=Role.OPD_OPERATOR, title="Analis"
    )
    TpiAssignment.objects.create(government=cast.home, membership=member, unit=cast.unit, year=year)
    return member


def decide(step: str, row: Recommendation, by: Membership) -> None:
    common: dict[str, Any] = {"recommendation": row, "by": by, "now": NOW}
    if step == "follow_up":
        recommendations.follow_up(text="Sudah", files=[], form_key=uuid4(), **common)
        return
    waiting = row.replies.filter(state="sent").first()
    action = {
        "close": recommendations.close_recommendation,
        "return": recommendations.return_recommendation,
    }[step]
    action(reply=waiting.pk if waiting else 1, message="Kurang foto", today=TODAY, **common)


class TestRecommendations:
    def record(self, zone: IntegrityZone, by: Membership, **changed: Any) -> Any:
        values = {"source": SOURCE, "line": LINE, **changed}
        return recommendations.record_recommendation(zone=zone, by=by, now=NOW, **values)

    def test_the_same_row_twice_is_once(self, cast: Cast, zone: IntegrityZone) -> None:
        by = cast[Role.ZI_SECRETARIAT]
        first = self.record(zone, by)
        again = self.record(zone, by)
        assert (first.is_new, again.is_new, again.row) == (True, False, first.row)
        other = RecommendationLine("1", "5", "Lain", "", LINE.due_on)
        with pytest.raises(StepRefused, match="Nomor 1"):
            self.record(zone, by, line=other)
        assert self.record(zone, by, line=other, source=Source("tpn", 2026)).is_new
        assert verbs() == ["recommendation.recorded"] * 2

    def test_the_same_row_with_another_day_says_so(self, cast: Cast, zone) -> None:
        by = cast[Role.ZI_SECRETARIAT]
        row = self.record(zone, by).row
        other = RecommendationLine("1", LINE.area, LINE.text, "", date(2026, 10, 5))
        with pytest.raises(StepRefused, match="Nomor 1"):
            self.record(zone, by, line=other)
        recommendations.move_due_date(
            recommendation=row, due_on=other.due_on, reason="Anggaran", by=by, now=NOW
        )
        assert not self.record(zone, by).is_new
        assert not self.record(zone, by, line=other).is_new

    def test_no_due_date_before_the_recommendation(self, cast: Cast, zone) -> None:
        row, by = RecommendationFactory(zone=zone), cast[Role.ZI_SECRETARIAT]
        with pytest.raises(StepRefused, match="sebelum rekomendasi"):
            recommendations.move_due_date(
                recommendation=row, due_on=date(2020, 1, 1), reason="Keliru", by=by, now=NOW
            )

    def test_closing_needs_a_proof_or_a_reason(self, cast: Cast, zone) -> None:
        row = RecommendationFactory(zone=zone, followed_up=True)
        reply = RecommendationReplyFactory(recommendation=row)
        close: dict[str, Any] = {
            "recommendation": row,
            "reply": reply.pk,
            "by": cast[Role.INSPECTORATE],
            "now": NOW,
            "today": TODAY,
        }
        with pytest.raises(StepRefused, match="tidak membawa bukti"):
            recommendations.close_recommendation(**close)
        recommendations.close_recommendation(message="Terlihat di tempat", **close)
        row.refresh_from_db()
        assert row.state == RecommendationState.CLOSED

    def test_put_right_while_nobody_has_answered(self, cast: Cast, zone: IntegrityZone) -> None:
        by, row = cast[Role.INSPECTORATE], RecommendationFactory(zone=zone, number="7")
        change: dict[str, Any] = {"recommendation": row, "source": SOURCE, "by": by}
        recommendations.edit_recommendation(line=LINE, version=1, **change)
        row.refresh_from_db()
        assert (row.number, row.due_on) == ("1", date(2026, 9, 30))
        other = RecommendationLine("1", "5", "Lain", "", LINE.due_on)
        with pytest.raises(Conflict):
            recommendations.edit_recommendation(line=other, version=1, **change)
        RecommendationReplyFactory(recommendation=row)
        Recommendation.objects.filter(pk=row.pk).update(state="followed_up")
        with pytest.raises(StepRefused):
            recommendations.edit_recommendation(line=other, version=2, **change)
        assert verbs() == ["recommendation.edited"]

    def test_the_due_date_moves_only_with_a_reason(self, cast: Cast, zone) -> None:
        row, by = RecommendationFactory(zone=zone), cast[Role.ZI_SECRETARIAT]
        day = date(2026, 12, 1)
        move: dict[str, Any] = {"recommendation": row, "by": by, "now": NOW}
        with pytest.raises(StepRefused):
            recommendations.move_due_date(due_on=day, reason=" ", **move)
        with pytest.raises(IntegrityError, match="recommendation_due_date"):
            run("UPDATE assessments_recommendation SET due_on = %s WHERE id = %s", day, row.pk)
        for _twice in range(2):
            recommendations.move_due_date(due_on=day, reason="Anggaran berubah", **move)
        (moved,) = queries.moves_of(row)
        assert (moved.from_day, moved.to_day) == (date(2026, 9, 30), day)
        with pytest.raises(DatabaseError, match="due_date_move_append_only"):
            run("DELETE FROM assessments_duedatemove WHERE id = %s", moved.pk)
        assert verbs() == ["recommendation.due_date_moved"]

    def test_the_road_of_one(self, cast: Cast, zone: IntegrityZone) -> None:
        row, operator, key = RecommendationFactory(zone=zone), cast[Role.OPD_OPERATOR], uuid4()
        for _twice in range(2):
            reply = recommendations.follow_up(
                recommendation=row,
                text="Ditutup",
                files=[stored_pdf(operator)],
                form_key=key,
                by=operator,
                now=NOW,
            )
        with pytest.raises(StepRefused, match="masih ada"):
            decide("follow_up", row, cast[Role.OPD_HEAD])
        decide("return", row, cast[Role.INSPECTORATE])
        unread: dict[str, Any] = {
            "recommendation": row,
            "reply": reply.pk,
            "now": NOW,
            "today": TODAY,
        }
        decide("follow_up", row, cast[Role.OPD_HEAD])
        with pytest.raises(StepRefused, match="bukan lagi"):
            recommendations.close_recommendation(by=cast[Role.INSPECTORATE], **unread)
        member = assigned(cast)
        decide("close", row, member)
        row.refresh_from_db()
        assert row.state == RecommendationState.CLOSED
        assert [one.state for one in queries.replies_of(row)] == ["accepted", "returned"]
        assert verbs() == [
            f"recommendation.{verb}" for verb in ("follow_up", "return", "follow_up", "close")
        ]

    def test_a_return_says_what_is_missing(self, cast: Cast, zone: IntegrityZone) -> None:
        row = RecommendationFactory(zone=zone, followed_up=True)
        reply = RecommendationReplyFactory(recommendation=row)
        with pytest.raises(StepRefused, match="masih kurang"):
            recommendations.return_recommendation(
                recommendation=row,
                reply=reply.pk,
                message=" ",
                by=cast[Role.INSPECTORATE],
                now=NOW,
                today=TODAY,
            )

    @pytest.mark.parametrize("state", RecommendationState.values)
    @pytest.mark.parametrize("role", [*Role.values, "tpi"])
    def test_every_step_by_every_role(self, cast: Cast, zone, state: str, role: str) -> None:
        by = assigned(cast) if role == "tpi" else cast[role]
        may = {
            "follow_up": role in (Role.OPD_OPERATOR, Role.OPD_HEAD),
            "close": role in (Role.INSPECTORATE, "tpi"),
            "return": role in (Role.INSPECTORATE, "tpi"),
        }
        for step in RECOMMENDATION.transitions:
            row = RecommendationFactory(zone=zone, state=state)
            if state == RecommendationState.FOLLOWED_UP:
                RecommendationReplyFactory(recommendation=row, sent_by=operator_of(cast.unit))
            allowed = state in step.sources and may[step.name]
            try:
                decide(step.name, row, by)
            except (StepRefused, PermissionDenied):
                assert not allowed
            row.refresh_from_db()
            assert row.state == (step.target if allowed else state)


class TestWhoCloses:
    @pytest.mark.parametrize(("year", "may"), [(2025, False), (2026, True), (2027, True)])
    def test_tpi_of_that_year_or_later(self, cast: Cast, zone, year: int, may: bool) -> None:
        row = RecommendationFactory(zone=zone)
        assert queries.may_decide(assigned(cast, year), row, TODAY) is may

    def test_never_somebody_of_the_unit(self, cast: Cast, zone: IntegrityZone) -> None:
        reply = RecommendationReplyFactory(
            recommendation=RecommendationFactory(zone=zone, followed_up=True)
        )
        row = reply.recommendation
        inspector = cast[Role.INSPECTORATE]
        assert queries.may_decide(inspector, row, TODAY)
        assert queries.waiting_for_assessor(inspector, TODAY) == [row]
        office = MembershipFactory(
            user=inspector.user, government=cast.home, unit=cast.below, role=Role.LIAISON_OFFICER
        )
        assert not queries.may_decide(inspector, row, TODAY)
        assert queries.waiting_for_assessor(inspector, TODAY) == []
        sql = (
            "UPDATE assessments_recommendationreply SET state = 'accepted', decided_at = now(), "
            "decided_by_id = %s WHERE id = %s"
        )
        for by in (inspector, office, cast[Role.OPD_HEAD]):
            with pytest.raises(IntegrityError, match="recommendation_not_by_the_unit"):
                run(sql, by.pk, reply.pk)
        run(sql, cast[Role.SEKDA].pk, reply.pk)
        for change in ("text = 'x'", "message = 'x'", "state = 'sent'"):
            with pytest.raises(DatabaseError, match="reply_"):
                run(
                    f"UPDATE assessments_recommendationreply SET {change} WHERE id = %s",  # noqa: S608
                    reply.pk,
                )
        with pytest.raises(DatabaseError, match="reply_stays"):
            run("DELETE FROM assessments_recommendationreply WHERE id = %s", reply.pk)

    @pytest.mark.parametrize("place", ["unit", "below"])
    def test_nor_somebody_whom_the_roster_has_there(
        self, cast: Cast, zone: IntegrityZone, place: str
    ) -> None:
        row = RecommendationFactory(zone=zone, followed_up=True)
        RecommendationReplyFactory(recommendation=row)
        inspector, nip = cast[Role.INSPECTORATE], "198503122010011007"
        LoginIdentifierFactory(user=inspector.user, value=nip)
        post = EmployeePostFactory(unit=getattr(cast, place), employee__nip=nip)
        assert not queries.may_decide(inspector, row, TODAY)
        assert queries.waiting_for_assessor(inspector, TODAY) == []
        with pytest.raises((PermissionDenied, StepRefused)):
            decide("close", row, inspector)
        post.valid_to = TODAY - timedelta(days=1)
        post.save()
        assert queries.may_decide(inspector, row, TODAY)
        assert queries.waiting_for_assessor(inspector, TODAY) == [row]

    def test_the_inspectorate_does_not_close_its_own(self, cast: Cast) -> None:
        own = UnitFactory(government=cast.home, name="Inspektorat", kind="inspektorat")
        row = RecommendationFactory(zone=IntegrityZoneFactory(unit=own), followed_up=True)
        reply = RecommendationReplyFactory(recommendation=row)
        assert not queries.may_decide(cast[Role.INSPECTORATE], row, TODAY)
        assert queries.waiting_for_assessor(cast[Role.INSPECTORATE], TODAY) == []
        sql = (
            "UPDATE assessments_recommendationreply SET state = 'accepted', decided_at = now(), "
            "decided_by_id = %s WHERE id = %s"
        )
        with pytest.raises(IntegrityError, match="recommendation_not_by_the_unit"):
            run(sql, cast[Role.INSPECTORATE].pk, reply.pk)


class TestRegister:
    def test_what_is_answered_stays_as_it_was(self, zone: IntegrityZone) -> None:
        row = RecommendationFactory(zone=zone, closed=True)
        for change in ("text = 'x'", "area = '1'", "number = '9'"):
            with pytest.raises(DatabaseError, match="recommendation_text_stays"):
                run(
                    f"UPDATE assessments_recommendation SET {change} WHERE id = %s",  # noqa: S608
                    row.pk,
                )
        with pytest.raises(DatabaseError, match="recommendation_never_deleted"):
            run("DELETE FROM assessments_recommendation WHERE id = %s", row.pk)

    def test_open_and_late(self, zone: IntegrityZone) -> None:
        for state in RecommendationState.values:
            for days in (-1, 0):
                RecommendationFactory(zone=zone, state=state, due_on=TODAY + timedelta(days=days))
        RecommendationFactory(zone=zone, year=2025, due_on=date(2025, 1, 1))
        found = queries.open_recommendations(zone, 2026, TODAY)
        assert found == OpenRecommendations(count=6, late=3)
        assert queries.open_recommendations(zone, 2024, TODAY) == OpenRecommendations(0, 0)
        rows = Recommendation.objects.select_related("government")
        assert {row for row in rows if queries.is_late(row, TODAY)} == set(
            rows.filter(queries.late_on(TODAY))
        )

    def test_a_neutral_sample_is_never_late(self, zone: IntegrityZone) -> None:
        row = RecommendationFactory(zone=zone, due_on=date(2020, 1, 1), is_sample=True)
        assert not queries.is_late(row, TODAY)
        assert queries.open_recommendations(zone, 2026, TODAY).late == 0

    def test_who_sees_what(self, cast: Cast, zone: IntegrityZone) -> None:
        own = RecommendationFactory(zone=zone)
        other = RecommendationFactory(zone=IntegrityZoneFactory(unit=cast.other_unit))
        RecommendationFactory(zone=IntegrityZoneFactory(unit=cast.away_unit))

        def seen(by: Membership) -> set[Recommendation]:
            return set(queries.register(by, queries.RecommendationFilter(), TODAY))

        assert seen(cast[Role.SEKDA]) == {own, other}
        assert seen(cast[Role.OPD_OPERATOR]) == seen(cast[Role.TPN_REVIEWER]) == {own}
        assert seen(assigned(cast)) == {own, other}
        assert queries.recommendation(cast.away_offices[Role.SEKDA], own.pk) is None
