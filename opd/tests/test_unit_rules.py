"""Pure rules of the registry: values of facts, dates known in part, which kinds count."""

from datetime import date

import pytest

from integrity_portal.core.parsing import NotUnderstood
from integrity_portal.core.partial_dates import PartialDate
from opd.coverage import KindRule, Standing, standing
from opd.enums import FactKey
from opd.facts import FactRefused, clean_value, display_value
from opd.forms.fields import parse_partial_date


class TestRules:
    @pytest.mark.parametrize(
        ("key", "text", "stored", "shown"),
        [
            (FactKey.BPK_OPINION, "wtp", "WTP", "WTP"),
            (FactKey.BPK_OPINION, "WTP - DPP", "WTP-DPP", "WTP-DPP"),
            (FactKey.SAKIP, " bb ", "BB", "BB"),
            (FactKey.RB_INDEX, "59,65", "59.65", "59,65"),
            (FactKey.RB_INDEX, "60", "60", "60"),
            (FactKey.SPIP_LEVEL, "3,124", "3.124", "3,124"),
            (FactKey.TLHP_PERCENT, "100 %", "100", "100\u00a0%"),
            (FactKey.LHKPN_PERCENT, "0", "0", "0\u00a0%"),
        ],
    )
    def test_values(self, key, text, stored, shown):
        assert clean_value(key, text) == stored
        assert display_value(key, stored) == shown

    @pytest.mark.parametrize(
        ("key", "text"),
        [
            (FactKey.BPK_OPINION, "A"),
            (FactKey.SAKIP, ""),
            (FactKey.SAKIP, "WTP"),
            (FactKey.RB_INDEX, "100,01"),
            (FactKey.RB_INDEX, "-1"),
            (FactKey.RB_INDEX, "59.65"),
            (FactKey.RB_INDEX, "nan"),
            (FactKey.SPIP_LEVEL, "0"),
            (FactKey.SPIP_LEVEL, "6"),
            (FactKey.TLHP_PERCENT, "1e1"),
            (FactKey.TLHP_PERCENT, "1,0001"),
        ],
    )
    def test_no_values(self, key, text):
        with pytest.raises(FactRefused):
            clean_value(key, text)

    @pytest.mark.parametrize(
        ("text", "day", "precision"),
        [
            ("2021", date(2021, 1, 1), "year"),
            ("September 2021", date(2021, 9, 1), "month"),
            ("sept. 2021", date(2021, 9, 1), "month"),
            ("09/2021", date(2021, 9, 1), "month"),
            ("2021-09", date(2021, 9, 1), "month"),
            ("16 September 2019", date(2019, 9, 16), "day"),
            ("16/9/2019", date(2019, 9, 16), "day"),
        ],
    )
    def test_partial_dates(self, text, day, precision):
        assert parse_partial_date(text) == PartialDate(day, precision)

    @pytest.mark.parametrize("text", ["13/2021", "0", "0000", "abc", "30/2/2021", "21", "May"])
    def test_no_partial_dates(self, text):
        with pytest.raises(NotUnderstood):
            parse_partial_date(text)

    def test_standing(self):
        rules = {"kecamatan": KindRule(True, True), "kelurahan": KindRule(True)}
        assert standing("kelurahan", [], rules) == Standing(True)
        assert standing("kelurahan", [(7, "kecamatan")], rules) == Standing(False, 7)
        assert standing("kelurahan", [(7, "dinas")], rules) == Standing(True)
        assert standing("dinas", [], rules) == Standing(False)
