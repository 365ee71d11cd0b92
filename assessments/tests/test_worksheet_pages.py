"""The screens of a work-sheet: tree, part, saving with and without script, conflicts, sharing."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.actions.answers import Said, save_answer
from assessments.enums import Assessor, WorksheetState
from assessments.models import Answer, Worksheet, WorksheetItem, WorksheetScore
from assessments.tests.factories_worksheets import NOW, in_state, item, make_sheet, tpi_member
from opd.enums import Role, TpiFunction
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(cast: Cast) -> Worksheet:
    return make_sheet(cast)


@pytest.fixture
def captured_queries() -> Any:
    return lambda: CaptureQueriesContext(connection)


@pytest.fixture
def operator(cast: Cast, client_as: Any) -> Client:
    return client_as(cast[Role.OPD_OPERATOR])


def url(name: str, sheet: Worksheet, *args: Any) -> str:
    return reverse(f"assessments:{name}", args=[sheet.pk, *args])


def save(item: WorksheetItem, by: Any, version: int = 0, **said: Any) -> Any:
    return save_answer(
        item=item, assessor=Assessor.UNIT, said=Said(**said), version=version, by=by, now=NOW
    )


def queries(client: Client, page: str, capture: Any) -> int:
    client.get(page)
    with capture() as captured:
        assert client.get(page).status_code == 200
    return sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries)


class TestTree:
    def test_eight_queries_whatever_the_answers(
        self, cast: Cast, sheet: Worksheet, operator: Client, captured_queries: Any
    ) -> None:
        few = queries(operator, url("worksheet", sheet), captured_queries)
        for row in sheet.items.filter(code__startswith="A.I.1"):
            option = next(iter(sheet.instrument.instrument.questions[row.code].scale.options))
            save(row, cast[Role.OPD_OPERATOR], option=option)
        assert queries(operator, url("worksheet", sheet), captured_queries) == few <= 8

    def test_it_says_what_is_done_and_at_stake(
        self, cast: Cast, sheet: Worksheet, operator: Client
    ) -> None:
        save(item(sheet, "A.I.1.i.a"), cast[Role.OPD_OPERATOR], option="Ya")
        text = operator.get(url("worksheet", sheet)).content.decode()
        assert "1 dari 113" in text
        assert ">1/2<" in text
        assert "59,75" in text

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR])
    def test_not_for_administrators(
        self, role: str, cast: Cast, sheet: Worksheet, client_as: Any
    ) -> None:
        assert client_as(cast[role]).get(url("worksheet", sheet)).status_code == 403

    def test_a_reviewer_of_the_ministry_reads_it_once_it_is_approved(
        self, cast: Cast, sheet: Worksheet, client_as: Any
    ) -> None:
        reviewer = client_as(cast[Role.TPN_REVIEWER])
        assert reviewer.get(url("worksheet", sheet)).status_code == 404


class TestList:
    def test_the_list_costs_the_same_for_one_and_for_four(
        self, cast: Cast, sheet: Worksheet, client_as: Any, captured_queries: Any
    ) -> None:
        client, page = client_as(cast[Role.SEKDA]), reverse("assessments:worksheets")
        one = queries(client, page, captured_queries)
        for unit in (cast.other_unit, cast.below):
            make_sheet(cast, unit)
        make_sheet(cast, year=2025)
        assert queries(client, f"{page}?year=all", captured_queries) == one <= 10

    def test_it_narrows_by_state_and_names_the_tier(
        self, cast: Cast, sheet: Worksheet, client_as: Any
    ) -> None:
        sent = in_state(make_sheet(cast, cast.other_unit), "submitted", "ketua")
        client, page = client_as(cast[Role.SEKDA]), reverse("assessments:worksheets")
        every = client.get(page)
        assert [each.state for each in every.context["states"]] == ["draft", "submitted"]
        assert "Ketua tim" in every.content.decode()
        rows = client.get(f"{page}?state=submitted").context["rows"]
        assert [row.sheet.pk for row in rows] == [sent.pk]
        assert len(client.get(f"{page}?state=approved").context["rows"]) == 2

    def test_a_score_that_is_still_being_given_decides_nothing(
        self, cast: Cast, sheet: Worksheet, client_as: Any
    ) -> None:
        """The unit's whole score meets gates that the first answer of the TPI cannot."""
        for assessor, answered, unmet in (("unit", 113, []), ("tpi", 1, ["total"])):
            WorksheetScore.objects.update_or_create(
                government=cast.home,
                worksheet=sheet,
                assessor=assessor,
                defaults={"total": 1, "answered": answered, "nodes": {}, "unmet": unmet},
            )
        client, page = client_as(cast[Role.SEKDA]), reverse("assessments:worksheets")
        (row,) = client.get(page).context["rows"]
        assert row.totals.best.assessor == "unit"
        WorksheetScore.objects.filter(assessor="tpi").update(answered=111)
        (row,) = client.get(page).context["rows"]
        assert row.totals.best.assessor == "tpi"


class TestFilling:
    def test_by_the_button(self, sheet: Worksheet, operator: Client) -> None:
        here = url("worksheet_answer", sheet, "A.I.1.i.b")
        response = operator.post(here, {"version": 0, "option": "B", "note": "Lihat hal. 2"})
        assert response.status_code == 302
        assert response["Location"].endswith("#A.I.1.i.b")
        answer = Answer.objects.get(item__code="A.I.1.i.b")
        assert (answer.option, answer.note, answer.version) == ("B", "Lihat hal. 2", 1)
        assert sheet.scores.get().total == answer.item.worksheet.scores.get().total

    def test_by_itself_with_the_time_and_the_totals(
        self, sheet: Worksheet, operator: Client, captured_queries: Any
    ) -> None:
        here = url("worksheet_answer", sheet, "A.I.1.i.a")
        with captured_queries() as captured:
            response = operator.post(
                here, {"version": 0, "option": "Ya"}, headers={"x-portal-autosave": "1"}
            )
        found = response.json()
        assert found["sentence"].startswith("Tersimpan ")
        assert (found["version"], found["part"], found["total"]) == (1, "0,25", "0,25")
        asked = [q["sql"] for q in captured.captured_queries if "SAVEPOINT" not in q["sql"]]
        assert len(asked) <= 12, "\n".join(sql[:120] for sql in asked)

    def test_the_same_twice_is_once(self, sheet: Worksheet, operator: Client) -> None:
        here = url("worksheet_answer", sheet, "A.I.1.i.a")
        for _again in range(2):
            operator.post(here, {"version": 0, "option": "Ya"})
        assert Answer.objects.get().version == 1

    def test_bad_counts_stay_typed(self, sheet: Worksheet, operator: Client) -> None:
        here = url("worksheet_answer", sheet, "A.II.1.i.a")
        typed = {"version": 0, "count_agents": "tiga", "count_changes": "2", "note": "Simpan ini"}
        response = operator.post(here, typed)
        text = response.content.decode()
        assert response.status_code == 422
        assert "Masukkan bilangan bulat" in text
        assert 'value="tiga"' in text
        assert "Simpan ini" in text
        found = operator.post(here, typed, headers={"x-portal-autosave": "1"})
        assert "Masukkan bilangan bulat" in found.json()["sentence"]
        assert not Answer.objects.exists()

    def test_what_the_tpi_has_is_closed(
        self, cast: Cast, sheet: Worksheet, operator: Client
    ) -> None:
        Worksheet.objects.filter(pk=sheet.pk).update(
            state=WorksheetState.SUBMITTED, tier="anggota", submitted_by=cast[Role.OPD_HEAD]
        )
        here = url("worksheet_answer", sheet, "A.I.1.i.a")
        found = operator.post(
            here, {"version": 0, "option": "Ya"}, headers={"x-portal-autosave": "1"}
        )
        assert found.status_code == 409
        assert "TPI" in found.json()["sentence"]
        assert not Answer.objects.exists()

    def test_what_was_typed_into_a_closed_question_stands_on_the_page(
        self, cast: Cast, sheet: Worksheet, operator: Client
    ) -> None:
        Worksheet.objects.filter(pk=sheet.pk).update(
            state=WorksheetState.SUBMITTED, tier="anggota", submitted_by=cast[Role.OPD_HEAD]
        )
        typed = {"version": 0, "option": "A", "note": "Sepuluh menit mengetik"}
        response = operator.post(url("worksheet_answer", sheet, "A.I.1.i.b"), typed)
        text = response.content.decode()
        assert response.status_code == 409
        assert "teks Anda masih ada di bawah" in text
        assert "Sepuluh menit mengetik</textarea>" in text
        bad = {"version": 0, "count_agents": "tiga", "note": "Juga ini"}
        text = operator.post(url("worksheet_answer", sheet, "A.II.1.i.a"), bad).content.decode()
        assert "Juga ini</textarea>" in text
        assert "tiga</textarea>" in text
        assert not Answer.objects.exists()

    def test_what_an_assessor_typed_stays_when_the_sheet_went_on(
        self, cast: Cast, sheet: Worksheet, client_as: Any
    ) -> None:
        member = tpi_member(sheet, TpiFunction.ANGGOTA)
        Worksheet.objects.filter(pk=sheet.pk).update(
            state=WorksheetState.SUBMITTED, tier="ketua", submitted_by=cast[Role.OPD_HEAD]
        )
        response = client_as(member).post(
            url("worksheet_answer", sheet, "A.I.1.i.a"),
            {"version": 0, "option": "Ya", "note": "Catatan penilai"},
        )
        assert response.status_code == 403
        assert "Catatan penilai</textarea>" in response.content.decode()
        assert not Answer.objects.exists()

    def test_other_units_do_not_find_it(self, cast: Cast, client_as: Any) -> None:
        strange = make_sheet(cast, cast.other_unit)
        client = client_as(cast[Role.OPD_OPERATOR])
        for name, args in (("worksheet", ()), ("worksheet_part", ("A.I.1.i",))):
            assert client.get(url(name, strange, *args)).status_code == 404
        post = client.post(url("worksheet_answer", strange, "A.I.1.i.a"), {"version": 0})
        assert post.status_code == 404


class TestTwoPeople:
    def test_the_later_one_sees_both_and_nothing_is_overwritten(
        self, cast: Cast, sheet: Worksheet, operator: Client
    ) -> None:
        save(item(sheet, "A.I.1.i.b"), cast[Role.OPD_HEAD], option="A", note="Dari kepala")
        here = url("worksheet_answer", sheet, "A.I.1.i.b")
        mine = {"version": 0, "option": "C", "note": "Dari operator"}
        by_itself = operator.post(here, mine, headers={"x-portal-autosave": "1"})
        assert by_itself.status_code == 409
        assert by_itself.json()["conflict"] is True
        page = operator.post(here, mine)
        text = page.content.decode()
        assert page.status_code == 409
        for words in ("Dari kepala", "Dari operator", 'name="version" value="1"'):
            assert words in text, words
        assert Answer.objects.get().note == "Dari kepala"
        assert operator.post(here, {**mine, "version": 1}).status_code == 302
        assert Answer.objects.get().note == "Dari operator"


class TestSharing:
    def test_a_part_goes_to_somebody_with_a_day(
        self, cast: Cast, sheet: Worksheet, operator: Client, client_as: Any
    ) -> None:
        head = cast[Role.OPD_HEAD]
        here = url("worksheet_share", sheet)
        response = operator.post(
            here, {"parts": ["A.I.1.i"], "assignee": head.pk, "due_on": "31/12/2099"}
        )
        assert response.status_code == 302
        assert sheet.items.filter(assignee=head).count() == 2
        text = client_as(head).get(reverse("assessments:worksheet_tasks")).content.decode()
        assert "A.I.1.i " in text
        assert "2 pertanyaan" in text
        assert operator.post(here, {"assignee": head.pk}).status_code == 422
        assert head.user.name in operator.get(here).content.decode()

    def test_what_was_ticked_stays_when_the_day_is_refused(
        self, cast: Cast, sheet: Worksheet, operator: Client
    ) -> None:
        here = url("worksheet_share", sheet)
        data = {"parts": ["A.I.1.i", "A.I.2.i.a"], "assignee": cast[Role.OPD_HEAD].pk}
        text = operator.post(here, {**data, "due_on": "kapan-kapan"}).content.decode()
        assert 'value="A.I.1.i" checked' in text
        assert 'value="A.I.2.i.a" checked' in text
