"""The pages of decrees that name units: happy path and refused input."""

from typing import Any

import pytest

from assessments.models import NamingDecree
from assessments.tests.act_pages import page, url
from assessments.tests.factories import (
    NamingDecreeFactory,
)

pytestmark = pytest.mark.django_db


class TestDecrees:
    def test_register(self, cast: Any, desk: Any) -> None:
        facts = {"number": "188.45/1", "decided": "2023", "title": "", "units": [cast.unit.pk]}
        shown = page(desk.post(url("decree_new"), facts, follow=True))
        assert "188.45/1" in shown
        row = NamingDecree.objects.get()
        assert "Dinas Satu" in page(desk.get(url("decree", row.pk)))
        assert desk.get(url("decree_file", row.pk)).status_code == 404

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"number": ""}, "Tulis nomor SK"),
            ({"decided": "1 Januari 2090"}, "Tanggal"),
            ({"units": []}, "sekurangnya satu unit"),
        ],
    )
    def test_bad_input(self, wrong: dict, sentence: str, cast: Any, desk: Any) -> None:
        facts = {"number": "1", "decided": "2023", "title": "", "units": [cast.unit.pk]} | wrong
        assert sentence in page(desk.post(url("decree_new"), facts))
        assert not NamingDecree.objects.exists()

    def test_the_same_number_is_said_at_the_field(self, cast: Any, desk: Any) -> None:
        NamingDecreeFactory(government=cast.home, number="1")
        facts = {"number": "1", "decided": "2023", "title": "", "units": [cast.unit.pk]}
        assert "sudah terdaftar" in page(desk.post(url("decree_new"), facts))
