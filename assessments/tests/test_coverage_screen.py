"""The page that says how far "all units" has come."""

from typing import Any

import pytest

from assessments.tests.act_pages import page, url
from assessments.tests.factories import DeclarationFactory, DeclarationUnitFactory
from opd.models import UnitKindRule
from opd.tests.factories import UnitFactory

pytestmark = pytest.mark.django_db


class TestCoverage:
    def test_a_sentence_before_the_numbers(self, cast: Any, desk: Any) -> None:
        UnitKindRule.objects.create(government=cast.home, unit_kind="dinas", counts=True)
        act = DeclarationFactory(government=cast.home, closed=True)
        DeclarationUnitFactory(declaration=act, unit=cast.unit)
        shown = page(desk.get(url("coverage")))
        assert "1 dari 2 unit" in shown
        assert "2026" in shown
        assert shown.index("1 dari 2 unit") < shown.index('class="figure"')
        assert "Dinas Dua" in shown

    def test_the_undeclared_are_folded_by_kind(self, cast: Any, desk: Any) -> None:
        """One line per kind with its number; whoever is near stands out by his word."""
        for kind in ("dinas", "kelurahan"):
            UnitKindRule.objects.create(government=cast.home, unit_kind=kind, counts=True)
        for _ in range(40):
            UnitFactory(government=cast.home, kind="kelurahan")
        act = DeclarationFactory(government=cast.home, open=True)
        DeclarationUnitFactory(declaration=act, unit=cast.unit)
        shown = page(desk.get(url("coverage")))
        folds = shown.split('<details class="fold">')[1:]
        assert len(folds) == 2
        assert '<b>Kelurahan</b> <span class="soft">(40)</span>' in folds[0]
        assert folds[0].split("</details>")[0].count("<li>") == 40
        assert folds[0].split("</details>")[0].count('class="tag') == 1
        assert "menunggu tanda tangan" in folds[1].split("</summary>")[0]
        assert "Dinas Dua" in folds[1]

    def test_without_any_act(self, cast: Any, desk: Any) -> None:
        assert "laju belum dapat dihitung" not in page(desk.get(url("coverage")))
        UnitKindRule.objects.create(government=cast.home, unit_kind="dinas", counts=True)
        assert "laju belum dapat dihitung" in page(desk.get(url("coverage")))
