"""When a question counts as answered: only when its value is there."""

from typing import Any

import pytest

from assessments.instrument import QuestionText, instrument_files
from assessments.models import Answer
from assessments.queries.worksheets import is_answered


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
