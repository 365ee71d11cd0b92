"""Pakta integritas: counted where one works, seen by few, on paper."""

import io
import logging
from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from assessments import pact_documents
from assessments.actions import pacts as actions
from assessments.demo.workplans import small_pdf
from assessments.models import IntegrityPact
from assessments.pact_rules import PactCount
from assessments.pact_texts import text_in_force
from assessments.queries import pacts as queries
from assessments.tests.factories_pacts import IntegrityPactFactory, PactBatchFactory
from assessments.tests.pact_pages import NIP, NOW, TODAY, YEAR, employed_operator, url
from integrity_portal.core.documents import registry, render
from opd.actions import employees as roster
from opd.documents import frame_of
from opd.enums import Role
from opd.models import EmployeePost
from opd.tests.canary import tables_with
from opd.tests.factories import LoginIdentifierFactory, MembershipFactory, UnitFactory
from opd.tests.factories_services import EmployeePostFactory

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def by(cast):
    return cast[Role.OPD_OPERATOR]


@pytest.fixture
def employed(cast):
    return employed_operator(cast)


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
                    "signed_on": f"{timezone.localdate(timezone=JAKARTA):%d/%m/%Y}",
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


def moved(post, unit):
    """The employee works in another unit since today."""
    post.valid_to = TODAY - timedelta(days=1)
    post.save()
    return EmployeePostFactory(unit=unit, employee=post.employee, valid_from=TODAY)


@pytest.fixture
def elsewhere(cast):
    return MembershipFactory(government=cast.home, unit=cast.other_unit, role=Role.OPD_HEAD)


class TestWhoActs:
    """The unit where the employee works now, or the one that recorded it on paper."""

    @pytest.fixture
    def on_paper(self, cast):
        batch = PactBatchFactory(unit=cast.unit, recorded_by=cast[Role.OPD_OPERATOR])
        return IntegrityPactFactory(works_in=cast.unit, batch=batch, method="wet")

    def answers(self, client, pact):
        return (
            client.post(url("pact_pdf", pact.pk)).status_code,
            client.post(url("pact_withdraw", pact.pk), {"reason": ""}).status_code,
        )

    def test_the_former_unit_neither_reads_nor_withdraws(self, cast, client_as, elsewhere):
        pact = IntegrityPactFactory(works_in=cast.other_unit)
        moved(pact.employee.posts.get(), cast.unit)
        assert self.answers(client_as(elsewhere), pact) == (404, 404)
        with pytest.raises(PermissionDenied):
            actions.request_pact_pdf(by=elsewhere, pact=pact, now=NOW())
        with pytest.raises(PermissionDenied):
            actions.withdraw_pact(by=elsewhere, pact=pact, reason="Pindah", now=NOW())

    def test_its_list_of_that_year_offers_neither(self, cast, client_as, elsewhere):
        day = date(YEAR - 1, 6, 1)
        pact = IntegrityPactFactory(works_in=cast.other_unit, signed_on=day)
        moved(pact.employee.posts.get(), cast.unit)
        page = f"{url('unit_pacts', cast.other_unit.pk)}?year={YEAR - 1}"
        shown = client_as(elsewhere).get(page).content.decode()
        assert pact.employee.name in shown
        assert url("pact_pdf", pact.pk) not in shown
        assert url("pact_withdraw", pact.pk) not in shown

    def test_a_signature_in_the_portal_is_taken_back_by_the_secretariat_only(self, cast, client_as):
        pact = IntegrityPactFactory(works_in=cast.unit)
        head = client_as(cast[Role.OPD_HEAD])
        assert self.answers(head, pact) == (302, 403)
        page = head.get(url("unit_pacts", cast.unit.pk)).content.decode()
        assert url("pact_pdf", pact.pk) in page
        assert url("pact_withdraw", pact.pk) not in page
        with pytest.raises(PermissionDenied, match="sekretariat ZI"):
            actions.withdraw_pact(by=cast[Role.OPD_HEAD], pact=pact, reason="x", now=NOW())
        desk = cast[Role.ZI_SECRETARIAT]
        page = client_as(desk).get(url("unit_pacts", cast.unit.pk)).content.decode()
        assert url("pact_withdraw", pact.pk) in page
        actions.withdraw_pact(by=desk, pact=pact, reason="Salah orang", now=NOW())
        pact.refresh_from_db()
        assert pact.withdrawn_by == desk

    def test_on_paper_both_units_do(self, cast, client_as, elsewhere, on_paper):
        stranger = MembershipFactory(
            government=cast.home, unit=UnitFactory(government=cast.home), role=Role.OPD_HEAD
        )
        moved(on_paper.employee.posts.get(), cast.other_unit)
        assert self.answers(client_as(cast[Role.OPD_HEAD]), on_paper) == (302, 200)
        assert self.answers(client_as(elsewhere), on_paper) == (302, 200)
        assert self.answers(client_as(stranger), on_paper) == (404, 404)
        actions.withdraw_pact(by=elsewhere, pact=on_paper, reason="Salah orang", now=NOW())

    def test_of_the_retired_the_central_roles(self, cast, client_as, on_paper):
        post = on_paper.employee.posts.get()
        post.valid_to = TODAY - timedelta(days=1)
        post.save()
        assert self.answers(client_as(cast[Role.ZI_SECRETARIAT]), on_paper) == (302, 200)
        assert self.answers(client_as(cast[Role.INSPECTORATE]), on_paper)[0] == 302
