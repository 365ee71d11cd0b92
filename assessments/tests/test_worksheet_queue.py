"""Sheets that wait for a member of the TPI: exceptions first, passed on or approved together."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.actions.answers import Said, agree, save_answer
from assessments.actions.reviews import pass_worksheet
from assessments.actions.worksheet_items import return_item
from assessments.enums import Assessor, WorksheetState
from assessments.models import Answer, Worksheet, WorksheetApproval
from assessments.queries.worksheet_queue import my_turns
from assessments.tests.factories_worksheets import (
    NOW,
    fill,
    in_state,
    item,
    make_sheet,
)
from opd.enums import Role
from opd.models import Membership
from opd.tests.factories import MembershipFactory, UnitFactory
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db


def at_inspektur(sheet: Worksheet, team: dict[str, Membership]) -> Worksheet:
    agree(sheet=sheet, items=list(sheet.items.all()), by=team["anggota"], now=NOW)
    for tier in ("anggota", "ketua"):
        sheet = pass_worksheet(sheet=sheet, up=True, note="", by=team[tier], now=NOW)
    return sheet


def another(cast: Cast, like: Worksheet) -> Worksheet:
    """A second sheet before the Inspektur, of another unit, scored as the unit did."""
    unit = UnitFactory(government=cast.home)
    sheet = make_sheet(cast, unit)
    fill(sheet, MembershipFactory(government=cast.home, unit=unit, role=Role.OPD_OPERATOR))
    by = like.steps.filter(name="pass_up").first().membership
    Answer.objects.bulk_create(
        Answer(
            government=cast.home,
            item=row.item,
            assessor=Assessor.TPI,
            option=row.option,
            counts=row.counts,
            index=row.index,
            changed_by=by,
            changed_at=NOW,
        )
        for row in Answer.objects.filter(item__worksheet=sheet).select_related("item")
    )
    return in_state(sheet, "submitted", "inspektur")


def ticks(*rows: Any) -> list[str]:
    return [f"{row.sheet.pk}:{row.weighed.stamp}" for row in rows]


def take(client: Client, values: list[str]) -> str:
    """The page after the step, in English."""
    client.cookies["django_language"] = "en"
    answer = client.post(
        reverse("assessments:worksheet_queue_take"), {"sheets": values}, follow=True
    )
    return str(answer.content.decode())


class TestTurns:
    def test_only_what_is_with_my_tier(self, sent: Worksheet, team: dict[str, Membership]) -> None:
        assert [row.sheet.pk for row in my_turns(team["anggota"], NOW.date())] == [sent.pk]
        assert my_turns(team["inspektur"], NOW.date()) == []
        at_inspektur(sent, team)
        assert my_turns(team["anggota"], NOW.date()) == []
        (row,) = my_turns(team["inspektur"], NOW.date())
        assert (row.step, row.next_tier) == ("approve", "")

    def test_what_keeps_a_sheet_comes_first(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        (row,) = my_turns(team["anggota"], NOW.date())
        assert len(row.weighed.unscored) == 111
        assert row.step == "pass_up"
        first = at_inspektur(sent, team)
        second = another(cast, first)
        Answer.objects.filter(
            item__worksheet=second, item__code="A.I.1.i.a", assessor="tpi"
        ).update(option="Tidak")
        rows = my_turns(team["inspektur"], NOW.date())
        assert [each.sheet.pk for each in rows] == [second.pk, first.pk]
        assert rows[0].weighed.silent == ["A.I.1.i.a"]
        assert not rows[0].weighed.is_ready
        assert rows[1].weighed.is_ready

    def test_questions_open_to_the_unit_keep_it(
        self, sent: Worksheet, team: dict[str, Membership]
    ) -> None:

        agree(sheet=sent, items=list(sent.items.all()), by=team["anggota"], now=NOW)
        return_item(
            item=item(sent, "A.I.1.i.a"),
            text="Mohon",
            form_key=uuid4(),
            by=team["anggota"],
            now=NOW,
        )
        (row,) = my_turns(team["anggota"], NOW.date())
        assert row.weighed.still_open == ["A.I.1.i.a"]

    def test_it_costs_the_same_for_one_and_for_three(
        self, cast: Cast, sent: Worksheet, team: dict[str, Membership]
    ) -> None:
        first = at_inspektur(sent, team)

        def cost() -> int:
            with CaptureQueriesContext(connection) as found:
                my_turns(team["inspektur"], NOW.date())
            return len(found)

        alone = cost()
        another(cast, first)
        another(cast, first)
        assert cost() == alone <= 10


class TestTaking:
    def test_ticked_sheets_are_approved_together(
        self,
        cast: Cast,
        sent: Worksheet,
        team: dict[str, Membership],
        client_as: Callable[[Membership], Client],
    ) -> None:
        first = at_inspektur(sent, team)
        second = another(cast, first)
        found = take(client_as(team["inspektur"]), ticks(*my_turns(team["inspektur"], NOW.date())))
        assert "2 work-sheets went on." in found
        states = Worksheet.objects.filter(pk__in=[first.pk, second.pk])
        assert set(states.values_list("state", flat=True)) == {WorksheetState.APPROVED}
        assert WorksheetApproval.objects.count() == 2

    def test_what_changed_meanwhile_stays_and_keeps_no_other(
        self,
        cast: Cast,
        sent: Worksheet,
        team: dict[str, Membership],
        client_as: Callable[[Membership], Client],
    ) -> None:
        first = at_inspektur(sent, team)
        second = another(cast, first)
        seen = ticks(*my_turns(team["inspektur"], NOW.date()))
        save_answer(
            item=item(second, "A.I.1.i.a"),
            assessor=Assessor.TPI,
            said=Said(option="Tidak", reason="Dokumen belum ditandatangani."),
            version=1,
            by=team["inspektur"],
            now=NOW,
        )
        found = take(client_as(team["inspektur"]), seen)
        assert "changed while you looked" in found
        assert "1 work-sheet went on." in found
        second.refresh_from_db()
        assert second.state == WorksheetState.SUBMITTED

    def test_others_and_nonsense_take_nothing(
        self,
        sent: Worksheet,
        team: dict[str, Membership],
        client_as: Callable[[Membership], Client],
    ) -> None:
        at_inspektur(sent, team)
        seen = ticks(*my_turns(team["inspektur"], NOW.date()))
        assert "is not with you" in take(client_as(team["ketua"]), seen)
        assert "is not with you" in take(client_as(team["inspektur"]), ["x:y"])
        assert "Tick at least one" in take(client_as(team["inspektur"]), [])
        sent.refresh_from_db()
        assert sent.state == WorksheetState.SUBMITTED

    def test_a_tier_passes_on_and_the_page_says_to_whom(
        self,
        sent: Worksheet,
        team: dict[str, Membership],
        client_as: Callable[[Membership], Client],
    ) -> None:
        agree(sheet=sent, items=list(sent.items.all()), by=team["anggota"], now=NOW)
        client = client_as(team["anggota"])
        page = client.get(reverse("assessments:worksheet_queue")).content.decode()
        assert "Teruskan ke Ketua tim" in page
        take(client, ticks(*my_turns(team["anggota"], NOW.date())))
        sent.refresh_from_db()
        assert sent.tier == "ketua"
