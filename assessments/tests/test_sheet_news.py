"""Unit and TPI are told whose turn a work-sheet is and what came back; nobody is told twice."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from assessments.actions.answers import agree
from assessments.actions.reviews import (
    approve_worksheet,
    pass_worksheet,
    return_worksheet,
    withdraw_worksheet,
)
from assessments.actions.worksheet_items import repair_item, return_item, unlock_item
from assessments.models import Worksheet
from assessments.tests.factories_worksheets import NOW, in_state, item
from opd.enums import Role
from opd.models import InboxItem, Membership
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db


def standing(sentence: str) -> set[Any]:
    """To whom it stands open: offices, or roles of the unit."""
    rows = InboxItem.objects.filter(sentence=f"worksheet.{sentence}", settled_at=None)
    return {row.membership_id or row.role for row in rows}


def returned(sheet: Worksheet, by: Membership) -> Worksheet:
    row = item(sheet, "A.I.1.i.a")
    return_item(item=row, text="Mohon", form_key=uuid4(), by=by, now=NOW)
    return return_worksheet(sheet=sheet, note="", by=by, now=NOW)


def test_the_tier_whose_turn_it_is_and_then_the_next(
    sent: Worksheet, team: dict[str, Membership]
) -> None:
    assert standing("waits") == {team["anggota"].pk}
    agree(sheet=sent, items=list(sent.items.all()), by=team["anggota"], now=NOW)
    sheet = pass_worksheet(sheet=sent, up=True, note="", by=team["anggota"], now=NOW)
    assert standing("waits") == {team["ketua"].pk}
    sheet = pass_worksheet(sheet=sheet, up=True, note="", by=team["ketua"], now=NOW)
    approve_worksheet(sheet=sheet, by=team["inspektur"], now=NOW)
    assert standing("waits") == set()
    assert standing("approved") == {Role.OPD_OPERATOR, Role.OPD_HEAD}


def test_taken_back_nobody_waits(cast: Cast, sent: Worksheet) -> None:
    withdraw_worksheet(sheet=sent, by=cast[Role.OPD_HEAD], now=NOW)
    assert standing("waits") == set()


def test_a_return_is_told_to_operator_and_head(
    cast: Cast, sent: Worksheet, team: dict[str, Membership]
) -> None:
    sheet = returned(sent, team["anggota"])
    assert standing("returned") == {Role.OPD_OPERATOR, Role.OPD_HEAD}
    repair_item(
        item=item(sheet, "A.I.1.i.a"),
        text="Sudah",
        form_key=uuid4(),
        by=cast[Role.OPD_OPERATOR],
        now=NOW,
    )
    assert standing("returned") == set()


def test_opened_while_approved_and_handed_back(
    cast: Cast, sent: Worksheet, team: dict[str, Membership]
) -> None:
    sheet = in_state(sent, "approved")
    for code in ("A.I.1.i.a", "A.I.1.i.b"):
        unlock_item(
            item=item(sheet, code), text="Mohon", form_key=uuid4(), by=team["inspektur"], now=NOW
        )
    assert InboxItem.objects.filter(sentence="worksheet.opened").count() == 2
    repair_item(
        item=item(sheet, "A.I.1.i.a"),
        text="Sudah",
        form_key=uuid4(),
        by=cast[Role.OPD_OPERATOR],
        now=NOW + timedelta(hours=1),
    )
    assert standing("opened") == {Role.OPD_OPERATOR, Role.OPD_HEAD}
    assert team["inspektur"].pk in standing("repaired")
