"""When a question counts as answered: only when its value is there, and it is this year's."""

from typing import Any

import pytest
from django.urls import reverse

from assessments.actions.answers import Said, save_answer
from assessments.actions.worksheets import assign_items, confirm_carried
from assessments.enums import Assessor
from assessments.instrument import QuestionText, instrument_files
from assessments.models import Answer, Worksheet
from assessments.queries.worksheet_tasks import my_items
from assessments.queries.worksheets import carried_in, done_by_part, is_answered
from assessments.tests.factories_worksheets import NOW, item, make_sheet
from opd.enums import Role
from opd.tests.fixtures import Cast


@pytest.fixture(scope="module")
def questions() -> dict[str, QuestionText]:
    return instrument_files()["permenpanrb-90-2021"].questions


class TestIsAnswered:
    @pytest.mark.parametrize(
        ("said", "answered"),
        [
            ({"option": "Ya"}, True),
            ({"option": ""}, False),
            ({"note": "nanti dijawab"}, False),
        ],
    )
    def test_words_alone_are_no_answer(
        self, said: dict[str, Any], answered: bool, questions: dict[str, QuestionText]
    ) -> None:
        assert is_answered(questions["A.I.1.i.a"], Answer(**said)) is answered

    def test_nothing_stands_there(self, questions: dict[str, QuestionText]) -> None:
        assert not is_answered(questions["A.I.1.i.a"], None)

    def test_a_ratio_needs_every_count_of_its_formula(
        self, questions: dict[str, QuestionText]
    ) -> None:
        question = questions["A.II.1.i.a"]
        assert question.asked.ratio is not None
        needed = dict.fromkeys(question.asked.ratio.keys, "0")
        some = dict(list(needed.items())[:1])
        assert not is_answered(question, Answer(counts=some))
        assert is_answered(question, Answer(counts=needed))


@pytest.mark.django_db
class TestDone:
    def test_a_note_an_emptied_answer_and_half_a_ratio_are_not_answered(self, cast: Cast) -> None:
        sheet, operator = make_sheet(cast), cast[Role.OPD_OPERATOR]
        save = {"assessor": Assessor.UNIT, "by": operator, "now": NOW}
        first, second = item(sheet, "A.I.1.i.a"), item(sheet, "A.I.1.i.b")
        half = item(sheet, "A.II.1.i.a")
        for row, version, said in (
            (first, 0, Said(note="nanti dijawab")),
            (second, 0, Said(option="A")),
            (second, 1, Said(note="dikosongkan lagi")),
            (half, 0, Said(counts={"agents": "5"})),
        ):
            save_answer(item=row, said=said, version=version, **save)
        done = done_by_part(sheet)
        assert done["A.I.1.i"].answered == 0
        assert done["A.II.1.i"].answered == 0
        codes = [first.code, second.code, half.code]
        assign_items(sheet=sheet, codes=codes, assignee=operator, due_on=None, by=operator, now=NOW)
        assert [row.code for row in my_items(operator)] == codes
        save_answer(item=second, said=Said(option="B"), version=2, **save)
        assert done_by_part(sheet)["A.I.1.i"].answered == 1
        assert [row.code for row in my_items(operator)] == [first.code, half.code]

    def test_half_a_ratio_is_named_where_it_is_saved_and_read(
        self, cast: Cast, client_as: Any
    ) -> None:
        sheet, client = make_sheet(cast), client_as(cast[Role.OPD_OPERATOR])
        saved = client.post(
            reverse("assessments:worksheet_answer", args=[sheet.pk, "A.II.1.i.a"]),
            {"version": 0, "count_agents": "5"},
            headers={"x-portal-autosave": "1"},
        )
        assert "masih ada angka yang kosong" in saved.json()["sentence"]
        page = reverse("assessments:worksheet_part", args=[sheet.pk, "A.II.1.i"])
        for role in (Role.OPD_OPERATOR, Role.ZI_SECRETARIAT):
            text = client_as(cast[role]).get(page).content.decode()
            assert "masih ada angka yang kosong" in text


@pytest.mark.django_db
class TestCarried:
    def test_a_carried_sheet_does_not_look_won(
        self, cast: Cast, filled: Worksheet, client_as: Any
    ) -> None:
        sheet = make_sheet(cast, year=2027, copied_from=filled)
        operator = cast[Role.OPD_OPERATOR]
        client = client_as(operator)
        done = done_by_part(sheet)["A.I.1.i"]
        assert (done.answered, done.carried, done.required) == (0, 2, 2)
        tree = client.get(reverse("assessments:worksheet", args=[sheet.pk])).content.decode()
        assert "0 dari 113 terjawab" in tree
        assert "111 jawaban bawaan, belum ditinjau" in tree
        assert "2 perlu ditinjau" in tree
        assert ">0/2<" in tree
        assert "semua ambang tercapai<" not in tree
        part = reverse("assessments:worksheet_part", args=[sheet.pk, "A.I.1.i"])
        text = client.get(part).content.decode()
        assert "111 jawaban bawaan, belum ditinjau" in text
        assert "Bawaan, perlu ditinjau" in text
        rows = client.get(reverse("assessments:worksheets") + "?year=2027").content.decode()
        assert "111 perlu ditinjau" in rows
        assert "Semua tercapai" not in rows

    def test_reviewed_answers_count(self, cast: Cast, filled: Worksheet) -> None:
        sheet, operator = make_sheet(cast, year=2027, copied_from=filled), cast[Role.OPD_OPERATOR]
        confirm_carried(item=item(sheet, "A.I.1.i.a"), by=operator)
        done = done_by_part(sheet)["A.I.1.i"]
        assert (done.answered, done.carried) == (1, 1)
        assert carried_in(sheet) == 110

    def test_shared_out_carried_answers_are_tasks(self, cast: Cast, filled: Worksheet) -> None:
        sheet, operator = make_sheet(cast, year=2027, copied_from=filled), cast[Role.OPD_OPERATOR]
        codes = ["A.I.1.i.a", "A.I.1.i.b"]
        assign_items(sheet=sheet, codes=codes, assignee=operator, due_on=None, by=operator, now=NOW)
        assert [row.code for row in my_items(operator)] == codes
        confirm_carried(item=item(sheet, "A.I.1.i.a"), by=operator)
        assert [row.code for row in my_items(operator)] == codes[1:]
