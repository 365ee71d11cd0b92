"""What was returned finds the unit, and the unit its way back; what moved after an approval shows."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.actions.answers import Said, save_answer
from assessments.actions.worksheet_items import repair_item, return_item, settle_item, unlock_item
from assessments.actions.worksheets import assign_items
from assessments.enums import Assessor, ItemMark
from assessments.models import Worksheet
from assessments.queries.worksheet_changes import touched_since_approval
from assessments.queries.worksheet_tasks import my_items, returned_sheets
from assessments.tests.factories_worksheets import (
    NOW,
    approval_of,
    in_state,
    item,
    make_sheet,
    tpi_member,
)
from opd.enums import Role, TpiFunction
from opd.models import Membership
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db
CODE = "A.I.1.i.a"
LATER = NOW + timedelta(days=1)


def url(name: str, sheet: Worksheet, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=[sheet.pk, *args])


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        page(client, address)
    return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)


@pytest.fixture
def returned(cast: Cast, sent: Worksheet, team: dict[str, Membership]) -> Worksheet:
    return_item(
        item=item(sent, CODE),
        text="Nomor SK keliru",
        form_key=uuid4(),
        by=team["anggota"],
        now=NOW,
    )
    return sent


@pytest.fixture
def approved(cast: Cast, filled: Worksheet) -> Worksheet:
    tpi_member(filled, TpiFunction.ANGGOTA)
    sheet = in_state(filled, "approved")
    approval_of(sheet)
    return sheet


class TestTasks:
    def test_what_nobody_was_asked_waits_for_operator_and_head(
        self, cast: Cast, returned: Worksheet, client_as: Any
    ) -> None:
        for role in (Role.OPD_OPERATOR, Role.OPD_HEAD):
            assert [row.code for row in my_items(cast[role])] == [CODE]
            text = page(client_as(cast[role]), reverse("assessments:worksheet_tasks"))
            assert f"A.I.1.i/#{CODE}" in text
        for role in (Role.ZI_SECRETARIAT, Role.INSPECTORATE, Role.LIAISON_OFFICER):
            assert my_items(cast[role]) == []
        stranger = MembershipFactory(
            government=cast.home, unit=cast.other_unit, role=Role.OPD_OPERATOR
        )
        assert my_items(stranger) == []
        assert returned_sheets(stranger) == []

    def test_what_somebody_was_asked_waits_for_him(self, cast: Cast, returned: Worksheet) -> None:
        head = cast[Role.OPD_HEAD]
        assign_items(sheet=returned, codes=[CODE], assignee=head, due_on=None, by=head, now=NOW)
        assert [row.code for row in my_items(head)] == [CODE]
        assert my_items(cast[Role.OPD_OPERATOR]) == []

    def test_nothing_of_a_zone_that_ended(self, cast: Cast, returned: Worksheet) -> None:
        type(returned.zone).objects.filter(pk=returned.zone_id).update(closed_on=NOW.date())
        assert my_items(cast[Role.OPD_OPERATOR]) == []
        assert returned_sheets(cast[Role.OPD_OPERATOR]) == []

    def test_the_list_says_how_many_wait_in_ten_queries(
        self, cast: Cast, returned: Worksheet, client_as: Any
    ) -> None:
        here = reverse("assessments:worksheets")
        for role in (Role.OPD_OPERATOR, Role.OPD_HEAD):
            client = client_as(cast[role])
            text = page(client, f"{here}?year=2020")
            assert "1 pertanyaan yang dikembalikan menunggu" in text
            assert url("worksheet", returned) + "?only=todo" in text
            assert asked(client, here) <= 10
        text = page(client_as(cast[Role.ZI_SECRETARIAT]), here)
        assert "yang dikembalikan menunggu" not in text
        assert "1 perlu diperbaiki" in text


class TestHandingBack:
    def test_the_part_shows_the_message_and_hands_back(
        self, cast: Cast, returned: Worksheet, client_as: Any
    ) -> None:
        client = client_as(cast[Role.OPD_OPERATOR])
        here = url("worksheet_part", returned, "A.I.1.i")
        text = page(client, here)
        step = url("worksheet_item_step", returned, CODE, "repair")
        assert "Nomor SK keliru" in text
        assert f'action="{step}"' in text
        assert "Sudah diperbaiki.</textarea>" in text
        assert client.post(step, {"text": "Sudah diperbaiki.", "form_key": uuid4()}).url
        assert item(returned, CODE).mark == ItemMark.REPAIRED
        after = page(client, here)
        assert "Nomor SK keliru" not in after
        assert step not in after

    def test_readers_see_the_message_and_hand_nothing_back(
        self, cast: Cast, returned: Worksheet, client_as: Any
    ) -> None:
        text = page(
            client_as(cast[Role.ZI_SECRETARIAT]), url("worksheet_part", returned, "A.I.1.i")
        )
        assert "Nomor SK keliru" in text
        assert "/repair/" not in text


class TestOnlyWhatIsToDo:
    def test_a_draft_shows_parts_with_open_questions(
        self, cast: Cast, filled: Worksheet, client_as: Any
    ) -> None:
        operator = cast[Role.OPD_OPERATOR]
        client = client_as(operator)
        here = url("worksheet", filled)
        assert "Hanya yang perlu dikerjakan: 0 bagian" in page(client, here)
        assert "Tidak ada lagi yang perlu dikerjakan" in page(client, f"{here}?only=todo")
        save_answer(
            item=item(filled, CODE),
            assessor=Assessor.UNIT,
            said=Said(note="kosong"),
            version=1,
            by=operator,
            now=NOW,
        )
        text = page(client, f"{here}?only=todo")
        assert "Hanya yang perlu dikerjakan: 1 bagian" in text
        assert url("worksheet_part", filled, "A.I.1.i") in text
        assert url("worksheet_part", filled, "A.I.1.ii") not in text
        assert asked(client, f"{here}?only=todo") <= 8

    def test_under_review_the_unit_sees_what_was_returned_the_tpi_what_it_has_not_scored(
        self, cast: Cast, returned: Worksheet, team: dict[str, Membership], client_as: Any
    ) -> None:
        here = f"{url('worksheet', returned)}?only=todo"
        assert "dikerjakan: 1 bagian" in page(client_as(cast[Role.OPD_OPERATOR]), here)
        parts = len(returned.instrument.instrument.sub_aspects)
        assert f"dikerjakan: {parts} bagian" in page(client_as(team["anggota"]), here)


class TestChangedSinceApproval:
    def touch(self, cast: Cast, sheet: Worksheet, now: datetime) -> None:
        row, operator = item(sheet, CODE), cast[Role.OPD_OPERATOR]
        inspector = cast[Role.INSPECTORATE]
        write = {"item": row, "form_key": uuid4(), "now": now}
        unlock_item(text="Buka", by=inspector, **write)
        save_answer(
            item=row,
            assessor=Assessor.UNIT,
            said=Said(option="Tidak"),
            version=1,
            by=operator,
            now=now,
        )
        repair_item(text="Sudah", by=operator, **{**write, "form_key": uuid4()})
        settle_item(item=row, by=inspector, now=now)

    def test_every_page_of_the_sheet_and_the_list_say_so(
        self, cast: Cast, approved: Worksheet, client_as: Any
    ) -> None:
        client = client_as(cast[Role.ZI_SECRETARIAT])
        pages = [
            url("worksheet", approved),
            url("worksheet_part", approved, "A.I.1.i"),
            url("worksheet_question", approved, CODE),
            url("worksheet_result", approved),
            url("worksheet_minutes", approved),
            url("worksheet_tpn", approved),
        ]
        sentence = "1 pertanyaan dibuka atau berubah sejak disetujui"
        for here in pages:
            assert sentence not in page(client, here), here
        self.touch(cast, approved, LATER)
        for here in pages:
            assert sentence in page(client, here), here
        assert sentence not in page(client, url("worksheet_review", approved))
        assert "Berubah sejak disetujui" in page(client, reverse("assessments:worksheets"))

    def test_the_tree_keeps_to_eight_queries_and_the_list_to_ten(
        self, cast: Cast, approved: Worksheet, client_as: Any
    ) -> None:
        self.touch(cast, approved, LATER)
        for role in (Role.OPD_OPERATOR, Role.INSPECTORATE, Role.ZI_SECRETARIAT, Role.TPN_REVIEWER):
            client = client_as(cast[role])
            assert asked(client, url("worksheet", approved)) <= 8, role
            assert asked(client, reverse("assessments:worksheets")) <= 10, role

    def test_only_what_came_after_the_last_approval(self, cast: Cast, approved: Worksheet) -> None:
        self.touch(cast, approved, NOW)
        assert touched_since_approval([approved]) == {}
        draft = make_sheet(cast, cast.other_unit)
        assert touched_since_approval([draft]) == {}
