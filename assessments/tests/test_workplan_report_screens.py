"""Reporting, confirming and evidence in pages. Strangers and roles: opd/tests/test_matrix.py."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.enums import ReportState
from assessments.models import Activity, ReportFile, WorkPlan
from assessments.tests.factories import (
    ActivityFactory,
    ActivityReportFactory,
    ReportFileFactory,
)
from assessments.tests.workplan_pages import (
    TODAY,
    SignIn,
    decision,
    make_plan,
    pdf,
    report_data,
    text_of,
    url,
)
from integrity_portal.core.models import StoredFile
from opd.enums import Role
from opd.tests.factories import MembershipFactory
from opd.tests.fixtures import Cast

pytestmark = pytest.mark.django_db


class TestReport:
    def test_a_report_is_sent_with_its_evidence(self, activity: Activity, operator: Client) -> None:
        address = url("activity_report", activity.pk)
        assert 'inputmode="decimal"' in operator.get(address).content.decode()
        response = operator.post(address, report_data(files=[pdf(), pdf("foto.pdf", "lain")]))
        report = activity.reports.get()
        assert response.url == url("activity", activity.pk)
        assert (report.percent, report.state) == (Decimal("62.50"), ReportState.SUBMITTED)
        assert sorted(report.files.values_list("stored__name", flat=True)) == [
            "bukti.pdf",
            "foto.pdf",
        ]
        assert set(StoredFile.objects.values_list("state", flat=True)) == {"stored"}

    def test_a_double_click_sends_one_report(self, activity: Activity, operator: Client) -> None:
        data = report_data()
        for _ in range(2):
            response = operator.post(
                url("activity_report", activity.pk), {**data, "files": [pdf()]}
            )
            assert response.status_code == 302
        assert activity.reports.get().files.count() == 1

    @pytest.mark.parametrize(
        ("percent", "sentence"),
        [
            ("101", "100"),
            ("-1", "0"),
            ("62.5", "koma"),
            ("banyak", "persentase"),
            ("", "sejauh mana"),
            ("33,333", "2"),
        ],
    )
    def test_a_wrong_percent_loses_nothing(
        self, activity: Activity, operator: Client, percent: str, sentence: str
    ) -> None:
        data = report_data(percent=percent, note="Teks panjang saya", files=[pdf()])
        response = operator.post(url("activity_report", activity.pk), data)
        page = response.content.decode()
        assert response.status_code == 200
        assert sentence in text_of(response)
        assert "Teks panjang saya" in page
        assert "bukti.pdf" in page
        assert not activity.reports.exists()
        kept = re.findall(r'name="keep" value="([\w-]+)"[^>]* checked', page)
        again = operator.post(
            url("activity_report", activity.pk),
            report_data(form_key=data["form_key"], keep=kept, note="Teks panjang saya"),
        )
        assert again.status_code == 302
        assert activity.reports.get().files.get().stored.name == "bukti.pdf"

    def test_a_refused_file_is_named_and_the_others_stay(
        self, activity: Activity, operator: Client
    ) -> None:
        wrong = SimpleUploadedFile("halaman.pdf", b"<html><body>bukan pdf</body></html>")
        empty = SimpleUploadedFile("kosong.pdf", b"")
        response = operator.post(
            url("activity_report", activity.pk), report_data(files=[wrong, pdf(), empty])
        )
        page = text_of(response)
        assert "“halaman.pdf”" in page
        assert "“kosong.pdf”" in page
        assert "bukti.pdf" in page
        assert "Rapat selesai." in response.content.decode()
        assert StoredFile.objects.get().state == StoredFile.State.PENDING
        assert not activity.reports.exists()

    def test_files_beyond_the_limit_are_named_and_ten_stay(
        self, activity: Activity, operator: Client
    ) -> None:
        uploads = [pdf(f"n{number:02}.pdf", text=str(number)) for number in range(12)]
        response = operator.post(url("activity_report", activity.pk), report_data(files=uploads))
        page = text_of(response)
        assert "paling banyak 10 berkas. Tidak tersimpan: n10.pdf, n11.pdf." in page
        assert StoredFile.objects.count() == 10
        assert not activity.reports.exists()

    def test_the_pending_file_of_another_person_is_not_taken(
        self, cast: Cast, activity: Activity, operator: Client, head: Client
    ) -> None:
        address = url("activity_report", activity.pk)
        page = head.post(address, report_data(percent="", files=[pdf()])).content.decode()
        (kept,) = re.findall(r'name="keep" value="([\w-]+)"', page)
        response = operator.post(address, report_data(keep=[kept]))
        assert response.status_code == 200
        assert not ReportFile.objects.exists()

    @pytest.mark.parametrize(
        "changed",
        [
            {"keep": ["\x00" * 22, "../../etc/passwd", "x" * 9000]},
            {"form_key": "\x00"},
            {"version": "9" * 30},
            {"note": "\x00"},
            {"note": "n" * 3001},
            {"percent": "1e2"},
        ],
        ids=str,
    )
    def test_strange_input_is_answered_with_a_page(
        self, activity: Activity, operator: Client, changed: dict[str, Any]
    ) -> None:
        response = operator.post(url("activity_report", activity.pk), report_data(**changed))
        assert response.status_code == 200
        assert not activity.reports.exists()

    def test_a_draft_waits_until_tomorrow(self, activity: Activity, operator: Client) -> None:
        address = url("activity_report", activity.pk)
        data = report_data(percent="", note="Baru mulai", draft="ya", files=[pdf()])
        data.pop("send")
        operator.post(address, data)
        page = operator.get(address).content.decode()
        assert "Baru mulai" in page
        assert "bukti.pdf" in page
        assert data["form_key"] in page
        draft = activity.reports.get()
        assert (draft.state, draft.percent) == (ReportState.DRAFT, None)

    def test_two_windows_lose_nothing(self, activity: Activity, operator: Client) -> None:
        address = url("activity_report", activity.pk)
        first = report_data(note="Jendela satu", draft="ya", files=[pdf()])
        second = report_data(note="Jendela dua", draft="ya", files=[pdf("dua.pdf", "dua")])
        operator.post(address, first)
        response = operator.post(address, second)
        page = response.content.decode()
        assert response.status_code == 409
        assert "Jendela satu" in page
        assert "Jendela dua" in page
        assert "bukti.pdf" in page
        assert "dua.pdf" in page
        kept = re.findall(r'name="keep" value="([\w-]+)"', page)
        version = re.search(r'name="version" value="(\d+)"', page)
        assert version
        merged = report_data(
            form_key=first["form_key"], version=version[1], note="Keduanya", keep=kept
        )
        assert operator.post(address, merged).status_code == 302
        assert activity.reports.get().files.count() == 2

    def test_while_one_waits_nothing_else_is_sent(
        self, cast: Cast, activity: Activity, operator: Client
    ) -> None:
        ActivityReportFactory(activity=activity, submitted=True)
        address = url("activity_report", activity.pk)
        assert operator.get(address).url == url("activity", activity.pk)
        response = operator.post(address, report_data())
        assert response.status_code == 200
        assert "menunggu kepala unit" in text_of(response)
        assert "Rapat selesai." in response.content.decode()

    def test_a_returned_report_shows_the_message_on_the_next_form(
        self, activity: Activity, operator: Client
    ) -> None:
        ActivityReportFactory(activity=activity, returned=True)
        page = text_of(operator.get(url("activity_report", activity.pk)))
        assert "Lampirkan notulen rapat." in page

    def test_one_takes_back_what_one_sent(
        self, cast: Cast, activity: Activity, operator: Client, head: Client
    ) -> None:
        operator.post(url("activity_report", activity.pk), report_data())
        report = activity.reports.get()
        head.post(url("report_withdraw", report.pk))
        report.refresh_from_db()
        assert report.state == ReportState.SUBMITTED
        operator.post(url("report_withdraw", report.pk))
        report.refresh_from_db()
        assert report.state == ReportState.DRAFT
        assert (
            "Rapat selesai." in operator.get(url("activity_report", activity.pk)).content.decode()
        )


class TestQueue:
    def test_one_tap_confirms_and_the_second_does_no_harm(
        self, cast: Cast, activity: Activity, head: Client
    ) -> None:
        report = ActivityReportFactory(
            activity=activity, author=cast[Role.OPD_OPERATOR], submitted=True
        )
        assert activity.title in text_of(head.get(url("workplan_queue")))
        for _ in range(2):
            assert head.post(url("report_confirm", report.pk), decision(report)).url == url(
                "workplan_queue"
            )
        report.refresh_from_db()
        assert report.state == ReportState.CONFIRMED
        assert report.steps.count() == 1
        assert "Tidak ada yang menunggu Anda" in text_of(head.get(url("workplan_queue")))

    def test_a_return_needs_a_message(self, cast: Cast, activity: Activity, head: Client) -> None:
        report = ActivityReportFactory(activity=activity, submitted=True)
        response = head.post(url("report_return", report.pk), decision(report, message="  "))
        assert response.status_code == 200
        assert "Tuliskan apa yang harus diperbaiki" in text_of(response)
        long = "x" * 1001
        response = head.post(url("report_return", report.pk), decision(report, message=long))
        assert long in response.content.decode()
        head.post(url("report_return", report.pk), decision(report, message="Lampirkan notulen"))
        report.refresh_from_db()
        assert (report.state, report.message) == (ReportState.RETURNED, "Lampirkan notulen")

    def test_a_tap_after_somebody_else_decided_says_so(
        self, cast: Cast, activity: Activity, head: Client
    ) -> None:
        report = ActivityReportFactory(activity=activity, returned=True)
        response = head.post(url("report_confirm", report.pk), decision(report), follow=True)
        assert "sudah diputuskan" in text_of(response)
        report.refresh_from_db()
        assert report.state == ReportState.RETURNED

    def test_a_message_typed_after_another_tab_confirmed_stays(
        self, activity: Activity, head: Client
    ) -> None:
        report = ActivityReportFactory(activity=activity, confirmed=True)
        response = head.post(
            url("report_return", report.pk), decision(report, message="Notulen kurang.")
        )
        assert response.status_code == 200
        assert "Notulen kurang." in response.content.decode()
        assert "sudah diputuskan" in text_of(response)

    def test_the_card_says_that_the_due_date_moved(
        self, cast: Cast, activity: Activity, head: Client
    ) -> None:
        ActivityReportFactory(activity=activity, submitted=True)
        activity.steps.create(
            name="edit_due_on",
            from_state="planned",
            to_state="planned",
            membership=cast[Role.OPD_OPERATOR],
            note="2026-01-02\n→\n2026-03-04",
            happened_at=timezone.now(),
        )
        page = text_of(head.get(url("workplan_queue")))
        assert "tenggat diubah dari 2 Januari 2026 ke" in page
        shown = text_of(head.get(url("activity", activity.pk)))
        assert "Tenggat diubah" in shown
        assert "4 Maret 2026" in shown

    def test_ones_own_report_has_no_buttons(
        self, cast: Cast, activity: Activity, head: Client
    ) -> None:
        report = ActivityReportFactory(
            activity=activity, author=cast[Role.OPD_HEAD], submitted=True
        )
        page = head.get(url("workplan_queue"))
        assert url("report_confirm", report.pk) not in page.content.decode()
        response = head.post(url("report_confirm", report.pk), decision(report), follow=True)
        assert "sendiri yang mengirim" in text_of(response)

    def test_units_below_only_where_he_acts_for_them(
        self, cast: Cast, head: Client, client_as: SignIn
    ) -> None:
        report = ActivityReportFactory(
            activity=ActivityFactory(plan=make_plan(cast.below), title="Kegiatan bawah"),
            submitted=True,
        )
        assert "Kegiatan bawah" not in text_of(head.get(url("workplan_queue")))
        assert head.post(url("report_confirm", report.pk), decision(report)).status_code == 403
        acting = MembershipFactory(
            government=cast.home, unit=cast.unit, role=Role.OPD_HEAD, acts_below=True
        )
        client = client_as(acting)
        assert "Kegiatan bawah" in text_of(client.get(url("workplan_queue")))
        client.post(url("report_confirm", report.pk), decision(report))
        report.refresh_from_db()
        assert report.decided_by == acting

    def test_a_substitute_whose_period_ended_is_outside(
        self, cast: Cast, activity: Activity, client_as: SignIn
    ) -> None:
        ended = MembershipFactory(
            government=cast.home,
            unit=cast.unit,
            role=Role.OPD_HEAD,
            substitutes_for=cast[Role.OPD_HEAD],
            valid_to=TODAY() - timedelta(days=2),
        )
        assert client_as(ended).get(url("workplan_queue")).status_code == 403

    def test_the_same_queries_for_two_and_for_seven(
        self, cast: Cast, plan: WorkPlan, head: Client
    ) -> None:
        costs = []
        for number in (2, 5):
            for _ in range(number):
                report = ActivityReportFactory(activity=ActivityFactory(plan=plan), submitted=True)
                ReportFileFactory(report=report)
            with CaptureQueriesContext(connection) as queries:
                head.get(url("workplan_queue"))
            costs.append(len(queries))
        assert costs[0] == costs[1] <= 12


class TestEvidence:
    def test_evidence_is_an_attachment_that_nothing_runs(
        self, cast: Cast, activity: Activity, client_as: SignIn
    ) -> None:
        report = ActivityReportFactory(activity=activity, submitted=True)
        link = ReportFileFactory(report=report)
        response = client_as(cast[Role.TPN_REVIEWER]).get(url("report_file", link.pk))
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert response.getvalue().startswith(b"%PDF")

    def test_the_evidence_of_a_draft_is_for_its_author_only(
        self, cast: Cast, activity: Activity, operator: Client, head: Client
    ) -> None:
        draft = ActivityReportFactory(activity=activity, author=cast[Role.OPD_OPERATOR])
        link = ReportFileFactory(report=draft)
        assert head.get(url("report_file", link.pk)).status_code == 404
        response = operator.get(url("report_file", link.pk))
        assert response.getvalue().startswith(b"%PDF")
