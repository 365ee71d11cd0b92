"""A sheet that is being filled goes on under a newer edition of its instrument."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from assessments.actions.answers import Said, save_answer
from assessments.actions.worksheets import assign_items, move_worksheet, open_worksheet
from assessments.enums import Assessor, ItemMark, WorksheetState
from assessments.models import Worksheet
from assessments.queries.worksheet_lists import worksheet_list
from assessments.tests.factories_worksheets import (
    NOW,
    YEAR,
    edition,
    in_state,
    item,
    make_sheet,
    second_edition,
)
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.models import Membership
from opd.tests.fixtures import Cast
from opd.transitions import StepRefused

pytestmark = pytest.mark.django_db

CHANGED, GONE = "A.I.1.i.a", "A.I.1.ii.a"


def moved(sheet: Worksheet, by: Membership) -> Worksheet:
    return move_worksheet(sheet=sheet, edition=second_edition(), by=by, now=NOW)


def test_only_answers_whose_question_changed_are_to_be_reviewed(
    cast: Cast, filled: Worksheet
) -> None:
    fresh = moved(filled, cast[Role.OPD_OPERATOR])
    marked = set(fresh.items.filter(mark=ItemMark.CARRIED).values_list("code", flat=True))
    siblings = set(fresh.items.filter(sub_aspect="A.I.1.ii").values_list("code", flat=True))
    assert marked == {CHANGED} | siblings
    assert GONE not in set(fresh.items.values_list("code", flat=True))
    assert fresh.scores.get(assessor=Assessor.UNIT).answered == 112
    assert LedgerEntry.objects.filter(verb="worksheet.moved").count() == 1


def test_what_was_still_to_be_reviewed_stays_so(cast: Cast, filled: Worksheet) -> None:
    filled.items.filter(code="B.I.1.a").update(mark=ItemMark.CARRIED)
    filled.items.filter(code="A.II.1.i.a").update(mark=ItemMark.CARRIED)
    fresh = moved(filled, cast[Role.OPD_OPERATOR])
    assert item(fresh, "A.II.1.i.a").mark == ItemMark.CARRIED


def test_shares_and_effort_come_along(cast: Cast) -> None:
    sheet = make_sheet(cast)
    sheet.items.filter(code="A.II.1.i.a").update(effort=7)
    operator = cast[Role.OPD_OPERATOR]
    assign_items(
        sheet=sheet,
        codes=["A.II.1.i.a"],
        assignee=operator,
        due_on=date(2026, 5, 4),
        by=operator,
        now=NOW,
    )
    row = item(moved(sheet, operator), "A.II.1.i.a")
    assert (row.effort, row.assignee, row.due_on) == (7, operator, date(2026, 5, 4))


def test_the_old_sheet_stays_to_read_and_is_closed(cast: Cast, filled: Worksheet) -> None:
    operator = cast[Role.OPD_OPERATOR]
    fresh = moved(filled, operator)
    filled.refresh_from_db()
    assert filled.state == WorksheetState.REPLACED
    assert filled.items.count() == 113
    with pytest.raises(PermissionDenied):
        save_answer(
            item=item(filled, "A.II.1.i.a"),
            assessor=Assessor.UNIT,
            said=Said(option="Tidak"),
            version=1,
            by=operator,
            now=NOW,
        )
    assert [row.sheet.pk for row in worksheet_list(operator, YEAR)] == [fresh.pk]
    again = open_worksheet(zone=filled.zone, year=YEAR, edition=edition(), by=operator, now=NOW)
    assert again.pk == fresh.pk


def test_only_what_the_unit_still_fills_moves(cast: Cast, filled: Worksheet) -> None:
    for state, tier in (("submitted", "ketua"), ("returned", ""), ("approved", "")):
        sheet = in_state(filled, state, tier)
        with pytest.raises(StepRefused):
            moved(sheet, cast[Role.OPD_OPERATOR])
    assert Worksheet.objects.count() == 1


def test_twice_and_by_others(cast: Cast, filled: Worksheet) -> None:
    with pytest.raises(PermissionDenied):
        moved(filled, cast[Role.INSPECTORATE])
    with pytest.raises(StepRefused, match="sudah memakai"):
        move_worksheet(sheet=filled, edition=filled.instrument, by=cast[Role.OPD_OPERATOR], now=NOW)
    moved(filled, cast[Role.ZI_SECRETARIAT])
    with pytest.raises(StepRefused):
        moved(filled, cast[Role.OPD_OPERATOR])


def test_the_page_says_what_changes_and_the_sheet_leads_to_it(
    cast: Cast, filled: Worksheet, client_as: Callable[[Membership], Client]
) -> None:
    operator = client_as(cast[Role.OPD_OPERATOR])
    operator.cookies["django_language"] = "en"
    tree = reverse("assessments:worksheet", args=[filled.pk])
    page = reverse("assessments:worksheet_edition", args=[filled.pk])
    assert page not in operator.get(tree).content.decode()
    assert operator.get(page).status_code == 404
    second_edition()
    assert page in operator.get(tree).content.decode()
    found = operator.get(page).content.decode()
    assert CHANGED in found
    assert GONE in found
    assert "no longer asked" in found
    answer = operator.post(page)
    fresh = Worksheet.objects.get(copied_from=filled)
    assert answer.url == reverse("assessments:worksheet", args=[fresh.pk])
    assert answer.url in operator.get(tree).content.decode()
    assert operator.post(page).status_code == 404
