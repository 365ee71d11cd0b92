"""A sheet over the years, its shares and reminders, and the threads of its questions."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assessments.actions.answers import Said, save_answer
from assessments.actions.reviews import submit_worksheet
from assessments.actions.worksheet_items import return_item, write_message
from assessments.actions.worksheets import assign_items, confirm_carried, open_worksheet
from assessments.enums import Assessor, Audience, ItemMark, ZoneStage
from assessments.models import Answer, Worksheet
from assessments.queries.calendar_links import due_questions
from assessments.tests.factories import IntegrityZoneFactory
from assessments.tests.factories_worksheets import (
    NOW,
    edition,
    item,
    make_sheet,
)
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db


class TestYears:
    def test_last_years_answers_come_to_be_reviewed(self, cast: Cast, filled: Worksheet) -> None:
        operator = cast[Role.OPD_OPERATOR]
        sheet = open_worksheet(
            zone=filled.zone,
            year=2027,
            edition=edition(),
            by=operator,
            now=NOW,
            copied_from=filled,
        )
        assert sheet.items.filter(mark=ItemMark.CARRIED).count() == 111
        with pytest.raises(StepRefused) as refused:
            submit_worksheet(sheet=sheet, by=cast[Role.OPD_HEAD], now=NOW)
        assert len(refused.value.missing) == 43
        confirm_carried(item=item(sheet, "A.I.1.i.a"), by=operator)
        save_answer(
            item=item(sheet, "A.I.1.i.b"),
            assessor=Assessor.UNIT,
            said=Said(option="B"),
            version=1,
            by=operator,
            now=NOW,
        )
        assert sheet.items.filter(mark=ItemMark.CARRIED).count() == 109

    def test_an_index_of_last_year_is_entered_anew(self, cast: Cast, filled: Worksheet) -> None:
        sheet = make_sheet(cast, year=2027, copied_from=filled)
        carried = Answer.objects.filter(item__worksheet=sheet)
        assert carried.count() == 111
        assert not carried.exclude(index=None).exists()
        assert sheet.scores.get().answered == 111
        assert sheet.scores.get().total < filled.scores.get().total

    def test_once_a_year(self, cast: Cast, filled: Worksheet) -> None:
        again = open_worksheet(
            zone=filled.zone, year=2026, edition=edition(), by=cast[Role.OPD_OPERATOR], now=NOW
        )
        assert again.pk == filled.pk

    @pytest.mark.parametrize(
        ("stage", "year", "sentence"),
        [
            (ZoneStage.COMMITTED, 2026, "dicanangkan"),
            (ZoneStage.BUILDING, 2028, "terlalu jauh"),
            (ZoneStage.BUILDING, 2019, "tidak berlaku"),
        ],
    )
    def test_refused(self, stage: str, year: int, sentence: str, cast: Cast) -> None:
        zone = IntegrityZoneFactory(unit=cast.unit, stage=stage)
        with pytest.raises(StepRefused, match=sentence):
            open_worksheet(zone=zone, year=year, edition=edition(), by=cast[Role.OPD_HEAD], now=NOW)

    def test_shared_out_to_people_of_the_unit(self, cast: Cast, filled: Worksheet) -> None:
        share = {"sheet": filled, "codes": ["A.I.1.i.a"], "by": cast[Role.OPD_HEAD], "now": NOW}
        operator = cast[Role.OPD_OPERATOR]
        assert assign_items(assignee=operator, due_on=date(2026, 5, 1), **share) == 1
        with pytest.raises(StepRefused, match="operator atau kepala"):
            assign_items(assignee=cast[Role.PLANNER], due_on=None, **share)
        with pytest.raises(StepRefused, match="sudah lewat"):
            assign_items(assignee=operator, due_on=date(2026, 4, 1), **share)
        assert LedgerEntry.objects.filter(verb="worksheet.shared_out").count() == 1


class TestReminders:
    def test_the_soonest_open_day_of_a_sheet_is_the_units_own_affair(
        self, cast: Cast, client_as: Any
    ) -> None:
        sheet, operator = make_sheet(cast), cast[Role.OPD_OPERATOR]
        for code, day in (("A.I.1.i.a", 20), ("A.I.1.i.b", 15)):
            assign_items(
                sheet=sheet,
                codes=[code],
                assignee=operator,
                due_on=date(2026, 4, day),
                by=cast[Role.OPD_HEAD],
                now=NOW,
            )
        [due] = due_questions(cast.home, NOW.date())
        assert (due.link_id, due.due_on, due.escalate_after) == (
            str(sheet.pk),
            date(2026, 4, 15),
            None,
        )
        assert {owner.unit_id for owner in due.owners} == {cast.unit.pk}
        save_answer(
            item=item(sheet, "A.I.1.i.b"),
            assessor=Assessor.UNIT,
            said=Said(option="A"),
            version=0,
            by=operator,
            now=NOW,
        )
        [later] = due_questions(cast.home, NOW.date())
        assert later.due_on == date(2026, 4, 20)

    def test_a_returned_question_reminds(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        operator = cast[Role.OPD_OPERATOR]
        share = {"assignee": operator, "due_on": date(2026, 4, 20), "by": operator, "now": NOW}
        assign_items(sheet=sent, codes=["A.I.1.i.a"], **share)
        assert list(due_questions(cast.home, NOW.date())) == []
        returned = {"item": item(sent, "A.I.1.i.a"), "text": "Perbaiki", "form_key": uuid4()}
        return_item(by=team["anggota"], now=NOW, **returned)
        [due] = due_questions(cast.home, NOW.date())
        assert due.due_on == date(2026, 4, 20)


class TestThread:
    def test_between_assessors_the_unit_reads_nothing(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership], client_as: Any
    ) -> None:
        row = item(sent, "A.I.1.i.a")
        write = {"item": row, "by": team["anggota"], "now": NOW}
        write_message(text="Ragu", audience=Audience.ASSESSORS, form_key=uuid4(), **write)
        write_message(text="Jelas", audience=Audience.EVERYBODY, form_key=uuid4(), **write)
        page = reverse("assessments:worksheet_question", args=[sent.pk, row.code])
        unit = client_as(cast[Role.OPD_HEAD]).get(page).content.decode()
        assert "Jelas" in unit
        assert "Ragu" not in unit
        assert "Ragu" in client_as(cast[Role.INSPECTORATE]).get(page).content.decode()

    def test_a_unit_hides_nothing(self, cast: Cast, sent: Worksheet) -> None:
        message = write_message(
            item=item(sent, "A.I.1.i.a"),
            text="Baik",
            audience=Audience.ASSESSORS,
            form_key=uuid4(),
            by=cast[Role.OPD_OPERATOR],
            now=NOW,
        )
        assert (message.audience, message.side) == ("everybody", "unit")

    def test_strangers_do_not_write(self, cast: Cast, sent: Worksheet) -> None:
        with pytest.raises(PermissionDenied):
            write_message(
                item=item(sent, "A.I.1.i.a"),
                text="Halo",
                audience=Audience.EVERYBODY,
                form_key=uuid4(),
                by=cast.away_offices[Role.INSPECTORATE],
                now=NOW,
            )
