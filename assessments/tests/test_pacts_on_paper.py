"""Lists of pakta integritas signed on paper: recorded with their scan, withdrawn with a reason."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from assessments.actions import pacts as actions
from assessments.demo.workplans import small_pdf
from assessments.models import IntegrityPact, PactBatch
from assessments.pact_rules import HEAD_TITLES, PactCount, leads
from assessments.queries import pacts as queries
from assessments.tests.factories import stored_pdf
from assessments.tests.factories_pacts import IntegrityPactFactory, PactBatchFactory
from assessments.tests.pact_pages import NIP, NOW, TODAY, YEAR, url
from integrity_portal.core.models import LedgerEntry
from opd.enums import Role, UnitKind
from opd.tests.factories import LoginIdentifierFactory, MembershipFactory
from opd.tests.factories_services import EmployeePostFactory
from opd.transitions import StepRefused


@pytest.fixture
def by(cast):
    return cast[Role.OPD_OPERATOR]


def record(by, unit, posts, **values):
    return actions.record_pacts(
        **{
            "by": by,
            "unit": unit,
            "year": YEAR,
            "post_ids": [post.pk for post in posts],
            "heads": [],
            "signed_on": TODAY,
            "scan": stored_pdf(by),
            "form_key": uuid4(),
            "now": NOW(),
            **values,
        }
    )


class TestRecording:
    def test_many_at_once_and_sent_twice_is_one(self, cast, by):
        head = EmployeePostFactory(unit=cast.unit, title="Plt. Kepala Dinas Satu")
        posts = [head, *(EmployeePostFactory(unit=cast.unit) for _number in range(2))]
        key = uuid4()
        batch = record(by, cast.unit, posts[:2], heads=[posts[0].pk], form_key=key)
        assert record(by, cast.unit, posts[:2], form_key=key) == batch
        assert sorted(batch.pacts.values_list("wording", flat=True)) == ["employee", "head"]
        assert queries.unit_count(cast.unit, year=YEAR, today=TODAY) == PactCount(3, 2)
        assert LedgerEntry.objects.get(verb="pact.batch_recorded").codes["count"] == 2
        with pytest.raises(StepRefused, match="belum menandatangani"):
            record(by, cast.unit, posts[:2])

    @pytest.mark.parametrize("day", [TODAY + timedelta(days=1), date(YEAR - 1, 12, 31)])
    def test_the_day_lies_in_the_year(self, cast, by, day):
        with pytest.raises(StepRefused, match="tahun pakta"):
            record(by, cast.unit, [EmployeePostFactory(unit=cast.unit)], signed_on=day)

    def test_who_did_not_work_there_on_that_day_is_named(self, cast, by):
        first = max(TODAY - timedelta(days=1), date(YEAR, 1, 1))
        later = EmployeePostFactory(unit=cast.unit, valid_from=first + timedelta(days=1))
        there = EmployeePostFactory(unit=cast.unit)
        with pytest.raises(StepRefused, match=later.employee.name):
            record(by, cast.unit, [later, there], signed_on=first)
        assert not IntegrityPact.objects.exists()

    def test_people_of_other_units_are_not_recorded(self, cast, by):
        with pytest.raises(StepRefused):
            record(by, cast.unit, [EmployeePostFactory(unit=cast.other_unit)])
        with pytest.raises(PermissionDenied):
            record(by, cast.other_unit, [EmployeePostFactory(unit=cast.other_unit)])

    def test_withdrawn_with_a_reason_and_signed_again(self, cast, by):
        pact = record(by, cast.unit, [EmployeePostFactory(unit=cast.unit)]).pacts.get()
        with pytest.raises(StepRefused, match="mengapa"):
            actions.withdraw_pact(by=by, pact=pact, reason=" ", now=NOW())
        actions.withdraw_pact(by=by, pact=pact, reason="Salah orang", now=NOW())
        assert queries.unit_count(cast.unit, year=YEAR, today=TODAY) == PactCount(1, 0)
        with pytest.raises(StepRefused, match="sudah dicabut"):
            actions.withdraw_pact(by=by, pact=pact, reason="Lagi", now=NOW())
        assert record(by, cast.unit, [pact.employee.posts.get()]).pacts.count() == 1
        assert LedgerEntry.objects.filter(verb="pact.withdrawn").count() == 1

    def test_the_database_holds_to_one_a_year(self, cast):
        pact = IntegrityPactFactory(works_in=cast.unit)
        with pytest.raises(IntegrityError, match="pact_one_stands"), transaction.atomic():
            IntegrityPactFactory(works_in=cast.unit, employee=pact.employee)
        with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
            pact.delete()

    def test_the_form_keeps_the_ticks(self, cast, client_as):
        client = client_as(cast[Role.OPD_OPERATOR])
        posts = [
            EmployeePostFactory(unit=cast.unit, title=title) for title in ("Kepala Dinas", "Analis")
        ]
        page = url("pact_record", cast.unit.pk)
        key = str(uuid4())
        data = {"post": [posts[0].pk], "head": [posts[0].pk], "form_key": key, "signed_on": "besok"}
        wrong = client.post(page, data)
        assert wrong.status_code == 422
        assert wrong.content.decode().count(" checked") == 2
        empty = client.post(page, {"form_key": key, "signed_on": TODAY.strftime("%d/%m/%Y")})
        assert "Centang sedikitnya satu pegawai" in empty.content.decode()
        good = {
            **data,
            "signed_on": TODAY.strftime("%d/%m/%Y"),
            "scan": SimpleUploadedFile("daftar.pdf", small_pdf(["daftar"])),
        }
        for _twice in range(2):
            assert client.post(page, good).status_code == 302
        pact = IntegrityPact.objects.get()
        scan = client.get(url("pact_scan", pact.batch_id))
        assert scan.getvalue().startswith(b"%PDF")


class TestScan:
    def test_nothing_is_recorded_without_the_scan(self, cast, by, client_as):
        post = EmployeePostFactory(unit=cast.unit)
        with pytest.raises(StepRefused, match="tanpa pindaian"):
            record(by, cast.unit, [post], scan=None)
        data = {"post": [post.pk], "form_key": uuid4(), "signed_on": f"{TODAY:%d/%m/%Y}"}
        answer = client_as(by).post(url("pact_record", cast.unit.pk), data)
        assert answer.status_code == 422
        assert "id_scan" in answer.content.decode()
        assert not PactBatch.objects.exists()
        assert not IntegrityPact.objects.exists()

    def test_the_database_asks_for_it(self, cast):
        with pytest.raises(IntegrityError, match="scan_id"), transaction.atomic():
            PactBatchFactory(unit=cast.unit, scan=None)


class TestWordingForHeads:
    @pytest.mark.parametrize(
        ("kind", "title", "wanted"),
        [
            ("dinas", "Kepala Dinas Kesehatan", True),
            ("dinas", "Plt. Kepala Dinas", True),
            ("dinas", "Kepala DINKES", True),
            ("dinas", "Kepala", True),
            ("dinas", "Kepala Bidang Kesehatan", False),
            ("dinas", "Sekretaris Dinas", False),
            ("dinas", "Kepala UPTD Laboratorium", False),
            ("dinas", "Kepala Dinasti", False),
            ("dinas", "", False),
            ("dinas", "Wali Kota Rumah", True),
            ("bagian", "Kepala Bagian Organisasi", True),
            ("sekretariat_daerah", "Sekretaris Daerah Kota Rumah", True),
            ("sekretariat_daerah", "Kepala Bagian Umum", False),
            ("kecamatan", "Camat Selatan", True),
            ("kecamatan", "Sekretaris Camat", False),
            ("kelurahan", "Pj. Lurah Melati", True),
            ("inspektorat", "Inspektur", True),
            ("inspektorat", "Inspektur Pembantu Wilayah I", False),
            ("rsud", "Direktur RSUD", True),
            ("rsud", "Wakil Direktur Umum", False),
            ("sekolah", "Kepala SMP Negeri 1", True),
        ],
    )
    def test_whose_title_leads_the_unit(self, kind, title, wanted):
        names = ("Dinas Kesehatan", "Dinkes") if kind == "dinas" else ("SMP Negeri 1",)
        assert leads(title, kind=kind, names=names, regional_head="Wali Kota") is wanted

    @pytest.mark.parametrize("kind", UnitKind.values)
    def test_every_kind_of_unit_has_a_head(self, kind):
        assert kind == UnitKind.INSPEKTORAT or HEAD_TITLES[UnitKind(kind)]

    def test_it_is_not_for_anybody(self, cast, by, client_as):
        head = EmployeePostFactory(unit=cast.unit, title="Kepala Dinas")
        clerk = EmployeePostFactory(unit=cast.unit, title="Kepala Bidang")
        with pytest.raises(StepRefused, match="hanya untuk yang memimpin unit") as refused:
            record(by, cast.unit, [head, clerk], heads=[head.pk, clerk.pk])
        assert clerk.employee.name in str(refused.value)
        assert head.employee.name not in str(refused.value)
        assert not IntegrityPact.objects.exists()
        page = client_as(by).get(url("pact_record", cast.unit.pk)).content.decode()
        boxes = re.findall(r'name="head" value="(\d+)"', page)
        assert boxes == [str(head.pk)]

    def test_who_holds_the_office_by_his_nip_leads_whatever_the_list_calls_him(self, cast, by):
        post = EmployeePostFactory(unit=cast.unit, title="Pembina", employee__nip=NIP)
        elsewhere = MembershipFactory(
            government=cast.home, role=Role.OPD_HEAD, unit=cast.other_unit
        )
        LoginIdentifierFactory(user=elsewhere.user, value=NIP)
        with pytest.raises(StepRefused, match="hanya untuk yang memimpin unit"):
            record(by, cast.unit, [post], heads=[post.pk])
        MembershipFactory(
            government=cast.home, role=Role.OPD_HEAD, unit=cast.unit, user=elsewhere.user
        )
        batch = record(by, cast.unit, [post], heads=[post.pk])
        assert batch.pacts.get().wording == "head"
