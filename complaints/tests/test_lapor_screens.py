"""The pages of other systems, figures and the monthly report, and the command."""

import csv
import io
import json
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from complaints.actions.external import link_case
from complaints.actions.reports import make_report, write_report_words
from complaints.documents import chapters
from complaints.models import Complaint, ExternalCase, LaporImport, MonthlyReport
from complaints.queries.monthly import content_of
from complaints.tests import matrix_lapor
from complaints.tests.factories import ComplaintFactory
from complaints.tests.lapor_files import ROWS, as_csv, row, xlsx
from integrity_portal.core.models import Document, LedgerEntry
from opd.enums import Role
from opd.tests.factories import LoginIdentifierFactory
from opd.transitions import StepRefused


@pytest.fixture
def by(cast):
    return cast[Role.COMPLAINT_COORDINATOR]


@pytest.fixture
def desk(by, client_as):
    return client_as(by)


class TestImport:
    def send(self, desk, data, name="ekspor.xlsx"):
        file = SimpleUploadedFile(name, data)
        url = reverse("complaints:lapor_import")
        return desk.post(url, {"system": "lapor", "file": file}, follow=True)

    def test_from_file_to_complaints(self, desk):
        page = self.send(desk, xlsx(*ROWS, row("", "Proses")))
        said = page.content.decode()
        assert "5502" in said
        assert "Nama Pelapor" in said
        assert not Complaint.objects.exists()
        upload = LaporImport.objects.get()
        url = reverse("complaints:lapor_preview", args=[upload.pk])
        assert desk.post(url, {"do": "confirm", "fingerprint": "0"}).status_code == 409
        values = {"do": "confirm", "fingerprint": page.context["comparison"].fingerprint}
        done = desk.post(url, values, follow=True).content.decode()
        assert Complaint.objects.count() == 7
        assert reverse("complaints:differences") in done
        listed = desk.get(reverse("complaints:differences")).content.decode()
        assert "5506" in listed
        assert "5502" not in listed

    def test_what_is_no_export_stays_on_the_page(self, desk):
        page = self.send(desk, b"%PDF-1.7", "ekspor.csv")
        assert page.status_code == 422
        assert page.context["form"].errors["file"]

    def test_thrown_away(self, desk):
        self.send(desk, as_csv(row("1", "Proses")), "ekspor.csv")
        upload = LaporImport.objects.get()
        url = reverse("complaints:lapor_preview", args=[upload.pk])
        desk.post(url, {"do": "discard"})
        upload.refresh_from_db()
        assert (upload.state, upload.content) == ("discarded", "")


class TestCommand:
    def run(self, path, cast, **options):
        out = io.StringIO()
        call_command("import_lapor", path, government=cast.home.slug, stdout=out, **options)
        return out.getvalue()

    def test_says_then_writes_once(self, cast, by, tmp_path):
        path = tmp_path / "ekspor.csv"
        path.write_bytes(as_csv(*ROWS))
        login = LoginIdentifierFactory(user=by.user).value
        said = json.loads(self.run(path, cast, json=True))
        assert said["counts"]["new"] == 7
        assert "Sampah" not in json.dumps(said)
        assert not Complaint.objects.exists()
        self.run(path, cast, confirm=True, login=login)
        again = json.loads(self.run(path, cast, confirm=True, login=login, json=True))
        assert again["counts"] == {"new": 0, "changed": 0, "same": 7, "refused": 0}
        assert Complaint.objects.count() == 7

    def test_who_and_what_is_asked_for(self, cast, tmp_path):
        path = tmp_path / "ekspor.csv"
        path.write_bytes(as_csv(row("", "Proses")))
        with pytest.raises(CommandError, match="--as"):
            self.run(path, cast, confirm=True)
        with pytest.raises(CommandError, match="coordinates"):
            self.run(path, cast, confirm=True, login="197001012000011001")
        with pytest.raises(CommandError, match="cannot be read"):
            self.run(tmp_path / "nowhere.csv", cast)
        with pytest.raises(SystemExit):
            self.run(path, cast)


class TestCases:
    def test_linked_on_the_complaints_page(self, cast, desk):
        complaint = ComplaintFactory(government=cast.home)
        url = reverse("complaints:case_new", args=[complaint.pk])
        values = {
            "system": "lapor",
            "tracking_id": "5501",
            "origin": "there",
            "status": "Proses",
            "seen_on": "2/11/2026",
            "link": "",
        }
        page = desk.post(url, values)
        assert page.status_code == 422
        assert page.context["form"].errors["filed_on"]
        desk.post(url, {**values, "filed_on": "30 Oktober 2026"})
        case = ExternalCase.objects.get()
        shown = desk.get(reverse("complaints:detail", args=[complaint.pk])).content.decode()
        assert "5501" in shown
        assert reverse("complaints:case_settle", args=[case.pk]) in shown
        desk.post(reverse("complaints:case_unlink", args=[case.pk]))
        assert not ExternalCase.objects.exists()

    def test_settled_both_ways(self, cast, desk):
        case = matrix_lapor.lapor_case(cast)["pk"]
        url = reverse("complaints:case_settle", args=[case])
        assert desk.post(url, {"note": ""}).status_code == 422
        values = {"do": "finish", "unit": cast.unit.pk, "answered_on": "3/11/2026", "text": "Sudah"}
        assert desk.post(url, values).status_code == 302
        assert Complaint.objects.get().state == "closed"
        other = matrix_lapor.case(cast, cast.unit)["pk"]
        desk.post(reverse("complaints:case_settle", args=[other]), {"note": "Biar"})
        assert ExternalCase.objects.get(pk=other).settled_note == "Biar"

    def test_category(self, cast, desk):
        complaint = ComplaintFactory(government=cast.home)
        url = reverse("complaints:category", args=[complaint.pk])
        desk.post(url, {"category": "levies"})
        desk.post(url, {"category": "nonsense"})
        assert Complaint.objects.get().category == "levies"


class TestFigures:
    def test_page_and_csv_say_the_same(self, cast, desk):
        today = timezone.localdate()
        for _n in range(12):
            ComplaintFactory(
                government=cast.home,
                state="in_progress",
                unit=cast.unit,
                filed_on=today.replace(day=1),
                answer_by=today - timedelta(days=1),
            )
        page = desk.get(reverse("complaints:statistics"), {"unit": "nonsense"})
        assert page.context["statistics"].total.overdue == 12
        assert page.context["sections"][0][2] is not None
        text = desk.get(reverse("complaints:statistics_csv")).content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        unit = next(line for line in rows if line[0] == "unit")
        assert unit[1] == cast.unit.name
        assert unit[4:10] == ["12", "0", "0", "12", "12", "0,0"]

    def test_nothing_there_says_so(self, desk):
        assert desk.get(reverse("complaints:statistics")).status_code == 200


class TestReport:
    month = date(2026, 11, 1)

    def test_both_channels_each_complaint_once(self, cast, by):
        ComplaintFactory(government=cast.home)
        both = ComplaintFactory(government=cast.home)
        facts = matrix_lapor.CaseFacts("9", "here", date(2026, 11, 2))
        link_case(complaint=both, facts=facts, by=by, now=timezone.now())
        ComplaintFactory(government=cast.home, channel="lapor", filed_by=by)
        found = content_of(by, self.month, timezone.now())
        assert {row["label"]: row["figures"]["received"] for row in found["sides"]} == {
            "portal": 1,
            "lapor": 1,
            "both": 1,
        }
        assert found["total"]["received"] == 3
        assert sum(found["open"]["bands"]) == found["open"]["count"] == 3

    def test_the_paper_is_kept_and_made_once(self, cast, by):
        ComplaintFactory(government=cast.home)
        now = timezone.now()
        first = make_report(month=self.month, by=by, now=now)
        assert make_report(month=self.month, by=by, now=now) == first
        words = {"month": self.month, "findings": "Sampah", "follow_up": "Armada ditambah"}
        write_report_words(**words, seen=0, by=by, now=now)
        with pytest.raises(StepRefused):
            write_report_words(**words, seen=0, by=by, now=now)
        second = make_report(month=self.month, by=by, now=now)
        assert second != first
        assert MonthlyReport.objects.count() == 2
        (chapter,) = chapters(Document.objects.get(pk=second.pk))
        assert chapter.context["content"]["words"]["follow_up"] == "Armada ditambah"
        verbs = LedgerEntry.objects.values_list("verb", flat=True)
        assert {"monthly_report.made", "report_words.written"} <= set(verbs)
        with pytest.raises(StepRefused):
            make_report(month=date(2099, 1, 1), by=by, now=now)

    def test_page_words_and_workbook(self, cast, desk):
        ComplaintFactory(government=cast.home, filed_on=timezone.localdate())
        month = f"{timezone.localdate():%Y-%m}"
        url = reverse("complaints:report")
        assert desk.get(url, {"month": "1999-01"}).status_code == 404
        values = {"month": month, "findings": "Naik", "follow_up": "", "row_version": "0"}
        assert desk.post(reverse("complaints:report_words"), values).status_code == 302
        assert "Naik" in desk.get(url, {"month": month}).content.decode()
        assert desk.post(reverse("complaints:report_words"), values).status_code == 422
        book = desk.get(reverse("complaints:report_xlsx"), {"month": month})
        names = zipfile.ZipFile(io.BytesIO(book.content)).namelist()
        assert sum(name.startswith("xl/worksheets/sheet") for name in names) == 6

    def test_as_many_queries_for_many(self, cast, by, django_assert_max_num_queries):
        for number in (1, 25):
            for _n in range(number):
                ComplaintFactory(government=cast.home, state="verified")
            with django_assert_max_num_queries(8):
                content_of(by, self.month, timezone.now())
