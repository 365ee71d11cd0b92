"""Who can take up a tier of a review: nobody who belongs to the unit, and never nobody at all."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assessments.actions.answers import Said, agree, save_answer
from assessments.actions.reviews import approve_worksheet, pass_worksheet, submit_worksheet
from assessments.actions.worksheet_items import unlock_item, write_message
from assessments.enums import Assessor, Audience
from assessments.models import Answer, IntegrityZone, Worksheet
from assessments.queries.tiers import holders, is_turn_of, tiers_of
from assessments.queries.worksheet_pages import reads_assessors
from assessments.queries.worksheet_question import thread_of
from assessments.queries.worksheets import sheet_of
from assessments.tests.factories_worksheets import NOW, in_state, item, make_sheet, tpi_member
from opd.enums import IdentifierKind, Role, TpiFunction, UnitKind
from opd.models import LoginIdentifier, Membership, TpiAssignment
from opd.queries.people import own_units, units_by_user
from opd.tests.factories import MembershipFactory, UnitFactory
from opd.tests.factories_services import EmployeePostFactory
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def score(row: Any, by: Membership, **values: Any) -> Any:
    return save_answer(
        item=row, assessor=Assessor.TPI, said=Said(**values), version=0, by=by, now=NOW
    )


class TestWhoBelongs:
    def test_a_former_officer_of_the_unit_assesses_nothing_that_year(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        former = tpi_member(sent, TpiFunction.ANGGOTA)
        MembershipFactory(
            user=former.user,
            government=cast.home,
            unit=cast.unit,
            role=Role.OPD_OPERATOR,
            valid_from=date(2025, 1, 1),
            valid_to=date(2026, 3, 1),
        )
        with pytest.raises(PermissionDenied):
            score(item(sent, "A.I.1.i.a"), former, option="Ya")
        with pytest.raises(IntegrityError, match="nobody assesses"), transaction.atomic():
            Answer.objects.create(
                government=cast.home,
                item=item(sent, "A.I.1.i.a"),
                assessor=Assessor.TPI,
                option="Ya",
                changed_by=former,
                changed_at=NOW,
            )

    def test_an_office_of_the_year_before_does_not_count(self, cast: Cast, sent: Worksheet) -> None:
        former = tpi_member(sent, TpiFunction.ANGGOTA)
        MembershipFactory(
            user=former.user,
            government=cast.home,
            unit=cast.unit,
            role=Role.OPD_OPERATOR,
            valid_from=date(2024, 1, 1),
            valid_to=date(2025, 12, 31),
        )
        assert tiers_of(former, sent, TODAY)

    def test_a_tier_held_only_by_the_units_own_people_is_passed_over(
        self, cast: Cast, filled: Worksheet
    ) -> None:
        own = tpi_member(filled, TpiFunction.KETUA)
        TpiAssignment.objects.filter(membership=own).delete()
        MembershipFactory(
            user=own.user, government=cast.home, unit=cast.unit, role=Role.OPD_OPERATOR
        )
        member = tpi_member(filled, TpiFunction.ANGGOTA)
        MembershipFactory(
            government=cast.home, unit=None, role=Role.INSPECTORATE, title="Inspektur"
        )
        assert holders(filled, TODAY) == {"anggota", "inspektur"}
        sheet = submit_worksheet(sheet=filled, by=cast[Role.OPD_HEAD], now=NOW)
        agree(sheet=sheet, items=list(sheet.items.all()), by=member, now=NOW)
        assert pass_worksheet(sheet=sheet, up=True, note="", by=member, now=NOW).tier == "inspektur"

    def test_without_anybody_the_head_is_told(self, cast: Cast, filled: Worksheet) -> None:
        Membership.objects.filter(role=Role.INSPECTORATE).update(title="Auditor")
        with pytest.raises(StepRefused, match="sekretariat ZI"):
            submit_worksheet(sheet=filled, by=cast[Role.OPD_HEAD], now=NOW)


class TestTurns:
    def test_when_the_tier_is_empty_the_next_one_takes_over(
        self, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        assert not is_turn_of(team["ketua"], sent, TODAY)
        yesterday = TODAY - timedelta(days=1)
        Membership.objects.filter(user=team["anggota"].user).update(valid_to=yesterday)
        assert is_turn_of(team["ketua"], sent, TODAY)
        score(item(sent, "A.I.1.i.a"), team["ketua"], option="Ya")

    def test_the_lowest_tier_does_not_open_what_was_approved(
        self, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        sheet = in_state(sent, "approved")
        more = {"item": item(sheet, "A.I.1.i.a"), "text": "Mohon", "now": NOW}
        with pytest.raises(PermissionDenied):
            unlock_item(form_key=uuid4(), by=team["anggota"], **more)
        unlock_item(form_key=uuid4(), by=team["inspektur"], **more)


class TestAlone:
    def test_one_person_does_not_score_and_approve(self, cast: Cast, filled: Worksheet) -> None:
        Membership.objects.filter(role=Role.INSPECTORATE).update(title="Auditor")
        inspektur = MembershipFactory(
            government=cast.home, unit=None, role=Role.INSPECTORATE, title="Inspektur"
        )
        sheet = submit_worksheet(sheet=filled, by=cast[Role.OPD_HEAD], now=NOW)
        assert sheet.tier == "inspektur"
        agree(sheet=sheet, items=list(sheet.items.all()), by=inspektur, now=NOW)
        with pytest.raises(StepRefused, match="sendiri"):
            approve_worksheet(sheet=sheet, by=inspektur, now=NOW)
        with pytest.raises(IntegrityError, match="one person"), transaction.atomic():
            Worksheet.objects.filter(pk=sheet.pk).update(
                state="approved", tier="", approved_by=inspektur
            )

    def test_what_another_one_passed_on_is_approved(self, cast: Cast, filled: Worksheet) -> None:
        ketua = tpi_member(filled, TpiFunction.KETUA)
        inspektur = MembershipFactory(
            government=cast.home, unit=None, role=Role.INSPECTORATE, title="Inspektur"
        )
        sheet = submit_worksheet(sheet=filled, by=cast[Role.OPD_HEAD], now=NOW)
        agree(sheet=sheet, items=list(sheet.items.all()), by=ketua, now=NOW)
        sheet = pass_worksheet(sheet=sheet, up=True, note="", by=ketua, now=NOW)
        assert approve_worksheet(sheet=sheet, by=inspektur, now=NOW).state == "approved"


class TestPeopleFromElsewhere:
    @pytest.fixture
    def ketua(self, cast: Cast, sent: Worksheet) -> Membership:
        """An operator of another unit who leads the team, assigned to no unit."""
        unit = UnitFactory(government=cast.home)
        TpiAssignment.objects.filter(unit=sent.zone.unit).exclude(
            membership__tpi_functions__function="anggota"
        ).delete()
        row = sent.government.tpi_teams.get().members.get(function=TpiFunction.KETUA)
        row.membership = MembershipFactory(
            government=cast.home, unit=unit, role=Role.OPD_OPERATOR, title="Pengolah data"
        )
        row.save()
        return row.membership

    def test_who_leads_the_team_opens_every_sheet_of_its_year(
        self,
        sent: Worksheet,
        team: dict[str, Membership],
        ketua: Membership,
        client_as: Callable[[Membership], Client],
    ) -> None:
        assert sheet_of(ketua, sent.pk) is not None
        client = client_as(ketua)
        for name in ("worksheet", "worksheet_review", "worksheet_queue"):
            args = [] if name == "worksheet_queue" else [sent.pk]
            assert client.get(reverse(f"assessments:{name}", args=args)).status_code == 200
        outsider = MembershipFactory(
            government=sent.government,
            unit=UnitFactory(government=sent.government),
            role=Role.OPD_OPERATOR,
        )
        assert sheet_of(outsider, sent.pk) is None

    def test_last_years_sheet_stays_open_to_its_assessor(self, cast: Cast, sent: Worksheet) -> None:
        unit = UnitFactory(government=cast.home)
        assessor = MembershipFactory(government=cast.home, unit=unit, role=Role.OPD_OPERATOR)
        last = make_sheet(cast, cast.unit, 2024, zone=IntegrityZone.objects.get(pk=sent.zone_id))
        TpiAssignment.objects.create(
            government=cast.home, membership=assessor, unit=cast.unit, year=2024
        )
        assert sheet_of(assessor, last.pk) is not None
        assert sheet_of(assessor, sent.pk) is None

    def test_he_reads_what_assessors_say_and_the_unit_does_not(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership], ketua: Membership
    ) -> None:
        row = item(sent, "A.I.1.i.a")
        write_message(
            item=row,
            text="Antara kita",
            audience=Audience.ASSESSORS,
            form_key=uuid4(),
            by=team["anggota"],
            now=NOW,
        )
        assert [each.text for each in thread_of(row, reads_assessors(ketua, sent))] == [
            "Antara kita"
        ]
        assert thread_of(row, reads_assessors(cast[Role.OPD_OPERATOR], sent)) == []
        assert thread_of(row, reads_assessors(cast[Role.TPN_REVIEWER], sent)) == []


def test_a_zone_that_ended_is_scored_no_more(sent: Worksheet, team: dict[str, Membership]) -> None:
    IntegrityZone.objects.filter(pk=sent.zone_id).update(closed_on=TODAY)
    with pytest.raises(StepRefused, match="berakhir"):
        score(item(sent, "A.I.1.i.a"), team["anggota"], option="Ya")


def test_one_person_and_many_belong_by_the_same_rule(cast: Cast) -> None:
    """By offices that stand and that ended, by the seat of a central office, by the roster."""
    ended = MembershipFactory(
        government=cast.home,
        unit=cast.unit,
        role=Role.OPD_OPERATOR,
        valid_from=date(2025, 1, 1),
        valid_to=date(2026, 2, 1),
    )
    people = [ended, *(cast[role] for role in (Role.INSPECTORATE, Role.OPD_HEAD, Role.SEKDA))]
    UnitFactory(government=cast.home, kind=UnitKind.INSPEKTORAT, name="Inspektorat")
    post = EmployeePostFactory(unit=cast.other_unit)
    LoginIdentifier.objects.create(
        user=people[2].user, kind=IdentifierKind.NIP, value=post.employee.nip
    )
    offices = list(
        Membership.objects.filter(user__in=[each.user for each in people]).select_related("unit")
    )
    for since in (date(2026, 1, 1), date(2026, 3, 1)):
        many = units_by_user(offices, cast.home.pk, since=since)
        for each in people:
            one = {unit.pk for unit in own_units(each.user_id, today=since)}
            assert {unit.pk for unit in many[each.user_id]} == one
    assert cast.other_unit in many[people[2].user_id]
