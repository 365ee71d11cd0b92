"""Pakta integritas: signed by oneself or on paper, counted where one works, seen by few."""

import io
import logging
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings, strategies as st
from pypdf import PdfReader

from assessments import pact_documents
from assessments.actions import pacts as actions
from assessments.demo.workplans import small_pdf
from assessments.models import IntegrityPact
from assessments.pact_rules import PactCount, counting_day, wording_for
from assessments.pact_texts import UnableToReadPacts, read, text_in_force, text_of, versions
from assessments.queries import pacts as queries
from assessments.tests.factories_pacts import IntegrityPactFactory, PactBatchFactory
from integrity_portal.core.documents import registry, render
from integrity_portal.core.models import LedgerEntry
from opd.actions import employees as roster
from opd.documents import frame_of
from opd.enums import Role
from opd.models import EmployeePost
from opd.tests.canary import tables_with
from opd.tests.factories import PASSWORD, LoginIdentifierFactory, MembershipFactory
from opd.tests.factories_services import EmployeePostFactory
from opd.transitions import StepRefused

# A busy machine is no fault of a rule.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TODAY = timezone.localdate()
NOW = timezone.now
YEAR = TODAY.year
NIP = "198503122010011007"


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


@pytest.fixture
def by(cast):
    return cast[Role.OPD_OPERATOR]


@pytest.fixture
def employed(cast):
    """The unit's operator stands in the roster by his NIP."""
    member = cast[Role.OPD_OPERATOR]
    LoginIdentifierFactory(user=member.user, value=NIP)
    EmployeePostFactory(unit=cast.unit, employee__nip=NIP, employee__name="Siti Aminah")
    return member


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
        with pytest.raises(UnableToReadPacts):
            read(text)


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


class TestCounting:
    """Renewed each year; new, moved and retired people."""

    def test_new_moved_and_retired(self, cast, by):
        stays = EmployeePostFactory(unit=cast.unit)
        moved = EmployeePostFactory(unit=cast.unit)
        retired = EmployeePostFactory(unit=cast.unit)
        for post in (stays, moved, retired):
            IntegrityPactFactory(works_in=cast.unit, employee=post.employee)
        EmployeePostFactory(unit=cast.unit, valid_from=TODAY)
        assert queries.unit_count(cast.unit, year=YEAR, today=TODAY) == PactCount(4, 3)
        roster.move_employee(
            by=by, post=moved, to=cast.other_unit, title="", first_day=TODAY, today=TODAY
        )
        roster.end_employment(by=by, post=retired, last_day=TODAY - timedelta(days=1))
        assert queries.unit_count(cast.unit, year=YEAR, today=TODAY) == PactCount(2, 1)
        assert queries.unit_count(cast.other_unit, year=YEAR, today=TODAY) == PactCount(1, 1)

    def test_last_years_pact_does_not_count_this_year(self, cast):
        post = EmployeePostFactory(unit=cast.unit)
        IntegrityPactFactory(
            works_in=cast.unit, employee=post.employee, signed_on=date(YEAR - 1, 3, 1)
        )
        assert queries.unit_count(cast.unit, year=YEAR, today=TODAY) == PactCount(1, 0)
        assert queries.unit_count(cast.unit, year=YEAR - 1, today=TODAY) == PactCount(1, 1)

    def test_without_employees_nothing_is_a_percentage(self, cast, client_as):
        page = client_as(cast[Role.SEKDA]).get(url("pacts")).content.decode()
        assert "belum ada data pegawai" in page
        assert "%" not in page.split("<main")[1].split("</main>")[0]

    def test_the_government_adds_its_units_up(self, cast):
        for unit in (cast.unit, cast.other_unit):
            EmployeePostFactory(unit=unit)
            IntegrityPactFactory(works_in=unit)
        assert queries.government_count(cast.home.pk, year=YEAR, today=TODAY) == PactCount(4, 2)
        found = queries.overview(cast[Role.OPD_HEAD], year=YEAR, today=TODAY)
        assert [row.unit for row in found.units] == [cast.unit]

    @pytest.mark.parametrize("name", ["pacts", "unit_pacts", "pact_record"])
    def test_two_or_seven_cost_the_same(self, cast, client_as, name):
        client = client_as(cast[Role.ZI_SECRETARIAT])
        args = [] if name == "pacts" else [cast.unit.pk]

        def add():
            EmployeePostFactory(unit=cast.unit)
            pact = IntegrityPactFactory(works_in=cast.unit)
            EmployeePostFactory(unit=cast.other_unit)
            return pact

        def cost():
            client.get(url(name, *args))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url(name, *args)).status_code == 200
            return len(captured)

        add()
        first = cost()
        for _number in range(6):
            add()
        assert cost() == first


class TestNames:
    def test_others_see_counts_only(self, cast, client_as):
        pact = IntegrityPactFactory(
            works_in=cast.unit,
            employee=EmployeePostFactory(
                unit=cast.unit, employee__name="Nama Rahasia", employee__nip=NIP
            ).employee,
        )
        for role in (Role.MAYOR, Role.SEKDA, Role.PLANNER, Role.ADMINISTRATOR):
            client = client_as(cast[role])
            page = client.get(url("pacts")).content.decode()
            assert "1 dari 1" in page
            assert "Nama Rahasia" not in page
            assert client.get(url("unit_pacts", cast.unit.pk)).status_code == 403
            assert client.post(url("pact_pdf", pact.pk)).status_code == 404
        scan = PactBatchFactory(unit=cast.unit)
        assert client_as(cast[Role.SEKDA]).get(url("pact_scan", scan.pk)).status_code == 403

    def test_a_name_is_in_no_ledger_log_or_history(self, cast, client_as, caplog):
        caplog.set_level(logging.DEBUG)
        member = cast[Role.OPD_OPERATOR]
        client = client_as(member)
        LoginIdentifierFactory(user=member.user, value=NIP)
        nips = (NIP, "199001012015012003")
        pasted = f"KENARI-SATU\t{nips[0]}\tKENARI-JABATAN\nKENARI-DUA\t{nips[1]}"
        client.post(reverse("opd:employee_import", args=[cast.unit.pk]), {"rows": pasted})
        assert tables_with("KENARI") == set()
        client.post(
            reverse("opd:employee_import", args=[cast.unit.pk]), {"rows": pasted, "save": "1"}
        )
        for post in EmployeePost.objects.all():
            client.post(
                url("pact_record", cast.unit.pk),
                {
                    "post": [post.pk],
                    "form_key": str(uuid4()),
                    "signed_on": f"{TODAY:%d/%m/%Y}",
                    "scan": SimpleUploadedFile("daftar.pdf", small_pdf(["daftar"])),
                },
            )
        client.get(url("unit_pacts", cast.unit.pk))
        pact = IntegrityPact.objects.first()
        client.post(url("pact_withdraw", pact.pk), {"reason": "KENARI-ALASAN"})
        client.post(url("pact_list_pdf", cast.unit.pk))
        assert tables_with("KENARI-SATU") == {"opd_employee"}
        assert tables_with("KENARI-JABATAN") == {"opd_employeepost"}
        assert tables_with("KENARI-ALASAN") == {"assessments_integritypact"}
        assert tables_with(nips[1]) == {"opd_employee"}
        assert tables_with(nips[0]) <= {"opd_employee", "opd_loginidentifier"}
        said = "\n".join(
            f"{record.getMessage()}"
            for record in caplog.records
            if not record.name.startswith(("django.db", "factory", "asyncio"))
        )
        assert "KENARI" not in said
        assert not any(nip in said for nip in nips)

    def test_no_address_takes_a_name_or_nip(self):
        from assessments.urls import PACTS
        from opd.urls import EMPLOYEES

        kinds = {
            type(converter).__name__
            for pattern in (*PACTS, *EMPLOYEES)
            for converter in pattern.pattern.converters.values()
        }
        assert kinds == {"IntConverter"}


class TestPaperOut:
    def text_of(self, spec, government):
        from integrity_portal.core.models import Document

        frame = frame_of(Document(government_id=government.pk))
        html = render_to_string(
            spec.template,
            {**spec.context, "chapter": spec, "number": 1, "frame": frame, "language": "id"},
        )
        reader = PdfReader(io.BytesIO(render.pdf_of(html)))
        return [" ".join(page.extract_text().split()) for page in reader.pages]

    def test_ones_own_pact_is_one_page(self, cast):
        pact = IntegrityPactFactory(works_in=cast.unit)
        (page,) = self.text_of(pact_documents.pact_chapter(pact), cast.home)
        for words in (
            "PAKTA INTEGRITAS",
            pact.employee.name,
            pact.employee.nip,
            "Dinas Satu",
            text_in_force("employee", TODAY).promises[0][0],
            "bukan tanda tangan elektronik tersertifikasi",
            pact.text_sha256[:20],
        ):
            assert words in page

    def test_the_list_of_nobody_and_of_forty(self, cast):
        (empty,) = self.text_of(pact_documents.list_chapter(cast.unit, YEAR, TODAY), cast.home)
        assert "Belum ada data pegawai" in empty
        for _number in range(40):
            EmployeePostFactory(unit=cast.unit)
        IntegrityPactFactory(works_in=cast.unit)
        pages = self.text_of(pact_documents.list_chapter(cast.unit, YEAR, TODAY), cast.home)
        assert len(pages) == 2
        assert "Sudah menandatangani 1 dari 41" in pages[0]
        assert "".join(pages).count("belum") == 40

    def test_who_may_read_the_papers(self, cast, employed):
        pact = IntegrityPactFactory(
            works_in=cast.unit, employee=EmployeePost.objects.get().employee
        )
        mine = actions.request_pact_pdf(by=employed, pact=pact, now=NOW())
        listed = actions.request_pact_list(by=employed, unit=cast.unit, year=YEAR, now=NOW())
        other = MembershipFactory(
            government=cast.home, role=Role.OPD_OPERATOR, unit=cast.other_unit
        )
        readers = {
            member: registry.readable_among(member, [mine, listed])
            for member in (employed, other, cast[Role.SEKDA], cast[Role.INSPECTORATE])
        }
        assert readers[employed] == readers[cast[Role.INSPECTORATE]] == [mine, listed]
        assert readers[other] == readers[cast[Role.SEKDA]] == []
        for member, read_ones in readers.items():
            for document in (mine, listed):
                assert registry.readable_by(member, document) == (document in read_ones)
        with pytest.raises(PermissionDenied):
            actions.request_pact_pdf(by=other, pact=pact, now=NOW())
        with pytest.raises(PermissionDenied):
            actions.request_pact_list(by=other, unit=cast.unit, year=YEAR, now=NOW())
