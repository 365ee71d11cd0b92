"""Pakta integritas: signed by oneself or on paper, counted where one works."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings, strategies as st

from assessments.actions import pacts as actions
from assessments.models import IntegrityPact
from assessments.pact_rules import PactCount, counting_day, wording_for
from assessments.pact_texts import DATA, read, text_in_force, text_of, versions
from assessments.tests.pact_pages import NIP, NOW, TODAY, YEAR, employed_operator, url
from integrity_portal.core.data_files import UnableToReadData, parse
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role
from opd.tests.factories import PASSWORD, LoginIdentifierFactory
from opd.tests.factories_services import EmployeePostFactory
from opd.transitions import StepRefused

# A busy machine is no fault of a rule.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def by(cast):
    return cast[Role.OPD_OPERATOR]


@pytest.fixture
def employed(cast):
    return employed_operator(cast)


class TestRules:
    @pytest.mark.parametrize(
        ("expected", "signed", "percent", "complete"),
        [(0, 0, None, False), (4, 0, 0, False), (4, 1, 25, False), (4, 4, 100, True)],
    )
    def test_counts(self, expected, signed, percent, complete):
        count = PactCount(expected, signed)
        assert (count.percent, count.is_complete) == (
            None if percent is None else Decimal(percent),
            complete,
        )

    @unhurried
    @given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500))))
    def test_units_add_up(self, pairs):
        counts = [PactCount(max(pair), min(pair)) for pair in pairs]
        total = sum(counts, PactCount())
        assert total.missing == sum(count.missing for count in counts)
        assert total.percent is None or 0 <= total.percent <= 100
        assert not total.is_complete or all(not count.missing for count in counts)

    def test_the_counting_day(self):
        assert counting_day(2024, date(2026, 5, 1)) == date(2024, 12, 31)
        assert counting_day(2026, date(2026, 5, 1)) == date(2026, 5, 1)


class TestTexts:
    def test_the_data_is_whole(self):
        for version in versions():
            for text in version.texts.values():
                assert len(text.lines) >= 5
                assert len(text.sha256) == 64
        head, employee = (text_in_force(w, TODAY) for w in ("head", "employee"))
        assert head.sha256 != employee.sha256
        assert text_of(head.code, "head") == head
        assert text_of("pakta-tidak-ada", "head") is None

    @pytest.mark.parametrize("text", ["versions: []", "versions: [{code: x}]", "versi: 1"])
    def test_a_broken_file_is_refused(self, text):
        with pytest.raises(UnableToReadData, match="versi"):
            read(parse(text.encode(), DATA / "pakta-integritas.schema.json", name="x.yaml"))


class TestSigning:
    def sign(self, by, sha=None):
        text = text_in_force(wording_for(by.role), TODAY)
        return actions.sign_pact(by=by, text_sha256=sha or text.sha256, now=NOW())

    def test_once_a_year_over_the_text_that_was_shown(self, employed):
        with pytest.raises(StepRefused, match="berubah sejak Anda membukanya"):
            self.sign(employed, "0" * 64)
        pact = self.sign(employed)
        assert (pact.method, pact.wording, pact.year) == ("portal", "employee", YEAR)
        with pytest.raises(StepRefused, match="sudah tercatat"):
            self.sign(employed)
        entry = LedgerEntry.objects.get(verb="pact.signed")
        assert entry.codes == {
            "employee": pact.employee_id,
            "year": YEAR,
            "method": "portal",
            "text": pact.text_code,
        }

    def test_a_head_signs_the_heads_wording(self, cast):
        head = cast[Role.OPD_HEAD]
        LoginIdentifierFactory(user=head.user, value=NIP)
        EmployeePostFactory(unit=cast.unit, employee__nip=NIP)
        assert self.sign(head).wording == "head"

    def test_who_stands_in_no_list_is_told(self, by):
        with pytest.raises(StepRefused, match="NIP Anda"):
            self.sign(by)

    def test_the_page_asks_once_more_who_one_is(self, employed, client_as):
        client = client_as(employed)
        assert url("pact_sign") in client.get(url("my_pact")).content.decode()
        answer = client.get(url("pact_sign"))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("account_reauthenticate"))
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        page = client.get(url("pact_sign")).content.decode()
        text = text_in_force("employee", TODAY)
        assert text.promises[0][0] in page
        assert "Bukan tanda tangan tersertifikasi" in page
        assert client.post(url("pact_sign"), {"text_sha256": text.sha256}).status_code == 200
        assert not IntegrityPact.objects.exists()
        client.post(url("pact_sign"), {"text_sha256": text.sha256, "agree": "on"})
        assert IntegrityPact.objects.get().recorded_by == employed
        assert "Ditandatangani pada" in client.get(url("my_pact")).content.decode()
